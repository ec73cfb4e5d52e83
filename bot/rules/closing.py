"""When a pair's planned end is said ahead."""

from __future__ import annotations

from datetime import date, datetime

from bot.model import DAY, Happened, Pace, PairFacts
from bot.rules.timing import first_moment
from bot.rules.waiting import latest
from bot.vocabulary import Span, Term

AGAIN = 60 * DAY
"""Who went on after being asked is not asked at a closing so soon after."""

SPANS = {Span.ONCE: 30 * DAY, Span.TERM: 90 * DAY}
"""How long a pair that agreed on one conversation, or on this term, is meant to last; any other lasts the year."""


def closing_from(facts: PairFacts, began: datetime, pace: Pace) -> datetime | None:
    """When the mentee is asked whether this comes to its end: after the agreed time, or at the close of the year.

    None where nothing was agreed and the society asks at no close.
    """
    asked = latest(facts.events, Happened.CLOSING_ASKED, Happened.LAST_PLANNED)
    over = agreed_end(facts)
    if over is not None and not (asked and asked.at >= over - pace.last_meeting):
        return over
    if not pace.closing:
        return None
    earliest = max(began + pace.closing_least, asked.at + AGAIN if asked else began)
    year = earliest.astimezone(facts.zone).year
    closings = (first_moment(date(each, pace.closing_month, pace.closing_day), facts.zone) for each in (year, year + 1))
    return next(closing for closing in closings if closing >= earliest)


def agreed_end(facts: PairFacts) -> datetime | None:
    """When the agreed time is over; None where it is as long as the year, or nothing was agreed."""
    agreement = facts.agreement
    span = SPANS.get(agreement.chosen(Term.SPAN, Span)) if agreement else None  # type: ignore[arg-type]
    return agreement.since + span if agreement and agreement.since and span else None


def last_meeting_from(facts: PairFacts, pace: Pace) -> datetime | None:
    """When to ask whether the last meeting took place; None when none is planned, or it was asked."""
    planned, asked = latest(facts.events, Happened.LAST_PLANNED), latest(facts.events, Happened.LAST_ASKED)
    if planned is None or (asked is not None and asked.at >= planned.at):
        return None
    return planned.at + pace.last_meeting
