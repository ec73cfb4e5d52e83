"""What is a member's own: decided for every table, shown whole, and forgotten without a trace."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Integer, LargeBinary, Text, select

from bot.model import Open, Role, Society
from storage import engine
from storage.own import NOTHING, OF_NOBODY, OWN, Emptied, Gone
from storage.store import SqlStore
from storage.tables import METADATA, people, promises
from tests.filled import NAMES, NOT_THEIRS, OWNED, everything, two
from tests.stores import NOW, open_sqlite


def test_whose_every_table_is_has_been_decided() -> None:
    assert OWNED | set(OF_NOBODY) == set(METADATA.tables.values()), "say in storage/own.py whose these are"
    assert not OWNED & set(OF_NOBODY)


def test_whose_every_column_that_means_a_person_is_has_been_decided() -> None:
    named = re.compile(r"(^|_)(by|actor|author|host|member|mentee|mentor|officer|owner|person|who)($|_)")
    decided = {column for own in OWN for column in own.by}
    for table in METADATA.tables.values():
        for column in table.columns:
            points = any(key.column.table is people and key.column.name == "id" for key in column.foreign_keys)
            if points or (type(column.type) is Integer and named.search(column.name)):
                assert column in decided, f"say in storage/own.py whose {column} is"


def test_no_words_of_a_member_outlive_them() -> None:
    for table in OWNED:
        ways = [own for own in OWN if own.table is table]
        if any(isinstance(own.then, Gone) for own in ways):
            continue
        emptied = {name for own in ways if isinstance(own.then, Emptied) for name in own.then.values}
        for column in table.columns:
            if type(column.type) in (Text, LargeBinary) and str(column) not in NOT_THEIRS:
                assert column.name in emptied, f"say in storage/own.py what becomes of {column}"


def texts(value: object) -> Iterator[str]:
    """Every text in something that came from JSON."""
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from texts(each)
        case list() | tuple():
            for each in value:
                yield from texts(each)


@pytest.mark.sr("SR-48.a")
async def test_who_asks_reads_all_that_is_theirs_and_nothing_of_anothers(store: SqlStore, society: Society) -> None:
    here = await two(store, society)
    async with store.records(society.id) as records:
        kept = json.loads(json.dumps(await records.privacy.own(here.ana, NOW)))
    assert set(kept) == {own.table.name for own in OWN if own.shows != NOTHING}
    words = [text for text in texts(kept) if text.startswith(tuple(f"{name}+" for name in NAMES))]
    assert not [text for text in words if not text.startswith("Ana-")], "another's words"
    for own in OWN:
        if own.shows is None and not isinstance(own.then, Emptied):
            for column in own.table.columns:
                if type(column.type) is Text and column not in own.by and f"{column}" not in NOT_THEIRS:
                    assert f"Ana-Zebrafink+{column}" in words, column
    for sealed in ("own_mentors.name_sealed", "concerns.words_sealed", "reasons.words_sealed", "updates.words_sealed"):
        assert f"Ana-Zebrafink+{sealed}" in words
    assert kept["people"][0]["email"] == "Ana-Zebrafink@x.org"
    assert {"Ben-Quokkason"} <= set(texts(kept["pairs"]))


@pytest.mark.sr("SR-48.a")
async def test_who_is_forgotten_is_nowhere_and_what_is_others_own_stays(store: SqlStore, society: Society) -> None:
    here = await two(store, society)
    before = await everything(store)
    async with store.records(society.id) as records:
        await records.people.link(here.ana, "playground:ana-zebrafink")
        await records.people.give_role(here.ana, Role.SAFEGUARDING)
        await records.privacy.forget(here.ana, NOW.replace(hour=20))
    after = await everything(store)
    assert not [text for text in after if "Ana-Zebrafink" in text or "ana-zebrafink" in text]
    gone = {text for text in before - after if text.startswith("Ben-") and "+" in text}
    # What was said in their room is in the chats themselves; a hand-over may name either.
    assert {text.partition("+")[2].partition(".")[0] for text in gone} <= {"projects", "deliveries"}
    async with store.records(society.id) as records:
        assert [person.name for person in await records.people.all()] == list(NAMES[1:])
        assert len(await records.pairs.all_of(here.ben)) == 2
        assert (await records.people.get(here.ana) or people).name == "Someone who has left"
        assert await records.privacy.was_forgotten("playground:ana-zebrafink")
        assert await records.privacy.was_forgotten("ana-zebrafink@x.org")
        assert not await records.privacy.was_forgotten("playground:ben")
        await records.privacy.begin_again("playground:ana-zebrafink")
        assert not await records.privacy.was_forgotten("playground:ana-zebrafink")
    async with store.engine.connect() as connection:
        due = select(promises.c.subject).where(promises.c.what == Open.AWAY)
        assert (await connection.execute(due)).scalars().all() == [here.ben]


@pytest.mark.parametrize("wal", [True, False])
async def test_the_file_and_its_log_hold_nothing_of_them(tmp_path: Path, monkeypatch: Any, wal: bool) -> None:  # noqa: ANN401
    monkeypatch.setattr(engine, "wal_is_safe", lambda: wal)
    path = tmp_path / "society.db"
    async with open_sqlite(path) as store:
        society = await store.found("Harborview", "UTC", "playground:home", None)
        here = await two(store, society)
        assert any(b"Ana-Zebrafink" in each.read_bytes() for each in tmp_path.iterdir())
        async with store.records(society.id) as records:
            await records.privacy.forget(here.ana, NOW.replace(hour=20))
        for each in tmp_path.iterdir():
            assert b"Ana-Zebrafink" not in each.read_bytes(), each.name
