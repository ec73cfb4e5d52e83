"""Announcements: written, sent, and when the last one reached whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, delete, select, update

from bot.model import Announcement, Segment, Urgency
from storage.courier import UNSENT, last_told
from storage.part import Part, made
from storage.tables import announcements, deliveries, societies, told

UNSAID = announcements.c.sent_at.is_(None)


class SqlAnnouncements(Part):
    async def draft(self, author: int, to: Segment, words: str, now: datetime) -> Announcement:
        before = (self.mine(announcements), announcements.c.author == author, UNSAID)
        await self.connection.execute(delete(announcements).where(*before))
        new = announcements.insert().values(
            society=self.society.id,
            author=author,
            whom=to.whom,
            phases=to.phases,
            fields=to.fields,
            words=words,
            written_at=now,
        )
        (row,) = await self.rows(new.returning(announcements))
        return _announcement(row)

    async def get(self, announcement: int) -> Announcement | None:
        row = await self.one(select(announcements).where(*self._this(announcement)))
        return None if row is None else _announcement(row)

    async def all(self) -> list[Announcement]:
        newest_first = select(announcements).where(self.mine(announcements)).order_by(announcements.c.id.desc())
        return [_announcement(row) for row in await self.rows(newest_first)]

    async def lately(self, now: datetime) -> Mapping[int, datetime]:
        reached = await last_told(self.connection, told.c.announcement, self.mine(told))
        waits = select(deliveries.c.to_person).where(
            self.mine(deliveries), deliveries.c.urgency == Urgency.ANNOUNCEMENT, UNSENT
        )
        waiting = (await self.connection.execute(waits)).scalars()
        return reached | dict.fromkeys(waiting, now)

    async def send(self, announcement: int, now: datetime) -> bool:
        await self.connection.execute(select(societies.c.id).where(societies.c.id == self.society.id).with_for_update())
        sent = update(announcements).where(*self._this(announcement), UNSAID).values(sent_at=now)
        return await self.changed(sent) == 1

    async def drop(self, announcement: int) -> bool:
        return await self.changed(delete(announcements).where(*self._this(announcement), UNSAID)) == 1

    def _this(self, announcement: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return self.mine(announcements), announcements.c.id == announcement


def _announcement(row: RowMapping) -> Announcement:
    return made(Announcement, row, to=made(Segment, row))
