"""What the bot needs of a server: the invitation that asks for it, and the look whether it has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

import aiohttp
import discord

from adapters.discord_render import parsed
from bot.model import Place
from bot.ports import Finding, Lacks

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_private_threads=True,
    manage_threads=True,
    read_message_history=True,
    attach_files=True,
)
"""The least: to write, to keep pairs' rooms, and to send the files that features make."""
TO_SPEAK = ("read_messages", "send_messages", "attach_files")
TO_OPEN_ROOMS = (
    "read_messages",
    "send_messages_in_threads",
    "create_private_threads",
    "manage_threads",
    "read_message_history",
    "attach_files",
)
_WORDS = {"read_messages": "View Channel"}  # discord.py's name for it is an old one


def named(permissions: Iterable[str]) -> str:
    """Permissions as they stand in Discord's settings."""
    return ", ".join(_WORDS.get(name, name.replace("_", " ").title().replace(" In ", " in ")) for name in permissions)


def lacks(channel: discord.abc.GuildChannel, me: discord.Member) -> Lacks:
    """What the bot may not do in a channel, and would have to."""
    if not isinstance(channel, discord.TextChannel) or channel.is_news():
        return Lacks("an ordinary text channel", "an ordinary text channel")
    mine = channel.permissions_for(me)
    return Lacks(_missing(mine, TO_SPEAK), _missing(mine, TO_OPEN_ROOMS))


def opens_rooms(channel: discord.abc.GuildChannel, me: discord.Member) -> bool:
    """Whether the bot may open private threads under a channel, and write in them."""
    mine = channel.permissions_for(me)
    essential = (mine.read_messages, mine.create_private_threads, mine.send_messages_in_threads)
    return isinstance(channel, discord.TextChannel) and all(essential)


def _missing(mine: discord.Permissions, needed: Iterable[str]) -> str:
    return named(name for name in needed if not getattr(mine, name))


def invite(application: int) -> str:
    """The address at which an admin adds the bot, with the least permissions."""
    asked = {"client_id": application, "scope": "bot applications.commands", "permissions": PERMISSIONS.value}
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"


async def examine(token: str, server: int, *, members: bool = False, place: Place | None = None) -> list[Finding]:
    """Whether Discord accepts the token, and whether the bot is in the server and may do there what it has to.

    `members`: whether the settings ask for the privileged intent that tells who left. `place`: what officers chose in
    the server, where that is known.
    """
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
            good = Finding(True, "Discord: the token is good")
            return [good, *_intents(client, members), *await _there(client, server, place)]
        except discord.LoginFailure:
            mend = "Copy it from the bot's page in Discord's developer portal into PRECEPTOR_DISCORD_TOKEN."
            return [Finding(False, "Discord does not accept the token", mend)]
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            return [Finding(False, f"Discord cannot be reached: {type(error).__name__}", "Try again in a while.")]


def _intents(client: discord.Client, members: bool) -> Iterator[Finding]:
    flags = client.application_flags
    if members and not (flags.gateway_guild_members or flags.gateway_guild_members_limited):
        mend = "Switch it on on the bot's page in Discord's developer portal, or set discord.watch_members to false."
        yield Finding(False, "Discord: the Server Members intent is not switched on", mend)


async def _there(client: discord.Client, server: int, place: Place | None) -> list[Finding]:
    try:
        guild = await client.fetch_guild(server)
        me = await guild.fetch_member(client.user.id if client.user else 0)
    except (discord.NotFound, discord.Forbidden):
        mend = f"Invite it: {invite(client.application_id or 0)}"
        return [Finding(False, "Discord: the bot is not in the server that the settings name", mend)]
    missing = [name for name, needed in PERMISSIONS if needed and not getattr(me.guild_permissions, name)]
    found = [
        Finding(False, f"Discord: the bot's role lacks {named([name])}", "Give its role that permission.")
        for name in missing
    ]
    found = found or [Finding(True, "Discord: the bot is in the server, and its role has what it needs")]
    return found if place is None else [*found, *_channels(await guild.fetch_channels(), me, place)]


def _channels(there: Iterable[discord.abc.GuildChannel], me: discord.Member, place: Place) -> Iterator[Finding]:
    """The two channels that officers chose with /setup."""
    by_id = {channel.id: channel for channel in there}
    if place.rooms is None:
        mend = "In the server: /setup, then rooms. Until then pairs write to each other through the bot."
        yield Finding(False, "Discord: no channel is chosen for pairs' rooms", mend)
    elif (channel := by_id.get(parsed(place.rooms)[2])) is None:
        yield Finding(False, "Discord: the channel for pairs' rooms is gone", "In the server: /setup, then rooms.")
    else:
        yield _fit(channel, lacks(channel, me).to_open_rooms, "open pairs' private rooms under")
    if place.officers is None:
        return
    if (channel := by_id.get(parsed(place.officers)[2])) is None:
        yield Finding(False, "Discord: the officers' channel is gone", "In the server: /setup, then officers.")
    else:
        yield _fit(channel, lacks(channel, me).to_speak, "tell officers in")


def _fit(channel: discord.abc.GuildChannel, missing: str, what: str) -> Finding:
    if not missing:
        return Finding(True, f"Discord: the bot may {what} #{channel.name}")
    mend = f"In that channel's settings, give the bot's role: {missing}."
    return Finding(False, f"Discord: the bot may not {what} #{channel.name}", mend)
