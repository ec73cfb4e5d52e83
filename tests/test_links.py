"""Linking accounts: a code from here, entered there, makes one person of two, and nothing of either is lost."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.courier import Courier
from bot.model import DAY, Happened, IntroState, Open, PairState, QueueReason, Role, Side
from bot.ports import Pressed
from bot.rehearsal import Actor, Paper
from bot.ui import Reply, plain_message
from bot.vocabulary import Help, Specialty
from storage.store import SqlStore
from storage.tables import link_codes
from tests.society import NEW_YORK, Society, harborview, words
from tests.stores import open_sqlite

CLINIC = "slate:clinic"


@dataclass
class Two:
    """Harborview on two platforms: `society` has what happens on the first, the slate is the second."""

    society: Society
    slate: Paper

    def there(self, name: str) -> Actor:
        """Someone's account on the second platform."""
        return Actor(self.society.app, self.slate, CLINIC, f"slate:{name.split(maxsplit=1)[0].lower()}", name)

    async def moved(self, actor: Actor) -> Actor:
        """Someone of the first platform, as if they had come on the second."""
        there = self.there(actor.name)
        async with self.society.store.records(self.society.id) as records:
            person = await records.people.at(actor.address)
            assert person is not None
            await records.people.unlink(actor.address)
            await records.people.link(person.id, there.address)
        return there

    async def link(self, one: Actor, other: Actor) -> Reply | None:
        """One asks for a code, the other enters it, and says yes."""
        await other.calls("link", code=code_of(await one.calls("link")))
        return await other.presses("Yes, both are me")


def code_of(reply: Reply | None) -> str:
    found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", words(reply))
    assert found, words(reply)
    return found[0]


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with open_sqlite(tmp_path / "society.db") as store, harborview(store) as society:
        slate = Paper(society.clock.now, "slate")
        society.courier = Courier(store, society.clock, society.app.pace, [society.paper, slate])
        await store.join(society.id, CLINIC)
        yield Two(society, slate)


async def everyone(two: Two) -> list[str]:
    async with two.society.store.records(two.society.id) as records:
        return [person.name for person in await records.people.all()]


async def test_a_mentee_with_two_accounts_is_one_person_with_everything_of_both(two: Two) -> None:
    ana, ben = await two.society.mentee(), await two.society.mentor()
    pair = await two.society.paired(ana, ben)
    ana_there = two.there("ana_r")
    said = words(await ana_there.calls("link", code=code_of(await ana.calls("link"))))
    assert "the other account: Ana Ruiz (mentee, 1 pair)" in said
    assert "this account: ana_r (not joined yet, no pair)" in said
    assert "one person now" in words(await ana_there.presses("Yes, both are me"))
    assert await everyone(two) == ["Ana Ruiz", "Ben Okafor"]
    assert await two.society.pairs(ana_there) == await two.society.pairs(ana) == [pair]
    assert "Ben Okafor, your mentor" in words(await ana_there.calls("my-pairs"))


async def test_it_does_not_matter_which_side_gives_the_code(two: Two) -> None:
    ana, ben = await two.society.mentee(), await two.society.mentor()
    pair = await two.society.paired(ana, ben)
    ana_there = two.there("ana_r")
    await two.link(ana_there, ana)
    assert await two.society.pairs(ana_there) == [pair]


async def test_nothing_is_joined_without_a_yes(two: Two) -> None:
    ana, ana_there = await two.society.mentee(), two.there("ana_r")
    await ana_there.calls("link", code=code_of(await ana.calls("link")))
    assert await everyone(two) == ["Ana Ruiz", "ana_r"]
    yes = ana_there.button("Yes, both are me")
    assert "Left as it was" in words(await ana_there.presses("No, leave it"))
    assert "has had its day" in words(await ana_there.asks(Pressed(yes)))
    assert await everyone(two) == ["Ana Ruiz", "ana_r"]


async def test_a_code_has_fifteen_minutes(two: Two) -> None:
    ana, ana_there = await two.society.mentee(), two.there("ana_r")
    code = code_of(await ana.calls("link"))
    two.society.clock.move_to(two.society.clock.now() + timedelta(minutes=15))
    assert "I don't know that code" in words(await ana_there.calls("link", code=code))


async def test_a_yes_after_fifteen_minutes_is_too_late(two: Two) -> None:
    ana, ana_there = await two.society.mentee(), two.there("ana_r")
    await ana_there.calls("link", code=code_of(await ana.calls("link")))
    two.society.clock.move_to(two.society.clock.now() + timedelta(minutes=15))
    assert "has had its day" in words(await ana_there.presses("Yes, both are me"))


async def test_a_code_is_for_the_first_who_enters_it_and_a_new_one_replaces_it(two: Two) -> None:
    ana, ana_there, eve = await two.society.mentee(), two.there("ana_r"), two.there("eve")
    first = code_of(await ana.calls("link"))
    code = code_of(await ana.calls("link"))
    assert "I don't know that code" in words(await ana_there.calls("link", code=first))
    assert "Is each of these you?" in words(await ana_there.calls("link", code=code.lower().replace("-", " ")))
    assert "I don't know that code" in words(await eve.calls("link", code=code))
    with pytest.raises(LookupError):
        eve.button("Yes, both are me")
    assert "has had its day" in words(await eve.asks(Pressed(ana_there.button("Yes, both are me"))))
    assert "one person now" in words(await ana_there.presses("Yes, both are me"))


async def test_the_same_code_entered_by_two_at_once_joins_one_of_them(two: Two) -> None:
    ana, eve, dan = await two.society.mentee(), two.there("eve"), two.there("dan")
    code = code_of(await ana.calls("link"))
    await asyncio.gather(*(each.calls("link", code=code) for each in (eve, dan)))
    winners = [each for each in (eve, dan) if "Is each of these you?" in words(each.replies[-1])]
    assert len(winners) == 1
    # A double tap, and the same request delivered twice, join once.
    yes = winners[0].button("Yes, both are me")
    await asyncio.gather(
        winners[0].asks(Pressed(yes), "tap"), winners[0].asks(Pressed(yes), "tap"), winners[0].asks(Pressed(yes))
    )
    assert len(await everyone(two)) == 2


async def test_ones_own_code_is_not_used_up_by_entering_it_on_the_same_side(two: Two) -> None:
    ana, ana_there = await two.society.mentee(), two.there("ana_r")
    code = code_of(await ana.calls("link"))
    assert "Enter it where your other account is" in words(await ana.calls("link", code=code))
    assert "Is each of these you?" in words(await ana_there.calls("link", code=code))


async def test_guesses_are_counted_and_after_five_no_code_is_looked_at_for_an_hour(two: Two) -> None:
    ana, eve = await two.society.mentee(), two.there("eve")
    code = code_of(await ana.calls("link"))
    for number in range(5):
        assert "I don't know that code" in words(await eve.calls("link", code=f"ABCD-EFG{number + 2}"))
    assert "too many codes" in words(await eve.calls("link", code=code))
    two.society.clock.move_to(two.society.clock.now() + timedelta(hours=1, seconds=1))
    assert "Is each of these you?" in words(await eve.calls("link", code=code_of(await ana.calls("link"))))


async def test_who_has_the_database_does_not_have_the_code(two: Two) -> None:
    ana = await two.society.mentee()
    code = code_of(await ana.calls("link")).replace("-", "")
    assert isinstance(two.society.store, SqlStore)
    async with two.society.store.engine.connect() as connection:
        (row,) = (await connection.execute(select(link_codes))).all()
    assert code not in str(row)
    assert code.encode() not in row.mark


async def test_a_code_of_another_society_is_not_known(two: Two) -> None:
    ana = await two.society.mentee()
    elsewhere = await two.society.store.found("Elsewhere", "UTC", "slate:elsewhere", None)
    eve = Actor(two.society.app, two.slate, "slate:elsewhere", "slate:eve", "Eve")
    assert elsewhere.id != two.society.id
    assert "I don't know that code here" in words(await eve.calls("link", code=code_of(await ana.calls("link"))))


async def test_a_code_for_places_links_no_accounts(two: Two) -> None:
    olu = await two.society.officer()
    olu_there = two.there("olu")
    code = code_of(await olu.calls("link-society"))
    assert "I don't know that code" in words(await olu_there.calls("link", code=code))


async def test_the_two_of_a_pair_are_two_people(two: Two) -> None:
    ana, ben = await two.society.mentee(), await two.society.mentor()
    await two.society.paired(ana, ben)
    assert "different people" in words(await ben.calls("link", code=code_of(await ana.calls("link"))))
    assert len(await everyone(two)) == 2


async def test_two_with_a_conflict_on_record_are_two_people(two: Two) -> None:
    ana, ben = await two.society.mentee(), await two.society.mentor()
    async with two.society.store.records(two.society.id) as records:
        ids = [person.id for person in await records.people.all()]
        await records.apart.note(ids[0], ids[1])
    assert "different people" in words(await ben.calls("link", code=code_of(await ana.calls("link"))))


async def test_a_pair_made_between_the_question_and_the_yes_stops_it(two: Two) -> None:
    ana, ben = await two.society.mentee(), await two.society.mentor()
    await two.society.asked(ana, ben)
    await ben.calls("link", code=code_of(await ana.calls("link")))
    yes = ben.button("Yes, both are me")
    await ben.presses("Accept")
    assert "different people" in words(await ben.asks(Pressed(yes)))
    assert len(await everyone(two)) == 2


async def test_two_profiles_become_one_the_fuller_having_the_word(two: Two) -> None:
    ana = await two.society.mentee(interests=(Specialty.PEDIATRICS,), wants=(Help.STRATEGY,), formats=())
    there = await two.moved(
        await two.society.mentee("Anita Ruiz", interests=(Specialty.SURGERY,), hours=None, rhythm=None, school="")
    )
    await two.link(ana, there)
    async with two.society.store.records(two.society.id) as records:
        person = await records.people.at(there.address)
        assert person is not None
        mentee = await records.people.mentee(person.id)
    assert mentee is not None
    # Hers from the first fills what the second left open; where both say something, the fuller of the two counts.
    assert (mentee.person.school, mentee.profile.interests) == ("Harborview", (Specialty.PEDIATRICS,))
    assert mentee.profile.formats
    assert mentee.profile.rhythm


async def test_who_once_said_they_are_under_age_stays_so(two: Two) -> None:
    ana = await two.society.mentee(adult=True)
    there = await two.moved(await two.society.mentee("Anita", adult=False, school="", rhythm=None))
    await two.link(ana, there)
    assert (await two.society.person(ana)).adult is False


async def test_a_mentor_has_one_capacity_and_keeps_every_mentee(two: Two) -> None:
    ben = await two.society.mentor(capacity=1)
    ben_there = await two.moved(await two.society.mentor("Ben O.", capacity=1, fields=()))
    ana, cleo, dora = [await two.society.mentee(name) for name in ("Ana Ruiz", "Cleo Marsh", "Dora Lind")]
    await two.society.paired(ana, ben)
    async with two.society.store.records(two.society.id) as records:
        mentor, mentee = await records.people.at(ben_there.address), await records.people.at(cleo.address)
        assert mentor
        assert mentee
        assert await records.pairs.make(mentee.id, mentor.id, two.society.clock.now())
    said = words(await ben_there.calls("link", code=code_of(await ben.calls("link"))))
    assert "You have 2 mentees and 1 places" not in said
    assert "2 mentees and one place" in said
    await ben_there.presses("Yes, both are me")
    assert len(await two.society.pairs(ben)) == 2
    async with two.society.store.records(two.society.id) as records:
        person, other = await records.people.at(ben.address), await records.people.at(dora.address)
        assert person
        assert other
        assert await records.pairs.make(other.id, person.id, two.society.clock.now()) is None
        found = await records.people.mentor(person.id)
    assert found is not None
    assert (found.load, found.free, found.profile.capacity) == (2, 0, 1)


async def test_of_two_open_requests_the_one_sent_first_stays(two: Two) -> None:
    ben, cleo = await two.society.mentor(), await two.society.mentor("Cleo Marsh")
    ana, other = await two.society.mentee(), await two.society.mentee("Anita Ruiz")
    await two.society.asked(ana, ben)
    await two.society.later(timedelta(hours=1))
    await two.society.asked(other, cleo)
    said = words(await other.calls("link", code=code_of(await ana.calls("link"))))
    assert "the one you sent first stays" in said
    await other.presses("Yes, both are me")
    person = await two.society.person(ana)
    async with two.society.store.records(two.society.id) as records:
        states = {i.state for i in await records.intros.all_of(person.id)}
    assert states == {IntroState.WAITING, IntroState.WITHDRAWN}
    assert "has taken this request back" in words(await cleo.presses("Accept"))
    assert "are a pair" in words(await ben.presses("Accept"))


async def test_a_request_that_waits_is_answered_by_the_mentor_who_linked_meanwhile(two: Two) -> None:
    ana, ben = await two.society.mentee(), await two.society.mentor()
    await two.society.asked(ana, ben)
    ben_there = two.there("ben_o")
    await two.link(ben, ben_there)
    assert "You and Ana are a pair" in words(await ben.presses("Accept"))
    await two.society.settle()
    assert len(await two.society.pairs(ben_there)) == 1


async def test_a_check_in_that_is_open_is_answered_after_linking(two: Two) -> None:
    ana, ben = await two.society.mentee(), await two.society.mentor()
    pair = await two.society.paired(ana, ben)
    for each in (ana, ben):
        await each.speaks()
    await two.society.later(15 * DAY)
    tap = ana.button("Yes")
    await two.link(two.there("ana_r"), ana)
    assert "Was it useful?" in words(await ana.asks(Pressed(tap)))
    async with two.society.store.records(two.society.id) as records:
        said = [(event.what, event.side) for event in await records.pairs.events(pair.id)]
    assert (Happened.CHECKIN_ANSWERED, Side.MENTEE) in said


async def test_a_pair_with_the_same_mentor_on_both_sides_goes_on_once(two: Two) -> None:
    ana, other, ben = await two.society.mentee(), await two.society.mentee("Anita Ruiz"), await two.society.mentor()
    lively = await two.society.paired(ana, ben)
    await two.society.later(DAY)
    double = await two.society.paired(other, ben)
    await ana.speaks()
    before = len(two.society.heard(ben))
    said = words(await other.calls("link", code=code_of(await ana.calls("link"))))
    assert "one of the two pairs goes on" in said
    await other.presses("Yes, both are me")
    assert [pair.id for pair in await two.society.pairs(ana)] == [lively.id]
    async with two.society.store.records(two.society.id) as records:
        folded = await records.pairs.get(double.id)
    assert folded is not None
    assert folded.state is PairState.ENDED
    await two.society.settle()
    assert len(two.society.heard(ben)) == before
    # What is said in the room of the double is a word in the pair that goes on.
    await two.society.later(2 * DAY)
    assert folded.room is not None
    await ben.speaks()
    async with two.society.store.records(two.society.id) as records:
        events = await records.pairs.events(lively.id)
    assert (events[-1].what, events[-1].side) == (Happened.WROTE, Side.MENTOR)


async def test_an_officer_stays_one_and_an_approved_mentor_needs_no_second_approval(two: Two) -> None:
    olu = await two.society.officer()
    await two.society.mentor("Olu Mensah", approved=True)
    ben = await two.society.mentor()
    there = await two.moved(await two.society.mentor("Ben O.", approved=False))
    async with two.society.store.records(two.society.id) as records:
        person = await records.people.at(there.address)
        assert person is not None
        await records.queue.open(QueueReason.APPROVE, two.society.clock.now(), person=person.id)
    await two.link(ben, there)
    await two.link(two.there("olu"), olu)
    assert (await two.society.person(olu)).roles == {Role.OFFICER}
    assert "Nothing needs you" in words(await olu.calls("queue"))


async def test_an_absence_holds_for_both_and_ends_for_both(two: Two) -> None:
    ana, ben = await two.society.mentee(), await two.society.mentor()
    pair = await two.society.paired(ana, ben)
    there = two.there("ben_o")
    await there.calls("time-off", until="2026-10-20")
    await two.link(ben, there)
    assert (await two.society.person(ben)).away_until is not None
    await two.society.later(10 * DAY)
    assert not [said for said in two.society.heard(ana) if "waiting for your first hello" in said]
    await two.society.later(6 * DAY)
    assert (await two.society.person(ben)).away_until is None
    async with two.society.store.records(two.society.id) as records:
        happened = [event.what for event in await records.pairs.events(pair.id)]
    assert [what for what in happened if what in (Happened.PAUSED, Happened.RESUMED)] == [
        Happened.PAUSED,
        Happened.RESUMED,
    ]


async def test_two_who_were_apart_get_their_room_when_one_links(two: Two) -> None:
    ana, ben = await two.society.mentee(), await two.moved(await two.society.mentor())
    await two.society.asked(ana, ben)
    await ben.presses("Accept")
    await two.society.settle()
    assert not two.society.paper.rooms
    ben_here = await two.society.visitor("ben_o")
    await two.link(ben, ben_here)
    await two.society.later(DAY)
    assert list(two.society.paper.rooms.values()) == [(ana.address, ben_here.address)]
    assert "this is your room" in plain_message(two.society.paper.shown[-1].message, NEW_YORK)
    for each in (ana, ben_here):
        await each.speaks()
    (pair,) = await two.society.pairs(ana)
    async with two.society.store.records(two.society.id) as records:
        assert (await records.pairs.events(pair.id))[-1].what is Happened.WROTE
    await two.society.later(15 * DAY)
    assert "Have you and Ben been in touch" in two.society.heard(ana)[-1]


async def test_where_no_room_can_open_the_two_go_on_through_the_bot_and_hear_nothing(two: Two) -> None:
    ana, ben = await two.society.mentee(), await two.moved(await two.society.mentor())
    await two.society.asked(ana, ben)
    await ben.presses("Accept")
    await two.society.settle()
    two.society.paper.roomless = True
    before = len(two.society.paper.shown), len(two.slate.shown)
    await two.link(ben, await two.society.visitor("ben_o"))
    await two.society.later(DAY)
    assert (len(two.society.paper.shown), len(two.slate.shown)) == before
    assert not two.society.paper.rooms


async def test_what_was_decided_about_someone_is_found_under_who_they_are_now(two: Two) -> None:
    ana = await two.society.mentee()
    there = two.there("ana_r")
    await there.calls("time-off", until="2026-10-20")
    old = await two.society.person(there)
    await two.link(ana, there)
    kept = await two.society.person(ana)
    assert isinstance(two.society.store, SqlStore)
    async with two.society.store.engine.connect() as connection:
        lines = (await connection.exec_driver_sql("SELECT actor, action, subject, detail FROM audit ORDER BY id")).all()
        due = (await connection.exec_driver_sql("SELECT what, subject FROM promises")).all()
    assert [tuple(line) for line in lines] == [
        (kept.id, "away", f"person:{kept.id}", ""),
        (kept.id, "person.linked", f"person:{kept.id}", f"was person:{old.id}, too"),
    ]
    assert (str(Open.AWAY), kept.id) in [tuple(each) for each in due]
