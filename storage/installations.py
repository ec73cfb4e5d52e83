"""What lets us into the places where others installed an app of ours, sealed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.ports import Address
from storage.part import insert
from storage.seal import Seal
from storage.tables import audit, begun_installations, installations, places, societies

_SEALED = "installations", "sealed"


class SqlInstallations:
    """The `Installations` of the records. `write`: a transaction that may write."""

    def __init__(
        self, write: Callable[[], AbstractAsyncContextManager[AsyncConnection]], reading: AsyncEngine, seal: Seal
    ) -> None:
        self._write, self._reading, self._seal = write, reading, seal

    async def keep(self, place: Address, name: str, zone: str, what: str, now: datetime) -> None:
        async with self._write() as connection:
            row = insert(connection, installations).values(place=place, sealed=b"")
            await connection.execute(row.on_conflict_do_nothing())
            await self._close(connection, place, what)
            society = await _society_at(connection, place) or await _founded(connection, place, name, zone)
            line = {"society": society, "at": now, "action": "installed", "subject": place}
            await connection.execute(audit.insert().values(**line))

    async def renew(self, place: Address, what: str) -> None:
        async with self._write() as connection:
            await self._close(connection, place, what)

    async def at(self, place: Address) -> str | None:
        known = select(installations.c.id, installations.c.sealed).where(installations.c.place == place)
        async with self._reading.connect() as connection:
            row = (await connection.execute(known)).first()
        table, column = _SEALED
        return None if row is None else self._seal.open(row.sealed, table, row.id, column)

    async def places(self) -> list[Address]:
        async with self._reading.connect() as connection:
            found = await connection.execute(select(installations.c.place).order_by(installations.c.id))
            return list(found.scalars())

    async def forget(self, place: Address) -> None:
        async with self._write() as connection:
            await connection.execute(delete(installations).where(installations.c.place == place))

    async def begin(self, state: str, until: datetime) -> None:
        async with self._write() as connection:
            await connection.execute(begun_installations.insert().values(state=state, until=until))

    async def begun(self, state: str, now: datetime) -> bool:
        this = begun_installations.c.state == state
        async with self._write() as connection:
            # Those whose time is over go too: nobody comes back for them.
            await connection.execute(delete(begun_installations).where(begun_installations.c.until <= now))
            return (await connection.execute(delete(begun_installations).where(this))).rowcount == 1

    async def _close(self, connection: AsyncConnection, place: Address, what: str) -> None:
        # The seal is bound to the row's number, so a new row has to exist before anything is sealed in it.
        known = select(installations.c.id).where(installations.c.place == place)
        number = (await connection.execute(known)).scalar()
        if number is not None:
            table, column = _SEALED
            sealed = self._seal.close(what, table, number, column)
            await connection.execute(update(installations).where(installations.c.id == number).values(sealed=sealed))


async def _society_at(connection: AsyncConnection, place: Address) -> int | None:
    known = await connection.execute(select(places.c.society).where(places.c.address == place))
    society: int | None = known.scalar()
    return society


async def _founded(connection: AsyncConnection, place: Address, name: str, zone: str) -> int:
    row = insert(connection, societies).values(place=place, name=name, zone=ZoneInfo(zone))
    await connection.execute(row.on_conflict_do_nothing())
    society: int = (await connection.execute(select(societies.c.id).where(societies.c.place == place))).scalar_one()
    await connection.execute(places.insert().values(society=society, address=place))
    return society
