"""Stores for tests: real ones, on a database that is thrown away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from storage.store import SqlStore, open_store
from tests import postgres

KEY = bytes(range(32))


@asynccontextmanager
async def open_sqlite(path: Path) -> AsyncIterator[SqlStore]:
    """A store in the file `path`, made if it is not there."""
    async with _open(f"sqlite+aiosqlite:///{path}") as store:
        yield store


@asynccontextmanager
async def open_postgres(server: str) -> AsyncIterator[SqlStore]:
    """A store in a fresh database on `server`, which `tests.postgres.cluster` starts."""
    async with postgres.fresh_database(server) as url, _open(url) as store:
        yield store


@asynccontextmanager
async def _open(url: str) -> AsyncIterator[SqlStore]:
    store = await open_store(url, KEY)
    try:
        yield store
    finally:
        await store.close()
