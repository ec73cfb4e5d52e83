"""One made of two: of two people, and of two societies. Every table is covered, and all of it happens or nothing."""

import asyncio
import re

import pytest
from sqlalchemy import Integer, func, select

from bot.model import IntroState, Open, PairState, QueueReason, Role, Side, Society, Urgency
from bot.ui import message
from bot.vocabulary import MentorKind
from storage import union
from storage.people import SqlPeople
from storage.store import SqlStore
from storage.tables import METADATA, pairs, people, promises
from tests.stores import NOW, mentor_with

COVERED = {
    f"{column.table.name}.{column.name}"
    for column in (*union.MOVED, *(whose for whose, _ in union.ONCE), *union.DROPPED, *union.BY_HAND)
}


def test_what_becomes_of_every_column_that_points_to_a_person_is_decided() -> None:
    pointing = {
        f"{table.name}.{element.parent.name}"
        for table in METADATA.tables.values()
        for constraint in table.foreign_key_constraints
        for element in constraint.elements
        if element.column.table is people and element.column.name == "id"
    }
    assert pointing <= COVERED, "say in storage/union.py what becomes of these when two people are one"


def test_what_becomes_of_every_number_that_means_a_person_is_decided() -> None:
    """Some numbers mean a person without pointing to one, and are known by their name."""
    named = re.compile(r"(^|_)(by|actor|author|host|member|mentee|mentor|officer|owner|person|who)($|_)")
    numbers = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if type(column.type) is Integer and named.search(column.name)
    }
    assert numbers <= COVERED, "say in storage/union.py what becomes of these when two people are one"


def test_whether_a_promise_is_about_a_person_is_decided() -> None:
    assert set(Open) == union.ABOUT_PEOPLE | union.ABOUT_OTHERS, "what is its subject? Say so in storage/union.py"


def test_what_a_society_has_only_one_of_under_a_condition_has_a_rule() -> None:
    assert union.partly_unique() == {"queue_items_one_open", "rounds_one_open"}


async def test_two_people_become_one_in_every_table(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        one, other = await mentor_with(records, 2), (await records.people.add("Ben", email="ben@example.org")).id
        mentees = [(await records.people.add(f"Mentee {n}")).id for n in range(3)]
        await records.people.save_mentor(other, capacity=1, kind=MentorKind.MS2, approved_at=NOW)
        await records.people.link(other, "slate:ben")
        for person in (one, other):
            await records.people.give_role(person, Role.OFFICER)
            await records.queue.open(QueueReason.UNREACHABLE, NOW, person=person)
            await records.post.say(message("The same"), Urgency.NEWS, NOW, to=person, topic="same")
            await records.intros.draft(mentees[2], person, need=f"by {person}")
        ended = await records.pairs.make(mentees[2], one, NOW)
        assert ended is not None
        await records.pairs.set_state(ended.id, PairState.ENDED, NOW)
        await records.apart.note(one, mentees[2])
        await records.apart.note(other, mentees[2], "Kin")
        await records.apart.wish(mentees[2], other)
        kept = [await records.pairs.make(mentees[0], one, NOW), await records.pairs.make(mentees[1], other, NOW)]
        asked = await records.intros.draft(mentees[2], other)
        assert await records.intros.send(asked.id, NOW)
        await records.diary.set(Open.AWAY, other, NOW)
        await records.links.hold(one, other)
        await records.links.one_person(one, other, NOW)
    async with store.records(society.id) as records:
        assert await records.people.get(other) is None
        assert (await records.people.by_email("Ben@example.org")) == await records.people.get(one)
        assert isinstance(records.people, SqlPeople)
        assert await records.people.email(one) == "ben@example.org"
        assert await records.people.addresses(one) == ["playground:okafor", "slate:ben"]
        assert [person.id for person in await records.people.officers()] == [one]
        assert [each.reason for each in await records.apart.noted()] == ["Kin"]
        assert await records.apart.noted_of(one) == {mentees[2]}
        assert await records.apart.wishes_of(mentees[2]) == [one]
        assert [(item.reason, item.person) for item in await records.queue.items()] == [(QueueReason.UNREACHABLE, one)]
        assert [pair.id for pair in await records.pairs.live_of(one)] == [pair.id for pair in kept if pair]
        assert len(await records.pairs.all_of(one)) == 3
        mine = await records.intros.all_of(mentees[2])
        assert [(intro.mentor, intro.state) for intro in mine] == [(one, IntroState.WAITING), (one, IntroState.DRAFT)]
        facts = await records.pairs.facts(kept[1].id if kept[1] else 0)
        assert facts is not None
        assert facts.pair.side(one) is Side.MENTOR
    (waiting,) = [each for each in await store.waiting(NOW) if each.deliveries[0].to == one]
    assert len(waiting.deliveries) == 1
    async with store.engine.connect() as connection:
        due = select(promises.c.subject).where(promises.c.what == Open.AWAY)
        assert (await connection.execute(due)).scalars().all() == [one]


async def test_a_pair_made_while_two_become_one_never_exceeds_the_places(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        one, other = await mentor_with(records, 2), (await records.people.add("Ben")).id
        await records.people.save_mentor(other, capacity=2, approved_at=NOW)
        mentees = [(await records.people.add(f"Mentee {n}")).id for n in range(4)]
        await records.pairs.make(mentees[0], other, NOW)

    async def makes(mentee: int) -> bool:
        async with store.records(society.id) as records:
            return await records.pairs.make(mentee, one, NOW) is not None

    async def joins() -> bool:
        async with store.records(society.id) as records:
            await records.links.hold(one, other)
            load = len(await records.pairs.live_of(one)) + len(await records.pairs.live_of(other))
            await records.links.one_person(one, other, NOW)
            return load <= 2

    made = await asyncio.gather(*(makes(mentee) for mentee in mentees[1:3]), joins(), makes(mentees[3]))
    async with store.records(society.id) as records:
        load = len(await records.pairs.live_of(one))
    # Both had places before: whoever was quicker than the joining is kept, and after it the places of one hold.
    assert load == 1 + sum((made[0], made[1], made[3]))
    assert load <= 3
    assert not await makes(mentees[3]) or load < 2


async def test_a_society_is_carried_into_another_whole(store: SqlStore, society: Society) -> None:
    mentee = 0
    other = await store.found("Lakeside", "America/Chicago", "slate:lakeside", "slate:lakeside/c/1")
    for each, email in ((society, "ana@example.org"), (other, "ana@example.org")):
        async with store.records(each.id) as records:
            mentor = await mentor_with(records, 2)
            mentee = (await records.people.add("Ana", email=email)).id
            pair = await records.pairs.make(mentee, mentor, NOW)
            assert pair is not None
            await records.pairs.start_checkin(pair.id, Side.MENTEE, NOW)
            await records.diary.set(Open.QUEUE, 0, NOW)
            await records.diary.set(Open.PAIR, pair.id, NOW)
            await records.first_time("the same key", NOW)
            await records.decide(records.society)
    async with store.records(other.id) as records:
        await records.people.link(mentee, "slate:lakeside/u/1")
        before = len(await records.people.all())
        await records.links.one_society(society.id, NOW)
    found = await store.society_at("slate:lakeside")
    assert found is not None
    assert (found.id, found.name) == (society.id, "Harborview")
    assert {place.address for place in found.places} == {"playground:home", "slate:lakeside"}
    # The next start of whoever ran that society finds it where it is now, and names it no more.
    assert (await store.found("Lakeside", "America/Chicago", "slate:lakeside", None)).name == "Harborview"
    async with store.records(society.id) as records:
        assert len(await records.people.all()) == 2 * before
        assert len(await records.pairs.all_live()) == 2
        here = await records.people.at("slate:lakeside/u/1")
        assert here is not None
        assert isinstance(records.people, SqlPeople)
        assert await records.people.email(here.id) == "ana@example.org"
    async with store.engine.connect() as connection:
        for table in METADATA.tables.values():
            if "society" in table.c:
                left = select(func.count()).where(table.c.society == other.id)
                assert (await connection.execute(left)).scalar() == 0, table.name
    with pytest.raises(LookupError):
        async with store.records(other.id):
            pass


async def test_a_carrying_that_fails_changes_nothing(store: SqlStore, society: Society) -> None:
    other = await store.found("Lakeside", "America/Chicago", "slate:lakeside", None)
    async with store.records(other.id) as records:
        await records.people.add("Ana")

    async def fails() -> None:
        async with store.records(other.id) as records:
            await records.links.one_society(society.id, NOW)
            raise RuntimeError("the lights went out")

    with pytest.raises(RuntimeError, match="the lights went out"):
        await fails()
    async with store.records(other.id) as records:
        assert [person.name for person in await records.people.all()] == ["Ana"]
    async with store.engine.connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(pairs))).scalar() == 0


async def test_nobody_comes_to_read_a_concern_about_themselves(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        ana, ben, ben_too = [(await records.people.add(name)).id for name in ("Ana", "Ben", "Ben O.")]
        concern = await records.concerns.write(ana, ben, "He shouts.", reachable=True, now=NOW)
        assert not await records.concerns.send(concern.id, ben, NOW)
        assert await records.concerns.send(concern.id, ben_too, NOW)
        await records.links.one_person(ben, ben_too, NOW)
        after = await records.concerns.get(concern.id)
    assert after is not None
    assert (after.about, after.reader, after.sent_at, after.words) == (ben, None, None, "He shouts.")
