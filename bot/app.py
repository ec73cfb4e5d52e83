"""The one door: every request comes in here, and every promise is kept here.

`answer` takes a request from any platform to its feature and the reply back; `keep_promises` does what is due. Both
work in one transaction a piece: state, audit, what is to be said and what comes next are kept together or not at all.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import structlog

from bot.feature import Drawn, Feature, Handled, Sorry, Stale, Turn, channel_gone, spoke
from bot.model import DAY, Need, Open, Pace, PairState, Person, Promise, Role
from bot.ports import Address, Called, Clock, Gone, Left, Moved, Opened, Pressed, Request, Responder, Sent, Spoke
from bot.records import Records, Store
from bot.roles import end_terms
from bot.rules.agenda import next_step
from bot.ui import (
    OPTION_LABEL,
    OPTIONS,
    Action,
    Button,
    Command,
    Form,
    Kind,
    Option,
    Private,
    Reply,
    Slash,
    Style,
    act,
    beside,
    buttons,
    joined,
    message,
    only_controls,
    say,
    shortened,
)

log = structlog.get_logger()

PATIENCE = 2.0
"""Seconds after which a platform is told that an answer is coming; both give up after three."""
SIGN_UP = "sign-up"
"""The command by which someone begins."""
LEASE = timedelta(minutes=2)
RETRY = timedelta(minutes=15)


@dataclass
class App:
    store: Store
    clock: Clock
    pace: Pace
    features: tuple[Feature, ...]
    patience: float = PATIENCE
    office: str = ""
    """The address of the officers' page; empty while it is switched off."""

    def __post_init__(self) -> None:
        self._commands = _gathered(feature.commands for feature in self.features)
        self._presses = _gathered(feature.presses for feature in self.features)
        self._forms = _gathered(feature.forms for feature in self.features)
        self._steps = _gathered(feature.steps for feature in self.features)
        self._promises = _gathered(feature.promises for feature in self.features)
        self._strangers = _gathered(feature.strangers for feature in self.features)
        self._departures = [depart for feature in self.features for depart in feature.departures]
        self._returns = [back for feature in self.features for back in feature.returns]
        self._followers = [follow for feature in self.features for follow in feature.followers]

    @property
    def commands(self) -> tuple[Command, ...]:
        """Every command, by name: what the platforms are told we understand."""
        return tuple(self._commands[name][0] for name in sorted(self._commands))

    # ── requests ──────────────────────────────────────────────────────────────────────────────────────────────

    async def answer(self, request: Request, responder: Responder) -> None:
        """Handle one request and reply to it, within the three seconds platforms allow. Never raises for a bug."""
        work = asyncio.ensure_future(self._take(request))
        done, _ = await asyncio.wait({work}, timeout=self.patience)
        try:
            if not done:
                await responder.defer()
        finally:
            reply = await work  # what was begun is seen to its end, even where nobody can be told
        if isinstance(reply, Form) and not done:
            reply = await self._offered(request, reply)
        if reply is not None:
            await responder.reply(reply)

    async def _take(self, request: Request) -> Reply | None:
        try:
            society = await self.store.society_at(request.place)
            if society is None:
                return await self._as_stranger(request)
            # What officers do is done one after the other: the second sees what came of the first.
            async with self.store.records(society.id, in_turn=self.for_officers(request.what)) as records:
                if not await records.first_time(request.key, self.clock.now()):
                    return None
                reply = await self._handle(request, records)
            return await asyncio.to_thread(reply.make) if isinstance(reply, Drawn) else reply
        except Sorry as sorry:
            return Private(message(sorry.words))
        except Exception:
            # Of every kind: a bug of ours is told to whoever ran into it, and to the log.
            reference = secrets.token_hex(3)
            log.exception("request failed", action=_action_name(request), reference=reference)
            return Private(
                message(
                    "Something went wrong on our side, and nothing was changed. Please try again in a moment.",
                    say("If it happens again, tell an officer this code: {code}", code=reference),
                )
            )

    async def _as_stranger(self, request: Request) -> Reply | None:
        """What can be asked in a place that belongs to no society yet."""
        match request.what:
            case Called(name, _) if name in self._strangers:
                return await self._strangers[name](self.store, request, self.clock.now())
        return Private(message("This place has not been set up for mentorship yet."))

    async def _handle(self, request: Request, records: Records) -> Reply | Drawn | None:
        now = self.clock.now()
        if isinstance(request.what, (Spoke, Left, Gone, Moved)):
            await self._noted(request, request.what, records, now)
            return None
        person = await _met(records, request)
        turn = Turn(records, await _as_they_stand(records, person, request, now), now, self.pace, request.who)
        turn.place, turn.manager, turn.shows_roles = request.place, request.manager, request.roles is not None
        turn.features, turn.lacks, turn.office, turn.handle = self.features, request.lacks, self.office, request.handle
        await self._seen(turn)
        reply = self._within_reach(turn, request.what, await self._dispatch(turn, request.what))
        await self._plan(turn)
        return reply

    async def _dispatch(self, turn: Turn, what: Called | Pressed | Sent | Opened) -> Reply | Drawn:
        match what:
            case Opened():
                return await self._dispatch(turn, Called("home", {}))
            case Called(name, given):
                if name not in self._commands:
                    raise Sorry("I don't know that command. Type / to see those I do.")
                command, handled = self._commands[name]
                turn.must(handled.need)
                return await handled.do(turn, **await self._arguments(turn, command, dict(given)))
            case Pressed(Action("form.open", (number,))):
                return await self._held(turn, number)
            case Pressed(Action("go", _), (chosen,)):
                # A menu of different things to do: what was chosen is the press.
                return await self._do(turn, _action(chosen), self._presses)
            case Pressed(action, values):
                turn.values = values
                return await self._do(turn, action, self._presses)
            case Sent(action, filled, files):
                turn.filled, turn.files = filled, files
                return await self._do(turn, action, self._forms)

    async def _do(self, turn: Turn, action: Action, table: dict[str, Handled]) -> Reply | Drawn:
        if action.name not in table:
            raise Stale
        turn.must(table[action.name].need)
        return await table[action.name].do(turn, *action.args)

    async def _seen(self, turn: Turn) -> None:
        """Note, once a day, that someone is here."""
        who = turn.who
        if who.left_at or who.noticed_at or who.seen_at is None or turn.now - who.seen_at >= DAY:
            await turn.records.people.change(who.id, seen_at=turn.now, noticed_at=None, left_at=None)
            await turn.records.diary.set(Open.PERSON, who.id, turn.now + turn.pace.keep_inactive)
            for back in self._returns:
                await back(turn)

    def _within_reach(self, turn: Turn, what: Called | Pressed | Sent | Opened, reply: Reply | Drawn) -> Reply | Drawn:
        """The answer where it is to be read, and without the controls that whoever reads it may not use."""
        if isinstance(reply, Drawn):
            return Drawn(lambda: self._reached(turn, what, reply.make()))
        return self._reached(turn, what, reply)

    def _reached(self, turn: Turn, what: Called | Pressed | Sent | Opened, reply: Reply) -> Reply:
        if isinstance(what, (Pressed, Sent)):
            reply = beside(what.action, reply)
        if isinstance(reply, Form):
            return reply

        def reached(action: Action) -> bool:
            handled = self._presses.get(action.name)
            return handled is None or turn.may(handled.need)

        return replace(reply, message=only_controls(reply.message, reached))

    async def _arguments(self, turn: Turn, command: Command, given: dict[str, str]) -> dict[str, str | None]:
        """The command's parameters by name: members as person ids, what was left out as None."""
        arguments: dict[str, str | None] = {}
        for param in command.params:
            value = given.get(param.name, "").strip()
            if not value:
                if param.required:
                    raise Sorry(say("/{command} needs: {what}.", command=command.name, what=param.help))
                arguments[param.name] = None
                continue
            if param.kind is Kind.MEMBER:
                member = await turn.records.people.at(value)
                if member is None:
                    raise Sorry("I haven't met that person yet. Ask them to use /sign-up first.")
                value = str(member.id)
            elif param.kind is Kind.PAIR:
                value = _the_one(value, await pairs_by_name(turn.records, turn.who))
            elif param.options and value not in {option.value for option in param.options}:
                raise Sorry(say("I don't know “{value}” for {what}.", value=value[:80], what=param.help))
            arguments[param.name] = value
        return arguments

    def for_officers(self, what: object) -> bool:
        """Whether this is officers' business, and not something that any member may ask."""
        match what:
            case Called(name, _):
                return name in self._commands and self._commands[name][1].need is not Need.MEMBER
            case Pressed(Action("form.open", _)):
                return True  # whose form it is, and what it may do, is asked where it is opened and sent
            case Pressed(Action("go", _), (chosen,)):
                name = chosen.partition(":")[0]
                return name in self._presses and self._presses[name].need is not Need.MEMBER
            case Pressed(action, _):
                return action.name in self._presses and self._presses[action.name].need is not Need.MEMBER
            case Sent(action, _, _):
                return action.name in self._forms and self._forms[action.name].need is not Need.MEMBER
        return False

    async def suggest(self, place: Address, who: Address, kind: Kind, typed: str) -> list[Option]:
        """The `Suggest` of the ports."""
        society = await self.store.society_at(place) if kind is Kind.PAIR else None
        if society is None:
            return []
        async with self.store.records(society.id) as records:
            person = await records.people.at(who)
            return _like(typed, await pairs_by_name(records, person))[:OPTIONS] if person else []

    async def known(self, place: Address) -> list[Address]:
        """The `Known` of the ports."""
        society = await self.store.society_at(place)
        if society is None:
            return []
        async with self.store.records(society.id) as records:
            live, members = await records.pairs.all_live(), await records.people.roster()
        paired = {person for pair in live for person in (pair.mentee, pair.mentor)}
        people = [each for member in members if member.person.id in paired for each in member.addresses]
        rooms = [pair.room for pair in live if pair.room]
        return [address for address in (*rooms, *people) if address.startswith(f"{place}/")]

    async def _noted(
        self, request: Request, what: Spoke | Left | Gone | Moved, records: Records, now: datetime
    ) -> None:
        """What nobody asked anything with: someone wrote in a room, left or travels, or a room is no more."""
        person = await records.people.at(request.who)
        turn = Turn(records, person, now, self.pace, request.who)
        match what:
            case Spoke(room):
                pair = await records.pairs.in_room(room)
                side = pair.side(person.id) if pair and person else None
                if person is not None:
                    await self._seen(turn)
                if pair and side and pair.state is PairState.ACTIVE:
                    await spoke(turn, pair, side)
            case Left() if person is not None:
                turn.place = request.place
                for depart in self._departures:
                    await depart(turn)
            case Moved(was, now_in) if person is not None and (zone := _zone(now_in)) is not None:
                # A zone they chose by themselves stays.
                if person.zone is not None and person.zone.key == was:
                    await records.people.change(person.id, zone=zone)
            case Gone(address):
                pair = await records.pairs.in_room(address)
                if pair is not None and pair.room == address:
                    await records.pairs.set_room(pair.id, None)
                await channel_gone(turn, request.place, address)
        await self._plan(turn)

    async def _offered(self, request: Request, form: Form) -> Reply:
        """A form that is too late to open by itself, behind a button."""
        society = await self.store.society_at(request.place)
        assert society is not None
        async with self.store.records(society.id) as records:
            person = await records.people.meet(request.who, request.name)
            held = await records.hold(form, person.id, self.clock.now())
        return Private(message("Ready when you are.", buttons(Button("Open", act("form.open", held), Style.PRIMARY))))

    async def _held(self, turn: Turn, number: str) -> Form:
        form = await turn.records.held(int(number), turn.who.id) if number.isdigit() else None
        if form is None:
            raise Stale
        return form

    # ── promises ──────────────────────────────────────────────────────────────────────────────────────────────

    async def keep_promises(self) -> int:
        """Do everything that is due now; how many things that was. One that fails is tried again later."""
        kept = 0
        while due := await self.store.claim_due(self.clock.now(), LEASE, 50):
            for promise in due:
                kept += 1
                try:
                    async with self.store.records(promise.society) as records:
                        turn = Turn(records, None, self.clock.now(), self.pace, features=self.features)
                        await self._keep(turn, promise)
                except Exception:
                    # Of every kind: one promise that cannot be kept holds up no other.
                    log.exception("promise failed", what=promise.what, subject=promise.subject, tries=promise.tries)
                    await self.store.put_off(promise, self.clock.now() + RETRY * 2 ** min(promise.tries, 6))
        return kept

    async def _keep(self, turn: Turn, promise: Promise) -> None:
        if promise.what is not Open.PAIR:
            await self._promises[promise.what](turn, promise.subject)
            await self._plan(turn)
            return
        facts = await turn.facts(promise.subject)
        step = next_step(facts, turn.pace) if facts else None
        turn.records.pairs.touched.add(promise.subject)
        if facts is not None and step is not None and step.at <= turn.now:
            await self._steps[step.do](turn, facts, step)
            after = await turn.facts(promise.subject)
            if after is not None and next_step(after, turn.pace) == step:
                raise RuntimeError(f"step {step.do} of pair {promise.subject} left nothing changed")
        await self._plan(turn)

    async def _plan(self, turn: Turn) -> None:
        """Work out the next step of every pair this turn has changed, and of what hangs on it."""
        for pair in sorted(turn.records.pairs.touched):
            facts = await turn.facts(pair)
            step = next_step(facts, turn.pace) if facts else None
            await turn.records.diary.set(Open.PAIR, pair, step.at if step else None)
            if facts is not None:
                for follow in self._followers:
                    await follow(turn, facts)

    async def plan_everything(self) -> None:
        """Work out every live pair's next step afresh: time-zone rules and settings may have changed."""
        for society, pair in await self.store.live_pairs():
            async with self.store.records(society) as records:
                records.pairs.touched.add(pair)
                await self._plan(Turn(records, None, self.clock.now(), self.pace))


async def _met(records: Records, request: Request) -> Person:
    """Who asks. Whoever was forgotten is met again only when they sign up anew. Raises Sorry until then."""
    if known := await records.people.at(request.who):
        return known
    if await records.privacy.was_forgotten(request.who):
        if not (isinstance(request.what, Called) and request.what.name == SIGN_UP):
            raise Sorry(say("I keep nothing about you here. To begin anew: {join}", join=Slash(SIGN_UP)))
        await records.privacy.begin_again(request.who)
    return await records.people.meet(request.who, request.name)


async def _as_they_stand(records: Records, person: Person, request: Request, now: datetime) -> Person:
    """The person with what the platform says of them just now: their zone, and whether they hold the officers' role."""
    people, role = records.people, records.society.place(request.place).role
    zone = _zone(request.zone) if person.zone is None else None
    ended = person.roles and await end_terms(records, now, person.id)
    if not person.name and request.name:
        await people.change(person.id, name=request.name)
        person = replace(person, name=request.name)
    named = Role.OFFICER in person.roles
    officer = named if role is None or request.roles is None else role in request.roles
    if zone is None and officer == named and not ended:
        return person
    if zone is not None:
        await people.change(person.id, zone=zone)
    if officer != named:
        await (people.give_role if officer else people.take_role)(person.id, Role.OFFICER)
        await records.audit(now, None, "officer.made" if officer else "officer.unmade", f"person:{person.id}", "role")
    return await people.get(person.id) or person


async def pairs_by_name(records: Records, person: Person) -> list[Option]:
    """Someone's live pairs, each by the other's name."""
    found = []
    for pair in await records.pairs.live_of(person.id):
        other = await records.people.get(pair.mentor if pair.mentee == person.id else pair.mentee)
        role = "your mentee" if pair.mentor == person.id else "your mentor"
        found.append(Option(str(pair.id), shortened(f"{other.name if other else '?'}, {role}", OPTION_LABEL)))
    return found


def _like(typed: str, options: Sequence[Option]) -> list[Option]:
    """Those whose label begins, or has a word that begins, as what was typed."""
    sought = typed.casefold().strip().removeprefix("@")
    return [option for option in options if f" {option.label.casefold()}".find(f" {sought}") >= 0]


def _the_one(given: str, options: Sequence[Option]) -> str:
    """The value that was chosen, or typed clearly enough. Raises Sorry when it is none of them, or could be several."""
    if given in {option.value for option in options}:
        return given
    match _like(given, options):
        case [one]:
            return one.value
        case []:
            raise Sorry(say("I see no pair of yours with “{name}”. {all}", name=given[:60], all=Slash("my-pairs")))
        case several:
            names = joined([option.label for option in several], "or")
            raise Sorry(say("Whom do you mean: {names}?", names=names[:300]))


def _action(token: str) -> Action:
    """The action a menu's choice stands for. Raises Stale for one that was never offered."""
    try:
        return Action.parse(token)
    except ValueError:
        raise Stale from None


def _zone(name: str) -> ZoneInfo | None:
    """The zone a platform names, if there is one by that name."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, LookupError):
        return None


K = TypeVar("K")
V = TypeVar("V")


def _gathered(tables: Iterable[dict[K, V]]) -> dict[K, V]:
    """All of these tables as one. Raises ValueError where two features claim the same name."""
    merged: dict[K, V] = {}
    for table in tables:
        if twice := merged.keys() & table.keys():
            raise ValueError(f"claimed by two features: {sorted(map(str, twice))}")
        merged |= table
    return merged


def _action_name(request: Request) -> str:
    match request.what:
        case Called(name, _):
            return f"/{name}"
        case Pressed(action) | Sent(action):
            return action.name
        case Opened() | Spoke() | Left() | Gone() | Moved():
            return type(request.what).__name__.lower()
