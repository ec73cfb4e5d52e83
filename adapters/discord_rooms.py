"""Rooms: private threads under the channel that officers chose, opened once and found again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection

import discord

from adapters.discord_render import Json
from adapters.discord_requests import UNKNOWN_MEMBER, Requests

A_WEEK = 10_080
"""Minutes of silence after which Discord folds a thread away."""
PRIVATE_THREAD = 12


class Missing(Exception):
    """Someone a room is for is not in the server any more."""

    def __init__(self, person: int) -> None:
        super().__init__(person)
        self.person = person


class Rooms:
    """Private threads. `me`: who the bot is, once it is connected."""

    def __init__(self, requests: Requests, me: Callable[[], int]) -> None:
        self._requests, self._me = requests, me
        self._open: dict[str, int] = {}

    async def open(self, key: str, guild: int, parent: int, people: Collection[int], title: str) -> int:
        """The room of these people; the same key again gives the same room. Raises Missing, and what Discord refuses
        with."""
        if key not in self._open:
            known = await self._opened_before(guild, parent, people, title)
            # Kept before anyone is let in: if that fails, the next try goes on here and opens no second room.
            self._open[key] = known or await self._opened(parent, title)
        for person in people:
            await self.let_in(self._open[key], person)
        return self._open[key]

    def forget(self, room: int) -> None:
        """The room is gone."""
        self._open = {key: each for key, each in self._open.items() if each != room}

    async def unfold(self, room: int) -> None:
        """Bring a room back that Discord folded away, or someone closed: while two are a pair, they talk there."""
        back = {"archived": False, "locked": False}
        await self._requests.ask("PATCH", "/channels/{channel_id}", back, channel_id=room)

    async def _opened(self, parent: int, title: str) -> int:
        body = {"name": title, "type": PRIVATE_THREAD, "invitable": False, "auto_archive_duration": A_WEEK}
        made = await self._requests.ask("POST", "/channels/{channel_id}/threads", body, channel_id=parent)
        return int(made["id"])

    async def let_in(self, room: int, person: int) -> None:
        """Whoever is in it already stays in it. Raises Missing, and what Discord refuses with."""
        where = "/channels/{channel_id}/thread-members/{person}"
        try:
            await self._requests.ask("PUT", where, channel_id=room, person=person)
        except discord.HTTPException as error:
            if error.code == UNKNOWN_MEMBER:
                raise Missing(person) from None
            raise

    async def _opened_before(self, guild: int, parent: int, people: Collection[int], title: str) -> int | None:
        """A room that a process before this one opened for these people, and had no time to note."""
        async for thread in self._threads(guild, parent):
            if (int(thread["owner_id"]), thread["name"]) != (self._me(), title):
                continue
            # Exactly these two: others of the same names may have had a room, and one of them left.
            room = int(thread["id"])
            if thread["member_count"] == len(people) + 1 and all([await self._inside(room, each) for each in people]):
                if thread.get("thread_metadata", {}).get("archived"):
                    await self.unfold(room)
                return room
        return None

    async def _inside(self, room: int, person: int) -> bool:
        """Whether someone is in a room. Asked one by one: the whole list needs a privileged intent."""
        where = "/channels/{channel_id}/thread-members/{person}"
        try:
            await self._requests.ask("GET", where, channel_id=room, person=person)
        except discord.NotFound:
            return False
        return True

    async def _threads(self, guild: int, parent: int) -> AsyncIterator[Json]:
        """The private threads under a channel that the bot is in, those folded away last."""
        active = await self._requests.ask("GET", "/guilds/{guild_id}/threads/active", guild_id=guild)
        for thread in active["threads"]:
            if int(thread["parent_id"]) == parent:
                yield thread
        path, which, more = "/channels/{channel_id}/users/@me/threads/archived/private", {"limit": "100"}, True
        while more:
            page = await self._requests.ask("GET", path, which, channel_id=parent)
            for thread in page["threads"]:
                yield thread
                which["before"] = thread["id"]
            more = bool(page["has_more"] and page["threads"])
