"""Someone filled in the society's form before they ever came by: they find it again, and nobody else does."""

from __future__ import annotations

import pytest

from bot.model import DAY, Role
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import Form
from tests.society import Society, words
from tests.test_importing import sends, sheet

MENTORS = "Email,Name,Discord handle,Role,# of mentees"


async def with_form(harbor: Society, *, approve: bool = True, handle: str = "@Lee.Grant#0001") -> Actor:
    """Lee's form is in, and an officer is there."""
    olu = await harbor.officer()
    await sends(olu, sheet(MENTORS, f"lee@x.example,Lee Grant,{handle},MS2,2"))
    await olu.presses("Take in")
    await olu.fills(approve=("yes",) if approve else ())
    return olu


async def arrives(harbor: Society, name: str, handle: str = "") -> Actor:
    someone = await harbor.visitor(name)
    someone.handle = handle
    return someone


async def capacity(harbor: Society, actor: Actor) -> int | None:
    person = await harbor.person(actor)
    async with harbor.store.records(harbor.id) as records:
        mentor = await records.people.mentor(person.id)
    return mentor.profile.capacity if mentor else None


async def test_who_has_the_handle_is_asked_and_a_yes_makes_it_theirs(harbor: Society) -> None:
    await with_form(harbor)
    lee = await arrives(harbor, "leeg", "lee.grant")
    said = words(await lee.calls("sign-up"))
    assert "Is this you? Lee Grant filled in our form, with your handle." in said
    assert "lee@x.example" not in said
    assert await capacity(harbor, lee) is None  # nobody is taken for another before they say so

    assert "What you filled in is yours now." in words(await lee.presses("Yes, that's me"))
    assert await capacity(harbor, lee) == 2
    assert "Is this you?" not in words(await lee.calls("home"))


async def test_a_no_is_believed_and_nobody_is_asked_by_that_handle_again(harbor: Society) -> None:
    await with_form(harbor)
    lee = await arrives(harbor, "Lou Granger", "lee.grant")
    await lee.calls("sign-up")
    yes = Pressed(lee.button("Yes, that's me"))
    assert "slip of the pen" in words(await lee.presses("No, someone else"))
    assert "Is this you?" not in words(await lee.calls("sign-up"))
    assert "had its day" in words(await lee.asks(yes))


async def test_the_button_works_for_nobody_else(harbor: Society) -> None:
    await with_form(harbor)
    lee, eve = await arrives(harbor, "leeg", "lee.grant"), await arrives(harbor, "Eve Lund", "eve")
    await lee.calls("sign-up")
    assert "had its day" in words(await eve.asks(Pressed(lee.button("Yes, that's me"))))


async def test_who_joined_by_themselves_first_is_asked_at_home_and_keeps_what_they_said(harbor: Society) -> None:
    await with_form(harbor)
    lee = await harbor.mentee("Lee G")
    lee.handle = "lee.grant"
    assert "Is this you?" in words(await lee.calls("home"))
    await lee.presses("Yes, that's me")
    person = await harbor.person(lee)
    async with harbor.store.records(harbor.id) as records:
        assert await records.people.mentee(person.id)
        assert await records.people.by_email("lee@x.example") == person
    assert await capacity(harbor, lee) == 2


async def test_an_address_that_anyone_can_type_needs_an_officer_who_knows_them(harbor: Society) -> None:
    olu = await with_form(harbor)
    lee = await arrives(harbor, "leeg")
    assert "Did you fill in our sign-up form already?" in words(await lee.calls("sign-up"))
    assert isinstance(await lee.presses("I filled it in"), Form)
    said = words(await lee.fills(email=" LEE@x.example "))
    assert await capacity(harbor, lee) is None

    assert "leeg, as Lee Grant: says that they filled in your form." in words(await olu.calls("queue"))
    assert "they are one person now" in words(await olu.presses("Yes, that's them"))
    await harbor.later(DAY)
    assert [heard for heard in harbor.heard(lee) if "an officer found your form: what you filled in is yours" in heard]
    assert await capacity(harbor, lee) == 2

    # Who is on a list is nobody's to find out.
    eve = await arrives(harbor, "Eve Lund")
    await sends(olu, sheet("Email,Name,Class Year", "ada@x.example,Ada Vance,Junior"))
    await olu.presses("Take in")
    for _ in range(5):
        await eve.calls("sign-up")
        await eve.presses("I filled it in")
        assert words(await eve.fills(email="nobody@x.example")) == said
    await eve.presses("I filled it in")
    assert "many addresses" in words(await eve.fills(email="nobody@x.example"))


async def test_an_officers_no_leaves_everything_as_it_was_and_tells_nobody(harbor: Society) -> None:
    olu = await with_form(harbor)
    eve = await arrives(harbor, "Eve Lund")
    await eve.calls("sign-up")
    await eve.presses("I filled it in")
    await eve.fills(email="lee@x.example")
    await olu.calls("queue")
    yes = Pressed(olu.button("Yes, that's them"))
    await olu.presses("No")
    await harbor.later(DAY)
    assert not harbor.heard(eve)
    assert words(await olu.asks(yes)) == "You have seen to it already."
    assert "had its day" not in words(await eve.asks(yes))  # it never was theirs to press
    assert await capacity(harbor, eve) is None


@pytest.mark.parametrize("way", ["handle", "address"])
async def test_a_role_is_never_had_by_a_handle_alone_nor_by_ones_own_word(harbor: Society, way: str) -> None:
    olu = await harbor.officer()
    await sends(olu, sheet("Email,Name,Discord,Role", "tom@x.example,Tomás Herrera,tom,President"))
    await olu.presses("Take in")
    eve = await arrives(harbor, "Eve Lund", "tom" if way == "handle" else "")
    await eve.calls("sign-up")
    if way == "handle":
        await eve.presses("Yes, that's me")
    else:
        await eve.presses("I filled it in")
        await eve.fills(email="tom@x.example")
    assert not (await harbor.person(eve)).officer
    await olu.calls("queue")
    await olu.presses("Yes, that's them")
    assert Role.OFFICER in (await harbor.person(eve)).roles


async def test_nobody_confirms_themselves(harbor: Society) -> None:
    await with_form(harbor)
    sal = await harbor.officer("Sal Reyes")
    await sal.calls("sign-up")
    await sal.presses("I filled it in")
    await sal.fills(email="lee@x.example")
    await sal.calls("queue")
    assert "Another officer" in words(await sal.presses("Yes, that's them"))


async def test_a_handle_that_two_have_asks_nobody(harbor: Society) -> None:
    olu = await with_form(harbor)
    await sends(olu, sheet("Email,Name,Class Year,Discord", "bo@x.example,Bo Reed,Junior,lee.grant"))
    await olu.presses("Take in")
    lee = await arrives(harbor, "leeg", "lee.grant")
    assert "Is this you?" not in words(await lee.calls("sign-up"))
