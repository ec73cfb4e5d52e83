"""What the parts of a society's records have in common."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Executable, FromClause, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Society
from storage.seal import Seal

T = TypeVar("T")


@dataclass
class Part:
    """A part of one society's records, inside one transaction."""

    connection: AsyncConnection
    society: Society
    seal: Seal
    touched: set[int]
    """Shared by all parts: pairs whose facts this transaction changed."""

    def mine(self, table: FromClause) -> ColumnElement[bool]:
        """This society's rows: part of every query."""
        return table.c["society"] == self.society.id

    async def one(self, statement: Executable) -> RowMapping | None:
        return (await self.connection.execute(statement)).mappings().first()

    async def rows(self, statement: Executable) -> Sequence[RowMapping]:
        return (await self.connection.execute(statement)).mappings().all()

    async def changed(self, statement: Executable) -> int:
        """How many rows a statement changed."""
        return (await self.connection.execute(statement)).rowcount


def insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say ON CONFLICT, which SQLAlchemy has only dialect by dialect."""
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)


def made(kind: type[T], row: Mapping[Any, Any], prefix: str = "", **more: object) -> T:
    """A value of the model from a row whose columns are named like its fields."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: row[prefix + name] for name in names - more.keys()}, **more)


def perhaps(kind: type[T], row: Mapping[Any, Any] | None) -> T | None:
    return None if row is None else made(kind, row)


def labelled(table: FromClause, prefix: str) -> list[ColumnElement[Any]]:
    return [column.label(prefix + column.name) for column in table.c]


def checked(kind: type, given: Collection[str], *, without: Collection[str] = (), also: Collection[str] = ()) -> None:
    """Raise TypeError for a name that is no field, as a keyword argument would."""
    known = {field.name for field in fields(kind)}.difference(without).union(also)
    if strange := sorted(set(given) - known):
        raise TypeError(f"{kind.__name__} has no field to set called {', '.join(strange)}")
