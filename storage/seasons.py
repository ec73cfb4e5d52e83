"""What officers made of the lines for a month."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import delete, select

from bot.model import SeasonLine
from storage.part import Part, insert, made
from storage.tables import season_lines


class SqlSeasons(Part):
    async def lines(self) -> list[SeasonLine]:
        theirs = select(season_lines).where(self.mine(season_lines)).order_by(season_lines.c.name)
        return [made(SeasonLine, row) for row in await self.rows(theirs)]

    async def keep(self, line: SeasonLine) -> None:
        row = insert(self.connection, season_lines).values(society=self.society.id, **asdict(line))
        await self.connection.execute(row.on_conflict_do_update(index_elements=["society", "name"], set_=asdict(line)))

    async def restore(self, name: str) -> None:
        this = (self.mine(season_lines), season_lines.c.name == name)
        await self.connection.execute(delete(season_lines).where(*this))
