"""People and power: roles with a last day, a handover in two taps, and who did what."""

import asyncio
from datetime import date

import pytest

from bot.model import DAY, Need, Role
from bot.ports import Called, Pressed, Request
from bot.rehearsal import Actor
from bot.rules.power import may
from bot.ui import Action, act
from tests.society import PLACE, Society, words


async def manages(actor: Actor, command: str, **args: str) -> str:
    """A command of someone whom the platform lets administer the place."""
    key = f"{actor.address}-manager-{len(actor.replies)}"
    request = Request(key, PLACE, actor.address, actor.name, Called(command, args), manager=True)
    await actor.app.answer(request, actor)
    return words(actor.replies[-1])


async def presses(actor: Actor, action: Action) -> str:
    return words(await actor.asks(Pressed(action)))


async def with_role(harbor: Society, name: str, role: Role, until: date | None = None) -> Actor:
    actor = await harbor.mentee(name)
    person = await harbor.person(actor)
    async with harbor.store.records(harbor.id) as records:
        await records.power.name(person.id, role, until)
    return actor


@pytest.fixture
async def pia(harbor: Society) -> Actor:
    """The president."""
    return await with_role(harbor, "Pia Lund", Role.PRESIDENT)


def test_which_role_may_do_what() -> None:
    granted = {
        role: {need for need in Need if may(need, {role} if role else (), manager=False, led=True)}
        for role in (None, *Role)
    }
    member, reads = {Need.MEMBER}, {Need.MEMBER, Need.READ}
    assert granted == {
        None: member,
        Role.SAFEGUARDING: member,
        Role.ADVISOR: reads | {Need.HAND_OVER},
        Role.OFFICER: reads | {Need.ACT},
        Role.PRESIDENT: set(Need),
    }
    assert may(Need.GOVERN, {Role.OFFICER}, manager=False, led=False)
    assert may(Need.GOVERN, (), manager=True, led=True)
    assert not may(Need.ACT, (), manager=True, led=True)


async def test_the_first_president_is_named_by_the_places_manager_and_by_nobody_else(harbor: Society) -> None:
    olu, pat = await harbor.officer(), await harbor.visitor("Pat")
    assert "whoever administers this place" in words(await olu.calls("claim"))
    assert "whoever administers this place" in words(await olu.calls("officers", member=olu.address, role="president"))
    assert "you are president" in await manages(pat, "claim")
    assert "whoever administers this place" in await manages(await harbor.visitor("Eve"), "claim")
    assert (await harbor.person(pat)).roles == {Role.PRESIDENT}


async def test_a_code_from_the_console_makes_a_president_once_and_for_a_day(harbor: Society) -> None:
    pat, eve = await harbor.visitor("Pat"), await harbor.visitor("Eve")
    async with harbor.store.records(harbor.id) as records:
        await records.power.make_claim("0123456789abcdef", harbor.clock.now() + DAY)
    assert "not good" in words(await eve.calls("claim", code="0123456789abcdee"))
    assert "you are president" in words(await pat.calls("claim", code="0123456789abcdef"))
    assert "not good" in words(await eve.calls("claim", code="0123456789abcdef"))
    async with harbor.store.records(harbor.id) as records:
        await records.power.make_claim("fedcba9876543210", harbor.clock.now() + DAY)
    await harbor.later(2 * DAY)
    assert "not good" in words(await eve.calls("claim", code="fedcba9876543210"))


async def test_a_president_governs_and_officers_act(harbor: Society, pia: Actor) -> None:
    olu = await harbor.officer()
    assert words(await olu.calls("setup")) == "That one is for the society's president."
    assert "Time zone" in words(await pia.calls("setup"))
    for someone in (olu, pia):
        assert "Nothing needs you" in words(await someone.calls("queue"))


async def test_an_advisor_sees_what_officers_see_and_changes_nothing(harbor: Society, pia: Actor) -> None:
    ada, ana, ben = await harbor.visitor("Ada"), await harbor.mentee(), await harbor.mentor()
    await ada.calls("home")
    await pia.calls("officers", member=ada.address, role="advisor")
    await harbor.paired(ana, ben)
    await harbor.later(11 * DAY)
    assert "[I've written to them]" in words(await pia.calls("queue"))
    seen = words(await ada.calls("queue"))
    assert "no first word yet" in seen
    assert "[" not in seen
    assert await presses(ada, pia.button("End the pair")) == "That one is for the society's officers."
    assert "One of 1" not in words(await ada.calls("agreements"))
    assert len(await harbor.pairs(ana)) == 1


async def test_a_role_ends_by_itself_on_its_last_day_and_officers_hear_two_weeks_before(
    harbor: Society, pia: Actor
) -> None:
    olu = await harbor.mentee("Olu Mensah")
    await pia.calls("officers", member=olu.address, role="officer", until="2026-11-01")
    await harbor.later(12 * DAY)
    assert not any("Olu Mensah is officer until" in said for said in harbor.heard(pia))
    await harbor.later(4 * DAY)
    (told,) = [said for said in harbor.heard(pia) if "Olu Mensah is officer until Sun 1 Nov" in said]
    assert "Longer, or someone new? /officers" in told
    assert "Nothing needs you" in words(await olu.calls("queue"))
    await harbor.later(12 * DAY)
    assert words(await olu.calls("queue")) == "That one is for the society's officers."
    assert any("time as officer is over, and with it their access" in said for said in harbor.heard(pia))


async def test_access_ends_on_the_day_even_before_anything_is_due(harbor: Society, pia: Actor) -> None:
    olu = await with_role(harbor, "Olu", Role.OFFICER, date(2026, 10, 4))
    assert words(await olu.calls("queue")) == "That one is for the society's officers."


async def test_the_president_extends_and_ends_terms(harbor: Society, pia: Actor) -> None:
    olu = await with_role(harbor, "Olu Mensah", Role.OFFICER, date(2026, 12, 1))
    assert "Olu Mensah, officer, until Tue 1 Dec 2026" in words(await pia.calls("officers"))
    await pia.presses("Olu Mensah, officer")
    assert "until Wed 1 Dec 2027" in words(await pia.presses("A year longer"))
    await pia.presses("Olu Mensah, officer")
    assert await presses(olu, pia.button("End it now…")) == "That one is for the society's president."
    assert "End it now for Olu Mensah: officer?" in words(await pia.presses("End it now…"))
    await pia.presses("Leave it")
    await pia.presses("End it now…")
    ends = pia.button("End it")
    assert await presses(olu, ends) == "That one is for the society's president."
    assert "Olu Mensah" not in words(await pia.presses("End it"))
    assert await presses(pia, ends) == "You have seen to it already."


async def test_a_society_keeps_its_last_president(harbor: Society, pia: Actor) -> None:
    await pia.calls("officers")
    await pia.presses("Pia Lund, president")
    assert "What it lets you do ends with it" in words(await pia.presses("End it now…"))
    assert "keeps its last president" in words(await pia.presses("End it"))
    person = await harbor.person(pia)
    async with harbor.store.records(harbor.id) as records:
        await records.power.name(person.id, Role.PRESIDENT, date(2026, 10, 6))
    await pia.calls("officers", member=(await harbor.mentee()).address)
    await harbor.later(3 * DAY)
    assert any("nobody follows yet, so it goes on" in said for said in harbor.heard(pia))
    assert "[Time zone]" in words(await pia.calls("setup"))


async def test_two_presidents_who_end_one_another_leave_one(harbor: Society, pia: Actor) -> None:
    bea = await with_role(harbor, "Bea Holm", Role.PRESIDENT)
    each = [await harbor.person(pia), await harbor.person(bea)]
    ends = [act("role.end", person.id, Role.PRESIDENT) for person in each]
    await asyncio.gather(presses(pia, ends[1]), presses(bea, ends[0]))
    async with harbor.store.records(harbor.id) as records:
        assert len([held for held in await records.power.held() if held.role is Role.PRESIDENT]) == 1


async def test_handing_over_takes_two_taps_and_leaves_a_month_together(harbor: Society, pia: Actor) -> None:
    bea, eve = await harbor.mentee("Bea Holm"), await harbor.mentee("Eve")
    await pia.calls("handover", to=bea.address)
    assert "two weeks to say yes" in words(await pia.presses("Hand over to Bea"))
    await harbor.settle()
    accept = bea.button("I accept")
    assert "had its day" in await presses(eve, accept)
    said = words(await bea.presses("I accept"))
    assert "You are president of Harborview now" in said
    assert "Channels and time zone: /setup" in said
    assert "had its day" in await presses(bea, accept)
    await harbor.later(DAY)
    assert any("Bea has said yes" in told for told in harbor.heard(pia))
    for president in (pia, bea):
        assert "[Time zone]" in words(await president.calls("setup"))
    await harbor.later(31 * DAY)
    assert words(await pia.calls("setup")) == "That one is for the society's president."
    assert "[Time zone]" in words(await bea.calls("setup"))


async def test_an_advisor_may_begin_a_handover_and_the_president_may_stop_it(harbor: Society, pia: Actor) -> None:
    ada, bea = await with_role(harbor, "Ada", Role.ADVISOR), await harbor.mentee("Bea Holm")
    await ada.calls("handover", to=bea.address)
    await ada.presses("Hand over to Bea")
    await harbor.later(DAY)
    accept = bea.button("I accept")
    assert "Ada, your advisor, has asked Bea" in harbor.heard(pia)[-1]
    await pia.presses("Stop it")
    assert "had its day" in await presses(bea, accept)
    olu = await harbor.officer()
    assert "for the society's officers" in words(await olu.calls("handover", to=bea.address))


async def test_who_did_what_is_read_in_pages_and_by_person(harbor: Society, pia: Actor) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await olu.calls("pair", mentor=ben.address, mentee=ana.address)
    for month in range(1, 10):
        await pia.calls("officers", member=ana.address, role="advisor", until=f"2027-0{month}-01")
    assert "Olu Mensah: paired Ana Ruiz and Ben Okafor" in words(await olu.calls("audit"))
    assert words(await pia.calls("audit", member=pia.address)).count("Pia Lund: new advisor: Ana Ruiz") == 9
    for month in range(1, 10):
        await pia.calls("officers", member=ana.address, role="advisor", until=f"2027-0{month}-02")
    assert "paired" not in words(await pia.calls("audit"))
    assert "Olu Mensah: paired Ana Ruiz and Ben Okafor" in words(await pia.presses("Older"))
    assert words(await (await harbor.mentee("Eve")).calls("audit")) == "That one is for the society's officers."


async def test_the_log_that_officers_read_says_nothing_of_what_members_keep_to_themselves(
    harbor: Society, pia: Actor
) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await ana.calls("concern")
    await ana.presses("Whom is it about?", "0")
    await ana.fills(words="He shouts.")
    await ana.presses("Pia Lund")
    said = words(await pia.calls("audit"))
    assert "Ana" not in said
