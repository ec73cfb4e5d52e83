"""A whole society in memory of one test: real storage, a clock that is moved by hand, members who act."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import App
from bot.clock import MovableClock
from bot.courier import Courier
from bot.model import DAY, Pace, Pair, Person, Role
from bot.records import Store
from bot.rehearsal import Actor, Paper
from bot.simulation import Simulation
from bot.society import society as put_together
from bot.ui import Form, Message, Reply, plain_message
from bot.vocabulary import Channel, Format, Help, Hours, MentorKind, Phase, ReplyTime, Rhythm, Specialty, Window

NEW_YORK = ZoneInfo("America/New_York")
PLACE = "paper:harborview"
USUAL = Pace()
MONDAY = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
"""10:00 in New York."""

LETTER: dict[str, str] = {
    "need": "I want to plan my first clinical summer and can't weigh research against shadowing.",
    "ask": "Which of my two summer options would you choose?",
    "motivation": "I translated for my grandmother at her clinic and want to be the one who explains.",
    "why": "You chose between the same two things.",
    "academics": "range",
}


@dataclass
class Society:
    store: Store
    app: App
    courier: Courier
    clock: MovableClock
    paper: Paper
    id: int
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def simulation(self) -> Simulation:
        return Simulation(self.app, self.courier, self.clock)

    async def visitor(self, name: str) -> Actor:
        """Someone who has not joined."""
        return Actor(self.app, self.paper, PLACE, f"paper:{next(self._numbers)}", name)

    async def mentee(self, name: str = "Ana Ruiz", **changes: Any) -> Actor:  # noqa: ANN401
        actor = await self.visitor(name)
        async with self.store.records(self.id) as records:
            person = await records.people.meet(actor.address, name)
            await records.people.change(person.id, **_person(changes))
            profile: dict[str, Any] = {
                "phase": Phase.SOPHOMORE,
                "interests": (Specialty.PEDIATRICS,),
                "wants": (Help.STRATEGY, Help.SHADOWING),
                "formats": (Format.VIDEO,),
                "hours": Hours.ONE,
                "rhythm": Rhythm.MONTHLY,
                "reply": ReplyTime.THREE_DAYS,
            }
            await records.people.save_mentee(person.id, **profile | changes)
        return actor

    async def mentor(self, name: str = "Ben Okafor", *, approved: bool = True, **changes: Any) -> Actor:  # noqa: ANN401
        actor = await self.visitor(name)
        async with self.store.records(self.id) as records:
            person = await records.people.meet(actor.address, name)
            await records.people.change(person.id, **_person(changes))
            profile: dict[str, Any] = {
                "kind": MentorKind.MS2,
                "fields": (Specialty.PEDIATRICS,),
                "offers": (Help.STRATEGY, Help.ESSAYS, Help.SHADOWING),
                "formats": (Format.VIDEO, Format.CHAT),
                "capacity": 2,
                "hours": Hours.TWO,
                "reply": ReplyTime.THREE_DAYS,
                "channels": (Channel.HERE,),
                "approved_at": self.clock.now() if approved else None,
            }
            await records.people.save_mentor(person.id, **profile | changes)
        return actor

    async def officer(self, name: str = "Olu Mensah") -> Actor:
        actor = await self.visitor(name)
        async with self.store.records(self.id) as records:
            person = await records.people.meet(actor.address, name)
            await records.people.change(person.id, **_person({}))
            await records.people.give_role(person.id, Role.OFFICER)
        return actor

    async def person(self, actor: Actor) -> Person:
        async with self.store.records(self.id) as records:
            person = await records.people.at(actor.address)
        assert person is not None
        return person

    async def pairs(self, actor: Actor) -> list[Pair]:
        """The live pairs someone is in."""
        person = await self.person(actor)
        async with self.store.records(self.id) as records:
            return await records.pairs.live_of(person.id)

    async def asked(self, mentee: Actor, mentor: Actor) -> None:
        """The mentee sends a request; it reaches the mentor if the hour allows."""
        first = mentor.name.split()[0]
        await mentee.calls("find-mentor")
        assert isinstance(await mentee.presses(f"Ask {first}"), Form)
        await mentee.fills(**LETTER)
        await mentee.presses(f"Send to {first}")
        await self.settle()

    async def paired(self, mentee: Actor, mentor: Actor) -> Pair:
        await self.asked(mentee, mentor)
        await mentor.presses("Accept")
        await self.settle()
        return (await self.pairs(mentee))[-1]

    async def agreed(self, mentee: Actor, mentor: Actor, **answers: str) -> None:
        """Both say what they expect, and agree to the middle."""
        for actor in (mentee, mentor):
            await actor.presses("What I expect (2 minutes)")
            await actor.fills(rhythm=answers.get("rhythm", "monthly"), in_person="no")
            await actor.presses("Go on")
            reply = answers.get("reply", "three_days")
            await actor.fills(mentor_reply=reply, mentee_reply=reply, topics=("strategy",))
        await self.later(DAY)
        for actor in (mentor, mentee):
            await actor.presses("Yes, let's do that")

    async def settle(self) -> None:
        await self.simulation.settle()

    async def later(self, wait: timedelta) -> None:
        """Time passes, and everything due on the way happens."""
        await self.simulation.run_until(self.clock.now() + wait)

    def heard(self, actor: Actor, since: datetime | None = None) -> list[str]:
        """What reached someone by the bot's own doing, as words."""
        return [
            plain_message(shown.message, NEW_YORK)
            for shown in self.paper.seen_by(actor.address)
            if since is None or shown.at >= since
        ]


def words(reply: Reply | Message | None) -> str:
    """An answer as words."""
    assert reply is not None
    assert not isinstance(reply, Form), reply
    return plain_message(reply if isinstance(reply, Message) else reply.message, NEW_YORK)


def _person(changes: dict[str, Any]) -> dict[str, Any]:
    """The part of the changes that belongs to the person, taken out of them."""
    person: dict[str, Any] = {
        "zone": NEW_YORK,
        "windows": (Window.WEEKDAY_EVENING,),
        "adult": True,
        "school": "Harborview",
    }
    for name in ("zone", "windows", "adult", "school", "away_until", "away_since"):
        if name in changes:
            person[name] = changes.pop(name)
    return person


@asynccontextmanager
async def harborview(
    store: Store,
    pace: Pace = USUAL,
    start: datetime = MONDAY,
    channel: str | None = None,
) -> AsyncIterator[Society]:
    clock = MovableClock(start)
    paper = Paper(clock.now)
    found = await store.found("Harborview", "America/New_York", PLACE, channel)
    app = put_together(store, clock, pace)
    app.patience = 60  # seconds: what a busy machine makes slow is not what these tests are about
    platforms: Sequence[Paper] = [paper]
    yield Society(store, app, Courier(store, clock, pace, platforms), clock, paper, found.id)
