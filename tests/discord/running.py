"""The bot connected to the Discord on loopback, with someone at the core's door who writes down what is asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from adapters.discord import Discord
from bot.ports import Pressed, Request, Responder, Sent
from bot.ui import Command, Private, Reply, message
from tests.discord.loopback import GUILD, until

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


@dataclass
class Heard:
    """The core's door, with someone who writes down."""

    answers: Reply = field(default_factory=lambda: Private(message("Noted.")))
    requests: list[Request] = field(default_factory=list)

    async def answer(self, request: Request, responder: Responder) -> None:
        self.requests.append(request)
        if isinstance(request.what, Pressed | Sent):
            await responder.reply(self.answers)


@asynccontextmanager
async def running(heard: Heard, **options: Any) -> AsyncIterator[Discord]:  # noqa: ANN401
    """The bot, running as it does for a society."""
    bot = Discord("token", heard.answer, [Command("sign-up", "Take part")], **options)
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
