"""Meetings: times proposed, one of them taken, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, delete, exists, func, literal, or_, select, update

from bot.model import Limit, Meeting, MeetingState, PairState, Side
from storage.part import Part, checked, insert, made
from storage.tables import meeting_times, meetings, pairs, people

OPEN = meetings.c.state.in_((MeetingState.PROPOSED, MeetingState.BOOKED))
SETTLED_ELSEWHERE = {"id", "pair", "state", "by", "made_at", "times", "at", "booked_at"}


class SqlMeetings(Part):
    async def get(self, meeting: int) -> Meeting | None:
        return await self._first(meetings.c.id == meeting)

    async def open_of(self, pair: int) -> Meeting | None:
        return await self._first(meetings.c.pair == pair, OPEN)

    async def last_of(self, pair: int) -> Meeting | None:
        return await self._first(meetings.c.pair == pair, meetings.c.state == MeetingState.OVER)

    async def booked(self, people_: Collection[int], first: datetime, end: datetime) -> list[Meeting]:
        theirs = meetings.c.pair.in_(self._pairs_of(people_))
        return await self._all(theirs, *_touching(first, end), order=(meetings.c.at, meetings.c.id))

    async def minutes(self, mentor: int, limit: Limit, *, without: int = 0) -> int:
        asked: int = (await self.connection.execute(select(self._asked(mentor, limit, without)))).scalar_one()
        return asked

    async def propose(
        self, pair: int, by: Side, minutes: int, times: Sequence[datetime], limits: Sequence[Limit], now: datetime
    ) -> Meeting | None:
        mentor = await self._hold(pair)
        row = {
            "society": literal(self.society.id),
            "pair": pairs.c.id,
            "state": literal(MeetingState.PROPOSED, meetings.c.state.type),
            "by": literal(by, meetings.c.by.type),
            "minutes": literal(minutes),
            "made_at": literal(now, meetings.c.made_at.type),
        }
        may = select(*row.values()).where(
            self.mine(pairs),
            pairs.c.id == pair,
            pairs.c.state == PairState.ACTIVE,
            *self._room(mentor, minutes, limits),
        )
        new = insert(self.connection, meetings).from_select(list(row), may)
        # The one thing that can be in the way is the index that holds a pair to one open meeting.
        found = await self.one(new.on_conflict_do_nothing().returning(meetings.c.id))
        if found is None:
            return None
        await self._lay_open(found["id"], times)
        self.touched.add(pair)
        return await self.get(found["id"])

    async def offer(
        self, meeting: int, by: Side, times: Sequence[datetime], limits: Sequence[Limit], now: datetime
    ) -> bool:
        known = await self.get(meeting)
        if known is None:
            return False
        mentor = await self._hold(known.pair)
        may = (self.mine(meetings), meetings.c.id == meeting, OPEN)
        room = self._room(mentor, known.minutes, limits, without=meeting)
        if not await self.changed(update(meetings).where(*may, *room).values(by=by, made_at=now)):
            return False
        await self._lay_open(meeting, times)
        return True

    async def take(self, meeting: int, by: Side, at: datetime, now: datetime) -> Meeting | None:
        known = await self.get(meeting)
        if known is None:
            return None
        await self._hold(known.pair)
        ends = at + known.length
        others = meetings.alias()
        both = select(pairs.c.mentee, pairs.c.mentor).where(pairs.c.id == known.pair)
        row = await self.one(both)
        assert row is not None
        clash = exists().where(
            others.c.id != meeting,
            others.c.pair.in_(self._pairs_of((row["mentee"], row["mentor"]))),
            others.c.state == MeetingState.BOOKED,
            others.c.at < ends,
            others.c.ends > at,
        )
        offered = exists().where(self.mine(meeting_times), meeting_times.c.meeting == meeting, meeting_times.c.at == at)
        taken = (
            update(meetings)
            .where(self.mine(meetings), meetings.c.id == meeting, OPEN, meetings.c.by != by, offered, ~clash)
            .values(
                state=MeetingState.BOOKED,
                at=at,
                ends=ends,
                booked_at=now,
                sequence=meetings.c.sequence + 1,
                reminded=0,
                mentee_comes=False,
                mentor_comes=False,
            )
        )
        if not await self.changed(taken):
            return None
        await self._lay_open(meeting, ())
        self.touched.add(known.pair)
        return await self.get(meeting)

    async def close(self, meeting: int, state: MeetingState, now: datetime) -> bool:
        closed = update(meetings).where(self.mine(meetings), meetings.c.id == meeting, OPEN)
        row = await self.one(closed.values(state=state, sequence=meetings.c.sequence + 1).returning(meetings.c.pair))
        if row is None:
            return False
        await self._lay_open(meeting, ())
        self.touched.add(row["pair"])
        return True

    async def change(self, meeting: int, **fields: Any) -> None:  # noqa: ANN401
        checked(Meeting, fields, without=SETTLED_ELSEWHERE)
        await self.connection.execute(
            update(meetings).where(self.mine(meetings), meetings.c.id == meeting).values(**fields)
        )

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _first(self, *where: Any) -> Meeting | None:  # noqa: ANN401
        return next(iter(await self._all(*where, order=(meetings.c.id.desc(),), most=1)), None)

    async def _all(self, *where: Any, order: tuple[Any, ...], most: int | None = None) -> list[Meeting]:  # noqa: ANN401
        found = await self.rows(select(meetings).where(self.mine(meetings), *where).order_by(*order).limit(most))
        if not found:
            return []
        open_: dict[int, list[datetime]] = defaultdict(list)
        laid = select(meeting_times).where(meeting_times.c.meeting.in_([row["id"] for row in found]))
        for time in await self.rows(laid.order_by(meeting_times.c.at)):
            open_[time["meeting"]].append(time["at"])
        return [made(Meeting, row, times=tuple(open_[row["id"]])) for row in found]

    async def _lay_open(self, meeting: int, times: Sequence[datetime]) -> None:
        """Exactly these times are open for the other to take."""
        await self.connection.execute(
            delete(meeting_times).where(self.mine(meeting_times), meeting_times.c.meeting == meeting)
        )
        for at in sorted(set(times)):
            await self.connection.execute(
                meeting_times.insert().values(society=self.society.id, meeting=meeting, at=at)
            )

    async def _hold(self, pair: int) -> int:
        """Hold both of a pair until this transaction ends; the mentor.

        PostgreSQL: whoever wants time of either waits here, so what is counted below is still true when it is
        written. On SQLite there is only one write transaction at a time.
        """
        row = await self.one(select(pairs.c.mentee, pairs.c.mentor).where(self.mine(pairs), pairs.c.id == pair))
        if row is None:
            raise LookupError(f"no pair {pair} in society {self.society.id}")
        both = select(people.c.id).where(people.c.id.in_(tuple(row.values())))
        await self.connection.execute(both.order_by(people.c.id).with_for_update())
        mentor: int = row["mentor"]
        return mentor

    def _pairs_of(self, people_: Collection[int]) -> Any:  # noqa: ANN401
        theirs = or_(pairs.c.mentee.in_(people_), pairs.c.mentor.in_(people_))
        return select(pairs.c.id).where(self.mine(pairs), theirs)

    def _room(self, mentor: int, minutes: int, limits: Sequence[Limit], without: int = 0) -> list[ColumnElement[bool]]:
        return [self._asked(mentor, limit, without) + minutes <= limit.minutes for limit in limits]

    def _asked(self, mentor: int, limit: Limit, without: int) -> ScalarSelect[int]:
        """What is asked of a mentor in a stretch of time: a proposal counts wherever it has a time open."""
        asked = meetings.alias()
        whose = (
            asked.c.pair.in_(select(pairs.c.id).where(self.mine(pairs), pairs.c.mentor == mentor))
            if limit.pair is None
            else asked.c.pair == limit.pair
        )
        within = and_(meeting_times.c.at >= limit.first, meeting_times.c.at < limit.end)
        held = asked.c.state.in_((MeetingState.BOOKED, MeetingState.OVER))
        laid_open = and_(
            asked.c.state.in_((MeetingState.PROPOSED, MeetingState.BOOKED)),
            exists().where(meeting_times.c.meeting == asked.c.id, within),
        )
        counts = or_(and_(held, asked.c.at >= limit.first, asked.c.at < limit.end), laid_open)
        total = func.coalesce(func.sum(asked.c.minutes), 0)
        return select(total).where(self.mine(asked), whose, asked.c.id != without, counts).scalar_subquery()


def _touching(first: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    return meetings.c.state == MeetingState.BOOKED, meetings.c.at < end, meetings.c.ends > first
