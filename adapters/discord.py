"""Discord, over the gateway.

discord.py keeps the connection, the caches and the per-route limits; requests are made by its own client, with
payloads of ours. No view is kept alive: a control says in its custom_id what it is for, so it outlives restarts.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import discord
import structlog
from discord.http import Route

from adapters.discord_render import (
    COMPONENTS_V2,
    EPHEMERAL,
    Json,
    address,
    arguments,
    command,
    filled,
    modal,
    parsed,
    payload,
    place_address,
    token_of,
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

__all__ = ["Discord", "examine", "invite"]

_log = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 120.0
"""Seconds between connections that fail. Discord allows a thousand a day."""
CLOSING = 10.0
"""Seconds that what is in hand may still take."""
A_SECOND = 40
"""Messages; Discord allows 50 requests."""
NEW_CONVERSATIONS = 1.0
"""Seconds between two private conversations that are opened: bots that open many at once are quarantined."""
INVALID, WINDOW = 5_000, 600.0
"""Answers 401, 403 and 429 within ten minutes. At twice as many Discord bans the address for a while."""
A_WEEK = 10_080
"""Minutes of silence after which Discord folds a thread away."""

CALLED, PRESSED, SENT = 2, 3, 5
ANSWER, DEFER, DEFER_UPDATE, UPDATE, MODAL = 4, 5, 6, 7, 9
PRIVATE_THREAD = 12

CLOSED = {50007, 50278}
DEPARTED = {10003, 10004, 10007, 10013}
UNKNOWN_CHANNEL = 10003
ARCHIVED = 50083
TOO_FAST = 40003
"""Opening private conversations."""
NOT_ALLOWED = {50001, 50013, 50024}
TOO_LATE = {10062, 40060, 10008, 10015, 50027}
"""The interaction's time is over, it was answered already, or the message it was about is gone."""
SOON, IN_A_WHILE, AN_HOUR = timedelta(seconds=30), timedelta(minutes=10), timedelta(hours=1)

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_private_threads=True,
    manage_threads=True,
    read_message_history=True,
)
NEEDED = {
    "send": "View Channel, Send Messages, Send Messages in Threads",
    "room": "Create Private Threads, Manage Threads",
}
STALE = message("That button has had its day. Nothing was changed.")


class _Back:
    """The `Responder` of one interaction."""

    def __init__(self, bot: Discord, interaction: discord.Interaction, guild: int) -> None:
        self._bot, self._interaction, self._guild = bot, interaction, guild
        self._pressed = interaction.message is not None
        self._deferred = False

    async def defer(self) -> None:
        self._deferred = True
        kind = DEFER_UPDATE if self._pressed else DEFER
        await self._bot.call_back(self._interaction, kind, {} if self._pressed else {"flags": EPHEMERAL})

    async def reply(self, reply: Reply) -> None:
        match reply:
            case Form():
                await self._bot.call_back(self._interaction, MODAL, modal(reply, self._guild))
            case Update(said) if self._pressed:
                await self._updated(self._bot.payload(said, self._guild))
            case Private(said) | Update(said):
                await self._said(self._bot.payload(said, self._guild))

    async def _updated(self, body: Json) -> None:
        if self._deferred:
            await self._bot.edit_answer(self._interaction, body)
        else:
            await self._bot.call_back(self._interaction, UPDATE, body)

    async def _said(self, body: Json) -> None:
        private = body | {"flags": COMPONENTS_V2 | EPHEMERAL}
        if not self._deferred:
            await self._bot.call_back(self._interaction, ANSWER, private)
        elif self._pressed:
            await self._bot.follow_up(self._interaction, private)
        else:
            await self._bot.edit_answer(self._interaction, body)


class Discord:
    """The `Platform`. `members`: whether to ask for the privileged intent that tells at once who left."""

    name = "discord"

    def __init__(
        self,
        token: str,
        answer: Answer,
        commands: Sequence[Command],
        *,
        members: bool = False,
        client: discord.AutoShardedClient | None = None,
    ) -> None:
        self._token, self._answer, self._members = token, answer, members
        self._commands = {each.name: each for each in commands}
        self._listen(client or connection(members))
        self._slashes: dict[str, int] = {}
        self._conversations: dict[int, int] = {}
        self._rooms: dict[str, Address] = {}
        self._turns = Turns()
        self._invalid: list[float] = []
        self._tasks: set[asyncio.Future[None]] = set()
        self._serving: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def _listen(self, client: discord.AutoShardedClient) -> None:
        self.client = client
        client.event(self.on_ready)
        client.event(self.on_interaction)
        client.event(self.on_message)
        client.event(self.on_raw_thread_delete)
        client.event(self.on_guild_channel_delete)
        if self._members:
            client.event(self.on_raw_member_remove)

    # ── the connection ────────────────────────────────────────────────────────────────────────────────────────────

    async def run(self) -> None:
        """Connect and serve until cancelled or closed. Raises NotAccepted, and nothing else.

        discord.py reconnects by itself once it was connected; a first connection that fails ends its `start`.
        """
        wait = FIRST_WAIT
        while not self._closing.is_set():
            begun = time.monotonic()
            try:
                await self._serve()
            except discord.LoginFailure:
                raise NotAccepted(
                    "Discord does not accept PRECEPTOR_DISCORD_TOKEN. Copy it from the bot's page."
                ) from None
            except discord.PrivilegedIntentsRequired:
                raise NotAccepted(
                    "discord.watch_members needs the Server Members intent: switch it on on the bot's page."
                ) from None
            except Exception:
                # Of every kind: a first connection that is refused is an AttributeError in discord.py 2.7.
                _log.warning("discord.not_connected", exc_info=True)
            if time.monotonic() - begun > LONGEST_WAIT:
                wait = FIRST_WAIT
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), wait * random.uniform(0.5, 1))
                return
            wait = min(wait * 2, LONGEST_WAIT)
            # A new one: a sharded client that was closed keeps the word to close, and would obey it once connected.
            self._listen(connection(self._members))

    async def _serve(self) -> None:
        """One connection, until it ends for good."""
        async with self.client:
            self._serving = asyncio.create_task(self.client.start(self._token))
            try:
                await self._serving
            except asyncio.CancelledError:
                if not self._closing.is_set():
                    raise

    async def close(self) -> None:
        """Stop taking, finish what is in hand, and leave."""
        self._closing.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSING)
        if self._serving:
            self._serving.cancel()

    async def on_ready(self) -> None:
        client, wait = self.client, FIRST_WAIT
        while client is self.client and not self._closing.is_set():
            try:
                await self._register()
                break
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                _log.warning("discord.commands_not_registered", code=getattr(error, "code", 0))
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _register(self) -> None:
        """Tell Discord our commands, only if it knows others: it allows 200 new ones a day."""
        http, application = self.client.http, self.client.application_id
        assert application is not None
        wanted: list[Any] = [command(each) for each in self._commands.values()]
        known: Sequence[Any] = await http.get_global_commands(application)
        if sorted(map(_essence, known), key=str) != sorted(map(_essence, wanted), key=str):
            known = await http.bulk_upsert_global_commands(application, payload=wanted)
        self._slashes = {each["name"]: int(each["id"]) for each in known}

    # ── what comes in ─────────────────────────────────────────────────────────────────────────────────────────────

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self._take(self._interact(interaction))

    async def _take(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this to its end, which `close` waits for."""
        if self._closing.is_set():
            work.close()
            return
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await task

    async def _interact(self, interaction: discord.Interaction) -> None:
        try:
            guild, what = self._asked(interaction)
        except (ValueError, LookupError):
            body = self.payload(STALE, interaction.guild_id or 0)
            await self.call_back(interaction, ANSWER, body | {"flags": COMPONENTS_V2 | EPHEMERAL})
            return
        if what is not None:
            await self._answer(self._request(interaction, guild, what), _Back(self, interaction, guild))

    def _asked(self, interaction: discord.Interaction) -> tuple[int, Called | Pressed | Sent | None]:
        """The server it is about, and what is asked. Raises ValueError or LookupError for what is not ours."""
        data: Any = interaction.data or {}
        match interaction.type.value:
            case 2 if interaction.guild_id:
                each = self._commands[data["name"]]
                given = arguments(each, data.get("options", ()), interaction.guild_id)
                return interaction.guild_id, Called(each.name, given)
            case 3:
                guild, token = token_of(data["custom_id"])
                return guild, Pressed(Action.parse(token), tuple(data.get("values", ())))
            case 5:
                guild, token = token_of(data["custom_id"])
                return guild, Sent(Action.parse(token), filled(data["components"]))
        return 0, None

    def _request(self, interaction: discord.Interaction, guild: int, what: Called | Pressed | Sent) -> Request:
        who, server = interaction.user, interaction.guild
        # A custom_id is a claim: of another server's roles nothing is known here. Nor of a server that is down.
        here = server is not None and server.id == guild and not server.unavailable and bool(server.roles)
        return Request(
            str(interaction.id),
            place_address(guild),
            address(guild, "u", who.id),
            who.display_name,
            what,
            roles=frozenset(address(guild, "g", role.id) for role in who.roles)
            if here and isinstance(who, discord.Member)
            else None,
            manager=interaction.guild_id == guild and interaction.permissions.manage_guild,
        )

    async def on_message(self, said: discord.Message) -> None:
        """Someone wrote in a room: who and when, never what."""
        # A channel without a type is one that is not cached, such as a thread that was folded away until now.
        kind = getattr(said.channel, "type", None)
        if (
            said.guild is None
            or said.author.bot
            or said.is_system()
            or kind not in (None, discord.ChannelType.private_thread)
        ):
            return
        guild = said.guild.id
        await self._note(str(said.id), guild, said.author.id, Spoke(address(guild, "r", said.channel.id)))

    async def on_raw_thread_delete(self, gone: discord.RawThreadDeleteEvent) -> None:
        room = address(gone.guild_id, "r", gone.thread_id)
        self._rooms = {key: each for key, each in self._rooms.items() if each != room}
        await self._note(f"gone-{gone.thread_id}", gone.guild_id, None, Gone(room))

    async def on_guild_channel_delete(self, gone: discord.abc.GuildChannel) -> None:
        channel = address(gone.guild.id, "c", gone.id)
        await self._note(f"gone-{gone.id}", gone.guild.id, None, Gone(channel))

    async def on_raw_member_remove(self, gone: discord.RawMemberRemoveEvent) -> None:
        joined = getattr(gone.user, "joined_at", None)
        key = f"left-{gone.user.id}-{joined.timestamp() if joined else time.monotonic()}"
        await self._note(key, gone.guild_id, gone.user.id, Left())

    async def _note(self, key: str, guild: int, who: int | None, what: Spoke | Gone | Left) -> None:
        person = address(guild, "u", who) if who else ""
        await self._take(self._answered(Request(key, place_address(guild), person, "", what)))

    async def _answered(self, request: Request) -> None:
        await self._answer(request, _Nobody())

    # ── what goes out ─────────────────────────────────────────────────────────────────────────────────────────────

    def payload(self, said: Message, guild: int) -> Json:
        return payload(said, guild, self._slashes)

    async def send(self, to: Address, message: Message, key: str) -> None:
        guild, kind, number = _ours(to)
        self._reachable(guild)
        body = self.payload(message, guild) | {"nonce": key[:25], "enforce_nonce": True}
        try:
            channel = await self._conversation(number) if kind == "u" else number
            try:
                await self._post(channel, body)
            except discord.HTTPException as error:
                if error.code != ARCHIVED:
                    raise
                await self._unfold(channel)
                await self._post(channel, body)
        except discord.HTTPException as error:
            raise self._understood(error, guild, "send") from None

    async def open_room(self, members: Sequence[Address], title: str, key: str, under: Address | None) -> Address:
        if key in self._rooms:
            return self._rooms[key]
        if under is None:
            raise Later(AN_HOUR)  # until an officer chooses a channel with /setup
        guild, _, parent = _ours(under)
        self._reachable(guild)
        people = {_ours(member)[2] for member in members}
        try:
            thread = await self._opened_before(guild, parent, people, title) or await self._opened(parent, title)
            for person in people:
                where = "/channels/{channel_id}/thread-members/{person}"
                await self._ask("PUT", where, None, channel_id=thread, person=person)
        except discord.HTTPException as error:
            if error.code == UNKNOWN_CHANNEL:
                # The people are there still: an officer has to choose another channel.
                _log.warning("discord.rooms_channel_gone", guild=guild)
                raise Later(AN_HOUR) from None
            raise self._understood(error, guild, "room") from None
        self._rooms[key] = address(guild, "r", thread)
        return self._rooms[key]

    def _reachable(self, guild: int) -> None:
        """Raises Later while nothing can be said in a server."""
        there = self.client.get_guild(guild)
        if there is None and self.client.is_ready():
            raise Later(AN_HOUR)  # the bot was removed, and may come back
        if there is None or there.unavailable:
            raise Later(SOON)  # not connected yet, or the server is down

    async def _opened(self, parent: int, title: str) -> int:
        body = {"name": title, "type": PRIVATE_THREAD, "invitable": False, "auto_archive_duration": A_WEEK}
        return int((await self._ask("POST", "/channels/{channel_id}/threads", body, channel_id=parent))["id"])

    async def _opened_before(self, guild: int, parent: int, people: set[int], title: str) -> int | None:
        """A room that a process before this one opened for these people, and had no time to note."""
        me = self.client.user.id if self.client.user else 0
        async for thread in self._threads(guild, parent):
            if (int(thread["owner_id"]), thread["name"]) != (me, title):
                continue
            # Exactly these two: others of the same names may have had a room, and one of them left.
            room = int(thread["id"])
            if thread["member_count"] == len(people) + 1 and all([await self._inside(room, each) for each in people]):
                if thread.get("thread_metadata", {}).get("archived"):
                    await self._unfold(room)
                return room
        return None

    async def _inside(self, room: int, person: int) -> bool:
        """Whether someone is in a room. Asked one by one: the whole list needs a privileged intent."""
        where = "/channels/{channel_id}/thread-members/{person}"
        try:
            await self._ask("GET", where, None, channel_id=room, person=person)
        except discord.NotFound:
            return False
        return True

    async def _threads(self, guild: int, parent: int) -> AsyncIterator[Json]:
        """The private threads under a channel that the bot is in, those folded away last."""
        active = await self._ask("GET", "/guilds/{guild_id}/threads/active", None, guild_id=guild)
        for thread in active["threads"]:
            if int(thread["parent_id"]) == parent:
                yield thread
        path, which, more = "/channels/{channel_id}/users/@me/threads/archived/private", {"limit": "100"}, True
        while more:
            page = await self._ask("GET", path, which, channel_id=parent)
            for thread in page["threads"]:
                yield thread
                which["before"] = thread["id"]
            more = bool(page["has_more"] and page["threads"])

    async def _unfold(self, thread: int) -> None:
        await self._ask("PATCH", "/channels/{channel_id}", {"archived": False}, channel_id=thread)

    async def _conversation(self, person: int) -> int:
        if person not in self._conversations:
            await self._turns.take(conversation=NEW_CONVERSATIONS)
            opened = await self._ask("POST", "/users/@me/channels", {"recipient_id": str(person)})
            self._conversations[person] = int(opened["id"])
        return self._conversations[person]

    async def _post(self, channel: int, body: Json) -> None:
        await self._ask("POST", "/channels/{channel_id}/messages", body, channel_id=channel)

    async def _ask(self, method: str, path: str, body: Json | None, **where: Any) -> Any:  # noqa: ANN401
        """A request of ours, in its turn. discord.py keeps per-route limits by channel_id, guild_id and webhook_id."""
        await self._turns.take(request=1 / A_SECOND)
        return await self._ask_now(method, path, body, **where)

    async def _ask_now(self, method: str, path: str, body: Json | None, **where: Any) -> Any:  # noqa: ANN401
        """A request out of turn: answers to interactions are outside Discord's limit for all."""
        now = time.monotonic()
        self._invalid = [at for at in self._invalid if now - at < WINDOW]
        if len(self._invalid) >= INVALID:
            raise Later(timedelta(seconds=WINDOW))
        extra: Any = {} if body is None else {"params" if method == "GET" else "json": body}
        try:
            return await self.client.http.request(Route(method, path, **where), **extra)
        except discord.HTTPException as error:
            if error.status in (401, 403, 429):
                self._invalid.append(now)
            raise

    def _understood(self, error: discord.HTTPException, guild: int, doing: str) -> Exception:
        """What a refusal means for the courier."""
        if error.code in CLOSED:
            return Refused(f"Discord {error.code}")
        if error.code in DEPARTED:
            return Departed(f"Discord {error.code}")
        if error.code in NOT_ALLOWED or error.status in (401, 403):
            # An admin can give a permission: never retried in a hurry, never thrown away.
            permission = NEEDED[doing] if error.code in NOT_ALLOWED else ""
            _log.warning("discord.not_allowed", code=error.code, guild=guild, permission=permission)
            return Later(IN_A_WHILE if error.code == TOO_FAST else AN_HOUR)
        if error.status == 429 or error.code == TOO_FAST:
            _log.warning("discord.too_fast", code=error.code, guild=guild)
            return Later(max(IN_A_WHILE if error.code == TOO_FAST else SOON, _asked_to_wait(error)))
        return error

    # ── answers to interactions ───────────────────────────────────────────────────────────────────────────────────

    async def call_back(self, interaction: discord.Interaction, kind: int, data: Json) -> None:
        where = {"interaction": interaction.id, "webhook_token": interaction.token}
        await self._in_time(
            "POST", "/interactions/{interaction}/{webhook_token}/callback", {"type": kind, "data": data}, **where
        )

    async def edit_answer(self, interaction: discord.Interaction, body: Json) -> None:
        where = {"webhook_id": interaction.application_id, "webhook_token": interaction.token}
        await self._in_time("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", body, **where)

    async def follow_up(self, interaction: discord.Interaction, body: Json) -> None:
        where = {"webhook_id": interaction.application_id, "webhook_token": interaction.token}
        await self._in_time("POST", "/webhooks/{webhook_id}/{webhook_token}", body, **where)

    async def _in_time(self, method: str, path: str, body: Json, **where: Any) -> None:  # noqa: ANN401
        """An answer. One that was cut off goes once more, at once: nobody else would, and a double is refused."""
        for last in (False, True):
            try:
                await self._ask_now(method, path, body, **where)
            except discord.HTTPException as error:
                if error.code in TOO_LATE:
                    _log.warning("discord.answered_too_late", code=error.code)
                elif error.status >= 500 and not last:
                    continue
                else:
                    raise
            except (aiohttp.ClientError, OSError):
                if last:
                    raise
                continue
            except Later:
                _log.warning("discord.answers_withheld")
            return


class _Nobody:
    """The `Responder` of what nobody waits for an answer to."""

    async def defer(self) -> None:
        """Nothing to put off."""

    async def reply(self, reply: Reply) -> None:
        """Nobody to tell."""


def intents(members: bool) -> discord.Intents:
    """The least: servers and threads, and that something was written. Never what was written, never presence."""
    return discord.Intents(guilds=True, guild_messages=True, members=members)


def connection(members: bool, **options: Any) -> discord.AutoShardedClient:  # noqa: ANN401
    """discord.py's client, remembering no messages and no people."""
    cache = discord.MemberCacheFlags.none()
    return discord.AutoShardedClient(
        intents=intents(members), member_cache_flags=cache, max_messages=None, chunk_guilds_at_startup=False, **options
    )


def _asked_to_wait(error: discord.HTTPException) -> timedelta:
    """How long Discord says to wait."""
    said = error.response.headers.get("Retry-After", "")
    return timedelta(seconds=int(said) if said.isdecimal() else 0)


def _ours(where: Address) -> tuple[int, str, int]:
    try:
        return parsed(where)
    except ValueError:
        raise Departed("not an address on Discord") from None


def _essence(each: Any) -> Json:  # noqa: ANN401
    """A command without what Discord adds to it."""
    return {
        "name": each["name"],
        "description": each["description"],
        "hidden": str(each.get("default_member_permissions")),
        "contexts": each.get("contexts"),
        "options": [_told(option) for option in each.get("options") or ()],
    }


def _told(option: Json) -> Json:
    """An option without what stands there only to say no."""
    known = {name: value for name, value in option.items() if value not in (None, False, [], {})}
    return known | {"choices": [(each["name"], each["value"]) for each in known.get("choices", ())]}


def invite(application: int) -> str:
    """The address at which an admin adds the bot, with the least permissions."""
    asked = {"client_id": application, "scope": "bot applications.commands", "permissions": PERMISSIONS.value}
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"


async def examine(token: str, server: int, *, members: bool = False) -> list[Finding]:
    """Whether Discord accepts the token, and whether the bot is in the server and may do there what it has to.

    `members`: whether the settings ask for the privileged intent that tells who left.
    """
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
            return [Finding(True, "Discord: the token is good"), *await _examined(client, server, members)]
        except discord.LoginFailure:
            mend = "Copy it from the bot's page in Discord's developer portal into PRECEPTOR_DISCORD_TOKEN."
            return [Finding(False, "Discord does not accept the token", mend)]
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            return [Finding(False, f"Discord cannot be reached: {type(error).__name__}", "Try again in a while.")]


async def _examined(client: discord.Client, server: int, members: bool) -> list[Finding]:
    findings = []
    flags = client.application_flags
    if members and not (flags.gateway_guild_members or flags.gateway_guild_members_limited):
        mend = "Switch it on on the bot's page in Discord's developer portal, or set discord.watch_members to false."
        findings.append(Finding(False, "Discord: the Server Members intent is not switched on", mend))
    try:
        there = await client.fetch_guild(server)
        me = await there.fetch_member(client.user.id if client.user else 0)
    except (discord.NotFound, discord.Forbidden):
        mend = f"Invite it: {invite(client.application_id or 0)}"
        return [*findings, Finding(False, "Discord: the bot is not in the server that the settings name", mend)]
    return [*findings, *(_permitted(me) or [Finding(True, "Discord: the bot is in the server and may do its work")])]


def _permitted(me: discord.Member) -> list[Finding]:
    missing = [name for name, needed in PERMISSIONS if needed and not getattr(me.guild_permissions, name)]
    called = {"read_messages": "view channels"}  # discord.py's name for it is an old one
    return [
        Finding(False, f"Discord: the bot may not {words}", "Give its role that permission.")
        for words in (called.get(name, name.replace("_", " ")) for name in missing)
    ]
