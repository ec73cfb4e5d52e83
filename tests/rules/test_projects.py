"""A project's next step, for any history: when an update is asked for, and how a milestone's date is held."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import (
    DAY,
    Break,
    Commitment,
    Event,
    Happened,
    Pace,
    Pair,
    PairFacts,
    PairState,
    Person,
    Project,
    ProjectEvent,
    ProjectHappened,
    ProjectMilestone,
    ProjectState,
    Side,
)
from bot.rules.agenda import still
from bot.rules.projects import LADDER, ProjectStep, next_step, over_promised
from bot.rules.timing import is_quiet
from bot.vocabulary import MentorKind, Updates

PACE = Pace()
NEW_YORK, KOLKATA = ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
START = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
TODAY = date(2026, 10, 5)
PAIR = Pair(1, 1, 2, PairState.ACTIVE, START, room="paper:room")
FACTS = PairFacts(
    PAIR, Person(1, "Ana Ruiz", NEW_YORK), Person(2, "Ben Okafor", KOLKATA), MentorKind.PI, (), zone=NEW_YORK
)
ASKED, OFFERED, TOLD = ProjectHappened.ASKED, ProjectHappened.OFFERED, ProjectHappened.TOLD
SOON, ON_THE_DAY, LATE, SHOWN = LADDER


def project(*due: int, updates: Updates = Updates.WEEKLY, until: int = 300) -> Project:
    """A project that begins now, with milestones so many days ahead."""
    milestones = tuple(
        ProjectMilestone(place, f"part {place}", TODAY + days * DAY) for place, days in enumerate(due, start=1)
    )
    commitment = Commitment(
        1,
        1,
        Side.MENTEE,
        "A review",
        hours=4,
        until=TODAY + until * DAY,
        updates=updates,
        milestones=milestones,
        proposed_at=START,
        mentee_confirmed_at=START,
        mentor_confirmed_at=START,
    )
    return Project(1, 1, Side.MENTEE, ProjectState.ACTIVE, START, commitments=(commitment,))


def done(one: Project, step: ProjectStep, at: datetime) -> Project:
    milestone = step.milestone
    about = (milestone.place, milestone.due) if milestone else (None, None)
    return replace(one, events=(*one.events, ProjectEvent(at, step.what, *about)))


def lived(one: Project, facts: PairFacts, until: datetime, wakes: tuple[datetime, ...] = ()) -> list[ProjectStep]:
    """Everything the bot does, as the moment of doing it; `wakes`: it does nothing before the next of these."""
    now, steps = START, list[ProjectStep]()
    for _ in range(200):
        step = next_step(one, facts, now, PACE)
        if step is None or max(step.at, now) > until:
            return steps
        due = max(step.at, now)
        now = min((wake for wake in wakes if wake >= due), default=due) if wakes else due
        step = next_step(one, facts, now, PACE)
        assert step is not None
        steps.append(replace(step, at=now))
        one = done(one, step, now)
    raise AssertionError("it never comes to rest")


@pytest.mark.sr("SR-29.a")
def test_an_update_is_asked_for_twice_then_ways_out_are_offered_and_then_there_is_peace() -> None:
    steps = lived(project(), FACTS, START + 120 * DAY)
    assert [(step.what, (step.at - START).days) for step in steps] == [(ASKED, 7), (ASKED, 14), (OFFERED, 21)]


@pytest.mark.sr("SR-29.a")
@pytest.mark.parametrize(
    ("rhythm", "first"), [(Updates.TWICE_WEEKLY, 3), (Updates.WEEKLY, 7), (Updates.FORTNIGHTLY, 14)]
)
def test_the_agreed_rhythm_counts_from_the_last_word(rhythm: Updates, first: int) -> None:
    fresh = project(updates=rhythm)
    told = replace(fresh, events=(ProjectEvent(START + 2 * DAY, TOLD),))
    for one, days in ((fresh, first), (told, first + 2)):
        step = next_step(one, FACTS, START, PACE)
        assert step is not None
        assert (step.what, (step.at - START).days) == (ASKED, days)


def test_who_gives_word_at_milestones_is_asked_at_no_other_time() -> None:
    assert lived(project(updates=Updates.MILESTONES), FACTS, START + 200 * DAY) == []


@pytest.mark.sr("SR-32.a")
def test_a_milestone_is_held_before_it_on_it_and_after_it_and_the_mentor_sees_it_last() -> None:
    steps = lived(project(10, updates=Updates.MILESTONES), FACTS, START + 60 * DAY)
    local = [(step.what, step.at.astimezone(NEW_YORK)) for step in steps]
    assert [(what, at.date() - TODAY, at.hour) for what, at in local[:3]] == [
        (SOON, 8 * DAY, 8),
        (ON_THE_DAY, 10 * DAY, 8),
        (LATE, 11 * DAY, 8),
    ]
    assert [step.what for step in steps[3:]] == [SHOWN]
    assert steps[3].at - steps[2].at >= PACE.milestone_shown


@pytest.mark.sr("SR-32.a")
def test_an_overdue_milestone_that_the_mentee_spoke_of_is_raised_with_nobody() -> None:
    one = project(10, updates=Updates.MILESTONES)
    told = replace(one, events=(ProjectEvent(START + 10 * DAY, TOLD),))
    assert [step.what for step in lived(told, FACTS, START + 60 * DAY)] == []


def test_what_was_reached_is_not_spoken_of_again() -> None:
    one = project(10, updates=Updates.MILESTONES)
    (milestone,) = one.open_dates[:1]
    reached = ProjectEvent(START, ProjectHappened.REACHED, milestone.place, milestone.due)
    assert lived(replace(one, events=(reached,)), FACTS, START + 60 * DAY) == []


def test_a_date_that_was_moved_is_held_afresh_even_before_the_mentor_has_answered() -> None:
    one = project(10, updates=Updates.MILESTONES)
    (old,) = one.commitments
    later = ProjectMilestone(1, "part 1", TODAY + 20 * DAY)
    said = replace(
        old,
        id=2,
        milestones=(later,),
        proposed_at=START + DAY,
        mentee_confirmed_at=START + DAY,
        mentor_confirmed_at=None,
    )
    moved = replace(one, state=ProjectState.AT_RISK, commitments=(old, said))
    steps = lived(moved, FACTS, START + 60 * DAY)
    assert [step.what for step in steps] == list(LADDER)
    assert {step.milestone for step in steps} == {later}


def test_a_rhythm_that_only_one_side_wants_does_not_hold_yet() -> None:
    one = project()
    (old,) = one.commitments
    rarer = replace(old, id=2, updates=Updates.FORTNIGHTLY, proposed_at=START + DAY, mentor_confirmed_at=None)
    step = next_step(replace(one, commitments=(old, rarer)), FACTS, START, PACE)
    assert step is not None
    assert (step.at - START).days == 7


def test_after_an_outage_of_weeks_each_thing_is_asked_once() -> None:
    """What was missed collapses: the overdue question, not the two reminders before it as well."""
    wakes = tuple(START + days * DAY for days in (40, 41, 42, 60))
    steps = lived(project(10), FACTS, START + 42 * DAY, wakes)
    assert [step.what for step in steps] == [ASKED, LATE]


@pytest.mark.sr("SR-28.b")
def test_four_and_four_hours_are_more_than_six() -> None:
    assert over_promised(4, 4, 6)
    assert not over_promised(4, 2, 6)
    assert not over_promised(40, 4, None)


# ── whatever happens ──────────────────────────────────────────────────────────────────────────────────────────────

days = st.integers(0, 80)
projects = st.builds(
    lambda due, updates, until: project(*due, updates=updates, until=until),
    st.lists(st.integers(1, 70), max_size=5),
    st.sampled_from(Updates),
    st.integers(20, 80),
)
words = st.lists(days.map(lambda day: ProjectEvent(START + day * DAY, TOLD)), max_size=4)
spells = st.lists(st.tuples(days, st.integers(1, 30)), max_size=3)


def rests(facts: PairFacts, pauses: list[tuple[int, int]], breaks: list[tuple[int, int]], away: int) -> PairFacts:
    """The same pair with pauses behind it, breaks of the society, and a mentee who is away."""
    events = []
    for first, length in sorted(pauses):
        events += [
            Event(START + first * DAY, Happened.PAUSED),
            Event(START + (first + length) * DAY, Happened.RESUMED),
        ]
    off = tuple(Break(TODAY + first * DAY, TODAY + (first + length) * DAY) for first, length in breaks)
    mentee = replace(facts.mentee, away_since=START, away_until=TODAY + away * DAY) if away else facts.mentee
    return replace(facts, events=tuple(sorted(events, key=lambda e: e.at)), breaks=off, mentee=mentee)


@given(projects, words, spells, spells, st.integers(0, 20))
def test_nothing_is_said_in_quiet_hours_or_while_the_clock_stands_still(
    one: Project, told: list[ProjectEvent], pauses: list[tuple[int, int]], breaks: list[tuple[int, int]], away: int
) -> None:
    facts = rests(FACTS, pauses, breaks, away)
    one = replace(one, events=tuple(sorted(told, key=lambda event: event.at)))
    for step in lived(one, facts, START + 200 * DAY):
        person = facts.mentor if step.what is SHOWN else facts.mentee
        assert person.zone is not None
        assert not is_quiet(step.at, person.zone, PACE)
        assert not any(start <= step.at < end for start, end in still(facts))


@given(projects, words, spells, st.lists(st.integers(0, 150), min_size=1, max_size=12))
def test_nothing_is_said_twice_of_the_same_milestone_however_often_the_bot_sleeps(
    one: Project, told: list[ProjectEvent], pauses: list[tuple[int, int]], wakes: list[int]
) -> None:
    one = replace(one, events=tuple(sorted(told, key=lambda event: event.at)))
    moments = tuple(START + timedelta(days=day, hours=3) for day in sorted(wakes))
    steps = lived(one, rests(FACTS, pauses, [], 0), moments[-1], moments)
    said = Counter((step.what, step.milestone) for step in steps if step.milestone)
    assert all(times == 1 for times in said.values())
    # The mentee was always asked before the mentor is shown anything, and had days to answer.
    for step in steps:
        if step.what is SHOWN:
            (asked,) = [s.at for s in steps if s.what is LATE and s.milestone == step.milestone]
            assert step.at - asked >= PACE.milestone_shown


@given(projects, spells)
def test_a_silent_project_comes_to_rest(one: Project, breaks: list[tuple[int, int]]) -> None:
    steps = lived(one, rests(FACTS, [], breaks, 0), START + 2000 * DAY)
    assert len(steps) <= 3 + 4 * 6
    assert Counter(step.what for step in steps)[SHOWN] <= 6


@pytest.mark.parametrize("state", [PairState.PAUSED, PairState.ENDED])
def test_a_pair_that_rests_or_has_ended_is_due_for_nothing(state: PairState) -> None:
    assert next_step(project(3), replace(FACTS, pair=replace(PAIR, state=state)), START, PACE) is None


@pytest.mark.parametrize("state", [each for each in ProjectState if not each.running])
def test_a_project_that_is_not_under_way_is_due_for_nothing(state: ProjectState) -> None:
    assert next_step(replace(project(3), state=state), FACTS, START, PACE) is None
