"""How long someone is kept whom nothing is heard of: a pure function of when they were last here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model import Pace, Person


class Then(StrEnum):
    ASK = "ask"  # whether they wish to be kept
    FORGET = "forget"


@dataclass(frozen=True)
class Step:
    at: datetime
    then: Then


def next_step(person: Person, pace: Pace, *, joined: bool) -> Step | None:
    """What is due for someone, and when; None for officers, and for those of whom it is not known yet when they came.

    Whoever left all of the society's places is forgotten soon, unless they return; whoever only falls silent is asked
    first. `joined`: whether they have a profile. Of someone who never joined there is nothing to ask for.
    """
    if person.roles:
        return None  # they answer for others; who holds a role is for the officers to decide
    if person.left_at is not None:
        return Step(person.left_at + pace.keep_left, Then.FORGET)
    if person.noticed_at is not None:
        return Step(person.noticed_at + pace.keep_notice, Then.FORGET)
    if person.seen_at is None:
        return None
    return Step(person.seen_at + pace.keep_inactive, Then.ASK if joined else Then.FORGET)
