"""Other roads to a mentor: the line, invitations, mentors of one's own, and associations outside."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from bot.model import Association, InLine, Invitation, OwnMentor, Told
from bot.vocabulary import HowMet, Rhythm
from storage.part import Part, insert, made, perhaps
from storage.tables import associations, invitations, line, line_told, own_mentors


class SqlRoads(Part):
    # ── the line ────────────────────────────────────────────────────────────────────────────────────────────

    async def join_line(self, person: int, now: datetime, *, first: bool = False) -> None:
        row = insert(self.connection, line).values(society=self.society.id, person=person, since=now, first=first)
        kept = (
            row.on_conflict_do_update(index_elements=["person"], set_={"first": True}, where=self.mine(line))
            if first
            else row.on_conflict_do_nothing()
        )
        await self.connection.execute(kept)

    async def leave_line(self, person: int) -> bool:
        await self.connection.execute(
            line_told.delete().where(self.mine(line_told), line_told.c.person == person),
        )
        return await self.changed(line.delete().where(self.mine(line), line.c.person == person)) == 1

    async def line(self) -> list[InLine]:
        told: dict[int, list[Told]] = defaultdict(list)
        for row in await self.rows(select(line_told).where(self.mine(line_told)).order_by(line_told.c.at)):
            told[row["person"]].append(made(Told, row))
        waiting = await self.rows(select(line).where(self.mine(line)).order_by(line.c.since, line.c.person))
        return [made(InLine, row, told=tuple(told[row["person"]])) for row in waiting]

    async def in_line(self, person: int) -> bool:
        return await self.one(select(line).where(self.mine(line), line.c.person == person)) is not None

    async def told_of(self, person: int, mentor: int, now: datetime) -> None:
        row = insert(self.connection, line_told).values(society=self.society.id, person=person, mentor=mentor, at=now)
        await self.connection.execute(
            row.on_conflict_do_update(index_elements=["person", "mentor"], set_={"at": now}, where=self.mine(line_told))
        )

    # ── invitations ─────────────────────────────────────────────────────────────────────────────────────────

    async def invite(self, invitation: Invitation) -> None:
        values = {name: getattr(invitation, name) for name in Invitation.__dataclass_fields__}
        await self.connection.execute(invitations.insert().values(society=self.society.id, **values))

    async def use_invitation(self, code: str, person: int, made_after: datetime) -> Invitation | None:
        unused = update(invitations).where(
            self.mine(invitations),
            invitations.c.code == code,
            invitations.c.used_by.is_(None),
            invitations.c.inviter != person,
            invitations.c.made_at > made_after,
        )
        try:
            # In a savepoint: the index refuses someone who came by another invitation before.
            async with self.connection.begin_nested():
                row = await self.one(unused.values(used_by=person).returning(invitations))
        except IntegrityError:
            return None
        return perhaps(Invitation, row)

    async def came_by(self, person: int) -> Invitation | None:
        row = await self.one(select(invitations).where(self.mine(invitations), invitations.c.used_by == person))
        return perhaps(Invitation, row)

    # ── mentors of one's own ────────────────────────────────────────────────────────────────────────────────

    async def keep_own(self, mentee: int, name: str, how_met: HowMet, rhythm: Rhythm, now: datetime) -> OwnMentor:
        new = own_mentors.insert().values(
            society=self.society.id, mentee=mentee, how_met=how_met, rhythm=rhythm, since=now
        )
        number: int = (await self.connection.execute(new.returning(own_mentors.c.id))).scalar_one()
        # The seal is bound to the row's number, which is known only now.
        sealed = self.seal.close(name, "own_mentors", number, "name")
        await self.connection.execute(update(own_mentors).where(own_mentors.c.id == number).values(name_sealed=sealed))
        return OwnMentor(number, mentee, name, how_met, rhythm, now)

    async def own_mentors(self, mentee: int) -> list[OwnMentor]:
        return await self._own(own_mentors.c.mentee == mentee)

    async def own_mentor(self, number: int) -> OwnMentor | None:
        return next(iter(await self._own(own_mentors.c.id == number)), None)

    async def _own(self, which: object) -> list[OwnMentor]:
        theirs = select(own_mentors).where(self.mine(own_mentors), which).order_by(own_mentors.c.id)  # type: ignore[arg-type]
        return [
            made(OwnMentor, row, name=self.seal.open(row["name_sealed"], "own_mentors", row["id"], "name"))
            for row in await self.rows(theirs)
        ]

    async def let_own_go(self, number: int) -> None:
        await self.connection.execute(own_mentors.delete().where(self.mine(own_mentors), own_mentors.c.id == number))

    async def with_own_mentor(self) -> int:
        of_them = select(func.count(own_mentors.c.mentee.distinct())).where(self.mine(own_mentors))
        return (await self.connection.execute(of_them)).scalar_one()

    # ── associations ────────────────────────────────────────────────────────────────────────────────────────

    async def associations(self) -> list[Association]:
        known = select(associations).where(self.mine(associations)).order_by(associations.c.short)
        return [made(Association, row) for row in await self.rows(known)]

    async def keep_association(self, association: Association) -> None:
        values = {name: getattr(association, name) for name in Association.__dataclass_fields__}
        row = insert(self.connection, associations).values(society=self.society.id, **values)
        await self.connection.execute(row.on_conflict_do_update(index_elements=["society", "short"], set_=values))
