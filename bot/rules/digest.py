"""When the officers' week is told: on Monday morning by the society's clock, and only in a week that has something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model import DAY, Break, Pace
from bot.rules.board import Board, LastWeek, Standing
from bot.rules.timing import morning

MONDAY = 0


def next_digest(now: datetime, zone: ZoneInfo, pace: Pace) -> datetime:
    """The first Monday morning after `now` (UTC), out of quiet hours."""
    today = now.astimezone(zone).date()
    day = today + ((MONDAY - today.weekday()) % 7) * DAY
    while True:
        if (at := morning(day, zone, pace)) > now:
            return at
        day += 7 * DAY


def is_its_day(now: datetime, zone: ZoneInfo, breaks: Iterable[Break]) -> bool:
    """Whether to tell of the week today. After an outage over a Monday, and in a break, the next one is soon enough."""
    today = now.astimezone(zone).date()
    return today.weekday() == MONDAY and not any(each.first <= today <= each.last for each in breaks)


def worth_telling(week: LastWeek, board: Board, queue: int) -> bool:
    """Whether there is anything in it for an officer."""
    wrong = board.now.pairs[Standing.QUIET] + board.waits.mentees_long + queue
    return bool(wrong or week.begun or week.ended or week.meetings or week.reminded or week.back)
