"""A society on Discord: the real discord.py, with Discord in memory; the core and its database are real."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import discord
import simcord

from adapters.discord import Discord, connection
from adapters.discord_render import RADIO, UPLOAD, address
from bot.app import App
from bot.clock import MovableClock
from bot.courier import Courier
from bot.feature import Feature
from bot.model import Place
from bot.rehearsal import Actor, Paper
from bot.society import FEATURES
from tests.discord.published import CONTRACT, unlike_published
from tests.society import LETTER, MONDAY, USUAL, Society
from tests.stores import open_sqlite

PATIENCE = 60.0
"""Seconds for an answer, on a machine that does much else."""

Someone: TypeAlias = simcord.MemberActor | simcord.UserHandle
"""In the server, or in private."""


@dataclass
class Server(Society):
    """A society whose members are people of a Discord server."""

    env: simcord.Env = field(kw_only=True)
    bot: Discord = field(kw_only=True)
    guild: simcord.GuildHandle = field(kw_only=True)
    lobby: simcord.ChannelHandle = field(kw_only=True)
    people: dict[str, simcord.MemberActor] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return f"discord:{self.guild.id}"

    async def visitor(self, name: str) -> Actor:
        first = name.split(maxsplit=1)[0].lower()
        someone = self.add(first)
        self.people[first] = someone
        return Actor(self.app, self.paper, self.place, f"{self.place}/u/{someone.id}", name)

    def add(self, name: str) -> simcord.MemberActor:
        return self.guild.add_member(self.env.create_user(name))

    def address(self, who: str | simcord.MemberActor) -> str:
        """Someone's address, by their first name or as they act."""
        return f"{self.place}/u/{(self.people[who] if isinstance(who, str) else who).id}"

    @property
    def rooms(self) -> str:
        """The address of the channel under which pairs' rooms open."""
        return address(self.guild.id, "c", self.lobby.id)

    async def noticed(self) -> None:
        """Wait until the bot has looked around, and noted what it saw."""
        await asyncio.gather(*self.bot._lookout._looks.values())
        await asyncio.gather(*self.bot._tasks)

    async def fills(self, who: Someone, shown: simcord.InteractionResult, **answers: Any) -> Any:  # noqa: ANN401
        """Fill in a modal; what is not named keeps what it shows, or its first option. A file is a name and bytes."""
        assert shown.modal is not None
        return await who.submit_modal(shown, dict(_filled(shown.modal["components"], answers)))


def _filled(labels: list[dict[str, Any]], answers: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for part in (label["component"] for label in labels):
        name = part["custom_id"]
        if part["type"] == UPLOAD:
            if name in answers:
                yield name, answers[name]
        elif "options" in part:
            held = [o["value"] for o in part["options"] if o.get("default")] or [part["options"][0]["value"]]
            chosen = [answers[name]] if name in answers else held
            yield name, chosen[0] if part["type"] == RADIO else chosen
        else:
            yield name, answers.get(name) or part.get("value") or "A few words"[: part["max_length"]]


def words(components: list[dict[str, Any]]) -> str:
    """All that a message shows, controls as [their labels]."""
    return "\n".join(_words(components))


def _words(components: list[dict[str, Any]]) -> Iterator[str]:
    for part in components:
        if "content" in part:
            yield part["content"]
        if "label" in part:
            yield f"[{part['label']}]"
        yield from _words(part.get("components", []))
        if "accessory" in part:
            yield from _words([part["accessory"]])


def answer(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    """What the one who asked was answered, last of all."""
    answers = [result.response, *result.followups]
    return next(each for each in reversed(answers) if each is not None)


def said(result: simcord.InteractionResult) -> str:
    return words(answer(result).components)


@asynccontextmanager
async def harborview(folder: Path, *more: Feature) -> AsyncIterator[Server]:
    """Harborview's server with the bot connected. (No fixture: SimCord's clock belongs to the test's own context.)"""
    client = connection(members=False, shard_count=1)
    clock = MovableClock(MONDAY)
    async with open_sqlite(folder / "society.db") as store:
        app = App(store, clock, USUAL, (*FEATURES, *more))
        bot = connected(app, client)
        async with simcord.run(client, shard_count=1) as env:
            env.settle_timeout = PATIENCE
            guild = env.create_guild("Harborview")
            lobby = guild.create_text_channel("mentorship")
            found = await store.found("Harborview", "America/New_York", f"discord:{guild.id}", None)
            async with store.records(found.id) as records:
                await records.settle(Place(f"discord:{guild.id}", rooms=address(guild.id, "c", lobby.id)))
            courier = Courier(store, clock, USUAL, [bot])
            paper = Paper(clock.now)
            await bot.on_ready()
            yield Server(store, app, courier, clock, paper, found.id, env=env, bot=bot, guild=guild, lobby=lobby)
            bot._lookout.stop()
            if CONTRACT.exists():
                asked = [each for each in env.http_requests if each.json is not None]
                assert not [wrong for each in asked if (wrong := unlike_published(each.method, each.path, each.json))]


def connected(app: App, client: discord.AutoShardedClient) -> Discord:
    """The bot for a society whose clock is moved by hand."""
    clock = app.clock
    return Discord(
        "token",
        app.answer,
        app.commands,
        suggest=app.suggest,
        known=app.known,
        clock=lambda: clock.now().timestamp(),
        client=client,
    )


async def asked(server: Server) -> None:
    """Ana asks Ben, by command, button and form."""
    ana = server.people["ana"]
    found = await ana.slash(server.lobby, "find-mentor")
    assert "Ben Okafor" in said(found)
    shown = await ana.click(answer(found), label="Ask Ben")
    preview = await server.fills(ana, shown, **LETTER)
    assert "Nothing is sent until you say so" in said(preview)
    await ana.click(answer(preview), label="Send to Ben")
    await server.settle()


def newest(server: Server, holding: str) -> simcord.ResponseMessage:
    """The newest message of the bot's that shows this."""
    every = [stored for channel in server.env.backend.messages.values() for stored in channel.values()]
    for stored in sorted(every, key=lambda one: -one.id):
        if holding in words(stored.components):
            return simcord.ResponseMessage(server.env, stored)
    raise LookupError(holding)


async def asks(server: Server, method: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
    """What the adapter would not ask of Discord by itself."""
    return await server.env.bot.http.request(discord.http.Route(method, path), json=body)
