"""Pairs for everyone who waits, at once: the best there are for the whole society, and why each is as it is.

What is best is lexicographic, nothing is weighed against anything:

1. No hard rule is broken: every bar of `fit`, and between two who have not chosen each other also a way and a time to
   meet. What officers have locked stays, as long as that holds for it too.
2. As many as possible get a mentor.
3. The sum of all scores is the highest.
4. The pair that fits least fits as well as possible; then the one that fits next to least, and so on.
5. Those who get a mentor have waited the most days in all.

Where even that leaves a choice, it is made by the numbers of the people, so that the order of rows never counts. The
five become one whole number for each pair, later aims in its lower digits, and `assignment` finds the least sum.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.model import (
    DAY,
    History,
    InLine,
    Intro,
    IntroState,
    Member,
    Mentee,
    Mentor,
    Pace,
    Pair,
    Proposed,
    QueueItem,
)
from bot.rules.assignment import ALONE, Stopped, assign
from bot.rules.fit import Bar, bars_between, bars_of_mentee, bars_of_mentor, bars_unasked, score
from bot.vocabulary import NEAR, Specialty

MOST_DAYS = 3650
"""Who has waited ten years has waited long enough."""


class Outside(Enum):
    """Why a mentee is not in the round."""

    NOT_WAITING = "not_waiting"  # and nobody need be told

    UNFINISHED = "unfinished"
    NOT_HERE = "not_here"
    UNDER_AGE = "under_age"
    AWAY = "away"
    ASKED = "asked"
    TOLD = "told"


@dataclass(frozen=True)
class Cohort:
    """Everyone a round is about, and all that there was between them."""

    mentees: Mapping[int, Mentee]
    """Those who wait, by person, in order."""
    mentors: Mapping[int, Mentor]
    """Those who are approved and can be paired, by person, in order."""
    places: Mapping[int, int]
    """How many more each mentor could take: none while they are away, and less those that a mentee may be about to
    take by a request or a turn in the line."""
    since: Mapping[int, datetime]
    """Since when someone has been waiting, where it is known."""
    outside: Mapping[int, Outside]
    """Those who have no mentor and can't be given one now."""
    intros: Mapping[tuple[int, int], Sequence[Intro]]
    pairs: Mapping[tuple[int, int], Sequence[Pair]]
    """What there was between a mentee and a mentor; of pairs, either way round."""
    conflicts: frozenset[tuple[int, int]]
    wishes: frozenset[tuple[int, int]]
    """Whom officers do not want paired, and who is not by the wish of one; each two in order of their numbers."""
    zone: ZoneInfo
    pace: Pace
    now: datetime
    unmet: frozenset[int] = frozenset()
    """Those of them who are on a sheet and have not come here yet: in no round that is published."""

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def waited(self, mentee: int) -> int:
        """The days someone has been waiting."""
        return min(MOST_DAYS, max(0, (self.now - self.since.get(mentee, self.now)) // DAY))


def gathered(
    roster: Iterable[Member],
    past: History,
    line: Sequence[InLine],
    queue: Sequence[QueueItem],
    *,
    zone: ZoneInfo,
    pace: Pace,
    now: datetime,
    unmet_too: bool = False,
) -> Cohort:
    """The cohort, from what is on record. Who has a mentor waits only when they have said that they do.

    `queue`: those of its items by which someone waits for a mentor. `unmet_too`: as if all who are on a sheet had come.
    """
    members = sorted(roster, key=lambda member: member.person.id)
    intros, pairs = _by_two(past)
    has = Counter(pair.mentee for pair in past.pairs if pair.live)
    asked = {intro.mentee: intro.mentor for intro in past.intros if intro.state is IntroState.WAITING}
    told = {waits.person: tell.mentor for waits in line for tell in waits.told if now < tell.at + pace.line_hold}
    held = Counter((told | asked).values())
    since = _since(line, queue)
    mentees: dict[int, Mentee] = {}
    outside: dict[int, Outside] = {}
    for member in members:
        person, mentee = member.person.id, member.mentee
        if mentee is None or (has[person] and person not in since):
            continue
        bars = bars_of_mentee(mentee, zone=zone, pairs=has[person], pace=pace, now=now)
        if Bar.ENOUGH in bars:
            continue
        why = {
            Outside.UNFINISHED: Bar.NO_PROFILE in bars,
            Outside.NOT_HERE: not member.addresses and not unmet_too,
            Outside.UNDER_AGE: Bar.UNDER_AGE in bars,
            Outside.AWAY: Bar.AWAY in bars,
            Outside.ASKED: person in asked,
            Outside.TOLD: person in told,
        }
        if reason := next((each for each, holds in why.items() if holds), None):
            outside[person] = reason
        else:
            mentees[person] = mentee
    mentors = {
        member.person.id: member.mentor
        for member in members
        if member.mentor and (member.addresses or unmet_too) and member.mentor.profile.approved_at is not None
    }
    places = {
        person: 0 if bars_of_mentor(mentor, zone=zone, now=now) else max(0, mentor.free - held[person])
        for person, mentor in mentors.items()
    }
    unmet = frozenset(member.person.id for member in members if not member.addresses)
    return Cohort(
        mentees, mentors, places, since, outside, intros, pairs, past.conflicts, past.wishes, zone, pace, now, unmet
    )


def _since(line: Iterable[InLine], queue: Iterable[QueueItem]) -> dict[int, datetime]:
    """Since when people wait, by their first word of it."""
    since: dict[int, datetime] = {}
    said = [(waits.person, waits.since) for waits in line]
    said += [(item.person, item.opened_at) for item in queue if item.person is not None]
    for person, at in said:
        since[person] = min(at, since.get(person, at))
    return since


Two: TypeAlias = tuple[int, int]


def _by_two(past: History) -> tuple[dict[Two, list[Intro]], dict[Two, list[Pair]]]:
    intros: dict[Two, list[Intro]] = defaultdict(list)
    pairs: dict[Two, list[Pair]] = defaultdict(list)
    for intro in past.intros:
        intros[intro.mentee, intro.mentor].append(intro)
    for pair in past.pairs:
        pairs[pair.mentee, pair.mentor].append(pair)
        pairs[pair.mentor, pair.mentee].append(pair)
    return dict(intros), dict(pairs)


# ── who could be paired with whom ─────────────────────────────────────────────────────────────────────────────────


def apart(cohort: Cohort, mentee: int, mentor: int) -> list[Bar]:
    """Everything that speaks against two of the cohort, worst first; nothing, where they could be paired."""
    one, other = cohort.mentees[mentee], cohort.mentors[mentor]
    found = bars_of_mentor(other, zone=cohort.zone, now=cohort.now) | _between(cohort, one, other)
    if not cohort.places[mentor] and not found & {Bar.AWAY, Bar.NO_PROFILE, Bar.UNDER_AGE}:
        found.add(Bar.FULL)
    return [bar for bar in Bar if bar in found]


def _between(cohort: Cohort, mentee: Mentee, mentor: Mentor) -> set[Bar]:
    two = mentee.person.id, mentor.person.id
    in_order = (min(two), max(two))
    found = bars_between(
        mentee,
        mentor,
        intros=cohort.intros.get(two, ()),
        pairs=cohort.pairs.get(two, ()),
        conflict=in_order in cohort.conflicts,
        wish=in_order in cohort.wishes,
        pace=cohort.pace,
        now=cohort.now,
    )
    return found or bars_unasked(mentee, mentor, today=cohort.today, zone=cohort.zone)


Scores = dict[int, dict[int, int]]
"""Mentee by mentee, the mentors they could have, each with the score of the two; nobody is left out."""


def possible(cohort: Cohort, stop: Callable[[], bool] = lambda: False) -> Scores:
    """Every pair that no rule forbids. Raises assignment.Stopped soon after `stop` says so."""
    open_now = [cohort.mentors[mentor] for mentor, free in cohort.places.items() if free]
    scores: Scores = {}
    for person, mentee in cohort.mentees.items():
        if stop():
            raise Stopped
        scores[person] = {
            mentor.person.id: score(mentee, mentor, today=cohort.today, zone=cohort.zone)
            for mentor in open_now
            if not _between(cohort, mentee, mentor)
        }
    for person, could in scores.items():
        # Two who are both, and could be each other's mentor: one way round is enough.
        for mentor in [each for each in could if person in scores.get(each, ())]:
            mine, theirs = (could[mentor], -person), (scores[mentor][person], -mentor)
            del (could if mine < theirs else scores[mentor])[mentor if mine < theirs else person]
    return scores


def against(cohort: Cohort, mentee: int, mentor: int) -> Bar | Outside | None:
    """The worst of what speaks against any two being paired in a round; None, where nothing does."""
    if mentee not in cohort.mentees:
        return cohort.outside.get(mentee, Outside.NOT_WAITING)
    if mentor not in cohort.mentors:
        return Bar.NOT_APPROVED
    return next(iter(apart(cohort, mentee, mentor)), None)


# ── the proposal ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Proposal:
    pairs: tuple[Proposed, ...]
    """By mentee."""
    alone: tuple[int, ...]
    """The mentees of the cohort who get nobody, in order; not those whom officers took out."""
    unlocked: tuple[Proposed, ...] = ()
    """What was locked and does not hold any more."""

    @property
    def total(self) -> int:
        return sum(pair.score for pair in self.pairs)

    @property
    def least(self) -> int:
        return min((pair.score for pair in self.pairs), default=0)

    def mentor_of(self, mentee: int) -> Proposed | None:
        return next((pair for pair in self.pairs if pair.mentee == mentee), None)


@dataclass(frozen=True)
class Wishes:
    """What officers have decided about a round before the rest is worked out around it."""

    locked: Mapping[int, int] = field(default_factory=dict)
    """Mentee to mentor."""
    apart: frozenset[tuple[int, int]] = frozenset()
    """Mentee and mentor who are not to be paired this time."""
    out: frozenset[int] = frozenset()
    """Mentees who get nobody this time."""


def propose(
    cohort: Cohort, scores: Scores, wishes: Wishes = Wishes(), stop: Callable[[], bool] = lambda: False
) -> Proposal:
    """The best pairs for this cohort, around what officers have decided. `scores`: the `possible` ones.

    Raises assignment.Stopped soon after `stop` says so.
    """
    places = {mentor: free for mentor, free in cohort.places.items() if free}
    fixed, unlocked = [], []
    for mentee, mentor in sorted(wishes.locked.items()):
        points = scores.get(mentee, {}).get(mentor)
        if points is not None and places[mentor] and mentee not in wishes.out:
            places[mentor] -= 1
            fixed.append(Proposed(mentee, mentor, points, locked=True))
        else:
            unlocked.append(Proposed(mentee, mentor, points or 0, locked=True))
    settled = {pair.mentee for pair in fixed} | wishes.out
    rows = [mentee for mentee in scores if mentee not in settled]
    columns = {mentor: column for column, mentor in enumerate(places)}
    cost = _costs(cohort, rows, scores)
    ways = [
        [
            (columns[mentor], cost(mentee, points))
            for mentor, points in scores[mentee].items()
            if (mentee, mentor) not in wishes.apart
        ]
        for mentee in rows
    ]
    # Dearer than any change of all the others together: nobody is left alone for the sake of a score.
    alone = 1 + 2 * (len(rows) + 1) * max((abs(price) for way in ways for _, price in way), default=0)
    found = assign(ways, list(places.values()), alone, stop)
    mentors = list(places)
    given = [(mentee, mentors[at]) for mentee, at in zip(rows, found.columns, strict=True) if at != ALONE]
    pairs = [*fixed, *(Proposed(mentee, mentor, scores[mentee][mentor]) for mentee, mentor in given)]
    left = tuple(mentee for mentee, at in zip(rows, found.columns, strict=True) if at == ALONE)
    return Proposal(tuple(sorted(pairs, key=lambda pair: pair.mentee)), left, tuple(unlocked))


def _costs(cohort: Cohort, rows: Sequence[int], scores: Scores) -> Callable[[int, int], int]:
    """What a pair costs: from the highest digits down its score, a mark for how low that is, and the days waited.

    Each digit is wide enough for the sum over all pairs. A mark weighs more than those of all higher scores together,
    so that the least sum has as few of the lowest scores as can be, then as few of the next to lowest, and so on.
    """
    levels = sorted({points for mentee in rows for points in scores[mentee].values()}, reverse=True)
    digit = (len(rows) + 1).bit_length()
    days = (len(rows) * MOST_DAYS + 1).bit_length()
    total = days + digit * len(levels)
    by_score = {
        points: (-points << total) + (1 << (days + digit * level)) for level, points in enumerate(levels)
    }  # fmt: skip
    waited = {mentee: cohort.waited(mentee) for mentee in rows}
    return lambda mentee, points: by_score[points] - waited[mentee]


# ── why ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Change:
    """What becomes of one mentee when the round is worked out otherwise."""

    mentee: int
    was: Proposed | None
    now: Proposed | None

    @property
    def better(self) -> int:
        """By how much the pair fits better, where there is one before and after."""
        return self.now.score - self.was.score if self.was and self.now else 0


def changes(before: Proposal, after: Proposal) -> list[Change]:
    """Who gets somebody else: those who lose everybody first, then those who lose most."""
    was, now = ({pair.mentee: pair for pair in each.pairs} for each in (before, after))
    found = [
        Change(mentee, was.get(mentee), now.get(mentee))
        for mentee in sorted(was.keys() | now.keys())
        if (was[mentee].mentor if mentee in was else None) != (now[mentee].mentor if mentee in now else None)
    ]
    return sorted(found, key=lambda change: (change.now is not None, change.was is None, change.better))


@dataclass(frozen=True)
class Alone:
    """Why a mentee of the cohort gets nobody."""

    mentee: int
    could: int
    """How many mentors they could have, if the places were not others'."""
    bars: tuple[Bar, ...] = ()
    """Where that is nobody: what keeps them from those who come nearest."""


def why_alone(cohort: Cohort, scores: Scores, mentee: int) -> Alone:
    if could := len(scores[mentee]):
        return Alone(mentee, could)
    walls = [apart(cohort, mentee, mentor) for mentor, free in cohort.places.items() if free]
    nearest = min(map(len, walls), default=0)
    common = Counter(bar for wall in walls if len(wall) == nearest for bar in wall)
    return Alone(mentee, 0, tuple(bar for bar, _ in sorted(common.items(), key=lambda each: (-each[1], each[0]))[:2]))


@dataclass(frozen=True)
class Help:
    """What would help those who get nobody."""

    short: int
    """So many could be paired, if those who could mentor them had more places."""
    fields: tuple[tuple[Specialty, int], ...]
    """Fields of which no mentor has a place left over, with how many wait who are interested; most first."""
    bars: tuple[tuple[Bar, int], ...]
    """What keeps the others from every mentor, with how many that are."""


def what_helps(cohort: Cohort, pairs: Iterable[Proposed], why: Sequence[Alone]) -> Help:
    taken = Counter(pair.mentor for pair in pairs)
    spare = [mentor for person, mentor in cohort.mentors.items() if cohort.places[person] > taken[person]]
    offered = {each for mentor in spare for each in mentor.profile.fields}
    wished = Counter(
        wish
        for alone in why
        for wish in cohort.mentees[alone.mentee].profile.interests
        if wish is not Specialty.UNDECIDED and not ({wish} | NEAR.get(wish, frozenset())) & offered
    )
    bars = Counter(alone.bars[0] for alone in why if alone.bars)
    return Help(
        sum(alone.could > 0 for alone in why),
        tuple(sorted(wished.items(), key=lambda each: (-each[1], each[0]))),
        tuple(sorted(bars.items(), key=lambda each: (-each[1], each[0]))),
    )
