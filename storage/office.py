"""Who is signed in to the officers' page: one-time links and sessions, of which only marks are kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Address
from bot.records import Session
from storage.part import Part, perhaps
from storage.seal import Seal
from storage.tables import office_links, office_sessions

EVERYWHERE = 0
"""In place of a society's number: whose a code or a token is, is only known once it is found."""


def _link(seal: Seal, code: str) -> bytes:
    return seal.mark(EVERYWHERE, f"office link: {code}")


def _session(seal: Seal, token: str) -> bytes:
    return seal.mark(EVERYWHERE, f"office session: {token}")


class SqlOfficeLinks(Part):
    async def make(self, code: str, person: int, place: Address, address: Address, until: datetime) -> None:
        earlier = (self.mine(office_links), office_links.c.person == person)
        await self.connection.execute(delete(office_links).where(*earlier))
        new = {"society": self.society.id, "mark": _link(self.seal, code), "person": person, "expires_at": until}
        await self.connection.execute(office_links.insert().values(place=place, address=address, **new))

    async def end(self, person: int) -> int:
        links = (self.mine(office_links), office_links.c.person == person)
        await self.connection.execute(delete(office_links).where(*links))
        sessions = (self.mine(office_sessions), office_sessions.c.person == person)
        return await self.changed(delete(office_sessions).where(*sessions))


class SqlOffice:
    """The `Office` of the records. `write`: a transaction that may write."""

    def __init__(self, write: Callable[[], AbstractAsyncContextManager[AsyncConnection]], seal: Seal) -> None:
        self._write, self._seal = write, seal

    async def enter(self, code: str, token: str, now: datetime) -> Session | None:
        known = (office_links.c.mark == _link(self._seal, code), office_links.c.expires_at > now)
        async with self._write() as connection:
            session = await _read(connection, delete(office_links).where(*known).returning(office_links))
            if session is not None:
                mark = _session(self._seal, token)
                new = office_sessions.insert().values(mark=mark, began_at=now, used_at=now, **asdict(session))
                await connection.execute(new)
            return session

    async def session(self, token: str, idle_since: datetime, begun_since: datetime, now: datetime) -> Session | None:
        known = (
            office_sessions.c.mark == _session(self._seal, token),
            office_sessions.c.used_at > idle_since,
            office_sessions.c.began_at > begun_since,
        )
        async with self._write() as connection:
            used = update(office_sessions).where(*known).values(used_at=now)
            return await _read(connection, used.returning(office_sessions))

    async def leave(self, token: str) -> None:
        async with self._write() as connection:
            this = office_sessions.c.mark == _session(self._seal, token)
            await connection.execute(delete(office_sessions).where(this))


async def _read(connection: AsyncConnection, statement: Any) -> Session | None:  # noqa: ANN401
    return perhaps(Session, (await connection.execute(statement)).mappings().first())
