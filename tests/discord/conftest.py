"""What the tests of Discord share."""

from collections.abc import AsyncIterator, Iterator, MutableMapping
from typing import Any

import discord
import pytest
import structlog
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket

from tests.discord.loopback import Loopback


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged, which would otherwise go where a test of the command line left it: to a stream that is closed."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
async def loopback(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Loopback]:
    there = Loopback()
    app = web.Application()
    app.router.add_get("/gateway", there.gateway)
    app.router.add_route("*", "/api/v10/{path:.*}", there.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    there.port = runner.addresses[0][1]
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{there.port}/api/v10")
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"ws://127.0.0.1:{there.port}/gateway"))
    yield there
    await runner.cleanup()
