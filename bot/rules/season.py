"""The year of an application, as it usually goes: what a month may bring to mind, and when a new term begins.

Dated data, month by month, never a deadline: services move their days every year, so each row says when it was last
looked at and, where it states a fact, whose page to look at. A row asks for no score, no result and no decision: some
people are grieving one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.model import DAY, Break, MenteeProfile, SeasonLine
from bot.rules.timing import first_moment
from bot.vocabulary import Phase

TERMS = ((1, 8), (6, 1), (8, 20))
"""The days (month, day) from which someone may be elsewhere on the road: spring, summer, autumn."""

NEAR = 40 * DAY

VERIFIED = date(2026, 11, 1)
AAMC = "https://students-residents.aamc.org/"


@dataclass(frozen=True)
class Seasonal:
    """One line for people in these phases, in this month."""

    name: str
    month: int
    phases: frozenset[Phase]
    """Empty for everyone."""
    words: str
    usually: str = ""
    """What usually happens around then."""
    link: str = ""
    """Whose official page says so."""
    verified_on: date = VERIFIED


def _row(name: str, month: int, *phases: Phase, words: str, usually: str = "", link: str = "") -> Seasonal:
    return Seasonal(name, month, frozenset(phases), words, usually, link)


P = Phase
CALENDAR: tuple[Seasonal, ...] = (
    _row("plan", 1, P.PREPARING, words="Planning to apply this year? Which two things would you like looked at first?"),
    _row(
        "fee-help",
        1,
        P.MCAT,
        words="Paying for the MCAT soon? It is worth seeing whether fee help applies before you register.",
        usually="Fee help usually opens again around January.",
        link=AAMC,
    ),
    _row(
        "winter-interviews",
        1,
        P.INTERVIEWING,
        P.APPLYING,
        words="Anything to share, or to practise, while interviews go on?",
    ),
    _row(
        "summer-plans",
        2,
        P.FRESHMAN,
        P.SOPHOMORE,
        words="Summer plans: which one programme could you look into this week?",
    ),
    _row("thinking-along", 2, P.INTERVIEWING, P.WAITLIST, words="Anything to share, or to think through together?"),
    _row(
        "letters",
        3,
        P.PREPARING,
        P.APPLYING,
        P.REAPPLICANT,
        words="Who is writing your letters, and have they said yes?",
    ),
    _row("choice", 4, P.ACCEPTED, P.WAITLIST, words="Which choice is still open, and what would settle it?"),
    _row(
        "slowest",
        5,
        P.PREPARING,
        P.REAPPLICANT,
        words="First draft, transcripts, activities: which of the three is the slowest?",
        usually="Applications usually open around early May.",
        link=AAMC,
    ),
    _row(
        "sending",
        6,
        P.APPLYING,
        P.REAPPLICANT,
        words="Is anything in the way of sending it? One quiet reading with your mentor is worth a plan.",
        usually="Applications usually first reach schools around late June.",
        link=AAMC,
    ),
    _row(
        "secondaries",
        7,
        P.APPLYING,
        P.REAPPLICANT,
        words="How many secondary essays are waiting, and how old is the oldest?",
    ),
    _row(
        "practice",
        8,
        P.APPLYING,
        P.REAPPLICANT,
        P.INTERVIEWING,
        words="Would a practice interview in the next three weeks help?",
    ),
    _row(
        "new-here", 8, P.PRE_FRESHMAN, P.FRESHMAN, words="New to campus? Name one thing you would like from a mentor."
    ),
    _row("new-term", 9, words="A new term: which one thing would you like to have done by its end?"),
    _row(
        "test-day",
        10,
        P.JUNIOR,
        P.MCAT,
        words="Which month would suit you for the MCAT, and what has to be finished before it?",
        usually="Next year's test days usually open around late October.",
        link=AAMC,
    ),
    _row(
        "autumn-interviews",
        10,
        P.INTERVIEWING,
        P.APPLYING,
        words="Anything to share, or to talk through, between interviews?",
    ),
    _row("before-finals", 11, words="Two lines of news before finals?"),
    _row("looking-back", 12, words="Looking back on the term: what helped, and what would you like more of?"),
)


def as_edited(edits: Iterable[SeasonLine]) -> tuple[Seasonal, ...]:
    """The lines as a society has them."""
    by_name = {edit.name: edit for edit in edits}
    return tuple(edited(row, by_name.get(row.name)) for row in CALENDAR)


def edited(row: Seasonal, edit: SeasonLine | None) -> Seasonal:
    """A line as officers left it. Whose official page says so stays, while there is something it says."""
    if edit is None:
        return row
    return replace(
        row, month=edit.month, words=edit.words, usually=edit.usually, verified_on=edit.verified_on,
        link=row.link if edit.usually == row.usually else "",
    )  # fmt: skip


def seasonal(phase: Phase | None, today: date, calendar: Sequence[Seasonal] = CALENDAR) -> Seasonal | None:
    """What this month may bring to mind for someone in this phase; at most one line, the more particular first."""
    said = [row for row in calendar if row.words and row.month == today.month]
    fits = [row for row in said if not row.phases or phase in row.phases]
    return min(fits, key=lambda row: not row.phases, default=None)


def season_for(
    profile: MenteeProfile, now: datetime, zone: ZoneInfo, calendar: Sequence[Seasonal] = CALENDAR
) -> Seasonal | None:
    """The line to show someone now: one a month, and none to those who asked to be spared."""
    today, told = now.astimezone(zone).date(), profile.season_told_at
    if profile.season_off_at or (told and told.astimezone(zone).date().replace(day=1) == today.replace(day=1)):
        return None
    return seasonal(profile.phase, today, calendar)


def next_term(now: datetime, zone: ZoneInfo, own: Break | None = None) -> datetime:
    """When the next term begins: until then, what someone says now of their phase holds.

    `own`: the term as officers set it, whose first day takes the place of the usual one near it.
    """
    today = now.astimezone(zone).date()
    usual = (date(year, *day) for year in (today.year, today.year + 1) for day in TERMS)
    coming = [day for day in usual if own is None or abs(day - own.first) > NEAR]
    return first_moment(min(day for day in (*coming, *([own.first] if own else [])) if day > today), zone)


def phase_is_due(profile: MenteeProfile, since: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether to ask again where someone is. What nobody noted the time of was said when their pair began: `since`."""
    return now >= (profile.phase_holds_until or next_term(since, zone))
