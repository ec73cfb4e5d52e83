"""Files to Slack and from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack_web import Web, code_of, name_of
from bot.ports import Upload
from bot.ui import FILE, File

_log = structlog.get_logger(__name__)

WAIT = 10.0
"""Seconds for the way of one file."""
_CANNOT = {"missing_scope", "file_uploads_disabled", "file_uploads_except_images_disabled", "storage_limit_reached"}


class NotTaken(Exception):
    """A file that someone sent cannot be used, in words for them."""


async def begin(web: Web, file: File) -> str | None:
    """Carry a file to Slack, where nobody sees it yet; Slack's id of it. None where files are not allowed."""
    try:
        given = await web.files_getUploadURLExternal(
            filename=file.name, length=len(file.data), alt_txt=file.alt or None
        )
    except SlackApiError as error:
        if code_of(error) not in _CANNOT:
            raise
        _log.warning("slack.no_files", code=code_of(error))
        return None
    limit = aiohttp.ClientTimeout(WAIT)
    async with aiohttp.ClientSession(timeout=limit) as session, session.post(given["upload_url"], data=file.data) as to:
        to.raise_for_status()
    return str(given["file_id"])


async def finish(web: Web, number: str, file: File, channel: str | None) -> None:
    """Let a file be seen in a conversation, or only be there for a message to show."""
    await web.files_completeUploadExternal(files=[{"id": number, "title": file.alt or file.name}], channel_id=channel)


async def fetch(web: Web, given: Mapping[str, Any]) -> Upload:
    """The file that Slack says someone gave. Raises NotTaken."""
    name, address = str(given.get("name") or "file"), str(given.get("url_private_download") or "")
    if int(given.get("size") or 0) > FILE:
        raise NotTaken(_TOO_LARGE)
    try:
        _ours(web, address)
        data = await _downloaded(web, address)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        _log.warning("slack.no_file", code=name_of(error))
        raise NotTaken("I couldn't get that file from Slack. Please send it once more.") from None
    if len(data) > FILE:
        raise NotTaken(_TOO_LARGE)
    return Upload(name, data)


async def _downloaded(web: Web, address: str) -> bytes:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(WAIT)) as session:
        headers = {"Authorization": f"Bearer {web.token}"}
        # Where our token is not good enough, Slack sends us on to its page for signing in.
        async with session.get(address, headers=headers, allow_redirects=False) as heard:
            if heard.status != 200:
                raise ValueError(f"status {heard.status}")
            data = bytearray()
            async for part in heard.content.iter_chunked(1 << 16):
                data += part
                if len(data) > FILE:
                    break
    return bytes(data)


def _ours(web: Web, address: str) -> None:
    """Raise ValueError for an address that is not Slack's: our token goes nowhere else."""
    asked, api = urlsplit(address), urlsplit(web.base_url)
    if asked.scheme != api.scheme or asked.hostname not in (api.hostname, f"files.{api.hostname}"):
        raise ValueError("not an address of Slack's")


_TOO_LARGE = f"That file is too large for me: I take up to {FILE // 1_000_000} MB. Please send a smaller one."
