"""When a planned end is said ahead: at the close of the year, or when the agreed time is over; once in each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY, Agreement, Event, Happened, Pace, Pair, PairFacts, PairState, Person, Side
from bot.rules.closing import closing_from, last_meeting_from
from bot.vocabulary import MentorKind, Span, Term

PACE = Pace()
NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
PAIR = Pair(1, 1, 2, PairState.ACTIVE, START, room="paper:room")
FACTS = PairFacts(PAIR, Person(1, "Ana Ruiz"), Person(2, "Ben Okafor"), MentorKind.MS2, (), zone=NEW_YORK)


def closing(facts: PairFacts, began: datetime, pace: Pace) -> datetime:
    found = closing_from(facts, began, pace)
    assert found is not None
    return found


days = st.integers(0, 1500).map(lambda number: START + timedelta(days=number))


@given(days)
def test_it_is_the_first_closing_that_leaves_a_pair_its_time(began: datetime) -> None:
    at = closing(FACTS, began, PACE)
    local = at.astimezone(NEW_YORK)
    assert (local.month, local.day, local.hour) == (PACE.closing_month, PACE.closing_day, 0)
    assert began + PACE.closing_least <= at <= began + PACE.closing_least + 366 * DAY


@given(days, st.integers(0, 40))
def test_who_was_asked_is_asked_at_the_next_closing_and_not_at_this_one(began: datetime, later: int) -> None:
    first = closing(FACTS, began, PACE)
    asked = replace(FACTS, events=(Event(first + later * DAY, Happened.CLOSING_ASKED, Side.MENTEE),))
    assert 364 * DAY <= closing(asked, began, PACE) - first <= 367 * DAY


@pytest.mark.parametrize(("span", "wait"), [(Span.ONCE, 30), (Span.TERM, 90), (Span.YEAR, None), (Span.GOAL, None)])
def test_an_agreed_time_that_is_shorter_than_the_year_comes_first(span: Span, wait: int | None) -> None:
    agreement = Agreement(1, {Term.SPAN: (span,)}, START, START + DAY)
    agreed = replace(FACTS, agreement=agreement)
    year = closing(FACTS, START, PACE)
    assert closing(agreed, START, PACE) == (START + (1 + wait) * DAY if wait else year)
    if wait:
        asked = replace(agreed, events=(Event(START + (1 + wait) * DAY, Happened.CLOSING_ASKED, Side.MENTEE),))
        assert closing(asked, START, PACE) == year, "who goes on is asked again at the close of the year"


def test_where_the_society_asks_at_no_close_only_an_agreed_time_comes_to_its_end() -> None:
    never = replace(PACE, closing=False)
    agreed = replace(FACTS, agreement=Agreement(1, {Term.SPAN: (Span.TERM,)}, START, START))
    assert closing_from(FACTS, START, never) is None
    assert closing(agreed, START, never) == START + 90 * DAY


def test_a_planned_last_meeting_is_asked_after_once() -> None:
    planned = Event(START, Happened.LAST_PLANNED, Side.MENTOR)
    assert last_meeting_from(FACTS, PACE) is None
    assert last_meeting_from(replace(FACTS, events=(planned,)), PACE) == START + PACE.last_meeting
    asked = Event(START + 22 * DAY, Happened.LAST_ASKED, Side.MENTEE)
    assert last_meeting_from(replace(FACTS, events=(planned, asked)), PACE) is None
