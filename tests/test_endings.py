"""Pausing and ending by either side's wish: no reason asked, none passed on, and someone new looked for."""

import re

import pytest

from bot import gallery
from bot.model import DAY, Role
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import Form, Message, plain_message
from tests.society import LETTER, NEW_YORK, Society, words

BLAME = re.compile(
    r"\b(fail\w*|fault|ignor\w+|unresponsive|unreliable|late|lazy|disappoint\w*|unfortunately|reject\w*|refus\w*|"
    r"never (answered|replied|wrote)|didn't (answer|reply|write|bother)|let (you|them|him|her) down|should have|"
    r"your own doing|no longer wants|does not want|doesn't want|because (he|she|they))\b",
    re.IGNORECASE,
)
KIND = ("nobody's fault",)
"""The one place where the word may stand."""


async def two(harbor: Society) -> tuple[Actor, Actor]:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await ana.speaks()
    return ana, ben


async def ends(actor: Actor) -> str:
    await actor.calls("my-pairs")
    await actor.presses("Not a fit")
    return words(await actor.presses("End it"))


@pytest.mark.parametrize(
    ("chosen", "day"), [("2 weeks", "Mon 19 Oct"), ("4 weeks", "Mon 2 Nov"), ("8 weeks", "Mon 30 Nov")]
)
@pytest.mark.sr("SR-5.b")
async def test_a_pause_is_as_long_as_its_chooser_says(harbor: Society, chosen: str, day: str) -> None:
    ana, ben = await two(harbor)
    await ana.calls("my-pairs")
    await ana.presses("Pause")
    assert f"Resting until {day}" in words(await ana.presses(chosen))
    await harbor.later(DAY)
    assert f"This pair rests until {day}" in harbor.heard(ben)[-1]


async def test_a_pause_can_last_until_a_date(harbor: Society) -> None:
    ana, _ = await two(harbor)
    await ana.calls("my-pairs")
    await ana.presses("Pause")
    assert isinstance(await ana.presses("Until a date"), Form)
    assert "Resting until Tue 15 Dec" in words(await ana.fills(day="2026-12-15"))
    (pair,) = await harbor.pairs(ana)
    assert pair.paused_until is not None
    assert pair.paused_until.astimezone(NEW_YORK).hour == 0


@pytest.mark.parametrize("day", ["soon", "2026-10-05", "2020-01-01", "2031-01-01"])
async def test_a_date_that_cannot_be_is_explained_and_nothing_rests(harbor: Society, day: str) -> None:
    ana, _ = await two(harbor)
    await ana.calls("my-pairs")
    await ana.presses("Pause")
    await ana.presses("Until a date")
    assert "date" in words(await ana.fills(day=day))
    (pair,) = await harbor.pairs(ana)
    assert pair.paused_until is None


@pytest.mark.parametrize("mentee_ends", [True, False], ids=["the mentee", "the mentor"])
@pytest.mark.sr("SR-23.b")
async def test_either_ends_it_in_two_taps_both_read_it_kindly_and_the_place_is_free(
    harbor: Society, mentee_ends: bool
) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor(capacity=1)
    await harbor.paired(ana, ben)
    await ana.speaks()
    ends_it, other = (ana, ben) if mentee_ends else (ben, ana)
    assert "Done" in await ends(ends_it)
    await harbor.later(2 * DAY)
    name = "Ana" if mentee_ends else "Ben"
    assert f"Your mentoring with {name} has come to its end" in harbor.heard(other)[-1]
    heard = len(harbor.heard(ana)), len(harbor.heard(ben))
    await harbor.later(60 * DAY)
    assert (len(harbor.heard(ana)), len(harbor.heard(ben))) == heard, "nothing more is said about it"
    bea = await harbor.mentee("Bea Lund")
    assert "[Ask Ben]" in words(await bea.calls("find-mentor"))


@pytest.mark.sr("SR-50.a", "SR-23.b")
async def test_a_reason_is_offered_never_asked_and_only_officers_read_it(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, ben = await two(harbor)
    assert "[Tell an officer why]" in await ends(ana)
    assert isinstance(await ana.presses("Tell an officer why"), Form)
    assert "the other never will" in words(await ana.fills(why="fit", words="He talks about golf."))
    await harbor.later(30 * DAY)
    everything = "\n".join([*harbor.heard(ben), words(await ben.calls("home"))])
    assert "golf" not in everything
    assert "fit" not in everything.replace("fits", "")
    assert "Someone told you why their pair ended" in words(await olu.calls("home"))
    read = words(await olu.presses("Read it"))
    assert "Ana, of the pair with Ben: not the right fit." in read
    assert "He talks about golf." in read


async def test_an_officer_does_not_read_what_was_said_about_their_own_pair(harbor: Society) -> None:
    ana, ben = await two(harbor)
    async with harbor.store.records(harbor.id) as records:
        await records.people.give_role((await records.people.at(ben.address)).id, Role.OFFICER)  # type: ignore[union-attr]
    await ends(ana)
    await ana.presses("Tell an officer why")
    await ana.fills(why="time")
    assert "told you why" not in words(await ben.calls("home"))


async def test_nobody_gives_a_reason_for_anothers_pair_or_a_living_one(harbor: Society) -> None:
    ana, ben = await two(harbor)
    bea = await harbor.mentee("Bea Lund")
    await ends(ana)
    button = ana.button("Tell an officer why")
    assert "Nothing was changed" in words(await bea.asks(Pressed(button)))
    assert isinstance(await ben.asks(Pressed(button)), Form)


async def test_who_looks_for_someone_new_comes_first_in_line_and_an_officer_sees_it(harbor: Society) -> None:
    olu, bea = await harbor.officer(), await harbor.mentee("Bea Lund")
    ana, ben = await harbor.mentee(), await harbor.mentor(capacity=1)
    await harbor.paired(ana, ben)
    assert "I'll write when someone who fits" in words(await nobody_for(bea))
    await harbor.later(DAY)
    await ends(ben)
    await harbor.later(DAY)
    assert "Ana had" not in "".join(harbor.heard(ben))
    assert "You come first in line" in words(await ana.presses("Find me someone new"))
    assert isinstance(await ana.presses("Tell an officer why"), Form)
    assert "Ana Ruiz: had a mentor and looks for someone new" in words(await olu.calls("queue"))
    since = harbor.clock.now()
    await harbor.mentor("Cy Park", capacity=1)
    await harbor.later(2 * DAY)
    assert any("[Ask Cy]" in said for said in harbor.heard(ana, since))
    assert not any("[Ask Cy]" in said for said in harbor.heard(bea, since))
    await ana.presses("Ask Cy")
    await ana.fills(**LETTER)
    await ana.presses("Send to Cy")
    assert "in line" in words(await ana.calls("home"))


async def nobody_for(actor: Actor) -> Message:
    await actor.calls("find-mentor")
    reply = await actor.presses("Tell me when someone fits")
    assert reply is not None
    assert not isinstance(reply, Form)
    return reply.message


async def test_the_same_two_are_not_brought_together_again(harbor: Society) -> None:
    ana, ben = await two(harbor)
    await ends(ana)
    await ana.presses("Find me someone new")
    await harbor.later(100 * DAY)
    assert not any("[Ask Ben]" in said for said in harbor.heard(ana))
    assert "Ask Ben" not in words(await ana.calls("find-mentor"))
    assert "a pair before" in words(
        await (await harbor.officer()).calls("pair", mentor=ben.address, mentee=ana.address)
    )


async def test_a_new_pair_takes_someone_out_of_line_and_off_the_queue(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, _ = await two(harbor)
    await ends(ana)
    await ana.presses("Find me someone new")
    cy = await harbor.mentor("Cy Park")
    await harbor.paired(ana, cy)
    assert "in line" not in words(await ana.calls("home"))
    assert "looks for someone new" not in words(await olu.calls("queue"))


@pytest.mark.sr("SR-50.a")
@pytest.mark.parametrize("words_of", [gallery.usual, gallery.longest], ids=["usual", "longest"])
def test_no_message_of_an_end_a_refusal_a_pause_or_a_new_start_blames(words_of: gallery.Words) -> None:
    about = {"endings", "farewells", "pairs", "quiet", "intros", "line"}
    seen = set()
    for shown in gallery.gallery(words_of):
        if shown.feature in about and isinstance(shown.what, Message):
            seen.add(shown.feature)
            said = plain_message(shown.what, NEW_YORK)
            for fine in KIND:
                said = said.replace(fine, "")
            assert not BLAME.search(said), (shown.feature, shown.screen, said)
    assert seen == about


def test_blame_would_be_found() -> None:
    for said in ("Ana never answered you.", "He didn't write.", "It failed because they were late."):
        assert BLAME.search(said)


async def test_of_a_pair_that_ends_before_either_heard_of_it_nobody_hears(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await olu.calls("pair", mentor=ben.address, mentee=ana.address)
    await ends(ana)
    await harbor.settle()
    await harbor.later(DAY)
    assert harbor.heard(ben) == []


async def test_who_accepted_hears_of_the_end_even_before_the_room_opened(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    await ben.presses("Accept")
    await ends(ana)
    await harbor.later(DAY)
    assert "has come to its end" in harbor.heard(ben)[-1]
