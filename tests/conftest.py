from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.society import Society, harborview
from tests.stores import open_sqlite


@pytest.fixture
async def harbor(tmp_path: Path) -> AsyncIterator[Society]:
    """Harborview on a Monday morning, with nobody in it yet."""
    async with open_sqlite(tmp_path / "society.db") as store, harborview(store) as society:
        yield society
