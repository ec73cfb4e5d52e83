"""App Home: where someone stands, as Slack shows it, and what they do from there."""

from __future__ import annotations

from functools import partial

from tests.slack.loopback import Loopback
from tests.slack.rules import Json, controls, labels
from tests.slack.workspace import Workspace, settled, until
from tests.society import LETTER


def shows(slack: Loopback, user: str, words: str) -> bool:
    """Whether these words stand in someone's App Home."""
    return words in str(slack.homes.get(user, ""))


def reads(home: Json) -> set[str | None]:
    return {label for control in controls(home) for label in labels(control)}


async def test_each_finds_their_own_there(either: Workspace) -> None:
    slack = either.slack
    await either.mentee("Ana Ruiz")
    await either.mentor("Ben Okafor")
    await either.officer("Olu Mensah")
    await slack.calls_command("UOLU", "/pair", "<@UBEN|ben> <@UANA|ana>")
    await settled(either, lambda: slack.posts["GUANAUBEN"])
    for user, other in (("UANA", "Ben Okafor"), ("UBEN", "Ana Ruiz")):
        await slack.opens_home(user, f"Ev-{user}")
        await until(partial(shows, slack, user, other))
        assert "← Home" not in reads(slack.homes[user])


async def test_the_messages_beside_it_are_no_home(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    await slack.opens_home("UANA", "Ev1", tab="messages")
    await slack.opens_home("UANA", "Ev2")
    await until(lambda: slack.homes)
    assert slack.called.count("views.publish") == 1


async def test_what_is_pressed_there_shows_there_and_leads_back(harborview: Workspace) -> None:
    slack = harborview.slack
    await harborview.mentee("Ana Ruiz")
    await harborview.mentor("Ben Okafor")
    await slack.calls_command("UANA", "/find-mentor")
    await until(lambda: "Ben Okafor" in slack.sees("UANA"))
    await slack.presses("UANA", "Ask Ben")
    await until(lambda: slack.modals["UANA"])
    await slack.fills("UANA", **LETTER)
    await until(lambda: LETTER["need"] in slack.sees("UANA"))
    await slack.presses("UANA", "Send to Ben")
    await settled(harborview, lambda: slack.posts["DUBEN"])
    await slack.opens_home("UBEN", "Ev1")
    await until(lambda: "UBEN" in slack.homes)
    first = slack.homes["UBEN"]
    control = next(e for e in controls(first) if e["type"] == "button")
    await slack.presses_at_home("UBEN", control["text"]["text"])
    await until(lambda: slack.homes["UBEN"] != first or slack.modals["UBEN"])
    assert "← Home" in reads(slack.homes["UBEN"])
    await slack.presses_at_home("UBEN", "← Home")
    await until(lambda: "← Home" not in reads(slack.homes["UBEN"]))


async def test_who_is_no_member_finds_that_said_there(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UX", "Someone", is_stranger=True)
    await slack.opens_home("UX", "Ev1")
    await until(partial(shows, slack, "UX", "only help members of this workspace"))
