"""What waits for someone whose private messages are closed: read where the word of it was left, by them alone."""

from __future__ import annotations

from bot.feature import Feature, Stale, Turn
from bot.ui import Private, Reply, bundled

letters = Feature("letters")


@letters.press("letter.read")
async def read(turn: Turn, key: str) -> Reply:
    found = await turn.records.post.letters(key, turn.who.id)
    if not found:
        raise Stale
    return Private(bundled(found))
