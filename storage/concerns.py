"""Private concerns: sealed words for one reader."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, or_, select, update

from bot.model import Concern
from storage.part import Part, checked, made
from storage.tables import concerns


class SqlConcerns(Part):
    async def write(self, writer: int, about: int | None, words: str, *, reachable: bool, now: datetime) -> Concern:
        new = concerns.insert().values(
            society=self.society.id, writer=writer, about=about, reachable=reachable, written_at=now
        )
        number: int = (await self.connection.execute(new.returning(concerns.c.id))).scalar_one()
        # The seal is bound to the row's number, which only the row itself gives out.
        await self._set(number, words_sealed=self.seal.close(words, "concerns", number, "words"))
        return await self._certainly(number)

    async def get(self, concern: int) -> Concern | None:
        row = await self.one(select(concerns).where(self.mine(concerns), concerns.c.id == concern))
        return None if row is None else self._made(row)

    async def send(self, concern: int, reader: int, now: datetime) -> bool:
        unread = (concerns.c.read_at.is_(None), concerns.c.closed_at.is_(None), concerns.c.words_sealed.is_not(None))
        fit = (or_(concerns.c.about.is_(None), concerns.c.about != reader), concerns.c.writer != reader)
        given = update(concerns).where(self.mine(concerns), concerns.c.id == concern, *unread, *fit)
        fresh = {"sent_at": now, "reminded_at": None, "delayed_at": None}
        return await self.changed(given.values(reader=reader, **fresh)) == 1

    async def mark(self, concern: int, **moments: datetime) -> None:
        checked(Concern, moments, without=("id", "writer", "about", "words", "reachable", "reader"))
        await self._set(concern, **moments)

    async def open_for(self, reader: int) -> list[Concern]:
        waiting = select(concerns).where(
            self.mine(concerns), concerns.c.reader == reader, concerns.c.closed_at.is_(None)
        )
        return [self._made(row) for row in await self.rows(waiting.order_by(concerns.c.id))]

    async def wipe(self, concern: int) -> None:
        await self._set(concern, words_sealed=None)

    async def _set(self, concern: int, **values: object) -> None:
        await self.connection.execute(
            update(concerns).where(self.mine(concerns), concerns.c.id == concern).values(**values)
        )

    async def _certainly(self, concern: int) -> Concern:
        found = await self.get(concern)
        assert found is not None
        return found

    def _made(self, row: RowMapping) -> Concern:
        sealed = row["words_sealed"]
        words = self.seal.open(sealed, "concerns", row["id"], "words") if sealed else ""
        return made(Concern, row, words=words)
