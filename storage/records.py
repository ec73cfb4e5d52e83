"""One society's records inside one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Place, Society
from bot.records import (
    Announcements,
    Apart,
    Board,
    Concerns,
    Diary,
    Endings,
    Expectations,
    Intros,
    Links,
    Meetings,
    Numbers,
    OfficeLinks,
    Pairs,
    People,
    Permissions,
    Post,
    Power,
    Privacy,
    Projects,
    Queue,
    Roads,
    Rounds,
    Seasons,
    Shadowing,
    Sheets,
    Steps,
    Updates,
)
from bot.ui import Form, form_from_json, form_json
from storage.announcements import SqlAnnouncements
from storage.apart import SqlApart
from storage.board import SqlBoard
from storage.cohort import SqlRounds
from storage.concerns import SqlConcerns
from storage.endings import SqlEndings
from storage.expectations import SqlExpectations
from storage.forget import SqlPrivacy
from storage.intros import SqlIntros
from storage.links import SqlLinks
from storage.meetings import SqlMeetings
from storage.numbers import SqlNumbers
from storage.office import SqlOfficeLinks
from storage.pairs import SqlPairs
from storage.part import Part, insert
from storage.people import SqlPeople
from storage.permissions import SqlPermissions
from storage.places import keep_place, keep_settings, keep_year
from storage.post import SqlDiary, SqlPost, SqlQueue
from storage.power import SqlPower
from storage.projects import SqlProjects
from storage.roads import SqlRoads
from storage.seal import Seal
from storage.seasons import SqlSeasons
from storage.shadowing import SqlShadowing
from storage.sheets import SqlSheets
from storage.steps import SqlSteps
from storage.tables import audit, held_forms, requests
from storage.updates import SqlUpdates


class SqlRecords:
    def __init__(self, connection: AsyncConnection, society: Society, seal: Seal) -> None:
        self.society = society
        self._part = Part(connection, society, seal, touched=set())
        of_this = (connection, society, seal, self._part.touched)
        # The port's types, not ours: what is not in the port is not reached through here.
        self.people: People = SqlPeople(*of_this)
        self.intros: Intros = SqlIntros(*of_this)
        self.pairs: Pairs = SqlPairs(*of_this)
        self.expectations: Expectations = SqlExpectations(*of_this)
        self.meetings: Meetings = SqlMeetings(*of_this)
        self.updates: Updates = SqlUpdates(*of_this)
        self.shadowing: Shadowing = SqlShadowing(*of_this)
        self.sheets: Sheets = SqlSheets(*of_this)
        self.post: Post = SqlPost(*of_this)
        self.diary: Diary = SqlDiary(*of_this)
        self.queue: Queue = SqlQueue(*of_this)
        self.links: Links = SqlLinks(*of_this)
        self.concerns: Concerns = SqlConcerns(*of_this)
        self.permissions: Permissions = SqlPermissions(*of_this)
        self.endings: Endings = SqlEndings(*of_this)
        self.roads: Roads = SqlRoads(*of_this)
        self.projects: Projects = SqlProjects(*of_this)
        self.rounds: Rounds = SqlRounds(*of_this)
        self.steps: Steps = SqlSteps(*of_this)
        self.power: Power = SqlPower(*of_this)
        self.board: Board = SqlBoard(*of_this)
        self.apart: Apart = SqlApart(*of_this)
        self.office_links: OfficeLinks = SqlOfficeLinks(*of_this)
        self._privacy = SqlPrivacy(*of_this)
        self.privacy: Privacy = self._privacy
        self.numbers: Numbers = SqlNumbers(*of_this)
        self.announcements: Announcements = SqlAnnouncements(*of_this)
        self.seasons: Seasons = SqlSeasons(*of_this)

    @property
    def forgot(self) -> bool:
        """Whether somebody was forgotten in it."""
        return self._privacy.forgot

    async def first_time(self, key: str, now: datetime) -> bool:
        row = insert(self._part.connection, requests).values(society=self.society.id, key=key, at=now)
        return await self._part.changed(row.on_conflict_do_nothing()) == 1

    async def audit(self, now: datetime, actor: int | None, action: str, subject: str, detail: str = "") -> None:
        await self._part.connection.execute(
            audit.insert().values(
                society=self.society.id, at=now, actor=actor, action=action, subject=subject, detail=detail
            )
        )

    async def settle(self, place: Place) -> None:
        await keep_place(self._part.connection, self.society.id, place)

    async def decide(self, chosen: Society) -> None:
        await keep_year(self._part.connection, self.society, chosen)

    async def choose(self, chosen: Mapping[str, str | None]) -> None:
        await keep_settings(self._part.connection, self.society.id, chosen)

    async def hold(self, form: Form, person: int, now: datetime) -> int:
        row = held_forms.insert().values(society=self.society.id, person=person, form=form_json(form), at=now)
        number: int = (await self._part.connection.execute(row.returning(held_forms.c.id))).scalar_one()
        return number

    async def held(self, form: int, person: int) -> Form | None:
        row = await self._part.one(
            select(held_forms.c.form).where(
                self._part.mine(held_forms), held_forms.c.id == form, held_forms.c.person == person
            )
        )
        return None if row is None else form_from_json(row["form"])
