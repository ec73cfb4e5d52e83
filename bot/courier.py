"""The one courier: sends what is waiting to be said, as kindly as its listeners need.

Deliveries are claimed under a key that is stored before the first attempt and reused by every retry, so a platform can
recognise a message it has already shown. Quiet hours, budgets and bundling are applied here, to everyone.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.config import paced
from bot.feature import about_room
from bot.model import Delivery, Happened, Open, Pace, Person, Society, Urgency
from bot.ports import Address, Clock, Departed, Later, Platform, Refused, place_of
from bot.records import Envelope, Listener, Store, Waiting
from bot.rules.timing import awake, break_spells, first_moment, may_speak_at, merged, out_of_quiet
from bot.ui import (
    Button,
    Mention,
    Message,
    Slash,
    Style,
    TooMuch,
    act,
    bundled,
    buttons,
    mentioned,
    message,
    message_from_json,
    say,
    with_addresses,
)

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
"""Longer than any send can take, so that a retry never overtakes the first try."""
SEND = 30.0
"""Seconds."""
PRESENT = timedelta(minutes=15)
"""Someone who acted so recently is here: what follows from it does not interrupt them."""
ELSEWHERE = timedelta(minutes=10)
"""Where a platform asks for so much patience, someone who can be reached on another is written to there."""


@dataclass
class Courier:
    store: Store
    clock: Clock
    pace: Pace
    platforms: Sequence[Platform]
    stopping: bool = False
    """Whether nothing more is to be begun. What is unsent stays where it is, for the next start."""
    _told: dict[int, datetime] = field(default_factory=dict, init=False)
    _called: bool = field(default=False, init=False)
    _rounds: asyncio.Task[None] | None = field(default=None, init=False)
    _in_hand: set[asyncio.Task[int]] = field(default_factory=set, init=False)

    def call(self) -> None:
        """Have what was just written sent, without waiting for it."""
        self._called = True
        if self._rounds is None or self._rounds.done():
            self._rounds = asyncio.create_task(self._go_round())

    async def _go_round(self) -> None:
        while self._called and not self.stopping:
            self._called = False
            try:
                await self.deliver()
            except Exception:
                # As while the database is away. The tick comes by in any case.
                log.exception("round failed")

    async def finish(self, patience: float) -> None:
        """Begin nothing more. What is being sent may still take so long (seconds)."""
        self.stopping = True
        if in_hand := {*self._in_hand, *([self._rounds] if self._rounds else [])}:
            await asyncio.wait(in_hand, timeout=patience)

    async def deliver(self) -> int:
        """Send what may be sent now; how many messages that was."""
        sent = 0
        for waiting in await self._waiting(self.clock.now()):
            if self.stopping:
                break
            this = asyncio.create_task(self._say_what_may_be_said(waiting))
            self._in_hand.add(this)
            this.add_done_callback(self._in_hand.discard)
            try:
                sent += await asyncio.shield(this)
            except Exception:
                # Whatever is wrong with what one person is to hear, the others are not to wait for it.
                first = waiting.deliveries[0]
                log.exception("not delivered", society=first.society, delivery=first.id)
        return sent

    async def _say_what_may_be_said(self, waiting: Waiting) -> int:
        # A round may take minutes: a lease counted from its beginning would be over before the last are sent.
        now = self.clock.now()
        ready = await self._ready(waiting, now)
        if not ready:
            return 0
        envelope = await self.store.claim([d.id for d in ready], secrets.token_hex(12), now, LEASE)
        if envelope is None:
            return 0
        if any(each.urgency.counted for each in envelope.deliveries):
            self._told.update((listener.person.id, now) for listener in waiting.listeners)
        sent = await self._send(waiting, envelope)
        if not sent:
            for listener in waiting.listeners:
                self._told.pop(listener.person.id, None)
        return sent

    async def _waiting(self, now: datetime) -> list[Waiting]:
        """What could be sent now, once nothing of it is for a room that cannot be."""
        waiting = await self.store.waiting(now)
        apart = [pair for each in waiting if (pair := each.deliveries[0].pair) and await self._apart(each, pair)]
        if not apart:
            return waiting
        for each in waiting:
            if (pair := each.deliveries[0].pair) in apart and pair is not None:
                await self._to_each(each, pair, now)
        return await self.store.waiting(now)

    async def _apart(self, waiting: Waiting, pair: int) -> bool:
        """Whether the two have no platform in common, or none that opens a room: then each only talks with the bot."""
        if waiting.deliveries[0].envelope is not None or await self.store.room_of(pair):
            return False
        if (shared := await self._shared(waiting, pair)) is None:
            return True
        platform, members = shared
        return not platform.opens_rooms(_under(waiting.society, members))

    async def _to_each(self, waiting: Waiting, pair: int, now: datetime) -> None:
        carries = _carries(one_platform=await self._shared(waiting, pair) is not None)
        async with self.store.records(waiting.society.id) as records:
            if all(event.what is not Happened.OPENED for event in await records.pairs.events(pair)):
                by = waiting.deliveries[0].by
                await records.post.say(carries, Urgency.NEWS, now, pair=pair, by=by, topic=f"room:{pair}")
                await records.pairs.happened(pair, Happened.OPENED, now)
                await records.diary.set(Open.PAIR, pair, now)
            await records.post.withdraw(about_room(pair))
            await records.post.to_each(pair)

    async def _ready(self, waiting: Waiting, now: datetime) -> list[Delivery]:
        """What of this may be said now and fits into one message. What must wait is put off to its moment."""
        allowed: list[Delivery] = []
        for delivery in waiting.deliveries:
            at = self._moment(waiting, delivery, now)
            if delivery.urgency is Urgency.ANNOUNCEMENT and any(each.urgency is delivery.urgency for each in allowed):
                at = now + paced(self.pace, waiting.society.chosen).announcements_apart  # two in one message are two
            if delivery.until is not None and at >= delivery.until:
                await self.store.drop([delivery.id], now)
            elif at > now:
                await self.store.put_off_deliveries([delivery.id], at)
            elif delivery.envelope is not None:
                return [delivery]
            else:
                allowed.append(delivery)
        while len(allowed) > 1:
            try:
                _bundle(allowed)
                break
            except TooMuch:
                allowed.pop()
        return allowed

    def _moment(self, waiting: Waiting, delivery: Delivery, now: datetime) -> datetime:
        if not waiting.listeners:
            return out_of_quiet(now, waiting.society.zone, paced(self.pace, waiting.society.chosen))
        moment = now
        for _ in range(4):  # two listeners' hours, agreed on by turns
            before = moment
            for listener in waiting.listeners:
                moment = max(moment, self._listens(waiting, listener, delivery, moment))
            if moment == before:
                break
        return moment

    def _listens(self, waiting: Waiting, listener: Listener, delivery: Delivery, now: datetime) -> datetime:
        if delivery.by == listener.person.id and now - delivery.created_at <= PRESENT:
            return now
        if waiting.deliveries[0].to is not None and listener.person.away_until is not None:
            zone = listener.person.zone or waiting.society.zone
            now = max(now, first_moment(listener.person.away_until, zone))
        pace = paced(self.pace, waiting.society.chosen)
        if delivery.urgency.asks:
            breaks = (*pace.breaks, *waiting.society.breaks)
            now = awake(now, merged(break_spells(breaks, waiting.society.zone)))
        return may_speak_at(
            now,
            delivery.urgency,
            zone=listener.person.zone or waiting.society.zone,
            mentor=listener.mentor,
            told=self._heard(listener),
            nudged=listener.nudged,
            announced=listener.announced,
            pace=pace,
        )

    def _heard(self, listener: Listener) -> Sequence[datetime]:
        """When someone was told something; what this courier told them since it last looked, too."""
        lately = self._told.get(listener.person.id)
        if lately is None or any(at >= lately for at in listener.told):
            return listener.told
        return (*listener.told, lately)

    async def _send(self, waiting: Waiting, envelope: Envelope) -> int:
        first = envelope.deliveries[0]
        try:
            async with asyncio.timeout(SEND):
                await self._hand_over(waiting, envelope, _bundle(envelope.deliveries))
        except Refused:
            log.warning("undeliverable", society=first.society, delivery=first.id)
            await self.store.undeliverable(envelope.key, self.clock.now())
            return 0
        except Later as later:
            await self.store.hand_back(envelope.key, self.clock.now() + later.wait)
            return 0
        except Exception:
            # Perhaps it arrived. The same message goes again under the same key.
            log.exception("send failed", society=first.society, delivery=first.id, tries=first.tries)
            wait = LEASE * 2 ** min(first.tries, 8)
            await self.store.put_off_deliveries([d.id for d in envelope.deliveries], self.clock.now() + wait)
            return 0
        await self.store.delivered(envelope.key, self.clock.now())
        return 1

    async def _hand_over(self, waiting: Waiting, envelope: Envelope, said: Message) -> None:
        first = envelope.deliveries[0]
        if first.channel is not None:
            await self._say(first.channel, said, envelope)
        elif first.pair is not None:
            await self._say(await self._room(waiting, first.pair), said, envelope)
        else:
            await self._privately(waiting, said, envelope)

    async def _privately(self, waiting: Waiting, said: Message, envelope: Envelope) -> None:
        """Write to a person where they can be reached; if they take no messages, leave word in a room of theirs.

        What was for them alone stays so: the room only learns that something waits, and they read it privately.
        """
        society, person, still_there = waiting.society.id, waiting.listeners[0].person, False
        patience: Later | None = None
        for address in await self.store.reach(society, person.id):
            try:
                return await self._say(address, said, envelope)
            except Later as later:
                if later.wait < ELSEWHERE:
                    raise
                patience = later if patience is None or later.wait < patience.wait else patience
            except Refused as refused:
                still_there |= not isinstance(refused, Departed)
        if patience is not None:
            raise patience
        for room in await self.store.rooms_of(society, person.id) if still_there else ():
            try:
                return await self._say(room, _word_waits(person, envelope.key), envelope)
            except Refused:
                continue
        raise Refused("no address and no room takes it")

    async def _say(self, address: Address, said: Message, envelope: Envelope) -> None:
        platform, first = self._platform(address), envelope.deliveries[0]
        if platform is None:
            raise Refused("no running platform knows the address")
        said = await self._addressed(said, first.society, platform)
        await platform.send(address, said, envelope.key, again=first.tries > 1)

    async def _addressed(self, said: Message, society: int, platform: Platform) -> Message:
        """The message with the addresses that those it mentions have on this platform."""
        known = {}
        for person in mentioned(said):
            addresses = await self.store.reach(society, person)
            known[person] = next((a for a in addresses if self._platform(a) is platform), "")
        return with_addresses(said, known) if any(known.values()) else said

    async def _room(self, waiting: Waiting, pair: int) -> Address:
        society, shared = waiting.society.id, await self._shared(waiting, pair)
        if room := await self.store.room_of(pair):
            if shared is not None and place_of(shared[1][0]) == place_of(room):
                await shared[0].let_in(room, shared[1])
            return room
        if shared is None:
            raise Refused("the two share no platform")
        platform, members = shared
        under, title = _under(waiting.society, members), _title(*waiting.listeners)
        room = await platform.open_room(members, title, f"room-{society}-{pair}", under)
        await self.store.keep_room(society, pair, room, self.clock.now())
        return room

    async def _shared(self, waiting: Waiting, pair: int) -> tuple[Platform, list[Address]] | None:
        """The first server or workspace in which both of a pair are, with their addresses there."""
        one, other = [await self.store.reach(waiting.society.id, each.person.id) for each in waiting.listeners]
        for platform in self.platforms:
            for mine, theirs in itertools.product(one, other):
                if self._platform(mine) is platform and place_of(mine) == place_of(theirs):
                    return platform, [mine, theirs]
        return None

    def _platform(self, address: Address) -> Platform | None:
        return next((p for p in self.platforms if address.startswith(f"{p.name}:")), None)


def _word_waits(person: Person, key: str) -> Message:
    return message(
        say(
            "{name}, a word for you alone is waiting, and your private messages are closed to me.",
            name=Mention(person.id, person.name[:60]),
        ),
        buttons(Button("Read it", act("letter.read", key), Style.PRIMARY)),
    )


def _carries(*, one_platform: bool) -> Message:
    why = "I can't open a room for you two yet" if one_platform else "You two are on different platforms"
    return message(say("{why}, so I carry what you write to each other: {write}", why=why, write=Slash("write")))


def _under(society: Society, members: Sequence[Address]) -> Address | None:
    """The channel under which a room of these members opens."""
    return society.place(place_of(members[0])).rooms


def _title(*both: Listener) -> str:
    return " and ".join(each.person.name.split()[0] for each in both)[:80]


def _bundle(deliveries: Sequence[Delivery]) -> Message:
    """Several things to say as one message. Raises TooMuch when they do not fit."""
    return bundled([message_from_json(delivery.message) for delivery in deliveries])
