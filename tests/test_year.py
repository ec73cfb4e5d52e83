"""A year of a pair that is well: how often its mentor hears from us, and what they are asked."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import or_, select

from bot.model import DAY, Urgency
from bot.rehearsal import Actor
from bot.ui import message_from_json, plain_message
from storage.store import SqlStore
from storage.tables import deliveries
from tests.society import NEW_YORK, Society, words

OURS = (Urgency.PROMPT, Urgency.NUDGE)
"""What the bot begins by itself. The rest follows from what one of the two did, or was asked for: a meeting."""


async def begun_by_us(harbor: Society, actor: Actor) -> list[tuple[datetime, str]]:
    """What we began with someone, alone or in a room of theirs: when it arrived, and its words."""
    person, rooms = await harbor.person(actor), [pair.id for pair in await harbor.pairs(actor)]
    assert isinstance(harbor.store, SqlStore)
    to_them = or_(deliveries.c.to_person == person.id, deliveries.c.pair.in_(rooms))
    said = select(deliveries.c.done_at, deliveries.c.message).where(
        to_them, deliveries.c.urgency.in_(OURS), deliveries.c.arrived
    )
    async with harbor.store.engine.connect() as connection:
        found = (await connection.execute(said.order_by(deliveries.c.done_at))).all()
    return [(at, plain_message(message_from_json(said), NEW_YORK)) for at, said in found]


async def answers_what_is_asked(actor: Actor) -> None:
    """Answers the newest check-in that stands open before them, as someone does who is content."""
    for label in ("Yes", "Very", "All good", "No", "Same", "In two weeks"):
        try:
            await actor.presses(label)
        except LookupError:
            continue


@pytest.mark.sr("SR-42.b")
async def test_in_a_healthy_pair_the_mentor_hears_from_us_at_most_twice_a_month(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben)
    end = harbor.clock.now() + 365 * DAY
    while harbor.clock.now() < end:
        await ana.speaks()
        await harbor.later(2 * DAY)
        await ben.speaks()
        for actor in (ana, ben):
            await answers_what_is_asked(actor)
        await harbor.later(12 * DAY)
    begun = await begun_by_us(harbor, ben)
    months = Counter(at.astimezone(NEW_YORK).strftime("%Y-%m") for at, _ in begun)
    assert max(months.values()) <= 2, months
    assert len(begun) <= 14, [said for _, said in begun]
    days = [at.astimezone(NEW_YORK).date() for at, _ in begun]
    assert all(one != other for one, other in pairwise(days))
    assert not await harbor_queue(harbor)


async def harbor_queue(harbor: Society) -> str:
    olu = await harbor.officer()
    said = words(await olu.calls("queue"))
    return "" if "Nothing needs you" in said else said


@pytest.mark.sr("SR-4.b")
async def test_a_mentor_who_is_away_hears_nothing_until_they_are_back(harbor: Society) -> None:
    ana, bo, ben = await harbor.mentee(), await harbor.mentee("Bo Lind"), await harbor.mentor(capacity=3)
    await harbor.paired(ana, ben)
    await ana.speaks()
    await ben.calls("time-off", until="2026-12-01")
    left = harbor.clock.now()
    assert "[Ask Ben]" not in words(await bo.calls("find-mentor"))
    await harbor.later(datetime(2026, 11, 30, 12, tzinfo=UTC) - left)
    assert harbor.heard(ben, since=left + timedelta(minutes=1)) == []
    await harbor.later(2 * DAY)
    assert "[Ask Ben]" in words(await bo.calls("find-mentor"))


@pytest.mark.sr("SR-42.b")
async def test_on_a_busy_day_a_mentor_of_four_hears_once(harbor: Society) -> None:
    ben = await harbor.mentor(capacity=4)
    mentees = [await harbor.mentee(name) for name in ("Ana Ruiz", "Bo Lind", "Cy Park", "Di Ward")]
    for mentee in mentees:
        await harbor.paired(mentee, ben)
        await harbor.later(DAY)
    await harbor.later(3 * DAY)
    begun = harbor.clock.now()
    for mentee in mentees:
        await mentee.speaks()
    await harbor.later(20 * DAY)
    days = Counter(at.astimezone(NEW_YORK).date() for at, _ in await begun_by_us(harbor, ben) if at > begun)
    assert days
    assert max(days.values()) == 1
