"""Moments as forms write them; and which of a date's numbers is the day, which differs from country to country."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_MOMENT = re.compile(
    r"(?P<a>\d{1,4})(?P<mark>[/.-])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{1,4})"
    r"(?:[T,\s]\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\.?)?)?"
    r"\s*(?P<zone>[a-z]{1,5})?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class DayFirst:
    """Whether a column's dates put the day before the month, and how that is known."""

    so: bool
    shown_by: str = ""
    """A date that can only be read so; empty where no date says."""
    against: str = ""
    """A date that can only be read the other way, in a column that has both."""
    guessed: str = ""
    """A date that could be either, where nothing tells."""


def day_first(cells: Iterable[str], said: bool | None = None) -> DayFirst:
    """By the dates themselves, of which one has a day over 12; then by an officer's word; else the month is first."""
    dates = [found for cell in cells if (found := _MOMENT.fullmatch(cell.strip())) and len(found["a"]) < 3]
    days = [_date(each) for each in dates if int(each["a"]) > 12 or each["mark"] == "."]
    months = [_date(each) for each in dates if int(each["b"]) > 12]
    if days or months:
        so = len(days) > len(months)
        shown, against = (days, months) if so else (months, days)
        return DayFirst(so, shown[0], next(iter(against), ""))
    if said is not None:
        return DayFirst(said)
    return DayFirst(so=False, guessed=next((_date(each) for each in dates if int(each["a"]) != int(each["b"])), ""))


def _date(found: re.Match[str]) -> str:
    return found["mark"].join((found["a"], found["b"], found["c"]))


def moment(words: str, zone: ZoneInfo, *, days: bool = False) -> datetime | None:
    """A moment, on the clock of `zone`; None for what is none. `days`: whether the day stands before the month.

    A date that can be read in one way only is read in that way.
    """
    found = _MOMENT.fullmatch(words.strip())
    if found is None:
        return None
    a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
    if len(found["a"]) == 4:
        year, month, day = a, b, c
    else:
        year = c + 2000 if len(found["c"]) < 3 else c
        month, day = (b, a) if (days or a > 12 or found["mark"] == ".") and b <= 12 else (a, b)
    hour, half = int(found["hour"] or 0), (found["half"] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    # Other zones are named by forms in that of the sheet, for which no list of abbreviations is needed.
    there = UTC if (found["zone"] or "").upper() in ("Z", "UTC", "GMT") else zone
    minute, second = int(found["minute"] or 0), int(found["second"] or 0)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=there).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
