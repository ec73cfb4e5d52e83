"""What a month may bring to mind, and when to ask again where someone is on the road."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY, Break, MenteeProfile, SeasonLine
from bot.rules.season import CALENDAR, TERMS, Seasonal, as_edited, next_term, phase_is_due, season_for, seasonal
from bot.vocabulary import Phase

NEW_YORK = ZoneInfo("America/New_York")
JULY = datetime(2027, 7, 6, 14, tzinfo=UTC)
ANA = MenteeProfile(1, Phase.APPLYING)

days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.sr("SR-19.b")
def test_in_july_an_applicant_thinks_of_secondary_essays_and_a_first_year_does_not() -> None:
    applying = seasonal(Phase.APPLYING, JULY.date())
    assert applying is not None
    assert "secondary essays" in applying.words
    assert seasonal(Phase.FRESHMAN, JULY.date()) is None


@pytest.mark.sr("SR-46.a")
@pytest.mark.parametrize("row", CALENDAR, ids=lambda row: f"{row.month}: {row.words[:30]}")
def test_no_line_asks_for_a_result_or_names_a_deadline(row: Seasonal) -> None:
    said = f"{row.words} {row.usually}".casefold()
    forbidden = ("deadline", "score", "result", "decision", "gpa", "grade", "accepted", "rejected", "offer", "must")
    assert not [word for word in forbidden if word in said]
    assert bool(row.usually) == bool(row.link)
    assert sum(each.name == row.name for each in CALENDAR) == 1
    assert not row.usually or "usually" in row.usually
    assert not row.usually or "around" in row.usually


@given(st.sampled_from(Phase), days)
def test_a_line_is_for_this_month_and_this_phase(phase: Phase, today: date) -> None:
    row = seasonal(phase, today)
    if row is not None:
        assert row.month == today.month
        assert not row.phases or phase in row.phases


def test_a_line_is_read_once_a_month_and_never_by_who_asked_to_be_spared() -> None:
    assert season_for(ANA, JULY, NEW_YORK) is not None
    assert season_for(replace(ANA, season_told_at=JULY - DAY), JULY, NEW_YORK) is None
    assert season_for(replace(ANA, season_told_at=JULY - 30 * DAY), JULY, NEW_YORK) is not None
    assert season_for(replace(ANA, season_off_at=JULY - 300 * DAY), JULY, NEW_YORK) is None


edits = st.builds(
    SeasonLine,
    st.sampled_from([row.name for row in CALENDAR]),
    st.integers(1, 12),
    st.sampled_from(["", "Ours"]),
    st.sampled_from(["", "Usually so."]),
    st.just(date(2027, 1, 1)),
)


@given(st.lists(edits, unique_by=lambda edit: edit.name), st.sampled_from(Phase), days)
def test_what_officers_changed_is_said_in_its_month_to_the_same_people_and_what_they_emptied_never(
    changed: list[SeasonLine], phase: Phase, today: date
) -> None:
    lines = as_edited(changed)
    assert [(row.name, row.phases) for row in lines] == [(row.name, row.phases) for row in CALENDAR]
    assert {row for row in lines if row.name not in {edit.name for edit in changed}} <= set(CALENDAR)
    said = seasonal(phase, today, lines)
    if said is not None:
        assert said.words
        assert said.month == today.month
        assert not said.phases or phase in said.phases
        # A page is named for what it says, not for what officers know by themselves.
        assert not said.link or said.usually in {row.usually for row in CALENDAR}


@given(moments, days)
def test_the_societys_own_term_takes_the_place_of_the_usual_one_near_it(said: datetime, first: date) -> None:
    own = Break(first, first + 100 * DAY)
    until = next_term(said, NEW_YORK, own)
    today, begins = said.astimezone(NEW_YORK).date(), until.astimezone(NEW_YORK).date()
    usual = next_term(said, NEW_YORK).astimezone(NEW_YORK).date()
    assert today < begins
    assert begins <= usual + 40 * DAY or first <= today
    assert begins == first or abs(begins - first) > 40 * DAY
    assert not today < first < begins


@pytest.mark.sr("SR-19.a")
@given(moments, st.integers(0, 400))
def test_a_phase_holds_until_the_next_term_and_no_longer(said: datetime, later: int) -> None:
    until = next_term(said, NEW_YORK)
    assert timedelta() < until - said < 240 * DAY
    local = until.astimezone(NEW_YORK)
    assert (local.month, local.day) in TERMS
    assert (local.hour, local.minute) == (0, 0)
    now = said + later * DAY
    assert phase_is_due(replace(ANA, phase_holds_until=until), said, now, NEW_YORK) == (now >= until)
    assert phase_is_due(ANA, said, now, NEW_YORK) == (now >= until)
