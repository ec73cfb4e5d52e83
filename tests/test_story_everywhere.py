"""The same story, from the same script, on every platform, and with a pair that has one side on each."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters import slack_socket, slack_web
from bot.model import DAY
from tests.everywhere import PLATFORMS, Everywhere, Member
from tests.society import LETTER

HOUR = timedelta(hours=1)
"""What is said has arrived by then, whatever a platform's pace."""


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's paces, in a Slack that has only us."""
    for pace in ("FIRST_WAIT", "SAME_CHANNEL", "WORKSPACE", "MINUTE"):
        monkeypatch.setattr(slack_web, pace, 0.001)
    monkeypatch.setattr(slack_socket, "PING", 0.3)


async def joins(member: Member, role: str, *screens: dict[str, str]) -> None:
    """From the first command to the last screen of the profile."""
    await member.calls("sign-up")
    await member.presses(role)
    for number, screen in enumerate(screens):
        if number:
            await member.presses("Go on")
        await member.fills(**screen)
    assert "That's all" in member.sees()


async def story(everywhere: Everywhere) -> None:
    society = everywhere.society
    ana, ben = await everywhere.mentee("Ana Ruiz"), await everywhere.mentor("Ben Okafor")
    olu = await everywhere.officer("Olu Mensah")

    you = {"zone": "America/New_York", "adult": "yes"}
    await joins(
        ana,
        "I'd like a mentor",
        you | {"name": "Ana Ruiz", "school": "Harborview"},
        {"phase": "sophomore"},
        {"rhythm": "monthly"},
    )
    await joins(ben, "I'd like to mentor", you | {"name": "Ben Okafor"}, {"kind": "ms2"}, {"capacity": "1"})
    await society.later(HOUR)
    assert "One thing waits for an officer" in olu.sees()
    await olu.calls("queue")
    await olu.presses("Approve")
    await society.later(HOUR)
    assert "Ben, you're in" in ben.sees()

    await society.later(DAY)
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    await ana.fills(**LETTER)
    await ana.presses("Send to Ben")
    await society.later(HOUR)
    assert "Ana would like you as a mentor" in ben.sees()
    assert LETTER["ask"] in ben.sees()

    await ben.presses("Accept")
    await society.later(HOUR)
    assert "you write first" in ana.sees()
    assert "you write first" in ben.sees()
    await ana.writes("Hello! Tuesday or Thursday at five?")
    await ben.writes("Thursday it is.")
    await society.later(HOUR)

    await society.later(15 * DAY)
    assert "Have you and Ben been in touch since last time?" in ana.sees()
    for label in ("Yes", "Very", "All good"):
        await ana.presses(label)
    assert "Thank you. That's all." in ana.sees()

    before = ben.sees()
    await society.later(75 * DAY)
    assert "It has been quiet with Ben" in ana.sees()
    assert "Still quiet with Ben" in ana.sees()
    assert "quiet" not in ben.sees().removeprefix(before)
    assert olu.sees().count("waits for an officer") == 2
    await olu.calls("queue")
    assert "the mentee has gone quiet and was asked twice" in olu.sees()
    await olu.presses("I've written to them")
    assert "Nothing needs you" in olu.sees()


@pytest.mark.parametrize("where", PLATFORMS)
async def test_joined_asked_accepted_checked_in_went_quiet_nudged_officer_told(where: str, tmp_path: Path) -> None:
    async with PLATFORMS[where](tmp_path) as everywhere:
        await story(everywhere)
