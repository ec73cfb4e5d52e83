"""Slack, over Socket Mode: no public address is needed.

Everything Slack sends comes in by one listener per kind and goes to the core's one door. Commands, presses and forms
are acknowledged before the core is asked, for Slack gives up after three seconds. Events are acknowledged after, for
Slack never repeats what was acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack_render import (
    NAME,
    SCOPES,
    Json,
    Origin,
    arguments,
    asking,
    blocks,
    channel_address,
    completed,
    filled,
    manifest,
    missing,
    modal,
    notice,
    parse_address,
    person_address,
    place_address,
    room_address,
)
from adapters.turns import Turns
from bot.ports import (
    Address,
    Answer,
    Called,
    Departed,
    Finding,
    Gone,
    Later,
    Left,
    NotAccepted,
    Pressed,
    Refused,
    Request,
    Sent,
    Spoke,
)
from bot.ui import Action, Command, Form, Message, Private, Reply, Update, message

__all__ = ["Slack", "examine", "manifest"]

_log = structlog.get_logger(__name__)

PING = 5.0
"""Seconds between two looks whether the connection still lives."""
STUCK = 30.0
"""Seconds without a connection after which a fresh one is made from the beginning."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
PROFILE_WAIT = 0.7
"""Seconds an answer waits for who is asking; the rest of Slack's three belongs to the core."""
DAY = 24 * 60 * 60.0
CLOSING = 10.0
SAME_CHANNEL = 1.0
"""Seconds between two messages to one conversation."""
WORKSPACE = 0.2
"""Seconds between any two messages: several hundred a minute are allowed."""
TIER_3 = 1.2
"""Seconds between two calls of a method that takes 50 a minute."""
RESTART = 600.0
"""For so long after a start, a message may have been sent by the process before this one."""

_BAD_TOKEN = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
_DEPARTED = {"user_not_found", "users_not_found", "user_disabled", "channel_not_found", "is_archived"}
_REFUSED = {
    "cannot_dm_bot",
    "cannot_message_user",
    "messages_tab_disabled",
    "not_in_channel",
    "restricted_action",
    "user_not_visible",
}
_NO_SUBTYPE = {None, "file_share", "me_message", "thread_broadcast"}
"""The kinds of message a person writes; the others are Slack's own notes."""

# Bolt logs whole requests when something goes wrong; they hold members' words.
_QUIET = logging.getLogger(f"{__name__}.bolt")
_QUIET.setLevel(logging.CRITICAL + 1)

_ANY = re.compile("")
T = TypeVar("T")


@dataclass(frozen=True)
class _Profile:
    name: str = ""
    zone: str = ""
    manager: bool = False
    sorry: str = ""
    """Why this person cannot be served, if so."""


class _Back:
    """The `Responder` of one request."""

    def __init__(self, slack: Slack, user: str, trigger: str, origin: Origin, *, from_form: bool = False) -> None:
        self._slack, self._user, self._trigger, self._origin = slack, user, trigger, origin
        self._from_form = from_form

    async def defer(self) -> None:
        """Slack was answered before the core was asked."""

    async def reply(self, reply: Reply) -> None:
        match reply:
            case Form():
                await self._slack.show(modal(reply, self._origin), self._user, self._trigger, self._origin)
            case Private(said):
                await self._slack.whisper(self._user, self._origin, said)
            case Update(said):
                if not await self._updated(said):
                    await self._slack.whisper(self._user, self._origin, said)

    async def _updated(self, said: Message) -> bool:
        origin = self._origin
        if not origin.pressed:
            return False
        if self._from_form and origin.message and await self._slack.edited(origin.channel, origin.message, said):
            return True
        return await self._slack.respond(origin, said, replace=True)


class _Silent:
    """The `Responder` of an event, which nobody asked anything with."""

    async def defer(self) -> None:
        """Nobody waits."""

    async def reply(self, reply: Reply) -> None:
        """Nobody asked."""


class Slack:
    """The `Platform`. `answer` is the core's one door."""

    name = NAME

    def __init__(
        self,
        bot_token: str,
        app_token: str,
        answer: Answer,
        commands: Sequence[Command],
        *,
        rooms_activity: bool = False,
        base_url: str = "https://slack.com/api/",
    ) -> None:
        self._answer = answer
        self._app_token, self._bot_token = app_token, bot_token
        self._commands = {command.name: command for command in commands}
        self._rooms_activity = rooms_activity
        self._web = _client(bot_token, base_url)
        self._home = ""
        self._handler: AsyncSocketModeHandler | None = None
        self._closing = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._profiles: dict[str, tuple[float, asyncio.Task[_Profile]]] = {}
        self._direct: dict[str, str] = {}
        self._turns = Turns()
        self._uncertain: set[str] = set()
        self._started = time.monotonic()
        self._history = True

    # ── the connection ────────────────────────────────────────────────────────────────────────────────────────

    async def run(self) -> None:
        """Connect and serve until cancelled or closed. Raises NotAccepted, and nothing else."""
        me = await self._keep_trying(self._who_am_i)
        self._home, app = me.team_id or "", self._app(me)
        try:
            while not self._closing.is_set():
                self._handler = handler = self._socket(app)
                await self._keep_trying(partial(self._connect, handler))
                _log.info("slack.connected")
                await self._until_stuck(handler)
                await self._leave()
        finally:
            await self._leave()

    async def close(self) -> None:
        """Stop taking, finish what is in hand, and leave."""
        self._closing.set()
        await self._leave()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSING)
        for _, asked in self._profiles.values():
            asked.cancel()

    async def _leave(self) -> None:
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]

    def _app(self, me: AuthorizeResult) -> AsyncApp:
        async def authorize() -> AuthorizeResult:
            return me

        app = AsyncApp(
            authorize=authorize,
            client=self._web,
            logger=_QUIET,
            signing_secret="",
            process_before_response=True,  # an acknowledgement leaves when the listener is done, never before
        )
        app.command(_ANY)(self._called)
        app.action(_ANY)(self._pressed)
        app.view(_ANY)(self._sent)
        app.event(_ANY)(self._happened)
        return app

    def _socket(self, app: AsyncApp) -> AsyncSocketModeHandler:
        return AsyncSocketModeHandler(app, self._app_token, _QUIET, self._web, ping_interval=PING)

    async def _who_am_i(self) -> AuthorizeResult:
        said = await self._web.auth_test()
        return AuthorizeResult(
            enterprise_id=said.get("enterprise_id"),
            team_id=said["team_id"],
            bot_user_id=said["user_id"],
            bot_id=said.get("bot_id"),
            bot_token=self._bot_token,
        )

    async def _connect(self, handler: AsyncSocketModeHandler) -> None:
        # The ticket is fetched here, where a refused one is heard of: the client tries again for ever, and silently.
        opened = await self._web.apps_connections_open(app_token=self._app_token)
        handler.client.wss_uri = opened["url"]
        async with asyncio.timeout(2 * PING):
            await handler.connect_async()  # type: ignore[no-untyped-call]

    async def _keep_trying(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """The outcome of the first attempt that succeeds."""
        wait = FIRST_WAIT
        while True:
            try:
                return await attempt()
            except SlackApiError as error:
                code = _code(error)
                if code in _BAD_TOKEN or code == "not_allowed_token_type":
                    raise NotAccepted(f"Slack does not accept the bot token or the app token: {code}") from None
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                code = type(error).__name__
            _log.warning("slack.no_connection", code=code, wait=round(wait, 1))
            await asyncio.sleep(wait * random.uniform(0.5, 1))
            wait = min(2 * wait, LONGEST_WAIT)

    async def _until_stuck(self, handler: AsyncSocketModeHandler) -> None:
        """Return when closing, or when the client has not brought the connection back by itself for too long."""
        # It renews its connection when told to and when it is cut, but never its ticket if that try fails.
        alive = time.monotonic()
        while not self._closing.is_set() and time.monotonic() - alive < STUCK:
            try:
                async with asyncio.timeout(PING):
                    await self._closing.wait()
            except TimeoutError:
                if await handler.client.is_connected():
                    alive = time.monotonic()

    # ── what people do ────────────────────────────────────────────────────────────────────────────────────────

    async def _called(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        self._begin(self._call(body))

    async def _pressed(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        self._begin(self._press(body))

    async def _sent(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        self._begin(self._send_form(body))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("slack.answer_failed", code=_name_of(error))

    async def _call(self, body: Json) -> None:
        team, user, name = body["team_id"], body["user_id"], body["command"].removeprefix("/")
        origin = Origin(body.get("channel_id", ""), response_url=body["response_url"])
        command = self._commands.get(name)
        given = arguments(command, body.get("text", ""), team) if command else {}
        if command and missing(command, given):
            await self.show(asking(command, given, origin), user, body["trigger_id"], origin)
            return
        back = _Back(self, user, body["trigger_id"], origin)
        await self._ask(team, user, body["trigger_id"], Called(name, given), back)

    async def _press(self, body: Json) -> None:
        team, user, container, done = self._team(body), body["user"]["id"], body["container"], body["actions"][0]
        lasting = not container.get("is_ephemeral", False)
        origin = Origin(
            container.get("channel_id", ""),
            container.get("message_ts", "") if lasting else "",
            body.get("response_url", ""),
            pressed=True,
        )
        chosen = (done["selected_option"]["value"],) if done.get("selected_option") else ()
        what = Pressed(Action.parse(done["action_id"]), chosen)
        await self._ask(team, user, body["trigger_id"], what, _Back(self, user, body["trigger_id"], origin))

    async def _send_form(self, body: Json) -> None:
        team, user, view = self._team(body), body["user"]["id"], body["view"]
        origin, given = Origin.read(view.get("private_metadata", ""))
        back = _Back(self, user, body["trigger_id"], origin, from_form=True)
        what: Called | Sent
        if view["callback_id"].startswith("/"):
            command = self._commands[view["callback_id"].removeprefix("/")]
            what = Called(command.name, completed(command, given, filled(view), team))
        else:
            what = Sent(Action.parse(view["callback_id"]), filled(view))
        await self._ask(team, user, body["trigger_id"], what, back)

    async def _ask(self, team: str, user: str, key: str, what: Called | Pressed | Sent, back: _Back) -> None:
        profile = await self._profile(team, user)
        if profile.sorry:
            await back.reply(Private(message(profile.sorry)))
            return
        who = person_address(team, user)
        request = Request(key, place_address(team), who, profile.name, what, manager=profile.manager, zone=profile.zone)
        await self._answer(request, back)

    def _team(self, body: Json) -> str:
        """The workspace something happened in; Slack leaves it out for apps of a whole organisation."""
        team = body.get("team") or {}
        return str(team.get("id") or self._home)

    async def _happened(self, body: Json) -> None:
        team, event = body["team_id"], body["event"]
        what: Spoke | Left | Gone | None = None
        who = ""
        match event["type"]:
            case "message" if self._rooms_activity and _is_persons(event):
                what, who = Spoke(room_address(team, event["channel"])), event["user"]
            case "user_change":
                self._profiles.pop(event["user"]["id"], None)
                if event["user"].get("deleted"):
                    what, who = Left(), event["user"]["id"]
            case "channel_deleted" | "channel_archive":
                what = Gone(channel_address(team, event["channel"]))
            case "group_deleted" | "group_archive":
                what = Gone(room_address(team, event["channel"]))
        if what is not None:
            address = person_address(team, who) if who else ""
            await self._answer(Request(body["event_id"], place_address(team), address, "", what), _Silent())

    # ── who is asking ─────────────────────────────────────────────────────────────────────────────────────────

    async def _profile(self, team: str, user: str) -> _Profile:
        """What Slack says of someone; nothing, if it does not say so soon enough."""
        asked_at, asked = self._profiles.get(user, (0.0, None))
        if asked is None or time.monotonic() - asked_at > DAY:
            asked = asyncio.create_task(self._look_up(team, user))
            self._profiles[user] = time.monotonic(), asked
        done, _ = await asyncio.wait({asked}, timeout=PROFILE_WAIT)
        return asked.result() if done else _Profile()

    async def _look_up(self, team: str, user: str) -> _Profile:
        try:
            return _profile_of((await self._web.users_info(user=user))["user"], team)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            _log.warning("slack.no_profile", code=_name_of(error))
            self._profiles.pop(user, None)
            return _Profile()

    # ── what a responder may do ───────────────────────────────────────────────────────────────────────────────

    async def show(self, view: Json, user: str, trigger: str, origin: Origin) -> None:
        """Open a modal for someone, or say that it took too long."""
        try:
            await self._web.views_open(trigger_id=trigger, view=view)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            _log.warning("slack.no_form", code=_name_of(error))
            await self.whisper(user, origin, message("That took a moment too long. Please try it once more."))

    async def whisper(self, user: str, origin: Origin, said: Message) -> None:
        """Say something only the one who asked can see: where they asked, or else in their own conversation."""
        if await self.respond(origin, said, replace=False):
            return
        made = blocks(said)
        if origin.channel:
            try:
                await self._web.chat_postEphemeral(channel=origin.channel, user=user, text=notice(made), blocks=made)
                return
            except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
                _log.warning("slack.no_whisper", code=_name_of(error))
        await self._post(await self._conversation(user), made, "")

    async def respond(self, origin: Origin, said: Message, *, replace: bool) -> bool:
        """Answer by the way back that came with the request. False if that did not work."""
        if not origin.response_url:
            return False
        made = blocks(said)
        way = AsyncWebhookClient(origin.response_url, logger=_QUIET, retry_handlers=[_patient()])
        kind = {} if replace else {"response_type": "ephemeral"}
        try:
            heard = await way.send_dict({"text": notice(made), "blocks": made, "replace_original": replace, **kind})
        except (aiohttp.ClientError, TimeoutError) as error:
            _log.warning("slack.no_answer", code=_name_of(error))
            return False
        if heard.status_code != 200:
            _log.warning("slack.no_answer", code=heard.status_code)
        return heard.status_code == 200

    async def edited(self, channel: str, timestamp: str, said: Message) -> bool:
        """Let a message of ours read differently. False if that did not work."""
        made = blocks(said)
        try:
            await self._web.chat_update(channel=channel, ts=timestamp, text=notice(made), blocks=made)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            _log.warning("slack.no_update", code=_name_of(error))
            return False
        return True

    # ── the port ──────────────────────────────────────────────────────────────────────────────────────────────

    async def send(self, to: Address, message: Message, key: str) -> None:
        """Post a message; under a key that may have been posted before, only if it is not there."""
        kind, where = _target(to)
        try:
            channel = await self._conversation(where) if kind == "u" else where
            if (key in self._uncertain or time.monotonic() - self._started < RESTART) and await self._is_there(
                channel, key
            ):
                self._uncertain.discard(key)
                return
            self._uncertain.add(key)
            await self._post(channel, blocks(message), key)
        except SlackApiError as error:
            raised = _translated(error)
            if not _ambiguous(error):
                self._uncertain.discard(key)
            raise raised from error
        self._uncertain.discard(key)

    def opens_rooms(self, under: Address | None) -> bool:
        return True

    async def open_room(self, members: Sequence[Address], title: str, key: str, under: Address | None) -> Address:
        """A group conversation of these people; the same people have the same one. Slack gives it no title."""
        targets = [parse_address(member) for member in members]
        users = sorted({user for _, _, user in targets})
        if len({team for team, _, _ in targets}) != 1 or any(kind != "u" for _, kind, _ in targets):
            raise Refused("only people of one workspace can be in a room")
        await self._turns.take(open=TIER_3)
        try:
            opened = await self._web.conversations_open(users=users)
        except SlackApiError as error:
            raise _translated(error) from error
        return room_address(targets[0][0], opened["channel"]["id"])

    async def _conversation(self, user: str) -> str:
        """The conversation of the bot with someone."""
        if user not in self._direct:
            await self._turns.take(open=TIER_3)
            opened = await self._web.conversations_open(users=[user])
            self._direct[user] = opened["channel"]["id"]
        return self._direct[user]

    async def _post(self, channel: str, made: list[Json], key: str) -> None:
        await self._turns.take(**{f"channel {channel}": SAME_CHANNEL, "workspace": WORKSPACE})
        metadata = {"event_type": "preceptor", "event_payload": {"key": key}}
        await self._web.chat_postMessage(
            channel=channel,
            text=notice(made),
            blocks=made,
            metadata=metadata if key else None,
            unfurl_links=False,
            unfurl_media=False,
        )

    async def _is_there(self, channel: str, key: str) -> bool:
        """Whether a message of this key was posted lately. No, where we may not look."""
        if not self._history:
            return False
        await self._turns.take(history=TIER_3)
        try:
            seen = await self._web.conversations_history(channel=channel, include_all_metadata=True, limit=20)
        except SlackApiError as error:
            if _code(error) != "missing_scope":
                raise
            _log.warning("slack.no_history", code="missing_scope")
            self._history = False
            return False
        return any(_key_of(said) == key for said in seen["messages"])


# ── small things ──────────────────────────────────────────────────────────────────────────────────────────────────


def _client(token: str, base_url: str) -> AsyncWebClient:
    # No handler that repeats after a cut connection: the post may have been done, and would be done twice.
    return AsyncWebClient(token, base_url=base_url, logger=_QUIET, retry_handlers=[_patient()])


def _patient() -> AsyncRateLimitErrorRetryHandler:
    return AsyncRateLimitErrorRetryHandler(max_retry_count=2)


def _target(to: Address) -> tuple[str, str]:
    try:
        _, kind, where = parse_address(to)
    except ValueError as error:
        raise Refused(str(error)) from None
    return kind, where


def _is_persons(event: Mapping[str, Any]) -> bool:
    """Whether a message is something a person wrote in a room."""
    return (
        event.get("channel_type") == "mpim"
        and event.get("subtype") in _NO_SUBTYPE
        and "user" in event
        and "bot_id" not in event
    )


def _profile_of(user: Mapping[str, Any], team: str) -> _Profile:
    shown = user.get("profile", {})
    sorry = ""
    if user.get("is_bot") or user["id"] == "USLACKBOT":
        sorry = "I'm here for people, and you look like an app to me."
    elif user.get("deleted"):
        sorry = "Your account here has been deactivated. An admin of this workspace can tell you more."
    elif user.get("is_stranger") or user.get("team_id", team) != team:
        sorry = "I can only help members of this workspace. Your own society may have me, too."
    return _Profile(
        shown.get("display_name") or shown.get("real_name") or user.get("real_name") or user.get("name") or "",
        user.get("tz") or "",
        bool(user.get("is_admin") or user.get("is_owner")),
        sorry,
    )


def _key_of(said: Mapping[str, Any]) -> str | None:
    metadata = said.get("metadata", {})
    if metadata.get("event_type") != "preceptor":
        return None
    key: str | None = metadata.get("event_payload", {}).get("key")
    return key


def _code(error: SlackApiError) -> str:
    """Slack's word for what went wrong, or the answer's status where Slack itself did not answer."""
    said = getattr(error.response, "data", None)
    code = said.get("error") if isinstance(said, dict) else None
    return str(code or f"status {_status(error)}")


def _status(error: SlackApiError) -> int:
    return int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0))


def _name_of(error: BaseException) -> str:
    return _code(error) if isinstance(error, SlackApiError) else type(error).__name__


def _ambiguous(error: SlackApiError) -> bool:
    """Whether what was asked may have been done all the same."""
    return _status(error) >= 500 or _code(error).startswith("status ")


def _translated(error: SlackApiError) -> Exception:
    """What an error means to the courier."""
    code = _code(error)
    if code == "ratelimited" or _status(error) == 429:
        headers = getattr(error.response, "headers", {})
        return Later(timedelta(seconds=float(headers.get("Retry-After", 30))))
    if code in _BAD_TOKEN:
        _log.error("slack.bad_token", code=code)
        return Later(timedelta(hours=1))
    if _ambiguous(error):
        return error
    if code in _DEPARTED:
        return Departed(code)
    return Refused(code) if code in _REFUSED else error


# ── preceptor doctor ──────────────────────────────────────────────────────────────────────────────────────────────


async def examine(bot_token: str, app_token: str, *, base_url: str = "https://slack.com/api/") -> list[Finding]:
    """Whether Slack accepts the tokens, and whether the app may do what it has to."""
    web = _client(bot_token, base_url)
    findings = []
    try:
        said = await web.auth_test()
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        mend = "Copy the token that begins with xoxb- from “OAuth & Permissions” of the app's page on Slack."
        findings.append(Finding(False, f"Slack's bot token: {_name_of(error)}", mend))
    else:
        findings.append(Finding(True, f"Slack's bot token works in {said['team']}"))
        granted = {scope.strip() for scope in said.headers.get("x-oauth-scopes", "").split(",")}
        lacking = sorted(set(SCOPES) - granted)
        mend = "Give the app the printed manifest again (preceptor slack-manifest) and reinstall it."
        lack = f"Slack's scopes: {', '.join(lacking)} missing"
        findings.append(Finding(False, lack, mend) if lacking else Finding(True, "Slack's scopes are all there"))
    try:
        await web.apps_connections_open(app_token=app_token)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        mend = "Make an app-level token with the scope connections:write under “Basic Information”."
        findings.append(Finding(False, f"Slack's app token: {_name_of(error)}", mend))
    else:
        findings.append(Finding(True, "Slack's app token works"))
    return findings
