"""The connection to Slack: lost, refused, spent, deaf, and there again."""

from __future__ import annotations

import asyncio

import pytest

from adapters import slack_socket
from bot.ports import NotAccepted
from tests.slack.loopback import APP_TOKEN, BOT_TOKEN, broken, loopback
from tests.slack.workspace import Workspace, connected_bot, serving, until


@pytest.mark.parametrize("end", ["renews", "cuts"])
async def test_a_lost_connection_comes_back_by_itself(harborview: Workspace, end: str) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    await (slack.hangs_up() if end == "renews" else slack.cuts())
    await asyncio.wait_for(slack.connected.wait(), 5)
    await slack.calls_command("UANA", "/my-pairs")
    await until(lambda: slack.whispers["UANA"])


async def test_a_connection_whose_ticket_was_spent_is_made_from_the_beginning(
    harborview: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_socket, "STUCK", 0.5)
    harborview.slack.refused_sockets = 1
    await harborview.slack.hangs_up()
    await asyncio.wait_for(harborview.slack.connected.wait(), 5)


async def test_the_first_connection_may_be_refused(harborview: Workspace) -> None:
    async with loopback() as slack:
        slack.faults["auth.test"] += [broken]
        slack.faults["apps.connections.open"] += [broken]
        slack.refused_sockets = 1
        async with serving(connected_bot(slack, harborview.app)):
            await asyncio.wait_for(slack.connected.wait(), 5)


@pytest.mark.parametrize("tokens", [("xoxb-wrong", APP_TOKEN), (BOT_TOKEN, "xapp-wrong")])
async def test_a_bad_token_is_said_at_once(harborview: Workspace, tokens: tuple[str, str]) -> None:
    bot = connected_bot(harborview.slack, harborview.app, bot_token=tokens[0], app_token=tokens[1])
    with pytest.raises(NotAccepted, match="invalid_auth"):
        await asyncio.wait_for(bot.run(), 5)
