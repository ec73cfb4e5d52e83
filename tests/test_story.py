"""The one story everything stands on, told through the door members use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.model import DAY, PairState
from bot.ports import Pressed
from tests.society import Society, harborview, words
from tests.stores import open_postgres, open_sqlite


@pytest.fixture(params=["sqlite", "postgresql"])
async def harbor(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Society]:
    """Harborview on each kind of database."""
    if request.param == "sqlite":
        async with open_sqlite(tmp_path / "society.db") as store, harborview(store) as society:
            yield society
    else:
        async with open_postgres(request.getfixturevalue("server")) as store, harborview(store) as society:
            yield society


async def test_a_request_becomes_a_pair_with_a_room(harbor: Society) -> None:
    ana, ben = await harbor.mentee("Ana Ruiz"), await harbor.mentor("Ben Okafor")
    await harbor.asked(ana, ben)
    (request,) = harbor.heard(ben)
    assert "Ana would like you as a mentor" in request
    assert "Which of my two summer options would you choose?" in request

    assert "You and Ana are a pair" in words(await ben.presses("Accept"))
    await harbor.settle()

    (room,) = harbor.heard(ana)
    assert "you write first" in room
    (pair,) = await harbor.pairs(ana)
    assert pair.state is PairState.ACTIVE
    assert pair in await harbor.pairs(ben)


@pytest.mark.sr("SR-14.b")
async def test_nothing_reaches_the_mentor_before_the_mentee_confirms(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    await ana.fills(need="help me", ask="be my mentor please", motivation="I like people and science a lot.")
    assert "It still needs" in words(ana.replies[-1])
    await harbor.later(DAY)
    assert harbor.heard(ben) == []


async def test_a_double_press_makes_one_pair(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    accept = ben.button("Accept")
    await ben.presses("Accept")
    again = words(await ben.asks(Pressed(accept)))
    assert "You and Ana are a pair" in again
    await harbor.settle()
    assert len(await harbor.pairs(ana)) == 1
    assert len(harbor.heard(ana)) == 1


async def test_a_quiet_mentee_is_asked_twice_then_an_officer_sees_it_and_the_mentor_hears_nothing(
    harbor: Society,
) -> None:
    ana, ben, olu = await harbor.mentee(), await harbor.mentor(), await harbor.officer()
    await harbor.paired(ana, ben)
    before = len(harbor.heard(ben))
    await harbor.later(11 * DAY)
    nudges = [said for said in harbor.heard(ana) if "[I wrote]" in said]
    assert len(nudges) == 2
    assert "no first word yet" in words(await olu.calls("queue"))
    assert len(harbor.heard(ben)) == before
