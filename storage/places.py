"""Societies, and the servers and workspaces where each of them is."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Place, Society
from storage.part import insert, made
from storage.tables import places, societies


async def read_societies(connection: AsyncConnection, where: ColumnElement[bool]) -> list[Society]:
    found = (await connection.execute(select(societies).where(where).order_by(societies.c.id))).mappings().all()
    theirs = select(places).where(places.c.society.in_([row["id"] for row in found])).order_by(places.c.address)
    where_they_are = defaultdict(list)
    for row in (await connection.execute(theirs)).mappings():
        where_they_are[row["society"]].append(made(Place, row))
    return [made(Society, row, places=tuple(where_they_are[row["id"]])) for row in found]


async def keep_place(connection: AsyncConnection, society: int, place: Place) -> None:
    values = {"rooms": place.rooms, "officers": place.officers, "role": place.role}
    row = insert(connection, places).values(society=society, address=place.address, **values)
    await connection.execute(row.on_conflict_do_update(index_elements=["address"], set_=values))
