"""Turns for what a platform lets happen only so often: its limits are kept ahead of time, not met as refusals."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from bot.ports import Later

PATIENCE = 10.0
"""Seconds that a send waits for its turn; beyond, the courier tries again later."""


class Turns:
    """Whose turn it is: each name has its own queue with a pause between two turns."""

    def __init__(self) -> None:
        self._free: dict[str, float] = {}

    async def take(self, **pauses: float) -> None:
        """Wait until every one of the names is free; each then rests for its pause (seconds).

        Raises Later if that takes too long.
        """
        now = time.monotonic()
        if len(self._free) > 10_000:
            self._free = {name: at for name, at in self._free.items() if at > now}
        at = max([now, *(self._free.get(name, now) for name in pauses)])
        if at - now > PATIENCE:
            raise Later(timedelta(seconds=at - now))
        self._free.update((name, at + pause) for name, pause in pauses.items())
        await asyncio.sleep(at - now)
