"""What holds however many press at once: places, open requests, second presses, rollbacks."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import (
    IntroState,
    Open,
    Pace,
    PairState,
    Role,
    Society,
    Urgency,
)
from bot.ui import message
from bot.vocabulary import MentorKind
from storage.store import SqlStore
from tests import stores
from tests.stores import NOW, mentor_with

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def make(store: SqlStore, society: int, mentee: int, mentor: int) -> bool:
    async with store.records(society) as records:
        return await records.pairs.make(mentee, mentor, NOW) is not None


async def test_eight_at_once_never_exceed_a_mentors_places(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        mentor = await mentor_with(records, 3)
        mentees = [(await records.people.add(f"Mentee {n}")).id for n in range(8)]
    made = await asyncio.gather(*(make(store, society.id, mentee, mentor) for mentee in mentees))
    assert sum(made) == 3
    async with store.records(society.id) as records:
        assert [(one.load, one.free) for one in await records.people.mentors()] == [(3, 0)]


async def test_two_people_are_one_live_pair_whichever_is_the_mentor(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        one, other = await mentor_with(records, 5), await mentor_with(records, 5)
    pairs = [(one, other), (other, one)] * 4
    assert sum(await asyncio.gather(*(make(store, society.id, *pair) for pair in pairs))) == 1
    async with store.records(society.id) as records:
        (pair,) = await records.pairs.live_of(one)
        assert records.pairs.touched == set()
        assert await records.pairs.make(one, one, NOW) is None
        # The refusals undid nothing: the transaction goes on.
        assert await records.pairs.set_state(pair.id, PairState.ENDED, NOW)
        assert not await records.pairs.set_state(pair.id, PairState.ENDED, NOW)
        again = await records.pairs.make(other, one, NOW + DAY)
        assert again is not None
        assert records.pairs.touched == {pair.id, again.id}
        assert [each.id for each in await records.pairs.all_of(one)] == [again.id, pair.id]


async def test_whoever_is_not_to_be_paired_is_not_or_is_known_to_be(store: SqlStore, society: Society) -> None:
    """A wish and a pair in the same moment: the one who wishes sees the pair, or there never is one."""
    async with store.records(society.id) as records:
        mentor = await mentor_with(records, 9)
        mentees = [(await records.people.add(f"Mentee {n}")).id for n in range(6)]

    async def wishes(mentee: int) -> bool:
        async with store.records(society.id) as records:
            await records.apart.wish(mentee, mentor)
            return bool(await records.pairs.live_of(mentee))

    both = [each for mentee in mentees for each in (wishes(mentee), make(store, society.id, mentee, mentor))]
    found = await asyncio.gather(*both)
    assert found[::2] == found[1::2]
    async with store.records(society.id) as records:
        assert await records.apart.wished_about(mentor) == set(mentees)
        ended = [
            await records.pairs.set_state(each.id, PairState.ENDED, NOW) for each in await records.pairs.all_live()
        ]
        assert len(ended) == sum(found[1::2])
        assert [await records.pairs.make(mentee, mentor, NOW) for mentee in mentees] == [None] * 6


PROCESS = """
import asyncio, sys
from datetime import UTC, datetime
from storage.store import open_store

async def main(url, society, mentor, first):
    store = await open_store(url, bytes(range(32)))
    made = 0
    for mentee in range(int(first), int(first) + 5):
        async with store.records(int(society)) as records:
            pair = await records.pairs.make(mentee, int(mentor), datetime(2026, 10, 5, tzinfo=UTC))
            made += pair is not None
    await store.close()
    print(made)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_three_processes_share_a_file_and_keep_to_the_places(tmp_path: Path) -> None:
    async with stores.open_sqlite(tmp_path / "society.db") as store:
        society = await store.found("Harborview", "UTC", "playground:home", None)
        async with store.records(society.id) as records:
            mentor = await mentor_with(records, 4)
            mentees = [(await records.people.add(f"Mentee {n}")).id for n in range(15)]
        url = f"sqlite+aiosqlite:///{tmp_path / 'society.db'}"
        processes = [
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", PROCESS, url, str(society.id), str(mentor), str(first)),
                stdout=asyncio.subprocess.PIPE,
            )
            for first in mentees[::5]
        ]
        printed = [(await process.communicate())[0] for process in processes]
    assert sum(int(made) for made in printed) == 4


async def test_a_mentee_has_one_open_request_however_fast_they_press(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        mentee = (await records.people.meet("playground:p1", "Ana")).id
        mentors = [await mentor_with(records, 1) for _ in range(6)]
        drafts = [await records.intros.draft(mentee, mentor, need="essays") for mentor in mentors]

    async def send(intro: int) -> bool:
        async with store.records(society.id) as records:
            sent = await records.intros.send(intro, NOW)
            await records.audit(NOW, mentee, "send", f"intro {intro}")
            return sent

    assert sum(await asyncio.gather(*(send(draft.id) for draft in drafts))) == 1
    async with store.records(society.id) as records:
        waiting = await records.intros.waiting_of(mentee)
        assert waiting is not None
        assert waiting.sent_at == NOW
        assert await records.intros.waiting_for(waiting.mentor) == [waiting]
        assert not await records.intros.send(waiting.id, NOW)
        newest, *_ = await records.intros.all_of(mentee)
        assert newest.id == drafts[-1].id


async def test_the_index_refuses_a_second_request_without_undoing_what_came_before(
    store: SqlStore, society: Society
) -> None:
    async with store.records(society.id) as records:
        mentee = (await records.people.meet("playground:p1", "Ana")).id
        drafts = [await records.intros.draft(mentee, await mentor_with(records, 1)) for _ in range(2)]
        assert [await records.intros.send(draft.id, NOW) for draft in drafts] == [True, False]
        assert await records.first_time("after", NOW)
    async with store.records(society.id) as records:
        assert not await records.first_time("after", NOW)


async def test_the_second_press_of_a_button_does_nothing(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        mentee = (await records.people.meet("playground:p1", "Ana")).id
        mentor = await mentor_with(records, 1)
        intro = await records.intros.draft(mentee, mentor, need="essays")
        assert await records.intros.draft(mentee, mentor, ask="read mine") == (await records.intros.get(intro.id))
        assert await records.intros.send(intro.id, NOW)

    async def close(state: IntroState) -> bool:
        async with store.records(society.id) as records:
            return await records.intros.close(intro.id, state, NOW)

    presses = [IntroState.ACCEPTED, IntroState.NOT_NOW, IntroState.ACCEPTED, IntroState.WITHDRAWN]
    assert sum(await asyncio.gather(*map(close, presses))) == 1
    async with store.records(society.id) as records:
        closed = await records.intros.get(intro.id)
        assert closed is not None
        assert (closed.need, closed.ask, closed.closed_at) == ("essays", "read mine", NOW)
        assert [one.id for one in await records.intros.all_of(mentee)] == [intro.id]


async def test_a_request_is_new_once(store: SqlStore, society: Society) -> None:
    async def arrives() -> bool:
        async with store.records(society.id) as records:
            return await records.first_time("event 1", NOW)

    assert sum(await asyncio.gather(*(arrives() for _ in range(6)))) == 1
    await store.tidy(NOW + 8 * DAY, Pace())
    assert await arrives()


async def test_meeting_someone_twice_at_once_makes_one_person(store: SqlStore, society: Society) -> None:
    async def meet() -> int:
        async with store.records(society.id) as records:
            return (await records.people.meet("playground:p1", "Ana")).id

    assert len(set(await asyncio.gather(*(meet() for _ in range(6))))) == 1
    async with store.records(society.id) as records:
        assert [person.name for person in await records.people.all()] == ["Ana"]


async def test_an_exception_leaves_nothing_behind(store: SqlStore, society: Society) -> None:
    async def fail() -> None:
        async with store.records(society.id) as records:
            mentee = (await records.people.meet("playground:p1", "Ana")).id
            pair = await records.pairs.make(mentee, await mentor_with(records, 1), NOW)
            assert pair is not None
            await records.post.say(message("You are a pair."), Urgency.NEWS, NOW, to=mentee)
            await records.diary.set(Open.PAIR, pair.id, NOW)
            await records.first_time("event 1", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await store.waiting(NOW) == []
    assert await store.claim_due(NOW, MINUTE, 10) == []
    assert await store.live_pairs() == []
    async with store.records(society.id) as records:
        assert await records.people.all() == []
        assert await records.first_time("event 1", NOW)


async def test_a_transaction_inside_another_is_refused(tmp_path: Path) -> None:
    async with stores.open_sqlite(tmp_path / "society.db") as store:
        society = await store.found("Harborview", "UTC", "playground:home", None)
        async with store.records(society.id):
            with pytest.raises(RuntimeError, match="inside another"):
                async with store.records(society.id):
                    pass


async def test_a_field_that_is_none_is_a_type_error(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        ana = (await records.people.meet("playground:p1", "Ana")).id
        for call in (
            records.people.add("Ben", nmae="Ben"),
            records.people.change(ana, roles=frozenset({Role.OFFICER})),
            records.people.save_mentee(ana, kind=MentorKind.MS1),
            records.people.save_mentor(ana, load=2),
            records.intros.draft(ana, 2, state=IntroState.WAITING),
        ):
            with pytest.raises(TypeError, match="no field"):
                await call
        with pytest.raises(ValueError, match="exactly one"):
            await records.post.say(message("hi"), Urgency.NEWS, NOW, to=ana, channel="playground:c")
