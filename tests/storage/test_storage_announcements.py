"""Announcements as they are kept: one unsent of each author, sent once, and known for as long as they spare anyone."""

import asyncio
from datetime import timedelta

from bot.model import DAY, Pace, Segment, Society, Urgency
from bot.records import Outcome
from bot.ui import message
from bot.vocabulary import Phase, Specialty, Whom
from storage.store import SqlStore
from tests.stores import NOW

HOUR = timedelta(hours=1)
TO = Segment(Whom.MENTEES, (Phase.MCAT, Phase.APPLYING), (Specialty.ENT,))


async def test_a_new_draft_takes_the_place_of_its_authors_last_and_of_no_others(
    store: SqlStore, society: Society
) -> None:
    async with store.records(society.id) as records:
        olu, pat = [(await records.people.add(name)).id for name in ("Olu", "Pat")]
        first = await records.announcements.draft(olu, TO, "First", NOW)
        other = await records.announcements.draft(pat, Segment(Whom.EVERYONE), "Other", NOW)
        assert await records.announcements.send(first.id, NOW)
        second = await records.announcements.draft(olu, TO, "Second", NOW)
        third = await records.announcements.draft(olu, TO, "Third", NOW)
        assert (third.author, third.to, third.words, third.sent_at) == (olu, TO, "Third", None)
        assert [each.id for each in await records.announcements.all()] == [third.id, other.id, first.id]
        assert await records.announcements.get(second.id) is None
        assert not await records.announcements.drop(first.id)
        assert await records.announcements.drop(third.id)


async def test_of_several_at_once_one_sends_it(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        olu = (await records.people.add("Olu")).id
        draft = await records.announcements.draft(olu, TO, "Once", NOW)

    async def sends() -> bool:
        async with store.records(society.id) as records:
            return await records.announcements.send(draft.id, NOW)

    assert sorted(await asyncio.gather(*(sends() for _ in range(4)))) == [False, False, False, True]


async def test_who_had_one_lately_is_who_was_told_or_for_whom_it_waits(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        olu = (await records.people.add("Olu")).id
        ana, ben, cai = [(await records.people.meet(f"playground:{name}", name)).id for name in ("Ana", "Ben", "Cai")]
        draft = await records.announcements.draft(olu, TO, "Soon", NOW)
        for person in (ana, ben):
            await records.post.say(message("Soon"), Urgency.ANNOUNCEMENT, NOW, to=person, topic="announcement:1")
        await records.post.say(message("News"), Urgency.NEWS, NOW, to=cai)
    first, *_ = await store.waiting(NOW)
    await store.claim([first.deliveries[0].id], "key", NOW, HOUR)
    await store.delivered("key", NOW)
    async with store.records(society.id) as records:
        assert await records.announcements.lately(NOW + DAY) == {ana: NOW, ben: NOW + DAY}
        assert await records.post.outcome("announcement:1") == Outcome(waiting=1, arrived=1)
        assert await records.post.withdraw("announcement:1") == 1
        assert await records.announcements.lately(NOW + DAY) == {ana: NOW}
        await records.post.say(message("More"), Urgency.NEWS, NOW, to=ana)
    waiting = {each.listeners[0].person.id: each.listeners[0] for each in await store.waiting(NOW + DAY)}
    assert (waiting[ana].announced, waiting[cai].announced) == (NOW, None)
    await store.tidy(NOW + 31 * DAY, Pace())
    async with store.records(society.id) as records:
        assert await records.announcements.get(draft.id) is None
        assert await records.announcements.lately(NOW + 31 * DAY) == {ana: NOW}
