"""What officers said of their spreadsheets' columns, and sheets that wait for their word."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.records import KeptSheet
from storage.part import Part, insert
from storage.tables import kept_sheets, sheet_columns


class SqlSheets(Part):
    async def corrections(self) -> dict[str, dict[str, str]]:
        said: dict[str, dict[str, str]] = defaultdict(dict)
        for row in await self.rows(select(sheet_columns).where(self.mine(sheet_columns))):
            said[row["head"]][row["title"]] = row["meaning"]
        return dict(said)

    async def correct(self, head: str, title: str, meaning: str) -> None:
        row = insert(self.connection, sheet_columns).values(
            society=self.society.id, head=head, title=title, meaning=meaning
        )
        await self.connection.execute(
            row.on_conflict_do_update(index_elements=["society", "head", "title"], set_={"meaning": meaning})
        )

    async def keep(self, person: int, table: str, of: str, now: datetime) -> int:
        new = kept_sheets.insert().values(society=self.society.id, person=person, of=of, at=now)
        number: int = (await self.connection.execute(new.returning(kept_sheets.c.id))).scalar_one()
        # The seal is bound to the row's number, so the row comes first.
        sealed = self.seal.close(table, "kept_sheets", number, "table")
        await self.connection.execute(update(kept_sheets).where(kept_sheets.c.id == number).values(table_sealed=sealed))
        return number

    async def kept(self, number: int, person: int) -> KeptSheet | None:
        theirs = (self.mine(kept_sheets), kept_sheets.c.id == number, kept_sheets.c.person == person)
        row = await self.one(select(kept_sheets).where(*theirs))
        if row is None:
            return None
        return KeptSheet(self.seal.open(row["table_sealed"], "kept_sheets", number, "table"), row["of"])

    async def forget(self, number: int) -> bool:
        return await self.changed(delete(kept_sheets).where(self.mine(kept_sheets), kept_sheets.c.id == number)) == 1
