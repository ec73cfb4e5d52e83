"""What is kept comes back as it was, and says what it should to the rules."""

from datetime import timedelta

from sqlalchemy import select

from bot.model import (
    Agreement,
    Answers,
    Happened,
    News,
    PairState,
    Plan,
    QueueReason,
    Role,
    Side,
    Society,
    Unsent,
    Wish,
)
from bot.ui import Action, Form, TextField
from bot.vocabulary import Help, MentorKind, Milestone, Often, Phase, Rhythm, Term, Window
from storage.store import SqlStore
from storage.tables import updates
from tests.stores import NOW, TERMS, mentor_with

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def test_people_come_back_as_they_were_kept(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        ana = await records.people.add("Ana", email=" Ana@Example.org", windows=(Window.WEEKDAY_EVENING,), adult=True)
        await records.people.link(ana.id, "playground:p1")
        await records.people.give_role(ana.id, Role.OFFICER)
        await records.people.give_role(ana.id, Role.OFFICER)
        await records.people.change(ana.id, away_until=(NOW + DAY).date(), away_since=NOW, zone=society.zone)
        await records.people.save_mentee(ana.id)
        await records.people.save_mentee(ana.id, wants=(Help.ESSAYS, Help.MCAT))
        await records.people.save_mentee(ana.id, rhythm=Rhythm.MONTHLY)
        ben = await records.people.add("Ben")
        await records.people.save_mentor(ben.id, capacity=2)
        await records.apart.note(ben.id, ana.id)
    async with store.records(society.id) as records:
        found = await records.people.by_email("ANA@example.ORG ")
        assert found is not None
        assert found == await records.people.at("playground:p1")
        assert found.officer
        assert (found.windows, found.adult) == ((Window.WEEKDAY_EVENING,), True)
        assert (found.away_since, found.zone) == (NOW, society.zone)
        assert await records.people.officers() == [found]
        assert await records.people.addresses(ana.id) == ["playground:p1"] == await store.reach(society.id, ana.id)
        mentee = await records.people.mentee(ana.id)
        assert mentee is not None
        assert (mentee.profile.wants, mentee.profile.rhythm) == ((Help.ESSAYS, Help.MCAT), Rhythm.MONTHLY)
        assert await records.people.mentors() == []
        mentor = await records.people.mentor(ben.id)
        assert mentor is not None
        assert (mentor.free, mentor.profile.approved_at) == (2, None)
        assert await records.people.mentor(ana.id) is None
        assert await records.apart.noted_of(ana.id) == {ben.id}
        assert await records.apart.noted_of(ben.id) == {ana.id}


async def test_the_facts_of_a_pair(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        mentee = (await records.people.meet("playground:p1", "Ana")).id
        pair = await records.pairs.make(mentee, await mentor_with(records, 1), NOW)
        assert pair is not None
        for minutes in (1, 5, 12, 13):
            at = NOW + minutes * MINUTE
            await records.pairs.happened(pair.id, Happened.WROTE, at, Side.MENTEE)
        await records.pairs.happened(pair.id, Happened.WROTE, NOW + 14 * MINUTE, Side.MENTOR)
        expectations = records.expectations
        await expectations.answer(pair.id, Side.MENTOR, {Term.ONLINE: ("no",), Term.TOPICS: ("mcat", "essays")})
        await expectations.answer(pair.id, Side.MENTOR, {Term.ONLINE: ("yes",)})
        await expectations.give(pair.id, Side.MENTOR, NOW)
        await expectations.give(pair.id, Side.MENTOR, NOW + DAY)
        said = {Term.ONLINE: ("yes",), Term.TOPICS: ("mcat", "essays")}
        assert await expectations.answers(pair.id, Side.MENTOR) == Answers(said, NOW)
        assert await expectations.latest(pair.mentor, Side.MENTOR) == Answers(said, NOW)
        assert await expectations.latest(pair.mentor, Side.MENTEE) == Answers()
        assert await expectations.answers(pair.id, Side.MENTEE) == Answers()
        assert await expectations.answered(pair.id) == {Side.MENTOR: NOW}
        assert await expectations.propose(pair.id, TERMS) == Agreement(1, TERMS)
        first = await expectations.confirm(pair.id, 1, Side.MENTEE, NOW)
        assert first is not None
        assert not first.in_force
        second = await expectations.confirm(pair.id, 1, Side.MENTOR, NOW)
        assert second == Agreement(1, TERMS, NOW, NOW)
        assert second.in_force
        changed = {**TERMS, Term.RHYTHM: ("weekly",)}
        assert await expectations.propose(pair.id, changed) == Agreement(2, changed)
        assert await expectations.confirm(pair.id, 1, Side.MENTEE, NOW) is None
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
        assert await records.expectations.proposal(pair.id) == Agreement(2, changed)
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


async def test_the_roster_is_everyone_as_each_is_known_alone(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        ana = await records.people.meet("playground:p/ana", "Ana")
        await records.people.save_mentee(ana.id, phase=Phase.SOPHOMORE)
        okafor = await mentor_with(records, 2)
        officer = await records.people.add("Olu")
        known = {member.person.id: member for member in await records.people.roster()}
        assert [known[ana.id].addresses, known[officer.id].addresses] == [("playground:p/ana",), ()]
        for person, member in known.items():
            assert member.person == await records.people.get(person)
            assert member.mentee == await records.people.mentee(person)
            assert member.mentor == await records.people.mentor(person)
    assert known.keys() == {ana.id, okafor, officer.id}


async def test_an_update_waits_sealed_and_leaves_no_words_behind(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        mentee = (await records.people.meet("playground:p1", "Ana")).id
        pair = await records.pairs.make(mentee, await mentor_with(records, 1), NOW)
        assert pair is not None
        kept = records.updates
        assert (await kept.wish(pair.id), await kept.last_sent(pair.id)) == (None, None)
        await kept.set_wish(pair.id, Often.NONE, NOW)
        await kept.set_wish(pair.id, Often.MILESTONES, NOW + DAY)
        await kept.sent(pair.id, None, NOW)
        first = await kept.wait(pair.id, None, News("I slept badly."), NOW)
        assert first == await kept.wait(pair.id, Milestone.TEST, News("", "I rest.", "How?"), NOW + DAY)
    async with store.engine.connect() as connection:
        words = (await connection.execute(select(updates.c.words_sealed))).scalars().all()
    assert not any(b"rest" in each for each in words if each)
    async with store.records(society.id) as records:
        kept = records.updates
        assert await kept.wish(pair.id) == Wish(Often.MILESTONES, NOW + DAY)
        assert await kept.unsent(first) == Unsent(pair.id, Milestone.TEST, News("", "I rest.", "How?"))
        assert await kept.send(first, NOW + 2 * DAY)
        assert not await kept.send(first, NOW + 3 * DAY)
        assert (await kept.unsent(first), await kept.last_sent(pair.id)) == (None, NOW + 2 * DAY)
        dropped = await kept.wait(pair.id, None, News("Again"), NOW + 3 * DAY)
        await kept.drop(dropped)
        assert await kept.unsent(dropped) is None
    async with store.engine.connect() as connection:
        assert set((await connection.execute(select(updates.c.words_sealed))).scalars()) == {None}


async def test_the_newest_plan_of_a_pair_is_among_its_facts(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        mentee = (await records.people.meet("playground:p1", "Ana")).id
        pair = await records.pairs.make(mentee, await mentor_with(records, 1), NOW)
        assert pair is not None
        plans = []
        for days in (3, 7):
            await records.pairs.plan(pair.id, NOW + days * DAY, NOW + MINUTE)
            facts = await records.pairs.facts(pair.id)
            plans.append(facts and facts.plan)
        assert plans == [Plan(NOW + 3 * DAY, NOW + MINUTE), Plan(NOW + 7 * DAY, NOW + MINUTE)]
