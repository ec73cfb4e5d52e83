"""The real discord.py, with Discord in memory: members type, press and fill in; the core and its database are real."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import simcord

from adapters.discord import PERMISSIONS, Discord, connection, examine, invite
from adapters.discord_render import address, parsed
from bot.clock import MovableClock
from bot.courier import Courier
from bot.model import DAY, Happened, Place, QueueReason, Side, Urgency
from bot.ports import Departed, Later, Left, NotAccepted, Pressed, Refused, Request, Responder
from bot.rehearsal import Actor, Paper
from bot.society import society as put_together
from bot.ui import Button, Command, Private, buttons, message
from tests.discord.conftest import CONTRACT, GUILD, Loopback, unlike_published, until
from tests.society import LETTER, MONDAY, USUAL, Society
from tests.stores import open_sqlite


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

    async def fills(self, who: simcord.MemberActor, shown: simcord.InteractionResult, **answers: Any) -> Any:  # noqa: ANN401
        """Fill in a modal; what is not named keeps what it shows, or its first option."""
        assert shown.modal is not None
        values: dict[str, Any] = {}
        for label in shown.modal["components"]:
            part = label["component"]
            given = answers.get(part["custom_id"])
            if "options" in part:
                held = [o["value"] for o in part["options"] if o.get("default")] or [part["options"][0]["value"]]
                values[part["custom_id"]] = [given] if given else held
            else:
                values[part["custom_id"]] = given or part.get("value") or "A few words"
        return await who.submit_modal(shown, values)


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
async def harborview(folder: Path) -> AsyncIterator[Server]:
    """Harborview's server with the bot connected. (No fixture: SimCord's clock belongs to the test's own context.)"""
    client = connection(members=False, shard_count=1)
    clock = MovableClock(MONDAY)
    async with open_sqlite(folder / "society.db") as store:
        app = put_together(store, clock, USUAL)
        bot = Discord("token", app.answer, app.commands, client=client)
        async with simcord.run(client, shard_count=1) as env:
            guild = env.create_guild("Harborview")
            lobby = guild.create_text_channel("mentorship")
            found = await store.found("Harborview", "America/New_York", f"discord:{guild.id}", None)
            async with store.records(found.id) as records:
                await records.settle(Place(f"discord:{guild.id}", rooms=address(guild.id, "c", lobby.id)))
            courier = Courier(store, clock, USUAL, [bot])
            paper = Paper(clock.now)
            await bot.on_ready()
            yield Server(store, app, courier, clock, paper, found.id, env=env, bot=bot, guild=guild, lobby=lobby)
            if CONTRACT.exists():
                asked = [each for each in env.http_requests if each.json is not None]
                assert not [wrong for each in asked if (wrong := unlike_published(each.method, each.path, each.json))]


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
        (pair,) = await server.pairs(Actor(server.app, server.paper, server.place, _address(server, "ana"), "Ana"))
        assert pair.room is not None
        thread = server.env.backend.get_channel(parsed(pair.room)[2])
        assert thread.type == discord.ChannelType.private_thread.value
        opening = newest(server, "you write first")
        assert opening.channel_id == thread.id
        # The same key again, as after a crash between opening and noting: the same room.
        server.bot._rooms.clear()
        members = [_address(server, "ana"), _address(server, "ben")]
        under = address(server.guild.id, "c", server.lobby.id)
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
        bot = Discord("token", server.app.answer, server.app.commands, client=another)
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
        under = address(server.guild.id, "c", server.lobby.id)
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


async def test_a_room_that_discord_folded_away_is_unfolded_to_write_in_it(tmp_path: Path) -> None:
    async with harborview(tmp_path) as server:
        ana = address_of(server, server.add("ana"))
        under = address(server.guild.id, "c", server.lobby.id)
        room = await server.bot.open_room([ana], "Ana", "k1", under)
        server.env.inject_error("POST", f"/channels/{parsed(room)[2]}/messages", status=400, code=50083)
        await server.bot.send(room, message("Hello"), "m1")
        assert newest(server, "Hello").channel_id == parsed(room)[2]


@pytest.mark.parametrize("code", [50013, 50024, 10003])
async def test_a_room_that_cannot_be_opened_yet_is_waited_for(
    tmp_path: Path, code: int, logged: list[dict[str, Any]]
) -> None:
    async with harborview(tmp_path) as server:
        ana = address_of(server, server.add("ana"))
        under = address(server.guild.id, "c", server.lobby.id)
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


@pytest.mark.parametrize(("code", "means"), [(50007, Refused), (10013, Departed), (40003, Later)])
async def test_what_discord_refuses_is_told_to_the_courier(tmp_path: Path, code: int, means: type[Exception]) -> None:
    async with harborview(tmp_path) as server:
        await server.visitor("Ana Ruiz")
        server.env.inject_error("POST", "/users/@me/channels", status=403, code=code, times=None)
        with pytest.raises(means):
            await server.bot.send(_address(server, "ana"), message("Hello"), "k1")


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


def _address(server: Server, first: str) -> str:
    return address_of(server, server.people[first])


def address_of(server: Server, someone: simcord.MemberActor) -> str:
    return f"{server.place}/u/{someone.id}"


async def asks(server: Server, method: str, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
    """What the adapter would not ask of Discord by itself."""
    return await server.env.bot.http.request(discord.http.Route(method, path), json=body)


# ── the connection, against a Discord on loopback ─────────────────────────────────────────────────────────────────


@dataclass
class Heard:
    """The core's door, with someone who writes down."""

    requests: list[Request] = field(default_factory=list)

    async def answer(self, request: Request, responder: Responder) -> None:
        self.requests.append(request)
        if isinstance(request.what, Pressed):
            await responder.reply(Private(message("Noted.")))


@asynccontextmanager
async def running(heard: Heard, *, members: bool = False) -> AsyncIterator[Discord]:
    """The bot, running as it does for a society."""
    bot = Discord("token", heard.answer, [Command("sign-up", "Take part")], members=members)
    run = asyncio.create_task(bot.run())
    try:
        await ready(bot)
        yield bot
    finally:
        await bot.close()
        async with asyncio.timeout(5):
            await run


async def ready(bot: Discord) -> None:
    """Wait until the bot knows the server."""

    def there() -> bool:
        guild = bot.client.get_guild(GUILD)
        return guild is not None and not guild.unavailable

    await until(there)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.discord.FIRST_WAIT", 0.02)


async def test_a_token_that_is_not_good_ends_it_with_a_word_of_what_to_do(loopback: Loopback) -> None:
    loopback.fails("GET /users/@me", 401)
    with pytest.raises(NotAccepted, match="PRECEPTOR_DISCORD_TOKEN"):
        await Discord("token", Heard().answer, []).run()


async def test_an_intent_that_is_not_switched_on_ends_it_with_a_word_of_what_to_do(loopback: Loopback) -> None:
    loopback.closing_codes.append(4014)
    with pytest.raises(NotAccepted, match="Server Members"):
        await Discord("token", Heard().answer, [], members=True).run()


@pytest.mark.usefixtures("impatient")
async def test_first_connections_that_fail_are_tried_again_until_one_lasts(loopback: Loopback) -> None:
    loopback.fails("GET /users/@me", 503, "cut")
    loopback.fails("GET /gateway/bot", 503)
    loopback.closing_codes.append(4010)  # which discord.py gives up on
    async with running(Heard()) as bot:
        await until(lambda: loopback.commands)
        assert bot.client.is_ready()
        assert loopback.greeted == [2, 2]
        assert [each["name"] for each in loopback.commands] == ["sign-up"]


async def test_a_cut_connection_is_resumed_and_what_is_replayed_has_the_same_key(loopback: Loopback) -> None:
    heard = Heard()
    async with running(heard):
        await loopback.happens("INTERACTION_CREATE", PRESS)
        await until(lambda: len(heard.requests) == 1)
        loopback.cut()
        await until(lambda: loopback.greeted == [2, 6])
        await loopback.happens("INTERACTION_CREATE", PRESS)
        await until(lambda: len(heard.requests) == 2)
    first, again = heard.requests
    assert first == again
    assert (first.place, first.who, first.name) == (f"discord:{GUILD}", f"discord:{GUILD}/u/42", "Ana")
    # In private nothing is known of roles in the server: that is not the same as holding none.
    assert first.roles is None


async def test_in_a_server_roles_and_the_right_to_manage_are_told(loopback: Loopback) -> None:
    heard = Heard()
    member = {"user": PRESS["user"], "roles": ["77"], "nick": "Ani", "joined_at": None, "flags": 0, "permissions": "32"}
    press = {**PRESS, "guild_id": str(GUILD), "member": member}
    async with running(heard) as bot:
        await loopback.happens("INTERACTION_CREATE", press)
        await until(lambda: len(heard.requests) == 1)
        await loopback.happens("GUILD_DELETE", {"id": str(GUILD), "unavailable": True})
        await until(lambda: getattr(bot.client.get_guild(GUILD), "unavailable", True))
        await loopback.happens("INTERACTION_CREATE", {**press, "id": "900000000000000011"})
        await until(lambda: len(heard.requests) == 2)
    there, down = heard.requests
    assert there.roles == frozenset({f"discord:{GUILD}/g/{GUILD}", f"discord:{GUILD}/g/77"})
    assert (there.name, there.manager) == ("Ani", True)
    # While Discord does not say which roles the server has, nobody loses the officers' one.
    assert down.roles is None


PRESS = {
    "id": "900000000000000010",
    "application_id": "900000000000000002",
    "type": 3,
    "token": "token",
    "version": 1,
    "attachment_size_limit": 1,
    "user": {"id": "42", "username": "ana", "discriminator": "0", "avatar": None, "global_name": "Ana"},
    "data": {"component_type": 2, "custom_id": "900000000000000004|yes"},
}


async def test_someone_who_leaves_is_noticed_where_the_society_asks_for_it(loopback: Loopback) -> None:
    left = {"guild_id": str(GUILD), "user": PRESS["user"]}
    noticed, blind = Heard(), Heard()
    async with running(noticed, members=True):
        await loopback.happens("GUILD_MEMBER_REMOVE", left)
        await until(lambda: noticed.requests)
    (request,) = noticed.requests
    assert (request.who, request.what) == (f"discord:{GUILD}/u/42", Left())
    async with running(blind):
        await loopback.happens("GUILD_MEMBER_REMOVE", left)
        await loopback.happens("INTERACTION_CREATE", PRESS)
        await until(lambda: blind.requests)
    assert [type(request.what) for request in blind.requests] == [Pressed]


@pytest.mark.parametrize("how", ["cut", "lost", 503])
async def test_an_answer_that_is_cut_off_goes_once_more(loopback: Loopback, how: int | str) -> None:
    loopback.fails(f"POST /interactions/{PRESS['id']}/token/callback", how)
    async with running(Heard()):
        await loopback.happens("INTERACTION_CREATE", PRESS)
        await until(lambda: loopback.answers)
    ((_, said),) = loopback.answers
    assert said["type"] == 4
    assert said["data"]["components"] == [{"type": 10, "content": "Noted."}]


async def test_a_message_whose_arrival_was_not_heard_of_goes_again_and_is_there_once(loopback: Loopback) -> None:
    room = f"discord:{GUILD}/r/5"
    loopback.fails("POST /channels/5/messages", "lost", 503)
    async with running(Heard()) as bot:
        with pytest.raises(aiohttp.ClientError):
            await bot.send(room, message("Hello"), "0123456789abcdef01234567")
        with pytest.raises(discord.DiscordServerError):
            await bot.send(room, message("Hello"), "0123456789abcdef01234567")
        await bot.send(room, message("Hello"), "0123456789abcdef01234567")
    assert list(loopback.messages) == ["0123456789abcdef01234567"]


async def test_what_is_refused_too_often_is_not_asked_again_for_a_while(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.INVALID", 2)
    room = f"discord:{GUILD}/r/5"
    loopback.fails("POST /channels/5/messages", 429, 403)
    async with running(Heard()) as bot:
        for _ in range(4):
            with pytest.raises(Later):
                await bot.send(room, message("Hello"), "k1")
    assert loopback.asked.count("POST /channels/5/messages") == 2


async def test_until_the_bot_is_connected_a_message_waits_only_for_a_moment(loopback: Loopback) -> None:
    bot = Discord("token", Heard().answer, [])
    with pytest.raises(Later) as patience:
        await bot.send(f"discord:{GUILD}/r/5", message("Hello"), "k1")
    assert patience.value.wait < timedelta(minutes=1)
    assert not loopback.asked


async def test_a_bot_that_cannot_connect_stops_at_once_when_asked_to(loopback: Loopback) -> None:
    loopback.fails("GET /users/@me", *[503] * 9)
    bot = Discord("token", Heard().answer, [])
    run = asyncio.create_task(bot.run())
    await until(lambda: loopback.asked)
    await bot.close()
    async with asyncio.timeout(0.5):
        await run


async def test_what_is_in_hand_is_finished_before_the_bot_stops(loopback: Loopback) -> None:
    begun = asyncio.Event()

    async def answer(_: Request, responder: Responder) -> None:
        begun.set()
        await asyncio.sleep(0.2)
        await responder.reply(Private(message("Done")))

    bot = Discord("token", answer, [])
    run = asyncio.create_task(bot.run())
    await ready(bot)
    await loopback.happens("INTERACTION_CREATE", PRESS)
    await begun.wait()
    await bot.close()
    await run
    assert "Done" in str(loopback.answers)


async def test_the_doctor_finds_what_is_wrong_and_says_how_to_mend_it(loopback: Loopback) -> None:
    wrong = [finding for finding in await examine("token", GUILD, members=True) if not finding.good]
    assert [finding.what for finding in wrong][:2] == [
        "Discord: the Server Members intent is not switched on",
        "Discord: the bot may not view channels",
    ]
    assert all(finding.mend for finding in wrong)
    loopback.permissions = PERMISSIONS.value
    assert all(finding.good for finding in await examine("token", GUILD))
    (elsewhere,) = [finding for finding in await examine("token", 5) if not finding.good]
    assert "client_id=900000000000000002" in elsewhere.mend
    loopback.fails("GET /users/@me", 401, 503)
    (refused,) = await examine("token", GUILD)
    assert refused.what == "Discord does not accept the token"
    (unreachable,) = await examine("token", GUILD)
    assert "cannot be reached" in unreachable.what
