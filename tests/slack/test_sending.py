"""What the bot says by itself: shown once, in its turn, and never to who is gone."""

from __future__ import annotations

import asyncio
import json

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from adapters import slack_web
from adapters.turns import Turns
from bot.ports import Departed, Later, Refused
from bot.ui import message
from tests.slack.contracts import FOLDER, published
from tests.slack.loopback import BOT_TOKEN, TEAM, broken, too_many
from tests.slack.workspace import PLACE, Workspace, connected_bot


async def test_a_message_whose_answer_was_lost_is_shown_once(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.cut_after.add("chat.postMessage")
    with pytest.raises(Exception, match="isconnected"):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1", again=True)
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Again"), "k2")
    assert [post["text"] for post in slack.posts["DUANA"]] == ["Hello", "Again"]


async def test_another_process_finds_what_the_one_before_has_sent(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    await connected_bot(slack, harborview.app).send(f"{PLACE}/u/UANA", message("Hello"), "k1", again=True)
    assert len(slack.posts["DUANA"]) == 1


async def test_what_perhaps_arrived_is_looked_for_however_often_slack_asks_to_wait(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.cut_after.add("chat.postMessage")
    with pytest.raises(Exception, match="isconnected"):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    slack.faults["conversations.history"] += [too_many] * 3
    with pytest.raises(Later):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1", again=True)
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1", again=True)
    assert len(slack.posts["DUANA"]) == 1


async def test_slack_asks_to_wait_and_the_message_waits(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.faults["chat.postMessage"] += [too_many] * 2
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    slack.faults["chat.postMessage"] += [too_many] * 3
    with pytest.raises(Later):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("More"), "k2")
    assert len(slack.posts["DUANA"]) == 1


async def test_a_broken_slack_is_the_couriers_to_try_again(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.faults["chat.postMessage"] += [broken]
    with pytest.raises(Exception, match="unavailable"):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1", again=True)
    assert len(slack.posts["DUANA"]) == 1


async def test_one_conversation_hears_the_bot_once_a_second(
    harborview: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_web, "SAME_CHANNEL", 30.0)
    harborview.slack.meet("UANA", "Ana Ruiz")
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    with pytest.raises(Later):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k2")


async def test_what_slack_does_not_take_as_it_is_is_not_tried_for_ever(harborview: Workspace) -> None:
    harborview.slack.meet("UANA", "Ana Ruiz")
    harborview.slack.faults["chat.postMessage"] += [_too_long]
    with pytest.raises(Refused):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")


async def test_who_is_gone_or_nowhere_is_never_written_to_again(harborview: Workspace) -> None:
    with pytest.raises(Departed):
        await harborview.bot.send(f"{PLACE}/u/UNOBODY", message("Hello"), "k1")
    with pytest.raises(Departed):
        await harborview.bot.send(f"{PLACE}/r/GNOWHERE", message("Hello"), "k2")
    with pytest.raises(Refused):
        await harborview.bot.send("discord:1:2", message("Hello"), "k3")
    with pytest.raises(Refused):
        await harborview.bot.open_room([f"{PLACE}/u/U1", "slack:T2/u/U2"], "", "k4", None)


def _too_long() -> web.StreamResponse:
    return web.json_response({"ok": False, "error": "msg_too_long"})


def _lacks_scope() -> web.StreamResponse:
    return web.json_response({"ok": False, "error": "missing_scope"})


async def test_what_may_have_arrived_where_nobody_may_look_is_not_said_again(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.faults["conversations.history"] += [_lacks_scope]
    slack.cut_after.add("chat.postMessage")
    with pytest.raises(Exception, match="isconnected"):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    with pytest.raises(Refused, match="may have arrived"):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1", again=True)
    assert len(slack.posts["DUANA"]) == 1


async def test_a_token_that_was_refused_is_good_again_once_slack_says_so(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.tokens.clear()
    for key in ("k1", "k2"):
        with pytest.raises(Later):
            await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), key)
    assert slack.called.count("conversations.open") == 1, "the workspace is asked nothing more"
    slack.tokens[BOT_TOKEN] = TEAM
    client = await harborview.bot._workspaces.web(TEAM)
    await client.auth_test()
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    assert len(slack.posts["DUANA"]) == 1


# ── how often ─────────────────────────────────────────────────────────────────────────────────────────────────────


@published
def test_each_method_is_called_no_oftener_than_slack_publishes() -> None:
    known = json.loads((FOLDER / "slack-rate-limit-tiers.json").read_text())
    often = {method: known["allowed_requests_per_minute"][known["tiers"][method]] for method in slack_web.PER_MINUTE}
    assert often == dict(slack_web.PER_MINUTE)


@given(st.lists(st.floats(0, 30), min_size=1, max_size=300), st.sampled_from([20, 50, 100]))
def test_in_no_minute_are_there_more_turns_than_a_minute_has(pauses: list[float], often: int) -> None:
    burst = often // 5
    turns, now, taken = Turns(), 1000.0, list[float]()

    async def wait(seconds: float) -> None:
        nonlocal now
        now += seconds

    async def ask_for_all() -> None:
        nonlocal now
        for pause in pauses:
            now += pause / 30
            try:
                await turns.take(burst, method=60 / (often - burst))
            except Later:
                continue
            taken.append(now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("adapters.turns.time.monotonic", lambda: now)
        patch.setattr("adapters.turns.asyncio.sleep", wait)
        asyncio.run(ask_for_all())
    assert taken
    assert all(sum(at <= each < at + 60 for each in taken) <= often for at in taken)
