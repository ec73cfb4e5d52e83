"""When two of a pair could meet, gathered from the records for whoever proposes: and which of it they chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from bot.appointments import hours_of
from bot.feature import Sorry, Stale, Turn
from bot.model import DAY, Limit, Meeting, Pair, Side
from bot.rules.meeting_times import AHEAD, Terms, clear, limits, room_from, spread, starts, taken
from bot.rules.timing import Spell, merged
from bot.rules.windows import shared_spells
from bot.ui import Slash, When, say

SHOWN, CHOSEN = 8, 3
"""How many times are suggested, and how many of them are proposed."""


@dataclass(frozen=True)
class Openings:
    """When the two could meet, for one of them to choose from."""

    times: list[datetime]
    busy: list[Spell]
    limits: list[Limit]
    full_until: datetime | None
    """Until when the mentor's time is given away, if it is now."""

    def within(self, times: Sequence[datetime]) -> list[Limit]:
        """Those limits that one of the times falls under."""
        return [limit for limit in self.limits if any(limit.first <= at < limit.end for at in times)]


async def openings(turn: Turn, pair: Pair, side: Side, agreed: Terms, meeting: Meeting | None = None) -> Openings:
    """What both can make, at decent notice. A mentor may give more than they said; a mentee may not ask for more."""
    facts, mentor = await turn.facts(pair.id), await turn.records.people.mentor(pair.mentor)
    assert facts is not None
    zone, number = turn.society.zone, meeting.id if meeting else 0
    held: list[Limit] = []
    if side is Side.MENTEE and mentor is not None:
        theirs = mentor.person.zone or zone
        held = limits(mentor.profile.hours, agreed.hours, pair.id, turn.now, theirs, agreed.length)
    minutes = agreed.length.total_seconds() // 60
    full = [
        (limit.first, limit.end)
        for limit in held
        if await turn.records.meetings.minutes(pair.mentor, limit, without=number) + minutes > limit.minutes
    ]
    busy = await busy_of(turn, pair, number)
    open_ = shared_spells(facts.mentee, facts.mentor, turn.now, zone)
    found = starts(open_, merged([*busy, *full]), agreed.length, turn.now + agreed.notice + DAY)
    suggested = spread(found, turn.zone_of(turn.who), SHOWN, turn.now)
    until = room_from(full, turn.now)
    return Openings(suggested, busy, held, until if until > turn.now else None)


async def busy_of(turn: Turn, pair: Pair, without: int = 0) -> list[Spell]:
    """When one of the two cannot, a meeting of theirs that is to be moved aside."""
    facts = await turn.facts(pair.id)
    assert facts is not None
    other = await turn.records.meetings.booked((pair.mentee, pair.mentor), turn.now, turn.now + 2 * AHEAD)
    booked = [(each.at, each.ends) for each in other if each.at and each.ends and each.id != without]
    return taken((facts.mentee, facts.mentor), booked, facts.breaks, turn.society.zone)


def chosen(turn: Turn, found: Openings, agreed: Terms) -> list[datetime]:
    """The times that were chosen on the sheet. Raises Sorry when there is none, or one that cannot be."""
    times = []
    for value in turn.filled.get("times", ()):
        try:
            times.append(datetime.fromisoformat(value).astimezone(UTC))
        except ValueError:
            raise Stale from None
    day, hour = (next(iter(turn.filled.get(name, ())), "") for name in ("day", "hour"))
    if day and hour:
        try:
            local = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), turn.zone_of(turn.who))
        except ValueError:
            raise Stale from None
        times.append(local.astimezone(UTC))
    if not times:
        raise Sorry(say("Choose one of the times, or a day and an hour of your own: {meet}", meet=Slash("meet")))
    for at in times:
        if at < turn.now + agreed.notice or at > turn.now + AHEAD:
            raise Sorry(
                say(
                    "A time between {notice} and four weeks from now, please. Nothing was sent.",
                    notice=hours_of(agreed.notice),
                )
            )
        if not clear(at, agreed.length, found.busy):
            raise Sorry(
                say(
                    "{when} doesn't work: another meeting, a break, or one of you is away. Nothing was sent.",
                    when=When(at),
                )
            )
    return sorted(set(times))[:CHOSEN]
