"""What members ask on Discord, as the core's requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import aiohttp
import discord
import structlog

from adapters.discord_doctor import lacks
from adapters.discord_render import Json, address, arguments, filled, parsed, place_address, token_of
from adapters.discord_requests import NOT_THERE, Requests
from bot.ports import Address, Called, Lacks, Later, Pressed, Request, Sent, Suggest, Upload
from bot.ui import Action, Command, Kind, Option

_log = structlog.get_logger(__name__)

ROLES, SUGGESTING, FETCHING = 0.6, 2.0, 15.0
"""Seconds that an answer waits for someone's roles, a suggestion for the core, and a form for its files."""


class Asked:
    """Makes requests of interactions, with what Discord knows of who asks."""

    def __init__(
        self,
        client: Callable[[], discord.Client],
        requests: Requests,
        commands: Sequence[Command],
        suggest: Suggest,
    ) -> None:
        self._client, self._requests, self._suggest = client, requests, suggest
        self._commands = {each.name: each for each in commands}

    def what(self, interaction: discord.Interaction) -> tuple[int, Called | Pressed | Sent | None]:
        """The server it is about, and what is asked. Raises ValueError or LookupError for what is not ours."""
        data: Any = interaction.data or {}
        match interaction.type:
            case discord.InteractionType.application_command if interaction.guild_id:
                each = self._commands[data["name"]]
                given = arguments(each, data.get("options", ()), interaction.guild_id)
                return interaction.guild_id, Called(each.name, given)
            case discord.InteractionType.component:
                guild, token = token_of(data["custom_id"])
                return guild, Pressed(Action.parse(token), tuple(data.get("values", ())))
            case discord.InteractionType.modal_submit:
                guild, token = token_of(data["custom_id"])
                return guild, Sent(Action.parse(token), filled(data["components"]))
        return 0, None

    async def fetched(self, files: Mapping[str, Json]) -> dict[str, Upload]:
        """What someone sent with a form, which Discord keeps for the bot to fetch."""
        async with asyncio.timeout(FETCHING):
            return {
                field: Upload(each["filename"], await self._requests.fetch(each["url"]))
                for field, each in files.items()
            }

    async def request(self, interaction: discord.Interaction, guild: int, what: Called | Pressed | Sent) -> Request:
        who = interaction.user
        return Request(
            str(interaction.id),
            place_address(guild),
            address(guild, "u", who.id),
            who.display_name,
            what,
            roles=await self._roles(who, guild),
            manager=interaction.guild_id == guild and interaction.permissions.manage_guild,
            lacks=self._lacks(guild, what) if isinstance(what, Called) else {},
            handle=who.name.casefold(),
        )

    async def suggestions(self, interaction: discord.Interaction) -> list[Option]:
        """What the parameter that is being typed could hold. Never raises: whoever types is to see no error."""
        data: Any = interaction.data or {}
        guild = interaction.guild_id or 0
        try:
            kinds = {param.name: param.kind for param in self._commands[data["name"]].params}
            typed = next(option for option in data["options"] if option.get("focused"))
            who = address(guild, "u", interaction.user.id)
            async with asyncio.timeout(SUGGESTING):
                kind, words = kinds[typed["name"]], str(typed["value"])
                return list(await self._suggest(place_address(guild), who, kind, words))
        except Exception:
            _log.warning("discord.nothing_suggested", exc_info=True)
            return []

    async def _roles(self, who: discord.User | discord.Member, guild: int) -> frozenset[Address] | None:
        """The roles someone holds in the server it is about; None where that is not known just now."""
        server = self._client().get_guild(guild)
        # A server that is down has no roles: that is not the same as holding none.
        if server is None or server.unavailable or not server.roles:
            return None
        if isinstance(who, discord.Member) and who.guild.id == guild:
            return frozenset(address(guild, "g", role.id) for role in who.roles)
        # In private Discord does not say them, and who was an officer until a moment ago may be none any more.
        try:
            async with asyncio.timeout(ROLES):
                path = "/guilds/{guild_id}/members/{person}"
                member = await self._requests.ask_now("GET", path, guild_id=guild, person=who.id)
        except discord.HTTPException as error:
            return frozenset() if error.code in NOT_THERE else None
        except (aiohttp.ClientError, OSError, Later):
            return None
        return frozenset(address(guild, "g", role) for role in (guild, *member["roles"]))

    def _lacks(self, guild: int, called: Called) -> dict[Address, Lacks]:
        """What the bot may not do in the channels that are named."""
        params = [param.name for param in self._commands[called.name].params if param.kind is Kind.CHANNEL]
        there, found = self._client().get_guild(guild), {}
        for where in (called.args[name] for name in params if name in called.args):
            channel = there.get_channel(parsed(where)[2]) if there else None
            if there is not None and channel is not None:
                found[where] = lacks(channel, there.me)
        return found
