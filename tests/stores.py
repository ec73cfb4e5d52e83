"""Stores for tests: real ones, on a database that is thrown away."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from bot.model import Said
from bot.records import Records
from bot.vocabulary import Help, MentorKind, ReplyTime, Rhythm, Term
from storage.store import SqlStore, open_store
from tests import postgres

KEY = bytes(range(32))
NOW = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
TERMS: Said = {
    Term.RHYTHM: (Rhythm.MONTHLY,),
    Term.MENTEE_REPLY: (ReplyTime.DAY,),
    Term.MENTOR_REPLY: (ReplyTime.WEEK,),
    Term.TOPICS: (Help.MCAT, Help.ESSAYS),
}


@asynccontextmanager
async def open_sqlite(path: Path) -> AsyncIterator[SqlStore]:
    """A store in the file `path`, made if it is not there."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(await _new_file())
    async with _open(f"sqlite+aiosqlite:///{path}") as store:
        yield store


@asynccontextmanager
async def open_postgres(server: str) -> AsyncIterator[SqlStore]:
    """A store in a fresh database on `server`, which `tests.postgres.cluster` starts."""
    async with postgres.fresh_database(server, like=await _new_database(server)) as url, _open(url) as store:
        yield store


@asynccontextmanager
async def copy_of(store: SqlStore) -> AsyncIterator[SqlStore]:
    """Another store with all that is in this one, which nobody uses meanwhile."""
    url = store.engine.url
    await store.engine.dispose()
    async with AsyncExitStack() as stack:
        if store.engine.dialect.name == "sqlite":
            path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "copy.db"
            path.write_bytes(Path(url.database or "").read_bytes())
            copied = f"sqlite+aiosqlite:///{path}"
        else:
            fresh = postgres.fresh_database(url.render_as_string(), like=url.database or "")
            copied = await stack.enter_async_context(fresh)
        copy = SqlStore(copied, KEY)
        stack.push_async_callback(copy.close)
        yield copy


# Getting to the newest shape step by step takes longer than most tests: it is done once, and copied.
_files: list[bytes] = []
_servers: set[str] = set()


async def _new_file() -> bytes:
    if not _files:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "new.db"
            async with _open(f"sqlite+aiosqlite:///{path}"):
                pass
            _files.append(path.read_bytes())
    return _files[0]


async def _new_database(server: str) -> str:
    if server not in _servers:
        async with _open(await postgres.make_database(server, "new")):
            pass
        _servers.add(server)
    return "new"


@asynccontextmanager
async def _open(url: str) -> AsyncIterator[SqlStore]:
    store = await open_store(url, KEY)
    if store.engine.dialect.name == "sqlite":
        event.listen(store.engine.sync_engine, "connect", _no_disk)
        await store.engine.dispose()  # what is connected already
    try:
        yield store
    finally:
        await store.close()


def _no_disk(connection: DBAPIConnection, _: object) -> None:
    """What is thrown away need not wait for the disk."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()


async def mentor_with(records: Records, capacity: int) -> int:
    """An approved mentor with so many places."""
    mentor = (await records.people.add("Dr. Okafor")).id
    await records.people.link(mentor, "playground:okafor")
    await records.people.save_mentor(mentor, capacity=capacity, kind=MentorKind.ATTENDING, approved_at=NOW)
    return mentor
