"""What is to be said and what comes next: leased, tried again, never lost and never two at once."""

import asyncio
from datetime import timedelta

import pytest

from bot.model import Open, Pace, Promise, QueueReason, Society, Urgency
from bot.records import Envelope
from bot.ui import message, message_from_json
from storage.store import SqlStore
from tests.stores import NOW, mentor_with

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
async def pair(store: SqlStore, society: Society) -> int:
    """Ana (1) and Dr. Okafor (2)."""
    async with store.records(society.id) as records:
        ana = (await records.people.meet("playground:p1", "Ana")).id
        made = await records.pairs.make(ana, await mentor_with(records, 1), NOW)
        assert made is not None
        return made.id


async def say(store: SqlStore, society: Society, words: str, urgency: Urgency = Urgency.NEWS, **to: int | str) -> None:
    async with store.records(society.id) as records:
        await records.post.say(message(words), urgency, NOW, **to)  # type: ignore[arg-type]


async def claim(store: SqlStore, key: str, at: timedelta = timedelta()) -> Envelope | None:
    """Claim all that waits for the first recipient."""
    (first, *_) = await store.waiting(NOW + at)
    return await store.claim([one.id for one in first.deliveries], key, NOW + at, MINUTE)


async def test_what_waits_is_gathered_by_recipient(store: SqlStore, society: Society, pair: int) -> None:
    await say(store, society, "one", to=1)
    await say(store, society, "to the room", pair=pair)
    await say(store, society, "two", to=1, by=2)
    await say(store, society, "to officers", channel="playground:officers")
    person, room, channel = await store.waiting(NOW)
    assert [message_from_json(one.message) for one in person.deliveries] == [message("one"), message("two")]
    assert [one.by for one in person.deliveries] == [None, 2]
    assert person.society == society
    assert [(one.person.name, one.mentor) for one in person.listeners] == [("Ana", False)]
    assert [(one.person.name, one.mentor) for one in room.listeners] == [("Ana", False), ("Dr. Okafor", True)]
    assert (room.deliveries[0].pair, channel.deliveries[0].channel) == (pair, "playground:officers")
    assert channel.listeners == ()
    await store.keep_room(society.id, pair, "playground:r1", NOW)
    assert await store.room_of(pair) == "playground:r1"


async def test_one_courier_gets_it(store: SqlStore, society: Society, pair: int) -> None:
    await say(store, society, "one", to=1)
    await say(store, society, "two", to=1)
    (waiting,) = await store.waiting(NOW)
    ids = [one.id for one in waiting.deliveries]
    orders = (ids, ids[::-1], ids[:1], ids[1:])
    got = await asyncio.gather(*(store.claim(order, f"key {n}", NOW, MINUTE) for n, order in enumerate(orders * 2)))
    claimed = [one.id for envelope in got if envelope for one in envelope.deliveries]
    assert sorted(claimed) == sorted(set(claimed))
    for one in ids:
        # Couriers that got in each other's way may all step back; then it is still there for the next.
        late = await store.claim([one], f"late {one}", NOW, MINUTE)
        assert (late is None) == (one in claimed)
        assert await store.claim([one], "later", NOW, MINUTE) is None
    assert await store.claim([*ids, 999], "none", NOW, MINUTE) is None


async def test_an_uncertain_send_comes_again_under_its_first_key(store: SqlStore, society: Society, pair: int) -> None:
    await say(store, society, "one", to=1)
    await say(store, society, "two", to=1)
    first = await claim(store, "first")
    assert first is not None
    assert (first.key, first.first_try_at, len(first.deliveries)) == ("first", NOW, 2)
    assert {(one.envelope, one.tries) for one in first.deliveries} == {("first", 1)}
    await say(store, society, "three", to=1)
    assert await store.waiting(NOW + 59 * SECOND) == []  # the lease holds
    (waiting,) = await store.waiting(NOW + MINUTE)
    assert len(waiting.deliveries) == 3
    again = await store.claim([waiting.deliveries[1].id], "second", NOW + MINUTE, MINUTE)
    assert again is not None
    assert (again.key, again.first_try_at) == ("first", NOW)
    assert [one.id for one in again.deliveries] == [one.id for one in first.deliveries]
    assert {one.tries for one in again.deliveries} == {2}
    assert await store.claim([waiting.deliveries[1].id], "third", NOW + MINUTE, MINUTE) is None
    await store.delivered("first", NOW + MINUTE)
    await store.delivered("first", NOW + 2 * MINUTE)  # heard twice, done once
    (waiting,) = await store.waiting(NOW + DAY)
    assert len(waiting.deliveries) == 1
    assert waiting.listeners[0].told == (NOW + MINUTE,)
    assert await store.claim([first.deliveries[0].id], "fourth", NOW + DAY, MINUTE) is None


async def test_a_try_that_sent_nothing_is_as_if_it_had_not_been(store: SqlStore, society: Society, pair: int) -> None:
    await say(store, society, "one", to=1)
    await claim(store, "nothing sent")
    await store.hand_back("nothing sent", NOW + MINUTE)
    assert await store.waiting(NOW) == []
    perhaps = await claim(store, "perhaps sent", MINUTE)
    assert perhaps is not None
    assert [(one.envelope, one.tries) for one in perhaps.deliveries] == [("perhaps sent", 1)]
    again = await claim(store, "again", 2 * MINUTE)
    assert again is not None
    await store.hand_back("perhaps sent", NOW + 3 * MINUTE)
    (waiting,) = await store.waiting(NOW + 3 * MINUTE)
    assert [(one.envelope, one.tries) for one in waiting.deliveries] == [("perhaps sent", 1)]


async def test_what_is_being_sent_to_someone_counts_as_told(store: SqlStore, society: Society, pair: int) -> None:
    await say(store, society, "one", to=2)
    await claim(store, "in hand")
    await say(store, society, "another", to=2)
    await say(store, society, "to the room", pair=pair)
    (room,) = await store.waiting(NOW + SECOND)
    assert [one.told for one in room.listeners] == [(), (NOW + SECOND,)]
    later, _ = await store.waiting(NOW + MINUTE)
    assert [one.told for one in later.listeners] == [()]


async def test_both_of_a_pair_hear_what_is_said_in_their_room(store: SqlStore, society: Society, pair: int) -> None:
    await say(store, society, "hello", pair=pair)
    await say(store, society, "still there?", Urgency.NUDGE, pair=pair)
    await claim(store, "room")
    await store.delivered("room", NOW)
    await say(store, society, "news", to=2)
    await say(store, society, "to officers", channel="playground:officers")
    mentor, _ = await store.waiting(NOW + DAY)
    assert [(one.told, one.nudged) for one in mentor.listeners] == [((NOW,), NOW)]
    await claim(store, "mentor", DAY)
    await store.delivered("mentor", NOW + DAY)
    await say(store, society, "more", to=2)
    _, mentor = await store.waiting(NOW + 8 * DAY + SECOND)
    # What is older than eight days is no longer told, but the nudge is still known.
    assert [(one.told, one.nudged) for one in mentor.listeners] == [((NOW + DAY,), NOW)]


async def test_what_cannot_arrive_is_put_before_the_officers(store: SqlStore, society: Society, pair: int) -> None:
    await say(store, society, "one", to=1)
    await say(store, society, "room", pair=pair)
    await say(store, society, "to officers", channel="playground:gone")
    for key in ("person", "room", "channel"):
        assert await claim(store, key) is not None
        await store.undeliverable(key, NOW)
        await store.undeliverable(key, NOW)
    assert await store.waiting(NOW + DAY) == []
    async with store.records(society.id) as records:
        items = await records.queue.items()
        assert [(one.reason, one.person, one.pair) for one in items] == [
            (QueueReason.UNREACHABLE, 1, None),
            (QueueReason.UNREACHABLE, None, pair),
        ]


async def test_only_what_no_send_was_begun_for_is_unsaid(store: SqlStore, society: Society, pair: int) -> None:
    await say(store, society, "begun", to=1, topic="intro 1")
    await claim(store, "begun")
    await say(store, society, "not begun", to=1, topic="intro 1")
    await say(store, society, "another", to=1, topic="intro 2")
    async with store.records(society.id) as records:
        await records.post.withdraw("intro 1")
        with pytest.raises(ValueError, match="topic"):
            await records.post.withdraw("")
    (waiting,) = await store.waiting(NOW + DAY)
    kept = [message_from_json(one.message) for one in waiting.deliveries]
    assert kept == [message("begun"), message("another")]


async def test_what_is_put_off_waits_until_then(store: SqlStore, society: Society, pair: int) -> None:
    await say(store, society, "one", to=1)
    envelope = await claim(store, "one")
    assert envelope is not None
    assert await store.next_moment(NOW) is None
    await store.put_off_deliveries([envelope.deliveries[0].id], NOW + 10 * SECOND)
    assert await store.waiting(NOW + 9 * SECOND) == []
    assert await store.next_moment(NOW) == NOW + 10 * SECOND
    again = await claim(store, "two", 10 * SECOND)  # before the first lease would have run out
    assert again is not None
    assert again.key == "one"
    await store.tidy(NOW + 366 * DAY, Pace())
    assert await store.waiting(NOW + 366 * DAY) == []


async def test_a_promise_is_worked_on_by_one(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        for subject in range(1, 7):
            await records.diary.set(Open.PAIR, subject, NOW + subject * SECOND)
    assert await store.claim_due(NOW, MINUTE, 10) == []
    assert await store.next_moment(NOW) == NOW + SECOND
    later = NOW + MINUTE
    claimed = await asyncio.gather(*(store.claim_due(later, MINUTE, 2) for _ in range(4)))
    subjects = [promise.subject for promises in claimed for promise in promises]
    assert sorted(subjects) == [1, 2, 3, 4, 5, 6]
    assert all(promises == sorted(promises, key=lambda one: one.at) for promises in claimed)
    assert await store.claim_due(later + 59 * SECOND, MINUTE, 10) == []
    # Whoever had them crashed: they come again.
    assert [one.subject for one in await store.claim_due(later + MINUTE, MINUTE, 2)] == [1, 2]


async def test_a_promise_put_off_counts_its_tries_until_it_is_kept(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        await records.diary.set(Open.INTRO, 1, NOW)
    (promise,) = await store.claim_due(NOW, MINUTE, 10)
    await store.put_off(promise, NOW + 5 * SECOND)
    assert await store.claim_due(NOW, MINUTE, 10) == []
    (again,) = await store.claim_due(NOW + 5 * SECOND, MINUTE, 10)
    assert again == Promise(society.id, Open.INTRO, 1, NOW + 5 * SECOND, tries=1)
    async with store.records(society.id) as records:
        await records.diary.set(Open.INTRO, 1, NOW + 6 * SECOND)
    await store.put_off(again, NOW + DAY)  # too late: the step was set anew
    (fresh,) = await store.claim_due(NOW + 6 * SECOND, MINUTE, 10)
    assert fresh.tries == 0
    async with store.records(society.id) as records:
        await records.diary.set(Open.INTRO, 1, None)
    assert await store.claim_due(NOW + DAY, MINUTE, 10) == []
    assert await store.next_moment(NOW - DAY) is None
