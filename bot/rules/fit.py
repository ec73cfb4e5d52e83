"""Who may be paired, who fits, and why: hard rules first, then a score of plain reasons.

A bar keeps two people apart; a score only orders those who are left. Weights add up to 100 and are ours:

=====================  ==  =========================================================
help wanted and offered 35  the share of the mentee's wishes the mentor covers
field                   20  the same field; 12 for a neighbouring one
ways of meeting         15  at least one in common
times                   10  at least one usual window in common, in real hours of both zones
reply time              10  promised at least as quickly as needed; 5 when one step short
hours a month           10  as many as hoped for; 5 when one step short
=====================  ==  =========================================================

An association both are in is worth five on top: a bonus, never a wall.

Distance and time zone never count by themselves. Equal scores are ordered by how much of a mentor's room is free, then
by person id, so that equal inputs give equal order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache, partial
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.model import DAY, Intro, IntroState, Mentee, Mentor, Pace, Pair, Person
from bot.rules.timing import first_moment
from bot.rules.windows import shared, spells
from bot.ui import joined
from bot.vocabulary import (
    NEAR,
    ROAD,
    Choice,
    Format,
    Help,
    Hours,
    MentorKind,
    ReplyTime,
    Specialty,
    Window,
    labels,
    spoken,
)


class Bar(StrEnum):
    """A reason two people may not be paired; worst first."""

    SELF = "self"
    NO_PROFILE = "no_profile"
    NOT_APPROVED = "not_approved"
    ALREADY = "already"
    FULL = "full"
    CONFLICT = "conflict"
    WISH = "wish"
    REFUSED = "refused"
    AWAY = "away"
    NOT_FURTHER = "not_further"
    UNDER_AGE = "under_age"
    PAIRED_BEFORE = "paired_before"
    ENOUGH = "enough"
    # Only between two of whom neither has chosen the other.
    NO_WAY = "no_way"
    NO_TIME = "no_time"


OVERRIDABLE = frozenset({Bar.AWAY, Bar.NOT_FURTHER, Bar.UNDER_AGE, Bar.PAIRED_BEFORE, Bar.ENOUGH})
"""What an officer may decide otherwise, on the record. A full mentor raises their own number; nobody else does."""


def further_along(mentee: Mentee, mentor: Mentor) -> bool:
    """Whether the mentor is at least one step ahead on the road."""
    kind, phase = mentor.profile.kind, mentee.profile.phase
    if kind is None or phase is None:
        return False
    there = ROAD[kind]
    if kind is MentorKind.PREMED_UPPER and mentor.profile.phase is not None:
        there = ROAD[mentor.profile.phase]
    return there > ROAD[phase]


def bars(
    mentee: Mentee,
    mentor: Mentor,
    *,
    zone: ZoneInfo,
    intros: Iterable[Intro],
    pairs: Sequence[Pair],
    mentees_pairs: int,
    conflict: bool,
    wish: bool,
    pace: Pace,
    now: datetime,
) -> list[Bar]:
    """Everything that speaks against a pair, worst first. `intros` and `pairs`: what there was between the two.

    `conflict`: whether officers noted one. `wish`: whether one of the two wishes never to be paired with the other.
    `zone` holds for whoever gave none.
    """
    found = (
        bars_of_mentee(mentee, zone=zone, pairs=mentees_pairs, pace=pace, now=now)
        | bars_of_mentor(mentor, zone=zone, now=now)
        | bars_between(mentee, mentor, intros=intros, pairs=pairs, conflict=conflict, wish=wish, pace=pace, now=now)
    )
    return [bar for bar in Bar if bar in found]


def bars_of_mentee(mentee: Mentee, *, zone: ZoneInfo, pairs: int, pace: Pace, now: datetime) -> set[Bar]:
    """What keeps a mentee from every mentor. `pairs`: how many mentors they have."""
    found = {
        Bar.NO_PROFILE: not complete_mentee(mentee),
        Bar.AWAY: _away(mentee.person, zone, now),
        Bar.UNDER_AGE: mentee.person.adult is False,
        Bar.ENOUGH: pairs >= pace.mentors_each,
    }
    return {bar for bar, holds in found.items() if holds}


def bars_of_mentor(mentor: Mentor, *, zone: ZoneInfo, now: datetime) -> set[Bar]:
    """What keeps a mentor from every mentee."""
    found = {
        Bar.NO_PROFILE: not complete_mentor(mentor),
        Bar.NOT_APPROVED: mentor.profile.approved_at is None,
        Bar.FULL: mentor.free < 1,
        Bar.AWAY: _away(mentor.person, zone, now),
        Bar.UNDER_AGE: mentor.person.adult is False,
    }
    return {bar for bar, holds in found.items() if holds}


def bars_between(
    mentee: Mentee,
    mentor: Mentor,
    *,
    intros: Iterable[Intro],
    pairs: Sequence[Pair],
    conflict: bool,
    wish: bool,
    pace: Pace,
    now: datetime,
) -> set[Bar]:
    """What keeps just these two apart."""
    found = set() if further_along(mentee, mentor) else {Bar.NOT_FURTHER}
    if mentee.person.id == mentor.person.id:
        found.add(Bar.SELF)
    if conflict:
        found.add(Bar.CONFLICT)
    if wish:
        found.add(Bar.WISH)
    if any(_refused(intro, now, pace) for intro in intros):
        found.add(Bar.REFUSED)
    for pair in pairs:
        found.add(Bar.ALREADY if pair.live else Bar.PAIRED_BEFORE)
    return found


def bars_unasked(mentee: Mentee, mentor: Mentor, *, today: date, zone: ZoneInfo) -> set[Bar]:
    """What keeps two apart whom others would bring together: no way to meet, or no time, by what both have said."""
    found = set() if any(way in mentor.profile.formats for way in mentee.profile.formats) else {Bar.NO_WAY}
    both_said = mentee.person.windows and mentor.person.windows
    if both_said and not shared_windows(mentee, mentor, today=today, zone=zone):
        found.add(Bar.NO_TIME)
    return found


def _away(who: Person, zone: ZoneInfo, now: datetime) -> bool:
    return who.away_until is not None and now < first_moment(who.away_until, who.zone or zone)


def _refused(intro: Intro, now: datetime, pace: Pace) -> bool:
    if intro.state is IntroState.NOT_FOR_ME:
        return True
    recent = intro.closed_at is not None and now - intro.closed_at < pace.not_now
    return intro.state in (IntroState.NOT_NOW, IntroState.EXPIRED) and recent


def complete_mentee(mentee: Mentee) -> bool:
    p = mentee.profile
    return bool(mentee.person.name and p.phase and p.wants and p.formats and p.rhythm and mentee.person.windows)


def complete_mentor(mentor: Mentor) -> bool:
    p = mentor.profile
    return bool(mentor.person.name and p.kind and p.offers and p.formats and p.capacity)


# ── the score ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Fit:
    mentor: Mentor
    score: int
    reasons: tuple[str, ...]
    """Plain reasons, strongest first, at most three."""


@dataclass(frozen=True)
class Filters:
    field: Specialty | None = None
    help: Help | None = None
    format: Format | None = None


Strength: TypeAlias = tuple[int, Callable[[], str]]
"""What something counts, and how it is said: put into words only for the few that are shown."""


def fit(mentee: Mentee, mentor: Mentor, *, today: date, zone: ZoneInfo) -> Fit:
    """How well a mentor suits a mentee. `zone` holds for whoever gave none."""
    told = sorted(_strengths(mentee, mentor, today, zone), key=lambda each: -each[0])
    return Fit(mentor, sum(points for points, _ in told), tuple(words() for _, words in told[:3]))


def score(mentee: Mentee, mentor: Mentor, *, today: date, zone: ZoneInfo) -> int:
    """The score of `fit` alone, for the many pairs of a whole cohort."""
    return sum([points for points, _ in _strengths(mentee, mentor, today, zone)])


def _strengths(mentee: Mentee, mentor: Mentor, today: date, zone: ZoneInfo) -> list[Strength]:
    wishes, gifts = mentee.profile, mentor.profile
    told: list[Strength] = []
    covered = tuple([want for want in wishes.wants if want in gifts.offers])
    if covered:
        told.append((35 * len(covered) // len(wishes.wants), lambda: f"Helps with {joined(spoken(covered))}"))
    same = tuple([each for each in wishes.interests if each in gifts.fields and each is not Specialty.UNDECIDED])
    if same:
        told.append((20, lambda: f"In {joined(labels(same[:2]))}, which interests you"))
    else:
        wide = [NEAR[wish] for wish in wishes.interests if wish in NEAR]
        near = next((each for each in gifts.fields if any(each in some for some in wide)), None) if wide else None
        if near is not None:
            told.append((12, partial("In {}, close to what interests you".format, near.label)))
    ways = tuple([way for way in wishes.formats if way in gifts.formats])
    if ways:
        told.append((15, lambda: f"You both like {joined(spoken(ways[:2]))}"))
    shared = shared_windows(mentee, mentor, today=today, zone=zone)
    if shared:
        told.append((10, lambda: f"You are both free on {shared[0].label.lower()}"))
    _add_capped(told, wishes.reply, gifts.reply, _REPLIES, "Answers {}")
    _add_capped(told, wishes.hours, gifts.hours, _HOURS, "Has {} a month")
    both_in = [each for each in mentee.person.associations if each in mentor.person.associations]
    if both_in:
        told.append((5, lambda: f"You are both in {joined(both_in[:2])}"))
    return told


def best(
    mentee: Mentee, mentors: Iterable[Mentor], *, today: date, zone: ZoneInfo, filters: Filters = Filters()
) -> list[Fit]:
    """The mentors in order of fit, those who miss a filter left out. Bars are the caller's to apply first."""
    fits = [fit(mentee, mentor, today=today, zone=zone) for mentor in mentors if _passes(mentor, filters)]
    return sorted(fits, key=lambda f: (-f.score, -f.mentor.free / (f.mentor.profile.capacity or 1), f.mentor.person.id))


def uncovered(mentee: Mentee, mentor: Mentor) -> tuple[Help, ...]:
    """What the mentee wants and this mentor has said they won't do."""
    return tuple(want for want in mentee.profile.wants if want in mentor.profile.wont)


def unlisted(mentee: Mentee, mentor: Mentor) -> tuple[Help, ...]:
    """What the mentee wants and this mentor neither offers nor rules out."""
    known = {*mentor.profile.offers, *mentor.profile.wont}
    return tuple(want for want in mentee.profile.wants if want not in known)


def _passes(mentor: Mentor, filters: Filters) -> bool:
    profile = mentor.profile
    wide = NEAR.get(filters.field, frozenset()) if filters.field else frozenset()
    return (
        (filters.field is None or filters.field in profile.fields or bool(wide.intersection(profile.fields)))
        and (filters.help is None or filters.help in profile.offers)
        and (filters.format is None or filters.format in profile.formats)
    )


_REPLIES: dict[Choice, int] = {reply: place for place, reply in enumerate(ReplyTime)}
_HOURS: dict[Choice, int] = {hours: -place for place, hours in enumerate(Hours)}


def _add_capped(
    told: list[Strength], wanted: Choice | None, given: Choice | None, order: dict[Choice, int], words: str
) -> None:
    """`order`: what is better than wished for comes before it."""
    if wanted is None or given is None:
        return
    short = order[given] - order[wanted]
    if short <= 1:
        told.append((10 if short <= 0 else 5, partial(words.format, given.label)))


# ── times both can make ───────────────────────────────────────────────────────────────────────────────────────────


def shared_windows(mentee: Mentee, mentor: Mentor, *, today: date, zone: ZoneInfo) -> list[Window]:
    """The mentee's windows that fall at least an hour into the mentor's, in the coming week."""
    monday = today + timedelta(days=7 - today.weekday())
    one, other = mentee.person, mentor.person
    here, there, theirs = one.zone or zone, other.zone or zone, frozenset(other.windows)
    return [window for window in _WINDOWS if window in one.windows and _falls_in(window, here, theirs, there, monday)]


_WINDOWS = tuple(Window)


@lru_cache(maxsize=10_000)  # the many pairs of a cohort have the same few windows and zones
def _falls_in(window: Window, zone: ZoneInfo, others: frozenset[Window], others_zone: ZoneInfo, monday: date) -> bool:
    mine, theirs = spells([window], zone, monday, 7), spells(others, others_zone, monday - DAY, 9)
    return any(end - start >= timedelta(hours=1) for start, end in shared(mine, theirs))
