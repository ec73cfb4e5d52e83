"""Slack: what people do there comes in by one listener per kind and goes to the core's one door.

Commands, presses and forms are acknowledged before the core is asked, for Slack gives up after three seconds. Events
are acknowledged after, for Slack never repeats what was acknowledged. How Slack reaches us (`slack_socket`,
`slack_http`) and whose token answers (`slack_web`, `slack_install`) is all the same here.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError

from adapters.slack_answer import Back, Silent
from adapters.slack_commands import Choices, arguments, asking, completed
from adapters.slack_files import NotTaken, fetch
from adapters.slack_manifest import manifest
from adapters.slack_people import People
from adapters.slack_post import Post
from adapters.slack_render import (
    HOME,
    NAME,
    Json,
    Origin,
    attached,
    channel_address,
    filled,
    parse_address,
    person_address,
    place_address,
    room_address,
)
from adapters.slack_web import FAILED, QUIET, Workspaces, code_of, name_of
from bot.feature import Stale
from bot.ports import (
    Address,
    Answer,
    Called,
    Gone,
    Known,
    Lacks,
    Left,
    Moved,
    Opened,
    Pressed,
    Request,
    Sent,
    Spoke,
    Suggest,
    Upload,
)
from bot.ui import Action, Command, Kind, Message, Private, message

__all__ = ["Slack", "Way", "manifest"]

_log = structlog.get_logger(__name__)

CLOSING = 3.0
"""Seconds for what is in hand when we close."""
_NO_SUBTYPE = {None, "file_share", "me_message", "thread_broadcast"}
"""The kinds of message a person writes; the others are Slack's own notes."""
_ANY = re.compile("")
STALE = message(Stale().words)
_INVITE = Lacks(to_speak="an invitation; write /invite @Preceptor in it")


class Way(Protocol):
    """How Slack reaches us."""

    signing_secret: str

    async def serve(self, app: AsyncApp, closing: asyncio.Event, connected: Callable[[], None]) -> None:
        """Hand over what Slack says until closing. `connected`: from now on, and nobody knows what was before."""

    async def leave(self) -> None:
        """Take nothing more."""


class Slack:
    """The `Platform`. `answer` is the core's one door."""

    name = NAME

    def __init__(
        self,
        way: Way,
        workspaces: Workspaces,
        answer: Answer,
        suggest: Suggest,
        known: Known,
        commands: Sequence[Command],
        *,
        team: str = "",
        rooms_activity: bool = False,
        user_groups: bool = False,
    ) -> None:
        """`team`: the one workspace there is; empty where any may install the app."""
        self._way, self._workspaces, self._team = way, workspaces, team
        self._answer, self._suggest, self._known = answer, suggest, known
        self._commands = {command.name: command for command in commands}
        self._rooms_activity = rooms_activity
        self._people = People(workspaces, user_groups=user_groups)
        self._post = Post(workspaces)
        self._closing = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._reconciling: asyncio.Task[None] | None = None

    # ── the connection ────────────────────────────────────────────────────────────────────────────────────────

    async def run(self) -> None:
        """Connect and serve until cancelled or closed. Raises NotAccepted, and nothing else."""
        await self._workspaces.ready(self._closing)
        await self._way.serve(self._app(), self._closing, self._connected)

    async def close(self) -> None:
        """Stop taking, finish what is in hand, and leave."""
        self._closing.set()
        await self._way.leave()
        looking = {self._reconciling} if self._reconciling is not None else set()
        for task in looking:
            task.cancel()
        if in_hand := self._tasks | looking:
            await asyncio.wait(in_hand, timeout=CLOSING)
        self._people.close()

    def _app(self) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            # Whose token answers is looked up after the acknowledgement, not before.
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)

        app = AsyncApp(
            authorize=authorize,
            logger=QUIET,
            signing_secret=self._way.signing_secret,
            process_before_response=True,  # an acknowledgement leaves when the listener is done, never before
            ignoring_self_events_enabled=False,  # it needs to know who we are; what we write is no event to us anyway
        )
        app.command(_ANY)(self._called)
        app.action(_ANY)(self._pressed)
        app.view(_ANY)(self._sent)
        app.event(_ANY)(self._happened)
        return app

    def _connected(self) -> None:
        """Look at what may have happened while nobody could tell us."""
        if self._reconciling is None or self._reconciling.done():
            self._reconciling = asyncio.create_task(self._reconcile())

    async def _reconcile(self) -> None:
        """Look whether those in live pairs are still there, and their rooms, no faster than Slack lets us."""
        for team in await self._workspaces.teams():
            await self._look_around(team)

    async def _look_around(self, team: str) -> None:
        for address in await self._known(place_address(team)):
            try:
                _, kind, where = parse_address(address)
                if kind == "u":
                    await self._look_for(team, where)
                else:
                    await self._look_at(team, address, where)
            except FAILED as error:
                _log.warning("slack.not_looked", code=name_of(error))

    async def _look_for(self, team: str, user: str) -> None:
        profile = await self._people.look_up(team, user)
        if profile.left:
            await self._note(f"left:{user}:{profile.left}", team, Left(), user)
        else:
            await self._moved(f"moved:{secrets.token_hex(8)}", team, user, profile.zone)

    async def _look_at(self, team: str, room: Address, where: str) -> None:
        web = await self._workspaces.web(team)
        try:
            await web.conversations_history(channel=where, limit=1)
        except SlackApiError as error:
            if code_of(error) != "channel_not_found":
                raise
            await self._note(f"gone:{where}", team, Gone(room))

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
            _log.error("slack.answer_failed", code=name_of(error))

    async def _call(self, body: Json) -> None:
        team, user, name = body["team_id"], body["user_id"], body["command"].removeprefix("/")
        origin = Origin(body.get("channel_id", ""), response_url=body["response_url"])
        back = Back(self._workspaces, self._post, team, user, body["trigger_id"], origin)
        given: dict[str, str] = {}
        if command := self._commands.get(name):
            given = arguments(command, body.get("text", ""), team)
            choices = await self._choices(command, given, team, user)
            if view := asking(command, given, origin, choices):
                await back.show(view)
                return
        await self._ask(team, user, body["trigger_id"], Called(name, given), back)

    async def _choices(self, command: Command, given: dict[str, str], team: str, user: str) -> Choices:
        """Which of one's pairs a command could mean, where that is not clear; what is clear is put into `given`."""
        choices, place, who = {}, place_address(team), person_address(team, user)
        for param in command.params:
            if param.kind is not Kind.PAIR:
                continue
            typed = await self._named(given.pop(param.name, ""))
            meant = await self._suggest(place, who, param.kind, typed)
            if len(meant) == 1 and (typed or param.required):
                given[param.name] = meant[0].value
            elif every := meant or await self._suggest(place, who, param.kind, ""):
                if len(every) > 1 or typed:
                    choices[param.name] = every
            elif typed:
                given[param.name] = typed
        return choices

    async def _named(self, typed: str) -> str:
        """What was typed, or the name of who was mentioned."""
        try:
            team, _, user = parse_address(typed)
        except ValueError:
            return typed
        return (await self._people.profile(team, user)).name

    async def _press(self, body: Json) -> None:
        team, user, container, done = self._team_of(body), body["user"]["id"], body["container"], body["actions"][0]
        lasting = not container.get("is_ephemeral", False)
        origin = Origin(
            container.get("channel_id", ""),
            container.get("message_ts", "") if lasting else "",
            body.get("response_url", ""),
            pressed=True,
            home=container["type"] == "view",
        )
        opened = done["action_id"] == HOME.token
        back = Back(self._workspaces, self._post, team, user, body["trigger_id"], origin, opened=opened)
        chosen = (done["selected_option"]["value"],) if done.get("selected_option") else ()
        try:
            what = Opened() if opened else Pressed(Action.parse(done["action_id"]), chosen)
        except ValueError:
            await back.reply(Private(STALE))
            return
        await self._ask(team, user, body["trigger_id"], what, back)

    async def _send_form(self, body: Json) -> None:
        team, user, view = self._team_of(body), body["user"]["id"], body["view"]
        origin, given = Origin.read(view.get("private_metadata", ""))
        back = Back(self._workspaces, self._post, team, user, body["trigger_id"], origin, from_form=True)
        what: Called | Sent
        try:
            if view["callback_id"].startswith("/"):
                command = self._commands[view["callback_id"].removeprefix("/")]
                what = Called(command.name, completed(command, given, filled(view), team))
            else:
                action = Action.parse(view["callback_id"])
                what = Sent(action, filled(view), await self._files(team, attached(view)))
        except NotTaken as sorry:
            await back.reply(Private(message(str(sorry))))
            return
        except (ValueError, LookupError):
            await back.reply(Private(STALE))
            return
        await self._ask(team, user, body["trigger_id"], what, back)

    async def _files(self, team: str, given: Mapping[str, Json]) -> dict[str, Upload]:
        if not given:
            return {}
        web = await self._workspaces.web(team)
        return {name: await fetch(web, file) for name, file in given.items()}

    async def _ask(self, team: str, user: str, key: str, what: Called | Pressed | Sent | Opened, back: Back) -> None:
        profile = await self._people.profile(team, user)
        if profile.sorry:
            await back.reply(Private(message(profile.sorry)))
            return
        request = Request(
            key,
            place_address(team),
            person_address(team, user),
            profile.name,
            what,
            roles=await self._people.groups_of(team, user),
            manager=profile.manager,
            zone=profile.zone,
            lacks=await self._lacks(team, what) if isinstance(what, Called) else {},
            handle=profile.handle,
        )
        await self._answer(request, back)

    async def _lacks(self, team: str, called: Called) -> dict[Address, Lacks]:
        """Of the channels named in a command: what the bot needs there."""
        command = self._commands.get(called.name)
        named = [param.name for param in command.params if param.kind is Kind.CHANNEL] if command else []
        channels = [called.args[name] for name in named if name in called.args]
        return {channel: found for channel in channels if (found := await self._lacks_in(team, channel))}

    async def _lacks_in(self, team: str, channel: Address) -> Lacks | None:
        try:
            web = await self._workspaces.web(team)
            there = (await web.conversations_info(channel=parse_address(channel)[2]))["channel"]
        except SlackApiError as error:
            return _INVITE if code_of(error) == "channel_not_found" else None  # a private one, unseen from outside
        except FAILED as error:
            _log.warning("slack.not_looked", code=name_of(error))
            return None
        return None if there.get("is_member") else _INVITE

    def _team_of(self, body: Json) -> str:
        """The workspace something happened in; Slack leaves it out for apps of a whole organisation."""
        team = body.get("team") or {}
        return str(team.get("id") or body["user"].get("team_id") or self._team)

    # ── what happens ──────────────────────────────────────────────────────────────────────────────────────────

    async def _happened(self, body: Json) -> None:
        team, event, key = body["team_id"], body["event"], body["event_id"]
        match event["type"]:
            case "app_home_opened" if event.get("tab") == "home":
                self._begin(self._open_home(team, event["user"], key))
            case "message" if self._rooms_activity and _is_persons(event):
                await self._note(key, team, Spoke(room_address(team, event["channel"])), event["user"])
            case "user_change":
                await self._changed(key, team, event["user"])
            case "subteam_members_changed" | "subteam_updated":
                self._people.groups_changed(team)
            case "channel_deleted" | "channel_archive" | "group_deleted" | "group_archive":
                await self._note(key, team, Gone(channel_address(team, event["channel"])))
            case "app_uninstalled":
                await self._workspaces.left(team, body["event_time"])
            case "tokens_revoked" if event["tokens"].get("bot"):
                await self._workspaces.left(team, body["event_time"])

    async def _changed(self, key: str, team: str, user: Json) -> None:
        self._people.changed(team, user["id"])
        if user.get("deleted"):
            await self._note(key, team, Left(), user["id"])
        else:
            await self._moved(key, team, user["id"], user.get("tz") or "")

    async def _moved(self, key: str, team: str, user: str, zone: str) -> None:
        if was := self._people.moved(team, user, zone):
            await self._note(key, team, Moved(was, zone), user)

    async def _open_home(self, team: str, user: str, key: str) -> None:
        back = Back(self._workspaces, self._post, team, user, "", Origin(home=True), opened=True)
        await self._ask(team, user, key, Opened(), back)

    async def _note(self, key: str, team: str, what: Spoke | Left | Gone | Moved, user: str = "") -> None:
        address = person_address(team, user) if user else ""
        await self._answer(Request(key, place_address(team), address, "", what), Silent())

    # ── the port ──────────────────────────────────────────────────────────────────────────────────────────────

    async def send(self, to: Address, message: Message, key: str, *, again: bool = False) -> None:
        """Post a message; one that may have been posted before, only if it is not there."""
        await self._post.send(to, message, key, again=again)

    async def let_in(self, room: Address, members: Sequence[Address]) -> None:
        """Nobody leaves a group conversation."""

    def opens_rooms(self, under: Address | None) -> bool:
        return True

    async def open_room(self, members: Sequence[Address], title: str, key: str, under: Address | None) -> Address:
        """A group conversation of these people; the same people have the same one. Slack gives it no title."""
        return await self._post.open_room(members)


def _is_persons(event: Mapping[str, Any]) -> bool:
    """Whether a message is something a person wrote in a room."""
    return (
        event.get("channel_type") == "mpim"
        and event.get("subtype") in _NO_SUBTYPE
        and "user" in event
        and "bot_id" not in event
    )
