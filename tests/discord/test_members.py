"""People, roles, channels and the bot itself come and go: each is heard of, and nothing is lost."""

from pathlib import Path

import discord
import pytest
import simcord

from adapters.discord_render import address, parsed
from bot.model import DAY, QueueReason, Urgency
from bot.ports import Departed, Later
from bot.ui import message
from tests.discord.server import Server, answer, asked, asks, connected, harborview, newest, said


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.discord_lookout.APART", 0.0)


async def paired(server: Server) -> None:
    """Ana asked Ben, who said yes."""
    await server.mentee("Ana Ruiz")
    await server.mentor("Ben Okafor")
    await asked(server)
    await server.people["ben"].user.click(newest(server, "Ana would like"), label="Accept")
    await server.later(DAY)


async def says(server: Server, words: str) -> None:
    """The bot has something to say in the pair's room."""
    async with server.store.records(server.id) as records:
        (pair,) = await records.pairs.all_live()
        await records.post.say(message(words), Urgency.NEWS, server.clock.now(), pair=pair.id)
    await server.later(2 * DAY)


async def reasons(server: Server) -> set[QueueReason]:
    async with server.store.records(server.id) as records:
        return {item.reason for item in await records.queue.items()}


async def test_an_officer_whose_role_is_taken_away_is_refused_from_then_on(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        role = server.guild.create_role("Officers", permissions=discord.Permissions(manage_guild=True))
        olu = server.guild.add_member(server.env.create_user("olu"), roles=[role])
        await olu.slash(server.lobby, "setup", role=role)
        assert "Nothing needs you" in said(await olu.slash(server.lobby, "queue"))
        await server.mentor("Ben Okafor", approved=False)
        async with server.store.records(server.id) as records:
            (ben,) = [member for member in await records.people.roster() if member.mentor]
            await records.queue.open(QueueReason.APPROVE, server.clock.now(), person=ben.person.id)
        queue = await olu.slash(server.lobby, "queue")
        await asks(server, "DELETE", f"/guilds/{server.guild.id}/members/{olu.id}/roles/{role.id}")
        refused = await olu.click(answer(queue), label="Approve")
        assert said(refused) == "That one is for the society's officers."
        assert await reasons(server) == {QueueReason.APPROVE}


async def test_in_private_too_the_role_is_asked_for(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        role = server.guild.create_role("Officers", permissions=discord.Permissions(manage_guild=True))
        olu = server.guild.add_member(server.env.create_user("olu"), roles=[role])
        await olu.slash(server.lobby, "setup", role=role)
        await server.mentor("Ben Okafor", approved=False)
        async with server.store.records(server.id) as records:
            (ben,) = [member for member in await records.people.roster() if member.mentor]
            await records.queue.open(QueueReason.APPROVE, server.clock.now(), person=ben.person.id)
        shown = answer(await olu.slash(server.lobby, "queue"))
        approve = next(part["custom_id"] for part in shown.components[-1]["components"] if part["label"] == "Approve")
        row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Approve", "custom_id": approve}]}
        body = {"flags": 1 << 15, "components": [row]}
        await asks(server, "POST", f"/channels/{olu.user.dm_channel.id}/messages", body)
        await asks(server, "DELETE", f"/guilds/{server.guild.id}/members/{olu.id}/roles/{role.id}")
        refused = await olu.user.click(newest(server, "[Approve]"), label="Approve")
        assert said(refused) == "That one is for the society's officers."


async def test_whoever_left_is_noticed_when_something_is_said_to_them(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await paired(server)
        ana = server.people["ana"]
        server.guild.remove_member(ana)
        where = f"/channels/{ana.user.dm_channel.id}/messages"
        server.env.inject_error("POST", where, status=403, code=50278, times=None)
        with pytest.raises(Departed):
            await server.bot.send(server.address("ana"), message("Hello"), "k1")
        await server.noticed()
        assert QueueReason.LEFT in await reasons(server)


async def test_what_happened_while_the_bot_was_away_is_found_out(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await paired(server)
        (room,) = server.lobby.threads
        # The bot hears of neither: as if it had been away.
        server.env.backend.channels.pop(room.id)
        server.env.backend.get_guild(server.guild.id).members.pop(server.people["ben"].id)
        await server.bot.on_ready()
        await server.noticed()
        assert await reasons(server) == {QueueReason.LEFT}
        async with server.store.records(server.id) as records:
            (pair,) = await records.pairs.all_live()
        assert pair.room is None


async def test_a_room_that_is_gone_unheard_of_is_followed_by_another_and_nothing_is_lost(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await paired(server)
        (room,) = server.lobby.threads
        server.env.backend.channels.pop(room.id)  # which the bot does not hear of
        await says(server, "Still here")
        assert newest(server, "Still here").channel_id != room.id


async def test_whoever_left_the_server_and_came_back_is_in_their_room_again(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await paired(server)
        (room,) = server.lobby.threads
        inside = f"/channels/{room.id}/thread-members/{server.people['ana'].id}"
        await asks(server, "DELETE", inside)
        await says(server, "Welcome back")
        assert newest(server, "Welcome back").channel_id == room.id
        assert await asks(server, "GET", inside)


async def test_when_the_rooms_channel_is_deleted_officers_hear_it_and_rooms_open_elsewhere(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await paired(server)
        await server.officer()
        await asks(server, "DELETE", f"/channels/{server.lobby.id}")
        await server.noticed()
        await server.later(DAY)
        assert "Choose another" in str(newest(server, "was deleted").components)
        await says(server, "Meanwhile")
        assert newest(server, "Meanwhile").channel_id in [who.user.dm_channel.id for who in server.people.values()]
        another = server.guild.create_text_channel("mentorship-again")
        role = server.guild.create_role("Board", permissions=discord.Permissions(manage_guild=True))
        pat = server.guild.add_member(server.env.create_user("pat"), roles=[role])
        await pat.slash(another, "setup", rooms=another)
        await says(server, "At home again")
        (room,) = another.threads
        assert newest(server, "At home again").channel_id == room.id


async def test_a_room_that_someone_closed_is_opened_to_write_in_it(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await paired(server)
        (room,) = server.lobby.threads
        await asks(server, "PATCH", f"/channels/{room.id}", {"locked": True, "archived": True})
        server.env.inject_error("POST", f"/channels/{room.id}/messages", status=400, code=50083)
        await says(server, "Hello again")
        state = server.env.backend.get_thread(room.id).thread_metadata
        assert state is not None
        assert (state.archived, state.locked) == (False, False)


def forbidding(server: Server) -> simcord.ChannelHandle:
    """A channel in which nobody may open private threads."""
    no = discord.PermissionOverwrite(create_private_threads=False)
    return server.guild.create_text_channel("no-rooms", overwrites={server.guild.default_role: no})


async def test_where_private_threads_are_forbidden_setup_says_so_and_the_two_write_through_the_bot(
    tmp_path: Path,
) -> None:
    async with harborview(tmp_path) as server:
        closed = forbidding(server)
        me = server.guild.me
        assert me is not None
        if not server.bot.opens_rooms(address(server.guild.id, "c", server.lobby.id)):
            pytest.fail("rooms open under the usual channel")
        role = server.guild.create_role("Board", permissions=discord.Permissions(manage_guild=True))
        pat = server.guild.add_member(server.env.create_user("pat"), roles=[role])
        warned = said(await pat.slash(server.lobby, "setup", rooms=closed))
        if me.guild_permissions.administrator:
            pytest.skip("SimCord's bot administers its server, which no channel can forbid anything")
        assert "Create Private Threads" in warned
        await paired(server)
        assert not closed.threads
        told = newest(server, "I carry what you write")
        assert told.channel_id in [who.user.dm_channel.id for who in server.people.values()]


async def test_a_bot_that_was_removed_and_invited_again_goes_on_where_it_was(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await paired(server)
        (room,) = server.lobby.threads
        guild = server.bot.client.get_guild(server.guild.id)
        assert guild is not None
        server.bot.client._connection._remove_guild(guild)
        await server.bot.on_guild_remove(guild)
        with pytest.raises(Later):
            await server.bot.send(address(server.guild.id, "r", room.id), message("Anyone?"), "k1")
        server.bot.client._connection._add_guild(guild)
        await server.bot.on_guild_join(guild)
        await says(server, "Back again")
        assert newest(server, "Back again").channel_id == room.id


async def test_suggestions_are_of_ones_own_pairs(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await paired(server)
        eve = server.add("eve")
        for typed, found in (("", 1), ("be", 1), ("x", 0)):
            assert len(await server.people["ana"].autocomplete(server.lobby, "write", "to", typed)) == found
        (ben,) = await server.people["ana"].autocomplete(server.lobby, "write", "to", "ben")
        assert ben["name"] == "Ben Okafor, your mentor"
        assert await eve.autocomplete(server.lobby, "write", "to", "") == []
        carried = await server.people["ana"].slash(server.lobby, "write", to=ben["value"], words="Hello")
        assert "On its way to Ben" in said(carried)


async def test_after_a_restart_rooms_are_found_again_by_who_is_in_them(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        await paired(server)
        (room,) = server.lobby.threads
        again = connected(server.app, server.bot.client)
        both = [server.address("ana"), server.address("ben")]
        assert parsed(await again.open_room(both, "Ana and Ben", "room", server.rooms))[2] == room.id
