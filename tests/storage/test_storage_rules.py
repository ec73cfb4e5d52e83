"""What holds however many press at once: places, open requests, second presses, rollbacks."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from bot.model import (
    Agreement,
    Happened,
    IntroState,
    Open,
    PairState,
    QueueReason,
    Role,
    Side,
    Society,
    Urgency,
)
from bot.ports import Records
from bot.ui import Action, Form, TextField, message
from bot.vocabulary import Booker, Help, MentorKind, ReplyTime, Rhythm, Stance, Window
from storage.store import SqlStore
from tests import stores

NOW = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def mentor_with(records: Records, capacity: int) -> int:
    mentor = (await records.people.add("Dr. Okafor")).id
    await records.people.save_mentor(mentor, capacity=capacity, kind=MentorKind.ATTENDING, approved_at=NOW)
    return mentor


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


async def test_two_people_are_one_live_pair_whichever_is_the_mentor(
    store: SqlStore, society: Society
) -> None:
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
        assert [each.id for each in await records.pairs.between(one, other)] == [again.id, pair.id]


PROCESS = """
import asyncio, sys
from datetime import UTC, datetime
from storage.store import open_store

async def main(url, society, mentor, first):
    store = await open_store(url, bytes(range(32)))
    made = 0
    for mentee in range(int(first), int(first) + 5):
        async with store.records(int(society)) as records:
            made += await records.pairs.make(mentee, int(mentor), datetime(2026, 10, 5, tzinfo=UTC)) is not None
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


async def test_a_mentee_has_one_open_request_however_fast_they_press(
    store: SqlStore, society: Society
) -> None:
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
        newest = await records.intros.latest_draft(mentee)
        assert newest is not None
        assert newest.id == drafts[-1].id


async def test_the_index_refuses_a_second_request_without_undoing_what_came_before(
    store: SqlStore, society: Society, monkeypatch: pytest.MonkeyPatch
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
        assert await records.intros.draft(mentee, mentor, ask="read mine") == (
            await records.intros.get(intro.id)
        )
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
    await store.tidy(NOW + 8 * DAY)
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
            records.people.save_mentor(ana, person=2),
            records.intros.draft(ana, 2, state=IntroState.WAITING),
            records.pairs.save_answers(1, Side.MENTEE, pair=2),
        ):
            with pytest.raises(TypeError, match="no field"):
                await call
        with pytest.raises(ValueError, match="exactly one"):
            await records.post.say(message("hi"), Urgency.NEWS, NOW, to=ana, channel="playground:c")


async def test_people_come_back_as_they_were_kept(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        ana = await records.people.add(
            "Ana", email=" Ana@Example.org", windows=(Window.WEEKDAY_EVENING,), adult=True
        )
        await records.people.link(ana.id, "playground:p1")
        await records.people.give_role(ana.id, Role.OFFICER)
        await records.people.give_role(ana.id, Role.OFFICER)
        await records.people.change(ana.id, away_until=(NOW + DAY).date(), away_since=NOW, zone=society.zone)
        await records.people.save_mentee(ana.id)
        await records.people.save_mentee(ana.id, wants=(Help.ESSAYS, Help.MCAT))
        await records.people.save_mentee(ana.id, rhythm=Rhythm.MONTHLY)
        ben = await records.people.add("Ben")
        await records.people.save_mentor(ben.id, capacity=2)
        await records.people.add_conflict(ben.id, ana.id)
    async with store.records(society.id) as records:
        found = await records.people.by_email("ANA@example.ORG ")
        assert found is not None
        assert found == await records.people.at("playground:p1")
        assert found.officer
        assert (found.windows, found.adult) == ((Window.WEEKDAY_EVENING,), True)
        assert (found.away_since, found.zone) == (NOW, society.zone)
        assert await records.people.officers() == [found]
        assert (
            await records.people.addresses(ana.id)
            == ["playground:p1"]
            == await store.reach(society.id, ana.id)
        )
        mentee = await records.people.mentee(ana.id)
        assert mentee is not None
        assert (mentee.profile.wants, mentee.profile.rhythm) == ((Help.ESSAYS, Help.MCAT), Rhythm.MONTHLY)
        assert await records.people.mentors() == []
        mentor = await records.people.mentor(ben.id)
        assert mentor is not None
        assert (mentor.free, mentor.profile.approved_at) == (2, None)
        assert await records.people.mentor(ana.id) is None
        assert await records.people.conflict(ana.id, ben.id)
        assert not await records.people.conflict(ana.id, ana.id + 100)


TERMS = Agreement(
    1,
    Rhythm.MONTHLY,
    ReplyTime.DAY,
    ReplyTime.WEEK,
    Booker.MENTEE,
    Stance.NO,
    Stance.NO,
    Stance.YES,
    (Help.MCAT,),
)


async def test_the_facts_of_a_pair(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        mentee = (await records.people.meet("playground:p1", "Ana")).id
        pair = await records.pairs.make(mentee, await mentor_with(records, 1), NOW)
        assert pair is not None
        for minutes in (1, 5, 12, 13):
            at = NOW + minutes * MINUTE
            await records.pairs.happened(pair.id, Happened.WROTE, at, Side.MENTEE)
        await records.pairs.happened(pair.id, Happened.WROTE, NOW + 14 * MINUTE, Side.MENTOR)
        await records.pairs.save_answers(pair.id, Side.MENTOR, online=Stance.YES)
        await records.pairs.save_answers(pair.id, Side.MENTOR, topics=(Help.MCAT,), given_at=NOW)
        assert (await records.pairs.answers(pair.id, Side.MENTOR)).online is Stance.YES
        assert (await records.pairs.answers(pair.id, Side.MENTEE)).given_at is None
        await records.pairs.propose(pair.id, TERMS)
        with pytest.raises(ValueError, match="does not follow"):
            await records.pairs.propose(pair.id, TERMS)
        first = await records.pairs.confirm(pair.id, 1, Side.MENTEE, NOW)
        assert first is not None
        assert not first.in_force
        second = await records.pairs.confirm(pair.id, 1, Side.MENTOR, NOW)
        assert second is not None
        assert second.in_force
        await records.pairs.propose(pair.id, Agreement(**{**vars(TERMS), "version": 2}))
        assert await records.pairs.confirm(pair.id, 1, Side.MENTEE, NOW) is None
        records.pairs.touched.clear()
        await records.people.change(mentee, away_until=(NOW + DAY).date())
        assert records.pairs.touched == {pair.id}
        await records.pairs.set_room(pair.id, "playground:r1")
    async with store.records(society.id) as records:
        facts = await records.pairs.facts(pair.id)
        assert facts is not None
        wrote = [(event.side, event.at - NOW) for event in facts.events]
        assert wrote == [(Side.MENTEE, MINUTE), (Side.MENTEE, 12 * MINUTE), (Side.MENTOR, 14 * MINUTE)]
        assert (facts.mentee_answered, facts.mentor_answered) == (False, True)
        assert facts.agreement == second
        assert (facts.mentor_kind, facts.zone) == (MentorKind.ATTENDING, society.zone)
        assert facts.mentee.away_until is not None
        newest = await records.pairs.proposal(pair.id)
        assert newest is not None
        assert newest.version == 2
        assert await records.pairs.in_room("playground:r1") == facts.pair
        assert await records.pairs.set_state(pair.id, PairState.PAUSED, NOW, NOW + DAY)
        assert not await records.pairs.set_state(pair.id, PairState.PAUSED, NOW, NOW + DAY)
        paused = await records.pairs.get(pair.id)
        assert paused is not None
        assert paused.paused_until == NOW + DAY


async def test_check_ins_queue_and_held_forms(store: SqlStore, society: Society) -> None:
    form = Form("Note", Action("note"), (TextField("words", "Words"),))
    async with store.records(society.id) as records:
        mentee = (await records.people.meet("playground:p1", "Ana")).id
        pair = await records.pairs.make(mentee, await mentor_with(records, 1), NOW)
        assert pair is not None
        asked = await records.pairs.start_checkin(pair.id, Side.MENTEE, NOW)
        await records.pairs.answer_checkin(asked, NOW, going="well", next="mcat")
        await records.pairs.answer_checkin(asked, NOW, going="so so")
        checkin = await records.pairs.checkin(asked)
        assert checkin is not None
        assert (checkin.side, checkin.answers) == (Side.MENTEE, {"going": "so so", "next": "mcat"})
        held = await records.hold(form, mentee, NOW)
        assert await records.held(held, mentee) == form
        assert await records.held(held, pair.mentor) is None
        assert await records.queue.open(QueueReason.NEEDS_HAND, NOW, pair=pair.id)
        assert not await records.queue.open(QueueReason.NEEDS_HAND, NOW, pair=pair.id)
        assert await records.queue.open(QueueReason.NO_ROOM, NOW + MINUTE, pair=pair.id, person=mentee)
        assert await records.queue.open(QueueReason.APPROVE, NOW - MINUTE, person=mentee)
        approve, hand, room = await records.queue.items()
        assert (approve.person, approve.pair, hand.pair, hand.person) == (mentee, None, pair.id, None)
        assert await records.queue.resolve(approve.id, mentee, NOW)
        assert not await records.queue.resolve(approve.id, mentee, NOW)
        assert await records.queue.get(approve.id) is None
        assert await records.queue.get(room.id) == room
        await records.queue.resolve_pair(pair.id, NOW)
        assert await records.queue.items() == []
        assert await records.queue.open(QueueReason.NEEDS_HAND, NOW, pair=pair.id)


async def test_another_societys_people_and_pairs_do_not_exist(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        ana = await records.people.meet("playground:p1", "Ana")
        mentor = await mentor_with(records, 2)
        pair = await records.pairs.make(ana.id, mentor, NOW)
        assert pair is not None
        intro = await records.intros.draft(ana.id, mentor)
        await records.intros.send(intro.id, NOW)
        await records.people.change(ana.id, email="ana@example.org")
        await records.people.give_role(ana.id, Role.OFFICER)
        await records.people.save_mentee(ana.id)
        await records.people.add_conflict(ana.id, mentor)
        await records.pairs.set_room(pair.id, "playground:r1")
        await records.pairs.happened(pair.id, Happened.MET, NOW)
        await records.pairs.save_answers(pair.id, Side.MENTEE, given_at=NOW)
        await records.pairs.propose(pair.id, TERMS)
        checkin = await records.pairs.start_checkin(pair.id, Side.MENTEE, NOW)
        await records.queue.open(QueueReason.APPROVE, NOW, person=mentor)
        (item,) = await records.queue.items()
        await records.post.say(message("hi"), Urgency.NEWS, NOW, to=ana.id, topic="hi")
        await records.diary.set(Open.PAIR, pair.id, NOW)
        held = await records.hold(Form("Note", Action("note"), (TextField("w", "Words"),)), ana.id, NOW)
        await records.first_time("event 1", NOW)
    other = await store.found("Lakeside", "UTC", "playground:lake", None)
    assert other.id != society.id
    async with store.records(other.id) as records:
        people, pairs, intros, queue = records.people, records.pairs, records.intros, records.queue
        nothing = [
            await people.at("playground:p1"), await people.get(ana.id), await people.by_email("ana@example.org"),
            await people.mentee(ana.id), await people.mentor(mentor), await intros.get(intro.id),
            await intros.latest_draft(ana.id), await intros.waiting_of(ana.id), await pairs.get(pair.id),
            await pairs.in_room("playground:r1"), await pairs.make(ana.id, mentor, NOW),
            await pairs.proposal(pair.id), await pairs.confirm(pair.id, 1, Side.MENTEE, NOW),
            await pairs.facts(pair.id), await pairs.checkin(checkin), await queue.get(item.id),
            await records.held(held, ana.id),
        ]  # fmt: skip
        assert set(nothing) == {None}
        empty = [
            await people.addresses(ana.id), await people.all(), await people.officers(), await people.mentors(),
            await intros.all_of(ana.id), await intros.waiting_for(mentor), await pairs.live_of(ana.id),
            await pairs.all_live(), await pairs.between(ana.id, mentor), await pairs.events(pair.id),
            await queue.items(), await store.reach(other.id, ana.id),
        ]  # fmt: skip
        assert not any(empty)
        assert not await people.conflict(ana.id, mentor)
        assert (await pairs.answers(pair.id, Side.MENTEE)).given_at is None
        assert not await intros.close(intro.id, IntroState.ACCEPTED, NOW)
        assert not await pairs.set_state(pair.id, PairState.ENDED, NOW)
        assert not await queue.resolve(item.id, None, NOW)
        await people.change(ana.id, name="Eve", away_until=NOW.date())
        await pairs.set_room(pair.id, "playground:r2")
        await records.post.withdraw("hi")
        await records.diary.set(Open.PAIR, pair.id, None)
        assert pairs.touched == set()
        # The same keys and addresses are free here.
        assert await records.first_time("event 1", NOW)
        assert (await people.meet("playground:p1", "Ana here")).id != ana.id
    for write in ("event", "answers", "checkin", "say", "role", "profile", "queue"):
        with pytest.raises(IntegrityError):
            await _write_across(store, other.id, write, ana.id, pair.id)
    async with store.records(society.id) as records:
        assert (await records.people.get(ana.id) or ana).name == "Ana"
        assert await records.pairs.in_room("playground:r1") is not None
    assert len(await store.waiting(NOW)) == 1
    assert len(await store.claim_due(NOW, MINUTE, 10)) == 1


async def _write_across(store: SqlStore, society: int, write: str, person: int, pair: int) -> None:
    """Writing about what does not exist is a mistake of ours, and the reference refuses it."""
    async with store.records(society) as records:
        match write:
            case "event":
                await records.pairs.happened(pair, Happened.PAUSED, NOW)
            case "answers":
                await records.pairs.save_answers(pair, Side.MENTOR, given_at=NOW)
            case "checkin":
                await records.pairs.start_checkin(pair, Side.MENTEE, NOW)
            case "say":
                await records.post.say(message("hi"), Urgency.NEWS, NOW, to=person)
            case "role":
                await records.people.link(person, "playground:p9")
            case "profile":
                await records.people.save_mentor(person, capacity=1)
            case _:
                await records.queue.open(QueueReason.APPROVE, NOW, person=person)
