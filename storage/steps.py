"""The small next steps that mentees set themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from bot.model import SmallStep
from storage.part import Part, made, perhaps
from storage.tables import small_steps

OPEN = small_steps.c.done_at.is_(None), small_steps.c.let_go_at.is_(None)


class SqlSteps(Part):
    async def add(self, pair: int, goal: str, what: str, due: date, now: datetime) -> None:
        new = small_steps.insert().values(
            society=self.society.id, pair=pair, goal=goal, what=what, due=due, made_at=now
        )
        await self.connection.execute(new)

    async def get(self, step: int) -> SmallStep | None:
        return perhaps(
            SmallStep, await self.one(select(small_steps).where(self.mine(small_steps), small_steps.c.id == step))
        )

    async def open_of(self, pair: int) -> list[SmallStep]:
        next_first = select(small_steps).where(self.mine(small_steps), small_steps.c.pair == pair, *OPEN)
        return [
            made(SmallStep, row) for row in await self.rows(next_first.order_by(small_steps.c.due, small_steps.c.id))
        ]

    async def done(self, step: int, now: datetime) -> bool:
        return await self._change(step, done_at=now)

    async def put_off(self, step: int, due: date) -> None:
        await self._change(step, due=due)

    async def let_go(self, step: int, now: datetime) -> bool:
        return await self._change(step, let_go_at=now)

    async def _change(self, step: int, **values: Any) -> bool:  # noqa: ANN401
        """Change a step that is open; the second of two presses finds that it is not."""
        statement = update(small_steps).where(self.mine(small_steps), small_steps.c.id == step, *OPEN)
        return await self.changed(statement.values(**values)) == 1

    async def take_news(self, pair: int, now: datetime) -> list[SmallStep]:
        untold = (
            update(small_steps)
            .where(self.mine(small_steps), small_steps.c.pair == pair)
            .where(small_steps.c.done_at.is_not(None), small_steps.c.told_at.is_(None))
            .values(told_at=now)
        )
        found = [made(SmallStep, row) for row in await self.rows(untold.returning(small_steps))]
        return sorted(found, key=lambda step: step.id)
