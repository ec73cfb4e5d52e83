"""The officers' page over a real society: its door, and browsers that are no browser."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import aiohttp
import pytest

from adapters.office import serve
from adapters.office.server import PROOF
from bot.office import OfficeDoor
from bot.rehearsal import Actor
from bot.ui import Form, Line, Link
from tests.society import Society


@dataclass
class Visit:
    """Someone at the page: their cookies, and what they were told."""

    browser: aiohttp.ClientSession
    address: str
    proof: str = ""
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def posts(self, path: str, **more: object) -> aiohttp.ClientResponse:
        headers = {"Origin": self.address, PROOF: self.proof} | dict(more.pop("headers", {}))  # type: ignore[call-overload]
        async with self.browser.post(self.address + path, headers=headers, **more) as answer:  # type: ignore[arg-type]
            await answer.read()
            return answer

    async def enters(self, code: str) -> int:
        return (await self.posts("/enter", data=code)).status

    async def looks(self) -> aiohttp.ClientResponse:
        async with self.browser.get(self.address + "/desk") as answer:
            await answer.read()
            self.proof = answer.headers.get(PROOF, self.proof)
            return answer

    async def asks(self, **what: object) -> aiohttp.ClientResponse:
        return await self.posts("/ask", json={"call": str(UUID(int=next(self._numbers))), **what})


@dataclass
class Office:
    society: Society
    address: str
    visits: list[Visit] = field(default_factory=list)

    def visit(self) -> Visit:
        # Cookies of an address that is a number are only kept if one asks for it.
        browser = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.visits.append(Visit(browser, self.address))
        return self.visits[-1]

    async def code(self, officer: Actor) -> str:
        """The code of a link that an officer was given."""
        reply = await officer.calls("office")
        assert reply is not None
        assert not isinstance(reply, Form)
        spans = [span for block in reply.message.blocks if isinstance(block, Line) for span in block.text]
        (link,) = [span for span in spans if isinstance(span, Link)]
        address, _, code = link.url.partition("/#")
        assert address == self.address
        return code

    async def entered(self, officer: Actor) -> Visit:
        """An officer who is in."""
        visit = self.visit()
        assert await visit.enters(await self.code(officer)) == 204
        assert (await visit.looks()).status == 200
        return visit


@pytest.fixture
async def office(harbor: Society) -> AsyncIterator[Office]:
    door = OfficeDoor(harbor.app)
    async with serve(door, harbor.app.answer, "127.0.0.1", 0) as address:
        harbor.app.office = address
        office = Office(harbor, address)
        yield office
        for visit in office.visits:
            await visit.browser.close()
