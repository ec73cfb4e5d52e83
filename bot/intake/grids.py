"""A question that a form asks as a grid, a column for each of its rows, in the words that a single cell would have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.intake.columns import NTH

_DAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
_WEEKDAY, _WEEKEND = re.compile(r"weekday", re.IGNORECASE), re.compile(r"weekend", re.IGNORECASE)
_PART = re.compile(r"morning|afternoon|evening|night|daytime|noon", re.IGNORECASE)
_PARTS = {"night": "evening", "daytime": "afternoon", "noon": "afternoon"}
_RANK = re.compile(rf"(?:rank|choice|#)?\s*#?\s*(\d{{1,2}}|{'|'.join(NTH)})\b.*", re.IGNORECASE)


def in_one(rows: Sequence[tuple[str, str]]) -> str:
    """What was ticked or ranked in a grid's rows, each with its cell: times as "Weekday evenings", choices by rank."""
    told = [(row, cell.strip()) for row, cell in rows if cell.strip()]
    if any(_days(row) for row, _ in rows):
        return ", ".join(dict.fromkeys(each for row, cell in told for each in _times(row, cell)))
    if any(_days(cell) for _, cell in told):
        return ", ".join(dict.fromkeys(each for row, cell in told for each in _times(cell, row)))
    ranked = [(rank, row) for row, cell in told if (rank := _rank(cell)) is not None]
    return ", ".join(row for _, row in sorted(ranked, key=lambda each: each[0]))


def _times(days: str, parts: str) -> Iterator[str]:
    """Every day with every part of it; of a part that is none, the words as they are."""
    for week in _days(days):
        for part in re.split(r"[,;\n]", parts):
            found = _PART.search(part)
            name = found[0].casefold() if found else ""
            yield f"{week} {_PARTS.get(name, name)}s" if found else part.strip()


def _days(words: str) -> list[str]:
    """Which kinds of days are named."""
    named = {day[:3].casefold() for day in _DAY.findall(words)}
    week = bool(named - {"sat", "sun"}) or bool(_WEEKDAY.search(words))
    end = bool(named & {"sat", "sun"}) or bool(_WEEKEND.search(words))
    return ["Weekday"] * week + ["Weekend"] * end


def _rank(cell: str) -> int | None:
    """The place of a choice; the first for a mere tick, and none for a no."""
    if found := _RANK.fullmatch(cell):
        words = found[1].casefold()
        return NTH.get(words) or int(words)
    return None if cell.casefold() in ("no", "false", "none", "n/a", "-") else 0
