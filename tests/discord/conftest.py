"""A Discord on loopback, for what the one in memory lacks: a gateway that refuses, closes and replays; faults."""

import asyncio
import json
import re
from collections import deque
from collections.abc import AsyncIterator, Iterator, MutableMapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import discord
import pytest
import structlog
import yarl
from aiohttp import WSMsgType, web
from discord.gateway import DiscordWebSocket
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

ME = {"id": "900000000000000001", "username": "preceptor", "discriminator": "0", "avatar": None, "bot": True}
APPLICATION = {
    "id": "900000000000000002",
    "name": "Preceptor",
    "description": "",
    "icon": None,
    "bot_public": False,
    "bot_require_code_grant": False,
    "verify_key": "",
    "rpc_origins": None,
    "flags": 0,
    "owner": {"id": "900000000000000003", "username": "olu", "discriminator": "0", "avatar": None},
}
GUILD = 900000000000000004
_GUILD = {
    "id": str(GUILD),
    "name": "Harborview",
    "owner_id": "1",
    "roles": [],
    "emojis": [],
    "features": [],
    "verification_level": 0,
    "default_message_notifications": 0,
    "explicit_content_filter": 0,
    "mfa_level": 0,
    "nsfw_level": 0,
    "premium_tier": 0,
    "preferred_locale": "en-US",
}
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, HELLO, ACKNOWLEDGED = 0, 1, 2, 6, 10, 11


@dataclass
class Loopback:
    """What is asked of it is strict: an unknown route is a 404 that no test expects."""

    faults: dict[str, deque[int | str]] = field(default_factory=dict)
    """By "METHOD /path": a status to answer with, "cut" (before doing it) or "lost" (done, and the answer lost)."""
    closing_codes: deque[int] = field(default_factory=deque)
    """With which the gateway answers the next identifications."""
    asked: list[str] = field(default_factory=list)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By nonce."""
    commands: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[str, Any]] = field(default_factory=list)
    """To interactions: where, and what."""
    permissions: int = 0
    """What the bot may do in the server."""
    greeted: list[int] = field(default_factory=list)
    """The opcode with which each gateway connection introduced itself."""
    gateways: list[tuple[web.WebSocketResponse, asyncio.BaseTransport]] = field(default_factory=list)
    """Each connection, the newest last."""
    port: int = 0

    def fails(self, what: str, *how: int | str) -> None:
        self.faults.setdefault(what, deque()).extend(how)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        what = f"{request.method} {request.path.removeprefix('/api/v10')}"
        self.asked.append(what)
        fault = self.faults[what].popleft() if self.faults.get(what) else None
        if isinstance(fault, int):
            return _json({"code": 0, "message": "as told", "retry_after": 7}, fault)
        body = await request.json() if request.can_read_body else None
        if any(f"POST {answered}" == what for answered, _ in self.answers):
            return _json({"code": 40060, "message": "answered already"}, 400)
        answer = None if fault == "cut" else self._done(what, body)
        if fault is not None:
            assert request.transport is not None
            request.transport.abort()
        return _json(answer, 200) if answer is not None else _json({"code": 0, "message": "unknown route"}, 404)

    def _done(self, what: str, body: Any) -> Any:  # noqa: ANN401
        commands = f"/applications/{APPLICATION['id']}/commands"
        match what.split(" "):
            case ["GET", "/users/@me"]:
                return ME
            case ["GET", "/oauth2/applications/@me"]:
                return APPLICATION
            case ["GET", "/gateway/bot"]:
                limit = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
                return {"url": f"ws://127.0.0.1:{self.port}/gateway", "shards": 1, "session_start_limit": limit}
            case ["GET", path] if path == commands:
                return self.commands
            case ["PUT", path] if path == commands:
                self.commands = [each | {"id": str(70 + number)} for number, each in enumerate(body)]
                return self.commands
            case ["GET", path] if path == f"/guilds/{GUILD}":
                return _GUILD | {"roles": self._roles()}
            case ["GET", path] if path == f"/guilds/{GUILD}/members/{ME['id']}":
                return {"user": ME, "roles": [], "joined_at": "2026-10-05T14:00:00+00:00", "flags": 0}
            case ["POST", path] if path.startswith("/interactions/"):
                self.answers.append((path, body))
                return {}
            case ["POST", "/channels/5/messages"]:
                assert body["enforce_nonce"]
                return self.messages.setdefault(body["nonce"], {"id": str(len(self.messages) + 1), **body})
        return None

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        assert request.transport is not None
        self.gateways.append((socket, request.transport))
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": 40_000}})
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            said = frame.json()
            if said["op"] == HEARTBEAT:
                await socket.send_json({"op": ACKNOWLEDGED})
            elif said["op"] in (IDENTIFY, RESUME):
                self.greeted.append(said["op"])
                if self.closing_codes:
                    await socket.close(code=self.closing_codes.popleft())
                else:
                    await self._welcome(said["op"])
        return socket

    async def _welcome(self, how: int) -> None:
        if how == RESUME:
            await self.happens("RESUMED", {})
            return
        ready = {
            "v": 10,
            "user": ME,
            "guilds": [{"id": str(GUILD), "unavailable": True}],
            "session_id": "session",
            "shard": [0, 1],
            "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway",
            "application": {"id": APPLICATION["id"], "flags": 0},
        }
        await self.happens("READY", ready)
        await self.happens("GUILD_CREATE", _GUILD | {"roles": self._roles(), "channels": [], "members": []})

    def _roles(self) -> list[dict[str, Any]]:
        same = {"position": 0, "color": 0, "hoist": False, "managed": False}
        everyone = {"id": str(GUILD), "name": "@everyone", "permissions": str(self.permissions)}
        return [everyone | same, {"id": "77", "name": "Officers", "permissions": "0"} | same]

    async def happens(self, event: str, data: dict[str, Any]) -> None:
        """Something happens on Discord."""
        socket, _ = self.gateways[-1]
        await socket.send_json({"op": DISPATCH, "t": event, "s": len(self.asked) + 1, "d": data})

    def cut(self) -> None:
        """The connection to the gateway is lost."""
        _, transport = self.gateways[-1]
        transport.abort()  # type: ignore[attr-defined]


def _json(body: Any, status: int) -> web.Response:  # noqa: ANN401
    # Exactly this type: discord.py takes anything else for text.
    headers = {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers)


async def until(true: Any, seconds: float = 5) -> None:  # noqa: ANN401
    """Wait for something to come true."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 (what is waited for is in another library)
            await asyncio.sleep(0.01)


# ── what Discord publishes ────────────────────────────────────────────────────────────────────────────────────────

CONTRACT = Path(__file__).resolve().parents[2].parent / "shared" / "contracts" / "raw" / "discord-openapi.json"


@cache
def published() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(CONTRACT.read_text())
    return whole


def schema(name: str) -> Draft202012Validator:
    """One of Discord's published schemas."""
    return _checker({"$ref": f"#/components/schemas/{name}"})


def unlike_published(method: str, path: str, body: Any) -> str:  # noqa: ANN401
    """What is wrong with the body of a request, by what Discord publishes of that route; empty if nothing is."""
    for template, doings in published()["paths"].items():
        if method.lower() in doings and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            asked = doings[method.lower()]["requestBody"]["content"]["application/json"]["schema"]
            wrong = best_match(_checker(asked).iter_errors(body))
            return f"{method} {template}: {wrong.message}" if wrong else ""
    return f"{method} {path}: Discord has no such route"


def _checker(asked: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**asked, "components": published()["components"]})


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged, which would otherwise go where a test of the command line left it: to a stream that is closed."""
    with structlog.testing.capture_logs() as lines:
        yield lines


# ── Discord on loopback ───────────────────────────────────────────────────────────────────────────────────────────


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
