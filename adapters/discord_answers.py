"""The way back to someone who called, pressed or sent something on Discord."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import discord

from adapters.discord_render import COMPONENTS_V2, EPHEMERAL, Json, attached, modal
from adapters.discord_requests import Requests
from bot.ui import File, Form, Message, Option, Private, Reply, Update

ANSWER, DEFER, DEFER_UPDATE, UPDATE, SUGGEST, MODAL = 4, 5, 6, 7, 8, 9


class Back:
    """The `Responder` of one interaction. `payload` makes a message Discord's."""

    def __init__(
        self, requests: Requests, interaction: discord.Interaction, guild: int, payload: Callable[[Message, int], Json]
    ) -> None:
        self._requests, self._interaction, self._guild, self._payload = requests, interaction, guild, payload
        self._pressed = interaction.message is not None
        self._deferred = False

    async def defer(self) -> None:
        if self._deferred:
            return
        self._deferred = True
        await self._call_back(*((DEFER_UPDATE, {}) if self._pressed else (DEFER, {"flags": EPHEMERAL})))

    async def reply(self, reply: Reply) -> None:
        match reply:
            case Form():
                await self._call_back(MODAL, modal(reply, self._guild))
            case Update(said) if self._pressed:
                await self._updated(said)
            case Private(said) | Update(said):
                await self._said(said)

    async def suggest(self, options: Sequence[Option]) -> None:
        """What the parameter that is being typed could hold."""
        choices = [{"name": option.label, "value": option.value} for option in options]
        await self._call_back(SUGGEST, {"choices": choices})

    async def _updated(self, said: Message) -> None:
        # Files are named even when there are none: those of the message as it was would stay.
        body: Json = {"attachments": []} | self._payload(said, self._guild)
        if self._deferred:
            await self._edit(body, attached(said))
        else:
            await self._call_back(UPDATE, body, attached(said))

    async def _said(self, said: Message) -> None:
        private = self._payload(said, self._guild) | {"flags": COMPONENTS_V2 | EPHEMERAL}
        if not self._deferred:
            await self._call_back(ANSWER, private, attached(said))
        elif self._pressed:
            await self._follow_up(private, attached(said))
        else:
            await self._edit(private, attached(said))

    async def _call_back(self, kind: int, data: Json, files: Sequence[File] = ()) -> None:
        path = "/interactions/{interaction}/{webhook_token}/callback"
        where = {"interaction": self._interaction.id, "webhook_token": self._interaction.token}
        await self._requests.answer("POST", path, {"type": kind, "data": data}, files, **where)

    async def _edit(self, body: Json, files: Sequence[File]) -> None:
        await self._requests.answer(
            "PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", body, files, **self._webhook()
        )

    async def _follow_up(self, body: Json, files: Sequence[File]) -> None:
        await self._requests.answer("POST", "/webhooks/{webhook_id}/{webhook_token}", body, files, **self._webhook())

    def _webhook(self) -> Json:
        return {"webhook_id": self._interaction.application_id, "webhook_token": self._interaction.token}


class Nobody:
    """The `Responder` of what nobody waits for an answer to."""

    async def defer(self) -> None:
        """Nothing to put off."""

    async def reply(self, reply: Reply) -> None:
        """Nobody to tell."""
