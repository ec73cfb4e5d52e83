"""Every road to a mentor: the line, an invitation, a mentor of one's own, associations. Never a dead end."""

import re

import pytest
from sqlalchemy.exc import IntegrityError

from bot.model import DAY, Association
from bot.ports import Opened, Pressed
from bot.rehearsal import Actor, controls
from bot.ui import Buttons, Form, Line, Private
from bot.vocabulary import MentorKind, Phase
from tests.society import Society, words
from tests.test_joining import joins


async def waits(actor: Actor) -> str:
    await actor.calls("find-mentor")
    return words(await actor.presses("Tell me when someone fits"))


# ── first contact ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("first", ["home", "sign-up", "profile"])
@pytest.mark.sr("SR-1.a")
async def test_first_contact_is_three_short_lines_and_one_button(harbor: Society, first: str) -> None:
    nia = await harbor.visitor("Nia Cole")
    reply = await nia.calls(first)
    assert isinstance(reply, Private)
    lines = [block for block in reply.message.blocks if isinstance(block, Line)]
    assert len(lines) <= 3
    assert all(len(line) < 100 for line in words(reply).split("\n"))
    assert [len(block.buttons) for block in reply.message.blocks if isinstance(block, Buttons)] == [1]


@pytest.mark.sr("SR-1.a")
async def test_the_start_pressed_twice_makes_one_profile(harbor: Society) -> None:
    nia = await harbor.visitor("Nia Cole")
    await nia.asks(Opened())
    start = nia.button("I'd like a mentor")
    for _ in range(2):
        assert isinstance(await nia.asks(Pressed(start)), Form)
    async with harbor.store.records(harbor.id) as records:
        (member,) = await records.people.roster()
    assert member.mentee is not None
    assert member.mentor is None


# ── the line ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-7.a")
async def test_with_no_free_mentor_there_are_at_least_two_ways_on(harbor: Society) -> None:
    ana = await harbor.mentee()
    for found in (await ana.calls("find-mentor"), await ana.calls("other-ways")):
        assert isinstance(found, Private)
        assert len(list(controls(found.message))) >= 3


@pytest.mark.sr("SR-7.a")
async def test_with_mentors_free_there_are_other_roads_as_well(harbor: Society) -> None:
    ana, _ = await harbor.mentee(), await harbor.mentor()
    assert "/other-ways" in words(await ana.calls("find-mentor"))


@pytest.mark.sr("SR-7.a")
async def test_a_freed_place_is_told_to_who_waited_longest_and_then_to_the_next(harbor: Society) -> None:
    ana, bea, ben = await harbor.mentee(), await harbor.mentee("Bea Lund"), await harbor.mentor(capacity=1)
    cleo = await harbor.mentee("Cleo Diaz")
    await harbor.paired(cleo, ben)
    assert "needn't look again" in await waits(bea)
    await harbor.later(DAY)
    await waits(ana)
    assert "You are in line" in words(await ana.calls("home"))
    await cleo.calls("my-pairs")
    await cleo.presses("Not a fit")
    await cleo.presses("End it")
    await harbor.later(DAY)
    assert "[Ask Ben]" in harbor.heard(bea)[-1]
    assert harbor.heard(ana) == []
    await harbor.later(3 * DAY)
    assert "[Ask Ben]" in harbor.heard(ana)[-1]
    await harbor.later(20 * DAY)
    assert sum("[Ask Ben]" in said for said in harbor.heard(bea)) == 1


@pytest.mark.sr("SR-2.a", "SR-2.b")
async def test_nobody_in_line_is_told_of_a_mentor_they_could_not_ask(harbor: Society) -> None:
    ana = await harbor.mentee(phase=Phase.SENIOR)
    await waits(ana)
    await harbor.mentor("Ben", approved=False)
    await harbor.mentor("Cy", kind=MentorKind.PREMED_UPPER, phase=Phase.SOPHOMORE)
    await harbor.later(5 * DAY)
    assert harbor.heard(ana) == []


async def test_who_no_longer_looks_is_told_nothing(harbor: Society) -> None:
    ana = await harbor.mentee()
    await waits(ana)
    await ana.calls("home")
    assert "join again any time" in words(await ana.presses("I no longer look"))
    await harbor.mentor()
    await harbor.later(5 * DAY)
    assert harbor.heard(ana) == []


async def test_nobody_waits_while_someone_who_fits_is_free(harbor: Society) -> None:
    ana = await harbor.mentee()
    await ana.calls("find-mentor")
    await harbor.mentor()
    assert "[Ask Ben]" in words(await ana.presses("Tell me when someone fits"))
    assert "You are in line" not in words(await ana.calls("home"))


async def test_an_open_request_counts_as_a_place_that_may_go(harbor: Society) -> None:
    ana, bea = await harbor.mentee(), await harbor.mentee("Bea Lund")
    await waits(ana)
    ben = await harbor.mentor(capacity=1)
    await harbor.asked(bea, ben)
    await harbor.later(2 * DAY)
    assert harbor.heard(ana) == []
    await ben.presses("Not now")
    await harbor.later(2 * DAY)
    assert "[Ask Ben]" in harbor.heard(ana)[-1]


# ── inviting and vouching ─────────────────────────────────────────────────────────────────────────────────────────


async def invites(actor: Actor, **answers: str) -> str:
    await actor.calls("other-ways")
    assert isinstance(form := await actor.presses("Invite someone I know"), Form)
    assert {field.name for field in form.fields} == {"how_met", "vouched"}, "nothing is asked about the outsider"
    text = words(await actor.fills(**answers))
    found = re.search(r"/invited ([A-Z0-9]{4}-[A-Z0-9]{4})", text)
    assert found
    return found[1]


@pytest.mark.sr("SR-10.a")
async def test_an_invitation_keeps_nothing_of_the_outsider_and_a_vouch_is_seen_when_they_join(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    async with harbor.store.records(harbor.id) as records:
        before = [member.person.id for member in await records.people.roster()]
    code = await invites(ana, how_met="friend", vouched="yes")
    async with harbor.store.records(harbor.id) as records:
        assert [member.person.id for member in await records.people.roster()] == before
    ben = await harbor.visitor("Ben Okafor")
    assert "Ana thought of you" in words(await ben.calls("invited", code=code.lower()))
    await joins(ben, "I'd like to mentor")
    assert "vouched for by Ana (a friend or classmate)" in words(await olu.calls("queue"))


async def test_a_code_is_for_one_person_not_for_oneself_and_not_for_ever(harbor: Society) -> None:
    ana, ben, cy = await harbor.mentee(), await harbor.visitor("Ben"), await harbor.visitor("Cy")
    code = await invites(ana, vouched="no")
    assert "I don't know that code" in words(await ana.calls("invited", code=code))
    assert "thought of you" in words(await ben.calls("invited", code=code))
    assert "I don't know that code" in words(await cy.calls("invited", code=code))
    assert "I don't know that code" in words(await ben.calls("invited", code=await invites(ana, vouched="no")))
    code = await invites(ana, vouched="no")
    await harbor.later(91 * DAY)
    assert "I don't know that code" in words(await cy.calls("invited", code=code))


# ── a mentor of one's own ─────────────────────────────────────────────────────────────────────────────────────────


async def has_own(actor: Actor, **answers: str) -> str:
    await actor.calls("other-ways")
    assert isinstance(await actor.presses("I have a mentor elsewhere"), Form)
    return words(await actor.fills(**{"name": "Dr. Lee", "how_met": "physician", "rhythm": "monthly"} | answers))


@pytest.mark.sr("SR-11.b")
async def test_one_is_told_once_not_to_mix_being_a_patient_with_being_a_mentee(harbor: Society) -> None:
    ana = await harbor.mentee()
    assert "write nothing here about your health" in await has_own(ana)
    assert "health" not in await has_own(ana, name="Dr. Roe")
    assert "health" not in await has_own(ana, name="Kim", how_met="friend")


@pytest.mark.sr("SR-12.a")
async def test_met_online_is_a_way_of_meeting_and_brings_a_word_of_caution_once(harbor: Society) -> None:
    ana = await harbor.mentee()
    assert "never send money or documents" in await has_own(ana, how_met="online")
    assert "money" not in await has_own(ana, how_met="online", name="Dr. Roe")
    person = await harbor.person(ana)
    async with harbor.store.records(harbor.id) as records:
        assert [own.how_met for own in await records.roads.own_mentors(person.id)] == ["online", "online"]


@pytest.mark.sr("SR-11.a")
async def test_a_mentor_of_ones_own_is_never_written_to_and_the_mentee_gets_the_same_help(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    await has_own(ana)
    assert "Five things to settle with Dr. Lee" in words(await ana.presses("What to settle first"))
    await ana.calls("home")
    await ana.presses("Prepare a meeting")
    assert "1. Research or shadowing?" in words(await ana.fills(one="Research or shadowing?", two="", news=""))
    await ana.calls("home")
    await ana.presses("Write an update")
    assert "Done: passed orgo" in words(await ana.fills(done="passed orgo", next="MCAT", blocked=""))
    await harbor.later(65 * DAY)
    assert {shown.to for shown in harbor.paper.shown} == {ana.address}
    assert sum("A few lines to Dr. Lee are due" in said for said in harbor.heard(ana)) == 2
    assert await harbor.pairs(ana) == []
    assert "With a mentor of their own elsewhere: 1, counted in no pair" in words(await olu.calls("home"))
    assert "Lee" not in words(await olu.calls("home"))


async def test_one_let_go_is_forgotten(harbor: Society) -> None:
    ana = await harbor.mentee()
    await has_own(ana)
    assert "Nothing about them is kept" in words(await ana.presses("No longer my mentor"))
    await harbor.later(60 * DAY)
    assert harbor.heard(ana) == []
    assert "Dr. Lee" not in words(await ana.calls("home"))


async def test_nobody_reaches_anothers_own_mentor(harbor: Society) -> None:
    ana, bea = await harbor.mentee(), await harbor.mentee("Bea Lund")
    await has_own(ana)
    for action, chosen in [(do, what) for message in ana.sees() for _, do, what in controls(message)]:
        if action.name == "go" and "own" in "".join(chosen):
            assert "Nothing was changed" in words(await bea.asks(Pressed(action, chosen)))


# ── associations ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-9.b")
async def test_officers_show_an_association_only_with_the_day_its_link_was_checked(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    assert "SNMA" not in words(await ana.calls("other-ways"))
    await olu.calls("associations")
    assert isinstance(await olu.presses("Change one…", "SNMA / MAPS"), Form)
    assert "When did you last open that link?" in words(await olu.fills(checked_on="", published="yes"))
    await olu.presses("Change one…", "SNMA / MAPS")
    assert "SNMA / MAPS: shown, link checked Oct 2026" in words(
        await olu.fills(checked_on="2026-10-04", published="yes")
    )
    assert "https://snma.org) (link checked Oct 2026)" in words(await ana.calls("other-ways"))
    assert "officers" in words(await ana.calls("associations"))


@pytest.mark.parametrize("url", ["snma.org", "http://snma.org", "https://x.org/?a=[b](c)", "https://x.org|here>"])
async def test_a_link_that_a_platform_could_read_as_formatting_is_not_kept(harbor: Society, url: str) -> None:
    olu = await harbor.officer()
    await olu.calls("associations")
    await olu.presses("Add one")
    assert "plain link" in words(await olu.fills(short="X", name="Ex", url=url, published="no"))


@pytest.mark.sr("SR-9.b")
async def test_the_database_itself_publishes_none_without_a_date(harbor: Society) -> None:
    with pytest.raises(IntegrityError):
        async with harbor.store.records(harbor.id) as records:
            await records.roads.keep_association(Association("X", "Ex", "https://x.org", None, True))


@pytest.mark.sr("SR-9.a")
async def test_an_association_both_name_changes_the_order_and_nothing_else(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    _, cy = await harbor.mentor("Bo Lind"), await harbor.mentor("Cy Park")

    async def order() -> list[str]:
        return re.findall(r"\[Ask (\w+)\]", words(await ana.calls("find-mentor")))

    assert await order() == ["Bo", "Cy"]
    await olu.calls("associations")
    await olu.presses("Add one")
    await olu.fills(short="Our chapter", name="Ours", url="https://ours.example.org", published="no")
    for actor in (ana, cy):
        await actor.calls("profile")
        assert isinstance(await actor.presses("Your associations"), Form)
        assert "counts a little" in words(await actor.fills(associations=("Our chapter", "AED")))
    assert await order() == ["Cy", "Bo"]
