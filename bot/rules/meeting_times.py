"""Which times to propose for a meeting: what both can make, a few of them, spread out; and how much may be asked.

Whatever stands in the way is a stretch of time: another meeting, an absence, a break, a month whose hours are given
away. What is left of the two's common windows is cut into starts, and a few of those are chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model import DAY, Agreement, Break, Limit, Person
from bot.rules.timing import Spell, break_spells, first_moment, merged
from bot.vocabulary import Booker, Hours, Prepare, Term

STEP = timedelta(minutes=30)
"""Meetings begin on a half hour of the window they lie in."""
AHEAD = timedelta(weeks=4)
SOON = timedelta(weeks=2)
"""A meeting within two weeks is better than one after."""
MINUTES = {Hours.HALF: 30, Hours.ONE: 60, Hours.TWO: 120, Hours.FOUR: 240}
"""What someone can give a month; more than four hours is not counted."""


@dataclass(frozen=True)
class Terms:
    """What of an agreement a meeting goes by; the usual where nothing is agreed."""

    length: timedelta = timedelta(minutes=30)
    notice: timedelta = DAY
    """How long before a meeting one says that it has to move."""
    lead: timedelta | None = DAY
    """How long before it the mentee's questions are wanted; None for a meeting without an agenda."""
    sent: bool = True
    """Whether they are sent to the mentor then, and not brought along."""
    booker: Booker = Booker.MENTEE
    hours: Hours | None = None
    """What a month of it comes to, of this pair alone."""
    agreed: bool = False
    """Whether the two have agreed on all this."""


def terms(agreement: Agreement | None) -> Terms:
    if agreement is None:
        return Terms()
    prepare = agreement.prepare
    return Terms(
        length=timedelta(minutes=agreement.length.minutes),
        notice=timedelta(hours=agreement.notice.hours),
        lead=None if prepare is Prepare.NONE else timedelta(days=prepare.days or 0),
        sent=prepare.days is not None,
        booker=agreement.booker,
        hours=agreement.chosen(Term.HOURS, Hours),
        agreed=True,
    )


def limits(
    hours: Hours | None, agreed: Hours | None, pair: int, now: datetime, zone: ZoneInfo, length: timedelta
) -> list[Limit]:
    """What may be asked of a mentor in each month that the next four weeks touch, by the mentor's own calendar.

    `hours` they gave for all their mentees together, `agreed` with this one. One meeting a month is always possible.
    """
    least = int(length.total_seconds() // 60)
    found = []
    for first, end in months(now, now + AHEAD, zone):
        for given, whose in ((hours, None), (agreed, pair)):
            if given in MINUTES:
                found.append(Limit(first, end, max(MINUTES[given], least), whose))
    return found


def room_from(full: Sequence[Spell], now: datetime) -> datetime:
    """The first moment from now on that lies in no month whose minutes are given away."""
    moment = now
    for first, end in merged(full):
        if first <= moment < end:
            moment = end
    return moment


def months(first: datetime, last: datetime, zone: ZoneInfo) -> list[Spell]:
    """The months of someone's calendar that touch a stretch of time, as stretches (UTC)."""
    day = first.astimezone(zone).date().replace(day=1)
    found: list[Spell] = []
    while (start := first_moment(day, zone)) <= last:
        day = (day + 31 * DAY).replace(day=1)
        found.append((start, first_moment(day, zone)))
    return found


def away(person: Person, zone: ZoneInfo) -> list[Spell]:
    """Someone's absence; `zone` holds for whoever gave none."""
    if person.away_until is None or person.away_since is None:
        return []
    return [(person.away_since, first_moment(person.away_until, person.zone or zone))]


def taken(both: Iterable[Person], meetings: Iterable[Spell], breaks: Iterable[Break], zone: ZoneInfo) -> list[Spell]:
    """When one of the two cannot: another meeting, an absence, a break of the society's."""
    return merged([*meetings, *break_spells(breaks, zone), *(spell for each in both for spell in away(each, zone))])


def starts(open_: Sequence[Spell], busy: Sequence[Spell], length: timedelta, earliest: datetime) -> list[datetime]:
    """Every start at which a meeting of this length lies in `open_`, clear of `busy`, and not before `earliest`."""
    found = []
    for first, end in open_:
        start = first
        while start + length <= end:
            if start >= earliest and clear(start, length, busy):
                found.append(start)
            start += STEP
    return sorted(set(found))


def clear(start: datetime, length: timedelta, busy: Iterable[Spell]) -> bool:
    """Whether a meeting then is in nobody's way."""
    return all(end <= start or start + length <= first for first, end in busy)


def spread(candidates: Sequence[datetime], zone: ZoneInfo, count: int, now: datetime) -> list[datetime]:
    """At most so many of the candidates (in order), on different days where there are enough, at different hours.

    Those within two weeks come first. Days and hours are those of `zone`.
    """
    by_day: dict[object, list[datetime]] = {}
    for moment in candidates:
        by_day.setdefault(moment.astimezone(zone).date(), []).append(moment)
    days = list(by_day.values())
    near = [day for day in days if day[0] <= now + SOON]
    pool = near if len(near) >= count else days
    chosen = [pool[index * len(pool) // count] for index in range(count)] if len(pool) > count else pool
    found: list[datetime] = []
    hours: Counter[int] = Counter()
    for day in chosen:
        best = min(day, key=lambda moment: (hours[moment.astimezone(zone).hour], moment))
        hours[best.astimezone(zone).hour] += 1
        found.append(best)
    # Few days in common: more than one time of each.
    rest = [moment for moment in candidates if moment not in found]
    return sorted([*found, *rest[: count - len(found)]])
