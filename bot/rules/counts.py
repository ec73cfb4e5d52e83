"""What officers count: who uses mentorship and how far they got, how pairs ended, and what did not meet.

Pure functions of what is stored, so every number can be worked out again from the records. Only numbers: nobody is
named, and who told why is nobody's to see here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Life, Member, QueueReason, Side
from bot.rules.checklist import ITEMS
from bot.rules.compare import compared
from bot.rules.fit import complete_mentee, complete_mentor
from bot.vocabulary import Term, Why

QUIET = frozenset(
    {QueueReason.SLOW_START, QueueReason.MENTEE_QUIET, QueueReason.MENTOR_QUIET, QueueReason.MENTOR_CHASING}
)


class Ended(StrEnum):
    """What a pair ended for, as far as anyone said or it was seen."""

    DONE = "done"
    FIT = "fit"
    QUIET = "quiet"
    OTHER = "other"


@dataclass(frozen=True)
class Reached:
    """How many came so far: each number is of those before it, and can be no larger."""

    joined: int
    """With a finished profile."""
    asked: int
    """Sent a request to a mentor, or got one from a mentee."""
    paired: int
    """Are in a pair now."""
    meeting: int
    """… that has met at least once."""


@dataclass(frozen=True)
class Counts:
    mentees: Reached
    mentors: Reached
    ended: dict[Ended, int]
    conflicts: tuple[tuple[Term, int], ...]
    """In how many pairs' answers each question was in conflict, the most frequent first."""


def counts(members: Sequence[Member], asked: Collection[tuple[int, int]], lives: Sequence[Life]) -> Counts:
    """`asked`: mentee and mentor of every request that was ever sent. `lives`: every pair there ever was."""
    mentees = {m.person.id for m in members if m.mentee and complete_mentee(m.mentee)}
    mentors = {m.person.id for m in members if m.mentor and complete_mentor(m.mentor)}
    ends = Counter(ended_for(life) for life in lives if not life.pair.live)
    return Counts(
        _reached(mentees, {mentee for mentee, _ in asked}, lives, Side.MENTEE),
        _reached(mentors, {mentor for _, mentor in asked}, lives, Side.MENTOR),
        {why: ends[why] for why in Ended},
        tuple(Counter(term for life in lives for term in in_conflict(life)).most_common()),
    )


def _reached(joined: set[int], asked: set[int], lives: Sequence[Life], side: Side) -> Reached:
    live = [life for life in lives if life.pair.live]
    paired = {life.pair.person(side) for life in live} & joined
    meeting = {life.pair.person(side) for life in live if life.met} & paired
    # An officer may have paired someone who never asked: they are where asking leads.
    return Reached(len(joined), len((asked | paired) & joined), len(paired), len(meeting))


def ended_for(life: Life) -> Ended:
    """A planned end counts as one whatever came before; else what someone said, else what was seen."""
    if life.completed or Why.DONE in life.whys:
        return Ended.DONE
    if Why.FIT in life.whys or QueueReason.NOT_A_FIT in life.queued:
        return Ended.FIT
    if life.queued & QUIET:
        return Ended.QUIET
    return Ended.OTHER


def in_conflict(life: Life) -> list[Term]:
    """The questions in which the two answers are in conflict, once both are in."""
    if life.mentee.given_at is None or life.mentor.given_at is None:
        return []
    points = compared(tuple(ITEMS.values()), life.mentee, life.mentor)
    return [point.term for point in points if point.verdict == "conflict"]
