"""A member's own data: all of it shown to them, or all of it forgotten."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, RowMapping, Select, delete, select, update

from bot.ports import Address
from bot.records import Kept
from storage.own import NOTHING, OWN, Emptied, Gone, Me, Own
from storage.part import Part, insert
from storage.people import plain_email
from storage.tables import METADATA, addresses, forgotten, people

EVERYWHERE = 0
"""In place of a society's number in a mark: a place may come to belong to another society."""
DEPTH = {table: number for number, table in enumerate(METADATA.sorted_tables)}
"""A table stands after those that it points to."""


class SqlPrivacy(Part):
    forgot = False
    """Whether this transaction forgot somebody."""

    async def own(self, person: int, now: datetime) -> Kept:
        me, found = await self._me(person, now), defaultdict(list)
        names = {row["id"]: row["name"] for row in await self.rows(select(people).where(self.mine(people)))}
        for own in OWN:
            if own.shows == NOTHING:
                continue
            for row in await self.rows(self._theirs(own, me).order_by(*own.table.primary_key)):
                found[own.table.name].append(self._shown(own, row, names))
        return dict(found)

    async def forget(self, person: int, now: datetime) -> None:
        me = await self._me(person, now)
        await self._remember_not_to_meet(person, now)
        for own in sorted(OWN, key=lambda own: -DEPTH[own.table]):
            theirs = (self.mine(own.table), own.whose(me))
            match own.then:
                case Gone():
                    await self.connection.execute(delete(own.table).where(*theirs))
                case Emptied(values):
                    await self.connection.execute(update(own.table).where(*theirs).values(**values))
        this = (self.mine(people), people.c.id == person)
        await self.connection.execute(update(people).where(*this).values(forgotten_at=now))
        self.forgot = True

    async def was_forgotten(self, address: Address) -> bool:
        known = select(forgotten).where(self.mine(forgotten), forgotten.c.mark == self._mark(address))
        return await self.one(known) is not None

    async def begin_again(self, address: Address) -> None:
        known = (self.mine(forgotten), forgotten.c.mark == self._mark(address))
        await self.connection.execute(delete(forgotten).where(*known))

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _me(self, person: int, now: datetime) -> Me:
        row = await self.one(select(people.c.name).where(self.mine(people), people.c.id == person))
        if row is None:
            raise LookupError(f"no person {person} in society {self.society.id}")
        return Me(person, row["name"], now)

    def _theirs(self, own: Own, me: Me) -> Select[Any]:
        return select(own.table).where(self.mine(own.table), own.whose(me))

    def _shown(self, own: Own, row: RowMapping, names: dict[int, str]) -> dict[str, object]:
        """A row as its owner reads it: others by their names, and what is sealed opened."""
        left_out = {"society"} | ({column.name for column in own.by} if own.shows is None else set())
        shown: dict[str, object] = {}
        for column in own.table.c:
            value = row[column.name]
            if column.name in left_out or column.name not in (own.shows or own.table.c):
                continue
            if column.name in own.sealed:
                place = own.sealed[column.name](row)
                shown[place[1]] = self.seal.open(value, own.table.name, *place) if value else None
            else:
                shown[column.name] = names.get(value) if _means_a_person(column) else _as_json(value)
        return shown

    async def _remember_not_to_meet(self, person: int, now: datetime) -> None:
        """Where they wrote from is kept as marks, which tell nobody anything."""
        theirs = select(addresses.c.address).where(self.mine(addresses), addresses.c.person == person)
        known = [row["address"] for row in await self.rows(theirs)]
        sealed = await self.one(select(people.c.email_sealed).where(self.mine(people), people.c.id == person))
        if sealed is not None and sealed["email_sealed"] is not None:
            known.append(plain_email(self.seal.open(sealed["email_sealed"], "people", person, "email")))
        for address in known:
            row = insert(self.connection, forgotten).values(society=self.society.id, mark=self._mark(address), at=now)
            await self.connection.execute(row.on_conflict_do_nothing())

    def _mark(self, address: Address) -> bytes:
        return self.seal.mark(EVERYWHERE, f"forgotten: {address}")


def _means_a_person(column: Column[Any]) -> bool:
    return any(key.column.table is people and key.column.name == "id" for key in column.foreign_keys)


def _as_json(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case ZoneInfo():
            return value.key
        case _:
            return value
