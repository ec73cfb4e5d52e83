"""Codes by which two accounts, or two places, are linked. Of a code only its mark is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Linking, Society
from bot.ports import Address
from bot.records import LinkCode
from storage.part import Part, insert, perhaps
from storage.places import read_societies
from storage.seal import Seal
from storage.tables import audit, claims, link_codes, link_guesses, mentor_profiles, people, places, societies
from storage.union import one_person, one_society

EVERYWHERE = 0
"""In place of a society's number: a code for places is entered in another society than it was made in."""


def _mark(seal: Seal, society: int, purpose: Linking, code: str) -> bytes:
    return seal.mark(society if purpose is Linking.PERSON else EVERYWHERE, f"link {purpose}: {code}")


async def admit(connection: AsyncConnection, seal: Seal, place: Address, code: str, now: datetime) -> int | None:
    """The society in which this code was made, which the place joins; None if there is no such code to use."""
    mark = _mark(seal, EVERYWHERE, Linking.SOCIETY, code)
    known = (link_codes.c.mark == mark, link_codes.c.expires_at > now, link_codes.c.entered_by.is_(None))
    used = delete(link_codes).where(*known).returning(link_codes.c.society, link_codes.c.person)
    if (made := (await connection.execute(used)).first()) is None:
        return None
    society, officer = made
    row = insert(connection, places).values(society=society, address=place)
    await connection.execute(row.on_conflict_do_nothing())
    line = {"at": now, "actor": officer, "action": "society.linked", "subject": f"society:{society}", "detail": place}
    await connection.execute(audit.insert().values(society=society, **line))
    return int(society)


class SqlLinks(Part):
    def _mark(self, purpose: Linking, code: str) -> bytes:
        return _mark(self.seal, self.society.id, purpose, code)

    async def make(self, purpose: Linking, code: str, person: int, until: datetime) -> None:
        theirs = (self.mine(link_codes), link_codes.c.person == person, link_codes.c.purpose == purpose)
        await self.connection.execute(delete(link_codes).where(*theirs, link_codes.c.entered_by.is_(None)))
        await self.connection.execute(
            insert(self.connection, link_codes)
            .values(
                society=self.society.id,
                mark=self._mark(purpose, code),
                purpose=purpose,
                person=person,
                expires_at=until,
            )
            .on_conflict_do_nothing()  # two at once: one of the two codes does not work, and another is soon made
        )

    async def enter(self, purpose: Linking, code: str, person: int, now: datetime) -> LinkCode | None:
        known = (link_codes.c.mark == self._mark(purpose, code), link_codes.c.expires_at > now)
        own = await self._code(select(link_codes).where(*known, link_codes.c.person == person))
        if own is not None:
            return own
        free = or_(link_codes.c.entered_by.is_(None), link_codes.c.entered_by == person)
        return await self._code(update(link_codes).where(*known, free).values(entered_by=person).returning(link_codes))

    async def guesses(self, person: int, since: datetime) -> int:
        await self.connection.execute(select(people.c.id).where(people.c.id == person).with_for_update())
        wrong = select(func.count()).where(
            self.mine(link_guesses), link_guesses.c.person == person, link_guesses.c.at > since
        )
        return int((await self.connection.execute(wrong)).scalar_one())

    async def guessed(self, person: int, now: datetime) -> None:
        await self.connection.execute(link_guesses.insert().values(society=self.society.id, person=person, at=now))

    async def entered(self, number: int, person: int, now: datetime) -> LinkCode | None:
        return await self._code(select(link_codes).where(*self._usable(number, person, now)))

    async def use(self, number: int, person: int, now: datetime) -> LinkCode | None:
        return await self._code(delete(link_codes).where(*self._usable(number, person, now)).returning(link_codes))

    async def claim(self, person: int, claimed: int, now: datetime) -> None:
        said = {"claimed": claimed, "at": now}
        row = insert(self.connection, claims).values(society=self.society.id, person=person, **said)
        await self.connection.execute(row.on_conflict_do_update(index_elements=["society", "person"], set_=said))

    async def claimed(self, person: int) -> int | None:
        row = await self.one(select(claims.c.claimed).where(self.mine(claims), claims.c.person == person))
        return None if row is None else int(row["claimed"])

    async def drop_claim(self, person: int) -> None:
        await self.connection.execute(delete(claims).where(self.mine(claims), claims.c.person == person))

    async def hold(self, *people_: int) -> None:
        # PostgreSQL: in the order in which a pair is made, its mentor's places first, so that neither waits for the
        # other for ever. On SQLite there is only one write transaction at a time.
        for table, column in ((mentor_profiles, mentor_profiles.c.person), (people, people.c.id)):
            both = select(column).where(self.mine(table), column.in_(people_)).order_by(column)
            await self.connection.execute(both.with_for_update())

    async def one_person(self, kept: int, gone: int, now: datetime) -> None:
        await one_person(self, kept, gone, now)

    async def made_in(self, number: int) -> Society:
        (found,) = await read_societies(self.connection, societies.c.id == number)
        return found

    async def one_society(self, into: int, now: datetime) -> None:
        await one_society(self, into, now)

    def _usable(self, number: int, person: int, now: datetime) -> tuple[Any, ...]:
        return (link_codes.c.id == number, link_codes.c.entered_by == person, link_codes.c.expires_at > now)

    async def _code(self, statement: Any) -> LinkCode | None:  # noqa: ANN401
        return perhaps(LinkCode, await self.one(statement))
