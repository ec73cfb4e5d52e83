"""The connection, against a Discord on loopback: what is refused, cut, lost, replayed and resumed."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest

from adapters.discord import Discord, examine
from adapters.discord_commands import Scope
from adapters.discord_doctor import PERMISSIONS
from bot.model import Place
from bot.ports import Gone, Later, Left, NotAccepted, Pressed, Request, Responder
from bot.ui import Private, Slash, message
from tests.discord.loopback import GUILD, Loopback, until
from tests.discord.running import PRESS, Heard, ready, running


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


async def test_someone_who_came_back_and_leaves_again_is_noticed_again(loopback: Loopback) -> None:
    left, heard = {"guild_id": str(GUILD), "user": PRESS["user"]}, Heard()
    member = {"user": PRESS["user"], "roles": [], "joined_at": None, "flags": 0, "permissions": "0"}
    async with running(heard, members=True):
        await loopback.happens("GUILD_MEMBER_REMOVE", left)
        await loopback.happens("GUILD_MEMBER_REMOVE", left)
        await until(lambda: len(heard.requests) == 2)
        await loopback.happens("INTERACTION_CREATE", PRESS | {"guild_id": str(GUILD), "member": member})
        await until(lambda: len(heard.requests) == 3)
        await loopback.happens("GUILD_MEMBER_REMOVE", left)
        await until(lambda: len(heard.requests) == 4)
    first, again, _, later = (request.key for request in heard.requests)
    assert first == again != later


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


async def test_a_message_that_perhaps_arrived_is_looked_for_once_discord_has_forgotten_its_nonce(
    loopback: Loopback,
) -> None:
    room = f"discord:{GUILD}/r/5"
    loopback.fails("POST /channels/5/messages", "lost", 503)
    async with running(Heard()) as bot:
        for key in ("arrived", "not arrived"):
            with pytest.raises((aiohttp.ClientError, discord.DiscordServerError)):
                await bot.send(room, message("Hello"), key)
        loopback.messages.clear()
        for key in ("arrived", "not arrived"):
            await bot.send(room, message("Hello"), key, again=True)
    assert [each["nonce"] for each in loopback.posted] == ["arrived", "not arrived"]


async def test_what_arrived_and_was_taken_away_by_someone_is_not_said_again(loopback: Loopback) -> None:
    loopback.fails("POST /channels/5/messages", (404, 10008))
    async with running(Heard()) as bot:
        await bot.send(f"discord:{GUILD}/r/5", message("Hello"), "k1", again=True)
    assert loopback.posted == []


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


# ── limits, storms and sessions that are lost ─────────────────────────────────────────────────────────────────────

ROOM = f"discord:{GUILD}/r/5"
POSTED = "POST /channels/5/messages"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits of seconds are over at once; how long they would have been."""
    waits, sleep = [], asyncio.sleep

    async def slept(seconds: float, *rest: Any) -> Any:  # noqa: ANN401
        if seconds >= 1:
            waits.append(seconds)
        return await sleep(min(seconds, 0.01), *rest)

    monkeypatch.setattr(asyncio, "sleep", slept)
    return waits


async def test_a_limit_that_discord_explains_is_waited_out(loopback: Loopback) -> None:
    loopback.fails(POSTED, "soon", "soon")
    async with running(Heard()) as bot:
        await bot.send(ROOM, message("Hello"), "k1")
    assert loopback.asked.count(POSTED) == 3
    assert list(loopback.messages) == ["k1"]


async def test_a_limit_that_stands_before_discord_is_the_couriers_to_wait_for(loopback: Loopback) -> None:
    loopback.fails(POSTED, 429)
    async with running(Heard()) as bot:
        with pytest.raises(Later):
            await bot.send(ROOM, message("Hello"), "k1")
        await bot.send(ROOM, message("Hello"), "k1")
    assert loopback.asked.count(POSTED) == 2


async def test_a_storm_of_errors_is_sat_out_and_leaves_one_message(loopback: Loopback, hurried: list[float]) -> None:
    async with running(Heard()) as bot:
        loopback.fails(POSTED, 500, 502, 504)
        await bot.send(ROOM, message("Hello"), "k1")
        loopback.fails(POSTED, *[502] * 5)
        with pytest.raises(discord.DiscordServerError):
            await bot.send(ROOM, message("Hello again"), "k2")
        await bot.send(ROOM, message("Hello again"), "k2")
    assert list(loopback.messages) == ["k1", "k2"]
    assert hurried


async def test_after_a_session_is_lost_the_bot_looks_for_what_it_missed(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch, hurried: list[float]
) -> None:
    monkeypatch.setattr("adapters.discord_lookout.APART", 0.0)
    place, known = f"discord:{GUILD}", [f"discord:{GUILD}/{which}" for which in ("r/6", "r/7", "u/42", "u/43")]
    loopback.channels.append({"id": "6", "type": 12})
    loopback.members[42] = []
    heard, asked_for = Heard(), []

    async def core(where: str) -> list[str]:
        asked_for.append(where)
        return known

    async with running(heard, known=core):
        await until(lambda: len(heard.requests) == 2)
        loopback.forgotten = 1
        loopback.cut()
        await until(lambda: loopback.greeted == [2, 6, 2])
        await until(lambda: len(heard.requests) == 4)
    # The same again has the same key: the core knows it already.
    assert heard.requests[2:] == heard.requests[:2]
    gone, left = heard.requests[:2]
    assert (gone.place, gone.what) == (place, Gone(f"{place}/r/7"))
    assert (left.who, left.what) == (f"{place}/u/43", Left())
    assert asked_for == [place, place]
    assert len([each for each in loopback.asked if each.startswith("PUT")]) == 1


async def test_no_more_than_forty_requests_a_second_leave_for_discord(loopback: Loopback) -> None:
    async with running(Heard()) as bot:
        begun = time.monotonic()
        await asyncio.gather(*(bot.send(ROOM, message("Hello"), f"k{number}") for number in range(41)))
        assert time.monotonic() - begun >= 1
    assert len(loopback.messages) == 41


# ── commands ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_commands_change_over_from_servers_to_everywhere_and_back_without_doubles(loopback: Loopback) -> None:
    async def started(scope: Scope) -> tuple[int, int, int]:
        """The bot comes up: how many commands the server has, and all servers, and how often Discord was told."""
        before = len(loopback.asked)
        async with running(Heard(), scope=scope) as bot:
            await until(lambda: bot.payload(message(Slash("sign-up")), GUILD)["components"][0]["content"][:2] == "</")
            await until(lambda: sum(each.endswith("/commands") for each in loopback.asked[before:]) >= 2)
            await asyncio.sleep(0.05)
        told = [each for each in loopback.asked[before:] if each.startswith("PUT")]
        return len(loopback.commands), len(loopback.everywhere), len(told)

    assert await started(Scope.SERVER) == (1, 0, 1)
    assert await started(Scope.SERVER) == (1, 0, 0)
    assert await started(Scope.GLOBAL) == (0, 1, 2)
    assert await started(Scope.GLOBAL) == (0, 1, 0)
    assert await started(Scope.SERVER) == (1, 0, 2)


async def test_a_server_that_does_not_let_the_bot_have_commands_holds_nothing_up(loopback: Loopback) -> None:
    loopback.fails(f"GET /applications/900000000000000002/guilds/{GUILD}/commands", (403, 50001), (403, 50001))
    known = asyncio.Event()

    async def core(_: str) -> list[str]:
        known.set()
        return []

    async with running(Heard(), scope=Scope.GLOBAL, known=core):
        await until(lambda: loopback.everywhere)
        await asyncio.wait_for(known.wait(), 5)


async def test_a_suggestion_that_fails_is_an_empty_one(loopback: Loopback) -> None:
    typed = {"type": 3, "name": "to", "value": "a", "focused": True}
    asked = {**PRESS, "type": 4, "guild_id": str(GUILD), "data": {"id": "70", "name": "sign-up", "options": [typed]}}
    member = {"user": PRESS["user"], "roles": [], "joined_at": None, "flags": 0, "permissions": "0"}
    async with running(Heard()):
        await loopback.happens("INTERACTION_CREATE", asked | {"member": member})
        await until(lambda: loopback.answers)
    assert loopback.answers[0][1] == {"type": 8, "data": {"choices": []}}


# ── the doctor ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_doctor_looks_at_the_channels_that_were_chosen(loopback: Loopback) -> None:
    there = f"discord:{GUILD}"
    closed = {
        "id": str(GUILD),
        "type": 0,
        "allow": "0",
        "deny": str(discord.Permissions(create_private_threads=True).value),
    }
    channel = {"type": 0, "name": "mentorship", "position": 0, "permission_overwrites": [], "guild_id": str(GUILD)}
    loopback.permissions = PERMISSIONS.value
    loopback.channels += [
        {**channel, "id": "6"},
        {**channel, "id": "7", "name": "quiet", "permission_overwrites": [closed]},
    ]

    async def found(rooms: str | None, officers: str | None) -> list[str]:
        looked = await examine("token", GUILD, place=Place(there, rooms, officers))
        return [f"{each.what}. {each.mend}" for each in looked[2:]]

    assert await found(f"{there}/c/6", f"{there}/c/7") == [
        "Discord: the bot may open pairs' private rooms under #mentorship. ",
        "Discord: the bot may tell officers in #quiet. ",
    ]
    (closed_one,) = await found(f"{there}/c/7", None)
    assert "may not open pairs' private rooms under #quiet" in closed_one
    assert "give the bot's role: Create Private Threads." in closed_one
    assert "/setup, then rooms" in (await found(None, None))[0]
    assert [each for each in await found(f"{there}/c/8", f"{there}/c/9") if "is gone" in each]
