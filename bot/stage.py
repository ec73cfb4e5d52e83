"""The society as the playground shows it, and its clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from adapters.playground import Face
from bot.model import Member
from bot.portrait import mentee_line, mentor_line
from bot.ports import Address, Clock
from bot.simulation import Simulation
from bot.ui import Command
from storage.store import SqlStore


@dataclass
class Stage:
    """The society as the playground shows it, and its clock."""

    store: SqlStore
    society_id: int
    society: str
    place: Address
    zone: str
    commands: Sequence[Command]
    clock: Clock
    simulation: Simulation | None = None
    """None where the clock is the real one."""

    @property
    def movable(self) -> bool:
        return self.simulation is not None

    async def people(self) -> list[Face]:
        async with self.store.records(self.society_id) as records:
            roster, zone = await records.people.roster(), records.society.zone
        faces = [_face(member, zone) for member in roster]
        return [face for face in faces if face]

    def now(self) -> datetime:
        return self.clock.now()

    async def advance(self, step: Literal["day", "week", "next"]) -> None:
        if self.simulation is None:
            return
        if step == "next":
            await self.simulation.run_to_next()
        else:
            await self.simulation.run_until(self.now() + timedelta(days=1 if step == "day" else 7))

    async def next_moment(self) -> datetime | None:
        return await self.store.next_moment(self.now())


def _face(member: Member, society: ZoneInfo) -> Face | None:
    address = next((a for a in member.addresses if a.startswith("playground:")), None)
    if address is None:
        return None
    person, mentee, mentor = member.person, member.mentee, member.mentor
    roles = {"officer": person.officer, "mentor": mentor is not None, "mentee": mentee is not None}
    line = mentor_line(mentor) if mentor else mentee_line(mentee) if mentee else "Officer" if person.officer else ""
    zone = person.zone or society
    return Face(address, person.id, person.name, tuple(role for role, has in roles.items() if has), line, zone.key)
