"""The hours in which two can usually meet, wherever they live and whenever their clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY, Person
from bot.rules.windows import WEEKS, enough, shared_spells, spells, weekly_minutes
from bot.vocabulary import Window

NEW_YORK, PHOENIX, LONDON = (ZoneInfo(name) for name in ("America/New_York", "America/Phoenix", "Europe/London"))
ZONES = [NEW_YORK, PHOENIX, LONDON, *map(ZoneInfo, ("Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe"))]
EVENING, DAY_TIME = (Window.WEEKDAY_EVENING,), (Window.WEEKDAY_DAY,)
SUMMER = datetime(2026, 7, 6, 12, 0, tzinfo=UTC)

zones = st.sampled_from(ZONES)
windows = st.lists(st.sampled_from(Window), max_size=4, unique=True).map(tuple)
moments = st.integers(0, 365 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours))


def someone(windows: tuple[Window, ...], zone: ZoneInfo) -> Person:
    return Person(1, "Ana Ruiz", zone, windows=windows)


def minutes(one: tuple[Window, ...], here: ZoneInfo, other: tuple[Window, ...], there: ZoneInfo, now: datetime) -> int:
    return weekly_minutes(someone(one, here), someone(other, there), now, UTC_ZONE)


UTC_ZONE = ZoneInfo("UTC")


@pytest.mark.sr("SR-13.b")
def test_london_and_new_york_share_an_hour_less_or_more_between_their_two_changes_of_the_clocks() -> None:
    # Daytime there ends at 17:00, and begins here at 9:00: five hours apart three are left, four apart four.
    assert minutes(DAY_TIME, NEW_YORK, DAY_TIME, LONDON, SUMMER) == 5 * 3 * 60
    between = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # London goes back this day, New York a week later
    (first, *_) = shared_spells(someone(DAY_TIME, NEW_YORK), someone(DAY_TIME, LONDON), between, UTC_ZONE)
    assert first[1] - first[0] == timedelta(hours=4)
    assert minutes(DAY_TIME, NEW_YORK, DAY_TIME, LONDON, between) == (5 * 4 + 3 * 5 * 3) * 60 // 4


@pytest.mark.sr("SR-13.b")
def test_phoenix_knows_no_summer_time() -> None:
    assert minutes(EVENING, NEW_YORK, EVENING, PHOENIX, SUMMER) == 5 * 60  # three hours apart
    assert minutes(EVENING, NEW_YORK, EVENING, PHOENIX, datetime(2026, 1, 5, tzinfo=UTC)) == 5 * 2 * 60


def test_a_zone_of_half_hours_shares_half_hours() -> None:
    assert minutes(DAY_TIME, ZoneInfo("Asia/Kolkata"), DAY_TIME, LONDON, SUMMER) == 5 * int(3.5 * 60)


@given(windows, zones, windows, zones, moments)
def test_neither_is_asked_beyond_their_own_hours_and_the_order_does_not_matter(
    one: tuple[Window, ...], here: ZoneInfo, other: tuple[Window, ...], there: ZoneInfo, now: datetime
) -> None:
    mine, theirs = someone(one, here), someone(other, there)
    found = shared_spells(mine, theirs, now, UTC_ZONE)
    assert found == shared_spells(theirs, mine, now, UTC_ZONE)
    for start, end in found:
        assert now <= start < end <= now + WEEKS * 7 * DAY
        for person in (mine, theirs):
            own = spells(person.windows, person.zone or UTC_ZONE, (now - 2 * DAY).date(), WEEKS * 7 + 5)
            assert any(first <= start and end <= last for first, last in own)


@given(windows, zones, moments)
def test_two_alike_share_all_they_have(mine: tuple[Window, ...], zone: ZoneInfo, now: datetime) -> None:
    hours = dict(zip(Window, (40, 20, 6, 12), strict=True))
    assert abs(minutes(mine, zone, mine, zone, now) - 60 * sum(hours[each] for each in mine)) <= 60


@pytest.mark.parametrize(("shared", "verdict"), [(60, "match"), (59, "talk"), (30, "talk"), (29, "conflict")])
def test_twice_a_meeting_is_ample_and_once_is_just_enough(shared: int, verdict: str) -> None:
    assert enough(shared, 30) == verdict
