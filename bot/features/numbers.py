"""Officers' numbers: how many use mentorship and how far they get, how pairs end, and what does not meet."""

from __future__ import annotations

from bot.feature import Feature, Turn
from bot.model import Need
from bot.rules.counts import Counts, Ended, Reached, counts
from bot.ui import Bold, Command, Line, Message, Private, Reply, bullets, message, say

numbers = Feature("numbers")

MOST = 5
"""So many questions in conflict are shown, the most frequent."""


@numbers.command(Command("numbers", "How many use mentorship, how pairs end, what does not meet", need=Need.READ))
async def overview(turn: Turn) -> Reply:
    records = turn.records.numbers
    return Private(_numbers(counts(await turn.records.people.roster(), await records.asked(), await records.lives())))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

_ENDED = {
    Ended.DONE: "came to their planned end",
    Ended.FIT: "were not the right fit",
    Ended.QUIET: "had gone quiet",
    Ended.OTHER: "ended for another reason, or none was said",
}


def _numbers(found: Counts) -> Message:
    ends = [say("{number} {why}", number=str(number), why=_ENDED[why]) for why, number in found.ended.items() if number]
    over = sum(found.ended.values())
    conflicts = [
        say("{what}: in {number}", what=term.label, number="one pair" if number == 1 else f"{number} pairs")
        for term, number in found.conflicts[:MOST]
    ]
    return message(
        say("{who}: {how}", who=Bold("Mentees"), how=_line(found.mentees, "asked someone")),
        say("{who}: {how}", who=Bold("Mentors"), how=_line(found.mentors, "asked by someone")),
        *((Line((f"Pairs that ended: {over}",)), bullets(*ends)) if ends else ()),
        *((Line(("What two expect and does not meet:",)), bullets(*conflicts)) if conflicts else ()),
        Line(("Whoever was forgotten is in none of these; pairs they were in still are.",), quiet=True),
    )


def _line(reached: Reached, asked: str) -> str:
    return (
        f"{reached.joined} joined, {reached.asked} {asked}, {reached.paired} in a pair now, "
        f"of these {reached.meeting} met."
    )
