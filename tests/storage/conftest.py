from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.model import Society
from storage.store import SqlStore
from tests import stores


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlStore]:
    if request.param == "sqlite":
        async with stores.open_sqlite(tmp_path / "society.db") as opened:
            yield opened
    else:
        async with stores.open_postgres(request.getfixturevalue("server")) as opened:
            yield opened


@pytest.fixture
async def society(store: SqlStore) -> Society:
    return await store.found("Harborview", "America/New_York", "playground:home", "playground:officers")
