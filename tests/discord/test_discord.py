"""The real discord.py, with Discord in memory: members type, press and fill in; the core and its database are real."""

from pathlib import Path
from typing import Any

import discord
import pytest

from adapters.discord import Discord, connection, invite
from adapters.discord_render import parsed
from bot.model import DAY, Happened, QueueReason, Side, Urgency
from bot.ports import Departed, Later, Refused
from bot.rehearsal import Actor
from bot.ui import Button, buttons, message
from tests.discord.server import answer, asked, asks, connected, harborview, newest, said


async def test_someone_joins_by_buttons_and_forms_and_it_is_kept(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await server.visitor("Ana Ruiz")
        ana = server.people["ana"]
        welcome = await ana.slash(server.lobby, "sign-up")
        assert "Welcome to mentorship at Harborview" in said(welcome)
        assert welcome.ephemeral
        shown = await ana.click(answer(welcome), label="I'd like a mentor")
        await server.fills(ana, shown, name="Anita")
        async with server.store.records(server.id) as records:
            person = await records.people.at(f"{server.place}/u/{ana.id}")
        assert person is not None
        assert person.name == "Anita"


async def test_a_request_becomes_a_private_thread_of_two(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await server.mentee("Ana Ruiz")
        await server.mentor("Ben Okafor")
        await asked(server)
        request = newest(server, "Ana would like you as a mentor")
        accepted = await server.people["ben"].user.click(request, label="Accept")
        assert "You and Ana are a pair" in said(accepted)
        await server.settle()
        (pair,) = await server.pairs(Actor(server.app, server.paper, server.place, server.address("ana"), "Ana"))
        assert pair.room is not None
        thread = server.env.backend.get_channel(parsed(pair.room)[2])
        assert thread.type == discord.ChannelType.private_thread.value
        opening = newest(server, "you write first")
        assert opening.channel_id == thread.id
        # The same key again, as after a crash between opening and noting: the same room.
        server.bot._rooms._open.clear()
        members = [server.address("ana"), server.address("ben")]
        under = server.rooms
        assert await server.bot.open_room(members, "Ana and Ben", "another", under) == pair.room


async def test_a_silence_is_asked_about_in_private_and_the_answer_is_heard(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        ana, ben = await server.mentee("Ana Ruiz"), await server.mentor("Ben Okafor")
        await asked(server)
        await server.people["ben"].user.click(newest(server, "Ana would like"), label="Accept")
        await server.later(4 * DAY)
        nudge = newest(server, "Ben is waiting for your first hello")
        answered = await server.people["ana"].user.click(nudge, label="I wrote")
        assert "leave you two to it" in said(answered)
        assert await server.pairs(ana) == await server.pairs(ben)


async def test_officers_commands_are_hidden_from_members(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await server.mentee("Ana Ruiz")
        shown = server.people["ana"].available_commands(server.lobby)
        assert "sign-up" in shown
        assert "queue" not in shown


async def test_a_member_who_finds_an_officers_command_is_refused_by_the_bot(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        olu = await server.officer("Olu Mensah")
        await server.mentor("Ben Okafor", approved=False)
        async with server.store.records(server.id) as records:
            (ben,) = [member for member in await records.people.roster() if member.mentor]
            await records.queue.open(QueueReason.APPROVE, server.clock.now(), person=ben.person.id)
        await olu.calls("queue")
        approve = olu.button("Approve")
        place = server.bot.payload(message("x", buttons(Button("Approve", approve))), server.guild.id)
        await asks(server, "POST", f"/channels/{server.lobby.id}/messages", place)
        pressed = await server.people["ben"].click(newest(server, "[Approve]"), label="Approve")
        assert said(pressed) == "That one is for the society's officers."
        async with server.store.records(server.id) as records:
            assert len(await records.queue.items()) == 1


async def test_a_request_is_accepted_after_the_bot_was_started_anew(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        ana = await server.mentee("Ana Ruiz")
        await server.mentor("Ben Okafor")
        await asked(server)
        another = connection(members=False, shard_count=1)
        bot = connected(server.app, another)
        server.courier.platforms = [bot]
        await server.env.restart_bot(another)
        accepted = await server.people["ben"].user.click(newest(server, "Ana would like"), label="Accept")
        assert "You and Ana are a pair" in said(accepted)
        await server.settle()
        assert len(await server.pairs(ana)) == 1


async def test_a_word_in_a_room_is_noted_and_a_room_that_is_deleted_is_followed_by_another(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        ana = await server.mentee("Ana Ruiz")
        await server.mentor("Ben Okafor")
        await asked(server)
        await server.people["ben"].user.click(newest(server, "Ana would like"), label="Accept")
        await server.settle()
        (room,) = server.lobby.threads
        await server.people["ana"].send(room, "Nobody else is to read this")
        (pair,) = await server.pairs(ana)
        async with server.store.records(server.id) as records:
            wrote = [event for event in await records.pairs.events(pair.id) if event.what is Happened.WROTE]
        assert [(event.at, event.side) for event in wrote] == [(server.clock.now(), Side.MENTEE)]
        await asks(server, "DELETE", f"/channels/{room.id}")
        await server.env.settle()
        async with server.store.records(server.id) as records:
            await records.post.say(message("Hello again"), Urgency.NEWS, server.clock.now(), pair=pair.id)
        await server.later(DAY)
        (another,) = server.lobby.threads
        assert newest(server, "Hello again").channel_id == another.id != room.id


async def test_a_room_is_never_shown_to_another_of_the_same_name(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        ana, ben, other = [f"{server.place}/u/{server.add(name).id}" for name in ("ana", "ben", "another")]
        under = server.rooms
        first = await server.bot.open_room([ana, ben], "Ana and Ben", "k1", under)
        await asks(server, "DELETE", f"/channels/{parsed(first)[2]}/thread-members/{parsed(ana)[2]}")
        second = await server.bot.open_room([other, ben], "Ana and Ben", "k2", under)
        assert second != first
        # Another process, which remembers nothing, when Discord has folded the room away.
        await asks(server, "PATCH", f"/channels/{parsed(second)[2]}", {"archived": True})
        again = Discord("token", server.app.answer, server.app.commands, client=server.bot.client)
        assert await again.open_room([other, ben], "Ana and Ben", "k2", under) == second
        thread = server.env.backend.get_thread(parsed(second)[2])
        assert thread.thread_metadata is not None
        assert not thread.thread_metadata.archived


async def test_a_room_into_which_not_everyone_could_be_let_at_once_stays_the_only_one(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        both = [server.address(server.add(name)) for name in ("ana", "ben")]
        where = f"/channels/*/thread-members/{parsed(both[1])[2]}"
        server.env.inject_error("PUT", where, status=503, times=2)
        for _ in range(2):
            with pytest.raises(discord.HTTPException):
                await server.bot.open_room(both, "Ana and Ben", "k1", server.rooms)
        await server.bot.open_room(both, "Ana and Ben", "k1", server.rooms)
        assert len(server.lobby.threads) == 1


async def test_a_room_that_discord_folded_away_is_unfolded_to_write_in_it(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        ana = server.address(server.add("ana"))
        under = server.rooms
        room = await server.bot.open_room([ana], "Ana", "k1", under)
        server.env.inject_error("POST", f"/channels/{parsed(room)[2]}/messages", status=400, code=50083)
        await server.bot.send(room, message("Hello"), "m1")
        assert newest(server, "Hello").channel_id == parsed(room)[2]


@pytest.mark.parametrize("code", [50013, 50024, 10003])
async def test_a_room_that_cannot_be_opened_yet_is_waited_for(
    tmp_path: Path, code: int, logged: list[dict[str, Any]]
) -> None:
    async with harborview(tmp_path) as server:
        ana = server.address(server.add("ana"))
        under = server.rooms
        with pytest.raises(Later):
            await server.bot.open_room([ana], "Ana", "k1", None)
        server.env.inject_error("POST", f"/channels/{server.lobby.id}/threads", status=403, code=code, times=None)
        with pytest.raises(Later):
            await server.bot.open_room([ana], "Ana", "k1", under)
        (line,) = [line for line in logged if line["event"].startswith("discord.")]
        assert line["guild"] == server.guild.id
        assert ("Create Private Threads" in line.get("permission", "")) == (code != 10003)


async def test_commands_are_registered_once(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await server.bot.on_ready()
        put = [entry for entry in server.env.http_requests if entry.method == "PUT" and "/commands" in entry.path]
        assert len(put) == 1


@pytest.mark.parametrize(("code", "means"), [(50007, Refused), (50035, Refused), (10013, Departed), (40003, Later)])
async def test_what_discord_refuses_is_told_to_the_courier(tmp_path: Path, code: int, means: type[Exception]) -> None:
    async with harborview(tmp_path) as server:
        await server.visitor("Ana Ruiz")
        server.env.inject_error("POST", "/users/@me/channels", status=403, code=code, times=None)
        with pytest.raises(means):
            await server.bot.send(server.address("ana"), message("Hello"), "k1")


async def test_a_control_that_is_not_ours_says_so_kindly(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await server.visitor("Ana Ruiz")
        row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Old", "custom_id": "from-another-age"}]}
        old = {"flags": 1 << 15, "components": [row]}
        await asks(server, "POST", f"/channels/{server.lobby.id}/messages", old)
        pressed = await server.people["ana"].click(newest(server, "[Old]"), label="Old")
        assert "Nothing was changed" in said(pressed)


async def test_a_server_the_bot_is_not_in_is_waited_for(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        with pytest.raises(Later):
            await server.bot.send("discord:123456789012345678/u/5", message("Hello"), "k1")
        with pytest.raises(Departed):
            await server.bot.send("slack:T1/u/U1", message("Hello"), "k1")


def test_the_invitation_asks_for_no_more_than_it_needs() -> None:
    assert "client_id=42" in invite(42)
    asked_for = discord.Permissions(int(invite(42).rpartition("=")[2]))
    assert not asked_for.administrator
    assert asked_for.create_private_threads
