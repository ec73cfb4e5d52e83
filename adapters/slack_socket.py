"""Slack over Socket Mode: we call Slack, so that no public address is needed, and keep the connection alive."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable

import structlog
from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from adapters.slack_web import FAILED, LONGEST_WAIT, QUIET, Web, keep_trying, name_of, until

_log = structlog.get_logger(__name__)

PING = 5.0
"""Seconds between two looks whether the connection still lives."""
LOOK = 60.0
"""Seconds between two questions to Slack whether it still knows us: a connection may be open, and deaf."""
STUCK = 30.0
"""Seconds without a connection after which a fresh one is made from the beginning."""
DEAF = 60 * 60.0
"""Seconds without a word from Slack after which a fresh connection is made, however alive the old one looks."""
_UNWANTED = {"too_many_websockets", "link_disabled"}
"""Why Slack hangs up when to call again at once would change nothing."""


class SocketMode:
    """The way in that needs no address: an app-level token (xapp-…), and one connection."""

    signing_secret = ""

    def __init__(self, app_token: str, web: Web) -> None:
        self._app_token, self._web = app_token, web
        self._handler: AsyncSocketModeHandler | None = None
        self._unwanted = asyncio.Event()
        self._heard_at = 0.0

    async def serve(self, app: AsyncApp, closing: asyncio.Event, connected: Callable[[], None]) -> None:
        """Take what Slack has for us until closing; `connected` is called after each new connection.

        Raises NotAccepted, and nothing else.
        """

        async def heard(said: WSMessage) -> None:
            self._heard_at = time.monotonic()
            match json.loads(said.data):
                case {"type": "hello"}:
                    _log.info("slack.connected")
                    connected()
                case {"type": "disconnect", "reason": str(reason)} if reason in _UNWANTED:
                    _log.error("slack.unwanted", code=reason)
                    self._unwanted.set()

        try:
            while not closing.is_set():
                self._unwanted.clear()
                self._handler = AsyncSocketModeHandler(app, self._app_token, QUIET, self._web, ping_interval=PING)
                self._handler.client.on_message_listeners.append(heard)
                await keep_trying(self._connect, closing)
                await self._until_in_doubt(self._handler, closing)
                await self.leave()
                if self._unwanted.is_set():
                    await until(closing, LONGEST_WAIT)
        finally:
            await self.leave()

    async def leave(self) -> None:
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _connect(self) -> None:
        assert self._handler is not None
        # The ticket is fetched here, where a refused one is heard of: the client tries again for ever, and silently.
        opened = await self._web.apps_connections_open(app_token=self._app_token)
        self._handler.client.wss_uri = opened["url"]
        async with asyncio.timeout(2 * PING):
            await self._handler.connect_async()  # type: ignore[no-untyped-call]
        self._heard_at = time.monotonic()

    async def _until_in_doubt(self, handler: AsyncSocketModeHandler, closing: asyncio.Event) -> None:
        """Return when closing, or when the connection is not, or may not be, what it was."""
        # The client renews its connection when told to and when it is cut, but never its ticket if that try fails.
        alive = looked = time.monotonic()
        doubts = 0
        while not self._unwanted.is_set() and not await until(closing, PING):
            now = time.monotonic()
            if await handler.client.is_connected():
                alive = now
            if now - looked >= LOOK:
                looked = now
                doubts = 0 if await self._known() else doubts + 1
            if now - alive >= STUCK or now - self._heard_at >= DEAF or doubts == 2:
                _log.warning("slack.in_doubt", what="deaf" if now - alive < STUCK else "lost")
                return

    async def _known(self) -> bool:
        """Whether Slack answers, and knows us."""
        try:
            await self._web.auth_test()
        except FAILED as error:
            _log.warning("slack.no_look", code=name_of(error))
            return False
        return True
