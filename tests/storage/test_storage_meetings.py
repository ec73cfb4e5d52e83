"""Meetings however many press at once: one for a pair, one at a time for a person, and a mentor's hours hold."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import Limit, Meeting, MeetingState, Side, Society, Urgency
from bot.ui import message
from storage.store import SqlStore
from tests.stores import NOW, mentor_with, open_sqlite

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONTH = (NOW, NOW + 30 * DAY)


@dataclass(frozen=True)
class Pairs:
    mentor: int
    ids: list[int]


async def pairs_of_one_mentor(store: SqlStore, society: int, count: int) -> Pairs:
    async with store.records(society) as records:
        mentor = await mentor_with(records, count)
        ids = []
        for n in range(count):
            pair = await records.pairs.make((await records.people.add(f"Mentee {n}")).id, mentor, NOW)
            assert pair is not None
            ids.append(pair.id)
    return Pairs(mentor, ids)


async def proposes(store: SqlStore, society: int, pair: int, *times: timedelta, most: int = 999) -> Meeting | None:
    async with store.records(society) as records:
        at = [NOW + time for time in times]
        return await records.meetings.propose(pair, Side.MENTEE, 30, at, [Limit(*MONTH, most)], NOW)


async def takes(store: SqlStore, society: int, meeting: int, at: timedelta) -> Meeting | None:
    async with store.records(society) as records:
        return await records.meetings.take(meeting, Side.MENTOR, NOW + at, NOW)


async def test_a_meeting_comes_back_as_it_was_kept(store: SqlStore, society: Society) -> None:
    pair = (await pairs_of_one_mentor(store, society.id, 1)).ids[0]
    made = await proposes(store, society.id, pair, 2 * DAY, DAY)
    assert made is not None
    assert made.times == (NOW + DAY, NOW + 2 * DAY)
    taken = await takes(store, society.id, made.id, DAY)
    assert taken is not None
    assert (taken.state, taken.at, taken.times, taken.sequence) == (MeetingState.BOOKED, NOW + DAY, (), 1)
    async with store.records(society.id) as records:
        await records.meetings.change(made.id, questions="Why?", asked=1, mentor_comes=True)
        with pytest.raises(TypeError, match="state"):
            await records.meetings.change(made.id, state=MeetingState.OVER)
        facts = await records.pairs.facts(pair)
        assert facts is not None
        assert facts.meeting_ends == NOW + DAY + timedelta(minutes=30)
        assert await records.meetings.close(made.id, MeetingState.OVER, NOW)
        assert not await records.meetings.close(made.id, MeetingState.CANCELLED, NOW)
        assert await records.meetings.open_of(pair) is None
        last = await records.meetings.last_of(pair)
        assert last is not None
        assert (last.questions, last.comes(Side.MENTOR), last.state) == ("Why?", True, MeetingState.OVER)
        assert await records.meetings.get(made.id + 1) is None


async def test_ten_at_once_make_one_meeting_of_a_pair(store: SqlStore, society: Society) -> None:
    pair = (await pairs_of_one_mentor(store, society.id, 1)).ids[0]
    made = await asyncio.gather(*(proposes(store, society.id, pair, n * DAY) for n in range(1, 11)))
    (meeting,) = [each for each in made if each]
    assert meeting.pair == pair


async def test_two_taps_at_once_take_one_time(store: SqlStore, society: Society) -> None:
    pair = (await pairs_of_one_mentor(store, society.id, 1)).ids[0]
    meeting = await proposes(store, society.id, pair, DAY, 2 * DAY, 3 * DAY)
    assert meeting is not None
    took = await asyncio.gather(*(takes(store, society.id, meeting.id, n * DAY) for n in (1, 2, 3, 1, 2, 3)))
    assert sum(each is not None for each in took) == 1


async def test_a_mentor_is_never_in_two_meetings_at_once(store: SqlStore, society: Society) -> None:
    pairs = await pairs_of_one_mentor(store, society.id, 6)
    meetings = []
    for n, pair in enumerate(pairs.ids):
        meeting = await proposes(store, society.id, pair, DAY + n * timedelta(minutes=5), 2 * DAY + n * HOUR)
        assert meeting is not None
        meetings.append(meeting)
    took = await asyncio.gather(*(takes(store, society.id, each.id, each.times[0] - NOW) for each in meetings))
    assert sum(each is not None for each in took) == 1
    async with store.records(society.id) as records:
        assert len(await records.meetings.booked((pairs.mentor,), NOW, NOW + 9 * DAY)) == 1


@pytest.mark.sr("SR-42.a")
async def test_several_mentees_at_once_never_ask_for_more_than_a_mentors_hours(
    store: SqlStore, society: Society
) -> None:
    pairs = await pairs_of_one_mentor(store, society.id, 8)
    made = await asyncio.gather(*(proposes(store, society.id, pair, DAY, most=120) for pair in pairs.ids))
    assert sum(each is not None for each in made) == 4
    async with store.records(society.id) as records:
        assert await records.meetings.minutes(pairs.mentor, Limit(*MONTH, 120)) == 120


@pytest.mark.sr("SR-42.a")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 150),
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["propose", "offer", "take", "close"]), st.integers(1, 50)),
        max_size=25,
    ),
)
async def test_whatever_is_pressed_a_mentors_hours_hold_and_no_two_meetings_meet(
    tmp_path: Path, most: int, presses: list[tuple[int, str, int]]
) -> None:
    (tmp_path / "hours.db").unlink(missing_ok=True)
    async with open_sqlite(tmp_path / "hours.db") as store:
        society = await store.found("Harborview", "America/New_York", "playground:home", None)
        pairs = await pairs_of_one_mentor(store, society.id, 4)
        limit = Limit(*MONTH, most)
        for who, what, day in presses:
            async with store.records(society.id) as records:
                pair, at = pairs.ids[who], NOW + day * DAY
                within = [limit] if limit.first <= at < limit.end else []
                known = await records.meetings.open_of(pair)
                if what == "propose":
                    await records.meetings.propose(pair, Side.MENTEE, 30, [at], within, NOW)
                elif known and what == "offer":
                    await records.meetings.offer(known.id, Side.MENTEE, [at], within, NOW)
                elif known and what == "take" and known.times:
                    await records.meetings.take(known.id, Side.MENTOR, known.times[0], NOW)
                elif known and what == "close":
                    await records.meetings.close(known.id, MeetingState.CANCELLED, NOW)
                assert await records.meetings.minutes(pairs.mentor, limit) <= most
                booked = await records.meetings.booked((pairs.mentor,), NOW, NOW + 60 * DAY)
                ends = [each.ends for each in booked]
                assert all(end and end <= each.at for end, each in zip(ends, booked[1:], strict=False) if each.at)


async def test_what_is_not_worth_saying_late_is_dropped_and_no_officer_hears_of_it(
    store: SqlStore, society: Society
) -> None:
    async with store.records(society.id) as records:
        ana = await records.people.add("Ana")
        await records.people.link(ana.id, "playground:p1")
        until = NOW + HOUR
        await records.post.say(message("Soon."), Urgency.APPOINTMENT, NOW, to=ana.id, topic="meeting:1", until=until)
    (waiting,) = await store.waiting(NOW)
    (delivery,) = waiting.deliveries
    assert delivery.until == NOW + HOUR
    await store.drop([delivery.id], NOW + HOUR)
    assert await store.waiting(NOW + 2 * HOUR) == []
    async with store.records(society.id) as records:
        assert await records.queue.items() == []
