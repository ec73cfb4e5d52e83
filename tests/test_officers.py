"""Officers: pairing by hand within the rules, ending pairs, and what is theirs alone."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.model import DAY
from bot.ports import Pressed, Sent
from bot.rehearsal import Actor
from bot.ui import Form
from bot.vocabulary import MentorKind, Phase
from tests.society import Society, words


async def pairs_up(officer: Actor, mentor: Actor, mentee: Actor, **more: str) -> str:
    return words(await officer.calls("pair", mentor=mentor.address, mentee=mentee.address, **more))


def written_down(folder: Path) -> list[tuple[str, str]]:
    """What the society's log says was done, and its detail."""
    with closing(sqlite3.connect(folder / "society.db")) as db:
        return db.execute("select action, detail from audit order by id").fetchall()


async def test_an_officer_pairs_two_and_both_read_the_note(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    assert "Ben and Ana are a pair" in await pairs_up(olu, ben, ana, note="You both row.")
    await harbor.settle()
    for someone in (ana, ben):
        assert "You both row." in harbor.heard(someone)[0]
        assert "Ana, you write first" in harbor.heard(someone)[0]


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"approved": False}, "has not been approved yet"), ({"capacity": 0}, "not finished their profile")],
)
async def test_some_rules_hold_for_officers_too(harbor: Society, changes: dict[str, Any], why: str) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor(**changes)
    said = await pairs_up(olu, ben, ana)
    assert why in said
    assert "[Pair them anyway]" not in said
    assert await harbor.pairs(ana) == []


async def test_a_full_mentor_stays_full(harbor: Society) -> None:
    olu, ana, bea = await harbor.officer(), await harbor.mentee(), await harbor.mentee("Bea")
    ben = await harbor.mentor(capacity=1)
    await pairs_up(olu, ben, ana)
    said = await pairs_up(olu, ben, bea)
    assert "places are all taken" in said
    assert "[Pair them anyway]" not in said


async def test_two_who_are_a_pair_are_not_paired_twice(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await pairs_up(olu, ben, ana)
    assert "They are a pair already" in await pairs_up(olu, ben, ana)
    assert len(await harbor.pairs(ana)) == 1


async def test_a_conflict_of_interest_keeps_two_apart(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    one, other = await harbor.person(ana), await harbor.person(ben)
    async with harbor.store.records(harbor.id) as records:
        await records.apart.note(one.id, other.id)
    said = await pairs_up(olu, ben, ana)
    assert "conflict of interest" in said
    assert "[Pair them anyway]" not in said
    assert "Ben" not in words(await ana.calls("find-mentor"))


async def test_a_mentors_private_refusal_is_not_given_away_to_officers(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    await ben.presses("Not for me")
    said = await pairs_up(olu, ben, ana)
    assert "can't be paired just now" in said
    assert "[Pair them anyway]" not in said


@pytest.mark.sr("SR-2.b")
@pytest.mark.parametrize(
    ("mentee", "mentor", "why", "detail"),
    [
        ({}, {"kind": MentorKind.PREMED_UPPER, "phase": Phase.FRESHMAN}, "not further along", "not_further"),
        ({"adult": False}, {}, "under 18", "under_age"),
    ],
)
async def test_an_officer_may_decide_otherwise_and_it_is_written_down(
    harbor: Society, tmp_path: Path, mentee: dict[str, Any], mentor: dict[str, Any], why: str, detail: str
) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(**mentee), await harbor.mentor(**mentor)
    assert why in await pairs_up(olu, ben, ana)
    assert await harbor.pairs(ana) == []
    await olu.presses("Pair them anyway")
    assert "are a pair" in words(await olu.fills())
    assert ("pair.made", f"overrode {detail}") in written_down(tmp_path)


async def test_someone_away_is_paired_only_on_an_officers_word(harbor: Society, tmp_path: Path) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await ben.calls("time-off", until="2026-10-20")
    assert "One of them is away" in await pairs_up(olu, ben, ana)
    form = await olu.presses("Pair them anyway")
    assert isinstance(form, Form)
    for _ in range(2):
        await olu.asks(Sent(form.action, {}))
    assert len(await harbor.pairs(ana)) == 1
    assert [action for action, _ in written_down(tmp_path)].count("pair.made") == 1


async def test_the_note_survives_an_override(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await ana.calls("time-off", until="2026-10-07")
    await pairs_up(olu, ben, ana, note="You both row.")
    await olu.presses("Pair them anyway")
    await olu.fills()
    await harbor.later(3 * DAY)
    assert "You both row." in harbor.heard(ana)[0]


async def test_two_officers_at_once_never_exceed_capacity(harbor: Society) -> None:
    olu, pia = await harbor.officer("Olu"), await harbor.officer("Pia")
    ana, bea, ben = await harbor.mentee(), await harbor.mentee("Bea"), await harbor.mentor(capacity=1)
    said = await asyncio.gather(pairs_up(olu, ben, ana), pairs_up(pia, ben, bea))
    assert len(await harbor.pairs(ben)) == 1
    assert sorted("places are all taken" in each for each in said) == [False, True]


async def test_two_officers_with_the_same_idea_make_one_pair(harbor: Society) -> None:
    olu, pia = await harbor.officer("Olu"), await harbor.officer("Pia")
    ana, ben = await harbor.mentee(), await harbor.mentor()
    said = await asyncio.gather(pairs_up(olu, ben, ana), pairs_up(pia, ben, ana))
    assert len(await harbor.pairs(ben)) == 1
    assert sorted("are a pair already" in each for each in said) == [False, True]


async def test_ending_a_pair_tells_both_kindly_and_frees_the_place(harbor: Society) -> None:
    olu, ana, bea = await harbor.officer(), await harbor.mentee(), await harbor.mentee("Bea")
    ben = await harbor.mentor(capacity=1)
    await pairs_up(olu, ben, ana)
    await harbor.settle()
    assert "End this pair?" in words(await olu.calls("unpair", mentor=ben.address, mentee=ana.address))
    assert "Ended." in words(await olu.presses("End it"))
    await harbor.later(2 * DAY)
    for someone in (ana, ben):
        assert "nobody's fault" in harbor.heard(someone)[-1]
    assert "not a pair just now" in words(await olu.calls("unpair", mentor=ben.address, mentee=ana.address))
    assert "are a pair" in await pairs_up(olu, ben, bea)


@pytest.mark.parametrize("command", ["pair", "unpair", "queue"])
async def test_officers_commands_are_not_for_members(harbor: Society, command: str) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    said = words(await ana.calls(command, mentor=ben.address, mentee=ana.address))
    assert said == "That one is for the society's officers."
    assert await harbor.pairs(ana) == []


async def test_an_officers_button_pressed_by_a_member_is_refused(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await ben.calls("time-off", until="2026-10-20")
    await pairs_up(olu, ben, ana)
    anyway = olu.button("Pair them anyway")
    form = await olu.presses("Pair them anyway")
    assert isinstance(form, Form)
    for member in (ana, ben):
        assert "Nothing was changed" in words(await member.asks(Pressed(anyway)))
        assert words(await member.asks(Sent(form.action, {}))) == "That one is for the society's officers."
    assert await harbor.pairs(ana) == []


async def test_someone_nobody_has_met_is_named_as_such(harbor: Society) -> None:
    olu, ana, kim = await harbor.officer(), await harbor.mentee(), await harbor.visitor("Kim")
    assert "I haven't met that person yet" in await pairs_up(olu, kim, ana)
    await kim.calls("profile")
    assert "not joined in that role" in await pairs_up(olu, kim, ana)


async def test_an_empty_queue_says_so(harbor: Society) -> None:
    assert "Nothing needs you" in words(await (await harbor.officer()).calls("queue"))


async def test_an_officers_word_starts_a_pairs_clock_afresh(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.later(11 * DAY)
    assert "no first word yet" in words(await olu.calls("queue"))
    assert "Nothing needs you" in words(await olu.presses("I've written to them"))
    heard = len(harbor.heard(ana))
    await harbor.later(2 * DAY)
    assert len(harbor.heard(ana)) == heard
    await harbor.later(9 * DAY)
    assert "no first word yet" in words(await olu.calls("queue"))


async def test_an_officer_may_rest_or_end_a_pair_from_the_queue(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.later(11 * DAY)
    await olu.calls("queue")
    assert "Nothing needs you" in words(await olu.presses("Pause 4 weeks"))
    await harbor.later(DAY)
    assert "This pair rests until" in harbor.heard(ana)[-1]
    await harbor.later(45 * DAY)
    await olu.calls("queue")
    await olu.presses("End the pair")
    assert await harbor.pairs(ana) == []
