"""Two who are not to be paired: by officers' word, or by a member's own wish."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.model import DAY, Role
from bot.ports import Pressed, Sent
from bot.rehearsal import Actor, controls
from bot.ui import act
from tests.society import Society, words


async def pairs_up(officer: Actor, mentor: Actor, mentee: Actor) -> str:
    return words(await officer.calls("pair", mentor=mentor.address, mentee=mentee.address))


async def noted(officer: Actor, one: Actor, other: Actor, reason: str = "") -> str:
    await officer.calls("conflict", one=one.address, other=other.address)
    return words(await officer.fills(reason=reason))


async def test_officers_note_a_conflict_with_a_reason_that_only_they_read(harbor: Society, tmp_path: Path) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    assert "Nobody is told" in await noted(olu, ana, ben, "He grades her lab.")
    assert "Ana Ruiz and Ben Okafor: He grades her lab." in words(await olu.calls("conflict"))
    assert "conflict of interest" in await pairs_up(olu, ben, ana)
    assert "Ben" not in words(await ana.calls("find-mentor"))
    with closing(sqlite3.connect(tmp_path / "society.db")) as db:
        assert "grades her lab" not in "".join(db.iterdump())
    assert words(await ana.calls("conflict")) == "That one is for the society's officers."
    await olu.calls("conflict")
    await olu.presses("Ana and Ben")
    assert "are a pair" in await pairs_up(olu, ben, ana)


@pytest.mark.parametrize("mentees_wish", [True, False])
async def test_a_member_wishes_never_to_be_paired_with_someone_and_nobody_sees_it(
    harbor: Society, *, mentees_wish: bool
) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    who, other = (ana, ben) if mentees_wish else (ben, ana)
    assert "You will never be paired with" in words(await who.calls("never-with", member=other.address))
    assert "Nobody" in words(await other.calls("never-with"))
    assert "Ben" not in words(await ana.calls("find-mentor"))
    # What officers read is what they read of any private no.
    said = await pairs_up(olu, ben, ana)
    assert "These two can't be paired just now." in said
    assert "[Pair them anyway]" not in said
    assert "Nobody is noted" in words(await olu.calls("conflict"))
    await harbor.later(DAY)
    assert harbor.heard(other) == []
    assert "Nobody" in words(await who.presses(other.name))
    assert "Ben" in words(await ana.calls("find-mentor"))


async def test_what_officers_lift_leaves_a_members_own_wish(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await ana.calls("never-with", member=ben.address)
    await noted(olu, ben, ana)
    await olu.calls("conflict")
    assert "Nobody is noted" in words(await olu.presses("Ana and Ben"))
    assert "can't be paired just now" in await pairs_up(olu, ben, ana)
    await ana.calls("never-with")
    await ana.presses("Ben Okafor")
    assert "are a pair" in await pairs_up(olu, ben, ana)


async def test_an_officer_reads_nothing_of_what_is_noted_about_themselves(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    person = await harbor.person(ben)
    async with harbor.store.records(harbor.id) as records:
        await records.people.give_role(person.id, Role.OFFICER)
    await noted(olu, ana, ben, "She says that he presses her.")
    assert "Nobody is noted" in words(await ben.calls("conflict"))
    form = await ben.calls("conflict", one=ben.address, other=ana.address)
    assert "presses her" not in repr(form)
    assert "presses her" not in await noted(ben, ana, ben)
    assert "presses her" in words(await olu.calls("conflict"))
    two = sorted([(await harbor.person(ana)).id, (await harbor.person(ben)).id])
    said = await ben.asks(Pressed(act("conflict.lift"), ("-".join(map(str, two)),)))
    assert "had its day" in words(said)
    # Paired by himself he hears what he would hear of anyone's private no.
    assert "These two can't be paired just now." in await pairs_up(ben, ben, ana)
    await harbor.mentee("Cleo Marsh")
    await ben.calls("match-cohort")
    assert "conflict" not in words(await ben.calls("match-why", mentee=ana.address, mentor=ben.address))
    assert "conflict of interest" in words(await olu.calls("match-why", mentee=ana.address, mentor=ben.address))


async def test_a_request_between_two_who_are_not_to_be_paired_comes_to_nothing_without_a_reason(
    harbor: Society,
) -> None:
    ana, bea, ben = await harbor.mentee(), await harbor.mentee("Bea Holm"), await harbor.mentor()
    for mentee in (ana, bea):
        await harbor.asked(mentee, ben)
        await harbor.later(DAY)
    await ben.calls("never-with", member=ana.address)
    await bea.calls("never-with", member=ben.address)
    await harbor.later(DAY)
    assert "That is about time, not about you" in harbor.heard(ana)[-1]
    assert harbor.heard(bea) == []
    for _ in range(2):
        await ben.calls("home")
        assert "Accept" not in [label for label, _, _ in controls(ben.replies[-1].message)]  # type: ignore[union-attr]
    assert await harbor.pairs(ben) == []


async def test_a_mentor_who_accepts_what_officers_have_stopped_reads_nothing_of_why(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    await noted(olu, ana, ben, "He grades her lab.")
    assert "This request is over, and Ana was shown other names." in words(await ben.presses("Accept"))
    await harbor.later(DAY)
    assert "That is about time, not about you" in harbor.heard(ana)[-1]
    assert await harbor.pairs(ben) == []


async def test_a_round_and_the_line_keep_apart_those_who_are_not_to_be_paired(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await olu.calls("match-cohort")
    await olu.presses("Look at Ana")
    await olu.presses("Lock")
    await ana.calls("never-with", member=ben.address)
    await olu.calls("match-cohort")
    await olu.presses("Publish 1 pair…")
    assert "Ana Ruiz and Ben Okafor: These two can't be paired just now." in words(
        await olu.presses("Yes, publish 1 pair")
    )
    assert await harbor.pairs(ana) == []
    await ana.calls("find-mentor")
    await ana.presses("Tell me when someone fits")
    await harbor.later(3 * DAY)
    assert not [said for said in harbor.heard(ana) if "Ben" in said]


async def test_two_who_are_a_pair_go_on_until_one_of_them_ends_it(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    heard = harbor.heard(ben)
    await ana.calls("never-with", member=ben.address)
    await harbor.settle()
    assert harbor.heard(ben) == heard
    await ana.presses("End our pair")
    await ana.presses("End it")
    assert await harbor.pairs(ben) == []


async def test_who_wishes_to_be_left_alone_is_not_reminded_to_stay_in_touch(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    pair = await harbor.paired(ana, ben)
    await ana.asks(Sent(act("farewell.thank", pair.id), {}))
    for actor in (ana, ben):
        await actor.asks(Pressed(act("farewell.stay", pair.id, "yes")))
    await harbor.later(3 * DAY)
    heard = harbor.heard(ben)
    await ana.calls("never-with", member=ben.address)
    since = harbor.clock.now()
    await harbor.later(200 * DAY)
    assert not [said for said in harbor.heard(ana, since) if "in touch" in said]
    assert [said for said in harbor.heard(ben)[len(heard) :] if "Ana" in said] == []


async def test_a_wish_is_in_ones_own_data_and_in_nobody_elses(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await ana.calls("never-with", member=ben.address)
    for actor, rows in ((ana, [{"high": "Ben Okafor"}]), (ben, None)):
        person = await harbor.person(actor)
        async with harbor.store.records(harbor.id) as records:
            assert (await records.privacy.own(person.id, harbor.clock.now())).get("conflicts") == rows
