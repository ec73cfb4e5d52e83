"""Times both can make: in both zones, around every change of the clocks, in nobody's way, and a few of them."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.model import DAY, Agreement, Limit, Person
from bot.rules.meeting_times import AHEAD, Terms, away, clear, limits, months, room_from, spread, starts, taken, terms
from bot.rules.timing import Spell, merged
from bot.rules.windows import shared_spells
from bot.vocabulary import Booker, Hours, Length, Notice, Prepare, Term, Window

NEW_YORK, PHOENIX, LONDON = (ZoneInfo(name) for name in ("America/New_York", "America/Phoenix", "Europe/London"))
ZONES = [NEW_YORK, PHOENIX, LONDON, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Lord_Howe")]
HALF_HOUR, HOUR = timedelta(minutes=30), timedelta(hours=1)
SPELLS = {
    # By someone's own clock: weekdays, first hour, end.
    Window.WEEKDAY_DAY: (range(5), 9, 17),
    Window.WEEKDAY_EVENING: (range(5), 17, 21),
    Window.WEEKEND_MORNING: (range(5, 7), 9, 12),
    Window.WEEKEND_AFTERNOON: (range(5, 7), 12, 18),
}
AROUND_A_CHANGE = [
    # New York and London change on different weekends, Phoenix never does.
    datetime(2026, 3, 5, 12, tzinfo=UTC),
    datetime(2026, 3, 26, 12, tzinfo=UTC),
    datetime(2026, 10, 22, 12, tzinfo=UTC),
    datetime(2026, 10, 29, 12, tzinfo=UTC),
]
moments = st.one_of(
    st.sampled_from(AROUND_A_CHANGE),
    st.integers(0, 2 * 365 * 24 * 4).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * HALF_HOUR / 2),
)
zones = st.sampled_from(ZONES)
windows = st.sets(st.sampled_from(Window), min_size=1).map(tuple)
lengths = st.sampled_from([15, 30, 45, 60]).map(lambda minutes: timedelta(minutes=minutes))
spells = st.tuples(moments, st.timedeltas(timedelta(minutes=1), 9 * DAY)).map(lambda both: (both[0], both[0] + both[1]))


def inside(at: datetime, length: timedelta, windows: tuple[Window, ...], zone: ZoneInfo) -> bool:
    """Whether a meeting lies within someone's windows, by the hands of their own clock, minute by minute."""
    quarter = timedelta(minutes=15)
    for n in range(int(length / quarter)):
        local = (at + n * quarter).astimezone(zone)
        held = [SPELLS[window] for window in windows]
        if not any(local.weekday() in days and first <= local.hour < end for days, first, end in held):
            return False
    return True


@pytest.mark.sr("SR-13.b")
@given(moments, zones, zones, windows, windows, lengths, st.lists(spells, max_size=4))
def test_every_time_is_in_both_windows_by_both_clocks_and_in_nobodys_way(
    now: datetime,
    zone: ZoneInfo,
    other: ZoneInfo,
    mine: tuple[Window, ...],
    theirs: tuple[Window, ...],
    length: timedelta,
    busy: list[Spell],
) -> None:
    ana, ben = Person(1, "Ana", zone, windows=mine), Person(2, "Ben", other, windows=theirs)
    open_ = shared_spells(ana, ben, now, NEW_YORK)
    found = starts(open_, merged(busy), length, now + DAY)
    for at in found:
        assert now + DAY <= at <= now + AHEAD
        assert inside(at, length, mine, zone)
        assert inside(at, length, theirs, other)
        assert all(at + length <= first or at >= end for first, end in busy)
    assert found == sorted(set(found))


@pytest.mark.sr("SR-13.b")
@pytest.mark.parametrize(
    ("zone", "windows", "weeks"),
    [
        # Evenings in New York and days in Phoenix, which never changes its clocks: an hour less from 1 November on.
        (PHOENIX, (Window.WEEKDAY_EVENING, Window.WEEKDAY_DAY), {26: (17, 20), 33: (17, 19)}),
        # Days in New York and evenings in London, which changes a week earlier: for that week an hour later.
        (LONDON, (Window.WEEKDAY_DAY, Window.WEEKDAY_EVENING), {19: (12, 16), 26: (13, 17), 33: (12, 16)}),
    ],
)
def test_a_change_of_the_clocks_is_known_on_either_side(
    zone: ZoneInfo, windows: tuple[Window, Window], weeks: dict[int, tuple[int, int]]
) -> None:
    ana, ben = Person(1, "Ana", NEW_YORK, windows=windows[:1]), Person(2, "Ben", zone, windows=windows[1:])
    now = datetime(2026, 10, 18, 12, tzinfo=UTC)
    found = starts(shared_spells(ana, ben, now, NEW_YORK), [], timedelta(hours=1), now)
    for monday, (first, end) in weeks.items():
        day = date(2026, 10, 1) + (monday - 1) * DAY
        assert day.weekday() == 0
        local = [at.astimezone(NEW_YORK) for at in found]
        hours = [at.hour + at.minute / 60 for at in local if at.date() == day]
        assert (min(hours), max(hours) + 1) == (first, end)


@given(moments, zones, st.integers(1, 8), st.lists(st.integers(1, 28 * 48), unique=True, max_size=200))
def test_a_few_times_are_chosen_on_different_days_as_far_as_there_are_such(
    now: datetime, zone: ZoneInfo, count: int, steps: list[int]
) -> None:
    candidates = sorted(now + n * HALF_HOUR for n in steps)
    chosen = spread(candidates, zone, count, now)
    days = {at.astimezone(zone).date() for at in candidates}
    assert len(chosen) == min(count, len(candidates))
    assert chosen == sorted(set(chosen))
    assert set(chosen) <= set(candidates)
    assert len({at.astimezone(zone).date() for at in chosen}) == min(count, len(days))


@given(moments, zones, st.dates(date(2026, 1, 1), date(2027, 6, 1)))
def test_nobody_is_met_before_they_are_back(now: datetime, zone: ZoneInfo, back: date) -> None:
    ben = Person(2, "Ben", zone, windows=tuple(Window), away_until=back, away_since=now - DAY)
    assume(away(ben, NEW_YORK)[0][1] > now)
    busy = taken((ben,), (), (), NEW_YORK)
    for at in starts(shared_spells(ben, ben, now, NEW_YORK), busy, HALF_HOUR, now):
        assert at.astimezone(zone).date() >= back


@pytest.mark.sr("SR-42.a")
@given(moments, zones, lengths, st.sampled_from([*Hours, None]), st.sampled_from([*Hours, None]))
def test_a_months_limit_is_what_they_gave_and_never_less_than_one_meeting(
    now: datetime, zone: ZoneInfo, length: timedelta, hours: Hours | None, agreed: Hours | None
) -> None:
    found = limits(hours, agreed, 7, now, zone, length)
    for limit in found:
        assert limit.minutes * timedelta(minutes=1) >= length
        assert limit.first < limit.end
    whole = [limit for limit in found if limit.pair is None]
    assert bool(whole) == (hours not in (None, Hours.MORE))
    for one, following in itertools.pairwise(whole):
        assert one.end == following.first
    if whole:
        assert whole[0].first <= now
        assert whole[-1].end > now + AHEAD


@pytest.mark.parametrize(
    ("prepare", "lead", "sent"),
    [
        (Prepare.DAY_BEFORE, DAY, True),
        (Prepare.TWO_DAYS_BEFORE, 2 * DAY, True),
        (Prepare.BRING, timedelta(), False),
        (Prepare.NONE, None, False),
    ],
)
def test_a_meeting_goes_by_what_the_two_agreed(prepare: Prepare, lead: timedelta | None, sent: bool) -> None:
    said = {
        Term.LENGTH: (Length.HOUR,),
        Term.NOTICE: (Notice.TWO_DAYS,),
        Term.QUESTIONS: (prepare,),
        Term.HOURS: (Hours.ONE,),
    }
    agreed = terms(Agreement(1, said))
    assert agreed == Terms(HOUR, 2 * DAY, lead, sent, Booker.MENTEE, Hours.ONE, agreed=True)
    assert terms(None) == Terms()


def test_a_month_is_the_mentors_own() -> None:
    (november, *_) = months(datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 11, 11, tzinfo=UTC), NEW_YORK)
    assert november == (datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 12, 1, 5, tzinfo=UTC))


def test_there_is_room_from_the_first_month_that_is_not_given_away() -> None:
    now = datetime(2026, 10, 20, tzinfo=UTC)
    october, november, december = months(now, now + 70 * DAY, NEW_YORK)[:3]
    assert room_from([october, november], now) == december[0]
    assert room_from([november], now) == now
    assert clear(october[0], HALF_HOUR, [november])
    assert Limit(*october, 60).pair is None
