"""Quiet hours, budgets and stopping clocks, for any moment, in zones that do unusual things at night."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY, Break, Pace, Urgency
from bot.rules.timing import Spell, after, break_spells, is_quiet, may_speak_at, merged, next_local_day, out_of_quiet

PACE = Pace()
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York",
        "America/Phoenix",
        "Europe/London",
        "Asia/Kolkata",
        "Australia/Lord_Howe",  # half an hour of daylight saving
        "Pacific/Apia",  # UTC+13, and once a missing day
        "America/Santiago",  # daylight saving begins at midnight
    )
]
START = datetime(2026, 1, 1, tzinfo=UTC)

zones = st.sampled_from(ZONES)
moments = st.integers(0, 2 * 365 * 24 * 60 * 60).map(lambda seconds: START + timedelta(seconds=seconds))
waits = st.integers(0, 90 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
paces = st.builds(
    Pace,
    quiet_from=st.integers(18, 23),
    quiet_until=st.integers(0, 12),
    mentor_daily=st.integers(1, 2),
    mentee_daily=st.integers(1, 4),
)
spells = st.lists(st.tuples(moments, waits).map(lambda each: (each[0], each[0] + each[1])), max_size=5)


# ── quiet hours ───────────────────────────────────────────────────────────────────────────────────────────────────


@given(moments, zones, paces)
def test_the_first_loud_moment_is_loud_and_never_earlier(moment: datetime, zone: ZoneInfo, pace: Pace) -> None:
    loud = out_of_quiet(moment, zone, pace)
    assert loud >= moment
    assert not is_quiet(loud, zone, pace)
    assert out_of_quiet(loud, zone, pace) == loud
    if not is_quiet(moment, zone, pace):
        assert loud == moment


@given(moments, zones, st.floats(0, 1))
def test_nothing_loud_is_skipped(moment: datetime, zone: ZoneInfo, share: float) -> None:
    loud = out_of_quiet(moment, zone, PACE)
    if moment < loud:
        assert is_quiet(moment + (loud - moment) * min(share, 0.999), zone, PACE)


@given(moments, moments, zones)
def test_later_never_means_earlier(one: datetime, other: datetime, zone: ZoneInfo) -> None:
    first, second = sorted((one, other))
    assert out_of_quiet(first, zone, PACE) <= out_of_quiet(second, zone, PACE)


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 11, 1)),
        ("Europe/London", date(2026, 3, 29)),
        ("Europe/London", date(2026, 10, 25)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),
        ("Australia/Lord_Howe", date(2026, 10, 4)),
    ],
)
def test_the_morning_after_the_clocks_change_begins_at_eight(zone: str, night: date) -> None:
    there = ZoneInfo(zone)
    evening = datetime.combine(night - DAY, time(21), there).astimezone(UTC)
    morning = datetime.combine(night, time(8), there).astimezone(UTC)
    assert morning - evening != timedelta(hours=11)
    assert out_of_quiet(evening, there, PACE) == morning


def test_a_day_the_calendar_left_out_is_no_day() -> None:
    apia = ZoneInfo("Pacific/Apia")
    thursday = datetime(2011, 12, 29, 12, tzinfo=apia).astimezone(UTC)
    assert next_local_day(thursday, apia).astimezone(apia).date() == date(2011, 12, 31)


@given(moments, zones)
def test_the_next_local_day_is_the_next_date(moment: datetime, zone: ZoneInfo) -> None:
    following = next_local_day(moment, zone)
    assert following > moment
    assert following.astimezone(zone).date() == moment.astimezone(zone).date() + DAY
    assert (following - timedelta(minutes=1)).astimezone(zone).date() == moment.astimezone(zone).date()


# ── when to speak ─────────────────────────────────────────────────────────────────────────────────────────────────

# What someone has heard already: up to eight days back, as the store remembers it.
heard = st.lists(st.integers(0, 8 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)), max_size=8)


@given(moments, zones, paces, st.sampled_from([Urgency.NOTE, Urgency.APPOINTMENT]))
def test_what_is_the_others_or_was_asked_for_only_waits_for_the_morning(
    now: datetime, zone: ZoneInfo, pace: Pace, urgency: Urgency
) -> None:
    at = may_speak_at(now, urgency, zone=zone, mentor=True, told=[now] * 9, nudged=now, pace=pace)
    assert at == out_of_quiet(now, zone, pace)


begun = st.sampled_from([Urgency.NEWS, Urgency.PROMPT, Urgency.NUDGE, Urgency.ANNOUNCEMENT])


@given(moments, zones, paces, st.booleans(), heard, st.none() | waits, begun)
def test_whoever_is_spoken_to_is_awake_and_within_budget(
    now: datetime,
    zone: ZoneInfo,
    pace: Pace,
    mentor: bool,
    ago: list[timedelta],
    some_time_ago: timedelta | None,
    urgency: Urgency,
) -> None:
    told = [now - each for each in ago]
    before = now - some_time_ago if some_time_ago is not None else None

    def spoken(at: datetime) -> datetime:
        return may_speak_at(
            at, urgency, zone=zone, mentor=mentor, told=told, nudged=before, announced=before, pace=pace
        )

    at = spoken(now)
    day = at.astimezone(zone).date()
    assert at >= now
    assert not is_quiet(at, zone, pace)
    assert sum(each.astimezone(zone).date() == day for each in told) < (
        pace.mentor_daily if mentor else pace.mentee_daily
    )
    assert all(at - each >= pace.apart for each in told)
    apart = {Urgency.NUDGE: pace.nudge_apart, Urgency.ANNOUNCEMENT: pace.announcements_apart}
    if urgency in apart and before is not None:
        assert at - before >= apart[urgency]
    assert spoken(at) == at, "a moment that was promised holds when it comes"


@given(moments, waits, zones, st.booleans(), heard, st.sampled_from(Urgency))
def test_asking_later_never_gives_an_earlier_moment(
    now: datetime, wait: timedelta, zone: ZoneInfo, mentor: bool, ago: list[timedelta], urgency: Urgency
) -> None:
    told = [now - each for each in ago]
    nudged = max(told, default=None)

    def spoken(at: datetime) -> datetime:
        return may_speak_at(at, urgency, zone=zone, mentor=mentor, told=told, nudged=nudged, pace=PACE)

    assert spoken(now) <= spoken(now + wait)


@given(moments, zones, st.booleans(), heard, st.sampled_from(Urgency))
def test_more_heard_never_means_sooner(
    now: datetime, zone: ZoneInfo, mentor: bool, ago: list[timedelta], urgency: Urgency
) -> None:
    told = [now - each for each in ago]

    def spoken(heard: list[datetime]) -> datetime:
        return may_speak_at(now, urgency, zone=zone, mentor=mentor, told=heard, nudged=None, pace=PACE)

    assert spoken(told[1:]) <= spoken(told)


@given(moments, zones, st.sampled_from(Urgency))
def test_whoever_heard_nothing_is_spoken_to_as_soon_as_they_are_awake(
    now: datetime, zone: ZoneInfo, urgency: Urgency
) -> None:
    at = may_speak_at(now, urgency, zone=zone, mentor=True, told=(), nudged=None, pace=PACE)
    assert at == out_of_quiet(now, zone, PACE)


# ── clocks that stop ──────────────────────────────────────────────────────────────────────────────────────────────


@given(spells)
def test_merged_spells_are_apart_and_the_same_time(given_: list[Spell]) -> None:
    whole = merged(given_)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(whole))
    for start, end in given_:
        if start < end:
            assert any(first <= start and end <= last for first, last in whole)
    assert merged(whole) == whole
    edges = {edge for spell in given_ for edge in spell}
    assert all(start in edges and end in edges for start, end in whole)


@given(moments, waits, spells)
def test_a_stopped_clock_counts_only_the_time_between(since: datetime, wait: timedelta, given_: list[Spell]) -> None:
    stopped = merged(given_)
    at = after(since, wait, stopped)
    still = sum((max(timedelta(), min(end, at) - max(start, since)) for start, end in stopped), timedelta())
    assert at - since == wait + still


@given(moments, waits, waits, spells)
def test_a_longer_wait_ends_no_sooner(since: datetime, one: timedelta, other: timedelta, given_: list[Spell]) -> None:
    stopped = merged(given_)
    first, second = sorted((one, other))
    assert after(since, first, stopped) <= after(since, second, stopped)


@given(moments, waits, spells, spells)
def test_another_pause_never_brings_a_moment_forward(
    since: datetime, wait: timedelta, some: list[Spell], more: list[Spell]
) -> None:
    assert after(since, wait, merged(some)) <= after(since, wait, merged([*some, *more]))


@given(moments, zones, st.integers(0, 30))
def test_a_break_is_whole_days_on_the_societys_calendar(moment: datetime, zone: ZoneInfo, days: int) -> None:
    first = moment.astimezone(zone).date()
    each = Break(first, first + timedelta(days=days))
    ((start, end),) = break_spells([each], zone)
    assert start <= moment
    inside, outside = end - timedelta(minutes=1), end
    assert inside.astimezone(zone).date() == each.last
    assert outside.astimezone(zone).date() == each.last + DAY
