"""Slack on this machine: a strict Web API and real Socket Mode frames, for the real Bolt.

What Slack would refuse is kept in `wrong` and fails the test at its end. People's screens are kept as Slack would show
them: conversations with their messages, what only one person sees, and the modals that were opened.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, Any]

TEAM = "T1"
BOT = "UBOT"
BOT_TOKEN, APP_TOKEN = "xoxb-bot", "xapp-app"
PATIENCE = 3.0
"""Seconds to an acknowledgement, as Slack's."""


class Wrong(Exception):
    """Something the real Slack would not take."""


@dataclass
class Loopback:
    url: str = ""
    users: dict[str, Json] = field(default_factory=dict)
    posts: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    """Messages by conversation."""
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The people of each conversation."""
    whispers: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    """What only one person sees."""
    modals: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    faults: dict[str, list[Callable[[], web.StreamResponse | None]]] = field(default_factory=lambda: defaultdict(list))
    """What goes wrong at the next calls of a method, before it does anything."""
    cut_after: set[str] = field(default_factory=set)
    """Methods whose next call is done, and its answer lost."""
    scopes: str = "chat:write,commands,im:history,im:write,mpim:history,mpim:write,users:read"
    """What the app was allowed when it was installed."""
    refused_sockets: int = 0
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    acks: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _triggers: dict[str, str] = field(default_factory=dict)
    _ways: dict[str, tuple[str, Json | None]] = field(default_factory=dict)
    """Whom a response_url answers, and which message it may replace."""
    _tickets: set[str] = field(default_factory=set)

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────────

    def meet(self, user: str, name: str, **more: Any) -> str:  # noqa: ANN401
        """Let someone be in the workspace."""
        profile = {"real_name": name, "display_name": name}
        self.users[user] = {"id": user, "team_id": TEAM, "name": user.lower(), "profile": profile} | more
        return user

    async def calls_command(self, user: str, command: str, text: str = "") -> None:
        origin = {"channel_id": f"D{user}", "channel_name": "directmessage", "response_url": self._way(user, None)}
        await self.say(
            "slash_commands",
            {"command": command, "text": text, "team_id": TEAM, "user_id": user, "user_name": user.lower()}
            | {"trigger_id": self._trigger(user)}
            | origin,
        )

    async def presses(self, user: str, label: str, value: str = "") -> None:
        """Press the newest button that reads so, among all that this person sees."""
        seen = [post for place, posts in self.posts.items() if user in self.members[place] for post in posts]
        seen = sorted([*seen, *self.whispers[user]], key=lambda post: float(post["ts"]), reverse=True)
        post, element = next(
            (post, e)
            for post in seen
            for block in post["blocks"]
            if block["type"] == "actions"
            for e in block["elements"]
            if label in (e.get("text", {}).get("text"), e.get("placeholder", {}).get("text"))
        )
        action = {"action_id": element["action_id"], "block_id": "b", "type": element["type"]}
        if element["type"] == "static_select":
            action["selected_option"] = {"value": value}
        container = {"type": "message", "message_ts": post["ts"], "channel_id": post["channel"]}
        await self.say(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM},
                "user": {"id": user, "team_id": TEAM},
                "trigger_id": self._trigger(user),
                "container": container | {"is_ephemeral": post.get("only") is not None},
                "response_url": self._way(user, post),
                "actions": [action],
            },
        )

    async def fills(self, user: str, **answers: str | tuple[str, ...]) -> None:
        """Send the modal just opened; what is not named keeps what it holds, or the first option."""
        view = self.modals[user].pop()
        state: Json = {}
        for block in view["blocks"]:
            element = block["element"]
            name = element["action_id"]
            state[block["block_id"]] = {name: _answered(element, answers.get(name), bool(block.get("optional")))}
        sent = {key: view[key] for key in ("callback_id", "private_metadata", "type")}
        await self.say(
            "interactive",
            {
                "type": "view_submission",
                "team": {"id": TEAM},
                "user": {"id": user, "team_id": TEAM},
                "trigger_id": self._trigger(user),
                "view": sent | {"state": {"values": state}},
            },
        )

    async def happens(self, event: Json, event_id: str, retry: int = 0) -> None:
        payload = {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": event}
        more = {"retry_attempt": retry, "retry_reason": "timeout"} if retry else {}
        await self.say("events_api", payload, **more)

    def sees(self, user: str) -> str:
        """All that someone ever saw, as one text."""
        mine = [post for place, posts in self.posts.items() if user in self.members[place] for post in posts]
        return "\n".join(post["text"] for post in (*mine, *self.whispers[user]))

    # ── Socket Mode ───────────────────────────────────────────────────────────────────────────────────────────

    async def say(self, kind: str, payload: Json, **more: Any) -> Json:  # noqa: ANN401
        """Send an envelope, and wait for its acknowledgement as long as Slack would."""
        await asyncio.wait_for(self.connected.wait(), 5)
        envelope = f"e{next(self._numbers)}"
        self.acks[envelope] = asyncio.get_running_loop().create_future()
        frame = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        await self._sockets[-1].send_json(frame | more)
        return await asyncio.wait_for(self.acks[envelope], PATIENCE)

    async def renews(self) -> None:
        """Tell the client that its connection will be closed, as Slack does every few hours."""
        self.connected.clear()
        await self._sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def cuts(self) -> None:
        """Let the connection break without a word."""
        self.connected.clear()
        transport = self._sockets[-1]._req.transport if self._sockets[-1]._req else None
        assert transport
        transport.abort()

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)  # works once
        if self.refused_sockets:
            self.refused_sockets -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.connected.set()
        async for heard in socket:
            if heard.type is WSMsgType.TEXT:
                self._acknowledged(json.loads(heard.data))
        return socket

    def _acknowledged(self, ack: Json) -> None:
        future = self.acks.get(ack.get("envelope_id", ""))
        if future is None or future.done():
            self.wrong.append(f"acknowledged twice, or what was never sent: {sorted(ack)}")
        else:
            future.set_result(ack)

    # ── the Web API ───────────────────────────────────────────────────────────────────────────────────────────

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if self.faults[method] and (answer := self.faults[method].pop(0)()) is not None:
            return answer
        try:
            args = await _arguments(request)
            done = await self._method(method)(request, args)
        except Wrong as wrong:
            self.wrong.append(f"{method}: {wrong}")
            done = {"ok": False, "error": "invalid_arguments"}
        if method in self.cut_after:
            self.cut_after.discard(method)
            assert request.transport
            request.transport.abort()
        headers = {"x-oauth-scopes": self.scopes}
        return web.json_response({"ok": "error" not in done} | done, headers=headers)

    def _method(self, method: str) -> Callable[[web.Request, Json], Awaitable[Json]]:
        known = {
            "auth.test": self._auth_test,
            "apps.connections.open": self._connections_open,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "conversations.open": self._conversations_open,
            "conversations.history": self._history,
            "views.open": self._views_open,
            "users.info": self._users_info,
        }
        if method not in known:
            raise Wrong("no such method")
        return known[method]

    async def _auth_test(self, request: web.Request, args: Json) -> Json:
        _known(args)
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return {"error": "invalid_auth"}
        return {"team_id": TEAM, "team": "Harborview", "user_id": BOT, "bot_id": "B1", "user": "preceptor"}

    async def _connections_open(self, request: web.Request, args: Json) -> Json:
        _known(args)
        if request.headers.get("Authorization") != f"Bearer {APP_TOKEN}":
            return {"error": "invalid_auth"}
        ticket = f"t{next(self._numbers)}"
        self._tickets.add(ticket)
        return {"url": f"{self.url.replace('http', 'ws')}/socket?ticket={ticket}"}

    async def _post_message(self, request: web.Request, args: Json) -> Json:
        _known(args, "channel", "text", "blocks", "metadata", "unfurl_links", "unfurl_media")
        if args["channel"] not in self.members:
            return {"error": "channel_not_found"}
        post = self._written(args) | {"channel": args["channel"]}
        self.posts[args["channel"]].append(post)
        return {"channel": args["channel"], "ts": post["ts"], "message": post}

    async def _post_ephemeral(self, request: web.Request, args: Json) -> Json:
        _known(args, "channel", "user", "text", "blocks")
        self.whispers[args["user"]].append(self._written(args) | {"channel": args["channel"], "only": args["user"]})
        return {"message_ts": "1"}

    async def _update(self, request: web.Request, args: Json) -> Json:
        _known(args, "channel", "ts", "text", "blocks")
        post = next((p for p in self.posts[args["channel"]] if p["ts"] == args["ts"]), None)
        if post is None:
            return {"error": "message_not_found"}
        post.update(text=args["text"], blocks=self._written(args)["blocks"])
        return {"ts": post["ts"]}

    async def _conversations_open(self, request: web.Request, args: Json) -> Json:
        _known(args, "users", "return_im", "prevent_creation")
        users = tuple(sorted(args["users"].split(",")))
        if not 1 <= len(users) <= 8:
            raise Wrong("one to eight people")
        if any(user not in self.users for user in users):
            return {"error": "user_not_found"}
        place = f"D{users[0]}" if len(users) == 1 else f"G{''.join(users)}"
        self.members[place] = users
        return {"channel": {"id": place}}

    async def _history(self, request: web.Request, args: Json) -> Json:
        _known(args, "channel", "include_all_metadata", "limit")
        posts = self.posts[args["channel"]][-int(args["limit"]) :]
        return {"messages": list(reversed(posts)) if str(args["include_all_metadata"]) in ("1", "True", "true") else []}

    async def _views_open(self, request: web.Request, args: Json) -> Json:
        _known(args, "trigger_id", "view")
        user = self._triggers.pop(args["trigger_id"], None)
        if user is None:
            return {"error": "expired_trigger_id"}
        view = args["view"] if isinstance(args["view"], dict) else json.loads(args["view"])
        check_modal(view)
        self.modals[user].append(view)
        return {"view": view}

    async def _users_info(self, request: web.Request, args: Json) -> Json:
        _known(args, "user")
        return {"user": self.users[args["user"]]} if args["user"] in self.users else {"error": "user_not_found"}

    async def _respond(self, request: web.Request) -> web.Response:
        """A response_url."""
        user, post = self._ways[request.match_info["way"]]
        said = await request.json()
        if extra := said.keys() - {"text", "blocks", "replace_original", "response_type"}:
            self.wrong.append(f"response_url: {extra}")
        written = self._written(said)
        if said["replace_original"] and post is not None:
            post.update(text=written["text"], blocks=written["blocks"])
        elif said.get("response_type") == "ephemeral":
            self.whispers[user].append(written | {"channel": f"D{user}", "only": user})
        else:
            self.wrong.append("response_url: everyone would see it")
        return web.Response(text="ok")

    def _written(self, args: Json) -> Json:
        made = args["blocks"] if isinstance(args["blocks"], list) else json.loads(args["blocks"])
        check_blocks(made)
        metadata = args.get("metadata") or {}
        metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
        return {"ts": f"{next(self._numbers)}.0", "text": args["text"], "blocks": made, "metadata": metadata}

    def _trigger(self, user: str) -> str:
        trigger = f"trigger{next(self._numbers)}"
        self._triggers[trigger] = user
        return trigger

    def _way(self, user: str, post: Json | None) -> str:
        way = f"w{next(self._numbers)}"
        self._ways[way] = user, post
        return f"{self.url}/respond/{way}"


@asynccontextmanager
async def loopback() -> AsyncIterator[Loopback]:
    """A Slack of its own, which was asked nothing that the real one refuses."""
    slack = Loopback()
    app = web.Application()
    app.router.add_post("/api/{method}", slack._api)
    app.router.add_get("/api/{method}", slack._api)
    app.router.add_post("/respond/{way}", slack._respond)
    app.router.add_get("/socket", slack._socket)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield slack
    finally:
        await runner.cleanup()
    if slack.wrong:
        raise AssertionError(slack.wrong)


def too_many() -> web.StreamResponse:
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "0"})


def broken() -> web.StreamResponse:
    return web.Response(status=503, text="unavailable")


# ── what Slack takes ──────────────────────────────────────────────────────────────────────────────────────────────

_BLOCKS = {"header", "context", "rich_text", "actions", "divider", "input", "section"}


def check_blocks(made: list[Json], most: int = 50) -> None:
    """Raise Wrong for blocks that Slack refuses."""
    if not 1 <= len(made) <= most:
        raise Wrong(f"{len(made)} blocks")
    ids: list[str] = []
    for block in made:
        if block["type"] not in _BLOCKS:
            raise Wrong(f"block {block['type']}")
        try:
            parsed = Block.parse(block)
            assert parsed is not None
            parsed.validate_json()
        except Exception as error:
            raise Wrong(str(error)) from error
        ids += [element["action_id"] for element in block.get("elements", ()) if "action_id" in element]
        _check_parts(block)
    if len(ids) != len(set(ids)) or any(not 1 <= len(each) <= 255 for each in ids):
        raise Wrong(f"action ids {ids}")


_LIMITS = {"text": 3000, "placeholder": 150, "value": 150, "description": 75}


def _check_parts(part: Any) -> None:  # noqa: ANN401
    """No part is empty, and none too long."""
    if isinstance(part, list):
        for each in part:
            _check_parts(each)
    if not isinstance(part, dict):
        return
    for key, each in part.items():
        if key in ("text", "fallback") and each == "":
            raise Wrong(f"empty {key} in {part.get('type')}")
        if key in ("elements", "options") and not each:
            raise Wrong(f"no {key} in {part.get('type')}")
        if isinstance(each, str) and len(each) > _LIMITS.get(key, 3000):
            raise Wrong(f"{key} too long in {part.get('type')}")
        _check_parts(each)


def check_modal(view: Json) -> None:
    """Raise Wrong for a modal that Slack refuses."""
    if extra := view.keys() - {
        "type", "title", "callback_id", "submit", "close", "private_metadata", "blocks",
    }:  # fmt: skip
        raise Wrong(f"modal: {extra}")
    try:
        View(**view).validate_json()
    except Exception as error:
        raise Wrong(str(error)) from error
    for key in ("title", "submit", "close"):
        if not 1 <= len(view[key]["text"]) <= 24:
            raise Wrong(f"modal's {key}")
    if len(view["private_metadata"]) > 3000 or len(view["callback_id"]) > 255:
        raise Wrong("modal's memory")
    check_blocks(view["blocks"], 100)


def _known(args: Json, *names: str) -> None:
    if extra := args.keys() - {*names, "token", "team_id"}:
        raise Wrong(f"unknown arguments {sorted(extra)}")


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    return dict(await request.post()) | dict(request.query)


def _answered(element: Json, given: str | tuple[str, ...] | None, optional: bool) -> Json:
    kind, options = element["type"], element.get("options", ())
    if kind in ("radio_buttons", "static_select"):
        held = (element.get("initial_option") or {}).get("value")
        chosen = given if given is not None else held or (None if optional else options[0]["value"])
        return {"type": kind, "selected_option": {"value": chosen} if chosen else None}
    if kind in ("checkboxes", "multi_static_select"):
        kept = tuple(option["value"] for option in element.get("initial_options") or ())
        several = given if given is not None else kept or (() if optional else (options[0]["value"],))
        several = several if isinstance(several, tuple) else (several,)
        return {"type": kind, "selected_options": [{"value": value} for value in several]}
    if kind == "users_select":
        return {"type": kind, "selected_user": given}
    if kind == "plain_text_input":
        return {"type": kind, "value": given or element.get("initial_value") or (None if optional else "A few words")}
    raise Wrong(f"nobody can answer a {kind}")
