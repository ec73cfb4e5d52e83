"""Harborview's workspace, by Socket Mode or by HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters import slack_post, slack_socket, slack_web
from tests.slack.loopback import loopback
from tests.slack.workspace import Workspace, workspace
from tests.stores import open_sqlite


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's paces, for tests that have no time."""
    for pace in ("FIRST_WAIT", "SAME_CHANNEL", "WORKSPACE", "MINUTE"):
        monkeypatch.setattr(slack_web, pace, 0.01)
    monkeypatch.setattr(slack_socket, "PING", 0.3)
    monkeypatch.setattr(slack_post, "PICTURE_WAIT", 0.01)


@pytest.fixture
async def harborview(tmp_path: Path) -> AsyncIterator[Workspace]:
    """Harborview's workspace with the bot connected, and nobody in the society yet."""
    async with loopback() as slack, open_sqlite(tmp_path / "society.db") as store, workspace(slack, store) as place:
        yield place


@pytest.fixture(params=["socket", "http"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Workspace]:
    """The same, once by each way in."""
    by_http = request.param == "http"
    async with (
        loopback() as slack,
        open_sqlite(tmp_path / "society.db") as store,
        workspace(slack, store, by_http=by_http) as place,
    ):
        yield place
