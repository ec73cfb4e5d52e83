import pytest

from bot.model import Society
from storage.store import SqlStore


@pytest.fixture
async def society(store: SqlStore) -> Society:
    return await store.found("Harborview", "America/New_York", "playground:home", "playground:officers")
