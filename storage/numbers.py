"""What officers' numbers are made of, in a handful of queries however many pairs there are."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Executable, select

from bot.model import Answers, Happened, IntroState, Life, Pair, QueueReason, Side
from bot.vocabulary import Term, Why
from storage.part import Part, made
from storage.tables import answered, answers, events, farewells, intros, pairs, queue_items, reasons


class SqlNumbers(Part):
    async def asked(self) -> set[tuple[int, int]]:
        sent = select(intros.c.mentee, intros.c.mentor).where(self.mine(intros), intros.c.state != IntroState.DRAFT)
        return {(row["mentee"], row["mentor"]) for row in await self.rows(sent)}

    async def lives(self) -> list[Life]:
        met = await self._pairs(select(events.c.pair).where(self.mine(events), events.c.what == Happened.MET))
        completed = await self._pairs(select(farewells.c.pair).where(self.mine(farewells)))
        whys: dict[int, set[Why]] = defaultdict(set)
        for row in await self.rows(select(reasons.c.pair, reasons.c.why).where(self.mine(reasons))):
            whys[row["pair"]].add(row["why"])
        queued: dict[int, set[QueueReason]] = defaultdict(set)
        about_pairs = select(queue_items).where(self.mine(queue_items), queue_items.c.pair.is_not(None))
        for row in await self.rows(about_pairs):
            queued[row["pair"]].add(row["reason"])
        said = await self._answers()
        return [
            Life(
                made(Pair, row),
                met=row["id"] in met,
                completed=row["id"] in completed,
                whys=frozenset(whys[row["id"]]),
                queued=frozenset(queued[row["id"]]),
                mentee=said.get((row["id"], Side.MENTEE), Answers()),
                mentor=said.get((row["id"], Side.MENTOR), Answers()),
            )
            for row in await self.rows(select(pairs).where(self.mine(pairs)).order_by(pairs.c.id))
        ]

    async def _pairs(self, statement: Executable) -> set[int]:
        return {row["pair"] for row in await self.rows(statement)}

    async def _answers(self) -> dict[tuple[int, Side], Answers]:
        """Of every side that is through with what has to be answered first."""
        said: dict[tuple[int, Side], dict[Term, tuple[str, ...]]] = defaultdict(dict)
        for row in await self.rows(select(answers).where(self.mine(answers))):
            said[row["pair"], row["side"]][row["term"]] = row["chosen"]
        through = await self.rows(select(answered).where(self.mine(answered)))
        return {(row["pair"], row["side"]): Answers(said[row["pair"], row["side"]], row["at"]) for row in through}
