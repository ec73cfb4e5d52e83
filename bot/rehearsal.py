"""A platform of paper: members act by what they see, and all that is said is kept. Stories and tests play on it."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.app import App
from bot.ports import Address, Called, Gone, Left, Opened, Pressed, Refused, Request, Sent, Spoke, Upload
from bot.ui import Action, Button, Buttons, Card, ChoiceField, FileField, Form, Menu, Message, Reply


@dataclass(frozen=True)
class Shown:
    """One message as it reached one conversation."""

    at: datetime
    to: Address
    message: Message
    key: str


@dataclass
class Paper:
    """Keeps what was sent. The same key shows one message, as real platforms do."""

    now: Callable[[], datetime]
    name: str = "paper"
    shown: list[Shown] = field(default_factory=list)
    rooms: dict[Address, tuple[Address, ...]] = field(default_factory=dict)
    closed: set[Address] = field(default_factory=set)
    """Those who take no messages."""
    roomless: bool = False
    """Whether it is a place that lets the bot open no rooms."""
    watch: Callable[[Shown], None] | None = None
    _keys: set[str] = field(default_factory=set)

    async def send(self, to: Address, message: Message, key: str, *, again: bool = False) -> None:
        if to in self.closed:
            raise Refused(to)
        if key not in self._keys:
            self._keys.add(key)
            self.shown.append(Shown(self.now(), to, message, key))
            if self.watch:
                self.watch(self.shown[-1])

    async def open_room(self, members: Sequence[Address], title: str, key: str, under: Address | None) -> Address:
        room = f"{self.name}:room/{key}"
        self.rooms[room] = tuple(members)
        return room

    async def let_in(self, room: Address, members: Sequence[Address]) -> None:
        """Nobody leaves a room of paper."""

    def opens_rooms(self, under: Address | None) -> bool:
        return not self.roomless

    def seen_by(self, who: Address) -> Iterator[Shown]:
        """What reached someone, privately or in a room of theirs, oldest first."""
        for shown in self.shown:
            if shown.to == who or who in self.rooms.get(shown.to, ()):
                yield shown


@dataclass
class Actor:
    """A member, acting through the one door."""

    app: App
    paper: Paper
    place: Address
    address: Address
    name: str
    handle: str = ""
    replies: list[Reply] = field(default_factory=list)
    deferred: int = 0
    _numbers: dict[str, Iterator[int]] = field(default_factory=lambda: defaultdict(itertools.count))

    async def defer(self) -> None:
        self.deferred += 1

    async def reply(self, reply: Reply) -> None:
        self.replies.append(reply)

    async def asks(self, what: Called | Pressed | Sent | Opened | Spoke | Left | Gone, key: str = "") -> Reply | None:
        """One request, and its answer."""
        before = len(self.replies)
        key = key or f"{self.address}-{next(self._numbers['request'])}"
        await self.app.answer(Request(key, self.place, self.address, self.name, what, handle=self.handle), self)
        return self.replies[-1] if len(self.replies) > before else None

    async def calls(self, command: str, **args: str) -> Reply | None:
        return await self.asks(Called(command, args))

    async def speaks(self) -> None:
        """Writes something in the newest of their rooms."""
        room = next(r for r, members in reversed(self.paper.rooms.items()) if self.address in members)
        await self.asks(Spoke(room))

    async def presses(self, label: str, *values: str) -> Reply | None:
        """Presses the newest button, or chooses the newest line of a menu, that reads so.

        Raises LookupError when there is none in an answer or in anything sent to them.
        """
        action, chosen = self._control(label)
        return await self.asks(Pressed(action, values or chosen))

    def button(self, label: str) -> Action:
        return self._control(label)[0]

    def _control(self, label: str) -> tuple[Action, tuple[str, ...]]:
        for message in self.sees():
            for text, action, chosen in controls(message):
                if text == label:
                    return action, chosen
        raise LookupError(f"{self.name} sees no “{label}”")

    async def fills(self, **answers: str | tuple[str, ...] | Upload) -> Reply | None:
        """Fills in the form just opened; what is not named keeps what the form holds, or its first option."""
        form = self.replies[-1]
        assert isinstance(form, Form), form
        filled, files = {}, {}
        for each in form.fields:
            given = answers.get(each.name)
            if isinstance(given, Upload):
                files[each.name] = given
                continue
            if isinstance(each, FileField):
                continue
            if given is None:
                given = (
                    (each.values or ((each.options[0].value,) if each.required else ()))
                    if isinstance(each, ChoiceField)
                    else each.value or ("A few words" if each.required else "")
                )
            filled[each.name] = given if isinstance(given, tuple) else (given,)
        return await self.asks(Sent(form.action, filled, files))

    def sees(self) -> Iterator[Message]:
        """Everything before their eyes: the latest answer, then what was sent, newest first, then earlier answers."""
        answers = [reply.message for reply in reversed(self.replies) if not isinstance(reply, Form)]
        yield from answers[:1]
        yield from (shown.message for shown in reversed(list(self.paper.seen_by(self.address))))
        yield from answers[1:]


def controls(message: Message) -> Iterator[tuple[str, Action, tuple[str, ...]]]:
    """Every button, menu and line of a menu, by what it reads: what it presses, and what it chooses."""
    for block in message.blocks:
        match block:
            case Buttons(row):
                yield from ((button.label, button.action, ()) for button in row)
            case Card(button=Button() as button):
                yield button.label, button.action, ()
            case Menu(prompt, action, options):
                yield prompt, action, ()
                yield from ((option.label, action, (option.value,)) for option in options)
