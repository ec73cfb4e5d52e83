"""Slack on this machine: a strict Web API, real Socket Mode frames and signed requests, for the real Bolt.

What Slack would refuse is kept in `wrong` and fails the test at its end. People's screens are kept as Slack would show
them: conversations with their messages, what only one person sees, and the modals that were opened.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession, ClientTimeout, WSMsgType, encode_basic_auth, web
from slack_sdk.signature import SignatureVerifier

from adapters.slack_manifest import SCOPES
from tests.slack.contracts import complaint
from tests.slack.rules import (
    Json,
    Wrong,
    answered,
    arguments,
    check_blocks,
    check_home,
    check_modal,
    controls,
    known,
    labels,
    pressed,
)

TEAM = "T1"
BOT = "UBOT"
BOT_TOKEN, APP_TOKEN = "xoxb-bot", "xapp-app"
SIGNING_SECRET = "5" * 32
CLIENT = "1.2", "client-secret"
PATIENCE = 3.0
"""Seconds to an acknowledgement, as Slack's."""


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
    scopes: str = ",".join(SCOPES)
    """What the app was allowed when it was installed."""
    tokens: dict[str, str] = field(default_factory=lambda: {BOT_TOKEN: TEAM})
    """The tokens that are good, with the workspace of each."""
    codes: dict[str, str] = field(default_factory=dict)
    """What someone brings along who has installed the app, with the workspace they did it in."""
    refreshes: dict[str, str] = field(default_factory=dict)
    """What a new token is given for, once."""
    homes: dict[str, Json] = field(default_factory=dict)
    """Each person's App Home."""
    channels: dict[str, Json] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The people of each user group."""
    files: dict[str, Json] = field(default_factory=dict)
    """What was uploaded, and what people gave in forms."""
    unready: int = 0
    """So many messages come before Slack has looked at their pictures."""
    called: list[str] = field(default_factory=list)
    """Every method that was called."""
    door: str = ""
    """Where the bot is called by HTTP; empty for Socket Mode."""
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
        post, element = next((post, e) for post in seen for e in controls(post) if label in labels(e))
        await self.acts_on(user, post, element, value)

    async def acts_on(self, user: str, post: Json, element: Json, value: str = "") -> None:
        """Press a button of a message, or choose in its menu: the first option, unless another is named."""
        container = {"type": "message", "message_ts": post["ts"], "channel_id": post["channel"]}
        container |= {"is_ephemeral": post.get("only") is not None}
        await self.acts(user, pressed(element, value), container, {"response_url": self._way(user, post)})

    async def presses_at_home(self, user: str, label: str, value: str = "") -> None:
        """Press a button of one's App Home, or choose in a menu of it."""
        element = next(e for e in controls(self.homes[user]) if label in labels(e))
        await self.acts(
            user, pressed(element, value), {"type": "view", "view_id": "V1"}, {"view": {"type": "home", "id": "V1"}}
        )

    async def acts(self, user: str, action: Json, container: Json, more: Json) -> None:
        """An action, as Slack tells of it."""
        payload: Json = {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}}
        payload |= {"trigger_id": self._trigger(user), "container": container, "actions": [action]}
        await self.say("interactive", payload | more)

    async def opens_home(self, user: str, event_id: str, tab: str = "home") -> None:
        await self.happens({"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": tab}, event_id)

    async def fills(self, user: str, **answers: Any) -> None:  # noqa: ANN401
        """Send the modal just opened; what is not named keeps what it holds, or the first option."""
        view = self.modals[user].pop()
        state: Json = {}
        for block in view["blocks"]:
            element = block["element"]
            name = element["action_id"]
            state[block["block_id"]] = {name: answered(element, answers.get(name), bool(block.get("optional")))}
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

    async def happens(self, event: Json, event_id: str, retry: int = 0, team: str = TEAM, ago: int = -1) -> None:
        """An event, of so many seconds ago (of just now, by a clock that counts whole ones)."""
        at = int(time.time()) - ago  # noqa: TID251 - slack_sdk notes installations by the real time
        payload = {"type": "event_callback", "team_id": team, "event_id": event_id, "event_time": at, "event": event}
        more = {"retry_attempt": retry, "retry_reason": "timeout"} if retry else {}
        await self.say("events_api", payload, **more)

    def sees(self, user: str) -> str:
        """All that someone ever saw, as one text."""
        mine = [post for place, posts in self.posts.items() if user in self.members[place] for post in posts]
        return "\n".join(post["text"] for post in (*mine, *self.whispers[user]))

    # ── Socket Mode ───────────────────────────────────────────────────────────────────────────────────────────

    async def say(self, kind: str, payload: Json, **more: Any) -> Json:  # noqa: ANN401
        """Send an envelope or a request, and wait for its acknowledgement as long as Slack would."""
        if self.door:
            status = await self.posts_to_door(kind, payload)
            assert status == 200, status
            return {}
        await asyncio.wait_for(self.connected.wait(), 5)
        envelope = f"e{next(self._numbers)}"
        self.acks[envelope] = asyncio.get_running_loop().create_future()
        frame = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        await self._sockets[-1].send_json(frame | more)
        return await asyncio.wait_for(self.acks[envelope], PATIENCE)

    async def posts_to_door(
        self, kind: str, payload: Json, *, secret: str = SIGNING_SECRET, age: int = 0, body: str = ""
    ) -> int:
        """A request as Slack signs it; the answer's status. `age`: how many seconds ago it was signed."""
        if not body:
            body = json.dumps(payload)
            if kind == "slash_commands":
                body = urlencode(payload)
            elif kind == "interactive":
                body = urlencode({"payload": body})
        kind_of_body = "application/json" if kind == "events_api" else "application/x-www-form-urlencoded"
        at = str(int(time.time()) - age)  # noqa: TID251 - Bolt compares it with the real time
        signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": str(signature), "Content-Type": kind_of_body}
        async with ClientSession(timeout=ClientTimeout(PATIENCE)) as session:
            heard = await session.post(f"{self.door}/slack/events", data=body, headers=headers)
            return heard.status

    async def hangs_up(self, reason: str = "refresh_requested") -> None:
        """Tell the client that its connection will be closed, as Slack does every few hours."""
        self.connected.clear()
        await self._sockets[-1].send_json({"type": "disconnect", "reason": reason})

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
        self.called.append(method)
        try:
            args = await arguments(request)
            if complaint_ := complaint(method, args):
                raise Wrong(complaint_)
            done = (
                await self._method(method)(request, args) if self._may(method, request) else {"error": "invalid_auth"}
            )
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
        methods = {
            "auth.test": self._auth_test,
            "apps.connections.open": self._connections_open,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "conversations.open": self._conversations_open,
            "conversations.history": self._history,
            "conversations.info": self._conversations_info,
            "files.getUploadURLExternal": self._upload_url,
            "files.completeUploadExternal": self._complete_upload,
            "oauth.v2.access": self._oauth_access,
            "usergroups.list": self._usergroups,
            "views.open": self._views_open,
            "views.publish": self._views_publish,
            "users.info": self._users_info,
        }
        if method not in methods:
            raise Wrong("no such method")
        return methods[method]

    def _may(self, method: str, request: web.Request) -> bool:
        """Whether the token is good; some methods ask for another, or for none."""
        return method in ("apps.connections.open", "oauth.v2.access") or _token_of(request) in self.tokens

    async def _auth_test(self, request: web.Request, args: Json) -> Json:
        known(args)
        return {
            "team_id": self.tokens[_token_of(request)],
            "team": "Harborview",
            "user_id": BOT,
            "bot_id": "B1",
            "user": "preceptor",
        }

    async def _connections_open(self, request: web.Request, args: Json) -> Json:
        known(args)
        if _token_of(request) != APP_TOKEN:
            return {"error": "invalid_auth"}
        ticket = f"t{next(self._numbers)}"
        self._tickets.add(ticket)
        return {"url": f"{self.url.replace('http', 'ws')}/socket?ticket={ticket}"}

    async def _post_message(self, request: web.Request, args: Json) -> Json:
        known(args, "channel", "text", "blocks", "metadata", "unfurl_links", "unfurl_media")
        if args["channel"] not in self.members:
            return {"error": "channel_not_found"}
        if self.unready and '"slack_file"' in json.dumps(args["blocks"]):
            self.unready -= 1
            return {"error": "invalid_blocks"}
        post = self._written(args) | {"channel": args["channel"]}
        self.posts[args["channel"]].append(post)
        return {"channel": args["channel"], "ts": post["ts"], "message": post}

    async def _post_ephemeral(self, request: web.Request, args: Json) -> Json:
        known(args, "channel", "user", "text", "blocks")
        self.whispers[args["user"]].append(self._written(args) | {"channel": args["channel"], "only": args["user"]})
        return {"message_ts": "1"}

    async def _update(self, request: web.Request, args: Json) -> Json:
        known(args, "channel", "ts", "text", "blocks")
        post = next((p for p in self.posts[args["channel"]] if p["ts"] == args["ts"]), None)
        if post is None:
            return {"error": "message_not_found"}
        post.update(text=args["text"], blocks=self._written(args)["blocks"])
        return {"ts": post["ts"]}

    async def _conversations_open(self, request: web.Request, args: Json) -> Json:
        known(args, "users", "return_im", "prevent_creation")
        users = tuple(sorted(args["users"].split(",")))
        if not 1 <= len(users) <= 8:
            raise Wrong("one to eight people")
        if any(user not in self.users for user in users):
            return {"error": "user_not_found"}
        place = f"D{users[0]}" if len(users) == 1 else f"G{''.join(users)}"
        self.members[place] = users
        return {"channel": {"id": place}}

    async def _history(self, request: web.Request, args: Json) -> Json:
        known(args, "channel", "include_all_metadata", "limit")
        if args["channel"] not in self.members:
            return {"error": "channel_not_found"}
        whole = str(args.get("include_all_metadata")) in ("1", "True", "true")
        posts = self.posts[args["channel"]][-int(args["limit"]) :] if whole else []
        return {"messages": list(reversed(posts))}

    async def _conversations_info(self, request: web.Request, args: Json) -> Json:
        known(args, "channel")
        there = self.channels.get(args["channel"])
        return {"channel": there} if there else {"error": "channel_not_found"}

    async def _usergroups(self, request: web.Request, args: Json) -> Json:
        known(args, "include_users")
        return {"usergroups": [{"id": group, "users": list(users)} for group, users in self.groups.items()]}

    async def _upload_url(self, request: web.Request, args: Json) -> Json:
        known(args, "filename", "length", "alt_txt")
        number = f"F{next(self._numbers)}"
        self.files[number] = {"id": number, "name": args["filename"], "size": int(args["length"])}
        return {"file_id": number, "upload_url": f"{self.url}/upload/{number}"}

    async def _upload(self, request: web.Request) -> web.Response:
        file = self.files[request.match_info["file"]]
        file["data"] = await request.read()
        if len(file["data"]) != file["size"]:
            self.wrong.append(f"upload of {file['name']}: not as long as was said")
        return web.Response(text="OK")

    async def _download(self, request: web.Request) -> web.Response:
        if _token_of(request) not in self.tokens:
            return web.Response(status=302, headers={"Location": "https://slack.com/signin"})
        return web.Response(body=self.files[request.match_info["file"]]["data"])

    async def _complete_upload(self, request: web.Request, args: Json) -> Json:
        known(args, "files", "channel_id")
        done = [self.files[given["id"]] | {"title": given["title"]} for given in json.loads(args["files"])]
        if any("data" not in file or "done" in file for file in done):
            return {"error": "file_not_found"}
        for file in done:
            self.files[file["id"]] = file | {"done": True}
        if channel := args.get("channel_id"):
            if channel not in self.members:
                return {"error": "channel_not_found"}
            shown = [{"id": file["id"], "name": file["name"], "title": file["title"]} for file in done]
            post = {"ts": f"{next(self._numbers)}.0", "text": "", "blocks": [], "channel": channel, "files": shown}
            self.posts[channel].append(post)
        return {"files": [{"id": file["id"]} for file in done]}

    async def _oauth_access(self, request: web.Request, args: Json) -> Json:
        known(args, "code", "redirect_uri", "grant_type", "refresh_token")
        if request.headers["Authorization"] != encode_basic_auth(*CLIENT):
            return {"error": "bad_client_secret"}
        refreshing = args.get("grant_type") == "refresh_token"
        good, given = (self.refreshes, "refresh_token") if refreshing else (self.codes, "code")
        team = good.pop(args[given], None)
        if team is None:
            return {"error": "invalid_refresh_token" if refreshing else "invalid_code"}
        token, refresh = f"xoxe.xoxb-{next(self._numbers)}", f"xoxe-{next(self._numbers)}"
        self.tokens[token], self.refreshes[refresh] = team, team
        made = {"access_token": token, "refresh_token": refresh, "expires_in": 43200, "token_type": "bot"}
        who = {"app_id": "A1", "bot_user_id": BOT, "scope": self.scopes, "team": {"id": team, "name": f"Team {team}"}}
        return made | who | {"authed_user": {"id": "UFOUNDER"}, "is_enterprise_install": team == "E1"}

    async def _views_publish(self, request: web.Request, args: Json) -> Json:
        known(args, "user_id", "view")
        check_home(args["view"])
        self._check_pictures(args["view"]["blocks"])
        self.homes[args["user_id"]] = args["view"]
        return {"view": args["view"]}

    async def _views_open(self, request: web.Request, args: Json) -> Json:
        known(args, "trigger_id", "view")
        user = self._triggers.pop(args["trigger_id"], None)
        if user is None:
            return {"error": "expired_trigger_id"}
        view = args["view"] if isinstance(args["view"], dict) else json.loads(args["view"])
        check_modal(view)
        self.modals[user].append(view)
        return {"view": view}

    async def _users_info(self, request: web.Request, args: Json) -> Json:
        known(args, "user")
        return {"user": self.users[args["user"]]} if args["user"] in self.users else {"error": "user_not_found"}

    async def _respond(self, request: web.Request) -> web.Response:
        """A response_url."""
        self.called.append("response_url")
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
        self._check_pictures(made)
        metadata = args.get("metadata") or {}
        metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
        return {"ts": f"{next(self._numbers)}.0", "text": args["text"], "blocks": made, "metadata": metadata}

    def _check_pictures(self, made: list[Json]) -> None:
        for block in made:
            if block["type"] == "image" and "done" not in self.files.get(block["slack_file"]["id"], {}):
                raise Wrong("a picture that Slack does not have")

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
    app.router.add_post("/upload/{file}", slack._upload)
    app.router.add_get("/files/{file}", slack._download)
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


def _token_of(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")
