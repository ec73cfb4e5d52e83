"""The year's dates: each is told of once, on its morning, and a usual year is one that could be."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY, Break, Pace, Society
from bot.rules.occasions import next_occasion, occasions, occasions_now, with_the_usual
from bot.rules.timing import is_quiet

dates = st.dates(date(2026, 7, 1), date(2027, 7, 1))
spans = st.none() | st.tuples(dates, st.integers(0, 100)).map(lambda at: Break(at[0], at[0] + at[1] * DAY))
zones = st.sampled_from([ZoneInfo(name) for name in ("America/New_York", "Asia/Kolkata", "America/Santiago")])
paces = st.builds(Pace, quiet_from=st.integers(18, 23), quiet_until=st.integers(0, 12))
societies = st.builds(
    Society,
    st.just(1),
    st.just("Harborview"),
    zones,
    term=spans,
    recruitment=spans,
    kickoff=st.none() | dates,
    breaks=st.just(()),
)


@given(societies, paces, st.integers(0, 23).map(lambda hour: datetime(2026, 6, 1, hour, tzinfo=UTC)))
def test_each_occasion_is_told_of_once_on_its_day_and_out_of_quiet_hours(
    society: Society, pace: Pace, start: datetime
) -> None:
    told, now = [], next_occasion(society, start, pace)
    while now is not None:
        assert not is_quiet(now, society.zone, pace)
        day = now.astimezone(society.zone).date()
        told += [(day, each) for each in occasions_now(society, now, pace)]
        now = next_occasion(society, now, pace)
    assert sorted(told) == sorted(occasions(society))


@given(societies, dates)
def test_a_usual_year_fills_what_is_not_set_and_nothing_in_it_is_over(society: Society, today: date) -> None:
    usual = with_the_usual(society, today)
    assert with_the_usual(usual, today) == usual
    assert usual.kickoff is not None
    assert usual.kickoff >= today
    assert society.kickoff in (None, usual.kickoff) or society.kickoff < today
    for was, days in ((society.term, usual.term), (society.recruitment, usual.recruitment)):
        assert days is not None
        assert days.first <= days.last >= today
        assert was in (None, days) or was.last < today
    assert len({each.first for each in usual.breaks}) == len(usual.breaks)
    for one, next_one in zip(usual.breaks, usual.breaks[1:], strict=False):
        assert one.first <= one.last < next_one.first
    assert all(today <= each.last and each.first - today <= timedelta(days=366) for each in usual.breaks)
