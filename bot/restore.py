"""Bringing back a copy of the database, and nobody with it who was forgotten since the copy was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.config import ConfigError, Settings
from bot.feature import Turn
from bot.features.privacy import forget
from bot.running import held, key_of, opened
from storage.backup import NoBackupError, forgotten_in, opened_copy, put_in_place, remember_forgotten
from storage.engine import file_of
from storage.seal import Seal
from storage.store import SqlStore


@dataclass(frozen=True)
class Restored:
    forgotten: int
    """So many in the copy had asked to be forgotten since, and were forgotten again."""
    aside: Path | None
    """Where the database is now that was there before."""


async def restore(settings: Settings, copy: Path, now: datetime) -> Restored:
    """Put a copy in place of the database. All is ready before anything is moved.

    Raises ConfigError for what is no copy, while Preceptor runs, and on PostgreSQL.
    """
    database = file_of(settings.database.url)
    if database is None:
        raise ConfigError("database.url: PostgreSQL brings its backups back by its own means, pg_restore for one.")
    async with held(settings):
        return await _brought_back(settings, copy, database, now)


async def _brought_back(settings: Settings, copy: Path, database: Path, now: datetime) -> Restored:
    marks = forgotten_in(database)
    try:
        with opened_copy(copy, Seal(key_of(settings)), database) as brought:
            async with opened(f"sqlite+aiosqlite:///{brought}", key_of(settings)) as store:
                remember_forgotten(brought, marks)
                forgotten = await _forget_again(store, {int(str(society)) for society, *_ in marks}, settings, now)
            return Restored(forgotten, put_in_place(brought, database, now))
    except NoBackupError as error:
        raise ConfigError(f"{error}. Nothing was changed.") from None


async def _forget_again(store: SqlStore, societies: set[int], settings: Settings, now: datetime) -> int:
    forgotten = 0
    for society in societies:
        try:
            async with store.records(society) as records:
                for member in await records.people.roster():
                    if any([await records.privacy.was_forgotten(address) for address in member.addresses]):
                        await forget(Turn(records, member.person, now, settings.as_pace()))
                        forgotten += 1
        except LookupError:
            continue  # founded after the copy was made
    return forgotten
