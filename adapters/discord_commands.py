"""The commands as Discord knows them: for all servers at once or for each by itself, told only when they changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from adapters.discord_render import Json, command
from adapters.discord_requests import Requests
from bot.ui import Command

_EVERYWHERE = "/applications/{application}/commands"
_THERE = "/applications/{application}/guilds/{guild_id}/commands"


class Scope(StrEnum):
    """Where commands are registered."""

    SERVER = "server"  # in each server by itself: there at once
    GLOBAL = "global"  # once for all servers: a client may show the old ones for a while


class Slashes:
    """The registered commands of one application and, by server, their numbers."""

    def __init__(self, requests: Requests, commands: Iterable[Command], scope: Scope) -> None:
        self._requests, self._scope = requests, scope
        self._wanted = [command(each) for each in commands]
        self._known: dict[int | None, dict[str, int]] = {}

    def of(self, guild: int) -> dict[str, int]:
        """The numbers of the commands of a server, by name; empty until they are registered."""
        return self._known.get(None if self._scope is Scope.GLOBAL else guild, {})

    async def register(self, application: int, guild: int | None) -> None:
        """Tell Discord our commands of one server (None: of all at once), and take back those that an earlier setting
        left in the other scope."""
        here = (self._scope is Scope.SERVER) is (guild is not None)
        await self._overwrite(application, guild, self._wanted if here else [])

    async def _overwrite(self, application: int, guild: int | None, wanted: Sequence[Json]) -> None:
        where: Json = {"application": application, "guild_id": guild}
        path = _EVERYWHERE if guild is None else _THERE
        if guild is not None:
            wanted = [_of_a_server(each) for each in wanted]
        known: Sequence[Any] = await self._requests.ask("GET", path, **where)
        if _essences(known, guild) != _essences(wanted, guild):
            # Only if it knows others: a server takes 200 new ones a day.
            known = await self._requests.ask("PUT", path, wanted, **where)
        self._known[guild] = {each["name"]: int(each["id"]) for each in known}


def _of_a_server(each: Json) -> Json:
    """A server's own command has no word on where else it could be used."""
    return {name: value for name, value in each.items() if name != "contexts"}


def _essences(commands: Iterable[Any], guild: int | None) -> list[Json]:
    """Commands that can be compared, whichever order and form they come in."""
    return sorted((_essence(each if guild is None else _of_a_server(each)) for each in commands), key=str)


def _essence(each: Any) -> Json:  # noqa: ANN401
    """A command without what Discord adds to it."""
    return {
        "name": each["name"],
        "description": each["description"],
        "hidden": str(each.get("default_member_permissions")),
        "contexts": each.get("contexts"),
        "options": [_told(option) for option in each.get("options") or ()],
    }


def _told(option: Json) -> Json:
    """An option without what stands there only to say no."""
    known = {name: value for name, value in option.items() if value not in (None, False, [], {})}
    return known | {"choices": [(each["name"], each["value"]) for each in known.get("choices", ())]}
