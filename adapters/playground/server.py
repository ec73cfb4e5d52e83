"""The playground's web server: one page, a WebSocket for the stage and one for each person on it.

It listens on loopback only, and answers only a page it served itself: a site opened in another tab must not be able
to act here (DNS rebinding, cross-site WebSockets).
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Protocol, TypeAlias
from uuid import NAMESPACE_URL, uuid5

import structlog
from aiohttp import WSMsgType, web
from pydantic import Field, TypeAdapter, ValidationError

from adapters.playground.talk import Item, Talk, is_channel, is_person, is_room, person_address, slug_of
from bot.ports import Address, Called, Pressed, Refused, Request, Responder, Sent, Spoke
from bot.ui import Action, Command, Form, Kind, Message, Private, Reply, Update, clean, form_json

_log = structlog.get_logger(__name__)
_STATIC = Path(__file__).with_name("static")
_COMMANDS: TypeAdapter[tuple[Command, ...]] = TypeAdapter(tuple[Command, ...])
_ITEM: TypeAdapter[Item] = TypeAdapter(Item)
_OWN_HOST = re.compile(r"(127\.0\.0\.1|localhost)(:\d{1,5})?")
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # The files change with the program; on loopback asking again costs nothing.
    "Cache-Control": "no-cache",
}

Answer: TypeAlias = Callable[[Request, Responder], Awaitable[None]]

class _Back:
    """The `Responder` of one request."""

    def __init__(self, playground: Playground, wire: Wire, heard: Call | Press | Send | Speak) -> None:
        self._playground, self._wire, self._heard = playground, wire, heard

    async def defer(self) -> None:
        self._wire.say("thinking", call=self._heard.call)

    async def reply(self, reply: Reply) -> None:
        number = None if isinstance(self._heard, (Call, Speak)) else self._heard.item
        match reply:
            case Form():
                form = json.loads(form_json(reply))
                self._wire.say("form", call=self._heard.call, place=self._heard.place, item=number, form=form)
            case Update(message) if number is not None and self._playground.change(self._wire, number, message):
                pass
            case Private(message) | Update(message):
                self._playground.whisper(self._wire, self._heard.place, message)


# ── the platform ──────────────────────────────────────────────────────────────────────────────────────────────────


class Playground:
    """The `Platform`. `answer` is the core's one door; `log` keeps what was said (None: in memory only)."""

    name = "playground"

    def __init__(self, answer: Answer, stage: Stage, log: Path | None) -> None:
        self._answer, self._stage, self._talk = answer, stage, Talk(log)
        self._faces: dict[Address, Face] = {}
        self._wires: set[Wire] = set()
        self._sockets: set[web.WebSocketResponse] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._moving = asyncio.Lock()
        self._changed = asyncio.Event()

    async def send(self, to: Address, message: Message, key: str) -> None:
        if not (is_person(to) or is_channel(to) or to in self._talk.rooms):
            raise Refused("the playground has no such address")
        self._say(Item(0, to, self._stage.now(), message=message, key=key))

    async def open_room(self, members: Sequence[Address], title: str, key: str) -> Address:
        if room := self._talk.room_for(key):
            return room.address
        if not all(is_person(member) for member in members):
            raise Refused("only people of the playground can be in its rooms")
        room = self._talk.open_room(members, title, key)
        for wire in self._wires:
            if wire.who in members:
                self._greet(wire)
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

    # What happens on a socket

    def hear(self, wire: Wire, text: str) -> None:
        """Act on one line from the page. What the page cannot have said is ignored."""
        try:
            heard = HEARD.validate_json(text)
            work = self._move(heard.step) if isinstance(heard, Advance) else self._act(wire, heard)
        except (ValidationError, ValueError) as error:
            _log.warning("playground.not_understood", error=type(error).__name__)
            return
        if work:
            # Apart from the socket: what was begun is finished even if the page is closed.
            task = asyncio.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _act(
        self, wire: Wire, heard: Call | Press | Send | Speak | Saw | Meet
    ) -> Coroutine[None, None, None] | None:
        match heard:
            case Meet(name):
                self._meet(wire, clean(name, 60))
            case _ if wire.who is None:
                raise ValueError("the stage's socket asks nothing of the bot")
            case Saw(place, number):
                if self._talk.mark_read(wire.who, place, number):
                    self._changed.set()
            case Call(_, place, name, args):
                words = self._spoken(name, args)
                self._say(Item(0, self._place(wire, place), self._stage.now(), wire.who, self._name(wire.who),
                               words=words, only=wire.who, asked=True))  # fmt: skip
                return self._ask(wire, heard, Called(name, args), f"/{name}")
            case Press(token=token, values=values):
                action = Action.parse(token)
                return self._ask(wire, heard, Pressed(action, values), action.name)
            case Send(token=token, filled=filled):
                action = Action.parse(token)
                return self._ask(wire, heard, Sent(action, filled), action.name)
            case Speak(_, place, text):
                words = clean(text)
                if words and place != wire.who and self._sees(wire.who, place):
                    self._say(Item(0, place, self._stage.now(), wire.who, self._name(wire.who), words=words))
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
            _log.exception("playground.answer_failed", action=name)
            wire.say("failed", call=heard.call)
        else:
            wire.say("done", call=heard.call)
        self._changed.set()

    async def _move(self, step: Step) -> None:
        if self._moving.locked():
            return  # a double click moves the clock once
        async with self._moving:
            self._broadcast("moving")
            try:
                await self._stage.advance(step)
            except Exception:
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
        """All that a pane shows, from nothing: on arrival, after a lost connection, when someone's places change."""
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
        wire.say("stage", society=self._stage.society, zone=self._stage.zone, commands=commands)

    async def refresh(self) -> None:
        """Look at the stage again and tell every page: its clock, its people, and who has something to read."""
        before = self._faces
        faces = [Face(address, None, name, (), "New here", self._stage.zone)
                 for address, name in self._talk.met.items()] + await self._stage.people()  # fmt: skip
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
                _log.exception("playground.refresh_failed")
            await asyncio.sleep(0.05)

    # The web

    def web(self) -> web.Application:
        app = web.Application(middlewares=[_guard])
        app.router.add_get("/", _index)
        app.router.add_get("/socket", self._socket)
        app.router.add_static("/static", _STATIC)
        app.on_shutdown.append(self._close)
        return app

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        who, session = request.query.get("who"), request.query.get("session", "")
        if who is not None and who not in self._faces:
            raise web.HTTPNotFound(text="Nobody of that name is here.")
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=512 * 1024)
        await socket.prepare(request)
        wire = Wire(who, session)
        self._sockets.add(socket)
        writer = asyncio.create_task(wire.run(socket))
        self._greet(wire)
        self._wires.add(wire)
        self._changed.set()
        try:
            async for line in socket:
                if line.type is WSMsgType.TEXT:
                    self.hear(wire, line.data)
        finally:
            self._wires.discard(wire)
            self._sockets.discard(socket)
            writer.cancel()
        return socket

    async def _close(self, _: web.Application) -> None:
        for socket in list(self._sockets):
            await socket.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2)
        self._talk.close()


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(_STATIC / "index.html")


@web.middleware
async def _guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    host = request.headers.get("Host", "")
    if not _OWN_HOST.fullmatch(host):
        return web.Response(status=403, text="This page is only for this computer.")
    if request.path == "/socket" or request.method not in ("GET", "HEAD"):
        if request.headers.get("Origin") != f"http://{host}":
            return web.Response(status=403, text="Only the playground's own page may speak here.")
    response = await handler(request)
    if not response.prepared:
        response.headers.update(_HEADERS)
    return response


@asynccontextmanager
async def serve(playground: Playground, port: int = 8787) -> AsyncIterator[str]:
    """Run the playground on loopback (0: any free port) for as long as the block lasts; gives its address."""
    await playground.refresh()
    runner = web.AppRunner(playground.web(), access_log=None, shutdown_timeout=2)
    await runner.setup()
    fresh = asyncio.create_task(playground.keep_fresh())
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        chosen = runner.addresses[0][1]
        yield f"http://127.0.0.1:{chosen}"
    finally:
        fresh.cancel()
        with suppress(asyncio.CancelledError):
            await fresh
        await runner.cleanup()
