"""What may have happened on Discord while the bot was away, which nobody tells it afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import discord
import structlog

from adapters.discord_render import parsed, place_address
from adapters.discord_requests import NOT_THERE, UNKNOWN_CHANNEL, Requests
from bot.ports import Address, Known, Later

_log = structlog.get_logger(__name__)

APART = 1.0
"""Seconds between two looks."""


class Lookout:
    """Looks for the rooms and the people of live pairs, one by one. `gone` and `left` hear of what is not there."""

    def __init__(
        self,
        requests: Requests,
        known: Known,
        gone: Callable[[Address], Awaitable[None]],
        left: Callable[[int, int], Awaitable[None]],
    ) -> None:
        self._requests, self._known, self._gone, self._left = requests, known, gone, left
        self._looks: dict[int, asyncio.Task[None]] = {}

    def look_around(self, guild: int) -> None:
        """Look for all in a server. A newer look takes the place of an older one."""
        if guild in self._looks:
            self._looks[guild].cancel()
        self._looks[guild] = asyncio.create_task(self._around(guild))

    def stop(self) -> None:
        for look in self._looks.values():
            look.cancel()

    async def still_there(self, guild: int, person: int) -> bool:
        """Whether someone is in a server. Asked one by one it needs no privileged intent."""
        try:
            await self._requests.ask("GET", "/guilds/{guild_id}/members/{person}", guild_id=guild, person=person)
        except discord.HTTPException as error:
            if error.code not in NOT_THERE:
                raise
            return False
        return True

    async def _around(self, guild: int) -> None:
        for where in await self._known(place_address(guild)):
            try:
                await self._look_for(where)
            except (discord.HTTPException, aiohttp.ClientError, OSError, Later) as error:
                _log.info("discord.not_seen", guild=guild, code=getattr(error, "code", 0))
            await asyncio.sleep(APART)

    async def _look_for(self, where: Address) -> None:
        guild, kind, number = parsed(where)
        if kind == "u":
            if not await self.still_there(guild, number):
                await self._left(guild, number)
            return
        try:
            await self._requests.ask("GET", "/channels/{channel_id}", channel_id=number)
        except discord.HTTPException as error:
            if error.code != UNKNOWN_CHANNEL:
                raise
            await self._gone(where)
