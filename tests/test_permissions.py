"""Phone, text and other ways: off until their owner allows them, to one person, and gone the moment they are not."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.model import DAY, Pair, PairState
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import Action, Form, act
from bot.vocabulary import Channel
from storage.store import SqlStore
from storage.tables import audit, grants
from tests.society import Society, harborview, words
from tests.stores import open_sqlite

NUMBER = "+1 212 555 0147"


async def couple(harbor: Society) -> tuple[Actor, Actor, Pair]:
    ana, ben = await harbor.mentee(), await harbor.mentor(channels=tuple(Channel))
    return ana, ben, await harbor.paired(ana, ben)


async def allows(actor: Actor, *ways: str, **given: str) -> str:
    """Someone with one pair opens ways to the other; what they read then."""
    await actor.calls("my-pairs")
    await actor.presses("Phone, text, e-mail…")
    label = "Change it" if "Change it" in words(actor.replies[-1]) else "Let them reach me"
    form = await actor.presses(label)
    assert isinstance(form, Form)
    return words(await actor.fills(ways=ways, **given))


async def looks(actor: Actor) -> str:
    """Someone with one pair asks for a number."""
    await actor.calls("my-pairs")
    said = words(await actor.presses("Phone, text, e-mail…"))
    return words(await actor.presses("Show me")) if "[Show me]" in said else said


async def audited(harbor: Society) -> list[tuple[str, int | None, str]]:
    assert isinstance(harbor.store, SqlStore)
    async with harbor.store.engine.connect() as connection:
        rows = await connection.execute(select(audit.c.action, audit.c.actor, audit.c.detail).order_by(audit.c.id))
        return [(action, actor, detail) for action, actor, detail in rows if action.startswith(("contact", "permi"))]


async def sealed_values(harbor: Society) -> list[bytes]:
    assert isinstance(harbor.store, SqlStore)
    async with harbor.store.engine.connect() as connection:
        return [value for value in (await connection.execute(select(grants.c.value_sealed))).scalars() if value]


@pytest.mark.sr("SR-15.a")
async def test_no_wish_in_a_profile_opens_a_number(harbor: Society) -> None:
    ana, ben, _ = await couple(harbor)
    assert "Ben is reached here, and has opened no other way." in await looks(ana)
    form = await ben.asks(Pressed(act("reach.allow", (await harbor.pairs(ben))[0].id)))
    assert isinstance(form, Form)
    assert form.title == "For Ana alone"
    assert [getattr(field, "values", ()) for field in form.fields] == [(), (), (), ()]


@pytest.mark.sr("SR-15.a")
async def test_a_number_is_seen_by_the_one_it_was_given_to_in_the_ways_that_were_named(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    cai, olu = await harbor.mentee("Cai Lund"), await harbor.officer()
    await harbor.asked(cai, ben)
    await harbor.later(DAY)
    await ben.presses("Accept")
    await harbor.settle()
    await ben.asks(Pressed(act("reach.allow", pair.id)))
    assert "You let Ana use: text message." in words(await ben.fills(ways=("text",), number=NUMBER))
    await harbor.settle()
    assert "Ben lets you, and you alone, use: text message." in harbor.heard(ana)[-1]
    assert not any(NUMBER in said for said in harbor.heard(ana))
    assert "You may also use: text message" in words(await ana.calls("my-pairs"))
    assert f"Text only, no calls: {NUMBER}" in await looks(ana)

    assert "no other way" in await looks(cai)
    for stranger in (cai, olu):
        assert "Nothing was changed" in words(await stranger.asks(Pressed(act("reach.look", pair.id))))


@pytest.mark.sr("SR-15.a")
async def test_what_is_taken_back_is_gone_at_the_next_view_and_who_looked_is_asked_to_stop(harbor: Society) -> None:
    ana, ben, _ = await couple(harbor)
    await allows(ben, "text", "phone", number=NUMBER)
    await harbor.settle()
    assert f"Text or call: {NUMBER}" in await looks(ana)
    show_me = ana.button("Show me")

    assert "You let Ana use: text message." in await allows(ben, "text")
    await harbor.settle()
    assert "please reach Ben here, and no longer by phone call." in harbor.heard(ana)[-1]
    assert f"Text only, no calls: {NUMBER}" in words(await ana.asks(Pressed(show_me)))

    assert "opened no other way to yourself" in words(await ben.presses("Take it all back"))
    assert "no other way just now" in words(await ana.asks(Pressed(show_me)))
    assert await sealed_values(harbor) == []
    await harbor.settle()
    assert "no longer by text message." in harbor.heard(ana)[-1]


async def test_who_never_looked_is_not_told_that_it_was_taken_back(harbor: Society) -> None:
    ana, ben, _ = await couple(harbor)
    await allows(ana, "phone", number=NUMBER)
    await ana.presses("Take it all back")
    before = len(harbor.heard(ben))
    await harbor.later(DAY)
    assert not any("no longer" in said or "lets you" in said for said in harbor.heard(ben)[before - 1 :])


async def test_a_mentee_may_give_their_number_too_and_the_mentor_is_not_interrupted_for_it(harbor: Society) -> None:
    ana, ben, _ = await couple(harbor)
    before = len(harbor.heard(ben))
    await allows(ana, "phone", "direct", number=NUMBER)
    await harbor.later(DAY)
    assert len(harbor.heard(ben)) == before
    seen = await looks(ben)
    assert f"Call only, no texts: {NUMBER}" in seen
    assert "A direct message is fine." in seen


async def test_every_look_is_shown_to_the_owner(harbor: Society) -> None:
    ana, ben, _ = await couple(harbor)
    await allows(ben, "email", email="ben@harborview.example.org")
    assert "Ana has not looked" in words(await ben.presses("Who looked"))
    await looks(ana)
    await harbor.later(DAY)
    assert "E-mail: ben@harborview.example.org" in await looks(ana)
    said = words(await ben.presses("Who looked"))
    assert "Ana looked 2 times, and nobody else can:" in said
    assert "Tue 6 Oct, 10:00" in said
    assert "Mon 5 Oct, 10:00" in said


@pytest.mark.sr("SR-15.b")
async def test_each_change_is_on_record_with_who_and_when_and_never_with_the_number(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    mentor, mentee = pair.mentor, pair.mentee
    await allows(ben, "text", number=NUMBER)
    await allows(ben, "text", "video", number="+1 212 555 0199", video="https://meet.example.org/ben")
    await looks(ana)
    await ben.presses("Take it all back")
    assert await audited(harbor) == [
        ("contact.granted", mentor, "text"),
        ("contact.changed", mentor, "text"),
        ("contact.granted", mentor, "video"),
        ("contact.seen", mentee, ""),
        ("contact.revoked", mentor, "video"),
        ("contact.revoked", mentor, "text"),
    ]


@pytest.mark.sr("SR-15.a")
async def test_it_ends_with_the_pair_and_a_new_pair_asks_again(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    olu = await harbor.officer()
    await allows(ben, "text", number=NUMBER)
    show_me = act("reach.look", pair.id)
    assert NUMBER in words(await ana.asks(Pressed(show_me)))
    await olu.calls("unpair", mentor=ben.address, mentee=ana.address)
    await olu.presses("End it")
    assert "Nothing was changed" in words(await ana.asks(Pressed(show_me)))
    assert await sealed_values(harbor) == []
    assert [action for action, *_ in await audited(harbor)][-1] == "permissions.ended"

    await olu.calls("pair", mentor=ben.address, mentee=ana.address)
    await olu.presses("Pair them anyway")
    await olu.fills()
    await harbor.settle()
    assert "no other way" in await looks(ana)


async def test_a_pair_at_rest_can_still_take_back(harbor: Society) -> None:
    _, ben, pair = await couple(harbor)
    await allows(ben, "text", number=NUMBER)
    async with harbor.store.records(harbor.id) as records:
        await records.pairs.set_state(pair.id, PairState.PAUSED, harbor.clock.now())
    await ben.calls("my-pairs")
    await ben.presses("Phone, text, e-mail…")
    await ben.presses("Take it all back")
    assert await sealed_values(harbor) == []


@pytest.mark.parametrize(
    ("ways", "given", "said"),
    [
        (("text",), {}, "needs your number"),
        (("phone",), {"number": "call me"}, "not read like a phone number"),
        (("email",), {}, "needs your address"),
        (("email",), {"email": "ben at home"}, "not read like an e-mail address"),
        (("video",), {}, "needs your link"),
    ],
)
async def test_a_way_needs_what_it_takes(
    harbor: Society, ways: tuple[str, ...], given: dict[str, str], said: str
) -> None:
    _, ben, _ = await couple(harbor)
    assert said in await allows(ben, *ways, **given)
    assert await sealed_values(harbor) == []


async def test_a_number_without_a_tick_is_not_kept(harbor: Society) -> None:
    _, ben, _ = await couple(harbor)
    assert "opened no other way to yourself" in await allows(ben, number=NUMBER)
    assert await sealed_values(harbor) == []


@pytest.mark.parametrize("press", ["reach.show", "reach.look", "reach.allow", "reach.revoke", "reach.looks"])
async def test_a_pairs_number_is_no_right(harbor: Society, press: str) -> None:
    _, ben, pair = await couple(harbor)
    await allows(ben, "text", number=NUMBER)
    eve, olu = await harbor.mentee("Eve Lund"), await harbor.officer()
    for stranger in (eve, olu):
        assert "Nothing was changed" in words(await stranger.asks(Pressed(Action(press, (str(pair.id),)))))
    assert len(await sealed_values(harbor)) == 1


async def test_a_form_that_was_sent_after_the_end_gives_nothing(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    olu = await harbor.officer()
    await ben.asks(Pressed(act("reach.allow", pair.id)))
    await olu.calls("unpair", mentor=ben.address, mentee=ana.address)
    await olu.presses("End it")
    assert "Nothing was changed" in words(await ben.fills(ways=("text",), number=NUMBER))
    assert await sealed_values(harbor) == []


async def test_after_it_was_taken_back_the_file_holds_no_trace_of_it(tmp_path: Path) -> None:
    path = tmp_path / "society.db"
    async with open_sqlite(path) as store, harborview(store) as harbor:
        _, ben, _ = await couple(harbor)
        await allows(ben, "text", number=NUMBER)
        (sealed,) = await sealed_values(harbor)
        assert NUMBER.encode() not in path.read_bytes()
        await ben.presses("Take it all back")
    assert sealed not in path.read_bytes()
