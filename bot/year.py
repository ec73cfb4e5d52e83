"""The society's year: what officers chose of it, kept with everything that hangs on it."""

from __future__ import annotations

from bot.feature import Turn
from bot.model import Break, Open, Society
from bot.rules.occasions import next_occasion
from bot.ui import day_words


async def keep_year(turn: Turn, chosen: Society, action: str, what: str) -> None:
    """Keep a zone or dates; what is planned already is worked out afresh with them, now.

    `action` and `what` are for the log of who did what.
    """
    if chosen == turn.society:
        return
    await turn.records.decide(chosen)
    await turn.audit(action, "society", what)
    await think_again(turn)
    for kind in (Open.INTRO, Open.LINE):
        await turn.records.diary.again(kind, turn.now)
    await turn.records.post.release(None, turn.now)
    await turn.records.diary.set(Open.CALENDAR, 0, next_occasion(chosen, turn.now, turn.pace))


async def think_again(turn: Turn) -> None:
    """Every pair's next step is due to be worked out: something has changed that decides it."""
    for pair in await turn.records.pairs.all_live():
        await turn.records.diary.set(Open.PAIR, pair.id, turn.now)


def span_words(days: Break) -> str:
    """Some days, for all who read them: "Mon 31 Aug to Fri 18 Dec 2026"."""
    if days.first == days.last:
        return f"{day_words(days.first)} {days.first.year}"
    first = day_words(days.first) if days.first.year == days.last.year else f"{day_words(days.first)} {days.first.year}"
    return f"{first} to {day_words(days.last)} {days.last.year}"
