"""Meetings as every part of them needs them: whose they are, what was agreed on them, what both are told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.feature import Stale, Turn
from bot.model import Happened, Meeting, MeetingState, Open, Pair, Person, Side, Urgency
from bot.portrait import first_name
from bot.questions import Question
from bot.rules.invitation import invitation
from bot.rules.meeting_steps import next_step
from bot.rules.meeting_times import Terms, terms
from bot.ui import Message, Text, say

WHERE = Question("place", "Where", hint="A video link or a place; can be said later.", required=False, limit=200)


@dataclass(frozen=True)
class Appointment:
    """A meeting with its pair, as one of the two sees it."""

    meeting: Meeting
    pair: Pair
    side: Side
    mine: Person
    other: Person
    terms: Terms

    @property
    def at(self) -> datetime:
        """When it is. Only of a meeting that was booked."""
        assert self.meeting.at is not None
        return self.meeting.at

    @property
    def name(self) -> str:
        """What the other is called."""
        return first_name(self.other.name)

    def late(self, now: datetime) -> bool:
        """Whether moving it now is less notice than the two agreed on."""
        return self.meeting.state is MeetingState.BOOKED and self.at - now < self.terms.notice


async def mine(turn: Turn, meeting_id: int) -> Appointment:
    """A meeting of the one who asks, of a pair that is live. Raises Stale for any other."""
    meeting = await turn.records.meetings.get(meeting_id)
    if meeting is None:
        raise Stale
    pair, side = await turn.pair_of_mine(meeting.pair)
    return await seen_by(turn, meeting, pair, side)


async def seen_by(turn: Turn, meeting: Meeting, pair: Pair, side: Side) -> Appointment:
    people = turn.records.people
    me, other = await people.get(pair.person(side)), await people.get(pair.person(side.other))
    assert me is not None
    assert other is not None
    return Appointment(meeting, pair, side, me, other, await terms_of(turn, pair))


async def terms_of(turn: Turn, pair: Pair) -> Terms:
    facts = await turn.facts(pair.id)
    return terms(facts.agreement if facts else None)


async def plan(turn: Turn, meeting: Meeting, agreed: Terms) -> None:
    """Store a meeting's next step."""
    step = next_step(meeting, agreed)
    await turn.records.diary.set(Open.MEETING, meeting.id, step.at if step else None)


async def note_if_late(turn: Turn, seen: Appointment) -> bool:
    """Whether the one who asks moves it late; it stands in the pair's history then."""
    if late := seen.late(turn.now):
        await turn.happened(seen.pair.id, Happened.MOVED_LATE, seen.side)
    return late


async def replan(turn: Turn, seen: Appointment) -> Meeting:
    """The meeting as it is now, its next step stored."""
    meeting = await turn.records.meetings.get(seen.meeting.id)
    assert meeting is not None
    await plan(turn, meeting, seen.terms)
    return meeting


async def call_off(turn: Turn, meeting: Meeting, pair: Pair, why: Message) -> bool:
    """Cancel an open meeting. What both had booked, both are told of, once; a proposal goes without a word.

    False if it was not open any more.
    """
    booked = meeting.state is MeetingState.BOOKED
    state = MeetingState.CANCELLED if booked else MeetingState.LAPSED
    if not await turn.records.meetings.close(meeting.id, state, turn.now):
        return False
    await unsay(turn, meeting)
    await turn.records.diary.set(Open.MEETING, meeting.id, None)
    closed = await turn.records.meetings.get(meeting.id)
    if booked and closed is not None:
        await tell_both(turn, closed, pair, why)
    return True


async def tell_both(turn: Turn, meeting: Meeting, pair: Pair, said: Message) -> None:
    """Something about a meeting that is, or was, booked, with its calendar entry: once, to both."""
    mentee, mentor = await turn.records.people.get(pair.mentee), await turn.records.people.get(pair.mentor)
    assert mentee is not None
    assert mentor is not None
    title = f"{first_name(mentee.name)} and {first_name(mentor.name)}"
    whole = Message((*said.blocks, invitation(meeting, pair, title, turn.society.name, turn.now)))
    by = turn.person.id if turn.person else None
    if pair.live:
        await turn.tell_room(pair.id, whole, by, Urgency.APPOINTMENT)
        return
    for person in (pair.mentee, pair.mentor):
        await turn.tell(person, whole, about(meeting), Urgency.APPOINTMENT, by)


async def unsay(turn: Turn, meeting: Meeting) -> None:
    """What was still to be said of a meeting that is not to be, or not then, is not."""
    for topic in (proposing(meeting), about(meeting), asking(meeting)):
        await turn.records.post.withdraw(topic)


def short_notice(seen: Appointment) -> Text:
    """A kind word to who moves a meeting late."""
    if not seen.terms.agreed:
        return say("That is short notice. It happens; a word to {other} helps.", other=seen.name)
    words = "That is less than the {notice} you two agreed on. It happens; a word to {other} helps."
    return say(words, other=seen.name, notice=hours_of(seen.terms.notice))


def hours_of(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return f"{hours} hours" if hours != 1 else "hour"


def proposing(meeting: Meeting) -> str:
    """The topic of times for one of the two to take."""
    return f"meeting:{meeting.id}:times"


def about(meeting: Meeting) -> str:
    """The topic of what is said to one of the two about a meeting that lies ahead."""
    return f"meeting:{meeting.id}"


def asking(meeting: Meeting) -> str:
    """The topic of what the mentee is asked about a meeting."""
    return f"meeting:{meeting.id}:asked"
