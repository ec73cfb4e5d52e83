"""How often somebody may be wrong."""

from __future__ import annotations

import time
from collections import deque

MOST = 1000
"""So many are remembered: who comes from more addresses than that gains nothing, as a code can't be guessed anyway."""


class Limit:
    """At most so many mistakes within so many seconds from each address."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._mistakes: dict[str, deque[float]] = {}

    def allows(self, whence: str) -> bool:
        made, now = self._mistakes.get(whence, deque()), time.monotonic()
        while made and made[0] <= now - self._seconds:
            made.popleft()
        return len(made) < self._most

    def count(self, whence: str) -> None:
        made = self._mistakes.pop(whence, deque())
        if len(self._mistakes) >= MOST:
            del self._mistakes[next(iter(self._mistakes))]
        # Back as the newest, so that who was quiet longest is forgotten first.
        self._mistakes[whence] = made
        made.append(time.monotonic())
