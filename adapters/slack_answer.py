"""The way back to someone who asked something on Slack: a message only they see, a changed one, a modal, their home."""

from __future__ import annotations

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack_post import Post
from adapters.slack_render import Json, Origin, Pictures, blocks, home_view, modal, notice
from adapters.slack_web import FAILED, QUIET, Web, Workspaces, name_of, patient
from bot.ui import File, Form, Message, Private, Reply, Update, message

_log = structlog.get_logger(__name__)

HTTP_OK = 200


class Back:
    """The `Responder` of one request."""

    def __init__(
        self,
        workspaces: Workspaces,
        post: Post,
        team: str,
        user: str,
        trigger: str,
        origin: Origin,
        *,
        from_form: bool = False,
        opened: bool = False,
    ) -> None:
        self._workspaces, self._post = workspaces, post
        self._team, self._user, self._trigger, self._origin = team, user, trigger, origin
        self._from_form, self._opened = from_form, opened

    async def defer(self) -> None:
        """Slack was answered before the core was asked."""

    async def reply(self, reply: Reply) -> None:
        try:
            web = await self._workspaces.web(self._team)
            match reply:
                case Form():
                    await self.show(modal(reply, self._origin), web)
                case Private(said) | Update(said) if self._origin.home:
                    await self._at_home(web, said)
                case Private(said):
                    await self._whisper(web, said)
                case Update(said):
                    if not await self._updated(web, said):
                        await self._whisper(web, said)
        except FAILED as error:
            _log.warning("slack.no_answer", code=name_of(error), team=self._team)

    async def show(self, view: Json, web: Web | None = None) -> None:
        """Open a modal, or say that it took too long. Raises what `FAILED` holds when not even that can be said."""
        web = web or await self._workspaces.web(self._team)
        try:
            await web.views_open(trigger_id=self._trigger, view=view)
        except FAILED as error:
            _log.warning("slack.no_form", code=name_of(error))
            await self._whisper(web, message("That took a moment too long. Please try it once more."))

    async def _at_home(self, web: Web, said: Message) -> None:
        """Show it as their App Home; from anything but its beginning a button leads back there."""
        view = home_view(said, await self._pictures(web, said), way_back=not self._opened)
        await web.views_publish(user_id=self._user, view=view)

    async def _updated(self, web: Web, said: Message) -> bool:
        origin = self._origin
        if not origin.pressed:
            return False
        made = blocks(said, await self._pictures(web, said))
        if self._from_form and origin.message and await self._edited(web, made):
            return True
        return await self._respond(made, replace=True)

    async def _whisper(self, web: Web, said: Message) -> None:
        """Say something only the one who asked can see: where they asked, or else in their own conversation."""
        pictures = await self._pictures(web, said)
        made = blocks(said, pictures)
        if await self._respond(made, replace=False):
            return
        if self._origin.channel:
            try:
                await web.chat_postEphemeral(
                    channel=self._origin.channel, user=self._user, text=notice(made), blocks=made
                )
                return
            except FAILED as error:
                _log.warning("slack.no_whisper", code=name_of(error))
        channel = await self._post.conversation(web, self._team, self._user)
        await web.turn_to_post(channel)
        await self._post.say(web, channel, said, pictures)

    async def _respond(self, made: list[Json], *, replace: bool) -> bool:
        """Answer by the way back that came with the request. False if that did not work."""
        if not self._origin.response_url:
            return False
        way = AsyncWebhookClient(self._origin.response_url, logger=QUIET, retry_handlers=[patient()])
        kind = {} if replace else {"response_type": "ephemeral"}
        try:
            heard = await way.send_dict({"text": notice(made), "blocks": made, "replace_original": replace, **kind})
        except (aiohttp.ClientError, TimeoutError) as error:
            _log.warning("slack.no_answer", code=name_of(error))
            return False
        if heard.status_code != HTTP_OK:
            _log.warning("slack.no_answer", code=heard.status_code)
        return heard.status_code == HTTP_OK

    async def _edited(self, web: Web, made: list[Json]) -> bool:
        """Let the message that was pressed read differently. False if that did not work."""
        try:
            await web.chat_update(channel=self._origin.channel, ts=self._origin.message, text=notice(made), blocks=made)
        except FAILED as error:
            _log.warning("slack.no_update", code=name_of(error))
            return False
        return True

    async def _pictures(self, web: Web, said: Message) -> Pictures:
        """The pictures of an answer; what else is in it goes to their own conversation, which only they see."""
        if not any(isinstance(block, File) for block in said.blocks):
            return {}
        try:
            return await self._post.pictures(web, await self._post.conversation(web, self._team, self._user), said)
        except SlackApiError as error:
            _log.warning("slack.no_files", code=name_of(error))
            return {}


class Silent:
    """The `Responder` of an event, which nobody asked anything with."""

    async def defer(self) -> None:
        """Nobody waits."""

    async def reply(self, reply: Reply) -> None:
        """Nobody asked."""
