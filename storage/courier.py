"""The courier's side of the store: what waits, who sends it, how it ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, RowMapping, and_, func, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Open, Person, QueueReason, Urgency
from bot.records import Envelope, Listener, Waiting
from storage.part import made
from storage.people import persons
from storage.places import read_societies
from storage.post import SqlDiary, SqlQueue, delivery
from storage.seal import Seal
from storage.tables import deliveries, mentor_profiles, pairs, people, societies, told

REMEMBERED = timedelta(days=8)

UNSENT = deliveries.c.done_at.is_(None)


def _unleased(now: datetime) -> Any:  # noqa: ANN401
    return or_(deliveries.c.leased_until.is_(None), deliveries.c.leased_until <= now)


def _ready(now: datetime) -> Any:  # noqa: ANN401
    return or_(deliveries.c.not_before.is_(None), deliveries.c.not_before <= now)


async def waiting(connection: AsyncConnection, now: datetime) -> list[Waiting]:
    oldest_first = select(deliveries, _unleased(now).label("free")).where(UNSENT, _ready(now))
    found = await connection.execute(oldest_first.order_by(deliveries.c.created_at, deliveries.c.id))
    groups: dict[tuple[Any, ...], list[RowMapping]] = defaultdict(list)
    for row in found.mappings():
        groups[row["society"], row["to_person"], row["pair"], row["channel"]].append(row)
    # One thing at a time to one recipient: a room is opened once, and a budget spent before it is looked at again.
    groups = {recipient: rows for recipient, rows in groups.items() if all(row["free"] for row in rows)}
    if not groups:
        return []
    ids = {society for society, *_ in groups}
    known = {society.id: society for society in await read_societies(connection, societies.c.id.in_(ids))}
    listeners = await _listeners(connection, now)
    members = await _members(connection)
    return [
        Waiting(
            known[society],
            tuple(delivery(row) for row in rows),
            tuple(listeners[person] for person in ((to,) if to else members.get(pair, ()))),
        )
        for (society, to, pair, _), rows in groups.items()
    ]


async def _members(connection: AsyncConnection) -> dict[int, tuple[int, int]]:
    """Mentee and mentor of every pair that something unsent is meant for."""
    meant = select(deliveries.c.pair).where(UNSENT)
    rows = await connection.execute(select(pairs.c.id, pairs.c.mentee, pairs.c.mentor).where(pairs.c.id.in_(meant)))
    return {pair: (mentee, mentor) for pair, mentee, mentor in rows}


async def _listeners(connection: AsyncConnection, now: datetime) -> dict[int, Listener]:
    """Everyone whom something unsent would reach. A fixed number of queries, however many they are."""
    meant = select(deliveries.c.pair).where(UNSENT)
    # Subqueries rather than lists of ids: a statement takes only so many parameters.
    reached = union(
        select(deliveries.c.to_person).where(UNSENT, deliveries.c.to_person.is_not(None)),
        select(pairs.c.mentee).where(pairs.c.id.in_(meant)),
        select(pairs.c.mentor).where(pairs.c.id.in_(meant)),
    ).scalar_subquery()
    when: dict[int, list[datetime]] = defaultdict(list)
    recent = select(told.c.person, told.c.at).where(
        told.c.person.in_(reached), told.c.at > now - REMEMBERED, told.c.at <= now
    )
    for person, at in await connection.execute(recent.order_by(told.c.at.desc(), told.c.id.desc())):
        when[person].append(at)
    for person in await _being_told(connection, now):
        when[person].insert(0, now)
    nudged = await last_told(connection, told.c.nudge, told.c.person.in_(reached))
    announced = await last_told(connection, told.c.announcement, told.c.person.in_(reached))
    rows = await connection.execute(
        persons(mentor_profiles.c.approved_at.is_not(None).label("approved"))
        .outerjoin(mentor_profiles, mentor_profiles.c.person == people.c.id)
        .where(people.c.id.in_(reached))
    )
    return {
        row["id"]: Listener(
            made(Person, row),
            bool(row["approved"]),
            tuple(when[row["id"]]),
            nudged.get(row["id"]),
            announced.get(row["id"]),
        )
        for row in rows.mappings()
    }


async def _being_told(connection: AsyncConnection, now: datetime) -> set[int]:
    """Whom something is being sent to at this moment."""
    sending = (UNSENT, ~_unleased(now), deliveries.c.urgency.in_([each for each in Urgency if each.counted]))
    both = (
        select(side).join(deliveries, deliveries.c.pair == pairs.c.id).where(*sending)
        for side in (pairs.c.mentee, pairs.c.mentor)
    )
    alone = select(deliveries.c.to_person).where(*sending, deliveries.c.to_person.is_not(None))
    return set((await connection.execute(union(alone, *both))).scalars())


async def last_told(connection: AsyncConnection, kind: Column[int], whom: ColumnElement[bool]) -> dict[int, datetime]:
    """When each of these was last told something of a kind; whoever never was is left out."""
    last = select(told.c.person, func.max(told.c.at).label("at")).where(whom, kind == 1).group_by(told.c.person)
    return {row["person"]: row["at"] for row in (await connection.execute(last)).mappings()}


async def claim(
    connection: AsyncConnection, ids: Sequence[int], key: str, now: datetime, lease: timedelta
) -> Envelope | None:
    wanted = set(ids)
    kept = select(deliveries.c.envelope).where(deliveries.c.id.in_(wanted), deliveries.c.envelope.is_not(None), UNSENT)
    first = (await connection.execute(kept.order_by(deliveries.c.id).limit(1))).scalar()
    if first is None:
        # What another courier has put off meanwhile is not for now.
        mine: ColumnElement[bool] = and_(deliveries.c.id.in_(wanted), deliveries.c.envelope.is_(None), _ready(now))
        whole = len(wanted)
    else:
        mine, key = deliveries.c.envelope == first, first
        whole = (await connection.execute(select(func.count()).where(mine, UNSENT))).scalar_one()
    # PostgreSQL passes over rows that another courier is claiming; on SQLite there is no other just now.
    free = select(deliveries.c.id).where(mine, UNSENT, _unleased(now)).with_for_update(skip_locked=True)
    got = (await connection.execute(free)).scalars().all()
    if not got or len(got) != whole:
        return None
    leased = update(deliveries).where(deliveries.c.id.in_(got))
    rows = await connection.execute(
        leased.values(
            envelope=key,
            leased_until=now + lease,
            first_try_at=func.coalesce(deliveries.c.first_try_at, now),
            tries=deliveries.c.tries + 1,
        ).returning(deliveries)
    )
    sent = sorted(rows.mappings(), key=lambda row: (row["created_at"], row["id"]))
    return Envelope(key, tuple(delivery(row) for row in sent), sent[0]["first_try_at"])


async def hand_back(connection: AsyncConnection, key: str, until: datetime) -> None:
    this = update(deliveries).where(deliveries.c.envelope == key, UNSENT)
    await connection.execute(this.values(not_before=until, leased_until=None, tries=deliveries.c.tries - 1))
    await connection.execute(this.where(deliveries.c.tries == 0).values(envelope=None, first_try_at=None))


async def delivered(connection: AsyncConnection, key: str, now: datetime) -> None:
    done = await _done(connection, key, now, arrived=True)
    if not done:
        return
    one = done[0]
    heard = (one["to_person"],) if one["to_person"] else (await _members_of(connection, one["pair"]))
    if not any(row["urgency"].counted for row in done):
        return  # the other's words, or what the two booked
    kinds = {row["urgency"] for row in done}
    nudge, announcement = int(Urgency.NUDGE in kinds), int(Urgency.ANNOUNCEMENT in kinds)
    for person in heard:
        row = told.insert().values(
            society=one["society"], person=person, at=now, nudge=nudge, announcement=announcement
        )
        await connection.execute(row)


async def undeliverable(connection: AsyncConnection, key: str, now: datetime, seal: Seal) -> None:
    lost = await _done(connection, key, now, arrived=False)
    # An announcement is to many: of those who take no private messages each would be a thing for officers to do.
    for row in [row for row in lost if row["urgency"] != Urgency.ANNOUNCEMENT][:1]:
        (society,) = await read_societies(connection, societies.c.id == row["society"])
        queue = SqlQueue(connection, society, seal, set())
        # A channel is the officers' own: they cannot be told there that it is gone.
        if row["channel"] is None and await queue.open(
            QueueReason.UNREACHABLE, now, pair=row["pair"], person=row["to_person"]
        ):
            await SqlDiary(connection, society, seal, set()).set(Open.QUEUE, 0, now)


async def _done(connection: AsyncConnection, key: str, now: datetime, arrived: bool) -> Sequence[RowMapping]:
    """Finish an envelope, once: the second time there is nothing left to finish."""
    ended = update(deliveries).where(deliveries.c.envelope == key, UNSENT)
    rows = await connection.execute(ended.values(done_at=now, arrived=arrived, leased_until=None).returning(deliveries))
    done: Sequence[RowMapping] = rows.mappings().all()
    return done


async def _members_of(connection: AsyncConnection, pair: int | None) -> tuple[int, ...]:
    row = (await connection.execute(select(pairs.c.mentee, pairs.c.mentor).where(pairs.c.id == pair))).first()
    return tuple(row) if row else ()
