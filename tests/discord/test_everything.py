"""Everything there is to call, press and send, done on Discord: by whoever sees it, and by whoever does not."""

import inspect
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from simcord.backend.access import can_access_message

from adapters.discord_render import UPLOAD
from bot import story
from bot.feature import Handled
from bot.model import DAY
from bot.rehearsal import Actor
from bot.society import commands
from bot.ui import Button, Command, Kind, Param, act, buttons, message
from tests.discord.server import Server, asks, harborview, newest, said
from tests.society import LETTER, NEW_YORK

WENT_WRONG = "went wrong on our side"
OFTEN = 2
"""How often anyone presses buttons of one kind."""
LAST = ("ending.end", "privacy.forgotten")
"""After which there is less to press."""


class Hand(Actor):
    """A member who acts on Discord, by what they see there. Whatever they are answered is kept."""

    server: Server
    on_discord: simcord.MemberActor
    shown: simcord.InteractionResult

    @classmethod
    async def of(cls, server: Server, actor: Actor) -> "Hand":
        hand = cls(actor.app, actor.paper, actor.place, actor.address, actor.name)
        hand.server, hand.on_discord = server, server.people[actor.name.split()[0].lower()]
        return hand

    def messages(self) -> Iterator[simcord.ResponseMessage]:
        """All that is before their eyes, newest first."""
        env = self.server.env
        every = [stored for channel in env.backend.messages.values() for stored in channel.values()]
        for stored in sorted(every, key=lambda one: -one.id):
            if stored.author_id == env.backend.bot_user.id and can_access_message(
                env, stored.channel_id, stored, self.on_discord
            ):
                yield simcord.ResponseMessage(env, stored)

    def controls(self) -> Iterator[tuple[simcord.ResponseMessage, dict[str, Any]]]:
        for seen in self.messages():
            for part in _parts(seen.components):
                if "custom_id" in part:
                    yield seen, part

    async def calls(self, command: str, **args: Any) -> None:  # noqa: ANN401
        await self._answered(await self.on_discord.slash(self.server.lobby, command, **args))

    async def presses(self, label: str, *values: str) -> None:
        for seen, part in self.controls():
            if label in (part.get("label"), part.get("placeholder")):
                await self.takes(seen, part, *values)
                return
        raise LookupError(f"{self.name} sees no “{label}”")

    async def takes(self, seen: simcord.ResponseMessage, part: dict[str, Any], *values: str) -> None:
        """Press this very button, or choose from this very menu."""
        private = self.server.env.backend.get_channel(seen.channel_id).guild_id is None
        who = self.on_discord.user if private else self.on_discord
        if "options" in part:
            chosen = values or (part["options"][0]["value"],)
            await self._answered(await who.select(seen, chosen, custom_id=part["custom_id"]))
        else:
            await self._answered(await who.click(seen, custom_id=part["custom_id"]))

    async def fills(self, **answers: Any) -> None:  # noqa: ANN401
        form = self.shown
        who = self.on_discord.user if form._interaction.guild_id is None else self.on_discord
        await self._answered(await self.server.fills(who, form, **answers))
        assert self.shown.modal is None, "Discord answers no form with a form"

    async def speaks(self) -> None:
        room = [room for room in self.server.lobby.threads if self.on_discord.id in _inside(self.server, room)][-1]
        await self.on_discord.send(room, "Something")

    async def _answered(self, result: simcord.InteractionResult) -> None:
        assert result.acknowledged
        self.shown = result
        if result.modal is None:
            assert WENT_WRONG not in said(result)


def _inside(server: Server, room: simcord.ChannelHandle) -> set[int]:
    return set(server.env.backend.get_thread(room.id).thread_members)


def _parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in components:
        yield part
        yield from _parts(part.get("components", []))
        if "accessory" in part:
            yield part["accessory"]


async def everyone(server: Server) -> tuple[Hand, Hand, Hand]:
    """Ana, Ben, and Olu, who may see officers' commands."""
    role = server.guild.create_role("Board", permissions=discord.Permissions(manage_guild=True))
    ana, ben, olu = await server.mentee("Ana Ruiz"), await server.mentor("Ben Okafor"), await server.officer()
    await asks(server, "PUT", f"/guilds/{server.guild.id}/members/{server.people['olu'].id}/roles/{role.id}")
    return await Hand.of(server, ana), await Hand.of(server, ben), await Hand.of(server, olu)


async def test_the_story_is_the_same_on_discord(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        hands = await everyone(server)
        told: list[str] = []
        await story.tell(server.simulation, NEW_YORK, *hands, told.append)
        (pair,) = await server.pairs(hands[0])
        assert pair.room is not None
        async with server.store.records(server.id) as records:
            assert await records.queue.items() == []


def _value(server: Server, param: Param) -> Any:  # noqa: ANN401
    """Something for a parameter to hold."""
    match param.kind:
        case Kind.MEMBER:
            return server.people["ana"]
        case Kind.CHANNEL:
            return server.lobby
        case Kind.ROLE:
            return server.guild.default_role
        case Kind.DATE:
            return "2026-12-01"
        case _:
            return param.options[0].value if param.options else "Ben"


@pytest.mark.parametrize("each", commands(), ids=lambda each: each.name)
async def test_every_command_is_answered_on_discord(tmp_path: Path, each: Command) -> None:
    async with harborview(tmp_path) as server:
        _, ben, olu = await everyone(server)
        hand = olu if each.officers_only else ben
        required = {param.name: _value(server, param) for param in each.params if param.required}
        await hand.calls(each.name, **required)
        await hand.calls(each.name, **{param.name: _value(server, param) for param in each.params})


async def test_whatever_is_seen_can_be_pressed_and_filled_in(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        ana, ben, olu = await everyone(server)
        await ana.calls("find-mentor")
        await ana.presses("Ask Ben")
        await ana.fills(**LETTER)
        await ana.presses("Send to Ben")
        await server.settle()
        await ben.presses("Accept")
        await server.settle()
        pressed: Counter[tuple[str, ...]] = Counter()
        for _ in range(2):
            for each in commands():
                for hand in (olu,) if each.officers_only else (ana, ben):
                    await _walks(hand, each, pressed)
            await server.later(8 * DAY)
        for action in LAST:
            if seen := next((each for each in ana.controls() if f"|{action}" in each[1]["custom_id"]), None):
                await ana.takes(*seen)
        assert len(pressed) > 30


async def _walks(hand: Hand, command: Command, pressed: Counter[tuple[str, ...]]) -> None:
    """Call a command, again and again: each time one thing is pressed that was not yet, and a form filled in."""
    new = True
    while new:
        if not any(param.required for param in command.params):
            await hand.calls(command.name)
            await _sends(hand)
        new = False
        for kind, seen, part, values in _new(hand, pressed):
            new = True
            pressed[kind] += 1
            await hand.takes(seen, part, *values)
            await _sends(hand)
            break


async def _sends(hand: Hand) -> None:
    if hand.shown.modal is not None:
        await hand.fills(**_files(hand.shown.modal))


def _new(
    hand: Hand, pressed: Counter[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], simcord.ResponseMessage, dict[str, Any], tuple[str, ...]]]:
    """What has not been pressed, or chosen, often enough."""
    for seen, part in hand.controls():
        action = part["custom_id"].partition("|")[2].split(":")[0]
        if action in LAST:
            continue
        for option in part.get("options", [{}]):
            chosen = option.get("value", "")
            kind = hand.name, action, chosen.split(":")[0]
            if pressed[kind] < (1 if chosen else OFTEN):
                yield kind, seen, part, (chosen,) if chosen else ()


def _files(modal: dict[str, Any]) -> dict[str, Any]:
    parts = [label["component"] for label in modal["components"]]
    return {part["custom_id"]: ("sheet.csv", b"name\nAna\n") for part in parts if part["type"] == UPLOAD}


async def test_every_button_and_form_there_is_is_answered_even_to_someone_it_is_not_for(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await server.mentee("Ana Ruiz")
        stranger = server.add("eve")
        handlers: list[tuple[str, Handled]] = [
            each for feature in server.app.features for each in (*feature.presses.items(), *feature.forms.items())
        ]
        for name, handled in handlers:
            count = len(inspect.signature(handled.do).parameters)
            for args in ((), ("1",), ("1", "1"))[: max(1, count)]:
                row = buttons(Button("Here", act(name, *args)))
                body = server.bot.payload(message(f"{name} {len(args)}", row), server.guild.id)
                await asks(server, "POST", f"/channels/{server.lobby.id}/messages", body)
                result = await stranger.click(newest(server, "[Here]"), label="Here")
                assert result.acknowledged
                assert result.modal is not None or WENT_WRONG not in said(result), name
