"""Slack over HTTP: Slack calls us.

We listen on this machine alone, unless told otherwise: the society's own proxy, which has the certificate, passes on
what is for us.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.response import BoltResponse

from adapters.slack_manifest import EVENTS, INSTALL, INSTALLED
from bot.ports import NotAccepted

_log = structlog.get_logger(__name__)

CLOSING = 2.0
"""Seconds for what is being answered when we close."""


class Http:
    """The way in by HTTP. What is not signed with the app's signing secret, or over five minutes old, Bolt refuses.

    `flow`: how other workspaces install the app, if they may.
    """

    def __init__(self, host: str, port: int, signing_secret: str, flow: AsyncOAuthFlow | None = None) -> None:
        if not signing_secret:
            raise ValueError("without a signing secret anyone could speak for Slack")
        self.signing_secret = signing_secret
        self._host, self._port, self._flow = host, port, flow
        self._runner: web.AppRunner | None = None
        self.port = port
        """Where it listens: for port 0, what the system chose."""

    async def serve(self, app: AsyncApp, closing: asyncio.Event, connected: Callable[[], None]) -> None:
        """Take what Slack has for us until closing. Raises NotAccepted where nobody can listen."""

        async def taken(request: web.Request) -> web.StreamResponse:
            if closing.is_set():
                return web.Response(status=503)  # Slack sends an event once more
            return await _answered(app.async_dispatch, request)

        served = web.Application()
        served.router.add_post(EVENTS, taken)
        if self._flow is not None:
            served.router.add_get(INSTALL, partial(_answered, self._flow.handle_installation))
            served.router.add_get(INSTALLED, partial(_answered, self._flow.handle_callback))
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=CLOSING)
        await self._runner.setup()
        try:
            site = web.TCPSite(self._runner, self._host, self._port)
            await site.start()
            self.port = self._runner.addresses[0][1]
            _log.info("slack.listening", port=self.port)
            connected()
            await closing.wait()
        except OSError as error:
            raise NotAccepted(
                f"Slack's door: nobody can listen on {self._host}:{self._port} ({error.strerror})"
            ) from None
        finally:
            await self.leave()

    async def leave(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()


async def _answered(
    handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]], request: web.Request
) -> web.StreamResponse:
    try:
        asked = await to_bolt_request(request)
    except ValueError:  # neither a form nor JSON: this is not Slack
        return web.Response(status=400)
    return await to_aiohttp_response(await handle(asked))
