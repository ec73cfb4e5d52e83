"""Discord, over the gateway.

discord.py keeps the connection, the caches and the per-route limits; requests are made by its own client, with
payloads of ours. No view is kept alive: a control says in its custom_id what it is for, so it outlives restarts.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import aiohttp
import discord
import structlog

from adapters.discord_answers import Back, Nobody
from adapters.discord_asked import Asked
from adapters.discord_commands import Scope, Slashes
from adapters.discord_conversations import HOURLY, Conversations
from adapters.discord_doctor import TO_OPEN_ROOMS, examine, invite, named, opens_rooms
from adapters.discord_lookout import Lookout
from adapters.discord_render import (
    Json,
    address,
    attached,
    is_marked,
    marked,
    parsed,
    payload,
    place_address,
    uploaded,
)
from adapters.discord_requests import (
    AN_HOUR,
    ARCHIVED,
    CLOSED,
    NO_SHARED_SERVER,
    NOT_THERE,
    QUARANTINED,
    SOON,
    TOO_FAST,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    Requests,
    understood,
)
from adapters.discord_rooms import Missing, Rooms
from adapters.turns import Stopwatch, stopwatch
from bot.feature import Stale
from bot.ports import (
    Address,
    Answer,
    Departed,
    Gone,
    Known,
    Later,
    Left,
    NotAccepted,
    Request,
    Sent,
    Spoke,
    Suggest,
)
from bot.ui import FILE, Command, Message, Private, message

__all__ = ["Discord", "examine", "invite"]

_log = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 120.0
"""Seconds between connections that fail. Discord allows a thousand a day."""
CLOSING = 5.0
"""Seconds that what is in hand may still take."""
LATELY = 50
"""Messages of a conversation among which one of ours is looked for."""
_MESSAGES = "/channels/{channel_id}/messages"
TO_WRITE = named(("read_messages", "send_messages", "send_messages_in_threads"))
STALE = message(Stale().words)
TOO_LARGE = message(f"That file is larger than {FILE // 1_000_000} MB, so I left it. Please send a smaller one.")
NOT_FETCHED = message("I could not get that file from Discord. Please send it once more.")


async def _nothing(*_: object) -> list[Any]:
    return []


class Discord:
    """The `Platform`.

    `suggest` and `known`: the core's, for what is being typed and for what may have happened while the bot was away.
    `members`: whether to ask for the privileged intent that tells at once who left. `scope`: where commands are
    registered. `hourly`: private conversations begun within an hour.
    """

    name = "discord"

    def __init__(
        self,
        token: str,
        answer: Answer,
        commands: Sequence[Command],
        *,
        suggest: Suggest = _nothing,
        known: Known = _nothing,
        members: bool = False,
        scope: Scope = Scope.SERVER,
        hourly: int = HOURLY,
        clock: Stopwatch = stopwatch,
        client: discord.AutoShardedClient | None = None,
    ) -> None:
        self._token, self._answer, self._members = token, answer, members
        self._listen(client or connection(members))
        self._requests = Requests(lambda: self.client.http, clock)
        self._asked = Asked(lambda: self.client, self._requests, commands, suggest)
        self._lookout = Lookout(self._requests, known, self._gone, self._left)
        self._slashes = Slashes(self._requests, commands, scope)
        self._conversations = Conversations(self._requests, hourly, clock)
        self._rooms = Rooms(self._requests, lambda: self.client.user.id if self.client.user else 0)
        self._last_here: dict[tuple[int, int], int] = {}
        """What each person last asked in a server, so that leaving it once more is another event."""
        self._registering: set[tuple[discord.AutoShardedClient, int | None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._serving: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def _listen(self, client: discord.AutoShardedClient) -> None:
        self.client = client
        client.event(self.on_ready)
        client.event(self.on_guild_join)
        client.event(self.on_guild_remove)
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
        self._lookout.stop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSING)
        if self._serving:
            self._serving.cancel()

    async def on_ready(self) -> None:
        """A new session: what happened since the last one was told to nobody."""
        here = [guild.id for guild in self.client.guilds]
        for guild in here:
            self._lookout.look_around(guild)
        await asyncio.gather(*(self._register(guild) for guild in (*here, None)))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self._lookout.look_around(guild.id)
        await self._register(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        # What waits to be said there goes on waiting: the bot may be invited again.
        _log.warning("discord.removed", guild=guild.id)

    async def _register(self, guild: int | None) -> None:
        """Each server by itself: one that refuses, as without the scope for commands, keeps no other waiting."""
        this = self.client, guild
        if this in self._registering:
            return
        self._registering.add(this)
        try:
            await self._keep_registering(*this)
        finally:
            self._registering.discard(this)

    async def _keep_registering(self, client: discord.AutoShardedClient, guild: int | None) -> None:
        wait = FIRST_WAIT
        while client is self.client and not self._closing.is_set() and (guild is None or client.get_guild(guild)):
            try:
                await self._slashes.register(client.application_id or 0, guild)
                return
            except (discord.HTTPException, aiohttp.ClientError, OSError, RuntimeError, Later) as error:
                # A RuntimeError is aiohttp's word for a connection that was closed meanwhile.
                _log.warning("discord.commands_not_registered", guild=guild, code=getattr(error, "code", 0))
                # What is forbidden is an admin's to mend, and asking again and again ends in a ban.
                pause = AN_HOUR.total_seconds() if isinstance(error, discord.Forbidden) else wait
            await asyncio.sleep(pause)
            wait = min(wait * 2, LONGEST_WAIT)

    # ── what comes in ─────────────────────────────────────────────────────────────────────────────────────────────

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self._take(self._interact(interaction))

    async def _take(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this to its end, which `close` waits for."""
        if (task := self._begin(work)) is not None:
            await task

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
        if self._closing.is_set():
            work.close()
            return None
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _interact(self, interaction: discord.Interaction) -> None:
        back = Back(self._requests, interaction, interaction.guild_id or 0, self.payload)
        if interaction.type is discord.InteractionType.autocomplete:
            await back.suggest(await self._asked.suggestions(interaction))
            return
        try:
            guild, what = self._asked.what(interaction)
        except (ValueError, LookupError):
            await back.reply(Private(STALE))
            return
        if interaction.guild_id is None and interaction.channel_id:
            self._conversations.known(interaction.user.id, interaction.channel_id)
        if interaction.guild_id == guild:
            self._last_here[guild, interaction.user.id] = interaction.id
        back = Back(self._requests, interaction, guild, self.payload)
        if isinstance(what, Sent):
            data: Any = interaction.data
            what = await self._with_files(what, uploaded(data), back)
        if what is not None:
            await self._answer(await self._asked.request(interaction, guild, what), back)

    async def _with_files(self, sent: Sent, files: Mapping[str, Json], back: Back) -> Sent | None:
        """A form with the files that came with it; None where they cannot be taken, once that is said."""
        if not files:
            return sent
        await back.defer()
        if any(each["size"] > FILE for each in files.values()):
            await back.reply(Private(TOO_LARGE))
            return None
        try:
            return replace(sent, files=await self._asked.fetched(files))
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            await back.reply(Private(NOT_FETCHED))
            return None

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
        await self._gone(address(gone.guild_id, "r", gone.thread_id))

    async def on_guild_channel_delete(self, gone: discord.abc.GuildChannel) -> None:
        await self._gone(address(gone.guild.id, "c", gone.id))
        # Its threads went with it, and of those that were folded away nothing is said.
        self._lookout.look_around(gone.guild.id)

    async def on_raw_member_remove(self, gone: discord.RawMemberRemoveEvent) -> None:
        await self._left(gone.guild_id, gone.user.id)

    async def _gone(self, where: Address) -> None:
        guild, _, number = parsed(where)
        self._rooms.forget(number)
        await self._note(f"gone-{number}", guild, None, Gone(where))

    async def _left(self, guild: int, person: int) -> None:
        """Someone is not in a server any more. Until they are seen there again, that is one event however often it is
        noticed."""
        last = self._last_here.get((guild, person), 0)
        await self._note(f"left-{guild}-{person}-{last}", guild, person, Left())

    async def _note(self, key: str, guild: int, who: int | None, what: Spoke | Gone | Left) -> None:
        person = address(guild, "u", who) if who else ""
        await self._take(self._answered(Request(key, place_address(guild), person, "", what)))

    async def _answered(self, request: Request) -> None:
        await self._answer(request, Nobody())

    # ── what goes out ─────────────────────────────────────────────────────────────────────────────────────────────

    def payload(self, said: Message, guild: int) -> Json:
        return payload(said, guild, self._slashes.of(guild))

    async def send(self, to: Address, message: Message, key: str, *, again: bool = False) -> None:
        guild, kind, number = _ours(to)
        self._reachable(guild)
        body = marked(self.payload(message, guild), key) | {"nonce": key[:25], "enforce_nonce": True}
        post = "POST", _MESSAGES, body, attached(message)
        try:
            channel = await self._conversations.with_(number) if kind == "u" else number
            # Discord knows a nonce again for minutes only; a retry may come after a night.
            if again and await self._arrived(channel, key):
                return
            try:
                await self._requests.ask(*post, channel_id=channel)
            except discord.HTTPException as error:
                if error.code != ARCHIVED:
                    raise
                await self._rooms.unfold(channel)
                await self._requests.ask(*post, channel_id=channel)
        except discord.HTTPException as error:
            # Of a nonce that Discord remembers, the message is gone: it had arrived, and someone took it away.
            if error.code != UNKNOWN_MESSAGE:
                raise await self._refused(error, to) from None

    async def _arrived(self, channel: int, key: str) -> bool:
        """Whether a message of ours is among the last of a conversation."""
        lately = await self._requests.ask("GET", _MESSAGES, {"limit": str(LATELY)}, channel_id=channel)
        me = str(self.client.user.id if self.client.user else 0)
        return any(each["author"]["id"] == me and is_marked(each, key) for each in lately)

    async def _refused(self, error: discord.HTTPException, to: Address) -> Exception:
        """What it means that something could not be said, once what it tells of the world is noted."""
        guild, kind, number = parsed(to)
        if error.code in (QUARANTINED, TOO_FAST):
            self._conversations.rest()
        if kind == "u" and (error.code in NOT_THERE or await self._has_left(error, guild, number)):
            self._begin(self._left(guild, number))
            return Departed(f"Discord {error.code}")
        if kind != "u" and error.code == UNKNOWN_CHANNEL:
            self._begin(self._gone(to))
            # A room is followed by another, where this is said then.
            return Later(SOON) if kind == "r" else Departed(f"Discord {error.code}")
        return understood(error, guild, TO_WRITE)

    async def _has_left(self, error: discord.HTTPException, guild: int, person: int) -> bool:
        """Whether someone's messages are closed because they are not in the server any more."""
        if error.code not in (CLOSED, NO_SHARED_SERVER):
            return False
        try:
            return not await self._lookout.still_there(guild, person)
        except discord.HTTPException:
            return False

    async def let_in(self, room: Address, members: Sequence[Address]) -> None:
        """Whoever leaves a server leaves its threads, and does not come back into them by coming back."""
        guild, _, number = _ours(room)
        self._reachable(guild)
        for person in [_ours(member)[2] for member in members]:
            try:
                await self._rooms.let_in(number, person)
            except Missing:
                self._begin(self._left(guild, person))
            except discord.HTTPException as error:
                # What is to be said is said all the same; if the room is gone, that is found out then.
                _log.warning("discord.not_let_in", code=error.code, guild=guild)

    def opens_rooms(self, under: Address | None) -> bool:
        if under is None:
            return False
        guild, _, number = _ours(under)
        there = self.client.get_guild(guild)
        channel = there.get_channel(number) if there else None
        # What is not known is found out by trying.
        return there is None or channel is None or opens_rooms(channel, there.me)

    async def open_room(self, members: Sequence[Address], title: str, key: str, under: Address | None) -> Address:
        if under is None:
            raise Later(AN_HOUR)  # until an officer chooses a channel with /setup
        guild, _, parent = _ours(under)
        self._reachable(guild)
        people = {_ours(member)[2] for member in members}
        try:
            return address(guild, "r", await self._rooms.open(key, guild, parent, people, title))
        except Missing as missing:
            if address(guild, "u", missing.person) in members:
                self._begin(self._left(guild, missing.person))
            raise Departed("not in the server") from None
        except discord.HTTPException as error:
            if error.code == UNKNOWN_CHANNEL:
                # The people are there still: an officer has to choose another channel.
                _log.warning("discord.rooms_channel_gone", guild=guild)
                self._begin(self._gone(under))
                raise Later(SOON) from None
            raise understood(error, guild, named(TO_OPEN_ROOMS)) from None

    def _reachable(self, guild: int) -> None:
        """Raises Later while nothing can be said in a server."""
        there = self.client.get_guild(guild)
        if there is None and self.client.is_ready():
            raise Later(AN_HOUR)  # the bot was removed, and may come back
        if there is None or there.unavailable:
            raise Later(SOON)  # not connected yet, or the server is down


def intents(members: bool) -> discord.Intents:
    """The least: servers and threads, and that something was written. Never what was written, never presence."""
    return discord.Intents(guilds=True, guild_messages=True, members=members)


def connection(members: bool, **options: Any) -> discord.AutoShardedClient:  # noqa: ANN401
    """discord.py's client, remembering no messages and no people."""
    cache = discord.MemberCacheFlags.none()
    return discord.AutoShardedClient(
        intents=intents(members), member_cache_flags=cache, max_messages=None, chunk_guilds_at_startup=False, **options
    )


def _ours(where: Address) -> tuple[int, str, int]:
    try:
        return parsed(where)
    except ValueError:
        raise Departed("not an address on Discord") from None
