"""Asking things of Discord: in turn, within the budget of refusals, with files where there are any."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

import aiohttp
import discord
import structlog
from discord.http import HTTPClient, Route

from adapters.discord_render import Json
from adapters.turns import Allowance, Stopwatch, Turns
from bot.ports import Departed, Later, Refused
from bot.ui import File

_log = structlog.get_logger(__name__)

Body: TypeAlias = Json | Sequence[Json] | None

A_SECOND = 40
"""Requests; Discord allows 50."""
INVALID, WINDOW = 500, 600.0
"""Answers 401, 403 and 429 within ten minutes. At 10,000 Discord bans the address, which others may share."""

UNKNOWN_CHANNEL, UNKNOWN_MEMBER, UNKNOWN_MESSAGE = 10003, 10007, 10008
ARCHIVED = 50083
NOT_THERE = {UNKNOWN_MEMBER, 10013}
CLOSED, NO_SHARED_SERVER = 50007, 50278
QUARANTINED, TOO_FAST = 20026, 40003
"""Both about private conversations: too many were begun."""
NOT_TAKEN = {40005, 50006, 50035}
"""Too large, empty, or not as Discord wants it: a mistake of ours, and the same the next time."""
NOT_ALLOWED = {50001, 50013, 50024}
TOO_LATE = {10062, 40060, UNKNOWN_MESSAGE, 10015, 50027}
"""The interaction's time is over, it was answered already, or the message it was about is gone."""
_DEPARTED = {UNKNOWN_CHANNEL, 10004, NO_SHARED_SERVER, *NOT_THERE}
SOON, AN_HOUR = timedelta(seconds=30), timedelta(hours=1)


class Requests:
    """Requests by discord.py's client, which keeps the limits of each route by what Discord says of them.

    The limit for all routes and the budget of refusals are kept here: it keeps neither ahead of time.
    """

    def __init__(self, http: Callable[[], HTTPClient], clock: Stopwatch) -> None:
        self._http, self._turns = http, Turns(clock)
        self._invalid = Allowance(INVALID, WINDOW, clock)

    async def ask(
        self,
        method: str,
        path: str,
        body: Body = None,
        files: Sequence[File] = (),
        **where: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """A request in its turn. discord.py knows a route's limits by channel_id, guild_id and webhook_id."""
        await self._turns.take(request=1 / A_SECOND)
        return await self.ask_now(method, path, body, files, **where)

    async def ask_now(
        self,
        method: str,
        path: str,
        body: Body = None,
        files: Sequence[File] = (),
        **where: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """A request out of turn: answers to interactions are outside Discord's limit for all."""
        if wait := self._invalid.wait():
            raise Later(timedelta(seconds=wait))
        try:
            return await self._http().request(Route(method, path, **where), **_carrying(method, body, files))
        except discord.HTTPException as error:
            if error.status in (401, 403, 429):
                self._invalid.spend()
            raise

    async def answer(
        self,
        method: str,
        path: str,
        body: Json,
        files: Sequence[File] = (),
        **where: Any,  # noqa: ANN401
    ) -> None:
        """An answer. One that was cut off goes once more, at once: nobody else would, and a double is refused."""
        for last in (False, True):
            try:
                await self.ask_now(method, path, body, files, **where)
            except discord.HTTPException as error:
                if error.code in TOO_LATE:
                    _log.warning("discord.answered_too_late", code=error.code)
                elif error.status >= 500 and not last:
                    continue
                else:
                    raise
            except (aiohttp.ClientError, OSError):
                if last:
                    raise
                continue
            except Later:
                _log.warning("discord.answers_withheld")
            return

    async def fetch(self, url: str) -> bytes:
        """A file that Discord keeps."""
        return await self._http().get_from_cdn(url)


def _carrying(method: str, body: Body, files: Sequence[File]) -> dict[str, Any]:
    """A body as discord.py takes it."""
    if not files:
        return {} if body is None else {"params" if method == "GET" else "json": body}
    sent = [discord.File(io.BytesIO(each.data), each.name, description=each.alt) for each in files]
    parts = [
        {"name": f"files[{number}]", "value": each.fp, "filename": each.filename, "content_type": _ANY_TYPE}
        for number, each in enumerate(sent)
    ]
    return {"form": [{"name": "payload_json", "value": json.dumps(body)}, *parts], "files": sent}


_ANY_TYPE = "application/octet-stream"


def understood(error: discord.HTTPException, guild: int, permission: str) -> Exception:
    """What a refusal means for the courier. `permission`: what the bot would have needed."""
    if error.code == CLOSED:
        return Refused(f"Discord {error.code}")
    if error.code in _DEPARTED:
        return Departed(f"Discord {error.code}")
    if error.code in NOT_TAKEN:
        _log.error("discord.not_taken", code=error.code, guild=guild)
        return Refused(f"Discord {error.code}")
    if error.code in (QUARANTINED, TOO_FAST):
        _log.warning("discord.too_many_conversations", code=error.code, guild=guild)
        return Later(AN_HOUR)
    if error.code in NOT_ALLOWED or error.status in (401, 403):
        # An admin can give a permission: never retried in a hurry, never thrown away.
        needed = permission if error.code in NOT_ALLOWED else ""
        _log.warning("discord.not_allowed", code=error.code, guild=guild, permission=needed)
        return Later(AN_HOUR)
    if error.status == 429:
        _log.warning("discord.too_fast", code=error.code, guild=guild)
        return Later(max(SOON, _asked_to_wait(error)))
    return error


def _asked_to_wait(error: discord.HTTPException) -> timedelta:
    """How long Discord says to wait."""
    said = error.response.headers.get("Retry-After", "")
    return timedelta(seconds=int(said) if said.isdecimal() else 0)
