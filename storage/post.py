"""What is to be said, what comes next, and what waits for an officer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, delete, func, select, update

from bot.model import Delivery, Open, QueueItem, QueueReason, Urgency
from bot.ports import Address
from bot.records import Outcome
from bot.ui import Message, message_from_json, message_json
from storage.part import Part, insert, made, perhaps
from storage.tables import deliveries, pairs, promises, queue_items


def delivery(row: RowMapping) -> Delivery:
    return made(Delivery, row, to=row["to_person"], by=row["by_person"])


class SqlPost(Part):
    async def say(
        self,
        message: Message,
        urgency: Urgency,
        now: datetime,
        *,
        to: int | None = None,
        pair: int | None = None,
        channel: Address | None = None,
        by: int | None = None,
        topic: str = "",
        until: datetime | None = None,
    ) -> None:
        if sum(recipient is not None for recipient in (to, pair, channel)) != 1:
            raise ValueError("a message has exactly one recipient: to, pair or channel")
        await self.connection.execute(
            deliveries.insert().values(
                society=self.society.id,
                to_person=to,
                pair=pair,
                channel=channel,
                message=message_json(message),
                urgency=urgency,
                created_at=now,
                by_person=by,
                topic=topic,
                until=until,
            )
        )

    async def withdraw(self, topic: str) -> int:
        if not topic:
            raise ValueError("without a topic, everything unsent would be unsaid")
        return await self.changed(
            delete(deliveries).where(
                self.mine(deliveries), deliveries.c.topic == topic, deliveries.c.envelope.is_(None)
            )
        )

    async def outcome(self, topic: str) -> Outcome:
        waits = func.count().filter(deliveries.c.done_at.is_(None)).label("waiting")
        came = func.count().filter(deliveries.c.arrived == 1).label("arrived")
        (row,) = await self.rows(select(waits, came).where(self.mine(deliveries), deliveries.c.topic == topic))
        return made(Outcome, row)

    async def to_each(self, pair: int) -> None:
        both = await self.one(select(pairs.c.mentee, pairs.c.mentor).where(self.mine(pairs), pairs.c.id == pair))
        waits = (self.mine(deliveries), deliveries.c.pair == pair, deliveries.c.done_at.is_(None))
        taken = delete(deliveries).where(*waits, deliveries.c.envelope.is_(None)).returning(deliveries)
        for row in await self.rows(taken):
            same = {name: value for name, value in row.items() if name not in ("id", "pair")}
            for person in both.values() if both else ():
                await self.connection.execute(deliveries.insert().values(**{**same, "to_person": person}))

    async def letters(self, envelope: str, person: int) -> list[Message]:
        theirs = (deliveries.c.envelope == envelope, deliveries.c.to_person == person)
        found = select(deliveries.c.message).where(self.mine(deliveries), *theirs).order_by(deliveries.c.id)
        return [message_from_json(row["message"]) for row in await self.rows(found)]

    async def release(self, person: int | None, now: datetime) -> None:
        theirs = () if person is None else (deliveries.c.to_person == person,)
        await self.connection.execute(
            update(deliveries)
            .where(
                self.mine(deliveries),
                *theirs,
                deliveries.c.not_before > now,
                deliveries.c.done_at.is_(None),
            )
            .values(not_before=now)
        )


class SqlDiary(Part):
    async def set(self, what: Open, subject: int, at: datetime | None) -> None:
        if at is None:
            await self.connection.execute(
                delete(promises).where(self.mine(promises), promises.c.what == what, promises.c.subject == subject)
            )
            return
        row = insert(self.connection, promises).values(society=self.society.id, what=what, subject=subject, at=at)
        # A new step: tries and lease belonged to the old one.
        await self.connection.execute(
            row.on_conflict_do_update(
                index_elements=["society", "what", "subject"],
                set_={"at": at, "tries": 0, "leased_until": None},
            )
        )

    async def begin(self, what: Open, subject: int, at: datetime) -> None:
        row = insert(self.connection, promises).values(society=self.society.id, what=what, subject=subject, at=at)
        await self.connection.execute(row.on_conflict_do_nothing())

    async def again(self, what: Open, at: datetime) -> None:
        theirs = update(promises).where(self.mine(promises), promises.c.what == what)
        await self.connection.execute(theirs.values(at=at, tries=0, leased_until=None))


class SqlQueue(Part):
    def _open(self, *where: Any) -> Any:  # noqa: ANN401
        still = select(queue_items).where(self.mine(queue_items), queue_items.c.resolved_at.is_(None), *where)
        return still.order_by(queue_items.c.opened_at, queue_items.c.id)

    async def open(
        self, reason: QueueReason, now: datetime, *, pair: int | None = None, person: int | None = None
    ) -> bool:
        row = insert(self.connection, queue_items).values(
            society=self.society.id,
            reason=reason,
            opened_at=now,
            pair=pair,
            person=person,
            pair_or_0=pair or 0,
            person_or_0=person or 0,
        )
        return await self.changed(row.on_conflict_do_nothing()) == 1

    async def items(self) -> list[QueueItem]:
        return [made(QueueItem, row) for row in await self.rows(self._open())]

    async def get(self, item: int) -> QueueItem | None:
        """The item, while it is open."""
        row = await self.one(self._open(queue_items.c.id == item))
        return perhaps(QueueItem, row)

    async def resolved(self, item: int) -> tuple[int | None] | None:
        seen = select(queue_items.c.resolved_by).where(
            self.mine(queue_items), queue_items.c.id == item, queue_items.c.resolved_at.is_not(None)
        )
        row = await self.one(seen)
        return None if row is None else (row["resolved_by"],)

    async def resolve(self, item: int, by: int | None, now: datetime) -> bool:
        return await self._resolve(queue_items.c.id == item, by, now) == 1

    async def resolve_pair(self, pair: int, now: datetime, *reasons: QueueReason) -> None:
        about = queue_items.c.pair == pair
        await self._resolve(and_(about, queue_items.c.reason.in_(reasons)) if reasons else about, None, now)

    async def resolve_person(self, person: int, now: datetime, *reasons: QueueReason) -> None:
        await self._resolve(and_(queue_items.c.person == person, queue_items.c.reason.in_(reasons)), None, now)

    async def _resolve(self, which: Any, by: int | None, now: datetime) -> int:  # noqa: ANN401
        return await self.changed(
            update(queue_items)
            .where(self.mine(queue_items), queue_items.c.resolved_at.is_(None), which)
            .values(resolved_at=now, resolved_by=by)
        )
