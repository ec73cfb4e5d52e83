"""The society's year: what officers are told on which of its dates, and how a year usually goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.model import DAY, Break, Pace, Society
from bot.rules.timing import morning
from bot.vocabulary import Rest

AHEAD = timedelta(days=7)
"""So long before the kickoff officers hear who still has no mentor."""


class Occasion(StrEnum):
    """What officers are told of, on the morning of its day."""

    RECRUITMENT = "recruitment"  # it begins
    RECRUITED = "recruited"  # it is over
    KICKOFF_SOON = "kickoff_soon"
    KICKOFF = "kickoff"
    TERM_OVER = "term_over"


def occasions(society: Society) -> Iterator[tuple[date, Occasion]]:
    """Everything officers are told of, with its day on the society's calendar."""
    if society.recruitment:
        yield society.recruitment.first, Occasion.RECRUITMENT
        yield society.recruitment.last + DAY, Occasion.RECRUITED
    if society.kickoff:
        yield society.kickoff - AHEAD, Occasion.KICKOFF_SOON
        yield society.kickoff, Occasion.KICKOFF
    if society.term:
        yield society.term.last + DAY, Occasion.TERM_OVER


def occasions_now(society: Society, now: datetime, pace: Pace) -> list[Occasion]:
    """What there is to tell today. A day that was slept through is over: what it brought stands on the calendar."""
    zone, today = society.zone, now.astimezone(society.zone).date()
    return [each for day, each in occasions(society) if morning(day, zone, pace).astimezone(zone).date() == today]


def next_occasion(society: Society, now: datetime, pace: Pace) -> datetime | None:
    """The next morning on which there is something to tell, after `now`."""
    mornings = (morning(day, society.zone, pace) for day, _ in occasions(society))
    return min((at for at in mornings if at > now), default=None)


# ── the usual year ────────────────────────────────────────────────────────────────────────────────────────────────

Day: TypeAlias = tuple[int, int]
"""A month and a day of it."""

# As many North American colleges have it; each society corrects it to its own. Every line is in the order of the year
# that begins in August.
RECRUITMENTS: tuple[tuple[Day, Day], ...] = (((8, 1), (9, 15)), ((1, 10), (2, 5)))
KICKOFFS: tuple[Day, ...] = ((9, 25), (2, 12))
TERMS: tuple[tuple[Day, Day], ...] = (((8, 20), (12, 18)), ((1, 8), (5, 15)))
RESTS: tuple[tuple[Rest, Day, Day], ...] = (
    (Rest.MIDTERMS, (10, 12), (10, 18)),
    (Rest.BREAK, (11, 25), (11, 29)),
    (Rest.FINALS, (12, 7), (12, 18)),
    (Rest.BREAK, (12, 19), (1, 7)),
    (Rest.MIDTERMS, (3, 2), (3, 8)),
    (Rest.BREAK, (3, 14), (3, 22)),
    (Rest.FINALS, (5, 4), (5, 15)),
)


def ahead(days: Break | None, today: date) -> Break | None:
    """These days, unless they are over."""
    return days if days and days.last >= today else None


def with_the_usual(society: Society, today: date) -> Society:
    """The same, with a usual year's dates wherever it has none, or none that are not over."""
    kickoff = society.kickoff if society.kickoff and society.kickoff >= today else None
    rests = sorted((_coming(first, last, today, what) for what, first, last in RESTS), key=lambda rest: rest.first)
    resting = any(ahead(each, today) for each in society.breaks)
    return replace(
        society,
        recruitment=ahead(society.recruitment, today) or _first(RECRUITMENTS, today),
        kickoff=kickoff or _first(tuple((day, day) for day in KICKOFFS), today).first,
        term=ahead(society.term, today) or _first(TERMS, today),
        breaks=society.breaks if resting else (*society.breaks, *rests),
    )


def _first(spans: tuple[tuple[Day, Day], ...], today: date) -> Break:
    """The one of them that is running, or else begins next."""
    return min((_coming(first, last, today) for first, last in spans), key=lambda days: days.first)


def _coming(first: Day, last: Day, today: date, what: Rest = Rest.BREAK) -> Break:
    """The first time that these days are not over."""
    years = (today.year - 1, today.year, today.year + 1)
    every = (Break(date(year, *first), date(year + (last < first), *last), what) for year in years)
    return next(days for days in every if days.last >= today)
