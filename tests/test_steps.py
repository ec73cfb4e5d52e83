"""Small next steps: a mentee's own, asked about in passing, and told of when they are done."""

import pytest

from bot.model import DAY
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import Form
from tests.society import Society, words

CHECKIN = "Have you and Ben been in touch"


async def planned(harbor: Society) -> tuple[Actor, Actor]:
    """A mentee with two small steps, of which one is due before the first check-in."""
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben)
    await ana.calls("steps")
    await ana.fills(goal="A summer in a lab", step1="E-mail two labs by Oct 12", step2="Read one paper by Nov 30")
    await ana.speaks()
    await ben.speaks()
    return ana, ben


@pytest.mark.sr("SR-41.a")
async def test_a_step_that_is_due_is_asked_about_at_the_check_in_and_in_no_message_of_its_own(harbor: Society) -> None:
    ana, ben = await planned(harbor)
    await harbor.later(11 * DAY)
    assert not any("E-mail two labs" in said for said in harbor.heard(ana))
    await harbor.later(4 * DAY)
    (asked,) = [said for said in harbor.heard(ana) if "E-mail two labs" in said]
    assert CHECKIN in asked
    assert "“E-mail two labs”, your step for Mon 12 Oct?" in asked
    assert "Read one paper" not in asked
    assert not any("E-mail two labs" in said for said in harbor.heard(ben))


@pytest.mark.sr("SR-41.a")
async def test_what_is_done_stands_in_the_next_update_and_in_no_later_one(harbor: Society) -> None:
    ana, ben = await planned(harbor)
    await harbor.later(15 * DAY)
    await ana.presses("Done")
    await project(harbor, ana, ben)
    for what in ("The first chart", "The second"):
        await ana.calls("project")
        await ana.presses("Say how it goes")
        await ana.fills(done=what)
        await harbor.later(DAY)
    told = [said for said in harbor.heard(ben) if "Ana on “Chart review”" in said]
    assert ["Steps done since last time: E-mail two labs" in said for said in told] == [True, False]


async def project(harbor: Society, ana: Actor, ben: Actor) -> None:
    await ana.calls("project")
    await ana.fills(title="Chart review", scope="A table.", part="data", hours="4", until="2026-12-18")
    await ana.presses("Go on")
    await ana.fills(all="6")
    await ana.presses("Send to Ben")
    await harbor.settle()
    await ben.presses("Yes, let's do it")


async def test_the_rest_of_a_check_in_asks_only_once_more_at_its_end(harbor: Society) -> None:
    ana, _ = await planned(harbor)
    await harbor.later(15 * DAY)
    assert "E-mail two labs" not in words(await ana.presses("Yes"))
    assert "E-mail two labs" not in words(await ana.presses("Very"))
    assert "E-mail two labs" in words(await ana.presses("All good"))
    assert "now for" in words(await ana.presses("Next week"))
    assert "E-mail two labs, " in words(await ana.calls("my-pairs"))


async def test_steps_are_the_mentees_own(harbor: Society) -> None:
    ana, ben = await planned(harbor)
    await ana.calls("steps")
    for label in ("Done", "Add steps"):
        assert "Nothing was changed" in words(await ben.asks(Pressed(ana.button(label))))
    assert "These are your mentee's own" in words(await ben.calls("steps"))
    assert "E-mail two labs" not in words(await ben.calls("my-pairs"))


async def test_a_step_is_done_once(harbor: Society) -> None:
    ana, _ = await planned(harbor)
    await ana.calls("steps")
    done = ana.button("Done")
    assert "Ben reads of it in your next update" in words(await ana.presses("Done"))
    assert "Nothing was changed" in words(await ana.asks(Pressed(done)))


async def test_a_step_without_a_day_is_said_and_the_others_are_kept(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    assert isinstance(await ana.calls("steps"), Form)
    answer = words(await ana.fills(step1="E-mail two labs by Oct 12", step2="Read a paper some day"))
    assert "“Read a paper some day” has no day to come" in answer
    assert "E-mail two labs" in words(await ana.calls("steps"))


async def test_an_update_to_ones_mentors_tells_of_steps_as_well(harbor: Society) -> None:
    ana, ben = await planned(harbor)
    await ana.calls("steps")
    await ana.presses("Done")
    await ana.calls("update")
    await ana.fills(done="I wrote to the labs.", now="I wait.")
    await harbor.settle()
    assert "Steps done since last time: E-mail two labs" in harbor.heard(ben)[-1]
