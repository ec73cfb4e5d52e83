"""How pairs part: planned ends and what follows, reasons, and who was asked to mentor in turn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from bot.model import Farewell, Reason, Side, Thanks
from bot.vocabulary import Why
from storage.part import Part, insert, made, perhaps
from storage.tables import asked_to_mentor, farewells, pairs, people, reasons


class SqlEndings(Part):
    async def complete(self, pair: int) -> bool:
        row = insert(self.connection, farewells).values(society=self.society.id, pair=pair)
        return await self.changed(row.on_conflict_do_nothing()) == 1

    async def farewell(self, pair: int) -> Farewell | None:
        return perhaps(
            Farewell, await self.one(select(farewells).where(self.mine(farewells), farewells.c.pair == pair))
        )

    async def stays(self, pair: int, side: Side, wish: bool) -> Farewell | None:
        change = update(farewells).where(self.mine(farewells), farewells.c.pair == pair)
        return perhaps(Farewell, await self.one(change.values({f"{side}_stays": wish}).returning(farewells)))

    async def to_thank(self) -> list[Thanks]:
        newest = func.max(pairs.c.ended_at).label("newest")
        found = await self.rows(
            select(pairs.c.mentor, func.count().label("pairs"), newest)
            .join(farewells, farewells.c.pair == pairs.c.id)
            .join(people, people.c.id == pairs.c.mentor)
            .where(self.mine(farewells), farewells.c.thanked_at.is_(None), people.c.forgotten_at.is_(None))
            .group_by(pairs.c.mentor)
            .order_by(newest, pairs.c.mentor)
        )
        return [made(Thanks, row) for row in found]

    async def thanked(self, mentor: int, now: datetime) -> bool:
        theirs = select(pairs.c.id).where(self.mine(pairs), pairs.c.mentor == mentor)
        open_ = (self.mine(farewells), farewells.c.pair.in_(theirs), farewells.c.thanked_at.is_(None))
        return await self.changed(update(farewells).where(*open_).values(thanked_at=now)) > 0

    # ── reasons ─────────────────────────────────────────────────────────────────────────────────────────────

    async def give_reason(self, pair: int, side: Side, why: Why, words: str, now: datetime) -> None:
        given = {"why": why, "words_sealed": self.seal.close(words, "reasons", pair, side), "at": now}
        row = insert(self.connection, reasons).values(society=self.society.id, pair=pair, side=side, **given)
        await self.connection.execute(
            row.on_conflict_do_update(index_elements=["pair", "side"], set_=given, where=self.mine(reasons))
        )

    async def reasons(self, since: datetime) -> list[Reason]:
        newest_first = select(reasons).where(self.mine(reasons), reasons.c.at >= since)
        return [
            made(Reason, row, words=self.seal.open(row["words_sealed"], "reasons", row["pair"], row["side"]))
            for row in await self.rows(newest_first.order_by(reasons.c.at.desc(), reasons.c.pair))
        ]

    # ── who could mentor in turn ────────────────────────────────────────────────────────────────────────────

    async def ask_to_mentor(self, person: int, now: datetime) -> bool:
        row = insert(self.connection, asked_to_mentor).values(society=self.society.id, person=person, at=now)
        return await self.changed(row.on_conflict_do_nothing()) == 1
