"""The connection to Slack: lost, refused, spent, deaf, and there again."""

from __future__ import annotations

import asyncio

import pytest

from adapters import slack_socket
from bot.model import QueueReason
from bot.ports import NotAccepted
from tests.slack.loopback import APP_TOKEN, BOT_TOKEN, broken, loopback
from tests.slack.workspace import Workspace, connected_bot, serving, settled, until


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


async def test_slack_has_too_many_of_our_connections_and_is_left_alone_for_a_while(
    harborview: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack = harborview.slack
    monkeypatch.setattr(slack_socket, "LONGEST_WAIT", 1.0)
    await slack.hangs_up("too_many_websockets")
    await until(harborview.bot._way._unwanted.is_set)  # type: ignore[attr-defined]
    slack.meet("UANA", "Ana Ruiz")
    await until(lambda: not harborview.bot._way._unwanted.is_set())  # type: ignore[attr-defined]
    await until(lambda: not slack._sockets[-1].closed)
    await slack.calls_command("UANA", "/my-pairs")
    await until(lambda: slack.whispers["UANA"])


async def test_a_connection_that_says_nothing_for_long_is_made_anew(
    harborview: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_socket, "DEAF", 0.5)
    harborview.slack.connected.clear()
    await asyncio.wait_for(harborview.slack.connected.wait(), 5)


async def test_slack_is_asked_now_and_then_whether_it_still_knows_us(
    harborview: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack = harborview.slack
    monkeypatch.setattr(slack_socket, "LOOK", 0.1)
    slack.called.clear()
    slack.faults["auth.test"] += [broken]
    await until(lambda: slack.called.count("auth.test") >= 2)
    assert "apps.connections.open" not in slack.called, "one doubt is none"
    slack.faults["auth.test"] += [broken] * 2
    await until(lambda: "apps.connections.open" in slack.called)


async def test_who_left_and_what_is_gone_is_found_after_the_connection_was_lost(harborview: Workspace) -> None:
    slack = harborview.slack
    ana = await harborview.mentee("Ana Ruiz")
    await harborview.mentor("Ben Okafor")
    await harborview.officer("Olu Mensah")
    await slack.calls_command("UOLU", "/pair", "<@UBEN|ben> <@UANA|ana>")
    await settled(harborview, lambda: slack.posts["GUANAUBEN"])
    slack.users["UBEN"] |= {"deleted": True, "updated": 1}
    del slack.members["GUANAUBEN"]
    for _ in range(2):
        slack.called.clear()
        await slack.hangs_up()
        await until(lambda: slack.called.count("users.info") == 2)
        assert harborview.bot._reconciling
        await harborview.bot._reconciling
    assert (await harborview.pairs(ana))[-1].room is None
    async with harborview.store.records(harborview.id) as records:
        assert [item.reason for item in await records.queue.items()] == [QueueReason.LEFT]
