"""Slack calls us: only Slack, and it is answered in time whatever happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from adapters.slack_http import Http
from bot.ports import NotAccepted
from tests.slack.loopback import SIGNING_SECRET, TEAM, loopback
from tests.slack.workspace import Workspace, bot_with, until, workspace
from tests.stores import open_sqlite


@pytest.fixture
async def called(tmp_path: Path) -> AsyncIterator[Workspace]:
    """Harborview's workspace, where Slack calls the bot."""
    async with (
        loopback() as slack,
        open_sqlite(tmp_path / "society.db") as store,
        workspace(slack, store, by_http=True) as place,
    ):
        yield place


def home(user: str) -> dict[str, str]:
    return {"command": "/home", "text": "", "team_id": TEAM, "user_id": user, "trigger_id": f"t{user}"}


async def test_what_slack_did_not_sign_is_refused(called: Workspace) -> None:
    slack = called.slack
    payload = home(slack.meet("UANA", "Ana Ruiz"))
    assert await slack.posts_to_door("slash_commands", payload, secret="0" * 32) == 401
    assert await slack.posts_to_door("slash_commands", payload | {"ssl_check": "1"}, secret="0" * 32) == 200
    async with ClientSession() as session:
        for body in (b"payload={}", b"{", b"\xff"):
            heard = await session.post(f"{slack.door}/slack/events", data=body)
            assert heard.status in (400, 401)
    assert "users.info" not in slack.called, "nobody was asked anything"


async def test_what_was_signed_over_five_minutes_ago_is_refused(called: Workspace) -> None:
    payload = home(called.slack.meet("UANA", "Ana Ruiz"))
    assert await called.slack.posts_to_door("slash_commands", payload, age=301) == 401


async def test_a_request_said_again_changes_nothing(called: Workspace) -> None:
    slack = called.slack
    ana = await called.mentee("Ana Ruiz")
    await called.mentor("Ben Okafor")
    await called.officer("Olu Mensah")
    await slack.calls_command("UOLU", "/pair", "<@UBEN|ben> <@UANA|ana>")
    await until(lambda: slack.whispers["UOLU"])
    pair = (await called.pairs(ana))[-1]
    spoke = {"type": "message", "channel_type": "mpim", "channel": "G1", "user": "UBEN", "text": "hi", "ts": "9"}
    async with called.store.records(called.id) as records:
        await records.pairs.set_room(pair.id, f"slack:{TEAM}/r/G1")
    counts = []
    for _ in range(2):
        await slack.happens(spoke, "Ev1")
        async with called.store.records(called.id) as records:
            counts.append(len(await records.pairs.events(pair.id)))
    assert counts[0] == counts[1]


async def test_slack_has_its_answer_at_once_however_slow_the_core(called: Workspace) -> None:
    slack = called.slack
    slack.meet("UANA", "Ana Ruiz")
    async with called.store.records(called.id):  # nobody else can write meanwhile
        began = time.monotonic()
        await slack.calls_command("UANA", "/my-pairs")
        assert time.monotonic() - began < 1
        await asyncio.sleep(0.2)
        assert not slack.whispers["UANA"]
    await until(lambda: slack.whispers["UANA"])


async def test_what_is_in_hand_is_finished_when_closing(called: Workspace) -> None:
    slack = called.slack
    slack.meet("UANA", "Ana Ruiz")
    async with called.store.records(called.id):
        await slack.calls_command("UANA", "/my-pairs")
        leaving = asyncio.create_task(called.bot.close())
        await asyncio.sleep(0.1)
        with pytest.raises(ClientError):
            await slack.calls_command("UANA", "/home")
    await leaving
    assert len(slack.whispers["UANA"]) == 1


async def test_a_port_that_is_taken_is_said_at_once(called: Workspace) -> None:
    port = int(called.slack.door.rpartition(":")[2])
    way = Http("127.0.0.1", port, SIGNING_SECRET)
    bot = bot_with(way, called.bot._workspaces, called.app, team=TEAM)
    with pytest.raises(NotAccepted, match=f"nobody can listen on 127.0.0.1:{port}"):
        await asyncio.wait_for(bot.run(), 5)


def test_nobody_listens_without_a_signing_secret() -> None:
    with pytest.raises(ValueError, match="anyone could speak for Slack"):
        Http("127.0.0.1", 0, "")
