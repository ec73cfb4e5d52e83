"""All that a society's numbers are made from, read at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, Table, and_, func, select

from bot.model import (
    Agreement,
    Chronicle,
    Event,
    Meeting,
    MeetingState,
    MentorProfile,
    Pair,
    PairFacts,
    Person,
    Plan,
    Side,
)
from bot.vocabulary import MentorKind, Term, Why
from storage.pairs import LIVE
from storage.part import Part, made
from storage.people import SqlPeople
from storage.tables import agreements, answered, events, farewells, intros, meetings, pairs, plans, reasons, terms


class SqlBoard(Part):
    async def chronicle(self, *, live: bool = False) -> Chronicle:
        members = tuple(await SqlPeople(self.connection, self.society, self.seal, self.touched).roster())
        held = await self._meetings()
        done = await self.rows(select(farewells.c.pair).where(self.mine(farewells)))
        return Chronicle(
            members=members,
            asked=await self._asked(),
            pairs=await self._pairs(
                {member.person.id: member.person for member in members},
                {member.person.id: member.mentor.profile for member in members if member.mentor},
                {m.pair: m.ends for m in held if m.state is MeetingState.BOOKED and m.ends},
                *((LIVE,) if live else ()),
            ),
            completed=frozenset(row["pair"] for row in done),
            reasons=await self._reasons(),
            meetings=held,
        )

    async def _asked(self) -> dict[int, datetime]:
        last = func.max(intros.c.sent_at).label("at")
        sent = select(intros.c.mentee, last).where(self.mine(intros), intros.c.sent_at.is_not(None))
        return {row["mentee"]: row["at"] for row in await self.rows(sent.group_by(intros.c.mentee))}

    async def _meetings(self) -> tuple[Meeting, ...]:
        timed = select(meetings).where(self.mine(meetings), meetings.c.at.is_not(None))
        rows = await self.rows(timed.order_by(meetings.c.at, meetings.c.id))
        return tuple(
            made(Meeting, row, times=(), place="", note="", questions="", outcome="", next_step="") for row in rows
        )

    async def _reasons(self) -> dict[int, tuple[Why, ...]]:
        """The words that were given with a reason stay sealed."""
        why: dict[int, tuple[Why, ...]] = defaultdict(tuple)
        given = select(reasons.c.pair, reasons.c.why).where(self.mine(reasons)).order_by(reasons.c.pair, reasons.c.side)
        for row in await self.rows(given):
            why[row["pair"]] += (row["why"],)
        return dict(why)

    # ── pairs ───────────────────────────────────────────────────────────────────────────────────────────────

    async def _pairs(
        self,
        people: Mapping[int, Person],
        mentors: Mapping[int, MentorProfile],
        meeting_ends: Mapping[int, datetime],
        *where: ColumnElement[bool],
    ) -> tuple[PairFacts, ...]:
        wanted = select(pairs).where(self.mine(pairs), *where).order_by(pairs.c.id)
        happened = await self._by_pair(wanted, events, events.c.at, events.c.id)
        answers, planned = await self._by_pair(wanted, answered), await self._by_pair(wanted, plans)
        agreed = await self._agreements()

        def kind(person: int) -> MentorKind | None:
            return mentors[person].kind if person in mentors else None

        return tuple(
            PairFacts(
                pair=made(Pair, row),
                mentee=people[row["mentee"]],
                mentor=people[row["mentor"]],
                mentor_kind=kind(row["mentor"]),
                events=tuple(made(Event, each) for each in happened[row["id"]]),
                mentee_answered=any(each["side"] is Side.MENTEE for each in answers[row["id"]]),
                mentor_answered=any(each["side"] is Side.MENTOR for each in answers[row["id"]]),
                agreement=agreed.get(row["id"]),
                meeting_ends=meeting_ends.get(row["id"]),
                plan=next((made(Plan, each) for each in planned[row["id"]]), None),
                breaks=self.society.breaks,
                zone=self.society.zone,
            )
            for row in await self.rows(wanted)
        )

    async def _by_pair(
        self, wanted: Select[Any], table: Table, *order: ColumnElement[Any]
    ) -> Mapping[int, list[RowMapping]]:
        """What is kept of each of the pairs."""
        found: dict[int, list[RowMapping]] = defaultdict(list)
        these = table.c.pair.in_(wanted.with_only_columns(pairs.c.id).order_by(None))
        for row in await self.rows(select(table).where(self.mine(table), these).order_by(*order)):
            found[row["pair"]].append(row)
        return found

    async def _agreements(self) -> dict[int, Agreement]:
        """The newest of each pair that both have confirmed."""
        said: dict[tuple[int, int], dict[Term, tuple[str, ...]]] = defaultdict(dict)
        both = and_(agreements.c.mentee_confirmed_at.is_not(None), agreements.c.mentor_confirmed_at.is_not(None))
        settled = select(terms).join(
            agreements, and_(agreements.c.pair == terms.c.pair, agreements.c.version == terms.c.version)
        )
        for row in await self.rows(settled.where(self.mine(terms), both)):
            said[row["pair"], row["version"]][row["term"]] = row["chosen"]
        confirmed = select(agreements).where(self.mine(agreements), both).order_by(agreements.c.version)
        return {
            row["pair"]: made(Agreement, row, terms=said[row["pair"], row["version"]])
            for row in await self.rows(confirmed)
        }
