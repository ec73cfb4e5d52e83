"""Setting up: where pairs talk and who the officers are, chosen by those who may."""

from collections.abc import Mapping, Sequence

from bot.app import App
from bot.model import Place, Role
from bot.ports import Called, Gone, Lacks, Pressed, Request, Sent
from bot.rehearsal import Actor
from bot.ui import Form, Mention, Message, act
from tests.society import NEW_YORK, PLACE, Society, words

ROOMS, STAFF, OFFICERS = f"{PLACE}/c/mentorship", f"{PLACE}/c/board", f"{PLACE}/g/officers"


async def asks(
    app: App,
    actor: Actor,
    command: str,
    *,
    manager: bool = False,
    roles: Sequence[str] = (),
    lacks: Mapping[str, Lacks] = {},
    **args: str,
) -> str:
    """One command, with what the platform says of whoever gives it."""
    key = f"{actor.address}-{len(actor.replies)}-{command}"
    request = Request(
        key, PLACE, actor.address, actor.name, Called(command, args), frozenset(roles), manager, "America/Denver", lacks
    )
    await app.answer(request, actor)
    return words(actor.replies[-1])


async def test_whoever_administers_the_place_sets_it_up(harbor: Society) -> None:
    pat = await harbor.visitor("Pat")
    assert await asks(harbor.app, pat, "setup") == "That one is for the society's officers."
    said = await asks(harbor.app, pat, "setup", manager=True, rooms=ROOMS)
    assert "You can still choose" in said
    assert "All is set" in await asks(harbor.app, pat, "setup", manager=True, officers=STAFF, role=OFFICERS)
    async with harbor.store.records(harbor.id) as records:
        assert records.society.places == (Place(PLACE, ROOMS, STAFF, OFFICERS),)


async def test_a_channel_of_another_server_is_not_taken(harbor: Society) -> None:
    pat = await harbor.visitor("Pat")
    assert "not from here" in await asks(harbor.app, pat, "setup", manager=True, rooms="paper:elsewhere/c/1")


async def test_what_the_bot_may_not_do_in_a_channel_is_said_when_it_is_chosen(harbor: Society) -> None:
    pat = await harbor.visitor("Pat")
    lacks = {ROOMS: Lacks("Send Messages", "Create Private Threads"), STAFF: Lacks("Send Messages", "")}
    said = await asks(harbor.app, pat, "setup", manager=True, lacks=lacks, rooms=ROOMS)
    assert "Give my role there: Create Private Threads. Until then pairs write to each other through me." in said
    assert "Send Messages" not in said
    assert "What I need there: Send Messages." in await asks(
        harbor.app, pat, "setup", manager=True, lacks=lacks, officers=STAFF
    )


async def test_when_a_chosen_channel_is_deleted_officers_hear_how_to_mend_it(harbor: Society) -> None:
    pat, olu = await harbor.visitor("Pat"), await harbor.officer()
    await asks(harbor.app, pat, "setup", manager=True, rooms=ROOMS, officers=STAFF)
    await pat.asks(Gone(ROOMS), "gone-rooms")
    await harbor.settle()
    (told,) = [shown for shown in harbor.paper.shown if shown.to == STAFF]
    assert "Choose another: /setup, then rooms." in words(told.message)
    await pat.asks(Gone(STAFF), "gone-staff")
    await harbor.settle()
    assert "so I write to each of you" in harbor.heard(olu)[-1]
    async with harbor.store.records(harbor.id) as records:
        assert records.society.places == (Place(PLACE),)


async def test_the_officers_role_makes_an_officer_for_as_long_as_it_is_held(harbor: Society) -> None:
    pat, olu = await harbor.visitor("Pat"), await harbor.visitor("Olu")
    await asks(harbor.app, pat, "setup", manager=True, role=OFFICERS)
    assert "Nothing needs you" in await asks(harbor.app, olu, "queue", roles=[OFFICERS])
    assert (await harbor.person(olu)).roles == {Role.OFFICER}
    assert "for the society's officers" in await asks(harbor.app, olu, "queue", roles=[])


async def test_a_role_is_not_chosen_where_nobodys_roles_are_seen(harbor: Society) -> None:
    olu = await harbor.officer()
    assert "Name each officer instead" in words(await olu.calls("setup", role=OFFICERS))
    assert "role" not in words(await olu.calls("setup", rooms=ROOMS))


async def test_where_a_role_decides_nobody_is_named_officer_besides(harbor: Society) -> None:
    pat, ana = await harbor.visitor("Pat"), await harbor.mentee("Ana")
    await asks(harbor.app, pat, "setup", manager=True, role=OFFICERS)
    assert "Give them that role" in await asks(harbor.app, pat, "setup", manager=True, officer=ana.address)
    assert not (await harbor.person(ana)).officer


async def test_a_place_without_roles_names_its_officers(harbor: Society) -> None:
    pat, olu = await harbor.visitor("Pat"), await harbor.mentee("Olu")
    await asks(harbor.app, pat, "setup", manager=True, officer=olu.address)
    assert "Nothing needs you" in words(await olu.calls("queue"))


async def test_the_zone_a_platform_knows_is_taken_until_they_say_otherwise(harbor: Society) -> None:
    kim, ana = await harbor.visitor("Kim"), await harbor.mentee("Ana")
    for someone in (kim, ana):
        await asks(harbor.app, someone, "my-pairs")
    zone = (await harbor.person(kim)).zone
    assert zone is not None
    assert zone.key == "America/Denver"
    assert (await harbor.person(ana)).zone == NEW_YORK


async def test_a_mention_carries_the_address_of_whom_it_names(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    (opening,) = [shown.message for shown in harbor.paper.shown if shown.to in harbor.paper.rooms]
    assert _addresses(opening) == {ana.address, ben.address}


def _addresses(said: Message) -> set[str]:
    return {span.address for block in said.blocks for span in getattr(block, "text", ()) if isinstance(span, Mention)}


# ── the time zone ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_officers_choose_the_zone_and_it_outlives_a_start_with_other_settings(harbor: Society) -> None:
    olu = await harbor.officer()
    await olu.calls("setup")
    assert isinstance(await olu.presses("Time zone"), Form)
    assert "America/Denver · no term yet" in words(await olu.fills(zone="America/Denver"))
    again = await harbor.store.found("Harborview", "America/New_York", PLACE, None)
    assert again.zone.key == "America/Denver"


async def test_members_do_not_change_the_zone(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    await olu.calls("setup")
    assert "for the society's officers" in words(await ana.asks(Pressed(olu.button("Time zone"))))
    assert "for the society's officers" in words(await ana.asks(Sent(act("setup.zone"), {})))
