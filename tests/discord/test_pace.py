"""Private conversations are begun slowly, and refusals are not collected."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from adapters.discord import Discord
from bot.ports import Departed, Later, Left, Refused
from bot.ui import message
from tests.discord.loopback import GUILD, Loopback, until
from tests.discord.running import PRESS, Heard, running

HELLO, ROOM = message("Hello"), f"discord:{GUILD}/r/5"
OPENED, POSTED = "POST /users/@me/channels", "POST /channels/5/messages"


class Watch:
    """Time that is moved by hand, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def person(number: int) -> str:
    return f"discord:{GUILD}/u/{number}"


@asynccontextmanager
async def bot_with(watch: Watch, heard: Heard | None = None) -> AsyncIterator[Discord]:
    async with running(heard or Heard(), clock=watch) as bot:
        yield bot


async def said(bot: Discord, watch: Watch, who: int) -> bool:
    """Whether a word to someone goes out just now."""
    try:
        await bot.send(person(who), HELLO, f"k{who}-{watch.now}")
    except Later:
        return False
    return True


async def test_a_new_conversation_is_begun_every_half_minute_and_ten_an_hour(loopback: Loopback) -> None:
    watch = Watch()
    async with bot_with(watch) as bot:
        begun = 0
        for who in range(100, 120):
            while watch.now < 3600 and not await said(bot, watch, who):
                watch.now += 15
            begun += watch.now < 3600
            if begun == 2:
                assert watch.now == 30
        assert begun == 10
        assert await said(bot, watch, 200)  # the first of them is an hour ago
        assert not await said(bot, watch, 201)
        assert await said(bot, watch, 100)  # with whom the bot talks already


async def test_a_conversation_that_was_there_before_the_bot_was_started_is_no_new_one(loopback: Loopback) -> None:
    watch = Watch()
    loopback.conversations = {str(who): True for who in range(100, 150)}
    async with bot_with(watch) as bot:
        for who in range(100, 150):
            watch.now += 1
            assert await said(bot, watch, who)


async def test_whoever_uses_the_bot_in_private_has_a_conversation_with_it(loopback: Loopback) -> None:
    watch, heard = Watch(), Heard()
    async with bot_with(watch, heard) as bot:
        await loopback.happens("INTERACTION_CREATE", PRESS | {"channel": {"id": "5", "type": 1}})
        await until(lambda: heard.requests)
        assert await said(bot, watch, 42)
    assert OPENED not in loopback.asked


@pytest.mark.parametrize(("what", "code"), [(OPENED, 40003), (POSTED, 20026)])
async def test_when_discord_finds_them_too_many_all_rest_for_an_hour_and_rooms_go_on(
    loopback: Loopback, what: str, code: int
) -> None:
    watch = Watch()
    async with bot_with(watch) as bot:
        assert await said(bot, watch, 100)
        watch.now += 60
        loopback.fails(what, (403, code))
        with pytest.raises(Later) as patience:
            await bot.send(person(101), HELLO, "k1")
        assert patience.value.wait == timedelta(hours=1)
        before = len(loopback.asked)
        watch.now += 3599
        assert not await said(bot, watch, 100)
        assert len(loopback.asked) == before
        await bot.send(ROOM, HELLO, "k2")
        watch.now += 1
        assert await said(bot, watch, 101)


async def test_after_five_hundred_refusals_in_ten_minutes_nothing_is_asked_for_a_while(loopback: Loopback) -> None:
    watch = Watch()
    async with bot_with(watch) as bot:
        await until(bot.client.is_ready)
        loopback.fails(POSTED, *[(403, 50013)] * 600)
        waits = []
        for number in range(520):
            watch.now += 1
            with pytest.raises(Later) as patience:
                await bot.send(ROOM, HELLO, f"k{number}")
            waits.append(patience.value.wait)
        assert loopback.asked.count(POSTED) == 500
        assert waits[-1] == timedelta(seconds=600 + 1 - 520)
        watch.now += 100
        with pytest.raises(Later):
            await bot.send(ROOM, HELLO, "again")
        assert loopback.asked.count(POSTED) == 501


@pytest.mark.parametrize(
    ("code", "there", "means"), [(50007, True, Refused), (50007, False, Departed), (50278, False, Departed)]
)
async def test_closed_messages_of_someone_who_left_are_told_from_those_of_someone_who_is_there(
    loopback: Loopback, code: int, there: bool, means: type[Exception]
) -> None:
    heard = Heard()
    if there:
        loopback.members[42] = []
    loopback.fails(POSTED, (403, code))
    async with bot_with(Watch(), heard) as bot:
        with pytest.raises(Refused) as refused:
            await bot.send(person(42), HELLO, "k1")
        assert type(refused.value) is means
        if not there:
            await until(lambda: heard.requests)
    assert [(request.who, request.what) for request in heard.requests] == ([] if there else [(person(42), Left())])
