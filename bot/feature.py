"""What a feature is made of: a turn to act in, and a place to say which commands, taps, forms and steps it handles.

    joining = Feature("joining")

    @joining.command(Command("sign-up", "Join as a mentee, a mentor or both"))
    async def join(turn: Turn) -> Reply: ...

    @joining.press("join.as")
    async def join_as(turn: Turn, role: str) -> Reply: ...

Handlers are plain functions of a `Turn` and the action's arguments, converted to the annotated types. Within a turn
everything happens in one transaction, and whatever is said to others is written down, never sent.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from bot.config import paced
from bot.model import (
    Break,
    Happened,
    Need,
    Open,
    Pace,
    Pair,
    PairFacts,
    Person,
    QueueReason,
    Side,
    Society,
    Urgency,
)
from bot.ports import Address, Lacks, Request, Upload
from bot.records import Records, Store
from bot.rules.agenda import Do, Step
from bot.rules.power import may
from bot.rules.timing import Spell, break_spells, merged
from bot.ui import Command, Filled, Message, Reply, Slash, Text, Words, as_text, message, say

Handler: TypeAlias = Callable[..., Awaitable["Reply | Drawn"]]
StepHandler: TypeAlias = Callable[["Turn", PairFacts, Step], Awaitable[None]]
PromiseHandler: TypeAlias = Callable[["Turn", int], Awaitable[None]]
Standing: TypeAlias = Callable[["Turn", Pair, Side], Awaitable[Text | None]]
AtHome: TypeAlias = Callable[["Turn"], Awaitable[Message | None]]
AtCheckin: TypeAlias = Callable[["Turn", Pair, Side], Awaitable[Message | None]]
Follower: TypeAlias = Callable[["Turn", PairFacts], Awaitable[None]]
Presence: TypeAlias = Callable[["Turn"], Awaitable[None]]
StrangerHandler: TypeAlias = Callable[[Store, Request, datetime], Awaitable[Reply]]
H = TypeVar("H", bound=Callable[..., Awaitable[object]])


class Sorry(Exception):
    """What was asked for cannot be done, in words for the one who asked. Nothing of the turn is kept."""

    def __init__(self, words: Words) -> None:
        super().__init__("declined")
        self.words = as_text(words)


class Stale(Sorry):
    """The button is from another time, or was never theirs; both sound the same, so that nothing is given away."""

    def __init__(self) -> None:
        super().__init__(
            say("That button has had its day. Nothing was changed. Where you stand: {home}", home=Slash("home"))
        )


@dataclass(frozen=True)
class Drawn:
    """A reply that takes a while to make and needs the records no more.

    It is made in a thread, once the turn's transaction is over: nobody waits for a picture to be drawn.
    """

    make: Callable[[], Reply]


@dataclass
class Turn:
    """One member's turn, or the bot's own: who, when, and the records it may change."""

    records: Records
    person: Person | None
    now: datetime
    pace: Pace
    address: Address = ""
    filled: Filled = field(default_factory=dict)
    """The fields of the form that was sent, if this turn is one."""
    files: Mapping[str, Upload] = field(default_factory=dict)
    """The files that came with the form, by field."""
    values: tuple[str, ...] = ()
    """What was chosen, if this turn is a menu's."""
    place: Address = ""
    """The server or workspace where it happens."""
    manager: bool = False
    """Whether the platform lets them administer that place."""
    shows_roles: bool = False
    """Whether the platform says which roles they hold there."""
    features: tuple[Feature, ...] = ()
    """All there are: what each offers about a pair, and at home, is shown together."""
    lacks: Mapping[Address, Lacks] = field(default_factory=dict)
    """Of the channels that were named: what the bot may not do there."""
    handle: str = ""
    """What the platform, and not they themselves, calls them there; empty where it does not say."""
    office: str = ""
    """Where the officers' page is; empty while it is switched off."""

    usual: Pace = field(init=False)
    """The clock of the settings file. `pace` is that with what the society chose for itself."""

    def __post_init__(self) -> None:
        self.usual, self.pace = self.pace, paced(self.pace, self.society.chosen)

    @property
    def who(self) -> Person:
        if self.person is None:
            raise LookupError("the bot's own turn has no member")
        return self.person

    @property
    def society(self) -> Society:
        return self.records.society

    def may(self, need: Need) -> bool:
        """Whether whoever acts has what it takes."""
        return may(need, self.who.roles, manager=self.manager, led=self.society.led)

    def must(self, need: Need) -> None:
        """Raises Sorry, in words that say whose it is, where they may not."""
        if not self.may(need):
            governs = need is Need.GOVERN and self.society.led
            raise Sorry(_PRESIDENTS if governs else _OFFICERS)

    def zone_of(self, person: Person) -> ZoneInfo:
        return person.zone or self.society.zone

    def today(self, person: Person | None = None) -> date:
        """The date on someone's own calendar (the society's for nobody in particular)."""
        return self.now.astimezone(self.zone_of(person) if person else self.society.zone).date()

    async def tell(
        self,
        to: int,
        said: Message,
        topic: str = "",
        urgency: Urgency = Urgency.NEWS,
        by: int | None = None,
        until: datetime | None = None,
    ) -> None:
        """Write to one person, when their quiet hours and budget allow; after `until`, not at all."""
        await self.records.post.say(said, urgency, self.now, to=to, topic=topic, by=by, until=until)

    async def tell_room(self, pair: int, said: Message, by: int | None = None, urgency: Urgency = Urgency.NEWS) -> None:
        """Write into a pair's room, which is opened for its first message."""
        await self.records.post.say(said, urgency, self.now, pair=pair, topic=f"room:{pair}", by=by)

    async def audit(self, action: str, subject: str, detail: str = "") -> None:
        await self.records.audit(self.now, self.person.id if self.person else None, action, subject, detail)

    async def happened(self, pair: int, what: Happened, side: Side | None = None) -> None:
        await self.records.pairs.happened(pair, what, self.now, side)

    async def pair_of_mine(self, pair: int) -> tuple[Pair, Side]:
        """A live pair of the one who asks, and their side of it. Raises Stale for any other."""
        found = await self.records.pairs.get(pair)
        side = found.side(self.who.id) if found else None
        if found is None or side is None or not found.live:
            raise Stale
        return found, side

    @property
    def breaks(self) -> tuple[Break, ...]:
        """The days on which nobody is asked for anything: those of the settings, and those officers set."""
        return (*self.pace.breaks, *self.society.breaks)

    @property
    def stopped(self) -> list[Spell]:
        """When every clock of the society stands still."""
        return merged(break_spells(self.breaks, self.society.zone))

    async def facts(self, pair: int) -> PairFacts | None:
        """All that decides the next step of a pair, the society's breaks included."""
        facts = await self.records.pairs.facts(pair)
        return replace(facts, breaks=(*self.pace.breaks, *facts.breaks)) if facts else None

    async def my_pair(self, chosen: str | None) -> tuple[Pair, Side]:
        """The pair a PAIR parameter names, or the only one there is. Raises Sorry when it is not clear which."""
        if chosen is not None:
            return await self.pair_of_mine(int(chosen))
        match await self.records.pairs.live_of(self.who.id):
            case [pair]:
                return await self.pair_of_mine(pair.id)
            case []:
                raise Sorry(say("No pair yet. What comes next: {home}", home=Slash("home")))
            case _:
                raise Sorry("You have several pairs: say whose, by name.")

    async def hand_to_officers(
        self, reason: QueueReason, *, pair: int | None = None, person: int | None = None
    ) -> None:
        """Put something before the officers, and let them know."""
        if await self.records.queue.open(reason, self.now, pair=pair, person=person):
            await self.call_officers()

    async def call_officers(self) -> None:
        """Let the officers know that something waits for them, in one line that replaces an unsent earlier one."""
        if not (waiting := len(await self.records.queue.items())):
            return
        things = "One thing waits" if waiting == 1 else f"{waiting} things wait"
        await self.tell_officers(
            message(say("{things} for an officer. See {queue}.", things=things, queue=Slash("queue"))), "queue"
        )

    async def tell_officers(self, said: Message, topic: str, but: Address | None = None) -> None:
        """Say something in the officers' channel, or else to each officer, in place of what is unsent on the topic.

        `but`: a channel that is no more.
        """
        post, channels = self.records.post, [place.officers for place in self.society.places]
        await post.withdraw(topic)
        if channel := next((each for each in channels if each and each != but), None):
            await post.say(said, Urgency.NEWS, self.now, channel=channel, topic=topic)
            return
        for officer in await self.records.people.officers():
            if not await self.records.people.addresses(officer.id):
                continue  # on the officers' sheet, but not here yet
            await post.say(said, Urgency.NEWS, self.now, to=officer.id, topic=topic)


def about_silence(pair: int, side: Side) -> str:
    """The topic of whatever is asked because this side of a pair is silent, whoever is asked."""
    return f"pair:{pair}:silence:{side}"


def about_room(pair: int) -> str:
    """The topic of what is said only where a pair's room can open for it, and to nobody otherwise."""
    return f"room:{pair}:opens"


async def spoke(turn: Turn, pair: Pair, side: Side | None, *, asks: bool = True) -> None:
    """One side wrote to the other, or (None) the two met: whatever was asked about that silence is settled.

    `asks`: whether what was written waits for an answer.
    """
    wrote = Happened.WROTE if asks else Happened.UPDATED
    await turn.happened(pair.id, wrote if side else Happened.MET, side)
    await settled(turn, pair, side)


async def settled(turn: Turn, pair: Pair, side: Side | None) -> None:
    """A side's silence is over, or both: what was still to be said or done about it is not."""
    over = {QueueReason.SLOW_START}
    for each in (side,) if side else Side:
        silence = (QueueReason.MENTEE_QUIET, QueueReason.MENTOR_CHASING)
        over.update(silence if each is Side.MENTEE else (QueueReason.MENTOR_QUIET,))
        await turn.records.post.withdraw(about_silence(pair.id, each))
    await turn.records.queue.resolve_pair(pair.id, turn.now, *over)


async def channel_gone(turn: Turn, place: Address, channel: Address) -> None:
    """A channel of a place is no more: if something was to be said there, officers choose another."""
    here = turn.society.place(place)
    lost = [said for was, said in ((here.rooms, _ROOMS_GONE), (here.officers, _OFFICERS_GONE)) if was == channel]
    if not lost:
        return
    rooms = None if here.rooms == channel else here.rooms
    officers = None if here.officers == channel else here.officers
    await turn.records.settle(replace(here, rooms=rooms, officers=officers))
    await turn.audit("setup", "place", "a channel is gone")
    words = [say(said, setup=Slash("setup")) for said in lost]
    await turn.tell_officers(message(*words), f"gone:{channel}", but=channel)


@dataclass(frozen=True)
class Handled:
    """A handler and who may reach it."""

    do: Handler
    need: Need = Need.MEMBER


@dataclass(frozen=True)
class Offer:
    """Something that can be done about a pair: a line of its menu, which presses `press` with the pair's id."""

    label: str
    press: str
    sides: frozenset[Side]
    resting: bool
    """Whether it is offered while the pair rests, too."""


@dataclass
class Feature:
    name: str
    commands: dict[str, tuple[Command, Handled]] = field(default_factory=dict)
    presses: dict[str, Handled] = field(default_factory=dict)
    forms: dict[str, Handled] = field(default_factory=dict)
    steps: dict[Do, StepHandler] = field(default_factory=dict)
    promises: dict[Open, PromiseHandler] = field(default_factory=dict)
    strangers: dict[str, StrangerHandler] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    homes: list[AtHome] = field(default_factory=list)
    followers: list[Follower] = field(default_factory=list)
    asides: list[AtCheckin] = field(default_factory=list)
    greetings: list[AtHome] = field(default_factory=list)
    departures: list[Presence] = field(default_factory=list)
    returns: list[Presence] = field(default_factory=list)

    def command(self, command: Command) -> Callable[[H], H]:
        def register(handler: H) -> H:
            self.commands[command.name] = command, Handled(_typed(handler), command.need)
            return handler

        return register

    def in_no_society(self, command: str) -> Callable[[StrangerHandler], StrangerHandler]:
        """What a command does in a place that belongs to no society yet, where there are no records to act in."""

        def register(handler: StrangerHandler) -> StrangerHandler:
            self.strangers[command] = handler
            return handler

        return register

    def press(self, name: str, *, need: Need = Need.MEMBER) -> Callable[[H], H]:
        """A button or a menu."""

        def register(handler: H) -> H:
            self.presses[name] = Handled(_typed(handler), need)
            return handler

        return register

    def form(self, name: str, *, need: Need = Need.MEMBER) -> Callable[[H], H]:
        def register(handler: H) -> H:
            self.forms[name] = Handled(_typed(handler), need)
            return handler

        return register

    def step(self, *do: Do) -> Callable[[StepHandler], StepHandler]:
        """What the bot does when a pair is due for this."""

        def register(handler: StepHandler) -> StepHandler:
            self.steps.update(dict.fromkeys(do, handler))
            return handler

        return register

    def promise(self, what: Open) -> Callable[[PromiseHandler], PromiseHandler]:
        """What the bot does when an open thing other than a pair is due."""

        def register(handler: PromiseHandler) -> PromiseHandler:
            self.promises[what] = handler
            return handler

        return register

    def offer(self, label: str, press: str, *, sides: Iterable[Side] = Side, resting: bool = False) -> None:
        """Put one of this feature's presses into the menu of every pair."""
        self.offers.append(Offer(label, press, frozenset(sides), resting))

    def standing(self, line: Standing) -> Standing:
        """How a pair stands with this feature, as one short line under it; None when there is nothing to say."""
        self.standings.append(line)
        return line

    def follows(self, follow: Follower) -> Follower:
        """What hangs on a pair, worked out afresh whenever the pair's own next step is: after every change of it."""
        self.followers.append(follow)
        return follow

    def at_checkin(self, part: AtCheckin) -> AtCheckin:
        """What this feature asks in passing when one side of a pair is asked how it goes; None for nothing."""
        self.asides.append(part)
        return part

    def at_joining(self, part: AtHome) -> AtHome:
        """What this feature asks someone who is about to join; None for nothing."""
        self.greetings.append(part)
        return part

    def when_left(self, handler: Presence) -> Presence:
        """What is done when someone (`turn.who`) is no longer in a place (`turn.place`)."""
        self.departures.append(handler)
        return handler

    def when_back(self, handler: Presence) -> Presence:
        """What is done when someone who had left, or was long silent, is here again."""
        self.returns.append(handler)
        return handler

    def at_home(self, part: AtHome) -> AtHome:
        """What this feature has for someone who looks where they stand; None when there is nothing."""
        self.homes.append(part)
        return part


def _typed(handler: Callable[..., Awaitable[object]]) -> Handler:
    """The handler, its string arguments converted to int where it says so. What does not fit is a stale button."""
    signature = inspect.signature(handler, eval_str=True)
    wanted = [parameter.annotation for parameter in signature.parameters.values()][1:]

    async def call(turn: Turn, *args: str, **named: str | None) -> Reply | Drawn:
        try:
            converted = [_number(arg) if kind is int else arg for kind, arg in zip(wanted, args, strict=False)]
            signature.bind(turn, *converted, **named)
        except (TypeError, ValueError):
            raise Stale from None
        return await handler(turn, *converted, **named)  # type: ignore[return-value]

    return call


def _number(arg: str) -> int:
    """An id from a button. Raises ValueError for what no database could have given out."""
    number = int(arg)
    if not 0 <= number < 2**63:
        raise ValueError(arg)
    return number


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

_OFFICERS = "That one is for the society's officers."
_PRESIDENTS = "That one is for the society's president."

_ROOMS_GONE = (
    "The channel under which pairs had their rooms was deleted. Choose another: {setup}, then rooms. "
    "Until then pairs write to each other through me; nothing else is lost."
)
_OFFICERS_GONE = (
    "The channel where I told officers what waits was deleted, so I write to each of you. "
    "Choose another whenever you like: {setup}, then officers."
)
