"""The playground's web server: one page, and a WebSocket for the clock and for each person on it.

It listens on loopback only, and answers only a page it served itself: a site opened in another tab must
not be able to act here (DNS rebinding, cross-site WebSockets).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiohttp import WSMsgType, web

from adapters.playground.platform import Playground
from adapters.playground.wire import Wire
from bot.ui import FILE

_STATIC = Path(__file__).with_name("static")
_OWN_HOST = re.compile(r"(127\.0\.0\.1|localhost)(:\d{1,5})?")
_HEADERS = {
    # Pictures are part of the messages, and drawn from memory.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # The files change with the program; on loopback asking again costs nothing.
    "Cache-Control": "no-cache",
}


@asynccontextmanager
async def serve(playground: Playground, port: int = 8787) -> AsyncIterator[str]:
    """Run the playground on loopback (0: any free port) for as long as the block lasts; gives its address."""
    await playground.refresh()
    # A browser keeps its sockets open for ever: stopping must not wait for it.
    runner = web.AppRunner(_web(playground), access_log=None, shutdown_timeout=1)
    await runner.setup()
    fresh = asyncio.create_task(playground.keep_fresh())
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        fresh.cancel()
        with suppress(asyncio.CancelledError):
            await fresh
        await runner.cleanup()
        await playground.close()


@asynccontextmanager
async def serve_screens(screens: str, port: int) -> AsyncIterator[str]:
    """Show screens (JSON: a list of feature, screen and message or form) on a page of their own; gives its address."""
    app = _page("screens.html")

    async def give(_: web.Request) -> web.Response:
        return web.Response(text=screens, content_type="application/json")

    app.router.add_get("/screens.json", give)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _page(name: str) -> web.Application:
    """One of our pages with what belongs to it, for this computer only."""

    async def page(_: web.Request) -> web.FileResponse:
        return web.FileResponse(_STATIC / name)

    async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(_HEADERS)

    app = web.Application(middlewares=[_only_ourselves])
    app.router.add_get("/", page)
    app.router.add_static("/static", _STATIC)
    app.on_response_prepare.append(add_headers)
    return app


def _web(playground: Playground) -> web.Application:
    sockets: set[web.WebSocketResponse] = set()

    async def socket(request: web.Request) -> web.StreamResponse:
        who = request.query.get("who")
        if who is not None and not playground.knows(who):
            raise web.HTTPNotFound(text="Nobody of that name is here.")
        line = web.WebSocketResponse(heartbeat=30, max_msg_size=2 * FILE)
        await line.prepare(request)
        sockets.add(line)
        try:
            await _attend(playground, line, Wire(who, request.query.get("session", "")))
        finally:
            sockets.discard(line)
        return line

    async def close(_: web.Application) -> None:
        for line in list(sockets):
            await line.close()

    app = _page("index.html")
    app.router.add_get("/socket", socket)
    app.on_shutdown.append(close)
    return app


async def _attend(playground: Playground, line: web.WebSocketResponse, wire: Wire) -> None:
    async def write() -> None:
        with suppress(ConnectionError):
            while True:
                await line.send_str(await wire.next())

    playground.join(wire)
    writer = asyncio.create_task(write())
    try:
        async for said in line:
            if said.type is WSMsgType.TEXT:
                playground.hear(wire, said.data)
    finally:
        playground.leave(wire)
        writer.cancel()


@web.middleware
async def _only_ourselves(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    host = request.headers.get("Host", "")
    if not _OWN_HOST.fullmatch(host):
        raise web.HTTPForbidden(text="This page is only for this computer.")
    asks = request.path != "/socket" and request.method in ("GET", "HEAD")
    if not asks and request.headers.get("Origin") != f"http://{host}":
        raise web.HTTPForbidden(text="Only the playground's own page may speak here.")
    return await handler(request)
