"""Hours of shadowing: a day, how many, which field, what kind of place, and who vouches for them."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from bot.model import Shadowed
from storage.part import Part, made
from storage.tables import pairs, shadowed


class SqlShadowing(Part):
    async def of(self, pair: int) -> list[Shadowed]:
        theirs = select(shadowed).where(self.mine(shadowed), shadowed.c.pair == pair)
        return [made(Shadowed, row) for row in await self.rows(theirs.order_by(shadowed.c.day, shadowed.c.id))]

    async def add(self, pair: int, entry: Shadowed) -> Shadowed:
        values = {name: value for name, value in vars(entry).items() if name != "id"} | {"pair": pair}
        new = shadowed.insert().values(society=self.society.id, **values).returning(shadowed)
        row = await self.one(new)
        assert row is not None
        return made(Shadowed, row)

    async def confirm(self, pair: int, up_to: int, by: int) -> int:
        return await self.changed(
            update(shadowed)
            .where(self.mine(shadowed), shadowed.c.pair == pair, shadowed.c.id <= up_to)
            .where(shadowed.c.confirmed_by.is_(None))
            .values(confirmed_by=by)
        )

    async def take_back(self, pair: int, entry: int) -> bool:
        mentee = select(pairs.c.mentee).where(self.mine(pairs), pairs.c.id == pair).scalar_subquery()
        unvouched = shadowed.c.confirmed_by.is_(None) | (shadowed.c.confirmed_by == mentee)
        gone = delete(shadowed).where(self.mine(shadowed), shadowed.c.pair == pair, shadowed.c.id == entry, unvouched)
        return bool(await self.changed(gone))
