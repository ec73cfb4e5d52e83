"""Permissions as they are kept: sealed, in one society, and never left behind by the end of a pair."""

import asyncio

from sqlalchemy import select

from bot.model import DAY, Disclosed, PairState, Shared, Side, Society
from bot.records import Records
from bot.vocabulary import Channel
from storage.store import SqlStore
from storage.tables import disclosures, grants
from tests.stores import NOW, mentor_with

NUMBER = "+1 212 555 0147"


async def pair_of(records: Records) -> int:
    pair = await records.pairs.make((await records.people.add("Ana")).id, await mentor_with(records, 2), NOW)
    assert pair is not None
    return pair.id


async def test_what_was_granted_is_given_back_to_the_letter_and_taken_back_whole(
    store: SqlStore, society: Society
) -> None:
    async with store.records(society.id) as records:
        pair, kept = await pair_of(records), records.permissions
        assert await kept.grant(pair, Side.MENTOR, Channel.PHONE, NUMBER, "1", NOW)
        assert await kept.grant(pair, Side.MENTOR, Channel.DIRECT, "", "1", NOW)
        assert await kept.grant(pair, Side.MENTEE, Channel.TEXT, "555 0199", "1", NOW)
        assert await kept.share(pair, "A range.", NOW)
    async with store.records(society.id) as records:
        kept = records.permissions
        assert await kept.ways(pair, Side.MENTOR) == [Channel.DIRECT, Channel.PHONE]
        assert await kept.contact(pair, Side.MENTOR) == {Channel.DIRECT: "", Channel.PHONE: NUMBER}
        assert await kept.shared(pair) == Shared("A range.", NOW)
        assert "A range." not in repr(await kept.shared(pair))
        assert await kept.revoke(pair, Side.MENTOR, [Channel.PHONE, Channel.EMAIL]) == [Channel.PHONE]
        assert await kept.contact(pair, Side.MENTOR) == {Channel.DIRECT: ""}
        assert await kept.ways(pair, Side.MENTEE) == [Channel.TEXT]
        assert await kept.withdraw(pair)
        assert not await kept.withdraw(pair)
        assert await kept.forget(pair)
        assert not await kept.forget(pair)


async def test_looks_are_listed_to_whose_it_is_newest_first(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        pair = await pair_of(records)
        for day in range(2):
            await records.permissions.looked(pair, Side.MENTOR, Disclosed.CONTACT, NOW + day * DAY)
        assert await records.permissions.looks(pair, Side.MENTOR, Disclosed.CONTACT) == [NOW + DAY, NOW]
        assert await records.permissions.looks(pair, Side.MENTEE, Disclosed.CONTACT) == []
        assert await records.permissions.looks(pair, Side.MENTOR, Disclosed.ACADEMICS) == []


async def test_another_society_reads_nothing_and_changes_nothing(store: SqlStore, society: Society) -> None:
    other = await store.found("Lakeside", "UTC", "slate:lakeside", None)
    async with store.records(society.id) as records:
        pair = await pair_of(records)
        await records.permissions.grant(pair, Side.MENTOR, Channel.TEXT, NUMBER, "1", NOW)
        await records.permissions.share(pair, "A range.", NOW)
    async with store.records(other.id) as records:
        theirs = records.permissions
        assert await theirs.contact(pair, Side.MENTOR) == {}
        assert await theirs.shared(pair) is None
        assert not await theirs.grant(pair, Side.MENTOR, Channel.TEXT, "1", "1", NOW)
        assert not await theirs.share(pair, "Mine", NOW)
        assert not await theirs.forget(pair)
    async with store.records(society.id) as records:
        assert await records.permissions.contact(pair, Side.MENTOR) == {Channel.TEXT: NUMBER}


async def test_two_societies_made_one_can_still_open_what_was_sealed(store: SqlStore, society: Society) -> None:
    other = await store.found("Lakeside", "UTC", "slate:lakeside", None)
    async with store.records(other.id) as records:
        pair = await pair_of(records)
        await records.permissions.grant(pair, Side.MENTOR, Channel.TEXT, NUMBER, "1", NOW)
    async with store.records(other.id) as records:
        await records.links.one_society(society.id, NOW)
    async with store.records(society.id) as records:
        assert await records.permissions.contact(pair, Side.MENTOR) == {Channel.TEXT: NUMBER}


async def test_nothing_is_granted_into_a_pair_that_ends_at_the_same_moment(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        pair = await pair_of(records)

    async def grants_it() -> None:
        async with store.records(society.id) as records:
            await records.permissions.grant(pair, Side.MENTOR, Channel.TEXT, NUMBER, "1", NOW)
            await records.permissions.share(pair, "A range.", NOW)

    async def ends_it() -> None:
        async with store.records(society.id) as records:
            await records.pairs.set_state(pair, PairState.ENDED, NOW)
            await records.permissions.forget(pair)

    await asyncio.gather(grants_it(), ends_it(), grants_it())
    async with store.engine.connect() as connection:
        assert (await connection.execute(select(grants.c.pair))).all() == []
        assert (await connection.execute(select(disclosures.c.pair))).all() == []
