"""The year of an application, as it usually goes: what a month may bring to mind, and when a new term begins.

Dated data, month by month, never a deadline: services move their days every year, so each row says when it was last
looked at and, where it states a fact, whose page to look at. A row asks for no score, no result and no decision: some
people are grieving one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.model import MenteeProfile
from bot.rules.timing import first_moment
from bot.vocabulary import Phase

TERMS = ((1, 8), (6, 1), (8, 20))
"""The days (month, day) from which someone may be elsewhere on the road: spring, summer, autumn."""

VERIFIED = date(2026, 11, 1)
AAMC = "https://students-residents.aamc.org/"


@dataclass(frozen=True)
class Seasonal:
    """One line for people in these phases, in this month."""

    month: int
    phases: frozenset[Phase]
    """Empty for everyone."""
    words: str
    usually: str = ""
    """What usually happens around then."""
    link: str = ""
    """Whose official page says so."""
    verified_on: date = VERIFIED


def _row(month: int, *phases: Phase, words: str, usually: str = "", link: str = "") -> Seasonal:
    return Seasonal(month, frozenset(phases), words, usually, link)


P = Phase
CALENDAR: tuple[Seasonal, ...] = (
    _row(1, P.PREPARING, words="Planning to apply this year? Which two things would you like looked at first?"),
    _row(
        1,
        P.MCAT,
        words="Paying for the MCAT soon? It is worth seeing whether fee help applies before you register.",
        usually="Fee help usually opens again around January.",
        link=AAMC,
    ),
    _row(1, P.INTERVIEWING, P.APPLYING, words="Anything to share, or to practise, while interviews go on?"),
    _row(2, P.FRESHMAN, P.SOPHOMORE, words="Summer plans: which one programme could you look into this week?"),
    _row(2, P.INTERVIEWING, P.WAITLIST, words="Anything to share, or to think through together?"),
    _row(3, P.PREPARING, P.APPLYING, P.REAPPLICANT, words="Who is writing your letters, and have they said yes?"),
    _row(4, P.ACCEPTED, P.WAITLIST, words="Which choice is still open, and what would settle it?"),
    _row(
        5,
        P.PREPARING,
        P.REAPPLICANT,
        words="First draft, transcripts, activities: which of the three is the slowest?",
        usually="Applications usually open around early May.",
        link=AAMC,
    ),
    _row(
        6,
        P.APPLYING,
        P.REAPPLICANT,
        words="Is anything in the way of sending it? One quiet reading with your mentor is worth a plan.",
        usually="Applications usually first reach schools around late June.",
        link=AAMC,
    ),
    _row(
        7,
        P.APPLYING,
        P.REAPPLICANT,
        words="How many secondary essays are waiting, and how old is the oldest?",
    ),
    _row(
        8,
        P.APPLYING,
        P.REAPPLICANT,
        P.INTERVIEWING,
        words="Would a practice interview in the next three weeks help?",
    ),
    _row(8, P.PRE_FRESHMAN, P.FRESHMAN, words="New to campus? Name one thing you would like from a mentor."),
    _row(9, words="A new term: which one thing would you like to have done by its end?"),
    _row(
        10,
        P.JUNIOR,
        P.MCAT,
        words="Which month would suit you for the MCAT, and what has to be finished before it?",
        usually="Next year's test days usually open around late October.",
        link=AAMC,
    ),
    _row(10, P.INTERVIEWING, P.APPLYING, words="Anything to share, or to talk through, between interviews?"),
    _row(11, words="Two lines of news before finals?"),
    _row(12, words="Looking back on the term: what helped, and what would you like more of?"),
)


def seasonal(phase: Phase | None, today: date, calendar: Sequence[Seasonal] = CALENDAR) -> Seasonal | None:
    """What this month may bring to mind for someone in this phase; at most one line, the more particular first."""
    fits = [row for row in calendar if row.month == today.month and (not row.phases or phase in row.phases)]
    return min(fits, key=lambda row: not row.phases, default=None)


def season_for(
    profile: MenteeProfile, now: datetime, zone: ZoneInfo, calendar: Sequence[Seasonal] = CALENDAR
) -> Seasonal | None:
    """The line to show someone now: one a month, and none to those who asked to be spared."""
    today, told = now.astimezone(zone).date(), profile.season_told_at
    if profile.season_off_at or (told and told.astimezone(zone).date().replace(day=1) == today.replace(day=1)):
        return None
    return seasonal(profile.phase, today, calendar)


def next_term(now: datetime, zone: ZoneInfo) -> datetime:
    """When the next term begins: until then, what someone says now of their phase holds."""
    today = now.astimezone(zone).date()
    coming = (date(year, *day) for year in (today.year, today.year + 1) for day in TERMS)
    return first_moment(next(day for day in coming if day > today), zone)


def phase_is_due(profile: MenteeProfile, since: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether to ask again where someone is. What nobody noted the time of was said when their pair began: `since`."""
    return now >= (profile.phase_holds_until or next_term(since, zone))
