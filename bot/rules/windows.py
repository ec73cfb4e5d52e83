"""When two people can meet: their usual windows as real hours of both zones, daylight-saving changes included."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.model import DAY, Person
from bot.rules.timing import Spell, merged
from bot.vocabulary import Window

WEEKS = 4
"""How far ahead: long enough that a change of the clocks on either side counts."""

_HOURS: dict[Window, tuple[range, int, int]] = {
    # weekdays (Monday is 0), first hour, last hour (exclusive)
    Window.WEEKDAY_DAY: (range(5), 9, 17),
    Window.WEEKDAY_EVENING: (range(5), 17, 21),
    Window.WEEKEND_MORNING: (range(5, 7), 9, 12),
    Window.WEEKEND_AFTERNOON: (range(5, 7), 12, 18),
}


def spells(windows: Iterable[Window], zone: ZoneInfo, first: date, days: int) -> list[Spell]:
    """The stretches (UTC) in which someone can usually meet, on so many of their own days from the first on."""
    found: list[Spell] = []
    for window in windows:
        weekdays, begins, ends = _HOURS[window]
        for day in (first + n * DAY for n in range(days)):
            if day.weekday() in weekdays:
                start, end = (datetime.combine(day, time(hour), zone).astimezone(UTC) for hour in (begins, ends))
                found.append((start, end))
    return merged(found)


def shared(one: Iterable[Spell], other: Iterable[Spell]) -> list[Spell]:
    """The time that is in both (each merged), in order."""
    theirs = list(other)
    both = [(max(a, c), min(b, d)) for a, b in one for c, d in theirs if max(a, c) < min(b, d)]
    return sorted(both)


def shared_spells(one: Person, other: Person, now: datetime, zone: ZoneInfo) -> list[Spell]:
    """When both can usually meet in the next four weeks. `zone` holds for whoever gave none."""
    until = now + WEEKS * 7 * DAY
    spells_of = [
        # A day more on either end, as their days are not ours.
        spells(each.windows, each.zone or zone, (now - DAY).date(), WEEKS * 7 + 3)
        for each in (one, other)
    ]
    return shared(shared(*spells_of), [(now, until)])


def weekly_minutes(one: Person, other: Person, now: datetime, zone: ZoneInfo) -> int:
    """How many minutes a week both can usually meet, over the next four weeks."""
    together = sum(((end - start) for start, end in shared_spells(one, other, now, zone)), timedelta())
    return int(together.total_seconds() // 60 // WEEKS)


def enough(minutes: int, meeting: int) -> Literal["match", "talk", "conflict"]:
    """Whether so many shared minutes a week leave room for a meeting of this length: amply, just, or not."""
    return "match" if minutes >= 2 * meeting else "talk" if minutes >= meeting else "conflict"
