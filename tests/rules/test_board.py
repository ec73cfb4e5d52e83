"""The term in numbers, for any society: nobody is counted twice, each step is within the one before, sums match."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import (
    DAY,
    Break,
    Chronicle,
    Event,
    Happened,
    Member,
    Mentee,
    MenteeProfile,
    Mentor,
    MentorProfile,
    Pace,
    Pair,
    PairFacts,
    PairState,
    Person,
    Side,
    Society,
)
from bot.rules.board import FEW, Standing, as_of, board, last_week, masked, standing, term_of
from bot.rules.digest import is_its_day, next_digest
from bot.vocabulary import Format, Help, MentorKind, Phase, Rhythm, Specialty, Why, Window

PACE = Pace()
NEW_YORK = ZoneInfo("America/New_York")
TERM = Break(date(2026, 8, 24), date(2026, 12, 18))
SOCIETY = Society(1, "Harborview", NEW_YORK, term=TERM)
BEGAN = datetime(2026, 8, 24, 16, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def person(number: int) -> Person:
    return Person(number, f"Member {number}", NEW_YORK, windows=(Window.WEEKDAY_EVENING,))


def member(number: int, capacity: int | None, load: int, field: Specialty) -> Member:
    """An approved mentor with so many places, or a mentee."""
    who = person(number)
    if capacity is None:
        wishes = {"phase": Phase.SOPHOMORE, "wants": (Help.MCAT,), "formats": (Format.VIDEO,), "rhythm": Rhythm.MONTHLY}
        return Member(who, (), Mentee(who, MenteeProfile(number, interests=(field,), **wishes)), None)  # type: ignore[arg-type]
    offers = MentorProfile(
        number, MentorKind.MS2, fields=(field,), offers=(Help.MCAT,), formats=(Format.VIDEO,), capacity=capacity,
        approved_at=BEGAN,
    )  # fmt: skip
    return Member(who, (), None, Mentor(who, offers, load))


def moments() -> st.SearchStrategy[datetime]:
    return st.integers(0, int((NOW - BEGAN) / timedelta(hours=1))).map(lambda hours: BEGAN + timedelta(hours=hours))


@st.composite
def pairs(draw: st.DrawFn, number: int, mentee: int, mentor: int) -> PairFacts:
    began = draw(moments())
    state = draw(st.sampled_from(PairState))
    later = moments().filter(lambda at: at >= began) if began < NOW else st.just(began)
    kinds = [what for what in Happened if what not in (Happened.PAUSED, Happened.RESUMED)]
    some = draw(st.lists(st.tuples(later, st.sampled_from(kinds), st.sampled_from(Side)), max_size=8))
    events = [Event(at, what, None if what is Happened.MET else side) for at, what, side in some]
    if state is PairState.PAUSED:
        events.append(Event(max([began, *(event.at for event in events)]), Happened.PAUSED))
    ended = draw(later) if state is PairState.ENDED else None
    pair = Pair(number, mentee, mentor, state, began, ended_at=ended, room="paper:room")
    happened = tuple(sorted(events, key=lambda event: event.at))
    return PairFacts(pair, person(mentee), person(mentor), MentorKind.MS2, happened, zone=NEW_YORK)


@st.composite
def chronicles(draw: st.DrawFn) -> Chronicle:
    mentees, mentors = draw(st.integers(0, 8)), draw(st.integers(0, 4))
    fields = st.sampled_from([Specialty.UNDECIDED, Specialty.PEDIATRICS, Specialty.SURGERY])
    couples = [(mentee, 100 + mentor) for mentee in range(mentees) for mentor in range(mentors)]
    chosen = draw(st.lists(st.sampled_from(couples), unique=True, max_size=8)) if couples else []
    facts = tuple(draw(pairs(number, *couple)) for number, couple in enumerate(chosen, start=1))
    load = {mentor: sum(f.pair.mentor == 100 + mentor and f.pair.live for f in facts) for mentor in range(mentors)}
    members = [member(number, None, 0, draw(fields)) for number in range(mentees)]
    members += [
        member(100 + number, load[number] + draw(st.integers(0, 3)), load[number], draw(fields))
        for number in range(mentors)
    ]
    over = [f.pair.id for f in facts if not f.pair.live]
    asked = draw(st.dictionaries(st.integers(0, mentees - 1), moments())) if mentees else {}
    return Chronicle(
        members=tuple(members),
        asked=asked,
        pairs=facts,
        completed=frozenset(draw(st.sets(st.sampled_from(over)))) if over else frozenset(),
        reasons=draw(st.dictionaries(st.sampled_from(over), st.just((Why.TIME,)))) if over else {},
        meetings=(),
    )


@pytest.mark.sr("SR-1.b")
@given(chronicles())
def test_each_step_is_within_the_one_before(chronicle: Chronicle) -> None:
    funnel = board(chronicle, SOCIETY, NOW, PACE).funnel
    assert funnel.joined >= funnel.asked >= funnel.paired >= funnel.met >= funnel.still >= 0
    assert funnel.joined == sum(member.mentee is not None for member in chronicle.members)
    assert funnel.paired == len({facts.pair.mentee for facts in chronicle.pairs})


@given(chronicles())
def test_what_is_counted_once_adds_up(chronicle: Chronicle) -> None:
    now = board(chronicle, SOCIETY, NOW, PACE)
    live = [facts for facts in chronicle.pairs if facts.pair.live]
    assert now.now.total == len(live) == sum(load.mentees * load.mentors for load in now.loads)
    assert all(week.total <= now.pairs for week in now.weeks)
    assert sum(now.endings.values()) == now.ended == now.pairs - len(live)
    assert now.kept == len(live) + len(chronicle.completed)
    assert now.recovered.back + now.recovered.open <= now.recovered.reminded
    waits = now.waits
    assert waits.mentees_long + waits.mentors_long <= waits.mentees + waits.mentors <= len(live)
    assert now.free == sum(member.mentor.free for member in chronicle.members if member.mentor)
    guided = {facts.pair.mentee for facts in live}
    assert now.looking == sum(m.mentee is not None and m.person.id not in guided for m in chronicle.members)
    assert sum(now.missing.values()) <= now.looking
    assert last_week(chronicle, NOW).begun <= now.begun


@given(chronicles())
def test_what_is_known_now_is_the_last_of_all_weeks(chronicle: Chronicle) -> None:
    for facts in chronicle.pairs:
        then = as_of(facts, NOW)
        assert then is not None
        assert standing(then, NOW, PACE) == standing(facts, NOW, PACE)
        assert as_of(facts, facts.pair.started_at - DAY) is None


def pair_with(*events: Event) -> Chronicle:
    pair = Pair(1, 1, 2, PairState.ACTIVE, BEGAN, room="paper:room")
    facts = PairFacts(pair, person(1), person(2), MentorKind.MS2, events, zone=NEW_YORK)
    return Chronicle((member(1, None, 0, Specialty.SURGERY),), {}, (facts,), frozenset(), {}, ())


def after(days: float, what: Happened, side: Side | None = Side.MENTEE) -> Event:
    return Event(BEGAN + days * DAY, what, side)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([after(20, Happened.NUDGED), after(33, Happened.WROTE)], (1, 1, 0)),
        ([after(20, Happened.NUDGED), after(35, Happened.WROTE)], (1, 0, 0)),
        ([after(20, Happened.NUDGED), after(24, Happened.NUDGED), after(37, Happened.WROTE)], (1, 1, 0)),
        ([after(20, Happened.NUDGED), after(21, Happened.WROTE, Side.MENTOR)], (1, 0, 0)),
        ([after(20, Happened.NUDGED), after(21, Happened.MET, None), after(60, Happened.NUDGED)], (2, 1, 0)),
        ([after(85, Happened.NUDGED)], (1, 0, 1)),
        ([after(20, Happened.WROTE)], (0, 0, 0)),
    ],
)
def test_a_sign_of_life_within_two_weeks_of_a_reminder_is_a_recovery(
    events: list[Event], found: tuple[int, int, int]
) -> None:
    now = board(pair_with(*events), SOCIETY, NOW, PACE).recovered
    assert (now.reminded, now.back, now.open) == found


def test_two_who_tell_of_the_same_day_met_once() -> None:
    now = board(pair_with(after(5, Happened.MET), after(5.1, Happened.MET), after(9, Happened.MET)), SOCIETY, NOW, PACE)
    assert (now.meetings, now.met_pairs) == (2, 1)


def test_a_field_nobody_with_a_place_is_near_is_named() -> None:
    members = (
        member(1, None, 0, Specialty.DERMATOLOGY),
        member(2, None, 0, Specialty.SURGERY),
        member(3, 2, 0, Specialty.ORTHOPEDICS),
        member(4, 1, 1, Specialty.DERMATOLOGY),
    )
    now = board(Chronicle(members, {}, (), frozenset(), {}, ()), SOCIETY, NOW, PACE)
    assert now.missing == {Specialty.DERMATOLOGY: 1}
    assert members[2].mentor
    gone = replace(members[2].mentor, person=replace(person(3), away_until=date(2027, 1, 1)))
    away = replace(members[2], mentor=gone)
    now = board(Chronicle((*members[:2], away), {}, (), frozenset(), {}, ()), SOCIETY, NOW, PACE)
    assert now.missing == {Specialty.DERMATOLOGY: 1, Specialty.SURGERY: 1}
    assert now.free == 0


def test_the_term_is_the_officers_own_and_else_the_usual_one() -> None:
    bare = Society(1, "Harborview", NEW_YORK)
    assert term_of(SOCIETY, NOW) == TERM
    assert term_of(bare, NOW) == Break(date(2026, 8, 20), date(2027, 1, 7))
    assert term_of(SOCIETY, datetime(2027, 3, 1, tzinfo=UTC)) == Break(date(2027, 1, 8), date(2027, 5, 31))


def test_a_week_that_is_over_is_told_as_it_was() -> None:
    now = board(pair_with(after(1, Happened.WROTE), after(2, Happened.WROTE, Side.MENTOR)), SOCIETY, NOW, PACE)
    told = [next(each for each in Standing if week.pairs[each]) for week in now.weeks]
    assert told[:4] == [Standing.ON_TRACK] * 4
    assert told[-1] is Standing.QUIET
    assert len(told) == 14


# ── what leaves the board ─────────────────────────────────────────────────────────────────────────────────────────


@given(st.dictionaries(st.text(max_size=5), st.integers(0, 200), max_size=8))
def test_nothing_under_five_is_told_nor_left_to_be_worked_out(counts: dict[str, int]) -> None:
    told = masked(counts)
    assert told.keys() == counts.keys()
    hidden = [name for name, words in told.items() if words != str(counts[name])]
    assert {name for name, count in counts.items() if 0 < count < FEW} <= set(hidden)
    assert len(hidden) != 1 or all(count < FEW for count in counts.values())


# ── on Mondays ────────────────────────────────────────────────────────────────────────────────────────────────────


@given(
    st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: BEGAN + timedelta(minutes=minutes)),
    st.sampled_from(["America/New_York", "America/Phoenix", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.integers(5, 11),
)
def test_the_week_is_told_once_a_week_whatever_the_clock_does(now: datetime, zone: str, until: int) -> None:
    place, pace = ZoneInfo(zone), Pace(quiet_until=until)
    told = [next_digest(now, place, pace)]
    assert now < told[0] <= now + 7 * DAY + timedelta(hours=3)
    for _ in range(60):
        told.append(next_digest(told[-1], place, pace))
    local = [at.astimezone(place) for at in told]
    assert {at.weekday() for at in local} == {0}
    assert {at.hour for at in local} == {max(9, until)}
    assert {(b.date() - a.date()).days for a, b in itertools.pairwise(local)} == {7}


def test_a_break_and_a_monday_that_was_missed_are_passed_over() -> None:
    monday = datetime(2026, 11, 23, 14, tzinfo=UTC)
    assert is_its_day(monday, NEW_YORK, ())
    assert not is_its_day(monday + DAY, NEW_YORK, ())
    assert not is_its_day(monday, NEW_YORK, (Break(date(2026, 11, 23), date(2026, 11, 27)),))
