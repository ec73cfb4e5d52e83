"""The round that officers look at: one at a time, and never changed behind anyone's back."""

import asyncio

from bot.model import Proposed, Round, RoundState, Society
from bot.records import Records
from storage.store import SqlStore
from tests.stores import NOW, mentor_with


async def some_pairs(records: Records) -> tuple[Proposed, ...]:
    mentor = await mentor_with(records, 2)
    mentees = [(await records.people.add(f"Mentee {number}")).id for number in range(2)]
    return tuple(Proposed(mentee, mentor, 70, locked=mentee == mentees[1]) for mentee in mentees)


async def test_a_round_is_kept_as_it_was_proposed(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        pairs = await some_pairs(records)
        opened = await records.rounds.open(pairs, NOW)
    async with store.records(society.id) as records:
        assert opened is not None
        assert opened == Round(opened.id, 1, RoundState.OPEN, NOW, pairs)
        assert opened == await records.rounds.current()
        assert await records.rounds.open(pairs, NOW) is None


async def test_a_round_changes_only_for_who_has_seen_it_as_it_is(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        pairs = await some_pairs(records)
        seen = await records.rounds.open(pairs, NOW)
        assert seen is not None
        two = (pairs[0].mentee, pairs[0].mentor)
        changed = await records.rounds.change(seen, pairs[1:], apart={two}, out={pairs[0].mentee})
        assert changed == Round(
            seen.id, 2, RoundState.OPEN, NOW, pairs[1:], frozenset({two}), frozenset({pairs[0].mentee})
        )
        assert await records.rounds.change(seen, pairs, apart=(), out=()) is None
        assert not await records.rounds.close(seen, RoundState.PUBLISHED, NOW)
        assert await records.rounds.close(changed, RoundState.PUBLISHED, NOW)
        assert not await records.rounds.close(changed, RoundState.DROPPED, NOW)
        assert await records.rounds.current() is None
        assert await records.rounds.open(pairs, NOW)


async def test_of_several_at_once_one_opens_a_round_and_one_closes_it(store: SqlStore, society: Society) -> None:
    async def opens() -> Round | None:
        async with store.records(society.id) as records:
            return await records.rounds.open((), NOW)

    async def closes(seen: Round) -> bool:
        async with store.records(society.id) as records:
            return await records.rounds.close(seen, RoundState.PUBLISHED, NOW)

    opened = [each for each in await asyncio.gather(*(opens() for _ in range(4))) if each]
    assert len(opened) == 1
    assert sorted(await asyncio.gather(*(closes(opened[0]) for _ in range(4)))) == [False, False, False, True]


async def test_a_society_that_joins_another_brings_no_open_round(store: SqlStore, society: Society) -> None:
    other = await store.found("Lakeside", "America/Chicago", "slate:T2", None)
    for each in (society, other):
        async with store.records(each.id) as records:
            assert await records.rounds.open(await some_pairs(records), NOW)
    async with store.records(other.id) as records:
        await records.links.one_society(society.id, NOW)
    async with store.records(society.id) as records:
        assert await records.rounds.current() is not None
