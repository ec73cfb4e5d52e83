"""Copies of a SQLite database: made while it is in use, sealed with our key, and gone after thirty days.

PostgreSQL has its own means (`pg_dump`, `pg_basebackup`), which whoever runs one knows.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.ports import Finding
from storage.engine import file_of
from storage.seal import Seal, UnsealError

KEPT = timedelta(days=30)
"""As long as members are told that something of theirs may still be in a copy."""
LATE = timedelta(days=3)
"""After so long without a copy, something is wrong."""
PARTS = ("", "-wal", "-shm", "-journal")
"""The files that are a SQLite database, by what their names end in: none means anything without the others."""


class NoBackupError(Exception):
    """The file is no copy of ours, or not one that this key opens. Nothing was changed."""


async def back_up(engine: AsyncEngine, seal: Seal, folder: Path, now: datetime) -> Path:
    """The day's copy, written if it is not there yet, and nothing that is too old. Raises OSError or sqlite3.Error."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = folder / f"{now.astimezone(UTC).date()}.backup"
    _expire(folder, now)
    if kept.exists():
        return kept
    with tempfile.TemporaryDirectory(dir=folder) as room:
        copy = Path(room) / "copy.db"
        # Copying the file would miss what is in its log, and may catch it in the middle of a change.
        async with engine.connect() as connection:
            autocommit = await connection.execution_options(begin="")
            await autocommit.exec_driver_sql("VACUUM INTO ?", (str(copy),))
        await asyncio.to_thread(_keep, copy, seal, kept)
    return kept


def _keep(copy: Path, seal: Seal, kept: Path) -> None:
    _check(copy)
    sealed = copy.with_suffix(".sealed")
    sealed.touch(mode=0o600)
    with sealed.open("wb") as file:
        file.write(seal.close_file(copy.read_bytes()))
        os.fsync(file.fileno())
    sealed.replace(kept)


def _expire(folder: Path, now: datetime) -> None:
    for day, path in copies(folder):
        if now.astimezone(UTC).date() - day > KEPT:
            path.unlink()


def copies(folder: Path) -> list[tuple[date, Path]]:
    """The copies there are, oldest first, each with its day (UTC)."""
    found = []
    for path in folder.glob("*.backup"):
        try:
            found.append((date.fromisoformat(path.stem), path))
        except ValueError:
            continue  # somebody's own
    return sorted(found)


@contextmanager
def opened_copy(path: Path, seal: Seal, beside: Path) -> Iterator[Path]:
    """The database in a copy, as a file in the folder of another. Raises NoBackupError."""
    with tempfile.TemporaryDirectory(dir=beside.parent) as room:
        database = Path(room) / "copy.db"
        database.touch(mode=0o600)
        try:
            database.write_bytes(seal.open_file(path.read_bytes()))
            _check(database)
        except (UnsealError, sqlite3.Error, OSError) as error:
            raise NoBackupError(f"{path}: {error}") from None
        yield database


def put_in_place(database: Path, of: Path, now: datetime) -> Path | None:
    """Let a database be where another is. That one stays beside it under another name, which is the answer."""
    aside = of.with_name(f"{of.name}.{now:%Y%m%dT%H%M%S}")
    was_there = of.exists()
    for part in PARTS:
        if (old := of.with_name(of.name + part)).exists():
            old.rename(aside.with_name(aside.name + part))
    database.replace(of)
    return aside if was_there else None


def examine(url: str, folder: Path | None, now: datetime) -> list[Finding]:
    """Whether there is a copy of these days. Nothing where there cannot be one yet, or copies are not ours to make."""
    database = file_of(url)
    if database is None or not database.exists():
        return []
    if folder is None:
        return [Finding(True, "backups: switched off")]
    there = copies(folder)
    if not there:
        return [Finding(True, f"backups: none yet; the first comes to {folder} within a day of running")]
    newest = there[-1][0]
    if now.astimezone(UTC).date() - newest > LATE:
        mend = f"Look in the log for “backup failed”, and whether there is room in {folder}."
        return [Finding(False, f"backups: the newest is of {newest}", mend)]
    return [Finding(True, f"backups: {len(there)} in {folder}, the newest of {newest}")]


def _check(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged: {verdict}")


# ── who was forgotten ─────────────────────────────────────────────────────────────────────────────────────────────


def forgotten_in(database: Path) -> list[tuple[object, ...]]:
    """The marks by which whoever was forgotten is known not to be met again; none of a database that does not open."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return list(connection.execute("SELECT society, mark, at FROM forgotten"))
    except sqlite3.Error:
        return []


def remember_forgotten(database: Path, marks: list[tuple[object, ...]]) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany("INSERT OR IGNORE INTO forgotten (society, mark, at) VALUES (?, ?, ?)", marks)
