"""The playground as a `Platform`: who is on the page, what they ask, and who is told what."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import structlog
from pydantic import TypeAdapter

from adapters.playground.talk import Item, Talk, is_channel, is_person, is_room, person_address, slug_of
from adapters.playground.wire import (
    HEARD,
    Advance,
    Call,
    Face,
    Guess,
    Meet,
    Press,
    Saw,
    Send,
    Speak,
    Stage,
    Step,
    Wire,
)
from bot.ports import Address, Answer, Called, Pressed, Refused, Request, Sent, Spoke, Suggest, Upload
from bot.ui import FILE, Action, Command, Form, Kind, Message, Private, Reply, Update, clean, form_json

_log = structlog.get_logger(__name__)
_COMMANDS: TypeAdapter[tuple[Command, ...]] = TypeAdapter(tuple[Command, ...])
_ITEM: TypeAdapter[Item] = TypeAdapter(Item)


class _Back:
    """The `Responder` of one request."""

    def __init__(self, playground: Playground, wire: Wire, heard: Call | Press | Send | Speak) -> None:
        self._playground, self._wire, self._heard = playground, wire, heard

    async def defer(self) -> None:
        self._wire.say("thinking", call=self._heard.call)

    async def reply(self, reply: Reply) -> None:
        number = None if isinstance(self._heard, (Call, Speak)) else self._heard.item
        if isinstance(reply, Update) and number and self._playground.change(self._wire, number, reply.message):
            return
        match reply:
            case Form():
                form = json.loads(form_json(reply))
                self._wire.say("form", call=self._heard.call, place=self._heard.place, item=number, form=form)
            case Private(message) | Update(message):
                self._playground.whisper(self._wire, self._heard.place, message)


# ── the platform ────────────────────────────────────────────────────────────────────────────────────────────


class Playground:
    """The `Platform`. `answer` is the core's one door, `suggest` what a parameter could hold; `log` keeps what was said
    (None: in memory only)."""

    name = "playground"

    def __init__(self, answer: Answer, suggest: Suggest, stage: Stage, log: Path | None) -> None:
        self._answer, self._suggest, self._stage, self._talk = answer, suggest, stage, Talk(log)
        self._faces: dict[Address, Face] = {}
        self._wires: set[Wire] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._moving = asyncio.Lock()
        self._changed = asyncio.Event()

    async def send(self, to: Address, message: Message, key: str, *, again: bool = False) -> None:
        if not (is_person(to) or is_channel(to) or to in self._talk.rooms):
            raise Refused("the playground has no such address")
        self._say(Item(0, to, self._stage.now(), message=message, key=key))

    async def let_in(self, room: Address, members: Sequence[Address]) -> None:
        """Nobody leaves a room of the playground."""

    def opens_rooms(self, under: Address | None) -> bool:
        return True

    async def open_room(self, members: Sequence[Address], title: str, key: str, under: Address | None) -> Address:
        if room := self._talk.room_for(key):
            return room.address
        if not all(is_person(member) for member in members):
            raise Refused("only people of the playground can be in its rooms")
        room = self._talk.open_room(members, title, key)
        for wire in self._wires:
            if wire.who and wire.who in members:
                wire.say("place", place=self._place_card(wire.who, room.address))
        return room.address

    # What a responder may do

    def whisper(self, wire: Wire, place: Address, message: Message) -> None:
        """Say something only the one who asked can see."""
        self._say(Item(0, self._place(wire, place), self._stage.now(), message=message, only=wire.who))

    def change(self, wire: Wire, number: int, message: Message) -> bool:
        """Let a message read differently. False if this person sees no such message."""
        if not self._talk.item(number, wire.who or "", self._officer(wire.who)):
            return False
        self._tell(self._talk.change(number, message))
        return True

    # What happens on the page

    def knows(self, who: Address) -> bool:
        """Whether someone can be this person."""
        return who in self._faces

    def join(self, wire: Wire) -> None:
        """A pane, or the page itself, is there: tell it everything, and from now on what is new."""
        self._greet(wire)
        self._wires.add(wire)
        self._changed.set()

    def leave(self, wire: Wire) -> None:
        self._wires.discard(wire)

    async def close(self) -> None:
        """Finish what was begun, and close the log."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)
        self._talk.close()

    def hear(self, wire: Wire, text: str) -> None:
        """Act on one line from the page. What the page cannot have said is ignored."""
        try:
            heard = HEARD.validate_json(text)
            work = self._move(heard.step) if isinstance(heard, Advance) else self._act(wire, heard)
        except ValueError as error:  # pydantic's is one, too
            _log.warning("playground.not_understood", error=type(error).__name__)
            return
        if work:
            # Apart from the socket: what was begun is finished even if the page is closed.
            task = asyncio.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _act(
        self, wire: Wire, heard: Call | Press | Send | Guess | Speak | Saw | Meet
    ) -> Coroutine[None, None, None] | None:
        if isinstance(heard, Meet):
            self._meet(wire, clean(heard.name, 60))
            return None
        who = wire.who
        if who is None:
            raise ValueError("nobody in particular asks nothing")
        match heard:
            case Saw(place, number):
                if self._talk.mark_read(who, place, number):
                    self._changed.set()
            case Call(_, place, name, args):
                place, words = self._place(wire, place), self._spoken(name, args)
                self._say(Item(0, place, self._stage.now(), who, self._name(who), words=words, only=who, asked=True))
                return self._ask(wire, heard, Called(name, args), f"/{name}")
            case Press(token=token, values=values):
                action = Action.parse(token)
                return self._ask(wire, heard, Pressed(action, values), action.name)
            case Send(token=token, filled=filled, files=files):
                action = Action.parse(token)
                given = {name: Upload(each.name, each.data) for name, each in files.items() if len(each.data) <= FILE}
                return self._ask(wire, heard, Sent(action, filled, given), action.name)
            case Guess():
                return self._guess(wire, who, heard)
            case Speak(_, place, text):
                words = clean(text)
                if words and place != who and self._sees(who, place):
                    self._say(Item(0, place, self._stage.now(), who, self._name(who), words=words))
                    if is_room(place):
                        return self._ask(wire, heard, Spoke(place), "spoke")
        return None

    async def _ask(
        self, wire: Wire, heard: Call | Press | Send | Speak, what: Called | Pressed | Sent | Spoke, name: str
    ) -> None:
        who = wire.who or ""
        key = str(uuid5(NAMESPACE_URL, f"playground/{wire.session}/{heard.call}"))
        try:
            request = Request(key, self._stage.place, who, self._name(who), what)
            await self._answer(request, _Back(self, wire, heard))
        except Exception:
            # Of every kind: a page that hears nothing would wait for ever.
            _log.exception("playground.answer_failed", action=name)
            wire.say("failed", call=heard.call)
        else:
            wire.say("done", call=heard.call)
        self._changed.set()

    async def _guess(self, wire: Wire, who: Address, heard: Guess) -> None:
        found = await self._suggest(self._stage.place, who, heard.kind, clean(heard.text, 80))
        wire.say("guesses", call=heard.call, options=[asdict(option) for option in found])

    async def _move(self, step: Step) -> None:
        if self._moving.locked():
            return  # a double click moves the clock once
        async with self._moving:
            self._broadcast("moving")
            try:
                await self._stage.advance(step)
            except Exception:
                # Of every kind: whatever broke, the clock can be moved again.
                _log.exception("playground.advance_failed", step=step)
                self._broadcast("stuck")
        self._changed.set()

    def _meet(self, wire: Wire, name: str) -> None:
        if not name:
            return
        slug, number = slug_of(name), 1
        while (address := person_address(slug if number == 1 else f"{slug}-{number}")) in self._faces:
            number += 1
        self._talk.meet(address, name)
        self._faces[address] = Face(address, None, name, line="New here", zone=self._stage.zone)
        self._changed.set()
        wire.say("met", address=address)

    # Who sees what

    def _officer(self, who: Address | None) -> bool:
        return who in self._faces and "officer" in self._faces[who].roles

    def _name(self, who: Address) -> str:
        return self._faces[who].name if who in self._faces else who

    def _sees(self, who: Address, place: Address) -> bool:
        return self._talk.sees(who, self._officer(who), place)

    def _place(self, wire: Wire, place: Address) -> Address:
        """The conversation an answer goes to: where it was asked, if the person is there at all."""
        who = wire.who or ""
        return place if self._sees(who, place) else who

    def _spoken(self, name: str, args: Mapping[str, str]) -> str:
        """A command as one would read it, people and options by their names."""
        command = next((c for c in self._stage.commands if c.name == name), None)
        words = [f"/{name}"]
        for param in command.params if command else ():
            if value := args.get(param.name):
                label = next((o.label for o in param.options if o.value == value), value)
                words.append(f"{param.name}: {self._name(value) if param.kind is Kind.MEMBER else label}")
        return clean("  ".join(words), 500)

    # Telling the pages

    def _say(self, item: Item) -> None:
        if kept := self._talk.say(item):
            self._tell(kept)

    def _tell(self, item: Item) -> None:
        for wire in self._wires:
            if wire.who and self._talk.sees(wire.who, self._officer(wire.who), item.place, item.only):
                wire.say("item", item=_ITEM.dump_python(item, mode="json"))
        self._changed.set()

    def _broadcast(self, what: str, **more: object) -> None:
        for wire in self._wires:
            if wire.who is None:
                wire.say(what, **more)

    def _greet(self, wire: Wire) -> None:
        """All that a pane shows: on arrival, after a lost connection, when someone's places change."""
        if wire.who is None:
            self._describe(wire)
            return
        who, places = wire.who, self._talk.places(wire.who, self._officer(wire.who))
        wire.say("pane", me=asdict(self._faces[who]), places=[self._place_card(who, place) for place in places])

    def _place_card(self, who: Address, place: Address) -> dict[str, object]:
        room = self._talk.rooms.get(place)
        items = [_ITEM.dump_python(item, mode="json") for item in self._talk.items(who, place)]
        return {
            "address": place,
            "kind": "bot" if place == who else "room" if room else "channel",
            "title": "Preceptor" if place == who else room.title if room else f"#{place.rpartition('/')[2]}",
            "members": [self._name(member) for member in room.members] if room else [],
            "read": self._talk.read_to(who, place),
            "items": items,
        }

    def _describe(self, wire: Wire) -> None:
        commands = _COMMANDS.dump_python(tuple(self._stage.commands), mode="json")
        stage = self._stage
        wire.say("stage", society=stage.society, zone=stage.zone, commands=commands, movable=stage.movable)

    async def refresh(self) -> None:
        """Look at the stage again and tell every page the time, the people, and who has something to read."""
        before = self._faces
        met = [
            Face(address, None, name, line="New here", zone=self._stage.zone)
            for address, name in self._talk.met.items()
        ]
        # The stage's word comes last: someone new may have joined since.
        faces = [*met, *await self._stage.people()]
        self._faces = {face.address: face for face in faces}
        following = await self._stage.next_moment()
        for wire in self._wires:
            if wire.who and before.get(wire.who) != self._faces.get(wire.who):
                self._greet(wire)
        unread = {
            who: count
            for who in self._faces
            if (count := self._talk.unread(who, self._talk.places(who, self._officer(who))))
        }
        self._broadcast(
            "now",
            now=self._stage.now().isoformat(),
            next=following and following.isoformat(),
            moving=self._moving.locked(),
            people=[asdict(face) for face in self._faces.values()],
            unread=unread,
        )

    async def keep_fresh(self) -> None:
        """Refresh soon after every change, and now and then because the clock goes on."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), 20)
            self._changed.clear()
            try:
                await self.refresh()
            except Exception:
                # Of every kind: the next change is shown all the same.
                _log.exception("playground.refresh_failed")
            await asyncio.sleep(0.05)
