"""When members are written to: never at night, a mentor once a day, and nothing twice or lost."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.courier import Courier
from bot.model import DAY, Pace, Urgency
from bot.ports import Address, Later, Pressed
from bot.records import Waiting
from bot.rehearsal import Actor, Paper
from bot.ui import Message, Private, Update, message
from storage.store import SqlStore
from storage.tables import deliveries
from tests.society import NEW_YORK, Society, harborview, words
from tests.stores import open_sqlite

HONOLULU, TOKYO = ZoneInfo("Pacific/Honolulu"), ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize("zone", [HONOLULU, NEW_YORK, TOKYO], ids=str)
async def test_a_request_waits_for_the_mentors_own_morning(harbor: Society, zone: ZoneInfo) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor(zone=zone)
    await harbor.later(timedelta(hours=13))  # 23:00 in New York, 17:00 in Honolulu, noon in Tokyo
    asked = harbor.clock.now()
    await harbor.asked(ana, ben)
    await harbor.later(DAY)
    (shown,) = harbor.paper.seen_by(ben.address)
    assert 8 <= shown.at.astimezone(zone).hour < 21
    assert (shown.at == asked) is (zone is not NEW_YORK)


async def test_a_room_waits_until_neither_of_the_two_sleeps(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, ben = await harbor.mentee(zone=NEW_YORK), await harbor.mentor(zone=HONOLULU)
    await olu.calls("pair", mentor=ben.address, mentee=ana.address)  # 10:00 in New York, 04:00 in Honolulu
    await harbor.later(DAY)
    (room,) = harbor.paper.seen_by(ana.address)
    assert room.at.astimezone(HONOLULU).hour == 8
    assert room.at.astimezone(NEW_YORK).hour == 14


async def test_through_a_whole_term_nobody_is_written_to_at_night_and_mentors_once_a_day(harbor: Society) -> None:
    ana, bea = await harbor.mentee("Ana", zone=NEW_YORK), await harbor.mentee("Bea", zone=TOKYO)
    ben = await harbor.mentor("Ben", zone=HONOLULU)
    for mentee in (ana, bea):
        await harbor.asked(mentee, ben)
        await harbor.later(2 * DAY)
        await ben.presses("Accept")
        await harbor.later(DAY)
    accepted = harbor.clock.now()
    for _ in range(8):
        for actor in (ana, bea, ben):
            await actor.speaks()
        await harbor.later(12 * DAY)
    for actor, zone in ((ana, NEW_YORK), (bea, TOKYO), (ben, HONOLULU)):
        heard = [s.at.astimezone(zone) for s in harbor.paper.seen_by(actor.address) if s.at > accepted]
        assert heard
        assert all(8 <= at.hour < 21 for at in heard)
        assert max(Counter(at.date() for at in heard).values()) <= (1 if actor is ben else 3)


async def test_the_night_follows_the_clocks_when_they_change(tmp_path: Path) -> None:
    """On 1 November 2026 New York's clocks go back in the night."""
    start = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
    async with open_sqlite(tmp_path / "night.db") as store, harborview(store, start=start) as harbor:
        ana, ben = await harbor.mentee(), await harbor.mentor()
        await harbor.asked(ana, ben)
        await harbor.later(DAY)
        (shown,) = harbor.paper.seen_by(ben.address)
        assert shown.at == datetime(2026, 11, 1, 13, 0, tzinfo=UTC)


async def test_two_requests_on_one_day_reach_a_mentor_on_two_days(harbor: Society) -> None:
    ana, bea, ben = await harbor.mentee("Ana"), await harbor.mentee("Bea"), await harbor.mentor()
    await harbor.asked(ana, ben)
    await harbor.asked(bea, ben)
    assert len(harbor.heard(ben)) == 1
    await harbor.later(DAY)
    assert len(harbor.heard(ben)) == 2


async def test_what_waited_together_comes_as_one_message(harbor: Society) -> None:
    ana, bea, ben = await harbor.mentee("Ana"), await harbor.mentee("Bea"), await harbor.mentor()
    await harbor.later(timedelta(hours=12))  # 22:00
    await harbor.asked(ana, ben)
    await harbor.asked(bea, ben)
    await harbor.later(DAY)
    (both,) = harbor.heard(ben)
    assert "Ana would like you" in both
    assert "Bea would like you" in both


async def test_answering_one_of_several_leaves_the_others_where_they_stand(harbor: Society) -> None:
    ana, bea, ben = await harbor.mentee("Ana"), await harbor.mentee("Bea"), await harbor.mentor()
    await harbor.later(timedelta(hours=12))  # 22:00
    await harbor.asked(ana, ben)
    await harbor.asked(bea, ben)
    await harbor.later(DAY)
    assert isinstance(await ben.presses("Accept"), Private)


async def test_what_is_said_alone_gives_way_to_its_answer(harbor: Society) -> None:
    ana, ben = await harbor.mentee("Ana"), await harbor.mentor()
    await harbor.asked(ana, ben)
    assert isinstance(await ben.presses("Accept"), Update)


async def test_who_just_acted_is_here_whatever_the_hour(harbor: Society) -> None:
    ana, ben = await harbor.mentee(zone=TOKYO), await harbor.mentor()
    await harbor.asked(ana, ben)
    await harbor.later(timedelta(hours=12))  # 22:00 in New York, 11:00 in Tokyo
    await ben.presses("Accept")
    await harbor.settle()
    assert len(harbor.heard(ana)) == 1


async def test_someone_who_cannot_be_reached_is_put_before_the_officers(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    harbor.paper.closed.add(ben.address)
    await harbor.asked(ana, ben)
    await harbor.later(DAY)
    assert "Ben Okafor: my messages don't reach them" in words(await olu.calls("queue"))


@dataclass
class Torn(Paper):
    """Shows what it is given, and the first time breaks off before saying so."""

    tries: list[tuple[str, bool]] = field(default_factory=list)

    async def send(self, to: Address, message: Message, key: str, *, again: bool = False) -> None:
        await super().send(to, message, key)
        self.tries.append((key, again))
        if len(self.tries) == 1:
            raise ConnectionError("no answer came")


@dataclass
class Busy(Paper):
    """Asks for patience, once: ten minutes, unless it says another time."""

    asked: bool = False
    wait: timedelta = timedelta(minutes=10)

    async def send(self, to: Address, message: Message, key: str, *, again: bool = False) -> None:
        if not self.asked:
            self.asked = True
            raise Later(self.wait)
        assert not again, "nothing of it was sent before"
        await super().send(to, message, key)


@dataclass
class Slow(Paper):
    """Takes forty seconds over each message, and notes what another courier could take out of its hands meanwhile."""

    pass_time: Callable[[], None] = lambda: None
    offered: Callable[[], Awaitable[list[Waiting]]] | None = None
    at_risk: list[str] = field(default_factory=list)

    async def send(self, to: Address, message: Message, key: str, *, again: bool = False) -> None:
        assert self.offered is not None
        self.at_risk += [each.envelope for one in await self.offered() for each in one.deliveries if each.envelope]
        await super().send(to, message, key)
        self.pass_time()


async def says(harbor: Society, to: Actor, words: str, topic: str = "") -> None:
    """The bot has something to say to someone."""
    person = await harbor.person(to)
    async with harbor.store.records(harbor.id) as records:
        await records.post.say(message(words), Urgency.NEWS, harbor.clock.now(), to=person.id, topic=topic)


async def on(harbor: Society, paper: Paper, *others: Paper) -> Society:
    courier = Courier(harbor.store, harbor.clock, Pace(), [paper, *others])
    return Society(harbor.store, harbor.app, courier, harbor.clock, paper, harbor.id)


async def test_a_message_that_perhaps_arrived_goes_again_under_the_same_key(harbor: Society) -> None:
    torn = Torn(harbor.clock.now)
    harbor = await on(harbor, torn)
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    await harbor.later(timedelta(hours=2))
    (first, known), (again, perhaps) = torn.tries
    assert first == again
    assert (known, perhaps) == (False, True)
    assert len(harbor.heard(ben)) == 1


async def test_a_platform_that_asks_for_patience_gets_it(harbor: Society) -> None:
    harbor = await on(harbor, Busy(harbor.clock.now))
    ana, ben = await harbor.mentee(), await harbor.mentor()
    asked = harbor.clock.now()
    await harbor.asked(ana, ben)
    assert harbor.heard(ben) == []
    await harbor.later(timedelta(hours=1))
    (shown,) = harbor.paper.seen_by(ben.address)
    assert shown.at == asked + timedelta(minutes=10)


async def test_what_a_platform_did_not_take_can_still_be_unsaid(harbor: Society) -> None:
    harbor = await on(harbor, Busy(harbor.clock.now))
    ana = await harbor.mentee()
    await says(harbor, ana, "Never mind", topic="moot")
    await harbor.settle()
    async with harbor.store.records(harbor.id) as records:
        assert await records.post.withdraw("moot") == 1
    await harbor.later(DAY)
    assert harbor.heard(ana) == []


async def test_a_long_round_leaves_nothing_that_is_being_sent_to_another_courier(harbor: Society) -> None:
    slow = Slow(harbor.clock.now)
    slow.pass_time = lambda: harbor.clock.move_to(harbor.clock.now() + timedelta(seconds=40))
    slow.offered = lambda: harbor.store.waiting(harbor.clock.now())
    harbor = await on(harbor, slow)
    for name in ("Ana Ruiz", "Bo Lind", "Cy Park"):
        await says(harbor, await harbor.mentee(name), "Hello")
    await harbor.courier.deliver()
    assert len(slow.shown) == 3
    assert slow.at_risk == []


async def test_what_another_round_puts_off_meanwhile_is_put_off(harbor: Society) -> None:
    """While a message to Cy is on its way, another round tells Ben what there is for him today."""
    ana, ben, cy = await harbor.mentee(), await harbor.mentor(), await harbor.mentee("Cy Park")
    pair = await harbor.paired(ana, ben)
    await harbor.later(2 * DAY)
    slow = Slow(harbor.clock.now, rooms=harbor.paper.rooms)
    harbor = await on(harbor, slow)
    since = harbor.clock.now()
    await says(harbor, cy, "Hello")
    await says(harbor, ben, "For you")
    async with harbor.store.records(harbor.id) as records:
        await records.post.say(message("For both"), Urgency.NEWS, since, pair=pair.id)
    another = Courier(harbor.store, harbor.clock, Pace(), [Paper(harbor.clock.now)])

    async def round_of_the_other() -> list[Waiting]:
        await another.deliver()
        return []

    slow.offered = round_of_the_other
    await harbor.courier.deliver()
    (other,) = another.platforms
    assert isinstance(other, Paper)
    assert len(harbor.heard(ben, since)) + len(other.shown) == 1


async def test_words_that_cannot_be_read_any_more_keep_nobody_else_waiting(harbor: Society) -> None:
    ana, bo = await harbor.mentee(), await harbor.mentee("Bo Lind")
    for actor in (ana, ana, bo):
        await says(harbor, actor, "Hello")
    of_ana = deliveries.c.to_person == (await harbor.person(ana)).id
    assert isinstance(harbor.store, SqlStore)
    async with harbor.store.engine.begin() as connection:
        await connection.execute(update(deliveries).where(of_ana).values(message="of another age"))
    await harbor.courier.deliver()
    assert len(harbor.heard(bo)) == 1


async def test_someone_whose_platform_is_away_for_long_is_written_to_on_their_other_one(harbor: Society) -> None:
    away, other = Busy(harbor.clock.now, wait=timedelta(hours=1)), Paper(harbor.clock.now, name="slate")
    harbor = await on(harbor, away, other)
    ana = await harbor.mentee()
    person = await harbor.person(ana)
    async with harbor.store.records(harbor.id) as records:
        await records.people.link(person.id, "slate:ana")
    await says(harbor, ana, "Hello")
    await harbor.settle()
    assert [shown.to for shown in other.shown] == ["slate:ana"]


async def test_a_request_taken_back_by_an_answer_is_not_reminded_of_in_the_morning(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.later(timedelta(hours=5))  # 15:00: the reminder will fall due at 15:00, too
    await harbor.asked(ana, ben)
    await harbor.later(3 * DAY - timedelta(minutes=1))
    await ben.presses("Accept")
    await harbor.later(DAY)
    assert not any("still hoping" in said for said in harbor.heard(ben))


async def test_someone_with_closed_messages_reads_in_their_room_what_is_for_them_alone(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    harbor.paper.closed.add(ana.address)
    await harbor.later(4 * DAY)
    assert "a word for you alone is waiting" in harbor.heard(ana)[-1]
    assert not any("waiting for your first hello" in said for said in harbor.heard(ben))
    read = ana.button("Read it")
    assert "Nothing was changed" in words(await ben.asks(Pressed(read)))
    assert "Ben is waiting for your first hello" in words(await ana.asks(Pressed(read)))
