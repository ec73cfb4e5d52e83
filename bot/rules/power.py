"""Who may do what: roles, and what each is good for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model import DAY, Held, Need, Role
from bot.rules.timing import first_moment

READERS = frozenset({Role.ADVISOR, Role.OFFICER, Role.PRESIDENT})
ACTORS = frozenset({Role.OFFICER, Role.PRESIDENT})
AHEAD = timedelta(days=14)
"""So long before a role ends the officers hear of it."""


def may(need: Need, roles: Collection[Role], *, manager: bool, led: bool) -> bool:
    """Whether someone with these roles has what it takes.

    `manager`: the platform lets them administer the place, and whoever does that can take any role there anyway.
    `led`: the society has a president. Until it does, its officers govern together.
    """
    match need:
        case Need.MEMBER:
            return True
        case Need.READ:
            return not READERS.isdisjoint(roles)
        case Need.ACT:
            return not ACTORS.isdisjoint(roles)
        case Need.GOVERN:
            return manager or Role.PRESIDENT in roles or (not led and Role.OFFICER in roles)
        case Need.HAND_OVER:
            return manager or Role.PRESIDENT in roles or Role.ADVISOR in roles


def may_name(role: Role, roles: Collection[Role], *, manager: bool, led: bool) -> bool:
    """Whether someone may give a role, or take it. Officers who govern together make none of themselves president."""
    if role is Role.PRESIDENT:
        return manager or Role.PRESIDENT in roles
    return may(Need.GOVERN, roles, manager=manager, led=led)


def ends_at(held: Held, zone: ZoneInfo) -> datetime | None:
    """The first moment after its last day, on the society's calendar."""
    return first_moment(held.until + DAY, zone) if held.until else None


def ends_soon(held: Held, zone: ZoneInfo, now: datetime) -> bool:
    """Whether to tell the officers now."""
    ends = ends_at(held, zone)
    return ends is not None and not held.reminded and ends - AHEAD <= now


def next_change(everyone: Iterable[Held], zone: ZoneInfo) -> datetime | None:
    """When the next of these ends, or is to be told of."""
    moments = [ends if held.reminded else ends - AHEAD for held in everyone if (ends := ends_at(held, zone))]
    return min(moments, default=None)
