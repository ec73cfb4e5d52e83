"""Roles and their terms, how the presidency is handed on, and who did what."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import delete, exists, or_, select, update

from bot.model import Deed, Handover, Held, Role
from storage.part import Part, insert, made, perhaps
from storage.places import one_by_one
from storage.tables import audit, claim_codes, offers, roles


class SqlPower(Part):
    async def held(self) -> list[Held]:
        found = await self.rows(select(roles).where(self.mine(roles)).order_by(roles.c.role, roles.c.person))
        return [made(Held, row) for row in found]

    async def name(self, person: int, role: Role, until: date | None) -> None:
        row = insert(self.connection, roles).values(society=self.society.id, person=person, role=role, until=until)
        kept = {"until": until, "reminded": False}
        await self.connection.execute(
            row.on_conflict_do_update(index_elements=["person", "role"], set_=kept, where=self.mine(roles))
        )

    async def end(self, person: int, role: Role) -> bool:
        # Of two presidents who end one another at once, the second finds that one has to stay.
        await one_by_one(self.connection, self.society.id)
        others = roles.alias()
        another = exists().where(
            others.c.society == self.society.id, others.c.role == Role.PRESIDENT, others.c.person != person
        )
        theirs = (self.mine(roles), roles.c.person == person, roles.c.role == role)
        return await self.changed(delete(roles).where(*theirs, or_(roles.c.role != Role.PRESIDENT, another))) == 1

    async def reminded(self, person: int, role: Role) -> None:
        theirs = (self.mine(roles), roles.c.person == person, roles.c.role == role)
        await self.connection.execute(update(roles).where(*theirs).values(reminded=True))

    # ── the presidency ──────────────────────────────────────────────────────────────────────────────────────

    async def make_claim(self, code: str, until: datetime) -> None:
        values = {"mark": self.seal.mark(self.society.id, code), "expires_at": until}
        row = insert(self.connection, claim_codes).values(society=self.society.id, **values)
        await self.connection.execute(row.on_conflict_do_update(index_elements=["society"], set_=values))

    async def use_claim(self, code: str, now: datetime) -> bool:
        mark = self.seal.mark(self.society.id, code)
        good = (self.mine(claim_codes), claim_codes.c.mark == mark, claim_codes.c.expires_at > now)
        return await self.changed(delete(claim_codes).where(*good)) == 1

    async def offer(self, by: int, to: int, now: datetime) -> Handover:
        await self.connection.execute(delete(offers).where(self.mine(offers)))
        new = offers.insert().values(society=self.society.id, by=by, to=to, offered_at=now).returning(offers)
        return made(Handover, (await self.rows(new))[0])

    async def open_offer(self) -> Handover | None:
        newest = select(offers).where(self.mine(offers)).order_by(offers.c.id.desc()).limit(1)
        return perhaps(Handover, await self.one(newest))

    async def offered(self, handover: int) -> Handover | None:
        return perhaps(Handover, await self.one(select(offers).where(self.mine(offers), offers.c.id == handover)))

    async def close(self, handover: int) -> bool:
        if not await self.changed(delete(offers).where(self.mine(offers), offers.c.id == handover)):
            return False
        await self.connection.execute(delete(offers).where(self.mine(offers)))  # begun in the same moment
        return True

    # ── who did what ────────────────────────────────────────────────────────────────────────────────────────

    async def deeds(
        self,
        actions: Collection[str],
        *,
        by: int | None = None,
        about: str | None = None,
        before: int | None = None,
        most: int,
    ) -> list[Deed]:
        found = select(audit).where(self.mine(audit), audit.c.action.in_(actions))
        if by is not None:
            found = found.where(audit.c.actor == by)
        if about is not None:
            found = found.where(audit.c.subject == about)
        if before is not None:
            found = found.where(audit.c.id < before)
        return [made(Deed, row) for row in await self.rows(found.order_by(audit.c.id.desc()).limit(most))]
