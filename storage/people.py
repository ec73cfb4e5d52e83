"""The people of a society and their profiles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, exists, func, or_, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Member, Mentee, MenteeProfile, Mentor, MentorProfile, PairState, Person, Role
from bot.ports import Address
from storage.columns import Roles
from storage.part import Part, checked, insert, labelled, made, perhaps
from storage.tables import addresses, mentee_profiles, mentor_profiles, pairs, people, roles

T = TypeVar("T")


def persons(*more: Any) -> Select[Any]:  # noqa: ANN401
    """People with their roles, and more columns, in one query."""
    gathered = select(func.aggregate_strings(roles.c.role, ",")).where(roles.c.person == people.c.id)
    return select(people, type_coerce(gathered.scalar_subquery(), Roles()).label("roles"), *more)


async def people_by_id(connection: AsyncConnection, society: int, ids: Collection[int]) -> dict[int, Person]:
    found = await connection.execute(persons().where(people.c.society == society, people.c.id.in_(ids)))
    return {row["id"]: made(Person, row) for row in found.mappings()}


def _few(many: Sequence[T], at_once: int = 500) -> Iterator[Sequence[T]]:
    """So many at a time as one statement takes."""
    yield from (many[start : start + at_once] for start in range(0, len(many), at_once))


def plain_email(email: str) -> str:
    return email.strip().casefold()


def _as_good_as(role: Role) -> tuple[Role, ...]:
    """A president is an officer, too."""
    return (Role.PRESIDENT, role) if role is Role.OFFICER else (role,)


class SqlPeople(Part):
    async def _person(self, *where: Any) -> Person | None:  # noqa: ANN401
        row = await self.one(persons().where(self.mine(people), *where))
        return perhaps(Person, row)

    async def at(self, address: Address) -> Person | None:
        known = select(addresses.c.person).where(self.mine(addresses), addresses.c.address == address)
        return await self._person(people.c.id == known.scalar_subquery())

    async def get(self, person: int) -> Person | None:
        return await self._person(people.c.id == person)

    async def meet(self, address: Address, name: str) -> Person:
        if known := await self.at(address):
            return known
        person = await self.add(name)
        row = insert(self.connection, addresses).values(society=self.society.id, address=address, person=person.id)
        if await self.changed(row.on_conflict_do_nothing()):
            return person
        # Another process met them in this same moment: theirs counts.
        await self.connection.execute(people.delete().where(people.c.id == person.id))
        met = await self.at(address)
        if met is None:
            raise RuntimeError("an address was taken and given back while someone was met at it")
        return met

    async def add(self, name: str, **fields: Any) -> Person:  # noqa: ANN401
        checked(Person, fields, without=("id", "name", "roles"), also=("email",))
        email = fields.pop("email", None)
        new = people.insert().values(society=self.society.id, name=name, **fields).returning(people.c.id)
        person: int = (await self.connection.execute(new)).scalar_one()
        if email:
            await self._keep_email(person, email)
        return await self._certainly(person)

    async def by_email(self, email: str) -> Person | None:
        return await self._person(people.c.email_mark == self.seal.mark(self.society.id, plain_email(email)))

    async def by_emails(self, emails: Collection[str]) -> dict[str, int]:
        marks = {self.seal.mark(self.society.id, plain_email(email)): email for email in emails}
        found: dict[str, int] = {}
        for some in _few(list(marks)):
            of_these = select(people.c.id, people.c.email_mark).where(self.mine(people), people.c.email_mark.in_(some))
            found |= {marks[row["email_mark"]]: row["id"] for row in await self.rows(of_these)}
        return found

    async def unmet(self, handle: str) -> list[Person]:
        met = exists().where(self.mine(addresses), addresses.c.person == people.c.id)
        of_them = persons().where(self.mine(people), people.c.handle == handle, ~met).order_by(people.c.id)
        return [made(Person, row) for row in await self.rows(of_them)] if handle else []

    async def anyone_unmet(self) -> bool:
        met = exists().where(self.mine(addresses), addresses.c.person == people.c.id)
        known = select(people.c.id).where(self.mine(people), people.c.email_mark.is_not(None), ~met)
        return await self.one(known.limit(1)) is not None

    async def email(self, person: int) -> str | None:
        """The e-mail address, unsealed. Not in the port: only a person's own export needs it."""
        row = await self.one(select(people.c.email_sealed).where(self.mine(people), people.c.id == person))
        if row is None or row["email_sealed"] is None:
            return None
        return self.seal.open(row["email_sealed"], "people", person, "email")

    async def link(self, person: int, address: Address) -> None:
        row = insert(self.connection, addresses).values(society=self.society.id, address=address, person=person)
        await self.connection.execute(
            row.on_conflict_do_update(index_elements=["society", "address"], set_={"person": person})
        )

    async def unlink(self, address: Address) -> None:
        await self.connection.execute(addresses.delete().where(self.mine(addresses), addresses.c.address == address))

    async def addresses(self, person: int) -> list[Address]:
        of_person = select(addresses.c.address).where(self.mine(addresses), addresses.c.person == person)
        return list((await self.connection.execute(of_person.order_by(addresses.c.address))).scalars())

    async def all(self) -> list[Person]:
        known = persons().where(self.mine(people), people.c.forgotten_at.is_(None))
        return [made(Person, row) for row in await self.rows(known.order_by(people.c.id))]

    async def roster(self) -> list[Member]:
        known = select(addresses.c.person, addresses.c.address).where(self.mine(addresses))
        where: dict[int, list[Address]] = defaultdict(list)
        for row in await self.rows(known.order_by(addresses.c.address)):
            where[row["person"]].append(row["address"])
        profiles = persons(*labelled(mentee_profiles, "profile_")).join(
            mentee_profiles, mentee_profiles.c.person == people.c.id
        )
        mentees = {
            row["id"]: Mentee(made(Person, row), made(MenteeProfile, row, "profile_"))
            for row in await self.rows(profiles.where(self.mine(people)))
        }
        mentors = {mentor.person.id: mentor for mentor in await self._mentors()}
        return [
            Member(person, tuple(where[person.id]), mentees.get(person.id), mentors.get(person.id))
            for person in await self.all()
        ]

    async def change(self, person: int, **fields: Any) -> None:  # noqa: ANN401
        checked(Person, fields, without=("id", "roles"), also=("email",))
        if await self.get(person) is None:
            return
        if "email" in fields:
            await self._keep_email(person, fields.pop("email"))
        if fields:
            await self.connection.execute(
                update(people).where(self.mine(people), people.c.id == person).values(**fields)
            )
        # These decide when a pair's next step comes.
        if fields.keys() & {"away_until", "away_since", "zone"}:
            await self._touch_pairs(person)

    async def give_role(self, person: int, role: Role) -> None:
        row = insert(self.connection, roles).values(society=self.society.id, person=person, role=role)
        await self.connection.execute(row.on_conflict_do_nothing())

    async def take_role(self, person: int, role: Role) -> None:
        theirs = (self.mine(roles), roles.c.person == person, roles.c.role == role)
        await self.connection.execute(roles.delete().where(*theirs))

    async def officers(self) -> list[Person]:
        ids = select(roles.c.person).where(self.mine(roles), roles.c.role.in_(_as_good_as(Role.OFFICER)))
        of_them = persons().where(self.mine(people), people.c.id.in_(ids)).order_by(people.c.id)
        return [made(Person, row) for row in await self.rows(of_them)]

    async def holding(self, role: Role) -> list[Person]:
        ids = select(roles.c.person).where(self.mine(roles), roles.c.role.in_(_as_good_as(role)))
        here = exists().where(self.mine(addresses), addresses.c.person == people.c.id)
        of_them = persons().where(self.mine(people), people.c.id.in_(ids), here).order_by(people.c.id)
        return [made(Person, row) for row in await self.rows(of_them)]

    # ── profiles ────────────────────────────────────────────────────────────────────────────────────────────

    async def mentee(self, person: int) -> Mentee | None:
        row = await self.one(
            persons(*labelled(mentee_profiles, "profile_"))
            .join(mentee_profiles, mentee_profiles.c.person == people.c.id)
            .where(self.mine(people), people.c.id == person)
        )
        return None if row is None else Mentee(made(Person, row), made(MenteeProfile, row, "profile_"))

    async def mentor(self, person: int) -> Mentor | None:
        found = await self._mentors(people.c.id == person)
        return found[0] if found else None

    async def mentors(self) -> list[Mentor]:
        # Someone from a spreadsheet who has not come by yet could be asked for weeks without hearing of it.
        here = exists().where(self.mine(addresses), addresses.c.person == people.c.id)
        return await self._mentors(mentor_profiles.c.approved_at.is_not(None), people.c.left_at.is_(None), here)

    async def _mentors(self, *where: Any) -> list[Mentor]:  # noqa: ANN401
        load = select(func.count()).where(
            pairs.c.mentor == people.c.id, self.mine(pairs), pairs.c.state != PairState.ENDED
        )
        found = await self.rows(
            persons(*labelled(mentor_profiles, "profile_"), load.scalar_subquery().label("load"))
            .join(mentor_profiles, mentor_profiles.c.person == people.c.id)
            .where(self.mine(people), *where)
            .order_by(people.c.id)
        )
        return [Mentor(made(Person, row), made(MentorProfile, row, "profile_"), row["load"]) for row in found]

    async def save_mentee(self, person: int, **fields: Any) -> None:  # noqa: ANN401
        checked(MenteeProfile, fields, without=("person",))
        await self._save_profile(mentee_profiles, person, fields)

    async def save_mentor(self, person: int, **fields: Any) -> None:  # noqa: ANN401
        checked(MentorProfile, fields, without=("person",))
        await self._save_profile(mentor_profiles, person, fields)
        if "kind" in fields:
            await self._touch_pairs(person)

    async def _save_profile(self, table: Any, person: int, fields: dict[str, Any]) -> None:  # noqa: ANN401
        row = insert(self.connection, table).values(society=self.society.id, person=person, **fields)
        if fields:
            # The society is part of it: another society's profile is not ours to change.
            kept = row.on_conflict_do_update(index_elements=["person"], set_=fields, where=self.mine(table))
        else:
            kept = row.on_conflict_do_nothing()
        await self.connection.execute(kept)

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _certainly(self, person: int) -> Person:
        found = await self.get(person)
        if found is None:
            raise LookupError(f"no person {person} in society {self.society.id}")
        return found

    async def _keep_email(self, person: int, email: str | None) -> None:
        # The seal is bound to the row's number, so a new row has to exist before its e-mail is sealed.
        sealed = self.seal.close(email.strip(), "people", person, "email") if email else None
        mark = self.seal.mark(self.society.id, plain_email(email)) if email else None
        await self.connection.execute(
            update(people).where(self.mine(people), people.c.id == person).values(email_sealed=sealed, email_mark=mark)
        )

    async def _touch_pairs(self, person: int) -> None:
        live = select(pairs.c.id).where(
            self.mine(pairs),
            or_(pairs.c.mentee == person, pairs.c.mentor == person),
            pairs.c.state != PairState.ENDED,
        )
        self.touched.update((await self.connection.execute(live)).scalars())
