"""The database itself: its shape, its settings, and what someone reads who has only the file."""

import asyncio
import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text, update

from bot.model import Society
from storage import engine
from storage.alone import NotAloneError, alone
from storage.people import SqlPeople
from storage.seal import Seal, UnsealError, WrongKeyError
from storage.store import NotReachedError, SqlStore, open_store
from storage.tables import METADATA, people
from tests import postgres, stores


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, METADATA))


async def test_the_migrations_make_exactly_the_tables(store: SqlStore) -> None:
    async with store.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_every_check_is_in_the_migrations(tmp_path: Path) -> None:
    """Alembic compares neither checks nor the conditions of indexes; SQLite shows both as written."""
    shape = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"
    made = engine.engine_for(f"sqlite+aiosqlite:///{tmp_path / 'made.db'}")
    async with made.begin() as connection:
        await connection.run_sync(METADATA.create_all)
        wanted = {name: _parts(sql) for name, sql in await connection.execute(text(shape))}
    await made.dispose()
    async with stores.open_sqlite(tmp_path / "migrated.db") as store, store.engine.connect() as connection:
        assert {name: _parts(sql) for name, sql in await connection.execute(text(shape))} == wanted


def _parts(sql: str) -> list[str]:
    """A statement's parts, whatever their order and the names of its foreign keys."""
    inside = " ".join(sql.split()).replace(" ,", ",")
    return sorted(part.strip().rstrip(")") for part in inside.replace("CONSTRAINT", ",CONSTRAINT").split(","))


async def test_opening_again_changes_nothing_and_two_may_open_at_once(tmp_path: Path, server: str) -> None:
    async with postgres.fresh_database(server) as fresh:
        for url in (fresh, f"sqlite+aiosqlite:///{tmp_path / 'society.db'}"):
            opened = await asyncio.gather(*(open_store(url, stores.KEY) for _ in range(4)))
            society = await opened[0].found("Harborview", "UTC", "playground:home", None)
            renamed = await opened[1].found("Harbor", "UTC", "playground:home", "playground:c")
            assert (renamed.id, renamed.name) == (society.id, "Harbor")
            assert await opened[2].society_at("playground:home") == renamed
            assert await opened[2].society_at("playground:away") is None
            with pytest.raises(LookupError):
                async with opened[3].records(society.id + 1):
                    pass
            for store in opened:
                await store.close()


async def test_a_database_has_one_running_preceptor_until_that_one_ends(tmp_path: Path, server: str) -> None:
    async with postgres.fresh_database(server) as fresh:
        for url in (fresh, f"sqlite+aiosqlite:///{tmp_path / 'society.db'}"):
            for _ in range(2):
                async with alone(url):
                    with pytest.raises(NotAloneError):
                        await _elsewhere(url)
            await _elsewhere(url)


async def _elsewhere(url: str) -> None:
    """In a process of its own, as a lock is a process's."""
    tried = (
        "import asyncio, sys\n"
        "from storage.alone import alone\n"
        "async def main():\n"
        "    async with alone(sys.argv[1]): pass\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", tried, url, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    if b"NotAloneError" in said:
        raise NotAloneError
    assert process.returncode == 0, said


async def test_every_sqlite_connection_is_careful(tmp_path: Path) -> None:
    path = tmp_path / "society.db"
    store = await open_store(f"sqlite+aiosqlite:///{path}", stores.KEY)
    try:
        async with store.engine.connect() as one, store.engine.connect() as other:
            for connection in (one, await other.execution_options(begin="BEGIN")):
                pragmas = [
                    (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
                    for name in (
                        "foreign_keys",
                        "synchronous",
                        "secure_delete",
                        "busy_timeout",
                        "journal_mode",
                    )
                ]
                assert pragmas == [1, 2, 1, 5000, "wal" if engine.wal_is_safe() else "delete"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        await store.close()


async def test_wal_only_where_it_is_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    safe = {(3, 40, 1): False, (3, 44, 6): True, (3, 45, 0): False, (3, 50, 6): False, (3, 50, 7): True,
            (3, 51, 2): False, (3, 51, 3): True, (3, 52, 0): True}  # fmt: skip
    assert {version: engine.wal_is_safe(version) for version in safe} == safe
    for wal, journal in ((True, "wal"), (False, "delete"), (True, "wal")):
        monkeypatch.setattr(engine, "wal_is_safe", lambda wal=wal: wal)
        async with stores.open_sqlite(tmp_path / "society.db") as store, store.engine.connect() as connection:
            assert (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar() == journal


async def test_a_database_in_memory_or_of_another_kind_is_refused() -> None:
    for url in ("sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:", "mysql://root@localhost/x"):
        with pytest.raises(NotReachedError, match=r"SQLite|databases"):
            await open_store(url, stores.KEY)


async def test_the_file_does_not_show_an_address(tmp_path: Path) -> None:
    path = tmp_path / "society.db"
    async with stores.open_sqlite(path) as store:
        society = await store.found("Harborview", "UTC", "playground:home", None)
        async with store.records(society.id) as records:
            ana = await records.people.add("Ana Petrov", email="Ana.Petrov@example.org")
    raw = path.read_bytes()
    assert b"Ana Petrov" in raw
    assert b"petrov@example" not in raw.lower()
    with pytest.raises(WrongKeyError):
        await open_store(f"sqlite+aiosqlite:///{path}", bytes(32))
    async with stores.open_sqlite(path) as store, store.records(society.id) as records:
        found = await records.people.by_email("ana.petrov@EXAMPLE.org")
        assert found == ana
        assert isinstance(records.people, SqlPeople)
        assert await records.people.email(ana.id) == "Ana.Petrov@example.org"
        await records.people.change(ana.id, email=None, name="Someone")
        assert await records.people.email(ana.id) is None
    assert b"Ana Petrov" not in path.read_bytes()  # secure_delete: what is gone is gone from the file


async def test_a_value_moved_to_another_row_does_not_open(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        ana = (await records.people.add("Ana", email="ana@example.org")).id
        eve = (await records.people.add("Eve")).id
    async with store.engine.begin() as connection:
        sealed = (await connection.execute(select(people.c.email_sealed).where(people.c.id == ana))).scalar_one()
        await connection.execute(update(people).where(people.c.id == eve).values(email_sealed=sealed))
    async with store.records(society.id) as records:
        assert isinstance(records.people, SqlPeople)
        assert await records.people.email(ana) == "ana@example.org"
        with pytest.raises(UnsealError):
            await records.people.email(eve)


def test_a_seal_opens_only_with_its_key_and_in_its_place() -> None:
    seal, other = Seal(stores.KEY), Seal(bytes(32))
    sealed = seal.close("3.41", "people", 1, "email")
    assert seal.open(sealed, "people", 1, "email") == "3.41"
    assert sealed != seal.close("3.41", "people", 1, "email")
    for box, table, row, column in (
        (other, "people", 1, "email"), (seal, "pairs", 1, "email"), (seal, "people", 2, "email"),
        (seal, "people", 1, "phone"),
    ):  # fmt: skip
        with pytest.raises(UnsealError):
            box.open(sealed, table, row, column)
    for damaged in (b"", sealed[:-1]):
        with pytest.raises(UnsealError):
            seal.open(damaged, "people", 1, "email")
    assert seal.mark(1, "a@x.org") == seal.mark(1, "a@x.org")
    assert len({seal.mark(1, "a@x.org"), seal.mark(2, "a@x.org"), other.mark(1, "a@x.org")}) == 3
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(b"short")


async def test_a_sqlite_without_strict_tables_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(NotReachedError, match=r"SQLite 3\.37"):
        await open_store(f"sqlite+aiosqlite:///{tmp_path / 'society.db'}", stores.KEY)
