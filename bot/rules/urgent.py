"""What of all that waits for officers comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.model import QueueItem, QueueReason

URGENT: tuple[frozenset[QueueReason], ...] = (
    # Someone has asked for a human, and waits for a word.
    frozenset({QueueReason.NEEDS_HAND, QueueReason.NOT_A_FIT, QueueReason.NO_ROOM}),
    # A mentee is without a mentor, or a mentor or a member is kept from beginning.
    frozenset(
        {
            QueueReason.MENTOR_QUIET,
            QueueReason.LEFT,
            QueueReason.NEEDS_MENTOR,
            QueueReason.REMATCH,
            QueueReason.APPROVE,
            QueueReason.CLAIM,
        }
    ),
    # What may still mend itself.
    frozenset({QueueReason.MENTOR_CHASING, QueueReason.MENTEE_QUIET, QueueReason.SLOW_START, QueueReason.UNREACHABLE}),
)


def urgency(item: QueueItem) -> tuple[int, datetime, int]:
    """Less is more urgent: who bears it, then how long it has waited."""
    rank = next(rank for rank, reasons in enumerate(URGENT) if item.reason in reasons)
    return rank, item.opened_at, item.id


def page_of(items: Sequence[QueueItem], size: int, seen_to: QueueItem) -> int:
    """Where the page begins on which something stood, now that it waits no more. `items`: what still waits."""
    before = sum(urgency(each) < urgency(seen_to) for each in items)
    last = max(0, len(items) - 1)
    return min(before, last) // size * size
