"""When a mentor may hear news from one mentee: as often as they said, and once a month until they say."""

from __future__ import annotations

from datetime import datetime

from bot.model import Pace, Pair, Wish
from bot.vocabulary import Often


def wished(pair: Pair, wish: Wish | None) -> Often:
    """How often a mentor likes to hear. A pair that has ended begins at "none": only what was said since counts."""
    if wish and (pair.ended_at is None or wish.said_at > pair.ended_at):
        return wish.often
    return Often.MONTHLY if pair.live else Often.NONE


def may_hear_at(
    often: Often, last: datetime | None, now: datetime, pace: Pace, *, milestone: bool = False
) -> datetime | None:
    """The first moment from `now` on at which an update is welcome; None when it would not be.

    `last`: when the last one went out.
    """
    match often:
        case Often.NONE:
            return None
        case Often.MILESTONES if not milestone:
            return None
        case Often.ALWAYS:
            return now
        case _:
            return max(now, last + pace.news_apart) if last else now
