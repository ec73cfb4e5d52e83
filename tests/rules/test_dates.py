"""Days as people type them, alone or with what is to happen on them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY
from bot.rules.dates import a_day, dated

TODAY = date(2026, 10, 5)
ahead = st.integers(0, 360).map(lambda days: TODAY + timedelta(days=days))


@given(
    ahead, st.sampled_from(["%Y-%m-%d", "%m/%d/%Y", "%b %d, %Y", "%d %B %Y", "%b. %d %Y", "%B %d", "%d %b", "%m/%d"])
)
def test_a_day_is_understood_as_people_type_it(day: date, shape: str) -> None:
    assert a_day(day.strftime(shape), TODAY) == day


@pytest.mark.parametrize("words", ["", "soon", "2026-10-04", "Oct 4, 2026", "2031-01-01", "2026-13-40", "18"])
def test_what_is_no_day_to_come_is_none(words: str) -> None:
    assert a_day(words, TODAY) is None


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_day_to_come_or_none(words: str) -> None:
    day = a_day(words, TODAY)
    assert day is None or TODAY <= day <= TODAY + 731 * DAY


@pytest.mark.parametrize(
    "line",
    [
        "First draft by 2026-11-20",
        "First draft: Nov 20",
        "First draft (20 November 2026)",
        "2026-11-20: First draft",
        "Nov 20, 2026 - First draft",
        "First draft, 11/20",
    ],
)
def test_a_line_holds_what_and_by_when(line: str) -> None:
    assert dated(line, TODAY) == ("First draft", date(2026, 11, 20))


@pytest.mark.parametrize("line", ["", "First draft", "2026-11-20", "First draft, soon"])
def test_a_line_without_both_is_none(line: str) -> None:
    assert dated(line, TODAY) is None
