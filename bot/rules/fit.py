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

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.model import DAY, Intro, IntroState, Mentee, Mentor, Pace, Pair
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
    """A reason two people may not be paired."""

    SELF = "self"
    NO_PROFILE = "no_profile"
    NOT_APPROVED = "not_approved"
    ALREADY = "already"
    FULL = "full"
    CONFLICT = "conflict"
    REFUSED = "refused"
    AWAY = "away"
    NOT_FURTHER = "not_further"
    UNDER_AGE = "under_age"
    PAIRED_BEFORE = "paired_before"
    ENOUGH = "enough"


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
    pace: Pace,
    now: datetime,
) -> list[Bar]:
    """Everything that speaks against a pair, worst first. `intros` and `pairs`: what there was between the two.

    `zone` holds for whoever gave none.
    """
    found = {
        Bar.SELF: mentee.person.id == mentor.person.id,
        Bar.NO_PROFILE: not complete_mentee(mentee) or not complete_mentor(mentor),
        Bar.NOT_APPROVED: mentor.profile.approved_at is None,
        Bar.ALREADY: any(pair.live for pair in pairs),
        Bar.FULL: mentor.free < 1,
        Bar.CONFLICT: conflict,
        Bar.REFUSED: any(_refused(intro, now, pace) for intro in intros),
        Bar.AWAY: any(
            who.away_until is not None and now < first_moment(who.away_until, who.zone or zone)
            for who in (mentee.person, mentor.person)
        ),
        Bar.NOT_FURTHER: not further_along(mentee, mentor),
        Bar.UNDER_AGE: mentee.person.adult is False or mentor.person.adult is False,
        Bar.PAIRED_BEFORE: any(not pair.live for pair in pairs),
        Bar.ENOUGH: mentees_pairs >= pace.mentors_each,
    }
    return [bar for bar, holds in found.items() if holds]


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


def fit(mentee: Mentee, mentor: Mentor, *, today: date, zone: ZoneInfo) -> Fit:
    """How well a mentor suits a mentee. `zone` holds for whoever gave none."""
    wishes, gifts = mentee.profile, mentor.profile
    told: list[tuple[int, str]] = []
    covered = [want for want in wishes.wants if want in gifts.offers]
    if covered:
        told.append((35 * len(covered) // max(1, len(wishes.wants)), f"Helps with {joined(spoken(tuple(covered)))}"))
    same = [field for field in wishes.interests if field in gifts.fields and field is not Specialty.UNDECIDED]
    near = [field for field in gifts.fields if any(field in NEAR.get(wish, ()) for wish in wishes.interests)]
    if same:
        told.append((20, f"In {joined(labels(tuple(same[:2])))}, which interests you"))
    elif near:
        told.append((12, f"In {near[0].label}, close to what interests you"))
    ways = [way for way in wishes.formats if way in gifts.formats]
    if ways:
        told.append((15, f"You both like {joined(spoken(tuple(ways[:2])))}"))
    shared = shared_windows(mentee, mentor, today=today, zone=zone)
    if shared:
        told.append((10, f"You are both free on {shared[0].label.lower()}"))
    told += _capped(wishes.reply, gifts.reply, ReplyTime, "Answers {label}", least_wins=True)
    told += _capped(wishes.hours, gifts.hours, Hours, "Has {label} a month", least_wins=False)
    both_in = [each for each in mentee.person.associations if each in mentor.person.associations]
    if both_in:
        told.append((5, f"You are both in {joined(both_in[:2])}"))
    told.sort(key=lambda each: -each[0])
    return Fit(mentor, sum(points for points, _ in told), tuple(reason for _, reason in told[:3]))


def best(
    mentee: Mentee, mentors: Iterable[Mentor], *, today: date, zone: ZoneInfo, filters: Filters = Filters()
) -> list[Fit]:
    """The mentors in order of fit, those who miss a filter left out. Bars are the caller's to apply first."""
    fits = [fit(mentee, mentor, today=today, zone=zone) for mentor in mentors if _passes(mentor, filters)]
    return sorted(fits, key=lambda f: (-f.score, -f.mentor.free / (f.mentor.profile.capacity or 1), f.mentor.person.id))


def uncovered(mentee: Mentee, mentor: Mentor) -> tuple[Help, ...]:
    """What the mentee wants and this mentor has said they won't do."""
    return tuple(want for want in mentee.profile.wants if want in mentor.profile.wont)


def _passes(mentor: Mentor, filters: Filters) -> bool:
    profile = mentor.profile
    wide = NEAR.get(filters.field, frozenset()) if filters.field else frozenset()
    return (
        (filters.field is None or filters.field in profile.fields or bool(wide.intersection(profile.fields)))
        and (filters.help is None or filters.help in profile.offers)
        and (filters.format is None or filters.format in profile.formats)
    )


def _capped(
    wanted: Choice | None, given: Choice | None, scale: type[Choice], words: str, *, least_wins: bool
) -> list[tuple[int, str]]:
    if wanted is None or given is None:
        return []
    order = list(scale)
    short = (order.index(given) - order.index(wanted)) * (1 if least_wins else -1)
    points = 10 if short <= 0 else 5 if short == 1 else 0
    return [(points, words.format(label=given.label))] if points else []


# ── times both can make ───────────────────────────────────────────────────────────────────────────────────────────


def shared_windows(mentee: Mentee, mentor: Mentor, *, today: date, zone: ZoneInfo) -> list[Window]:
    """The mentee's windows that fall at least an hour into the mentor's, in the coming week."""
    monday = today + timedelta(days=7 - today.weekday())
    theirs = spells(mentor.person.windows, mentor.person.zone or zone, monday - DAY, 9)
    return [
        window
        for window in Window
        if window in mentee.person.windows
        and any(
            end - start >= timedelta(hours=1)
            for start, end in shared(spells([window], mentee.person.zone or zone, monday, 7), theirs)
        )
    ]
