"""Societies, and the servers and workspaces where each of them is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import ColumnElement, RowMapping, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Break, Place, Role, Society
from storage.part import insert, made
from storage.tables import breaks, places, roles, settings, societies


async def one_by_one(connection: AsyncConnection, society: int) -> None:
    """Wait for whoever else waits here, until they are through. On SQLite there is one write transaction at a time."""
    # All that anybody writes points to the society, and so holds its key: if that were waited for, too, two who have
    # written would wait for each other for ever.
    this = select(societies.c.id).where(societies.c.id == society)
    await connection.execute(this.with_for_update(key_share=True))


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
    return made(
        Society,
        row,
        zone=row["chosen_zone"] or row["zone"],
        places=tuple(places_),
        term=_span(row, "term"),
        recruitment=_span(row, "recruitment"),
        breaks=tuple(breaks_),
        led=bool(row["led"]),
        chosen=tuple(chosen),
    )


def _span(row: RowMapping, name: str) -> Break | None:
    first, last = row[f"{name}_first"], row[f"{name}_last"]
    return Break(first, last) if first and last else None


async def keep_place(connection: AsyncConnection, society: int, place: Place) -> None:
    values = {"rooms": place.rooms, "officers": place.officers, "role": place.role}
    row = insert(connection, places).values(society=society, address=place.address, **values)
    await connection.execute(row.on_conflict_do_update(index_elements=["address"], set_=values))


async def keep_year(connection: AsyncConnection, before: Society, chosen: Society) -> None:
    """What differs is written, and nothing else: another officer may be changing another date."""
    if changes := _columns(chosen).items() - _columns(before).items():
        await connection.execute(update(societies).where(societies.c.id == before.id).values(**dict(changes)))
    this = breaks.c.society == before.id
    for gone in set(before.breaks) - set(chosen.breaks):
        await connection.execute(delete(breaks).where(this, breaks.c.first == gone.first))
    for new in set(chosen.breaks) - set(before.breaks):
        values = {"last": new.last, "what": new.what}
        row = insert(connection, breaks).values(society=before.id, first=new.first, **values)
        await connection.execute(row.on_conflict_do_update(index_elements=["society", "first"], set_=values))


def _columns(society: Society) -> dict[str, object]:
    """The zone and the dates there is one of, as they are kept."""
    term, recruitment = society.term, society.recruitment
    return {
        "chosen_zone": society.zone,
        "term_first": term.first if term else None,
        "term_last": term.last if term else None,
        "recruitment_first": recruitment.first if recruitment else None,
        "recruitment_last": recruitment.last if recruitment else None,
        "kickoff": society.kickoff,
    }


async def keep_settings(connection: AsyncConnection, society: int, chosen: Mapping[str, str | None]) -> None:
    """What a society chose of the programme's settings; None is back to the file's."""
    for name, value in chosen.items():
        if value is None:
            await connection.execute(delete(settings).where(settings.c.society == society, settings.c.name == name))
            continue
        row = insert(connection, settings).values(society=society, name=name, value=value)
        await connection.execute(row.on_conflict_do_update(index_elements=["society", "name"], set_={"value": value}))
