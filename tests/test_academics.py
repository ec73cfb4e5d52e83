"""Grades and scores: never a field, shown by a mentee to one mentor, and wiped when they say so."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.model import DAY, Pair, PairState
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import Action, Form, TextField, act
from storage.store import SqlStore
from storage.tables import METADATA, disclosures
from tests.society import Society, harborview, words
from tests.stores import open_sqlite

GRADES = "GPA between 3.6 and 3.8, MCAT in the top fifth."


async def couple(harbor: Society) -> tuple[Actor, Actor, Pair]:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    return ana, ben, await harbor.paired(ana, ben)


async def opens(actor: Actor, pair: Pair) -> str:
    return words(await actor.asks(Pressed(act("grades.open", pair.id))))


async def shares(ana: Actor, pair: Pair, said: str = GRADES) -> str:
    assert isinstance(await ana.asks(Pressed(act("grades.write", pair.id))), Form)
    return words(await ana.fills(words=said))


async def kept(harbor: Society) -> list[bytes]:
    assert isinstance(harbor.store, SqlStore)
    async with harbor.store.engine.connect() as connection:
        return list((await connection.execute(select(disclosures.c.words_sealed))).scalars())


@pytest.mark.sr("SR-20.b")
def test_no_table_has_a_column_for_a_grade_or_a_score() -> None:
    columns = {f"{table.name}.{column.name}" for table in METADATA.tables.values() for column in table.columns}
    about = {name for name in columns if any(word in name for word in ("gpa", "mcat", "score", "grade", "academic"))}
    # Whether they are shared, never what; and how well two fit, which knows nothing of grades.
    assert about == {"intros.academics", "round_pairs.score"}


@pytest.mark.sr("SR-20.b")
async def test_what_is_shared_with_one_mentor_is_read_by_nobody_else(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    cai, olu, eve = await harbor.mentor("Cai Moreau"), await harbor.officer(), await harbor.mentee("Eve Lund")
    other = await harbor.paired(ana, cai)
    assert "never has to" in await opens(ben, pair)
    assert "Ben sees nothing of your grades or scores, and never has to." in await opens(ana, pair)
    assert "Shared with Ben alone, until Wed 4 Nov." in await shares(ana, pair)
    assert GRADES in await opens(ben, pair)
    assert "shares nothing" in await opens(cai, other)
    for stranger in (cai, olu, eve):
        assert "Nothing was changed" in await opens(stranger, pair)
    await harbor.later(DAY)
    for actor in (ana, ben, cai, olu, eve):
        assert not any(GRADES in said for said in harbor.heard(actor))


async def test_the_mentor_finds_it_where_they_look_and_the_mentee_sees_that_they_did(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    before = len(harbor.heard(ben))
    await shares(ana, pair)
    assert "Shared grades or scores with you" in words(await ben.calls("my-pairs"))
    assert GRADES not in words(ben.replies[-1])
    await harbor.later(timedelta(hours=2))
    assert len(harbor.heard(ben)) == before
    assert "Ben has not looked yet." in await opens(ana, pair)
    await ben.presses("Grades and scores")
    mine = await opens(ana, pair)
    assert GRADES in mine
    assert "Ben looked:\n• Mon 5 Oct, 12:00" in mine


@pytest.mark.sr("SR-20.b")
async def test_what_is_taken_back_is_unreadable_at_once_and_leaves_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "society.db"
    async with open_sqlite(path) as store, harborview(store) as harbor:
        ana, ben, pair = await couple(harbor)
        await shares(ana, pair)
        (sealed,) = await kept(harbor)
        assert GRADES.encode() not in path.read_bytes()
        assert "Nothing of it is kept" in words(await ana.presses("Take it back"))
        assert "shares nothing" in await opens(ben, pair)
        assert await kept(harbor) == []
    assert sealed not in path.read_bytes()
    assert GRADES.encode() not in path.read_bytes()


async def test_it_is_wiped_with_the_pair(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    olu = await harbor.officer()
    await shares(ana, pair)
    await olu.calls("unpair", mentor=ben.address, mentee=ana.address)
    await olu.presses("End it")
    assert await kept(harbor) == []
    assert "Nothing was changed" in await opens(ben, pair)


async def test_writing_anew_begins_with_an_empty_form_and_a_new_month(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    await shares(ana, pair)
    await harbor.later(20 * DAY)
    form = await ana.asks(Pressed(act("grades.write", pair.id)))
    assert isinstance(form, Form)
    assert [field.value for field in form.fields if isinstance(field, TextField)] == [""]
    await ana.fills(words="Three point seven.")
    await harbor.later(20 * DAY)
    assert "Three point seven." in await opens(ben, pair)
    await harbor.later(10 * DAY)
    assert await kept(harbor) == []


@settings(max_examples=8)
@given(hours=st.integers(0, 45 * 24))
async def test_it_is_readable_for_thirty_days_and_not_a_moment_longer(hours: int) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        async with open_sqlite(Path(folder) / "society.db") as store, harborview(store) as harbor:
            ana, ben, pair = await couple(harbor)
            await shares(ana, pair)
            harbor.clock.move_to(harbor.clock.now() + timedelta(hours=hours))
            assert (GRADES in await opens(ben, pair)) == (hours < 30 * 24)
            await harbor.settle()
            assert bool(await kept(harbor)) == (hours < 30 * 24)


@pytest.mark.parametrize("press", ["grades.write", "grades.withdraw"])
async def test_only_the_mentee_shares_and_takes_back(harbor: Society, press: str) -> None:
    ana, ben, pair = await couple(harbor)
    await shares(ana, pair)
    for stranger in (ben, await harbor.officer(), await harbor.mentee("Eve Lund")):
        assert "Nothing was changed" in words(await stranger.asks(Pressed(Action(press, (str(pair.id),)))))
    assert len(await kept(harbor)) == 1


async def test_a_pair_at_rest_can_still_take_it_back(harbor: Society) -> None:
    ana, _, pair = await couple(harbor)
    await shares(ana, pair)
    async with harbor.store.records(harbor.id) as records:
        await records.pairs.set_state(pair.id, PairState.PAUSED, harbor.clock.now())
    await opens(ana, pair)
    await ana.presses("Take it back")
    assert await kept(harbor) == []
