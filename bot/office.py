"""The officers' page as the core sees it: who is in, and what there is to look at.

What an officer does there goes through the one door like anything else; here is only what is read. Whether someone
still is an officer is asked each time.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.app import App
from bot.config import paced
from bot.feature import Turn
from bot.model import Member, Need, Pace, PairFacts, PairState, Person, Proposed, Side
from bot.portrait import mentee_line, mentor_line
from bot.ports import Request
from bot.records import Records, Session
from bot.roles import end_terms
from bot.rounds import beside, cohort_now
from bot.rules.agenda import health, still
from bot.rules.cohort import against, possible
from bot.rules.fit import complete_mentee, complete_mentor
from bot.rules.power import may
from bot.rules.waiting import last_contact, who_waits
from bot.ui import Command

IDLE, MOST = timedelta(hours=8), timedelta(hours=24)
"""A session ends when nobody used it so long, and after a day: a role taken away on a platform shows there first."""


@dataclass(frozen=True)
class Visitor:
    """An officer who is signed in."""

    session: Session
    person: Person


@dataclass(frozen=True)
class PairRow:
    mentee: str
    mentor: str
    standing: str
    """Slug of how it stands: "green", "amber", "red", or "resting"."""
    since: datetime
    last: datetime | None
    """When the two were last in touch, as far as is known."""
    waits: Side | None
    """Whose words wait for an answer."""
    waits_since: datetime | None
    late: bool
    """… longer than was promised."""


@dataclass(frozen=True)
class PersonRow:
    name: str
    line: str
    roles: tuple[str, ...]
    """Of "officer", "mentor" and "mentee"."""
    load: int
    capacity: int
    looks: bool
    """Whether they look for a mentor and have none."""
    open: bool
    """Whether something of theirs is not finished or not approved yet."""
    away_until: date | None


@dataclass(frozen=True)
class Offer:
    """One of the officers' commands."""

    name: str
    help: str
    alone: bool
    """Whether it says something without being told more."""


@dataclass(frozen=True)
class Desk:
    """What lies on an officer's desk. Nothing private is on it: no words, no contacts, nothing academic."""

    society: str
    officer: str
    zone: str
    now: datetime
    commands: tuple[Offer, ...]
    acts: bool
    """Whether they may change things, and not only look."""
    queue: int
    pairs: tuple[PairRow, ...]
    people: tuple[PersonRow, ...]


@dataclass(frozen=True)
class MentorInRound:
    id: int
    name: str
    line: str
    places: int
    """How many more they could take, before this round."""


@dataclass(frozen=True)
class MenteeInRound:
    id: int
    name: str
    line: str
    fits: Mapping[int, int]
    """How well each mentor fits who is possible at all, of 100."""
    out: bool
    """Whether an officer left them out."""


@dataclass(frozen=True)
class Review:
    """The round that officers look at, with everyone who could be in it."""

    id: int
    version: int
    pairs: tuple[Proposed, ...]
    """Those whose two are both still there."""
    stale: int
    """How many of the round's pairs do not hold any more."""
    mentees: tuple[MenteeInRound, ...]
    mentors: tuple[MentorInRound, ...]


@dataclass
class OfficeDoor:
    """The way in, and what is seen from there."""

    app: App

    async def enter(self, code: str) -> str | None:
        """The token of a new session, for a code that is good and whose owner is an officer."""
        token, now = secrets.token_urlsafe(32), self.app.clock.now()
        session = await self.app.store.office.enter(code, token, now)
        if session is None:
            return None
        async with self.app.store.records(session.society) as records:
            person = await _officer(records, session, now)
            if person is not None:
                await records.audit(now, person.id, "office.entered", f"person:{person.id}")
        if person is None:
            await self.leave(token)
            return None
        return token

    async def visitor(self, token: str) -> Visitor | None:
        """Who this token lets in; None once the session is over, or they are no officer any more."""
        now = self.app.clock.now()
        session = await self.app.store.office.session(token, now - IDLE, now - MOST, now)
        if session is None:
            return None
        async with self.app.store.records(session.society) as records:
            person = await _officer(records, session, now)
        if person is None:
            await self.leave(token)
            return None
        return Visitor(session, person)

    async def leave(self, token: str) -> None:
        await self.app.store.office.leave(token)

    def lets(self, request: Request) -> bool:
        """Whether it may be asked from here: officers' business, but nothing that is an officer's own as a member."""
        return self.app.for_officers(request.what)

    async def desk(self, visitor: Visitor) -> Desk:
        async with self.app.store.records(visitor.session.society) as records:
            found, queue, society = (
                await records.board.chronicle(live=True),
                await records.queue.items(),
                records.society,
            )
        now, pace = self.app.clock.now(), paced(self.app.pace, society.chosen)
        live = [replace(each, breaks=(*self.app.pace.breaks, *each.breaks)) for each in found.pairs]
        guided = {each.pair.mentee for each in live}
        return Desk(
            society=society.name,
            officer=visitor.person.name,
            zone=(visitor.person.zone or society.zone).key,
            now=now,
            acts=may(Need.ACT, visitor.person.roles, manager=False, led=society.led),
            commands=tuple(_offer(each) for each in self.app.commands if each.officers_only),
            queue=len(queue),
            pairs=tuple(_pair(each, now, pace) for each in live),
            people=tuple(_person(member, guided) for member in found.members),
        )

    async def review(self, visitor: Visitor) -> Review | None:
        """The round that is open. Raises Sorry where that takes too long to work out."""
        async with self.app.store.records(visitor.session.society) as records:
            seen = await records.rounds.current()
            if seen is None:
                return None
            cohort = await cohort_now(Turn(records, visitor.person, self.app.clock.now(), self.app.pace))
        fits = await beside(lambda stop: possible(cohort, stop))
        there = tuple(each for each in seen.pairs if each.mentee in cohort.mentees and each.mentor in cohort.mentors)
        return Review(
            id=seen.id,
            version=seen.version,
            pairs=there,
            stale=len(seen.pairs) - sum(against(cohort, each.mentee, each.mentor) is None for each in there),
            mentees=tuple(
                MenteeInRound(number, each.person.name, mentee_line(each), fits.get(number, {}), number in seen.out)
                for number, each in cohort.mentees.items()
            ),
            mentors=tuple(
                MentorInRound(number, each.person.name, mentor_line(each), cohort.places[number])
                for number, each in cohort.mentors.items()
            ),
        )


def _pair(facts: PairFacts, now: datetime, pace: Pace) -> PairRow:
    resting = facts.pair.state is PairState.PAUSED
    waits = None if resting else who_waits(facts, still(facts), pace)
    return PairRow(
        mentee=facts.mentee.name,
        mentor=facts.mentor.name,
        standing="resting" if resting else health(facts, now, pace).value,
        since=facts.pair.started_at,
        last=last_contact(facts),
        waits=waits.side if waits else None,
        waits_since=waits.since if waits else None,
        late=waits is not None and waits.late(now),
    )


async def _officer(records: Records, session: Session, now: datetime) -> Person | None:
    """Whose session it is, if they may still see what officers see."""
    await end_terms(records, now, session.person)
    person = await records.people.at(session.address)
    if (
        person is None
        or person.id != session.person
        or not may(Need.READ, person.roles, manager=False, led=records.society.led)
    ):
        return None
    return person


def _offer(command: Command) -> Offer:
    return Offer(command.name, command.help, not any(param.required for param in command.params))


def _person(member: Member, guided: set[int]) -> PersonRow:
    person, mentee, mentor = member.person, member.mentee, member.mentor
    roles = [("officer", person.officer), ("mentor", mentor), ("mentee", mentee)]
    ready = mentee is not None and complete_mentee(mentee)
    approved = mentor is not None and mentor.profile.approved_at is not None and complete_mentor(mentor)
    return PersonRow(
        name=person.name,
        line=mentor_line(mentor) if mentor else mentee_line(mentee) if mentee else "",
        roles=tuple(role for role, held in roles if held),
        load=mentor.load if mentor else 0,
        capacity=(mentor.profile.capacity or 0) if mentor else 0,
        looks=ready and person.id not in guided,
        open=(mentee is not None and not ready) or (mentor is not None and not approved),
        away_until=person.away_until,
    )
