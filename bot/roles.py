"""Giving a role until its last day, and ending it after that: the same, whoever names whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.feature import Turn
from bot.model import Held, Open, Role
from bot.records import Records
from bot.rules.power import ends_at, next_change

YEAR = timedelta(days=365)
"""So long a role is held where nobody says otherwise."""


async def give(turn: Turn, person: int, role: Role, until: date | None, why: str = "") -> None:
    """Give a role until the end of a day (None: for good), or change how long someone holds it."""
    if any((held.person, held.role, held.until) == (person, role, until) for held in await turn.records.power.held()):
        return  # another was faster
    await turn.records.power.name(person, role, until)
    await turn.audit(f"{role}.made", f"person:{person}", why or (f"until {until}" if until else ""))
    await plan(turn)


async def take(turn: Turn, person: int, role: Role) -> bool:
    """Take a role away. False if they do not hold it, or are the only president there is."""
    if not await turn.records.power.end(person, role):
        return False
    await turn.audit(f"{role}.unmade", f"person:{person}")
    await plan(turn)
    return True


async def end_terms(records: Records, now: datetime, person: int | None = None) -> list[Held]:
    """End the roles, all or one person's, whose last day is over; which those were. The only president stays."""
    over = []
    for held in await records.power.held():
        ends = ends_at(held, records.society.zone)
        if ends is None or ends > now or person not in (None, held.person):
            continue
        if await records.power.end(held.person, held.role):
            await records.audit(now, None, f"{held.role}.ended", f"person:{held.person}")
            over.append(held)
    return over


async def plan(turn: Turn) -> None:
    """When the next role ends, or is to be told of."""
    held = await turn.records.power.held()
    await turn.records.diary.set(Open.ROLES, 0, next_change(held, turn.society.zone))
