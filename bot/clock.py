"""The only place that knows the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands where it is put: the playground's, and the tests'. It never goes back."""

    def __init__(self, start: datetime, moved: Callable[[datetime], None] | None = None) -> None:
        self._now = start
        self._moved = moved

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        self._now = max(self._now, moment)
        if self._moved:
            self._moved(self._now)
