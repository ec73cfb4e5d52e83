"""The connection, against a Discord on loopback: what is refused, cut, lost, replayed and resumed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import discord
import pytest

from adapters.discord import Discord, examine
from adapters.discord_doctor import PERMISSIONS
from bot.ports import Later, Left, NotAccepted, Pressed, Request, Responder
from bot.ui import Command, Private, message
from tests.discord.loopback import GUILD, Loopback, until


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
    loopback.members[42] = ["77"]
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
    # In private Discord says nothing of roles in the server, so they are asked for.
    assert first.roles == frozenset({f"discord:{GUILD}/g/{GUILD}", f"discord:{GUILD}/g/77"})


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
    monkeypatch.setattr("adapters.discord_requests.INVALID", 2)
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
        "Discord: the bot's role lacks View Channel",
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
