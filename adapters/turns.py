"""Turns for what a platform lets happen only so often: its limits are kept ahead of time, not met as refusals."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from bot.ports import Later

PATIENCE = 10.0
"""Seconds that a send waits for its turn; beyond, the courier tries again later."""

Stopwatch: TypeAlias = Callable[[], float]
"""Seconds since some moment, never going back."""


def stopwatch() -> float:
    """This machine's own."""
    return time.monotonic()


class Turns:
    """Whose turn it is: each name has its own queue with a pause between two turns."""

    def __init__(self, clock: Stopwatch = stopwatch) -> None:
        self._clock = clock
        self._free: dict[str, float] = {}

    async def take(self, burst: int = 1, /, **pauses: float) -> None:
        """Wait until every one of the names is free; each then rests for its pause (seconds).

        A name that has rested may take `burst` turns at once. Raises Later if the wait would be too long.
        """
        now = self._clock()
        if len(self._free) > 10_000:
            self._free = {name: at for name, at in self._free.items() if at > now - 60}
        free = {name: max(self._free.get(name, 0.0), now - (burst - 1) * pause) for name, pause in pauses.items()}
        at = max([now, *free.values()])
        if at - now > PATIENCE:
            raise Later(timedelta(seconds=at - now))
        for name, pause in pauses.items():
            self._free[name] = max(free[name], at - (burst - 1) * pause) + pause
        await asyncio.sleep(at - now)

    def hold(self, **pauses: float) -> None:
        """Let each of the names rest for this long (seconds) from now, if it does not already rest for longer."""
        now = self._clock()
        for name, pause in pauses.items():
            self._free[name] = max(self._free.get(name, now), now + pause)


class Allowance:
    """At most so many within any stretch of time (seconds)."""

    def __init__(self, most: int, stretch: float, clock: Stopwatch = stopwatch) -> None:
        self._most, self._stretch, self._clock = most, stretch, clock
        self._spent: deque[float] = deque()

    def wait(self) -> float:
        """Seconds until one more is allowed; 0 when it is now."""
        now = self._clock()
        while self._spent and now - self._spent[0] >= self._stretch:
            self._spent.popleft()
        return self._spent[-self._most] + self._stretch - now if len(self._spent) >= self._most else 0.0

    def spend(self) -> None:
        self._spent.append(self._clock())
