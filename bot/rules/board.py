"""The term in numbers: one pure function from what is stored to what officers see, and a report tells.

That two are in touch is known from their own word and from who wrote when in their room; no number says more than
that. Every pair is counted once in each of the counts below, so those of one kind add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.model import (
    DAY,
    Break,
    Chronicle,
    Event,
    Happened,
    Mentee,
    Mentor,
    Pace,
    PairFacts,
    PairState,
    Side,
    Society,
)
from bot.rules.agenda import ANSWERS, Health, health, still
from bot.rules.fit import complete_mentee, complete_mentor
from bot.rules.season import TERMS, next_term
from bot.rules.timing import first_moment
from bot.rules.waiting import CONTACT, who_waits
from bot.ui import joined
from bot.vocabulary import NEAR, Specialty

BACK = 14 * DAY
"""A sign of life so long after a reminder counts as its doing."""
FEW = 5
"""What counts fewer than this could be told back to someone, so it does not leave the board."""


class Standing(StrEnum):
    """How a live pair stands."""

    ON_TRACK = "on track"
    SLIPPING = "slipping"  # a silence has begun to count
    QUIET = "quiet"  # it needs a human
    RESTING = "resting"  # paused


@dataclass(frozen=True)
class Funnel:
    """Mentees, each step within the one before."""

    joined: int
    asked: int
    """Sent a request this term, or were given a mentor."""
    paired: int
    met: int
    """Were in touch with a mentor this term."""
    still: int
    """… in a pair that goes on, and is not quiet."""


@dataclass(frozen=True)
class Week:
    """The live pairs at the end of a week (of the last one: now)."""

    ends: datetime
    pairs: Mapping[Standing, int]

    @property
    def total(self) -> int:
        return sum(self.pairs.values())

    @property
    def in_words(self) -> str:
        """ "68 on track, 7 slipping and 4 quiet"."""
        return joined([f"{self.pairs[each]} {each}" for each in Standing if self.pairs[each]])


@dataclass(frozen=True)
class Waits:
    """Live pairs in which one side's words wait for an answer."""

    mentees: int
    mentees_long: int
    """Of these, longer than the mentor promised."""
    mentors: int
    mentors_long: int


@dataclass(frozen=True)
class Room:
    """Free places, and mentees without a mentor, in the field each named first."""

    field: Specialty
    places: int
    looking: int


@dataclass(frozen=True)
class Load:
    """Mentors who guide so many mentees now."""

    mentees: int
    full: int
    """Those with no place left."""
    free: int
    away: int

    @property
    def mentors(self) -> int:
        return self.full + self.free + self.away


@dataclass(frozen=True)
class Recovered:
    """Silences of mentees who were reminded."""

    reminded: int
    back: int
    """A sign of life within two weeks of a reminder."""
    open: int
    """Reminded less than two weeks ago."""


@dataclass(frozen=True)
class Board:
    term: Break
    at: datetime
    funnel: Funnel
    weeks: tuple[Week, ...]
    """At least one, oldest first."""
    waits: Waits
    rooms: tuple[Room, ...]
    """Most wanted first, none without either."""
    missing: Mapping[Specialty, int]
    """Mentees without a mentor by the field they named first, where nobody with a free place is near it."""
    loads: tuple[Load, ...]
    """By the number of mentees, from none on."""
    recovered: Recovered
    pairs: int
    """Those that were live at any time of the term."""
    begun: int
    ended: int
    completed: int
    """Of those that ended, as planned."""
    endings: Mapping[str, int]
    """Those that ended, by what was said of it."""
    meetings: int
    """That took place, as one of the two told."""
    met_pairs: int
    """The pairs they were of."""

    @property
    def now(self) -> Week:
        return self.weeks[-1]

    @property
    def kept(self) -> int:
        """Of the term's pairs, those that go on or came to their planned end."""
        return self.pairs - self.ended + self.completed

    @property
    def free(self) -> int:
        return sum(room.places for room in self.rooms)

    @property
    def looking(self) -> int:
        return sum(room.looking for room in self.rooms)


def term_of(society: Society, now: datetime) -> Break:
    """The days of the term: the officers' own, and before they chose or once those are long over, the usual ones."""
    today = now.astimezone(society.zone).date()
    if society.term and society.term.first <= today <= society.term.last + 60 * DAY:
        return society.term
    begun = (date(year, *day) for year in (today.year - 1, today.year) for day in TERMS)
    next_one = next_term(now, society.zone).astimezone(society.zone).date()
    return Break(max(day for day in begun if day <= today), next_one - DAY)


def board(chronicle: Chronicle, society: Society, now: datetime, pace: Pace, term: Break | None = None) -> Board:
    """The numbers of a term as they stand at `now`."""
    term = term or term_of(society, now)
    start, end = first_moment(term.first, society.zone), first_moment(term.last + DAY, society.zone)
    end = min(end, now)
    every = [replace(facts, breaks=(*pace.breaks, *facts.breaks)) for facts in chronicle.pairs]
    of_term = [f for f in every if f.pair.started_at <= end and (f.pair.ended_at is None or f.pair.ended_at >= start)]
    gone = [f for f in of_term if f.pair.ended_at is not None and f.pair.ended_at <= end]
    met = {f.pair.id: _meetings(f, start, end) for f in of_term}
    mentors = [m.mentor for m in chronicle.members if m.mentor and m.mentor.profile.approved_at]
    mentors = [mentor for mentor in mentors if complete_mentor(mentor)]
    rooms, missing = _rooms(chronicle, mentors, now, society.zone)
    return Board(
        term=term,
        at=now,
        funnel=_funnel(chronicle, of_term, start, end, now, pace),
        weeks=tuple(_weeks(every, term, end, now, pace, society.zone)),
        waits=_waits([f for f in every if f.pair.state is PairState.ACTIVE], now, pace),
        rooms=rooms,
        missing=missing,
        loads=_loads(mentors, now, society.zone),
        recovered=_recovered(of_term, start, end),
        pairs=len(of_term),
        begun=sum(f.pair.started_at >= start for f in of_term),
        ended=len(gone),
        completed=sum(f.pair.id in chronicle.completed for f in gone),
        endings=Counter(_said_of_it(chronicle, f) for f in gone),
        meetings=sum(met.values()),
        met_pairs=sum(1 for times in met.values() if times),
    )


def standing(facts: PairFacts, now: datetime, pace: Pace) -> Standing | None:
    """How a pair stands; None once it has ended."""
    match facts.pair.state:
        case PairState.ENDED:
            return None
        case PairState.PAUSED:
            return Standing.RESTING
    by_health = {Health.GREEN: Standing.ON_TRACK, Health.AMBER: Standing.SLIPPING, Health.RED: Standing.QUIET}
    return by_health[health(facts, now, pace)]


def as_of(facts: PairFacts, moment: datetime) -> PairFacts | None:
    """What was known of a pair at a moment that is past; None before it began.

    Of an absence and a meeting only the latest is known, so a pair's past can look a little quieter than it was.
    """
    pair = facts.pair
    if pair.started_at > moment:
        return None
    events = tuple(event for event in facts.events if event.at <= moment)
    over = pair.ended_at is not None and pair.ended_at <= moment
    rests = next(
        (e for e in reversed(events) if e.side is None and e.what in (Happened.PAUSED, Happened.RESUMED)), None
    )
    paused = rests is not None and rests.what is Happened.PAUSED
    agreed, plan = facts.agreement, facts.plan
    return replace(
        facts,
        pair=replace(pair, state=PairState.ENDED if over else PairState.PAUSED if paused else PairState.ACTIVE),
        events=events,
        agreement=agreed if agreed and agreed.since and agreed.since <= moment else None,
        plan=plan if plan and plan.said_at <= moment else None,
        meeting_ends=None,
    )


# ── who came how far ──────────────────────────────────────────────────────────────────────────────────────────────


def _funnel(
    chronicle: Chronicle, of_term: Sequence[PairFacts], start: datetime, end: datetime, now: datetime, pace: Pace
) -> Funnel:
    joined = {member.person.id for member in chronicle.members if member.mentee and member.mentee.profile.phase}
    joined |= {facts.pair.mentee for facts in of_term}
    paired = {facts.pair.mentee for facts in of_term}
    asked = {mentee for mentee, at in chronicle.asked.items() if mentee in joined and at >= start} | paired
    in_touch = [facts for facts in of_term if any(e.what in CONTACT and start <= e.at <= end for e in facts.events)]
    goes_on = (Standing.ON_TRACK, Standing.SLIPPING, Standing.RESTING)
    still_on = {facts.pair.mentee for facts in in_touch if standing(facts, now, pace) in goes_on}
    met = {facts.pair.mentee for facts in in_touch}
    return Funnel(len(joined), len(asked), len(paired), len(met), len(still_on))


def _weeks(
    every: Sequence[PairFacts], term: Break, end: datetime, now: datetime, pace: Pace, zone: ZoneInfo
) -> Iterator[Week]:
    """The end of each week that is over, and now (or the term's last moment)."""
    day = term.first + 7 * DAY
    while (ends := first_moment(day, zone)) < end:
        yield _week(ends, (as_of(facts, ends) for facts in every), pace)
        day += 7 * DAY
    yield _week(end, every if end == now else (as_of(facts, end) for facts in every), pace)


def _week(ends: datetime, every: Iterable[PairFacts | None], pace: Pace) -> Week:
    found = Counter(standing(facts, ends, pace) for facts in every if facts is not None)
    return Week(ends, {each: found[each] for each in Standing})


def _waits(active: Sequence[PairFacts], now: datetime, pace: Pace) -> Waits:
    waiting = [found for facts in active if (found := who_waits(facts, still(facts), pace))]
    mentees = [each for each in waiting if each.side is Side.MENTEE]
    mentors = [each for each in waiting if each.side is Side.MENTOR]
    return Waits(
        len(mentees), sum(each.late(now) for each in mentees), len(mentors), sum(each.late(now) for each in mentors)
    )


# ── places ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _away(mentor: Mentor, now: datetime, zone: ZoneInfo) -> bool:
    until = mentor.person.away_until
    return until is not None and until > now.astimezone(mentor.person.zone or zone).date()


def _first(fields: Sequence[Specialty]) -> Specialty:
    return fields[0] if fields else Specialty.UNDECIDED


def _rooms(
    chronicle: Chronicle, mentors: Sequence[Mentor], now: datetime, zone: ZoneInfo
) -> tuple[tuple[Room, ...], dict[Specialty, int]]:
    free = [mentor for mentor in mentors if mentor.free and not _away(mentor, now, zone)]
    guided = {facts.pair.mentee for facts in chronicle.pairs if facts.pair.live}
    looking = [m.mentee for m in chronicle.members if m.mentee and _looks(m.mentee, guided)]
    places = Counter[Specialty]()
    for mentor in free:
        places[_first(mentor.profile.fields)] += mentor.free
    wanted = Counter(_first(mentee.profile.interests) for mentee in looking)
    named = {field for mentor in free for field in mentor.profile.fields}
    missing: dict[Specialty, int] = {
        field: wanted[field]
        for field in sorted(wanted, key=lambda field: -wanted[field])
        if field is not Specialty.UNDECIDED and not named & ({field} | NEAR.get(field, frozenset()))
    }
    rooms = [Room(field, places[field], wanted[field]) for field in Specialty if places[field] or wanted[field]]
    return tuple(sorted(rooms, key=lambda room: (-room.looking, -room.places))), missing


def _looks(mentee: Mentee, guided: set[int]) -> bool:
    return mentee.person.id not in guided and complete_mentee(mentee)


def _loads(mentors: Sequence[Mentor], now: datetime, zone: ZoneInfo) -> tuple[Load, ...]:
    most = max((mentor.load for mentor in mentors), default=0)
    found = []
    for load in range(most + 1):
        those = [mentor for mentor in mentors if mentor.load == load]
        away = [mentor for mentor in those if _away(mentor, now, zone)]
        full = sum(not mentor.free for mentor in those if mentor not in away)
        found.append(Load(load, full, len(those) - full - len(away), len(away)))
    return tuple(found)


# ── what came of it ───────────────────────────────────────────────────────────────────────────────────────────────


def _recovered(of_term: Sequence[PairFacts], start: datetime, end: datetime) -> Recovered:
    silences = [silence for facts in of_term for silence in _silences(facts.events) if start <= silence.last <= end]
    back = sum(silence.over is not None and silence.over - silence.last <= BACK for silence in silences)
    waits = sum(silence.over is None and end - silence.last <= BACK for silence in silences)
    return Recovered(len(silences), back, waits)


@dataclass(frozen=True)
class _Silence:
    last: datetime
    """The latest reminder."""
    over: datetime | None


def _silences(events: Sequence[Event]) -> Iterator[_Silence]:
    """A mentee's silences that they were reminded of: all reminders until they are heard of are about one."""
    last: datetime | None = None
    for event in events:
        if event.what is Happened.NUDGED:
            last = event.at
        elif last is not None and event.what in ANSWERS and event.side is not Side.MENTOR:
            yield _Silence(last, event.at)
            last = None
    if last is not None:
        yield _Silence(last, None)


def _meetings(facts: PairFacts, start: datetime, end: datetime) -> int:
    """A day on which the two met, however many told of it, is one meeting."""
    zone = facts.zone
    met = (event.at for event in facts.events if event.what is Happened.MET and start <= event.at <= end)
    return len({at.astimezone(zone).date() for at in met})


PLANNED, UNSAID = "Came to its planned end", "No reason given"


def _said_of_it(chronicle: Chronicle, facts: PairFacts) -> str:
    if facts.pair.id in chronicle.completed:
        return PLANNED
    return next((why.label for why in chronicle.reasons.get(facts.pair.id, ())), UNSAID)


# ── what may leave the board ──────────────────────────────────────────────────────────────────────────────────────


def masked(counts: Mapping[str, int]) -> dict[str, str]:
    """The counts of one kind as they may be shown to others: nothing that counts fewer than five.

    Where that would leave one number that can be had by subtraction from the total, the next smallest is left out too.
    """
    few = {name for name, count in counts.items() if 0 < count < FEW}
    rest = sorted((name for name, count in counts.items() if count >= FEW), key=lambda name: counts[name])
    hidden = {rest[0]} if len(few) == 1 and rest else set()
    return {
        name: f"under {FEW}" if name in few else "not shown" if name in hidden else str(count)
        for name, count in counts.items()
    }


def roughly(count: int) -> int:
    """A count to the nearest five, as a picture for others may draw it."""
    return FEW * round(count / FEW)


# ── a week, for the officers ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class LastWeek:
    """What happened in the seven days before a moment."""

    begun: int
    ended: int
    meetings: int
    reminded: int
    back: int


def last_week(chronicle: Chronicle, now: datetime) -> LastWeek:
    since = now - timedelta(days=7)
    silences = [silence for facts in chronicle.pairs for silence in _silences(facts.events)]
    return LastWeek(
        begun=sum(since < facts.pair.started_at <= now for facts in chronicle.pairs),
        ended=sum(f.pair.ended_at is not None and since < f.pair.ended_at <= now for f in chronicle.pairs),
        meetings=sum(_meetings(facts, since, now) for facts in chronicle.pairs),
        reminded=sum(since < silence.last <= now for silence in silences),
        back=sum(silence.over is not None and since < silence.over <= now for silence in silences),
    )
