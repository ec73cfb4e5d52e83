"""Days as people type them."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.model import DAY

# American order where numbers alone leave it open, as most who type them are there.
SHAPES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y")
YEAR = 365 * DAY


def a_day(words: str, today: date) -> date | None:
    """The day somebody means: "2026-12-18", "Dec 18", "18 December 2026", "12/18". Without a year, the next one.

    None when it is no day, or lies before today or more than two years ahead.
    """
    plain = " ".join(words.replace(",", " ").replace(".", " ").split())
    years = (today.year, today.year + 1)
    for typed in (plain, *(f"{plain}{mark}{year}" for year in years for mark in " /")):
        for shape in SHAPES:
            try:
                day = datetime.strptime(typed, shape).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
            if today <= day <= today + 2 * YEAR:
                return day
    return None


def dated(line: str, today: date) -> tuple[str, date] | None:
    """A line with a day at its beginning or end: "First draft by Nov 20", "2026-11-20: first draft"."""
    words = line.split()
    for count in (3, 2, 1):
        for day, rest in ((words[-count:], words[:-count]), (words[:count], words[count:])):
            found = a_day(_bare(" ".join(day)), today)
            what = _trimmed(" ".join(rest))
            if found and what:
                return what, found
    return None


def _bare(words: str) -> str:
    return words.strip(" :;,.()–—-")  # noqa: RUF001


def _trimmed(words: str) -> str:
    """The line without what tied the day to it."""
    return re.sub(r"\s+(?:by|on|until|for|due)$", "", _bare(words), flags=re.IGNORECASE)
