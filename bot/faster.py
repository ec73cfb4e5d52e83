"""Two officers do the same at once: the first does it, and the second hears who was faster."""

from __future__ import annotations

from collections.abc import Collection

from bot.feature import Sorry, Stale, Turn
from bot.model import QueueItem
from bot.portrait import first_name


async def item_of(turn: Turn, number: int) -> QueueItem:
    """What waits for officers under this number. Raises Sorry where somebody has seen to it, Stale for any other."""
    item = await turn.records.queue.get(number)
    if item is None:
        await _seen_to(turn, number)
        raise Stale
    return item


async def see_to(turn: Turn, item: QueueItem) -> None:
    """It is this officer who does it. Raises Sorry where another was faster."""
    if not await turn.records.queue.resolve(item.id, turn.who.id, turn.now):
        await _seen_to(turn, item.id)
        raise Stale


async def _seen_to(turn: Turn, number: int) -> None:
    if (seen := await turn.records.queue.resolved(number)) is not None:
        raise Sorry(await _by(turn, seen[0]))


async def done_by(turn: Turn, about: str, *actions: str, but: Collection[int] = ()) -> Sorry:
    """What to raise for what can be done only once: who has done it, if somebody has, by the log's word.

    `but`: whose own business it is; which of them it was, is not said.
    """
    deeds = await turn.records.power.deeds(actions, about=about, most=1)
    if not deeds:
        return Stale()
    return Sorry(await _by(turn, None if deeds[0].actor in but else deeds[0].actor))


async def _by(turn: Turn, person: int | None) -> str:
    by = await turn.records.people.get(person) if person else None
    return faster(None if by is None else first_name(by.name), own=person == turn.who.id)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def faster(name: str | None, *, own: bool) -> str:
    if name is None:
        return "That has settled itself meanwhile."
    return "You have seen to it already." if own else f"{name} has seen to it already."
