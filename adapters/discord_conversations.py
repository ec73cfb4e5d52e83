"""Private conversations, begun slowly: Discord quarantines a bot that begins many at once."""

from __future__ import annotations

from datetime import timedelta

from adapters.discord_requests import AN_HOUR, Requests
from adapters.turns import Allowance, Stopwatch, Turns
from bot.ports import Later

LOOKED_UP = 1.0
"""Seconds between two conversations that were there already."""
BEGUN = 30.0
"""Seconds that pass after a conversation was begun."""
HOURLY = 10
"""Conversations begun within an hour, unless the settings say otherwise."""


class Conversations:
    """The channel of each person's conversation with the bot.

    Which there are is not kept: Discord says of a channel whether anything was ever written in it, so that after a
    restart only those count that really are new.
    """

    def __init__(self, requests: Requests, hourly: int, clock: Stopwatch) -> None:
        self._requests, self._clock = requests, clock
        self._turns, self._hourly = Turns(clock), Allowance(hourly, AN_HOUR.total_seconds(), clock)
        self._channels: dict[int, int] = {}
        self._rest_until = clock()

    def known(self, person: int, channel: int) -> None:
        """Someone used the bot in private: their conversation is there."""
        self._channels[person] = channel

    def rest(self) -> None:
        """Discord finds that too many were begun: nothing is said in private for an hour. Rooms go on."""
        self._rest_until = self._clock() + AN_HOUR.total_seconds()

    async def with_(self, person: int) -> int:
        """The channel to write to someone in. Raises Later when it is not the time to begin another."""
        if (left := self._rest_until - self._clock()) > 0:
            raise Later(timedelta(seconds=left))
        if person not in self._channels:
            self._channels[person] = await self._opened(person)
        return self._channels[person]

    async def _opened(self, person: int) -> int:
        if wait := self._hourly.wait():
            raise Later(timedelta(seconds=wait))
        await self._turns.take(conversation=LOOKED_UP)
        opened = await self._requests.ask("POST", "/users/@me/channels", {"recipient_id": str(person)})
        if not opened.get("last_message_id"):
            self._hourly.spend()
            self._turns.hold(conversation=BEGUN)
        return int(opened["id"])
