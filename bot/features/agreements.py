"""For officers: how far pairs are with what they expect of each other, and never what anyone answered."""

from __future__ import annotations

from bot.agreed import Standing, person_of, standing_of
from bot.feature import Feature, Turn
from bot.model import Need, Side
from bot.ui import Command, Line, Message, Private, Reply, bullets, joined, message, say

agreements = Feature("agreements")

LISTED = 15


@agreements.command(Command("agreements", "How far pairs are with what they expect", need=Need.READ))
async def overview(turn: Turn) -> Reply:
    found: list[tuple[Standing, str]] = []
    for pair in await turn.records.pairs.all_live():
        names = [(await person_of(turn, pair, side)).name[:40] for side in Side]
        found.append((await standing_of(turn, pair), joined(names)))
    return Private(_overview(found))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _overview(found: list[tuple[Standing, str]]) -> Message:
    """How many are where, and the pairs that could use a hand."""
    if not found:
        return message("No pairs yet.")
    settled = sum(1 for standing, _ in found if standing.agreement)
    waiting = sorted((each for each in found if not each[0].agreement), key=lambda each: -each[0].conflicts)
    lines = [say("{names}: {how}", names=names, how=_progress(standing)) for standing, names in waiting[:LISTED]]
    left = len(waiting) - len(lines)
    return message(
        f"Agreed on what they expect: {settled} of {len(found)} {'pair' if len(found) == 1 else 'pairs'}.",
        *([bullets(*lines)] if lines else []),
        *([Line((f"And {left} more.",), quiet=True)] if left else []),
    )


def _progress(standing: Standing) -> str:
    match sorted(standing.answered):
        case []:
            return "getting to know each other, nobody has answered yet"
        case [one]:
            return f"getting to know each other, the {one} has answered"
    return f"both have answered; {standing.talk} to talk about, {standing.conflicts} in conflict"
