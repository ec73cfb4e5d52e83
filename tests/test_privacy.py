"""A member's own data: what is kept, in their hands, and forgotten when they wish."""

import json

import pytest

from bot.model import DAY, PairState, QueueReason
from bot.ports import Left, Opened, Pressed, Spoke
from bot.rehearsal import Actor
from bot.ui import File, Form, Reply
from tests.society import Society, words

FORGOTTEN = "I keep nothing about you here"


def file_of(reply: Reply | None) -> dict[str, object]:
    """The file of an answer, read."""
    assert reply is not None
    assert not isinstance(reply, Form)
    (found,) = [block for block in reply.message.blocks if isinstance(block, File)]
    told: dict[str, object] = json.loads(found.data)
    return told


async def forgets(actor: Actor) -> str:
    await actor.calls("my-data")
    await actor.presses("Forget me")
    return words(await actor.presses("Yes, forget me"))


@pytest.mark.sr("SR-48.a")
async def test_what_is_kept_is_said_in_a_few_lines_and_handed_over_whole(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.agreed(*(await two(harbor, ana, ben)))
    said = words(await ana.calls("my-data"))
    for line in ("Nobody else sees this list", "Your profile as mentee", "A pair", "A request", "answers: what you"):
        assert line in said
    told = file_of(await ana.presses("Give me all of it"))
    kept = told["about you"]
    assert isinstance(kept, dict)
    assert kept["people"][0]["name"] == "Ana Ruiz"
    assert (kept["pairs"][0]["mentee"], kept["pairs"][0]["mentor"]) == ("Ana Ruiz", "Ben Okafor")
    assert "first clinical summer" in kept["intros"][0]["need"]
    assert {answer["side"] for answer in kept["answers"]} == {"mentee"}
    his = json.dumps(file_of(await _all(ben)))
    assert "first clinical summer" not in his
    assert "Ana Ruiz" in his


async def _all(actor: Actor) -> Reply | None:
    await actor.calls("my-data")
    return await actor.presses("Give me all of it")


async def two(harbor: Society, ana: Actor, ben: Actor) -> tuple[Actor, Actor]:
    await harbor.paired(ana, ben)
    return ana, ben


async def test_who_asks_to_be_forgotten_is_asked_once_more(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await ana.calls("my-data")
    sure = words(await ana.presses("Forget me"))
    assert "no way back" in sure
    assert "Your pair ends" in sure
    assert "Nothing was changed" in words(await ana.presses("No, stay"))
    assert len(await harbor.pairs(ana)) == 1


@pytest.mark.sr("SR-48.a")
async def test_the_pair_of_who_is_forgotten_ends_with_the_line_that_everyone_reads(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor(capacity=1)
    await harbor.paired(ana, ben)
    assert "keeps nothing about you" in await forgets(ana)
    await harbor.later(DAY)
    assert "Your mentoring with Ana has come to its end. It happens, and it is nobody's fault." in harbor.heard(ben)[-1]
    async with harbor.store.records(harbor.id) as records:
        assert await records.pairs.all_live() == []
        assert [person.name for person in await records.people.all()] == ["Olu Mensah", "Ben Okafor"]
        mentor = (await records.people.mentors())[0]
        assert mentor.free == 1
    assert "Ana Ruiz" not in words(await olu.calls("queue"))
    his = json.dumps(file_of(await _all(ben)))
    assert "Ana" not in his
    assert "Someone who has left" in his


async def test_requests_are_taken_back_and_who_waits_for_them_may_ask_others(harbor: Society) -> None:
    ana, ben, cy = await harbor.mentee(), await harbor.mentor(), await harbor.mentee("Cy Lund")
    await harbor.asked(cy, ben)
    await forgets(ben)
    await harbor.later(DAY)
    assert "Ben can't take this on at the moment" in harbor.heard(cy)[-1]
    dee = await harbor.mentor("Dee Park")
    await harbor.asked(ana, dee)
    await forgets(ana)
    await harbor.settle()
    assert "Nothing was changed" in words(await dee.presses("Accept"))
    async with harbor.store.records(harbor.id) as records:
        dee_ = await records.people.at(dee.address)
        assert dee_ is not None
        assert await records.intros.waiting_for(dee_.id) == []


async def test_nothing_by_chance_brings_them_back_but_their_own_sign_up_does(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    room = next(iter(harbor.paper.rooms))
    pressed = Pressed(ana.button("What I expect (2 minutes)"))
    await forgets(ana)
    for what in (Opened(), pressed, Spoke(room)):
        reply = await ana.asks(what)
        assert reply is None or FORGOTTEN in words(reply)
    assert FORGOTTEN in words(await ana.calls("my-data"))
    async with harbor.store.records(harbor.id) as records:
        assert await records.people.at(ana.address) is None
    await ana.calls("sign-up")
    async with harbor.store.records(harbor.id) as records:
        again = await records.people.at(ana.address)
        assert again is not None
        assert await records.people.mentee(again.id) is None
        assert await records.pairs.all_of(again.id) == []
    assert FORGOTTEN not in words(await ana.calls("home"))


async def test_whoever_trusted_them_with_a_concern_chooses_another_reader(harbor: Society) -> None:
    sal, ana = await harbor.officer("Sal Reyes"), await harbor.mentee()
    await ana.calls("concern")
    await ana.presses("Someone or something else")
    await ana.fills(words="A worry.", reachable="yes")
    await ana.presses("Sal Reyes")
    await harbor.officer("Tam Bui")
    await forgets(sal)
    await harbor.later(DAY)
    assert "has left without reading it" in harbor.heard(ana)[-1]
    await ana.presses("Choose someone else")
    assert "It is with Tam now" in words(await ana.presses("Tam Bui"))


async def test_the_only_officer_is_told_what_it_would_mean(harbor: Society) -> None:
    olu = await harbor.officer()
    await olu.calls("my-data")
    assert "the only officer" in words(await olu.presses("Forget me"))
    await harbor.officer("Tam Bui")
    assert "the only officer" not in words(await olu.presses("Forget me"))


# ── who left, and whom nothing is heard of ────────────────────────────────────────────────────────────────────────


async def test_who_left_rests_at_once_and_is_forgotten_after_thirty_days(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await ana.asks(Left())
    await harbor.later(DAY)
    (pair,) = await harbor.pairs(ana)
    assert pair.state is PairState.PAUSED
    assert "one of the two is no longer here" in words(await olu.calls("queue"))
    heard = len(harbor.heard(ben))
    await harbor.later(28 * DAY)
    assert await harbor.pairs(ana)
    await harbor.later(2 * DAY)
    async with harbor.store.records(harbor.id) as records:
        assert await records.people.at(ana.address) is None
        assert await records.pairs.all_live() == []
    assert [said.split(".")[0] for said in harbor.heard(ben)[heard:]] == ["Your mentoring with Ana has come to its end"]


async def test_who_returns_goes_on_where_it_stood(harbor: Society) -> None:
    await harbor.officer()
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await ben.asks(Left())
    await harbor.later(20 * DAY)
    await ben.calls("home")
    (pair,) = await harbor.pairs(ana)
    assert pair.state is PairState.ACTIVE
    async with harbor.store.records(harbor.id) as records:
        assert QueueReason.LEFT not in [item.reason for item in await records.queue.items()]
    await harbor.later(20 * DAY)
    assert len(await harbor.pairs(ana)) == 1


async def test_a_mentor_who_left_is_offered_to_nobody_and_their_requests_go_on(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    await ben.asks(Left())
    await harbor.later(DAY)
    assert "Ben can't take this on" in harbor.heard(ana)[-1]
    assert "Ben" not in words(await ana.calls("find-mentor"))


async def test_who_is_still_in_another_of_the_societys_places_has_not_left(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    person = await harbor.person(ana)
    async with harbor.store.records(harbor.id) as records:
        await records.people.link(person.id, "slate:ana")
    await ana.asks(Left())
    await harbor.later(40 * DAY)
    (pair,) = await harbor.pairs(ana)
    assert pair.state is PairState.ACTIVE


async def test_who_was_not_here_for_a_year_is_asked_once_and_then_forgotten(harbor: Society) -> None:
    ana, cy = await harbor.mentee(), await harbor.mentee("Cy Lund")
    for actor in (ana, cy):
        await actor.calls("home")
    await harbor.later(366 * DAY)
    for actor in (ana, cy):
        assert [said for said in harbor.heard(actor) if "Shall I keep your profile?" in said] == harbor.heard(actor)
    assert "Everything stays" in words(await cy.presses("Keep it"))
    await harbor.later(31 * DAY)
    async with harbor.store.records(harbor.id) as records:
        assert await records.people.at(ana.address) is None
        assert await records.people.at(cy.address) is not None


async def test_who_is_in_a_pair_is_here_however_seldom_they_press_anything(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    for _ in range(14):
        await harbor.later(30 * DAY)
        await ana.speaks()
    assert len(await harbor.pairs(ben)) == 1
    assert not [said for said in harbor.heard(ben) if "keep your profile" in said]


async def test_who_never_came_by_is_forgotten_in_time_as_well(harbor: Society) -> None:
    async with harbor.store.records(harbor.id) as records:
        await records.people.add("Ida Listed", email="ida@x.org")
    await harbor.store.tidy(harbor.clock.now(), harbor.app.pace)
    await harbor.later(366 * DAY)
    async with harbor.store.records(harbor.id) as records:
        assert await records.people.by_email("ida@x.org") is None
