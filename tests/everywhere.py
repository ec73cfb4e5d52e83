"""One society on each platform, and on two at once, acted in the same way: by what someone sees.

A `Member` calls a command, presses what reads so, fills in the form before them, and writes to the other of their
pair; how that is done on a platform, and what then stands before their eyes, is its own.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import simcord

from adapters.playground import Playground
from adapters.playground.wire import Wire
from bot.model import Role
from bot.rehearsal import controls
from bot.running import answering
from bot.stage import Stage as PlaygroundStage
from bot.ui import ChoiceField, FileField, Form, Message, form_from_json, message_from_json, plain_message
from tests.discord.server import Server, answer
from tests.discord.server import harborview as discord_harborview
from tests.discord.server import words as discord_words
from tests.slack.loopback import Loopback, loopback
from tests.slack.rules import controls as controls_of
from tests.slack.workspace import PLACE as SLACK_PLACE
from tests.slack.workspace import connected_bot, serving, until, workspace
from tests.society import NEW_YORK, Society, harborview
from tests.stores import open_sqlite


class Member(ABC):
    """Someone, acting on their platform."""

    @abstractmethod
    async def calls(self, command: str) -> None: ...

    @abstractmethod
    async def presses(self, label: str) -> None:
        """Press the newest button before their eyes that reads so. Raises LookupError when there is none."""

    @abstractmethod
    async def fills(self, **answers: str) -> None:
        """Send the form just opened; what is not named keeps what it holds, or its first option."""

    @abstractmethod
    async def writes(self, words: str) -> None:
        """Write to the other: in the room where they have one, else through the bot."""

    @abstractmethod
    def sees(self) -> str:
        """All that ever stood before their eyes."""


@dataclass
class Everywhere:
    """A society with the ways into it."""

    society: Society
    mentee: Callable[[str], Awaitable[Member]]
    mentor: Callable[[str], Awaitable[Member]]
    officer: Callable[[str], Awaitable[Member]]


# ── the playground ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class OnThePlayground(Member):
    playground: Playground
    address: str
    wire: Wire
    places: dict[str, str] = field(default_factory=dict)
    """What kind each place is that their pane shows."""
    items: dict[int, dict[str, Any]] = field(default_factory=dict)
    form: Form | None = None
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    async def calls(self, command: str) -> None:
        await self._does({"do": "call", "place": self.address, "name": command, "args": {}})

    async def presses(self, label: str) -> None:
        self._look()
        for number, message in reversed(self._messages()):
            for reads, action, values in controls(message):
                if reads == label:
                    press = {"do": "press", "token": action.token, "item": number, "values": values}
                    return await self._does(press | {"place": self.items[number]["place"]})
        raise LookupError(label)

    async def fills(self, **answers: str) -> None:
        assert self.form is not None
        filled: dict[str, list[str]] = {}
        for each in self.form.fields:
            if isinstance(each, ChoiceField):
                given = answers.get(each.name)
                filled[each.name] = [given] if given else list(each.values) or [each.options[0].value]
            elif not isinstance(each, FileField):
                filled[each.name] = [answers.get(each.name) or each.value or "A few words"]
        token, self.form = self.form.action.token, None
        await self._does({"do": "send", "place": self.address, "token": token, "filled": filled})

    async def writes(self, words: str) -> None:
        self._look()
        room = next(place for place, kind in self.places.items() if kind == "room")
        await self._does({"do": "speak", "place": room, "text": words})

    def sees(self) -> str:
        self._look()
        return "\n".join(plain_message(message, NEW_YORK) for _, message in self._messages())

    async def _does(self, what: dict[str, Any]) -> None:
        self.playground.hear(self.wire, json.dumps({"call": str(next(self._numbers)), **what}))
        while self.playground._tasks:
            await asyncio.wait(self.playground._tasks)
        self._look()

    def _look(self) -> None:
        while not self.wire._out.empty():
            heard = json.loads(self.wire._out.get_nowait())
            match heard["is"]:
                case "pane":
                    for card in heard["places"]:
                        self._place(card)
                case "place":
                    self._place(heard["place"])
                case "item":
                    self.items[heard["item"]["id"]] = heard["item"]
                case "form":
                    self.form = form_from_json(json.dumps(heard["form"]))

    def _place(self, card: dict[str, Any]) -> None:
        self.places[card["address"]] = card["kind"]
        self.items |= {item["id"]: item for item in card["items"]}

    def _messages(self) -> list[tuple[int, Message]]:
        said = [(number, item["message"]) for number, item in sorted(self.items.items()) if item["message"]]
        return [(number, message_from_json(json.dumps(message))) for number, message in said]


@asynccontextmanager
async def on_the_playground(folder: Path) -> AsyncIterator[Everywhere]:
    async with open_sqlite(folder / "society.db") as store, harborview(store) as society:
        place, zone = "playground:harborview", "America/New_York"
        await store.join(society.id, place)
        stage = PlaygroundStage(store, society.id, "Harborview", place, zone, society.app.commands, society.clock)
        playground = Playground(answering(society.app, society.courier), society.app.suggest, stage, None)
        society.courier.platforms = [playground]
        page = Wire(None, "page")

        async def member(name: str) -> Member:
            playground.hear(page, json.dumps({"do": "meet", "name": name}))
            met = [said for said in _drained(page) if said["is"] == "met"][-1]
            wire = Wire(met["address"], name)
            playground.join(wire)
            return OnThePlayground(playground, met["address"], wire)

        async def officer(name: str) -> Member:
            found = await member(name)
            assert isinstance(found, OnThePlayground)
            await found.calls("home")
            await _made_officer(society, found.address)
            return found

        yield Everywhere(society, member, member, officer)
        await playground.close()
        await society.courier.finish(5)


def _drained(wire: Wire) -> Iterator[dict[str, Any]]:
    while not wire._out.empty():
        yield json.loads(wire._out.get_nowait())


async def _made_officer(society: Society, address: str) -> None:
    async with society.store.records(society.id) as records:
        person = await records.people.at(address)
        assert person is not None
        await records.people.give_role(person.id, Role.OFFICER)


# ── Discord ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class OnDiscord(Member):
    server: Server
    someone: simcord.MemberActor
    results: list[simcord.InteractionResult] = field(default_factory=list)

    async def calls(self, command: str) -> None:
        self.results.append(await self.someone.slash(self.server.lobby, command))

    async def presses(self, label: str) -> None:
        alone = self.someone.user.dm_channel.id
        for shown in self._before_their_eyes():
            actor: Any = self.someone.user if shown.channel_id == alone else self.someone
            for reads, menu, value in _discord_controls(shown.components):
                if reads == label:
                    acting = actor.select(shown, [value], custom_id=menu) if menu else actor.click(shown, label=label)
                    self.results.append(await acting)
                    return
        raise LookupError(label)

    async def fills(self, **answers: str) -> None:
        self.results.append(await self.server.fills(self.someone, self.results[-1], **answers))

    async def writes(self, words: str) -> None:
        if self.server.lobby.threads:
            await self.someone.send(self.server.lobby.threads[0], words)
        else:
            self.results.append(await self.someone.slash(self.server.lobby, "write", words=words))

    def sees(self) -> str:
        return "\n".join(discord_words(shown.components) for shown in reversed(list(self._before_their_eyes())))

    def _before_their_eyes(self) -> Iterator[simcord.ResponseMessage]:
        """The newest answer first, then what was sent to them or into their room, then earlier answers."""
        answers = [answer(result) for result in reversed(self.results) if result.response or result.followups]
        yield from answers[:1]
        places = [self.someone.user.dm_channel.id, *(thread.id for thread in self.server.lobby.threads)]
        stored = [each for place in places for each in self.server.env.backend.messages[place].values()]
        for each in sorted(stored, key=lambda one: -one.id):
            yield simcord.ResponseMessage(self.server.env, each)
        yield from answers[1:]


def _discord_controls(components: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Every button, and every line of a menu: what it reads, and of a line the menu and the value."""
    for part in components:
        if "options" in part:
            yield from ((option["label"], part["custom_id"], option["value"]) for option in part["options"])
        elif "label" in part:
            yield part["label"], "", ""
        yield from _discord_controls([*part.get("components", []), *filter(None, [part.get("accessory")])])


@asynccontextmanager
async def on_discord(folder: Path) -> AsyncIterator[Everywhere]:
    async with discord_harborview(folder) as server:

        async def member(name: str) -> Member:
            await server.visitor(name)
            return OnDiscord(server, server.people[name.split(maxsplit=1)[0].lower()])

        async def officer(name: str) -> Member:
            role = server.guild.create_role("Officers")
            found = OnDiscord(server, server.guild.add_member(server.env.create_user(name), roles=[role]))
            # Whoever administers a server lets a role see the commands that are hidden from members.
            http, application = server.env.bot.http, server.env.bot.application_id or 0
            for command in await http.get_guild_commands(application, server.guild.id):
                server.guild.set_command_permissions(int(command["id"]), {role: True})
            await found.calls("home")
            await _made_officer(server, f"{server.place}/u/{found.someone.id}")
            return found

        yield Everywhere(server, member, member, officer)


# ── Slack ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class OnSlack(Member):
    slack: Loopback
    user: str

    async def calls(self, command: str) -> None:
        await self._answered(self.slack.calls_command(self.user, f"/{command}"))

    async def presses(self, label: str) -> None:
        menu, value = self._line(label) or (label, "")
        await self._answered(self.slack.presses(self.user, menu, value))

    async def fills(self, **answers: str) -> None:
        await self._answered(self.slack.fills(self.user, **answers), modals=len(self.slack.modals[self.user]) - 1)

    async def writes(self, words: str) -> None:
        room = next((place for place, who in self.slack.members.items() if self.user in who and len(who) > 1), None)
        if room is None:
            await self._answered(self.slack.calls_command(self.user, "/write", f'words:"{words}"'))
            return
        number = f"{self.user}{len(self.slack.acks)}"
        said = {"type": "message", "channel_type": "mpim", "channel": room, "user": self.user, "text": words}
        await self.slack.happens(said | {"ts": "9"}, number)

    def sees(self) -> str:
        return self.slack.sees(self.user)

    def _line(self, label: str) -> tuple[str, str] | None:
        """The menu that has this line, by what it reads, and the line's value; None for a button."""
        mine = [posts for place, posts in self.slack.posts.items() if self.user in self.slack.members[place]]
        for post in itertools.chain(*mine, self.slack.whispers[self.user]):
            for element in controls_of(post):
                for option in element.get("options", ()):
                    if option["text"]["text"] == label:
                        return element["placeholder"]["text"], option["value"]
        return None

    async def _answered(self, act: Awaitable[None], modals: int | None = None) -> None:
        """Act, and wait until something else stands before their eyes: a message, or one more than these modals."""
        open_, seen = len(self.slack.modals[self.user]) if modals is None else modals, self._seen()
        await act
        await until(lambda: self._seen() != seen or len(self.slack.modals[self.user]) > open_)

    def _seen(self) -> str:
        mine = [posts for place, posts in self.slack.posts.items() if self.user in self.slack.members[place]]
        return json.dumps([mine, self.slack.whispers[self.user]])


def _slack_users(slack: Loopback) -> Callable[[str], Awaitable[Member]]:
    async def member(name: str) -> Member:
        return OnSlack(slack, slack.meet(f"U{name.split(maxsplit=1)[0].upper()}", name, tz="America/New_York"))

    return member


@asynccontextmanager
async def on_slack(folder: Path) -> AsyncIterator[Everywhere]:
    async with loopback() as slack, open_sqlite(folder / "society.db") as store, workspace(slack, store) as society:

        async def officer(name: str) -> Member:
            actor = await society.officer(name)
            return OnSlack(slack, actor.address.rpartition("/")[2])

        yield Everywhere(society, _slack_users(slack), _slack_users(slack), officer)


# ── one side on each ──────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def on_both(folder: Path) -> AsyncIterator[Everywhere]:
    """The mentee and the officer on Discord, the mentor on Slack."""
    async with on_discord(folder) as there, loopback() as slack:
        society = there.society
        await society.store.join(society.id, SLACK_PLACE)
        bot = connected_bot(slack, society.app)
        society.courier.platforms = [*society.courier.platforms, bot]
        async with serving(bot):
            await asyncio.wait_for(slack.connected.wait(), 5)
            yield Everywhere(society, there.mentee, _slack_users(slack), there.officer)


PLATFORMS: dict[str, Callable[[Path], AbstractAsyncContextManager[Everywhere]]] = {
    "playground": on_the_playground,
    "discord": on_discord,
    "slack": on_slack,
    "one side on each": on_both,
}
