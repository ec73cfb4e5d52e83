"""Societies, and the servers and workspaces where each of them is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, RowMapping, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Break, Place, Role, Society
from storage.part import insert, made
from storage.tables import breaks, places, roles, settings, societies


async def read_societies(connection: AsyncConnection, where: ColumnElement[bool]) -> list[Society]:
    president = exists().where(roles.c.society == societies.c.id, roles.c.role == Role.PRESIDENT)
    known = select(societies, president.label("led")).where(where).order_by(societies.c.id)
    found = (await connection.execute(known)).mappings().all()
    theirs = select(places).where(places.c.society.in_([row["id"] for row in found])).order_by(places.c.address)
    where_they_are = defaultdict(list)
    for row in (await connection.execute(theirs)).mappings():
        where_they_are[row["society"]].append(made(Place, row))
    rests = defaultdict(list)
    days = select(breaks).where(breaks.c.society.in_([row["id"] for row in found])).order_by(breaks.c.first)
    for row in (await connection.execute(days)).mappings():
        rests[row["society"]].append(made(Break, row))
    chose = defaultdict(list)
    theirs = select(settings).where(settings.c.society.in_([row["id"] for row in found])).order_by(settings.c.name)
    for row in (await connection.execute(theirs)).mappings():
        chose[row["society"]].append((row["name"], row["value"]))
    return [_society(row, where_they_are[row["id"]], rests[row["id"]], chose[row["id"]]) for row in found]


def _society(row: RowMapping, places_: list[Place], breaks_: list[Break], chosen: list[tuple[str, str]]) -> Society:
    first, last = row["term_first"], row["term_last"]
    return made(
        Society,
        row,
        zone=row["chosen_zone"] or row["zone"],
        places=tuple(places_),
        term=Break(first, last) if first and last else None,
        breaks=tuple(breaks_),
        led=bool(row["led"]),
        chosen=tuple(chosen),
    )


async def keep_place(connection: AsyncConnection, society: int, place: Place) -> None:
    values = {"rooms": place.rooms, "officers": place.officers, "role": place.role}
    row = insert(connection, places).values(society=society, address=place.address, **values)
    await connection.execute(row.on_conflict_do_update(index_elements=["address"], set_=values))


async def keep_choices(
    connection: AsyncConnection,
    society: int,
    zone: ZoneInfo | None,
    term: Break | None,
    breaks_: Iterable[Break] | None,
) -> None:
    """What officers chose for the whole society; None leaves it as it is."""
    chosen: dict[str, object] = {"chosen_zone": zone} if zone else {}
    if term:
        chosen |= {"term_first": term.first, "term_last": term.last}
    if chosen:
        await connection.execute(update(societies).where(societies.c.id == society).values(**chosen))
    if breaks_ is not None:
        await connection.execute(breaks.delete().where(breaks.c.society == society))
        for each in breaks_:
            await connection.execute(breaks.insert().values(society=society, first=each.first, last=each.last))


async def keep_settings(connection: AsyncConnection, society: int, chosen: Mapping[str, str | None]) -> None:
    """What a society chose of the programme's settings; None is back to the file's."""
    for name, value in chosen.items():
        if value is None:
            await connection.execute(delete(settings).where(settings.c.society == society, settings.c.name == name))
            continue
        row = insert(connection, settings).values(society=society, name=name, value=value)
        await connection.execute(row.on_conflict_do_update(index_elements=["society", "name"], set_={"value": value}))
