from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from storage.store import SqlStore
from tests import postgres
from tests.society import Society, harborview
from tests.stores import open_postgres, open_sqlite

# The same examples every time, so that a change fails for what it changed; --hypothesis-profile=further looks further.
# How long one takes says something of the machine only.
settings.register_profile("further", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("further"), derandomize=True)
settings.load_profile("same")


@pytest.fixture(autouse=True)
def logs_go_where_they_went() -> Iterator[None]:
    """A command sets up logging for its process; after its test, that stream is closed."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server, or a skip that says why there is none."""
    with postgres.cluster() as (url, why):
        if url is None:
            pytest.skip(why)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlStore]:
    """An empty store; whoever asks for it is run on either database."""
    if request.param == "sqlite":
        async with open_sqlite(tmp_path / "society.db") as opened:
            yield opened
    else:
        async with open_postgres(request.getfixturevalue("server")) as opened:
            yield opened


@pytest.fixture
async def harbor(tmp_path: Path) -> AsyncIterator[Society]:
    """Harborview on a Monday morning, with nobody in it yet."""
    async with open_sqlite(tmp_path / "society.db") as store, harborview(store) as society:
        yield society
