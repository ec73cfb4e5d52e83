"""The officers' page: files that anyone may read, and behind a session what an officer sees and does.

Each request is looked at on its own: whether it was sent to our address, whether a change comes from our own page, and
whether whoever is signed in is an officer still. What an officer does is a request like any other platform's and goes
through the core's one door, which decides. Nothing of a person is in the log: no code, no token, no name.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from adapters import playground
from adapters.office.limit import Limit
from adapters.office.wire import ASKED, Back, as_request
from bot.feature import Sorry
from bot.office import Desk, OfficeDoor, Review, Visitor
from bot.ports import Answer
from bot.ui import FILE

_log = structlog.get_logger(__name__)
_DESK: TypeAdapter[Desk] = TypeAdapter(Desk)
_REVIEW: TypeAdapter[Review | None] = TypeAdapter(Review | None)
_Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

_OWN, _SHARED = Path(__file__).with_name("static"), Path(playground.__file__).with_name("static")
FILES = {
    **{path.name: path for path in _OWN.iterdir()},
    # The two pages look and draw alike: members' words are only ever text there.
    **{
        name: _SHARED / name
        for name in ("blocks.js", "dom.js", "form.js", "icon.svg", "style.css", "theme.js", "time.js")
    },
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PROOF = "X-Office-Proof"
"""The header with which our own page shows that it is the one asking: another site can't read what is in it."""


@asynccontextmanager
async def serve(door: OfficeDoor, answer: Answer, host: str, port: int, address: str = "") -> AsyncIterator[str]:
    """Serve the page for as long as the block lasts; gives the address at which officers reach it.

    `address`: where a proxy of the society's own takes it from; without one, this computer's own.
    """
    office = _Office(door, answer)
    runner = web.AppRunner(office.app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        office.address = address or f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield office.address
    finally:
        await runner.cleanup()


class _Office:
    def __init__(self, door: OfficeDoor, answer: Answer) -> None:
        self.address = ""
        self._door, self._answer = door, answer
        self._limit = Limit(10, 60)
        # A file that was read in a form travels as base64, which is a third longer.
        self.app = web.Application(middlewares=[self._checked], client_max_size=2 * FILE)
        self.app.on_response_prepare.append(_add_headers)
        self.app.router.add_get("/", self._page)
        self.app.router.add_get("/static/{name}", self._file)
        self.app.router.add_get("/desk", self._desk)
        self.app.router.add_get("/round", self._round)
        self.app.router.add_post("/enter", self._enter)
        self.app.router.add_post("/ask", self._ask)
        self.app.router.add_post("/leave", self._leave)

    # ── what anyone may read ──────────────────────────────────────────────────────────────────────────────────

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(_OWN / "index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = FILES.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path)

    # ── who is in ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        whence = request.remote or ""
        if not self._limit.allows(whence):
            _log.warning("office.too_many_tries")
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})
        token = await self._door.enter(_plain((await request.read()).decode(errors="replace")))
        if token is None:
            self._limit.count(whence)
            _log.info("office.not_let_in")
            raise web.HTTPUnauthorized
        response = web.Response(status=204)
        response.set_cookie(self._cookie, token, path="/", httponly=True, secure=self._secure, samesite="Strict")
        return response

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        token, _ = await self._signed_in(request)
        await self._door.leave(token)
        response = web.Response(status=204)
        response.del_cookie(self._cookie, path="/", httponly=True, secure=self._secure, samesite="Strict")
        return response

    async def _signed_in(self, request: web.Request) -> tuple[str, Visitor]:
        """The session's token and whose it is. Raises HTTPUnauthorized, and HTTPForbidden for others' changes."""
        token = _plain(request.cookies.get(self._cookie, ""))
        visitor = await self._door.visitor(token) if token else None
        if visitor is None:
            raise web.HTTPUnauthorized
        shown = _plain(request.headers.get(PROOF, ""))
        if request.method == "POST" and not hmac.compare_digest(shown, _shown(token)):
            raise web.HTTPForbidden
        return token, visitor

    # ── what an officer sees and does ─────────────────────────────────────────────────────────────────────────

    async def _desk(self, request: web.Request) -> web.StreamResponse:
        token, visitor = await self._signed_in(request)
        desk = _DESK.dump_json(await self._door.desk(visitor)).decode()
        return web.Response(text=desk, content_type="application/json", headers={PROOF: _shown(token)})

    async def _round(self, request: web.Request) -> web.StreamResponse:
        _, visitor = await self._signed_in(request)
        try:
            review = _REVIEW.dump_json(await self._door.review(visitor)).decode()
        except Sorry:
            raise web.HTTPServiceUnavailable from None
        return web.Response(text=review, content_type="application/json")

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        token, visitor = await self._signed_in(request)
        try:
            asked = ASKED.validate_json(await request.read())
            wanted = as_request(asked, visitor, _shown(token))
        except (ValidationError, ValueError):
            raise web.HTTPBadRequest from None
        if not self._door.lets(wanted):
            raise web.HTTPForbidden
        back = Back()
        await self._answer(wanted, back)
        return web.Response(text=back.said, content_type="application/json")

    # ── of every request ──────────────────────────────────────────────────────────────────────────────────────

    @property
    def _secure(self) -> bool:
        return self.address.startswith("https:")

    @property
    def _cookie(self) -> str:
        # The prefix lets a browser refuse it from any other host, and without encryption.
        return "__Host-office" if self._secure else "office"

    @web.middleware
    async def _checked(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        if request.headers.get("Host") != urlsplit(self.address).netloc:
            raise web.HTTPForbidden  # another name was made to point here
        if request.method not in ("GET", "HEAD"):
            ours = request.headers.get("Origin") == self.address
            if not ours or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
                raise web.HTTPForbidden
        return await handler(request)


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


def _plain(given: str) -> str:
    """A code or a token as we make them, or what is none: plain letters, of no great length."""
    return given[:200] if given.isascii() else ""


def _shown(token: str) -> str:
    """What our page is told of a session's token: enough to know it by, and nothing to sign in with."""
    return hashlib.sha256(f"shown to the page: {token}".encode()).hexdigest()
