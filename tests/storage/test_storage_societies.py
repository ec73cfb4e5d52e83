"""Two societies in one database know nothing of each other."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.model import (
    Answers,
    Happened,
    IntroState,
    News,
    Open,
    PairState,
    QueueReason,
    Role,
    Shadowed,
    Side,
    Society,
    Urgency,
)
from bot.ui import Action, Form, TextField, message
from bot.vocabulary import Often, Site, Specialty, Term
from storage.store import SqlStore
from tests.stores import NOW, TERMS, mentor_with

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


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
        await records.apart.note(ana.id, mentor)
        await records.pairs.set_room(pair.id, "playground:r1")
        await records.pairs.happened(pair.id, Happened.MET, NOW)
        await records.expectations.answer(pair.id, Side.MENTEE, {Term.ONLINE: ("yes",)})
        await records.expectations.give(pair.id, Side.MENTEE, NOW)
        await records.expectations.propose(pair.id, TERMS)
        seen = Shadowed(0, pair.id, NOW.date(), 4, Specialty.PEDIATRICS, Site.WARD)
        seen = await records.shadowing.add(pair.id, seen)
        assert await records.shadowing.of(pair.id) == [seen]
        checkin = await records.pairs.start_checkin(pair.id, Side.MENTEE, NOW)
        await records.queue.open(QueueReason.APPROVE, NOW, person=mentor)
        (item,) = await records.queue.items()
        await records.post.say(message("hi"), Urgency.NEWS, NOW, to=ana.id, topic="hi")
        await records.diary.set(Open.PAIR, pair.id, NOW)
        await records.pairs.plan(pair.id, NOW, NOW)
        await records.updates.set_wish(pair.id, Often.ALWAYS, NOW)
        await records.updates.sent(pair.id, None, NOW)
        update = await records.updates.wait(pair.id, None, News("Done"), NOW)
        held = await records.hold(Form("Note", Action("note"), (TextField("w", "Words"),)), ana.id, NOW)
        await records.first_time("event 1", NOW)
    other = await store.found("Lakeside", "UTC", "playground:lake", None)
    assert other.id != society.id
    async with store.records(other.id) as records:
        people, pairs, intros, queue = records.people, records.pairs, records.intros, records.queue
        nothing = [
            await people.at("playground:p1"),
            await people.get(ana.id),
            await people.by_email("ana@example.org"),
            await people.mentee(ana.id),
            await people.mentor(mentor),
            await intros.get(intro.id),
            *await intros.all_of(ana.id),
            await intros.waiting_of(ana.id),
            await pairs.get(pair.id),
            await pairs.in_room("playground:r1"),
            await pairs.make(ana.id, mentor, NOW),
            await records.expectations.proposal(pair.id),
            await records.expectations.confirm(pair.id, 1, Side.MENTEE, NOW),
            await pairs.facts(pair.id),
            await pairs.checkin(checkin),
            await queue.get(item.id),
            await records.updates.wish(pair.id),
            await records.updates.last_sent(pair.id),
            await records.updates.unsent(update),
            await records.held(held, ana.id),
        ]
        assert set(nothing) == {None}
        empty = [
            await people.addresses(ana.id),
            await people.all(),
            await people.officers(),
            await people.mentors(),
            await intros.all_of(ana.id),
            await intros.waiting_for(mentor),
            await pairs.live_of(ana.id),
            await pairs.all_live(),
            await pairs.all_of(ana.id),
            await pairs.events(pair.id),
            await records.shadowing.of(pair.id),
            await records.shadowing.confirm(pair.id, seen.id, ana.id),
            await records.shadowing.take_back(pair.id, seen.id),
            await queue.items(),
            await store.reach(other.id, ana.id),
        ]
        assert not any(empty)
        assert await records.apart.noted_of(ana.id) == set()
        assert await records.expectations.answers(pair.id, Side.MENTEE) == Answers()
        assert await records.expectations.latest(ana.id, Side.MENTEE) == Answers()
        assert not await intros.close(intro.id, IntroState.ACCEPTED, NOW)
        assert not await pairs.set_state(pair.id, PairState.ENDED, NOW)
        assert not await queue.resolve(item.id, None, NOW)
        assert not await records.updates.send(update, NOW)
        await records.updates.drop(update)
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
                await records.expectations.answer(pair, Side.MENTOR, {Term.ONLINE: ("yes",)})
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
