"""A society whose place is a workspace of the loopback's, with the bot connected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from adapters.slack import Slack, Way
from adapters.slack_http import Http
from adapters.slack_socket import SocketMode
from adapters.slack_web import OneWorkspace, Web, Workspaces
from bot.app import App
from bot.clock import MovableClock
from bot.courier import Courier
from bot.records import Store
from bot.rehearsal import Actor, Paper
from bot.society import society as put_together
from tests.slack.loopback import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, TEAM, Loopback
from tests.society import MONDAY, USUAL, Society

PLACE = f"slack:{TEAM}"


@dataclass
class Workspace(Society):
    """A society whose members are people of the workspace."""

    slack: Loopback = field(kw_only=True)
    bot: Slack = field(kw_only=True)

    async def visitor(self, name: str) -> Actor:
        user = self.slack.meet(f"U{name.partition(' ')[0].upper()}", name)
        return Actor(self.app, self.paper, PLACE, f"{PLACE}/u/{user}", name)


PATIENCE = 30.0
"""Seconds for something to happen, on a machine that does much else."""


async def settled(harborview: Workspace, happened: Callable[[], object]) -> None:
    """Let the society do what is due, until something has happened."""
    async with asyncio.timeout(PATIENCE):
        while not happened():
            await harborview.settle()
            await asyncio.sleep(0.01)


async def until(happened: Callable[[], object]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(PATIENCE):
        while not happened():  # noqa: ASYNC110 - it happens elsewhere, and nobody says so
            await asyncio.sleep(0.01)


def web(slack: Loopback, token: str = BOT_TOKEN) -> Web:
    return Web(token, f"{slack.url}/api/")


def connected_bot(
    slack: Loopback, app: App, *, bot_token: str = BOT_TOKEN, app_token: str = APP_TOKEN, way: Way | None = None
) -> Slack:
    """The bot of the one workspace, by Socket Mode unless another way is given."""
    client = web(slack, bot_token)
    return bot_with(way or SocketMode(app_token, client), OneWorkspace(client, TEAM), app, team=TEAM)


def bot_with(way: Way, workspaces: Workspaces, app: App, *, team: str = "", user_groups: bool = False) -> Slack:
    return Slack(
        way,
        workspaces,
        app.answer,
        app.suggest,
        app.known,
        app.commands,
        team=team,
        rooms_activity=True,
        user_groups=user_groups,
    )


@asynccontextmanager
async def serving(bot: Slack) -> AsyncIterator[None]:
    """The bot at work."""
    working = asyncio.create_task(bot.run())
    try:
        yield
    finally:
        await bot.close()
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


@asynccontextmanager
async def workspace(slack: Loopback, store: Store, *, by_http: bool = False) -> AsyncIterator[Workspace]:
    clock = MovableClock(MONDAY)
    found = await store.found("Harborview", "America/New_York", PLACE, None)
    app = put_together(store, clock, USUAL)
    door = Http("127.0.0.1", 0, SIGNING_SECRET) if by_http else None
    bot = connected_bot(slack, app, way=door)
    courier = Courier(store, clock, USUAL, [bot])
    async with serving(bot):
        if door is None:
            await asyncio.wait_for(slack.connected.wait(), 5)
        else:
            await until(lambda: door.port)
            slack.door = f"http://127.0.0.1:{door.port}"
        yield Workspace(store, app, courier, clock, Paper(clock.now), found.id, slack=slack, bot=bot)
