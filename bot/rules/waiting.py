"""Who is waiting for whom in a pair, from what both sides say and do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model import DAY, Event, Happened, Pace, PairFacts, Side
from bot.rules.timing import Spell, after
from bot.vocabulary import MentorKind, ReplyTime, Rhythm

CONTACT = frozenset({Happened.WROTE, Happened.MET, Happened.UPDATED})
PATIENT_KINDS = frozenset({MentorKind.MS3, MentorKind.MS4, MentorKind.RESIDENT, MentorKind.FELLOW})
"""On rotations and shifts: more time before their silence means anything."""


@dataclass(frozen=True)
class Waiting:
    """Someone wrote, and has heard nothing since."""

    side: Side
    since: datetime
    half_way: datetime
    """When half of the other's promised reply time is over."""
    late_from: datetime
    """When all of it is."""
    tried: datetime
    """When they last wrote, or said that there was no answer."""
    tries: int
    """How often they did."""

    def late(self, now: datetime) -> bool:
        return now > self.late_from


def rhythm_days(facts: PairFacts) -> int:
    """The agreed days between two contacts; a month until something is agreed."""
    return (facts.agreement.rhythm if facts.agreement else Rhythm.MONTHLY).days


def reply_time(facts: PairFacts, side: Side) -> ReplyTime:
    """In what time a side has promised to answer; three days until something is agreed."""
    return facts.agreement.reply(side) if facts.agreement else ReplyTime.THREE_DAYS


def promised(facts: PairFacts, side: Side, pace: Pace) -> float:
    """The days after which a side's silence means anything: their own promise, longer for those on rotations."""
    patient = side is Side.MENTOR and facts.mentor_kind in PATIENT_KINDS
    return reply_time(facts, side).days * (pace.patience if patient else 1.0)


def last_contact(facts: PairFacts) -> datetime | None:
    return max((event.at for event in facts.events if event.what in CONTACT), default=None)


def last_word(facts: PairFacts) -> datetime | None:
    """When the mentee last wrote, or the two last met."""
    words = (e.at for e in facts.events if e.what in CONTACT and e.side is not Side.MENTOR)
    return max(words, default=None)


def open_plan(facts: PairFacts) -> datetime | None:
    """When the mentee means to be in touch, if they have not been since they said so; it may be past."""
    plan, word = facts.plan, last_word(facts)
    return plan.at if plan and (word is None or word <= plan.said_at) else None


def contact_is_planned(facts: PairFacts, stopped: list[Spell], now: datetime, pace: Pace) -> bool:
    """Whether the mentee's next contact has a day, they are to meet, or it is the mentor's turn."""
    planned, waits = open_plan(facts), who_waits(facts, stopped, pace)
    dated = facts.meeting_ends is not None or (planned is not None and planned > now)
    return dated or (waits is not None and waits.side is Side.MENTEE)


def who_waits(facts: PairFacts, stopped: list[Spell], pace: Pace) -> Waiting | None:
    """The side whose last words are unanswered, if either.

    Meeting answers everything before it. Words within a day of the other's belong to that conversation: a "thank
    you" waits for nobody. An update answers what waited, and asks for nothing. "They haven't answered" is itself a try,
    and so is writing again on a later day.
    """
    asked = None
    for _, now in _conversation(facts):
        asked = now
    if asked is None:
        return None
    promise = promised(facts, asked.side.other, pace) * DAY
    half_way, late_from = after(asked.since, promise / 2, stopped), after(asked.since, promise, stopped)
    return Waiting(asked.side, asked.since, half_way, late_from, asked.tried, asked.tries)


@dataclass(frozen=True)
class _Asked:
    """Words that wait for an answer."""

    side: Side
    since: datetime
    tried: datetime
    tries: int = 1


def _conversation(facts: PairFacts) -> Iterator[tuple[Event, _Asked | None]]:
    """Each event, and what waits for an answer after it."""
    asked: _Asked | None = None
    words: dict[Side, datetime] = {}
    for event in facts.events:
        if event.what is Happened.MET:
            asked = None
        elif event.what is Happened.UPDATED and event.side is not None:
            words[event.side] = event.at
            asked = asked if asked and asked.side is event.side else None
        elif event.what in (Happened.WROTE, Happened.NO_ANSWER) and event.side is not None:
            wrote, heard = event.what is Happened.WROTE, words.get(event.side.other)
            if wrote:
                words[event.side] = event.at
            if wrote and ((asked and asked.side is not event.side) or (heard and event.at - heard < DAY)):
                asked = None
            elif asked is None or asked.side is not event.side:
                asked = _Asked(event.side, event.at, event.at)
            elif not wrote or event.at - asked.tried >= DAY:
                asked = replace(asked, tried=event.at, tries=asked.tries + 1)
        yield event, asked


@dataclass(frozen=True)
class Promptness:
    """How someone has kept the reply time they promised. Theirs to see, and nobody else's."""

    answers: int
    in_time: int


def promptness(facts: PairFacts, side: Side, stopped: list[Spell], pace: Pace) -> Promptness:
    """How often a side has answered what the other wrote, and how often within what they promised."""
    answers, in_time, promise = 0, 0, promised(facts, side, pace) * DAY
    before: _Asked | None = None
    for event, asked in _conversation(facts):
        if before and before.side is side.other and event.side is side and event.what in CONTACT:
            answers += 1
            in_time += event.at <= after(before.since, promise, stopped)
        before = asked
    return Promptness(answers, in_time)


def latest(events: tuple[Event, ...], *what: Happened, side: Side | None = None) -> Event | None:
    """The newest event of these kinds (of one side, if given)."""
    for event in reversed(events):
        if event.what in what and (side is None or event.side is side):
            return event
    return None
