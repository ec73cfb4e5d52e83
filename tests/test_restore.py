"""A copy is made each day, whole whatever happens meanwhile; it comes back without those who were forgotten since."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import ConfigError, DatabaseSection, Settings, SocietySection
from bot.model import DAY
from bot.restore import restore
from bot.running import held
from storage.backup import KEPT, NoBackupError, back_up, copies, examine, opened_copy
from storage.seal import Seal
from storage.store import open_store
from tests.society import MONDAY, PLACE, harborview
from tests.stores import KEY, open_sqlite

SEAL = Seal(KEY)


def settings(folder: Path) -> Settings:
    return Settings(
        society=SocietySection(name="Harborview", zone="America/New_York"),
        database=DatabaseSection(url=f"sqlite+aiosqlite:///{folder / 'society.db'}"),
        key=KEY.hex(),
    )


async def names(folder: Path) -> list[str]:
    async with open_sqlite(folder / "society.db") as store:
        society = await store.found("Harborview", "America/New_York", PLACE, None)
        async with store.records(society.id) as records:
            return [member.person.name for member in await records.people.roster() if member.addresses]


async def test_what_comes_back_is_what_there_was(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    async with open_sqlite(tmp_path / "society.db") as store, harborview(store) as harbor:
        room = (await harbor.paired(await harbor.mentee(), await harbor.mentor())).room
        copy = await back_up(store.engine, SEAL, backups, MONDAY)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(backups.stat().st_mode) == 0o700
    assert b"Ana Ruiz" not in copy.read_bytes()
    (tmp_path / "society.db").write_bytes(b"the disk broke here")
    done = await restore(settings(tmp_path), copy, MONDAY)
    assert done.forgotten == 0
    assert done.aside is not None
    assert done.aside.read_bytes() == b"the disk broke here"
    assert await names(tmp_path) == ["Ana Ruiz", "Ben Okafor"]
    async with (
        open_sqlite(tmp_path / "society.db") as store,
        harborview(store) as harbor,
        store.records(harbor.id) as records,
    ):
        assert [pair.room for pair in await records.pairs.all_live()] == [room]


async def test_who_was_forgotten_since_stays_forgotten_and_who_came_back_is_there(tmp_path: Path) -> None:
    async with open_sqlite(tmp_path / "society.db") as store, harborview(store) as harbor:
        ana, ben = await harbor.mentee("Ana Ruiz"), await harbor.mentor("Ben Okafor")
        cy = await harbor.mentee("Cy Park")
        await harbor.paired(ana, ben)
        copy = await back_up(store.engine, SEAL, tmp_path / "backups", MONDAY)
        for gone in (ana, cy):
            await gone.calls("my-data")
            await gone.presses("Forget me")
            await gone.presses("Yes, forget me")
        await cy.calls("sign-up")
        await cy.presses("I'd like a mentor")
    done = await restore(settings(tmp_path), copy, MONDAY + DAY)
    assert done.forgotten == 1
    assert sorted(await names(tmp_path)) == ["Ben Okafor", "Cy Park"]


async def test_a_copy_over_a_database_in_use_has_nothing_of_its_log(tmp_path: Path) -> None:
    async with open_sqlite(tmp_path / "society.db") as store, harborview(store) as harbor:
        await harbor.mentee("Ana Ruiz")
        copy = await back_up(store.engine, SEAL, tmp_path / "backups", MONDAY)
        await harbor.mentee("Bo Lind")
        for part in ("-wal", "-shm"):  # as a crash leaves them
            (tmp_path / f"society.db{part}").write_bytes(b"not of that copy")
    await restore(settings(tmp_path), copy, MONDAY)
    assert await names(tmp_path) == ["Ana Ruiz"]


async def test_copies_made_while_everyone_writes_are_whole(tmp_path: Path) -> None:
    async with open_sqlite(tmp_path / "society.db") as store:
        society = await store.found("Harborview", "UTC", "paper:home", None)
        done = asyncio.Event()

        async def writes() -> None:
            number = 0
            while not done.is_set():
                async with store.records(society.id) as records:  # two who come together or not at all
                    await records.people.add(f"one {number}")
                    await records.people.add(f"two {number}")
                number += 1

        writing = asyncio.create_task(writes())
        for day in range(5):
            copy = await back_up(store.engine, SEAL, tmp_path / "backups", MONDAY + day * DAY)
            with opened_copy(copy, SEAL, tmp_path / "society.db") as brought:
                async with open_sqlite(brought) as there, there.records(society.id) as records:
                    assert len(await records.people.roster()) % 2 == 0
        done.set()
        await writing
        assert sorted((tmp_path / "backups").iterdir()) == [path for _, path in copies(tmp_path / "backups")]


async def test_a_copy_is_gone_after_thirty_days_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    async with open_sqlite(tmp_path / "society.db") as store:
        for day in (0, 1, 31):
            await back_up(store.engine, SEAL, backups, MONDAY + day * DAY)
        (backups / "by-hand.backup").touch()
        await back_up(store.engine, SEAL, backups, MONDAY + 32 * DAY)
    assert [(MONDAY + 32 * DAY).date() - day for day, _ in copies(backups)] == [timedelta(31), DAY, timedelta(0)][1:]
    assert KEPT == 30 * DAY
    assert (backups / "by-hand.backup").exists()


@pytest.mark.parametrize("what", ["nothing", "another key", "cut short", "no copy"])
async def test_what_is_no_copy_of_ours_changes_nothing(tmp_path: Path, what: str) -> None:
    async with open_sqlite(tmp_path / "society.db") as store, harborview(store) as harbor:
        await harbor.mentee("Ana Ruiz")
        seal = Seal(bytes(32)) if what == "another key" else SEAL
        copy = await back_up(store.engine, seal, tmp_path / "backups", MONDAY)
    match what:
        case "nothing":
            copy.unlink()
        case "cut short":
            copy.write_bytes(copy.read_bytes()[:-20])
        case "no copy":
            copy.write_bytes(SEAL.close_file(b"SQLite format 3\0" + bytes(200)))
    with pytest.raises(ConfigError, match="Nothing was changed"):
        await restore(settings(tmp_path), copy, MONDAY)
    assert await names(tmp_path) == ["Ana Ruiz"]
    with pytest.raises(NoBackupError), opened_copy(copy, SEAL, tmp_path / "society.db"):
        pass


async def test_one_copy_a_day_is_enough(tmp_path: Path) -> None:
    async with open_sqlite(tmp_path / "society.db") as store:
        first = await back_up(store.engine, SEAL, tmp_path / "backups", MONDAY)
        written = first.read_bytes()
        assert await back_up(store.engine, SEAL, tmp_path / "backups", MONDAY + timedelta(hours=3)) == first
        assert first.read_bytes() == written


async def test_a_store_makes_copies_where_they_are_wanted(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'society.db'}"
    for wanted in (None, tmp_path / "backups"):
        store = await open_store(url, KEY, wanted)
        await store.back_up(MONDAY)
        await store.close()
    assert len(copies(tmp_path / "backups")) == 1


@pytest.mark.parametrize(
    ("days", "good", "says"), [((), True, "none yet"), ((0, 1), True, "2 in"), ((0,), False, "the newest is of")]
)
def test_the_doctor_misses_copies(tmp_path: Path, days: Sequence[int], *, good: bool, says: str) -> None:
    database = tmp_path / "society.db"
    database.touch()
    for day in days:
        (tmp_path / f"{(MONDAY + day * DAY).date()}.backup").touch()
    (finding,) = examine(f"sqlite+aiosqlite:///{database}", tmp_path, MONDAY + 4 * DAY)
    assert (finding.good, says in finding.what) == (good, True)


async def test_nothing_is_brought_back_while_preceptor_runs(tmp_path: Path) -> None:
    async with open_sqlite(tmp_path / "society.db") as store:
        copy = await back_up(store.engine, SEAL, tmp_path / "backups", MONDAY)
    async with held(settings(tmp_path)):
        with pytest.raises(ConfigError, match="another Preceptor runs"):
            await restore(settings(tmp_path), copy, MONDAY)


async def test_postgresql_has_means_of_its_own(tmp_path: Path) -> None:
    there = settings(tmp_path).model_copy(
        update={"database": DatabaseSection(url="postgresql+asyncpg://you@host/name")}
    )
    with pytest.raises(ConfigError, match="pg_restore"):
        await restore(there, tmp_path / "copy", MONDAY)
