"""A database in which everyone has something in every table, with words of their own that are known wherever they turn
up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Column, LargeBinary, Table, Text, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Open, PairState, Side, Society
from storage.columns import Day, Flag, Moment, Several, Slug, Slugs, Zone
from storage.own import OWN
from storage.seal import Seal
from storage.store import SqlStore
from storage.tables import METADATA, pairs, people, rounds
from tests.stores import KEY, NOW

OWNED = {own.table for own in OWN}
NOT_THEIRS = {
    "deliveries.channel",
    "deliveries.topic",
    "deliveries.envelope",
    "pairs.room",
    "audit.action",
    "audit.subject",
    "audit.detail",
}
"""Texts that are no words of a member's."""


def sided(table: Table) -> bool:
    """Whether each side of a pair has rows of its own."""
    return "side" in table.c or table.name in ("commitments", "milestones", "checkin_answers")


@dataclass
class Filler:
    """Writes a row of every table, with words of their own in each that is known wherever it turns up."""

    store: SqlStore
    society: int
    pair: int
    people: dict[Side, int]
    third: int
    names: dict[int, str]
    numbers: dict[tuple[Table, Side], int] = field(default_factory=dict)

    async def fill(self, table: Table, side: Side) -> None:
        whose = self.people[side if sided(table) else Side.MENTEE]
        if table.name == "news":
            whose = self.people[Side.MENTOR]
        row = {c.name: self._value(c, side, whose) for c in table.columns if c.name != "id"}
        match table.name:
            case "deliveries":
                row |= {"pair": None, "channel": None}
            case "conflicts":
                row["low"], row["high"] = sorted(self.people.values())
                row |= {"low_wish": True, "high_wish": True}
            case "concerns":
                row |= {"reader": self.third, "about": self.people[Side.MENTOR]}
            case "invitations":
                row["used_by"] = self.people[Side.MENTOR]
        async with self.store.engine.begin() as connection:
            made = await connection.execute(insert(table).values(**row).returning(*table.primary_key))
            number = made.scalar_one() if len(table.primary_key.columns) == 1 else 0
            for each in (side,) if sided(table) else Side:
                self.numbers[table, each] = number
            for own in OWN:
                for name, place in own.sealed.items() if own.table is table else ():
                    sealed_row, sealed_as = place({**row, "id": number})
                    words = Seal(KEY).close(self._words(table.c[name], whose), table.name, sealed_row, sealed_as)
                    changed = table.update().where(*(c == row.get(c.name, number) for c in table.primary_key))
                    await connection.execute(changed.values({name: words}))

    def _words(self, column: Column[Any], whose: int) -> str:
        return f"{self.names[whose]}+{column}"

    def _value(self, column: Column[Any], side: Side, whose: int) -> Any:  # noqa: ANN401
        known: dict[str, Any] = {
            "society": self.society, "pair": self.pair, "mentee": self.people[Side.MENTEE],
            "mentor": self.people[Side.MENTOR], "confirmed_by": self.people[Side.MENTOR], "side": side,
            "entered_by": None, "pair_or_0": self.pair, "person_or_0": whose,
        }  # fmt: skip
        if column.name in known:
            return known[column.name]
        for key in column.foreign_keys:
            if key.column.name == "id" and key.column.table is not people:
                return self.numbers[key.column.table, side]
            if key.column.name == "id":
                return whose
        match column.type:
            case Slug() as slug:
                return side if slug.choices is Side else next(iter(slug.choices))
            case Slugs() | Several():
                return ()
            case Moment():
                return NOW
            case Day():
                return NOW.date()
            case Flag():
                return False
            case Zone():
                return None
            case LargeBinary():
                return self._words(column, whose).encode()
            case Text() if str(column) in NOT_THEIRS:
                return "ours"
            case Text():
                return self._words(column, whose)
            case _ if column.name in ("actor", "by_person", "resolved_by"):
                return whose
            case _:
                return 1


@dataclass
class Two:
    """Ana mentored by Ben, and Ben once by Ana, with something of each in every table."""

    store: SqlStore
    society: int
    ana: int
    ben: int


async def two(store: SqlStore, society: Society) -> Two:
    async with store.records(society.id) as records:
        ids = [(await records.people.add(name, email=f"{name}@x.org", school=f"{name}+school")).id for name in NAMES]
        ana, ben, third = ids
        for person in (ana, ben):
            await records.people.save_mentor(person, capacity=5)
        both = [await records.pairs.make(ana, ben, NOW)]
        assert both[0] is not None
        await records.pairs.set_state(both[0].id, PairState.ENDED, NOW)
        both.append(await records.pairs.make(ben, ana, NOW))
        looked_at = await records.rounds.open((), NOW)
        assert looked_at is not None
    there = {"mentor_profiles", "people", "pairs", "promises"}
    once = {"conflicts", "invitations"}
    for pair, (mentee, mentor) in zip(both, ((ana, ben), (ben, ana)), strict=True):
        assert pair is not None
        filler = Filler(store, society.id, pair.id, {Side.MENTEE: mentee, Side.MENTOR: mentor}, third,
                        dict(zip(ids, NAMES, strict=True)))  # fmt: skip
        filler.numbers = {
            (table, side): row for table, row in ((pairs, pair.id), (rounds, looked_at.id)) for side in Side
        }
        for table in METADATA.sorted_tables:
            if table not in OWNED or table.name in (there if pair is both[0] else there | once):
                continue
            for side in Side if sided(table) else (Side.MENTEE,):
                await filler.fill(table, side)
    async with store.records(society.id) as records:
        for person in (ana, ben):
            await records.diary.set(Open.AWAY, person, NOW)
    return Two(store, society.id, ana, ben)


NAMES = ("Ana-Zebrafink", "Ben-Quokkason", "Sal-Okapi")


async def everything(store: SqlStore) -> set[str]:
    """Every text and every opened blob in the database."""
    found: set[str] = set()
    async with store.engine.connect() as connection:
        for table in METADATA.sorted_tables:
            for row in (await connection.execute(select(table))).mappings():
                for column in table.columns:
                    value = row[column.name]
                    if isinstance(value, str):
                        found.add(value)
                    elif isinstance(value, bytes):
                        found.add(value.decode(errors="replace"))
                        found |= set(_opened(table, row, column.name))
    return found


def _opened(table: Table, row: Any, column: str) -> Iterator[str]:  # noqa: ANN401
    for own in OWN:
        if own.table is table and column in own.sealed and row[column]:
            yield Seal(KEY).open(row[column], table.name, *own.sealed[column](row))


Rows: TypeAlias = dict[str, list[dict[str, Any]]]


async def rows_of(connection: AsyncConnection, society: int) -> Rows:
    """Every row of a society."""
    found = {}
    for table in METADATA.sorted_tables:
        if "society" in table.c:
            rows = select(table).where(table.c.society == society).order_by(*table.primary_key)
            found[table.name] = [dict(row) for row in (await connection.execute(rows)).mappings()]
    return found
