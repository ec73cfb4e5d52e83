"""One running Preceptor to a database: two would answer everyone twice on Discord and race each other on Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from filelock import FileLock, Timeout
from sqlalchemy import func, select

from storage.engine import engine_for, file_of

RUNNING = 7_366_313
"""The lock of a running Preceptor on PostgreSQL: any number, but always the same."""


class NotAloneError(Exception):
    """Another Preceptor runs on this database."""


@asynccontextmanager
async def alone(url: str) -> AsyncIterator[None]:
    """Hold a database as its one running Preceptor; whatever ends the process lets go of it. Raises NotAloneError."""
    database = file_of(url)
    if database is not None:
        # A file beside the database, on which SQLite has locks of its own.
        lock = FileLock(f"{database}.lock", timeout=0, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise NotAloneError from None
        try:
            yield
        finally:
            lock.release()
        return
    engine = engine_for(url)
    try:
        async with engine.connect() as connection:
            if not (await connection.execute(select(func.pg_try_advisory_lock(RUNNING)))).scalar_one():
                raise NotAloneError
            await connection.commit()
            yield
    finally:
        await engine.dispose()
