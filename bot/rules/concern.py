"""When something is to be done about a private concern: a pure function of what has happened to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model import DAY, Concern

REMIND = DAY
"""A reader who has not read it is reminded once."""
SLOW = 2 * DAY
"""A writer whose words were not read hears so, and may choose someone else. This is promised to them."""
UNSENT = 7 * DAY
"""Words that were never sent are forgotten."""
KEPT = 90 * DAY
"""For so long after it was closed, or was not read, the words are kept. Ours, not a published standard."""
OPEN = 365 * DAY
"""For so long after it was read, if nobody closes it."""


def next_moment(concern: Concern) -> datetime | None:
    """When to act next; None when there is nothing left to do."""
    if not concern.words:
        return None
    if concern.closed_at is not None:
        return concern.closed_at + KEPT
    if concern.sent_at is None:
        return concern.written_at + UNSENT
    if concern.read_at is not None:
        return concern.read_at + OPEN
    if concern.delayed_at is not None:
        return concern.delayed_at + KEPT
    return concern.sent_at + wait(concern)


def wait(concern: Concern) -> timedelta:
    """How long after it was sent the next word about it is due: first to the reader, then to the writer."""
    return REMIND if concern.reminded_at is None else SLOW
