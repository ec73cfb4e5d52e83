"""Who is not to be paired with whom: by officers' word, or by a member's own wish."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from bot.model import Conflict
from storage.part import Part, insert
from storage.tables import conflicts, mentor_profiles

NOTED = conflicts.c.noted == 1
WISHED = or_(conflicts.c.low_wish == 1, conflicts.c.high_wish == 1)


class SqlApart(Part):
    async def note(self, one: int, other: int, reason: str | None = None) -> None:
        low, high = sorted((one, other))
        said = {}
        if reason is not None:
            said["reason_sealed"] = self.seal.close(reason, "conflicts", low, reason_of(high)) if reason else None
        await self._keep(low, high, noted=True, **said)

    async def lift(self, one: int, other: int) -> bool:
        low, high = sorted((one, other))
        theirs = (*self._of(low, high), NOTED)
        lifted = await self.changed(update(conflicts).where(*theirs).values(noted=False, reason_sealed=None))
        await self._let_go(low, high)
        return lifted == 1

    async def noted(self) -> list[Conflict]:
        found = select(conflicts).where(self.mine(conflicts), NOTED)
        return [
            Conflict(row["low"], row["high"], self._opened(row["reason_sealed"], row["low"], row["high"]))
            for row in await self.rows(found.order_by(conflicts.c.low, conflicts.c.high))
        ]

    async def wish(self, who: int, other: int) -> None:
        low, high = sorted((who, other))
        await self._keep(low, high, **{_wish(who, low): True})

    async def forget_wish(self, who: int, other: int) -> bool:
        low, high = sorted((who, other))
        wish = _wish(who, low)
        theirs = (*self._of(low, high), conflicts.c[wish] == 1)
        forgotten = await self.changed(update(conflicts).where(*theirs).values({wish: False}))
        await self._let_go(low, high)
        return forgotten == 1

    async def wishes_of(self, who: int) -> list[int]:
        own = or_(
            and_(conflicts.c.low == who, conflicts.c.low_wish == 1),
            and_(conflicts.c.high == who, conflicts.c.high_wish == 1),
        )
        return sorted(await self._others(who, own))

    async def noted_of(self, person: int) -> set[int]:
        return await self._others(person, NOTED)

    async def wished_about(self, person: int) -> set[int]:
        return await self._others(person, WISHED)

    async def _others(self, person: int, which: ColumnElement[bool]) -> set[int]:
        theirs = or_(conflicts.c.low == person, conflicts.c.high == person)
        found = await self.rows(select(conflicts.c.low, conflicts.c.high).where(self.mine(conflicts), theirs, which))
        return {row["high"] if row["low"] == person else row["low"] for row in found}

    async def _keep(self, low: int, high: int, **values: Any) -> None:  # noqa: ANN401
        # PostgreSQL: whoever makes a pair of the two holds its mentor's row. Either that pair is there by now, or it
        # will not be made.
        mentors = select(mentor_profiles.c.person).where(
            self.mine(mentor_profiles), mentor_profiles.c.person.in_((low, high))
        )
        await self.connection.execute(mentors.order_by(mentor_profiles.c.person).with_for_update())
        row = insert(self.connection, conflicts).values(
            {"society": self.society.id, "low": low, "high": high, "noted": False} | values
        )
        await self.connection.execute(
            row.on_conflict_do_update(index_elements=["low", "high"], set_=values, where=self.mine(conflicts))
        )

    async def _let_go(self, low: int, high: int) -> None:
        """Nobody says or wishes so any more."""
        await self.connection.execute(delete(conflicts).where(*self._of(low, high), ~NOTED, ~WISHED))

    def _of(self, low: int, high: int) -> tuple[ColumnElement[bool], ...]:
        return self.mine(conflicts), conflicts.c.low == low, conflicts.c.high == high

    def _opened(self, sealed: bytes | None, low: int, high: int) -> str:
        return self.seal.open(sealed, "conflicts", low, reason_of(high)) if sealed else ""


def reason_of(high: int) -> str:
    """Where a reason is sealed: a row of this table is known by two numbers."""
    return f"reason {high}"


def _wish(who: int, low: int) -> str:
    return "low_wish" if who == low else "high_wish"
