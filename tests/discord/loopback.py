"""A Discord on loopback, for what the one in memory lacks: a gateway that refuses, closes and replays; faults."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, WSMsgType, web

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
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION, HELLO, ACKNOWLEDGED = 0, 1, 2, 6, 9, 10, 11


@dataclass
class Loopback:
    """What is asked of it is strict: an unknown route is a 404 that no test expects."""

    faults: dict[str, deque[int | str | tuple[int, int]]] = field(default_factory=dict)
    """By "METHOD /path": a status to answer with, or a status and a code of Discord's; "cut" (before doing it), "lost"
    (done, and the answer lost) or "soon" (a limit of Discord's own, which says how long to wait)."""
    closing_codes: deque[int] = field(default_factory=deque)
    """With which the gateway answers the next identifications."""
    forgotten: int = 0
    """How many attempts to resume a session are answered with: there is no such session."""
    asked: list[str] = field(default_factory=list)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By nonce, as long as Discord remembers it."""
    posted: list[dict[str, Any]] = field(default_factory=list)
    """All that stands in the conversation."""
    files: list[tuple[str, bytes]] = field(default_factory=list)
    """Whatever was sent beside messages."""
    everywhere: list[dict[str, Any]] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)
    """Those of all servers, and those of ours."""
    answers: list[tuple[str, Any]] = field(default_factory=list)
    """To interactions: where, and what."""
    members: dict[int, list[str]] = field(default_factory=dict)
    """Who is in the server, with their roles; nobody else is."""
    channels: list[dict[str, Any]] = field(default_factory=list)
    conversations: dict[str, bool] = field(default_factory=dict)
    """By person: whether anything was ever written in it."""
    permissions: int = 0
    """What the bot may do in the server."""
    greeted: list[int] = field(default_factory=list)
    """The opcode with which each gateway connection introduced itself."""
    gateways: list[tuple[web.WebSocketResponse, asyncio.BaseTransport]] = field(default_factory=list)
    """Each connection, the newest last."""
    port: int = 0

    def fails(self, what: str, *how: int | str | tuple[int, int]) -> None:
        self.faults.setdefault(what, deque()).extend(how)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        what = f"{request.method} {request.path.removeprefix('/api/v10')}"
        self.asked.append(what)
        fault = self.faults[what].popleft() if self.faults.get(what) else None
        body = await self._body(request)
        match fault:
            case "soon":
                return _json({"code": 0, "message": "slower", "retry_after": 0.05, "global": False}, 429, Via="1.1")
            case int(status):
                return _json({"code": 0, "message": "as told", "retry_after": 7}, status)
            case (status, code):
                return _json({"code": code, "message": "as told"}, status)
        if any(f"POST {answered}" == what for answered, _ in self.answers):
            return _json({"code": 40060, "message": "answered already"}, 400)
        answer = None if fault == "cut" else self._done(what, body)
        if fault is not None:
            assert request.transport is not None
            request.transport.abort()
        return _json({"code": 0, "message": "unknown route"}, 404) if answer is None else answer

    async def _body(self, request: web.Request) -> Any:  # noqa: ANN401
        """What was sent as JSON, by itself or beside files."""
        if not request.can_read_body:
            return None
        if request.content_type != "multipart/form-data":
            return await request.json()
        said = None
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            if part.name == "payload_json":
                said = await part.json()
            else:
                self.files.append((part.filename or "", bytes(await part.read())))
        return said

    def _done(self, what: str, body: Any) -> web.Response | None:  # noqa: ANN401
        everywhere = f"/applications/{APPLICATION['id']}/commands"
        here = f"/applications/{APPLICATION['id']}/guilds/{GUILD}/commands"
        match what.split(" "):
            case ["GET", "/users/@me"]:
                return _json(ME)
            case ["GET", "/oauth2/applications/@me"]:
                return _json(APPLICATION)
            case ["GET", "/gateway/bot"]:
                limit = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
                gateway = f"ws://127.0.0.1:{self.port}/gateway"
                return _json({"url": gateway, "shards": 1, "session_start_limit": limit})
            case [method, path] if path in (everywhere, here):
                return _json(self._registered(here == path, body if method == "PUT" else None))
            case ["GET", path] if path == f"/guilds/{GUILD}":
                return _json(_GUILD | {"roles": self._roles()})
            case ["GET", path] if path == f"/guilds/{GUILD}/channels":
                return _json(self.channels)
            case ["GET", path] if path.startswith(f"/guilds/{GUILD}/members/"):
                return self._member(path.rpartition("/")[2])
            case ["GET", "/channels/5/messages"]:
                said = [{"id": each["id"], "author": ME, "components": each["components"]} for each in self.posted]
                return _json(said[::-1])
            case ["GET", path] if path.startswith("/channels/"):
                found = [each for each in self.channels if each["id"] == path.rpartition("/")[2]]
                return _json(found[0]) if found else _json({"code": 10003, "message": "Unknown Channel"}, 404)
            case ["POST", "/users/@me/channels"]:
                written = self.conversations.get(body["recipient_id"], False)
                return _json({"id": "5", "type": 1, "last_message_id": "1" if written else None})
            case ["POST", path] if path.startswith("/interactions/"):
                self.answers.append((path, body))
                return _json({})
            case ["POST", "/channels/5/messages"]:
                assert body["enforce_nonce"]
                if body["nonce"] not in self.messages:
                    self.posted.append({"id": str(len(self.posted) + 1), **body})
                return _json(self.messages.setdefault(body["nonce"], {"id": str(len(self.messages) + 1), **body}))
        return None

    def _registered(self, here: bool, new: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
        if new is not None:
            numbered = [each | {"id": str(70 + number)} for number, each in enumerate(new)]
            if here:
                self.commands = numbered
            else:
                self.everywhere = numbered
        return self.commands if here else self.everywhere

    def _member(self, who: str) -> web.Response:
        if who != ME["id"] and int(who) not in self.members:
            return _json({"code": 10007, "message": "Unknown Member"}, 404)
        user = ME if who == ME["id"] else {**ME, "id": who, "bot": False}
        roles = self.members.get(int(who), [])
        return _json({"user": user, "roles": roles, "joined_at": "2026-10-05T14:00:00+00:00", "flags": 0})

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
                elif said["op"] == RESUME and self.forgotten:
                    self.forgotten -= 1
                    await socket.send_json({"op": INVALID_SESSION, "d": False})
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


def _json(body: Any, status: int = 200, **headers: str) -> web.Response:  # noqa: ANN401
    # Exactly this type: discord.py takes anything else for text.
    exactly = {"Content-Type": "application/json", **headers}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=exactly)


async def until(true: Any, seconds: float = 30) -> None:  # noqa: ANN401
    """Wait for something to come true."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 (what is waited for is in another library)
            await asyncio.sleep(0.01)
