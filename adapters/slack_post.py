"""What is said on Slack by the bot's own doing: messages under a key, rooms, and the files in them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack_files import begin, finish
from adapters.slack_render import Json, Pictures, blocks, notice, parse_address, room_address
from adapters.slack_web import Web, Workspaces, code_of, translated
from bot.ports import Address, Later, Refused
from bot.ui import File, Message

_log = structlog.get_logger(__name__)

LATELY = 100
"""Messages of a conversation in which one of ours is looked for."""
PICTURE_TRIES, PICTURE_WAIT = 4, 0.7
"""A picture can be shown once Slack has looked at it, some moments (seconds) after it came."""
_NOT_YET = {"invalid_blocks", "invalid_attachments", "slack_file_not_found"}


Shared: TypeAlias = dict[File, str]
"""Files that went before a message, with Slack's ids of them."""


class Post:
    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self._direct: dict[tuple[str, str], str] = {}
        self._shared: dict[str, Shared] = {}
        """What went before messages that did not follow yet, by their keys."""
        self._blind: set[str] = set()
        """Workspaces in which we may not look at what was said."""

    async def send(self, to: Address, message: Message, key: str, *, again: bool = False) -> None:
        """The platform's `send`: of what may have been posted before, only what is not there."""
        team, kind, where = _target(to)
        web = await self._workspaces.web(team)
        try:
            channel = await self.conversation(web, team, where) if kind == "u" else where
            await self._once(web, team, channel, message, key, again=again)
        except (SlackApiError, Later) as error:
            meaning = translated(error) if isinstance(error, SlackApiError) else error
            if isinstance(meaning, Later) and self._shared.get(key):
                raise RuntimeError("of a message, only the files went") from error
            if isinstance(meaning, Refused):
                self._shared.pop(key, None)
            raise meaning from error
        self._shared.pop(key, None)

    async def open_room(self, members: Sequence[Address]) -> Address:
        """A group conversation of these people; the same people have the same one. Slack gives it no title."""
        targets = [_target(member) for member in members]
        users = sorted({user for _, _, user in targets})
        if len({team for team, _, _ in targets}) != 1 or any(kind != "u" for _, kind, _ in targets):
            raise Refused("only people of one workspace can be in a room")
        web = await self._workspaces.web(targets[0][0])
        try:
            opened = await web.conversations_open(users=users)
        except SlackApiError as error:
            raise translated(error) from error
        return room_address(targets[0][0], opened["channel"]["id"])

    async def conversation(self, web: Web, team: str, user: str) -> str:
        """The conversation of the bot with someone."""
        if (team, user) not in self._direct:
            opened = await web.conversations_open(users=[user])
            self._direct[team, user] = opened["channel"]["id"]
        return self._direct[team, user]

    async def pictures(self, web: Web, channel: str, message: Message, shared: Shared | None = None) -> Pictures:
        """Bring a message's files to Slack: the pictures for it to show, and all others into a conversation.

        `shared`: those of the others that are there already; what is brought now is added.
        """
        shared = {} if shared is None else shared
        shown = {}
        for file in [block for block in message.blocks if isinstance(block, File) and block not in shared]:
            if (number := await begin(web, file)) is None:
                continue
            if file.picture:
                await finish(web, number, file, None)
                shown[file] = number
            else:
                shared[file] = number
                await finish(web, number, file, channel)
        return shown

    async def say(self, web: Web, channel: str, message: Message, pictures: Pictures, key: str = "") -> None:
        """Post a message in a conversation whose turn it is."""
        for left in reversed(range(PICTURE_TRIES)):
            # The words are worth more than the picture.
            made = blocks(message, pictures if left else {})
            try:
                await self._post(web, channel, made, key)
                return
            except SlackApiError as error:
                if not (pictures and left) or code_of(error) not in _NOT_YET:
                    raise
            await asyncio.sleep(PICTURE_WAIT)

    async def _once(self, web: Web, team: str, channel: str, message: Message, key: str, *, again: bool) -> None:
        shared = self._shared.setdefault(key, {})
        if again:
            lately = await self._lately(web, team, channel)
            if lately is None:
                _log.error("slack.uncertain", team=team)
                raise Refused("it may have arrived, and we may not look")
            if any(_key_of(said) == key for said in lately):
                return
            # Files that did not arrive are to be sent again.
            seen = {each["id"] for said in lately for each in said.get("files", ())}
            for file in [file for file, number in shared.items() if number not in seen]:
                del shared[file]
        pictures = await self.pictures(web, channel, message, shared)
        await web.turn_to_post(channel)
        await self.say(web, channel, message, pictures, key)

    async def _post(self, web: Web, channel: str, made: list[Json], key: str) -> None:
        metadata = {"event_type": "preceptor", "event_payload": {"key": key}}
        await web.chat_postMessage(
            channel=channel,
            text=notice(made),
            blocks=made,
            metadata=metadata if key else None,
            unfurl_links=False,
            unfurl_media=False,
        )

    async def _lately(self, web: Web, team: str, channel: str) -> Sequence[Mapping[str, Any]] | None:
        """What was said in a conversation lately; None where we may not look."""
        if team in self._blind:
            return None
        try:
            seen = await web.conversations_history(channel=channel, include_all_metadata=True, limit=LATELY)
        except SlackApiError as error:
            if code_of(error) != "missing_scope":
                raise
            _log.warning("slack.no_history", code="missing_scope", team=team)
            self._blind.add(team)
            return None
        return list(seen["messages"])


def _target(to: Address) -> tuple[str, str, str]:
    try:
        return parse_address(to)
    except ValueError as error:
        raise Refused(str(error)) from None


def _key_of(said: Mapping[str, Any]) -> str | None:
    metadata = said.get("metadata", {})
    if metadata.get("event_type") != "preceptor":
        return None
    key: str | None = metadata.get("event_payload", {}).get("key")
    return key
