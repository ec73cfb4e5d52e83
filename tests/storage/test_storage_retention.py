"""What has served is forgotten in time, and nothing sooner."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Table, select

from bot.model import DAY, Happened, IntroState, Pace, PairState, Side, Society, Urgency
from bot.ui import message
from bot.vocabulary import Term, Why
from storage.store import SqlStore
from storage.tables import audit, checkin_answers, deliveries, reasons
from tests.stores import NOW, mentor_with

PACE = Pace()


async def rows(store: SqlStore, table: Table) -> int:
    async with store.engine.connect() as connection:
        return len((await connection.execute(select(table))).all())


@pytest.mark.parametrize(
    ("ended", "lasts"),
    [(None, 365), (timedelta(days=10), 100), (timedelta(days=300), 365), (timedelta(days=275), 365)],
)
async def test_answers_last_a_year_or_a_season_beyond_their_pair(
    store: SqlStore, society: Society, ended: timedelta | None, lasts: int
) -> None:
    async with store.records(society.id) as records:
        mentor, mentee = await mentor_with(records, 1), (await records.people.add("Ana")).id
        pair = await records.pairs.make(mentee, mentor, NOW)
        assert pair is not None
        checkin = await records.pairs.start_checkin(pair.id, Side.MENTEE, NOW)
        await records.pairs.answer_checkin(checkin, NOW, touch="yes")
        await records.expectations.answer(pair.id, Side.MENTEE, {Term.ONLINE: ("yes",)})
        await records.expectations.give(pair.id, Side.MENTEE, NOW)
        if ended is not None:
            await records.pairs.set_state(pair.id, PairState.ENDED, NOW + ended)

    async def kept(at: datetime) -> tuple[bool, bool]:
        await store.tidy(at, PACE)
        async with store.records(society.id) as records:
            said = (await records.expectations.answers(pair.id, Side.MENTEE)).said
        return bool(said), await rows(store, checkin_answers) == 1

    assert await kept(NOW + lasts * DAY) == (True, True)
    assert await kept(NOW + lasts * DAY + timedelta(seconds=1)) == (False, False)
    async with store.records(society.id) as records:
        assert await records.pairs.get(pair.id) is not None
        await records.pairs.happened(pair.id, Happened.MET, NOW)


async def test_what_was_sent_lasts_a_month_and_who_did_what_two_years(store: SqlStore, society: Society) -> None:
    async with store.records(society.id) as records:
        ana = (await records.people.add("Ana")).id
        await records.post.say(message("hi"), Urgency.NEWS, NOW, to=ana)
        await records.post.say(message("later"), Urgency.NEWS, NOW, to=ana, topic="later")
        await records.audit(NOW, ana, "away", f"person:{ana}")
    (waiting,) = await store.waiting(NOW)
    await store.claim([waiting.deliveries[0].id], "one", NOW, DAY)
    await store.delivered("one", NOW)
    await store.tidy(NOW + 30 * DAY, PACE)
    assert await rows(store, deliveries) == 2
    await store.tidy(NOW + 31 * DAY, PACE)
    assert await rows(store, deliveries) == 1, "what waits to be said is not forgotten"
    assert await rows(store, audit) == 1
    await store.tidy(NOW + 731 * DAY, PACE)
    assert (await rows(store, audit), await rows(store, deliveries)) == (0, 0)


async def test_the_words_of_old_requests_and_reasons_go_and_that_there_was_a_request_stays(
    store: SqlStore, society: Society
) -> None:
    async with store.records(society.id) as records:
        mentor, mentee = await mentor_with(records, 1), (await records.people.add("Ana")).id
        intro = await records.intros.draft(mentee, mentor, need="A secret need", ask="A secret ask", links="A link")
        await records.intros.send(intro.id, NOW)
        await records.intros.close(intro.id, IntroState.NOT_FOR_ME, NOW)
        draft = await records.intros.draft(mentee, mentor, need="A new need")
        pair = await records.pairs.make(mentee, mentor, NOW)
        assert pair is not None
        await records.endings.give_reason(pair.id, Side.MENTEE, Why.FIT, "A secret reason", NOW)
    await store.tidy(NOW + 365 * DAY, PACE)
    assert await rows(store, reasons) == 1
    await store.tidy(NOW + 366 * DAY, PACE)
    assert await rows(store, reasons) == 0
    async with store.records(society.id) as records:
        after, still = await records.intros.get(intro.id), await records.intros.get(draft.id)
    assert after is not None
    assert still is not None
    assert (after.state, after.need, after.ask, after.links) == (IntroState.NOT_FOR_ME, "", "", "")
    assert still.need == "A new need"
