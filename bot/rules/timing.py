"""When it is right to speak: quiet hours, a person's message budget, and clocks that stop for pauses and breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model import DAY, Break, Pace, Urgency

Spell = tuple[datetime, datetime]
"""A stretch of time, from the first moment to just before the second."""


def is_quiet(moment: datetime, zone: ZoneInfo, pace: Pace) -> bool:
    """Whether this is someone's quiet time, by the hands of their own clock."""
    hour = moment.astimezone(zone).hour
    if pace.quiet_from > pace.quiet_until:
        return hour >= pace.quiet_from or hour < pace.quiet_until
    return pace.quiet_from <= hour < pace.quiet_until


def out_of_quiet(moment: datetime, zone: ZoneInfo, pace: Pace) -> datetime:
    """The first moment from `moment` on that is not quiet, daylight-saving changes included."""
    candidate = moment
    for _ in range(200):  # quarter hours of two days: every real offset is a multiple of one
        if not is_quiet(candidate, zone, pace):
            return candidate
        local = candidate.astimezone(zone)
        past = timedelta(minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond)
        candidate += timedelta(minutes=15) - past
    return moment  # someone whose whole day is quiet has asked for the impossible; late is better than never


def first_moment(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a day on someone's own calendar (UTC)."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def morning(day: date, zone: ZoneInfo, pace: Pace) -> datetime:
    """When officers are told on a day what it brings (UTC): at nine, out of quiet hours."""
    return out_of_quiet(datetime.combine(day, time(9), zone).astimezone(UTC), zone, pace)


def next_local_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The first moment of the next day on someone's own calendar (UTC)."""
    return first_moment(moment.astimezone(zone).date() + DAY, zone)


def may_speak_at(
    now: datetime,
    urgency: Urgency,
    *,
    zone: ZoneInfo,
    mentor: bool,
    told: Sequence[datetime],
    nudged: datetime | None,
    announced: datetime | None = None,
    pace: Pace,
) -> datetime:
    """The first moment from `now` on at which someone may be written to, as far as is known now.

    `told`: when the bot last began a message to them. A mentor hears at most `mentor_daily` times a local day, anyone
    else `mentee_daily`; two messages are `apart`; two nudges `nudge_apart`, two announcements `announcements_apart`;
    and nothing falls into quiet hours. A note from one of a pair to the other, and what they booked, only waits for the
    morning.
    """
    if not urgency.counted:
        return out_of_quiet(now, zone, pace)
    moment = now
    limit = pace.mentor_daily if mentor else pace.mentee_daily
    for _ in range(16):
        before = moment
        if urgency is Urgency.NUDGE and nudged is not None:
            moment = max(moment, nudged + pace.nudge_apart)
        if urgency is Urgency.ANNOUNCEMENT and announced is not None:
            moment = max(moment, announced + pace.announcements_apart)
        if told:
            moment = max(moment, max(told) + pace.apart)
        day = moment.astimezone(zone).date()
        if sum(1 for at in told if at.astimezone(zone).date() == day) >= limit:
            moment = next_local_day(moment, zone)
        moment = out_of_quiet(moment, zone, pace)
        if moment == before:
            break
    return moment


# ── clocks that stop ──────────────────────────────────────────────────────────────────────────────────────────────


def break_spells(breaks: Iterable[Break], zone: ZoneInfo) -> list[Spell]:
    return [(first_moment(each.first, zone), first_moment(each.last + DAY, zone)) for each in breaks]


def merged(spells: Iterable[Spell]) -> list[Spell]:
    """The same time, in order and without overlaps."""
    result: list[Spell] = []
    for start, end in sorted(spell for spell in spells if spell[0] < spell[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def after(since: datetime, wait: timedelta, stopped: Sequence[Spell]) -> datetime:
    """The moment when `wait` has passed since `since` on a clock that stands still during `stopped` (merged)."""
    moment = since
    for start, end in stopped:
        if end <= moment:
            continue
        running = max(start - moment, timedelta())
        if running >= wait:
            break
        wait -= running
        moment = end
    return moment + wait


def awake(moment: datetime, stopped: Sequence[Spell]) -> datetime:
    """The moment, or the end of the spell it falls into."""
    for start, end in stopped:
        if start <= moment < end:
            return end
    return moment
