"""Stores for tests: real ones, on a database that is thrown away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.model import Said
from bot.ports import Records
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


async def mentor_with(records: Records, capacity: int) -> int:
    """An approved mentor with so many places."""
    mentor = (await records.people.add("Dr. Okafor")).id
    await records.people.link(mentor, "playground:okafor")
    await records.people.save_mentor(mentor, capacity=capacity, kind=MentorKind.ATTENDING, approved_at=NOW)
    return mentor
