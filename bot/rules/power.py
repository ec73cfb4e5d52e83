"""Who may do what: roles, and what each is good for."""

from __future__ import annotations

from collections.abc import Collection

from bot.model import Need, Role

READERS = frozenset({Role.ADVISOR, Role.OFFICER, Role.PRESIDENT})
ACTORS = frozenset({Role.OFFICER, Role.PRESIDENT})


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
