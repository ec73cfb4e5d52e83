"""Who someone is to Slack: their name and time zone, whether we may serve them, which groups they are in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from adapters.slack_render import group_address
from adapters.slack_web import FAILED, Workspaces, name_of
from bot.ports import Address

_log = structlog.get_logger(__name__)

WAIT = 0.7
"""Seconds an answer waits for who is asking; the rest of Slack's three belongs to the core."""
DAY = 24 * 60 * 60.0
GROUPS = 5 * 60.0
"""Seconds for which a workspace's user groups are taken to be as they were, unless Slack says otherwise."""


@dataclass(frozen=True)
class Profile:
    name: str = ""
    zone: str = ""
    manager: bool = False
    sorry: str = ""
    """Why this person cannot be served, if so."""
    handle: str = ""
    """The name that is theirs alone in the workspace, which they cannot simply change."""
    left: str = ""
    """Since when they have been deactivated, in Slack's words, if so."""


class People:
    """What Slack says of people, asked once a day and whenever Slack says that it changed."""

    def __init__(self, workspaces: Workspaces, *, user_groups: bool) -> None:
        self._workspaces, self._user_groups = workspaces, user_groups
        self._profiles: dict[tuple[str, str], tuple[float, asyncio.Task[Profile]]] = {}
        self._zones: dict[tuple[str, str], str] = {}
        """The time zone of each that the core knows of."""
        self._groups: dict[str, tuple[float, dict[str, frozenset[str]]]] = {}

    async def profile(self, team: str, user: str) -> Profile:
        """What Slack says of someone; nothing, if it does not say so soon enough."""
        asked_at, asked = self._profiles.get((team, user), (0.0, None))
        if asked is None or time.monotonic() - asked_at > DAY:
            asked = asyncio.create_task(self.look_up(team, user))
            self._profiles[team, user] = time.monotonic(), asked
        done, _ = await asyncio.wait({asked}, timeout=WAIT)
        return asked.result() if done else Profile()

    def changed(self, team: str, user: str) -> None:
        """Someone's profile is not what it was."""
        self._profiles.pop((team, user), None)

    def moved(self, team: str, user: str, zone: str) -> str:
        """Someone's time zone is this one now. The one they had, if it is known and was another."""
        was = self._zones.get((team, user), "")
        if zone:
            self._zones[team, user] = zone
        return was if zone and was != zone else ""

    def groups_changed(self, team: str) -> None:
        self._groups.pop(team, None)

    def close(self) -> None:
        for _, asked in self._profiles.values():
            asked.cancel()

    async def look_up(self, team: str, user: str) -> Profile:
        """What Slack says of someone just now; nothing, if it cannot be asked."""
        try:
            web = await self._workspaces.web(team)
            profile = _profile_of((await web.users_info(user=user))["user"], team)
        except FAILED as error:
            _log.warning("slack.no_profile", code=name_of(error))
            self._profiles.pop((team, user), None)
            return Profile()
        self._zones.setdefault((team, user), profile.zone)
        return profile

    async def groups_of(self, team: str, user: str) -> frozenset[Address] | None:
        """The user groups someone is in; None where nobody can see that."""
        if not self._user_groups:
            return None
        asked_at, known = self._groups.get(team, (0.0, None))
        if known is None or time.monotonic() - asked_at > GROUPS:
            known = await self._ask_groups(team)
        return (
            None if known is None else frozenset(group_address(team, g) for g, users in known.items() if user in users)
        )

    async def _ask_groups(self, team: str) -> dict[str, frozenset[str]] | None:
        try:
            async with asyncio.timeout(WAIT):
                web = await self._workspaces.web(team)
                said = await web.usergroups_list(include_users=True)
        except FAILED as error:
            _log.warning("slack.no_groups", code=name_of(error))
            return None
        known = {group["id"]: frozenset(group.get("users", ())) for group in said["usergroups"]}
        self._groups[team] = time.monotonic(), known
        return known


def _profile_of(user: Mapping[str, Any], team: str) -> Profile:
    shown = user.get("profile", {})
    at_home = team in {user.get("team_id", team), *user.get("enterprise_user", {}).get("teams", ())}
    sorry = left = ""
    if user.get("is_bot") or user["id"] == "USLACKBOT":
        sorry = "I'm here for people, and you look like an app to me."
    elif user.get("deleted"):
        sorry = "Your account here has been deactivated. An admin of this workspace can tell you more."
        left = str(user.get("updated", "")) or "yes"
    elif user.get("is_stranger") or not at_home:
        sorry = "I can only help members of this workspace. Your own society may have me, too."
    # A guest is a member like others, as a physician who was invited may well be; but a guest manages nothing.
    guest = user.get("is_restricted") or user.get("is_ultra_restricted")
    return Profile(
        shown.get("display_name") or shown.get("real_name") or user.get("real_name") or user.get("name") or "",
        user.get("tz") or "",
        bool(user.get("is_admin") or user.get("is_owner")) and not guest,
        sorry,
        str(user.get("name") or "").casefold(),
        left,
    )
