"""Pairs proposed for a whole cohort: the round that officers look at, and what it is worked out from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.model import History, Intro, IntroState, Pair, Proposed, Round, RoundState
from storage.apart import NOTED, WISHED
from storage.part import Part, insert, made
from storage.tables import conflicts, intros, pairs, round_apart, round_out, round_pairs, rounds


class SqlRounds(Part):
    async def history(self) -> History:
        sent = select(intros).where(self.mine(intros), intros.c.state != IntroState.DRAFT).order_by(intros.c.id)
        every = select(pairs).where(self.mine(pairs)).order_by(pairs.c.id)
        kept_apart = [
            select(conflicts.c.low, conflicts.c.high).where(self.mine(conflicts), why) for why in (NOTED, WISHED)
        ]
        return History(
            tuple(made(Intro, row) for row in await self.rows(sent)),
            tuple(made(Pair, row) for row in await self.rows(every)),
            *[frozenset((row["low"], row["high"]) for row in await self.rows(each)) for each in kept_apart],
        )

    async def current(self) -> Round | None:
        row = await self.one(select(rounds).where(self.mine(rounds), rounds.c.state == RoundState.OPEN))
        if row is None:
            return None
        of_it = [
            select(table).where(self.mine(table), table.c.round == row["id"]).order_by(table.c.mentee)
            for table in (round_pairs, round_apart, round_out)
        ]
        proposed, apart, out = [await self.rows(each) for each in of_it]
        return made(
            Round,
            row,
            pairs=tuple(made(Proposed, each) for each in proposed),
            apart=frozenset((each["mentee"], each["mentor"]) for each in apart),
            out=frozenset(each["mentee"] for each in out),
        )

    async def open(self, pairs: Sequence[Proposed], now: datetime) -> Round | None:
        row = insert(self.connection, rounds).values(society=self.society.id, state=RoundState.OPEN, made_at=now)
        # The one thing that can be in the way is the index that holds a society to one open round.
        new = await self.one(row.on_conflict_do_nothing().returning(rounds.c.id))
        if new is None:
            return None
        await self._fill(new["id"], pairs, (), ())
        return await self.current()

    async def change(
        self,
        looked_at: Round,
        pairs: Sequence[Proposed],
        *,
        apart: Collection[tuple[int, int]],
        out: Collection[int],
    ) -> Round | None:
        if not await self._next(looked_at, version=looked_at.version + 1):
            return None
        for table in (round_pairs, round_apart, round_out):
            await self.connection.execute(table.delete().where(self.mine(table), table.c.round == looked_at.id))
        await self._fill(looked_at.id, pairs, apart, out)
        return await self.current()

    async def close(self, looked_at: Round, state: RoundState, now: datetime) -> bool:
        return await self._next(looked_at, state=state, closed_at=now)

    async def _next(self, looked_at: Round, **values: object) -> bool:
        """Change the round itself, if nobody has since it was looked at."""
        same = (rounds.c.id == looked_at.id, rounds.c.version == looked_at.version, rounds.c.state == RoundState.OPEN)
        return await self.changed(update(rounds).where(self.mine(rounds), *same).values(**values)) == 1

    async def _fill(
        self, number: int, pairs: Sequence[Proposed], apart: Collection[tuple[int, int]], out: Collection[int]
    ) -> None:
        here = {"society": self.society.id, "round": number}
        for table, rows in (
            (
                round_pairs,
                [
                    here | {"mentee": pair.mentee, "mentor": pair.mentor, "score": pair.score, "locked": pair.locked}
                    for pair in pairs
                ],
            ),
            (round_apart, [here | {"mentee": mentee, "mentor": mentor} for mentee, mentor in sorted(apart)]),
            (round_out, [here | {"mentee": mentee} for mentee in sorted(out)]),
        ):
            if rows:
                await self.connection.execute(table.insert(), rows)
