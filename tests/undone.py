"""A store in which nothing is kept: what a request would have changed is looked at, and undone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Connection, event, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Society
from bot.ports import Address
from bot.records import Records
from storage.own import OWN, Me
from storage.records import SqlRecords
from storage.store import SqlStore
from storage.tables import METADATA
from tests.stores import NOW

Key: TypeAlias = tuple[Any, ...]
Row: TypeAlias = dict[str, Any]
Tables: TypeAlias = dict[str, dict[Key, Row]]
"""Every row of some tables, by its key."""
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')


@dataclass
class Undone:
    """Any store, through which requests are made one after another."""

    store: SqlStore
    who: Address = ""
    """Who makes the next request."""
    before: Tables = field(default_factory=dict)
    after: Tables = field(default_factory=dict)
    """The tables that it has written to, as they would be; none, where it was declined."""
    owns: dict[str, set[Key]] = field(default_factory=dict)
    """The rows of these that would be theirs."""
    person: int = 0
    """Who they would be."""
    through: bool = False
    """Whether it was done, and not declined."""
    _owns: bool = False
    _places: dict[Address, Society | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._written = written_in(self.store)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.store, name)

    async def look(self) -> None:
        """See how everything is, and stays."""
        async with self.store.engine.begin() as connection:
            self.before = await rows(connection, METADATA.tables)

    def ask(self, who: Address, *, owns: bool) -> None:
        """The next request is theirs, and nothing is known of it yet. `owns`: whether to see what would be theirs."""
        self.who, self.person, self.through, self.after, self.owns, self._owns = who, 0, False, {}, {}, owns

    async def society_at(self, place: Address) -> Society | None:
        if place not in self._places:
            self._places[place] = await self.store.society_at(place)
        return self._places[place]

    @asynccontextmanager
    async def records(self, society: int, *, in_turn: bool = False) -> AsyncIterator[Records]:
        self._written.clear()
        try:
            async with self.store.records(society, in_turn=in_turn) as records:
                yield records
                self.through = True
                assert isinstance(records, SqlRecords)
                connection = records._part.connection
                self.after = await rows(connection, set(self._written))
                if self._owns:
                    person = await records.people.at(self.who)
                    self.person = person.id if person else 0
                    self.owns = await owned(connection, self.after, self.person)
                raise NothingKept
        except NothingKept:
            pass

    def changes(self) -> Iterator[tuple[str, Key, Row | None, Row | None]]:
        """Each row that would not be as it was, with what it was and is."""
        for name, now in self.after.items():
            was = self.before[name]
            for key in {**was, **now}:
                if now.get(key) != was.get(key):
                    yield name, key, was.get(key), now.get(key)


class NothingKept(Exception):
    pass


def written_in(store: SqlStore) -> set[str]:
    """The names of the tables that are written to from now on."""
    written: set[str] = set()

    def note(_: Connection, __: object, statement: str, *___: object) -> None:
        if found := WRITES.match(statement):
            written.add(found[1])

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    return written


async def rows(connection: AsyncConnection, names: Collection[str]) -> Tables:
    found: Tables = {}
    for name in names:
        table = METADATA.tables[name]
        every = [dict(row) for row in (await connection.execute(select(table))).mappings()]
        found[name] = {tuple(row[column.name] for column in table.primary_key): row for row in every}
    return found


async def owned(connection: AsyncConnection, names: Collection[str], person: int) -> dict[str, set[Key]]:
    """The rows of these tables that are somebody's own, by what was decided for whoever asks for all that is theirs."""
    me, found = Me(person, "\x7f\x7f", NOW), defaultdict[str, set[Key]](set)
    for own in OWN:
        if own.table.name in names:
            theirs = select(*own.table.primary_key).where(own.whose(me))
            found[own.table.name] |= {tuple(row) for row in await connection.execute(theirs)}
    return found
