"""Introductions: a mentee's requests to mentors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from bot.model import Intro, IntroState
from storage.part import Part, checked, insert, made, perhaps
from storage.tables import intros


class SqlIntros(Part):
    async def _all(self, *where: Any) -> list[Intro]:  # noqa: ANN401
        newest_first = select(intros).where(self.mine(intros), *where).order_by(intros.c.id.desc())
        return [made(Intro, row) for row in await self.rows(newest_first)]

    async def _first(self, *where: Any) -> Intro | None:  # noqa: ANN401
        newest_first = select(intros).where(self.mine(intros), *where).order_by(intros.c.id.desc())
        return perhaps(Intro, await self.one(newest_first.limit(1)))

    async def get(self, intro: int) -> Intro | None:
        return await self._first(intros.c.id == intro)

    async def draft(self, mentee: int, mentor: int, **fields: Any) -> Intro:  # noqa: ANN401
        checked(Intro, fields, without={"id", "mentee", "mentor", "state", "sent_at", "reminded_at", "closed_at"})
        row = insert(self.connection, intros).values(
            society=self.society.id, mentee=mentee, mentor=mentor, state=IntroState.DRAFT, **fields
        )
        kept = row.on_conflict_do_update(
            index_elements=["mentee", "mentor"],
            index_where=text("state = 'draft'"),
            # With no fields this changes nothing, but the row comes back all the same.
            set_={"mentee": mentee, **fields},
            where=self.mine(intros),
        )
        found = await self.one(kept.returning(intros))
        if found is None:
            raise LookupError(f"no person {mentee} in society {self.society.id}")
        return made(Intro, found)

    async def waiting_of(self, mentee: int) -> Intro | None:
        return await self._first(intros.c.mentee == mentee, intros.c.state == IntroState.WAITING)

    async def all_of(self, mentee: int) -> list[Intro]:
        return await self._all(intros.c.mentee == mentee)

    async def waiting_for(self, mentor: int) -> list[Intro]:
        waiting = select(intros).where(
            self.mine(intros), intros.c.mentor == mentor, intros.c.state == IntroState.WAITING
        )
        return [made(Intro, row) for row in await self.rows(waiting.order_by(intros.c.sent_at, intros.c.id))]

    async def send(self, intro: int, now: datetime) -> bool:
        try:
            # In a savepoint, because the refusal of the unique index must not undo what was done before.
            async with self.connection.begin_nested():
                return await self._move(
                    intro, IntroState.DRAFT, state=IntroState.WAITING, sent_at=now, reminded_at=None
                )
        except IntegrityError:
            return False

    async def close(self, intro: int, state: IntroState, now: datetime) -> bool:
        return await self._move(intro, IntroState.WAITING, state=state, closed_at=now)

    async def reminded(self, intro: int, now: datetime) -> None:
        await self._move(intro, IntroState.WAITING, reminded_at=now)

    async def _move(self, intro: int, before: IntroState, **values: Any) -> bool:  # noqa: ANN401
        """Change an intro if it is in the state `before`; the second of two presses finds that it is not."""
        statement = (
            update(intros).where(self.mine(intros), intros.c.id == intro, intros.c.state == before).values(**values)
        )
        return await self.changed(statement) == 1
