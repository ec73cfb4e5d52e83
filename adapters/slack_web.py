"""Slack's Web API for one workspace: called no faster than Slack allows, and what its refusals mean."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.turns import Turns
from bot.ports import Departed, Later, NotAccepted, Refused

_log = structlog.get_logger(__name__)

API = "https://slack.com/api/"

PER_MINUTE = MappingProxyType(
    {
        "apps.connections.open": 1,
        "auth.test": 600,
        "chat.postEphemeral": 100,
        "chat.postMessage": 60,
        "chat.update": 50,
        "conversations.history": 50,
        "conversations.info": 50,
        "conversations.open": 50,
        "files.completeUploadExternal": 100,
        "files.getUploadURLExternal": 100,
        "oauth.v2.access": 100,
        "usergroups.list": 20,
        "users.info": 100,
        "views.open": 100,
        "views.publish": 100,
    }
)
"""How often Slack lets each method be called in one workspace. Its tiers; a message, once a second in one channel."""
_WITH_ANOTHER_TOKEN = {"apps.connections.open", "oauth.v2.access"}
MINUTE = 60.0
SAME_CHANNEL = 1.0
"""Seconds between two messages to one conversation."""
WORKSPACE = 0.2
"""Seconds between any two messages: several hundred a minute are allowed."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between two tries to reach Slack at all."""
REFUSED = 60 * 60.0
"""Seconds for which nothing more is asked with a token that Slack refused."""

BAD_TOKEN = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})
_DEPARTED = {"user_not_found", "users_not_found", "user_disabled", "channel_not_found", "is_archived"}
_REFUSED = {
    "cannot_dm_bot",
    "cannot_message_user",
    "invalid_user_combination",
    "messages_tab_disabled",
    "not_in_channel",
    "restricted_action",
    "user_not_visible",
}
_NOT_TAKEN = {
    "invalid_arguments",
    "invalid_blocks",
    "invalid_blocks_format",
    "metadata_too_large",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
}
"""Not as Slack wants it: a mistake of ours, and the same the next time."""
FAILED = (SlackApiError, SlackRequestError, aiohttp.ClientError, TimeoutError, OSError, Later)
"""What a call may end in for no fault of ours."""

# Bolt logs whole requests when something goes wrong; they hold members' words.
QUIET = logging.getLogger(f"{__name__}.bolt")
QUIET.setLevel(logging.CRITICAL + 1)

T = TypeVar("T")


class Web(AsyncWebClient):
    """A client with one token. A token that Slack refused is not tried again for a while; whatever waits then waits."""

    def __init__(self, token: str | None, base_url: str = API, turns: Turns | None = None) -> None:
        # No handler that repeats after a cut connection: the post may have been done, and would be done twice.
        super().__init__(token, base_url=base_url, logger=QUIET, retry_handlers=[patient()])
        self._turns = turns or Turns()
        self._refused_at: float | None = None

    def stop(self) -> None:
        """The app was taken out of the workspace: ask nothing more with this token."""
        self._refused_at = time.monotonic()

    async def api_call(self, api_method: str, **more: Any) -> AsyncSlackResponse:  # noqa: ANN401
        """Raises SlackApiError for what Slack refuses, Later where it has to wait, and aiohttp's own errors."""
        looking, other = api_method == "auth.test", api_method in _WITH_ANOTHER_TOKEN
        if self._refused_at is not None and not looking and not other:
            if (wait := self._refused_at + REFUSED - time.monotonic()) > 0:
                raise Later(timedelta(seconds=wait))
            self._refused_at = None
        often = PER_MINUTE[api_method]
        if api_method != "chat.postMessage":  # whose turn depends on where it goes
            burst = often // 5 or 3  # "a small burst is tolerated" even of what may be called once
            await self._turns.take(burst, **{api_method: MINUTE / max(1, often - burst)})
        try:
            said = await super().api_call(api_method, **more)
        except SlackApiError as error:
            if code_of(error) in BAD_TOKEN and not other:
                _log.error("slack.bad_token", code=code_of(error), method=api_method)
                self.stop()
            raise
        if looking:
            self._refused_at = None
        return said

    async def turn_to_post(self, channel: str) -> None:
        """Wait until something may be posted in a conversation. Raises Later if that takes too long."""
        await self._turns.take(**{f"channel {channel}": SAME_CHANNEL, "workspace": WORKSPACE})


class Workspaces(Protocol):
    """Every workspace the app is in."""

    async def ready(self, closing: asyncio.Event) -> None:
        """Make sure that Slack knows us, before anything is served. Raises NotAccepted if it does not."""

    async def teams(self) -> list[str]:
        """Which these are."""

    async def web(self, team: str) -> Web:
        """A client for this workspace. Raises Later where the app is not, for now."""

    async def left(self, team: str, at: float) -> None:
        """The app was taken out of a workspace: nothing more is said there until it is back.

        `at`: when that was, in seconds since 1970. Slack may say it late, and once more.
        """


class OneWorkspace:
    """The workspace whose token stands in the settings."""

    def __init__(self, web: Web, team: str) -> None:
        self._web, self._team = web, team

    async def ready(self, closing: asyncio.Event) -> None:
        said = await keep_trying(self._web.auth_test, closing)
        if said is not None and said["team_id"] != self._team:
            raise NotAccepted(f"The bot token is of the workspace {said['team_id']}; the settings say {self._team}.")

    async def teams(self) -> list[str]:
        return [self._team]

    async def web(self, team: str) -> Web:
        return self._web

    async def left(self, team: str, at: float) -> None:
        self._web.stop()


def patient() -> AsyncRateLimitErrorRetryHandler:
    return AsyncRateLimitErrorRetryHandler(max_retry_count=2)


def code_of(error: SlackApiError) -> str:
    """Slack's word for what went wrong, or the answer's status where Slack itself did not answer."""
    said = getattr(error.response, "data", None)
    code = said.get("error") if isinstance(said, dict) else None
    return str(code or f"status {_status(error)}")


def _status(error: SlackApiError) -> int:
    return int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0))


def name_of(error: BaseException) -> str:
    """An error for the log, without anyone's words."""
    return code_of(error) if isinstance(error, SlackApiError) else type(error).__name__


def ambiguous(error: SlackApiError) -> bool:
    """Whether what was asked may have been done all the same."""
    return _status(error) >= 500 or code_of(error).startswith("status ")


def translated(error: SlackApiError) -> Exception:
    """What an error means to the courier."""
    code = code_of(error)
    if code == "ratelimited" or _status(error) == 429:
        headers = getattr(error.response, "headers", {})
        return Later(timedelta(seconds=float(headers.get("Retry-After", 30))))
    if code in BAD_TOKEN:
        return Later(timedelta(seconds=REFUSED))
    if ambiguous(error):
        return error
    if code in _DEPARTED:
        return Departed(code)
    if code in _NOT_TAKEN:
        _log.error("slack.not_taken", code=code)
        return Refused(code)
    return Refused(code) if code in _REFUSED else error


async def keep_trying(attempt: Callable[[], Awaitable[T]], closing: asyncio.Event) -> T | None:
    """The outcome of the first attempt that succeeds, or None when closing. Raises NotAccepted for a refused token."""
    wait = FIRST_WAIT
    while True:
        try:
            return await attempt()
        except FAILED as error:
            code = name_of(error)
            if code in BAD_TOKEN or code == "not_allowed_token_type":
                raise NotAccepted(f"Slack does not accept the bot token or the app token: {code}") from None
        _log.warning("slack.no_connection", code=code, wait=round(wait, 1))
        if await until(closing, wait * random.uniform(0.5, 1)):
            return None
        wait = min(2 * wait, LONGEST_WAIT)


async def until(moment: asyncio.Event, seconds: float) -> bool:
    """Wait for something, but not longer. Whether it came."""
    try:
        async with asyncio.timeout(seconds):
            await moment.wait()
    except TimeoutError:
        return False
    return True
