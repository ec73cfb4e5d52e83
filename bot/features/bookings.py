"""A booked meeting: where it is, who will be there, and calling it off; and what calls it off by itself."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.appointments import WHERE, Appointment, call_off, mine, note_if_late, plan, replan, short_notice, tell_both
from bot.feature import Feature, Stale, Turn
from bot.model import Meeting, MeetingState, Pair, PairFacts, PairState
from bot.portrait import first_name
from bot.questions import Screen
from bot.rules.meeting_times import clear, taken, terms
from bot.ui import Button, Message, Private, Quote, Reply, Style, Update, When, act, buttons, message, say

bookings = Feature("bookings")

PLACE = Screen("place", "Where you meet", (WHERE,))


@bookings.press("meet.cancel")
async def cancel(turn: Turn, meeting_id: int) -> Reply:
    seen = await mine(turn, meeting_id)
    meeting = seen.meeting
    if not meeting.open or meeting.begun(turn.now):
        raise Stale
    if meeting.state is MeetingState.PROPOSED and meeting.by is not seen.side:
        raise Stale
    if meeting.state is MeetingState.PROPOSED:
        await call_off(turn, meeting, seen.pair, message("Taken back."))
        return Update(message("Taken back. Nobody has to answer it any more."))
    return Private(_sure(seen, late=seen.late(turn.now)))


@bookings.press("meet.off")
async def off(turn: Turn, meeting_id: int) -> Reply:
    seen = await mine(turn, meeting_id)
    if seen.meeting.state is MeetingState.CANCELLED:
        return Update(message("It is off; both of you know."))
    if seen.meeting.state is not MeetingState.BOOKED or seen.meeting.begun(turn.now):
        raise Stale
    await note_if_late(turn, seen)
    words = _cancelled(first_name(seen.mine.name), seen.at, seen.pair)
    await call_off(turn, seen.meeting, seen.pair, words)
    await turn.audit("meeting.cancelled", f"meeting:{meeting_id}")
    return Update(message(say("It is off, and {other} hears of it from me.", other=seen.name)))


@bookings.press("meet.place")
async def place(turn: Turn, meeting_id: int) -> Reply:
    seen = await mine(turn, meeting_id)
    if not seen.meeting.open:
        raise Stale
    return PLACE.form(act("meet.placed", meeting_id), seen.meeting)


@bookings.form("meet.placed")
async def placed(turn: Turn, meeting_id: int) -> Reply:
    seen = await mine(turn, meeting_id)
    where = WHERE.read(turn.filled)
    if not seen.meeting.open:
        raise Stale
    if where != seen.meeting.place:
        await turn.records.meetings.change(meeting_id, place=where, sequence=seen.meeting.sequence + 1)
        if seen.meeting.state is MeetingState.BOOKED:
            await tell_both(turn, await replan(turn, seen), seen.pair, _where(seen.at, where))
    return Private(message("Noted, for both of you."))


@bookings.press("meet.comes")
async def comes(turn: Turn, meeting_id: int) -> Reply:
    seen = await mine(turn, meeting_id)
    if seen.meeting.state is not MeetingState.BOOKED:
        raise Stale
    await turn.records.meetings.change(meeting_id, **{f"{seen.side}_comes": True})
    return Private(message("Good. See you there."))


@bookings.follows
async def follow(turn: Turn, facts: PairFacts) -> None:
    """A meeting in a pause, in an absence, or of a pair that has ended, is called off."""
    meeting = await turn.records.meetings.open_of(facts.pair.id)
    if meeting is None or meeting.begun(turn.now):
        return
    times = (meeting.at,) if meeting.at else meeting.times
    if any(_can_be(facts, meeting, at, turn.society.zone) for at in times):
        await plan(turn, meeting, terms(facts.agreement))
    else:
        await call_off(turn, meeting, facts.pair, _off(times[0]))


def _can_be(facts: PairFacts, meeting: Meeting, at: datetime, zone: ZoneInfo) -> bool:
    """Whether neither a pause nor an absence of one of the two is in the way."""
    pair = facts.pair
    if pair.state is PairState.ACTIVE:
        return clear(at, meeting.length, taken((facts.mentee, facts.mentor), (), (), zone))
    return pair.state is PairState.PAUSED and pair.paused_until is not None and at >= pair.paused_until


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _sure(seen: Appointment, *, late: bool) -> Message:
    return message(
        say("Cancel {when} with {other}? Moving it is often kinder.", when=When(seen.at), other=seen.name),
        *([short_notice(seen)] if late else []),
        buttons(
            Button("Move it", act("meet.move", seen.meeting.id), Style.PRIMARY),
            Button("Cancel it", act("meet.off", seen.meeting.id), Style.DANGER),
        ),
    )


def _cancelled(who: str, at: datetime, pair: Pair) -> Message:
    return message(
        say("{who} can't make {when}, so it is off.", who=who, when=When(at)),
        buttons(Button("Propose another time", act("meet.open", pair.id))),
    )


def _off(at: datetime) -> Message:
    return message(say("Your meeting of {when} is off with that.", when=When(at)))


def _where(at: datetime, place: str) -> Message:
    if not place:
        return message(say("Where you meet {when} is open again.", when=When(at)))
    return message(say("Where you meet {when}:", when=When(at)), Quote(place))
