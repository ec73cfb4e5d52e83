"""Who is waiting for whom in a pair, from what both sides say and do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model import DAY, Event, Happened, Pace, PairFacts, Side
from bot.rules.timing import Spell, after
from bot.vocabulary import MentorKind, ReplyTime, Rhythm

CONTACT = frozenset({Happened.WROTE, Happened.MET, Happened.UPDATED})
PATIENT_KINDS = frozenset({MentorKind.MS3, MentorKind.MS4, MentorKind.RESIDENT, MentorKind.FELLOW})
"""On rotations and shifts: more time before their silence means anything."""


@dataclass(frozen=True)
class Waiting:
    """Someone wrote and has heard nothing since."""

    side: Side
    since: datetime
    half_way: datetime
    """When half of the other's promised reply time is over."""
    late_from: datetime
    """When all of it is."""
    tries: int
    """How often they wrote without an answer."""


def rhythm_days(facts: PairFacts) -> int:
    """The agreed days between two contacts; a month until something is agreed."""
    return (facts.agreement.rhythm if facts.agreement else Rhythm.MONTHLY).days


def promised(facts: PairFacts, side: Side, pace: Pace) -> float:
    """The days in which a side has promised to answer; three until something is agreed."""
    reply = ReplyTime.THREE_DAYS
    if facts.agreement:
        reply = facts.agreement.reply(side)
    patient = side is Side.MENTOR and facts.mentor_kind in PATIENT_KINDS
    return reply.days * (pace.patience if patient else 1.0)


def last_contact(facts: PairFacts) -> datetime | None:
    return max((event.at for event in facts.events if event.what in CONTACT), default=None)


def who_waits(facts: PairFacts, stopped: list[Spell], pace: Pace) -> Waiting | None:
    """The side whose last words are unanswered, if either.

    Meeting answers everything before it. Words within a day of the other's belong to that conversation: a "thank
    you" waits for nobody. An update answers what waited, and asks for nothing. "They haven't answered" is itself a try,
    and so is writing again on a later day.
    """
    waiting: Side | None = None
    since = tried = facts.pair.started_at
    words: dict[Side, datetime] = {}
    tries = 0
    for event in facts.events:
        if event.what is Happened.MET:
            waiting = None
        elif event.what is Happened.UPDATED and event.side is not None:
            words[event.side] = event.at
            waiting = event.side if waiting is event.side else None
        elif event.what in (Happened.WROTE, Happened.NO_ANSWER) and event.side is not None:
            side, heard = event.side, words.get(event.side.other)
            if event.what is Happened.WROTE:
                words[side] = event.at
                if waiting is side.other or (heard is not None and event.at - heard < DAY):
                    waiting = None
                    continue
            if waiting is not side:
                waiting, since, tried, tries = side, event.at, event.at, 1
            elif event.what is Happened.NO_ANSWER or event.at - tried >= DAY:
                tried, tries = event.at, tries + 1
    if waiting is None:
        return None
    promise = promised(facts, waiting.other, pace) * DAY
    return Waiting(waiting, since, after(since, promise / 2, stopped), after(since, promise, stopped), tries)


def latest(events: tuple[Event, ...], *what: Happened, side: Side | None = None) -> Event | None:
    """The newest event of these kinds (of one side, if given)."""
    for event in reversed(events):
        if event.what in what and (side is None or event.side is side):
            return event
    return None
