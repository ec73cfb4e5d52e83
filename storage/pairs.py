"""Pairs, and what happened in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, literal, or_, select, update

from bot.model import (
    Event,
    Happened,
    MeetingState,
    Pair,
    PairFacts,
    PairState,
    Person,
    Plan,
    Side,
)
from bot.ports import Address
from bot.records import Checkin
from storage.expectations import SqlExpectations
from storage.part import Part, insert, made, perhaps
from storage.people import people_by_id
from storage.tables import (
    checkin_answers,
    checkins,
    conflicts,
    events,
    meetings,
    mentor_profiles,
    pairs,
    people,
    plans,
)

LIVE = pairs.c.state != PairState.ENDED

CHATTER = timedelta(minutes=10)
"""A room is full of small messages; one side's next one within this time says nothing new."""


class SqlPairs(Part):
    async def _all(self, *where: Any) -> list[Pair]:  # noqa: ANN401
        oldest_first = select(pairs).where(self.mine(pairs), *where).order_by(pairs.c.id)
        return [made(Pair, row) for row in await self.rows(oldest_first)]

    async def get(self, pair: int) -> Pair | None:
        row = await self.one(select(pairs).where(self.mine(pairs), pairs.c.id == pair))
        return perhaps(Pair, row)

    async def live_of(self, person: int) -> list[Pair]:
        return await self._all(LIVE, or_(pairs.c.mentee == person, pairs.c.mentor == person))

    async def all_live(self) -> list[Pair]:
        return await self._all(LIVE)

    async def all_of(self, person: int) -> list[Pair]:
        return (await self._all(or_(pairs.c.mentee == person, pairs.c.mentor == person)))[::-1]

    async def in_room(self, room: Address) -> Pair | None:
        # What two people say in a room of theirs is said in their live pair, whichever pair it was opened for.
        these = pairs.alias()
        two = (these.c.low == pairs.c.low, these.c.high == pairs.c.high)
        theirs = exists().where(these.c.society == self.society.id, these.c.room == room, *two)
        newest_first = select(pairs).where(self.mine(pairs), theirs).order_by(LIVE.desc(), pairs.c.id.desc())
        row = await self.one(newest_first.limit(1))
        return perhaps(Pair, row)

    async def make(self, mentee: int, mentor: int, now: datetime) -> Pair | None:
        # PostgreSQL: whoever wants a place with this mentor waits here, so the count below is still true when
        # the row is written. On SQLite there is only one write transaction at a time.
        capacity = select(mentor_profiles.c.capacity).where(
            self.mine(mentor_profiles), mentor_profiles.c.person == mentor
        )
        await self.connection.execute(capacity.with_for_update())
        taken = select(func.count()).where(self.mine(pairs), pairs.c.mentor == mentor, LIVE)
        low, high = sorted((mentee, mentor))
        apart = exists().where(self.mine(conflicts), conflicts.c.low == low, conflicts.c.high == high)
        row = {
            "society": literal(self.society.id),
            "mentee": people.c.id,
            "mentor": literal(mentor),
            "low": literal(low),
            "high": literal(high),
            "state": literal(PairState.ACTIVE, pairs.c.state.type),
            "started_at": literal(now, pairs.c.started_at.type),
        }
        free = (
            select(*row.values())
            .where(self.mine(people), people.c.id == mentee, people.c.id != mentor)
            .where(taken.scalar_subquery() < capacity.scalar_subquery(), ~apart)
        )
        new = insert(self.connection, pairs).from_select(list(row), free)
        # The one thing that can be in the way is the index that holds these two to one live pair.
        found = await self.one(new.on_conflict_do_nothing().returning(pairs))
        if found is None:
            return None
        self.touched.add(found["id"])
        return made(Pair, found)

    async def set_state(
        self, pair: int, state: PairState, now: datetime, until: datetime | None = None, by: int | None = None
    ) -> bool:
        statement = (
            update(pairs)
            .where(self.mine(pairs), pairs.c.id == pair, pairs.c.state.not_in({state, PairState.ENDED}))
            .values(
                state=state,
                paused_until=until if state is PairState.PAUSED else None,
                ended_at=now if state is PairState.ENDED else None,
                changed_by=by,
            )
        )
        if not await self.changed(statement):
            return False
        self.touched.add(pair)
        return True

    async def set_room(self, pair: int, room: Address | None) -> None:
        await self.connection.execute(update(pairs).where(self.mine(pairs), pairs.c.id == pair).values(room=room))

    # ── what happened ───────────────────────────────────────────────────────────────────────────────────────

    async def happened(self, pair: int, what: Happened, now: datetime, side: Side | None = None) -> None:
        self.touched.add(pair)
        if what is Happened.WROTE:
            newest = select(events).where(self.mine(events), events.c.pair == pair)
            last = await self.one(newest.order_by(events.c.at.desc(), events.c.id.desc()).limit(1))
            if last and (last["what"], last["side"]) == (what, side) and now - last["at"] < CHATTER:
                return
        await self.connection.execute(
            events.insert().values(society=self.society.id, pair=pair, at=now, what=what, side=side)
        )

    async def events(self, pair: int) -> list[Event]:
        oldest_first = select(events).where(self.mine(events), events.c.pair == pair)
        rows = await self.rows(oldest_first.order_by(events.c.at, events.c.id))
        return [made(Event, row) for row in rows]

    # ── what decides the next step ──────────────────────────────────────────────────────────────────────────

    async def plan(self, pair: int, at: datetime, now: datetime) -> None:
        row = insert(self.connection, plans).values(society=self.society.id, pair=pair, at=at, said_at=now)
        kept = row.on_conflict_do_update(
            index_elements=["pair"], set_={"at": at, "said_at": now}, where=self.mine(plans)
        )
        await self.connection.execute(kept)
        self.touched.add(pair)

    async def facts(self, pair: int) -> PairFacts | None:
        row = await self.one(
            select(pairs, mentor_profiles.c.kind, plans.c.at.label("plan_at"), plans.c.said_at.label("plan_said_at"))
            .outerjoin(mentor_profiles, and_(mentor_profiles.c.person == pairs.c.mentor, self.mine(mentor_profiles)))
            .outerjoin(plans, and_(plans.c.pair == pairs.c.id, self.mine(plans)))
            .where(self.mine(pairs), pairs.c.id == pair)
        )
        if row is None:
            return None
        both: dict[int, Person] = await people_by_id(self.connection, self.society.id, (row["mentee"], row["mentor"]))
        expectations = SqlExpectations(self.connection, self.society, self.seal, self.touched)
        answered = await expectations.answered(pair)
        return PairFacts(
            pair=made(Pair, row),
            mentee=both[row["mentee"]],
            mentor=both[row["mentor"]],
            mentor_kind=row["kind"],
            events=tuple(await self.events(pair)),
            mentee_answered=Side.MENTEE in answered,
            mentor_answered=Side.MENTOR in answered,
            agreement=await expectations.in_force(pair),
            plan=made(Plan, row, "plan_") if row["plan_at"] else None,
            breaks=self.society.breaks,
            meeting_ends=await self._meeting_ends(pair),
            zone=self.society.zone,
        )

    async def _meeting_ends(self, pair: int) -> datetime | None:
        booked = (self.mine(meetings), meetings.c.pair == pair, meetings.c.state == MeetingState.BOOKED)
        row = await self.one(select(meetings.c.ends).where(*booked))
        return row["ends"] if row else None

    # ── check-ins ───────────────────────────────────────────────────────────────────────────────────────────

    async def start_checkin(self, pair: int, side: Side, now: datetime) -> int:
        new = checkins.insert().values(society=self.society.id, pair=pair, side=side, asked_at=now)
        number: int = (await self.connection.execute(new.returning(checkins.c.id))).scalar_one()
        return number

    async def checkin(self, checkin: int) -> Checkin | None:
        row = await self.one(select(checkins).where(self.mine(checkins), checkins.c.id == checkin))
        if row is None:
            return None
        given = await self.rows(
            select(checkin_answers).where(self.mine(checkin_answers), checkin_answers.c.checkin == checkin)
        )
        return made(Checkin, row, answers={answer["question"]: answer["answer"] for answer in given})

    async def answer_checkin(self, checkin: int, now: datetime, **answers: str) -> None:
        for question, answer in answers.items():
            row = insert(self.connection, checkin_answers).values(
                society=self.society.id, checkin=checkin, question=question, answer=answer, at=now
            )
            await self.connection.execute(
                row.on_conflict_do_update(
                    index_elements=["checkin", "question"],
                    set_={"answer": answer, "at": now},
                    where=self.mine(checkin_answers),
                )
            )
