"""What the two of a pair expect of each other: their answers, and what they settled on, version by version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select, update

from bot.model import Agreement, Answers, Said, Side
from storage.part import Part, insert
from storage.tables import agreements, answered, answers, pairs, terms


class SqlExpectations(Part):
    async def answers(self, pair: int, side: Side) -> Answers:
        given = select(answers.c.term, answers.c.chosen)
        rows = await self.rows(given.where(self.mine(answers), answers.c.pair == pair, answers.c.side == side))
        return Answers({row["term"]: row["chosen"] for row in rows}, (await self.answered(pair)).get(side))

    async def answered(self, pair: int) -> dict[Side, datetime]:
        rows = await self.rows(select(answered).where(self.mine(answered), answered.c.pair == pair))
        return {row["side"]: row["at"] for row in rows}

    async def latest(self, person: int, side: Side) -> Answers:
        theirs = pairs.c.mentee if side is Side.MENTEE else pairs.c.mentor
        newest = (
            select(answered.c.pair)
            .join(pairs, pairs.c.id == answered.c.pair)
            .where(self.mine(answered), self.mine(pairs), theirs == person, answered.c.side == side)
            .order_by(answered.c.at.desc(), answered.c.pair.desc())
        )
        row = await self.one(newest.limit(1))
        return await self.answers(row["pair"], side) if row else Answers()

    async def answer(self, pair: int, side: Side, said: Said) -> None:
        for term, chosen in said.items():
            row = insert(self.connection, answers).values(
                society=self.society.id, pair=pair, side=side, term=term, chosen=chosen
            )
            await self.connection.execute(
                row.on_conflict_do_update(
                    index_elements=["pair", "side", "term"], set_={"chosen": chosen}, where=self.mine(answers)
                )
            )

    async def give(self, pair: int, side: Side, now: datetime) -> None:
        row = insert(self.connection, answered).values(society=self.society.id, pair=pair, side=side, at=now)
        await self.connection.execute(row.on_conflict_do_nothing())
        self.touched.add(pair)

    async def proposal(self, pair: int) -> Agreement | None:
        return await self._newest(pair)

    async def in_force(self, pair: int) -> Agreement | None:
        both = (agreements.c.mentee_confirmed_at.is_not(None), agreements.c.mentor_confirmed_at.is_not(None))
        return await self._newest(pair, *both)

    async def propose(self, pair: int, terms_: Said) -> Agreement:
        newest = await self.proposal(pair)
        version = newest.version + 1 if newest else 1
        await self.connection.execute(agreements.insert().values(society=self.society.id, pair=pair, version=version))
        for term, chosen in terms_.items():
            row = {"society": self.society.id, "pair": pair, "version": version, "term": term, "chosen": chosen}
            await self.connection.execute(terms.insert().values(**row))
        self.touched.add(pair)
        return Agreement(version, terms_)

    async def confirm(self, pair: int, version: int, side: Side, now: datetime) -> Agreement | None:
        newest = select(func.max(agreements.c.version)).where(self.mine(agreements), agreements.c.pair == pair)
        yes = agreements.c[f"{side.value}_confirmed_at"]
        confirmed = await self.changed(
            update(agreements)
            .where(self.mine(agreements), agreements.c.pair == pair, agreements.c.version == version)
            .where(agreements.c.version == newest.scalar_subquery())
            # A second yes does not move the first.
            .values({yes: func.coalesce(yes, literal(now, yes.type))})
        )
        if not confirmed:
            return None
        self.touched.add(pair)
        return await self.proposal(pair)

    async def _newest(self, pair: int, *where: Any) -> Agreement | None:  # noqa: ANN401
        mine = select(agreements).where(self.mine(agreements), agreements.c.pair == pair, *where)
        row = await self.one(mine.order_by(agreements.c.version.desc()).limit(1))
        if row is None:
            return None
        settled = select(terms.c.term, terms.c.chosen).where(
            self.mine(terms), terms.c.pair == pair, terms.c.version == row["version"]
        )
        return Agreement(
            row["version"],
            {each["term"]: each["chosen"] for each in await self.rows(settled)},
            row["mentee_confirmed_at"],
            row["mentor_confirmed_at"],
        )
