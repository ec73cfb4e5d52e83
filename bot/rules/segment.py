"""Whom an announcement is for, and whom it reaches: nobody twice in a week, and nobody who is away too long."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model import DAY, Member, Pace, Pair, Segment
from bot.rules.timing import first_moment
from bot.vocabulary import Phase, Specialty, Whom

LIFE = timedelta(days=7)
"""So long an announcement is worth reading; who could not be told by then is not told any more."""
SOON = timedelta(days=2)
"""Whoever may hear the next one so soon waits for it: one a week must not leave out who heard the last one late."""


@dataclass(frozen=True)
class Readers:
    """Who reads an announcement, and how many of those it is for do not."""

    reached: tuple[int, ...]
    spared: int = 0
    """They had another one lately."""
    away: int = 0
    unmet: int = 0
    """They are on a sheet, and have not come by yet: nobody knows where to write to them."""


def members_of(segment: Segment, members: Iterable[Member], live: Iterable[Pair]) -> list[Member]:
    """Those of the society who are meant."""
    guided = {pair.mentee for pair in live}
    return [each for each in members if _is_meant(segment, each, guided=each.person.id in guided)]


def _is_meant(segment: Segment, member: Member, *, guided: bool) -> bool:
    if member.person.left_at is not None:
        return False
    whom, mentee, mentor = segment.whom, member.mentee, member.mentor
    if whom is Whom.EVERYONE and not segment.phases and not segment.fields:
        return mentee is not None or mentor is not None or bool(member.person.roles)
    if whom is Whom.UNPAIRED and guided:
        return False
    as_mentee = (
        mentee is not None
        and whom is not Whom.MENTORS
        and _fits(segment, mentee.profile.phase, mentee.profile.interests)
    )
    as_mentor = (
        mentor is not None
        and whom in (Whom.EVERYONE, Whom.MENTORS)
        and mentor.profile.approved_at is not None
        and _fits(segment, mentor.profile.phase, mentor.profile.fields)
    )
    return as_mentee or as_mentor


def _fits(segment: Segment, phase: Phase | None, fields: Collection[Specialty]) -> bool:
    there = not segment.phases or phase in segment.phases
    return there and (not segment.fields or not set(segment.fields).isdisjoint(fields))


def readers(
    meant: Sequence[Member], lately: Mapping[int, datetime], now: datetime, zone: ZoneInfo, pace: Pace
) -> Readers:
    """Who of those meant would read it if it went out now.

    `lately`: when an announcement last reached someone. `zone`: the society's, for those who have not said theirs.
    """
    met = [member.person for member in meant if member.addresses]
    reached, spared, away = [], 0, 0
    for person in met:
        last = lately.get(person.id)
        if last is not None and last + pace.announcements_apart > now + SOON:
            spared += 1
        elif person.away_until and first_moment(person.away_until, person.zone or zone) + DAY > now + LIFE:
            away += 1  # with a day to spare, for quiet hours and what else they hear when they are back
        else:
            reached.append(person.id)
    return Readers(tuple(reached), spared, away, len(meant) - len(met))
