"""Connections to SQLite and PostgreSQL: what is committed there survives a power cut."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.ports import Finding

NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "ceph", "glusterfs", "fuse.glusterfs"})
"""Where SQLite's locks cannot be trusted, by the names that the kernel gives them."""
ROOM = 200_000_000
"""Bytes that ought to be free beside a database."""


def engine_for(url: str) -> AsyncEngine:
    """Connections to this database. Errors do not quote what was to be written: members' words."""
    parts = make_url(url)
    if parts.drivername == "postgresql+asyncpg":
        return create_async_engine(parts, pool_pre_ping=True, hide_parameters=True)
    if parts.drivername != "sqlite+aiosqlite":
        raise ValueError(f"databases are sqlite+aiosqlite or postgresql+asyncpg, not {parts.drivername}")
    if sqlite3.sqlite_version_info < (3, 37):
        raise RuntimeError(f"Preceptor needs SQLite 3.37 or newer, and this Python has {sqlite3.sqlite_version}")
    if not parts.database or parts.database == ":memory:":
        raise ValueError("SQLite needs a file: in memory, each connection would have a database of its own")
    # Made before SQLite makes it, so that nobody else on the machine can ever read it.
    Path(parts.database).touch(mode=0o600)
    # The driver must begin nothing by itself: it would begin without IMMEDIATE.
    engine = create_async_engine(parts, connect_args={"isolation_level": None}, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def file_of(url: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL."""
    parts = make_url(url)
    return Path(parts.database) if parts.drivername == "sqlite+aiosqlite" and parts.database else None


def _prepare(connection: Any, _: object) -> None:  # noqa: ANN401
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 5000")  # milliseconds to wait for another process
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A write transaction takes its place in the line before it reads. One that began as a reader would fail
    # at its first write, at once and whatever the busy timeout, if another had written meanwhile.
    begin = connection.get_execution_options().get("begin", "BEGIN IMMEDIATE")
    if begin:
        connection.exec_driver_sql(begin)


def for_reading(engine: AsyncEngine) -> AsyncEngine:
    """The same connections, for transactions that only read and see one state from beginning to end."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(begin="BEGIN")
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def examine(url: str) -> list[Finding]:
    """Whether the file of a SQLite database is where it is safe, with room to grow. Nothing of PostgreSQL."""
    if (database := file_of(url)) is None:
        return []
    folder = database.resolve().parent
    findings = [
        Finding(True, f"SQLite {sqlite3.sqlite_version}, with a write-ahead log")
        if wal_is_safe()
        else Finding(
            True, f"SQLite {sqlite3.sqlite_version}, without a write-ahead log, which has a bug in this version"
        )
    ]
    if network := on_network(folder):
        mend = "Put database.url on a disk of this machine, or use PostgreSQL."
        findings.append(Finding(False, f"database: {folder} is on a network file system ({network})", mend))
    free = shutil.disk_usage(folder)
    if free.free < ROOM:
        findings.append(
            Finding(False, f"database: {free.free // 1_000_000} MB are left on its disk", "Make room there.")
        )
    return findings


def on_network(folder: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of network file system a folder is on; empty where it is on none, or the machine does not say."""
    if not mounts.exists():
        return ""
    kinds = {Path(line.split()[1]): line.split()[2] for line in mounts.read_text().splitlines()}
    nearest = next((kinds[each] for each in (folder, *folder.parents) if each in kinds), "")
    return nearest if nearest in NETWORK else ""


def wal_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite is free of the bug that damages write-ahead logs (up to 3.51.2, but two)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


async def choose_journal(engine: AsyncEngine) -> None:
    """Set the journal that is safe with this SQLite. The file remembers it, so once is enough."""
    wanted, change = (
        ("wal", "PRAGMA journal_mode = WAL") if wal_is_safe() else ("delete", "PRAGMA journal_mode = DELETE")
    )
    tries = 100
    async with engine.connect() as connection:
        autocommit = await connection.execution_options(begin="")
        for left in reversed(range(tries)):
            if (await autocommit.exec_driver_sql("PRAGMA journal_mode")).scalar() == wanted:
                return
            try:
                # The busy timeout does not hold for this statement, so waiting is up to us.
                await autocommit.exec_driver_sql(change)
            except OperationalError:
                if not left:
                    raise
                await asyncio.sleep(0.05)
