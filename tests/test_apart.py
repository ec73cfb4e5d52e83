"""Two who share no platform: each talks with the bot, and it carries what they write to each other."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.courier import Courier
from bot.model import DAY, Happened, Side
from bot.rehearsal import Actor, Paper
from bot.ui import Form, plain_message
from tests.society import NEW_YORK, Society, harborview, words
from tests.stores import open_sqlite


@dataclass
class Apart:
    """Harborview on two platforms: Ana is only on the first, Ben only on the second."""

    society: Society
    slate: Paper
    ana: Actor
    ben: Actor

    def heard(self, actor: Actor) -> list[str]:
        paper = self.society.paper if actor is self.ana else self.slate
        return [plain_message(shown.message, NEW_YORK) for shown in paper.seen_by(actor.address)]


@pytest.fixture
async def apart(tmp_path: Path) -> AsyncIterator[Apart]:
    async with open_sqlite(tmp_path / "society.db") as store, harborview(store) as society:
        slate = Paper(society.clock.now, "slate")
        society.courier = Courier(store, society.clock, society.app.pace, [society.paper, slate])
        await store.join(society.id, "slate:clinic")
        ana, there = await society.mentee(), await society.mentor()
        ben = Actor(society.app, slate, "slate:clinic", "slate:ben", there.name)
        async with store.records(society.id) as records:
            mentor = await records.people.at(there.address)
            assert mentor is not None
            await records.people.unlink(there.address)
            await records.people.link(mentor.id, ben.address)
        yield Apart(society, slate, ana, ben)


async def paired(apart: Apart) -> None:
    await apart.society.asked(apart.ana, apart.ben)
    await apart.ben.presses("Accept")
    await apart.society.settle()


async def test_each_of_the_two_hears_by_themselves_that_they_are_a_pair(apart: Apart) -> None:
    await paired(apart)
    assert "you write first" in apart.heard(apart.ana)[-1]
    assert "you write first" in apart.heard(apart.ben)[-1]
    for actor in (apart.ana, apart.ben):
        assert "I carry what you write" in apart.heard(actor)[-1]
    assert not apart.society.paper.rooms
    assert not apart.slate.rooms


async def test_what_one_writes_is_carried_word_for_word_and_can_be_answered(apart: Apart) -> None:
    await paired(apart)
    assert isinstance(await apart.ana.calls("write"), Form)
    assert words(await apart.ana.fills(words="Tuesday at five?\n**or** @everyone")) == "On its way to Ben."
    await apart.society.settle()
    assert "> Tuesday at five?\n> **or** @everyone" in apart.heard(apart.ben)[-1]
    assert isinstance(await apart.ben.presses("Answer"), Form)
    await apart.ben.fills(words="Tuesday it is.")
    await apart.society.settle()
    assert "> Tuesday it is." in apart.heard(apart.ana)[-1]


async def test_a_carried_note_is_a_word_to_the_other_and_ends_the_silence(apart: Apart) -> None:
    await paired(apart)
    await apart.society.later(3 * DAY)
    assert "[I wrote]" in apart.heard(apart.ana)[-1]
    await apart.ana.calls("write", words="Hello, sorry for the wait.")
    (pair,) = await apart.society.pairs(apart.ana)
    async with apart.society.store.records(apart.society.id) as records:
        assert (Happened.WROTE, Side.MENTEE) in [(e.what, e.side) for e in await records.pairs.events(pair.id)]
    await apart.society.later(5 * DAY)
    assert not [said for said in apart.heard(apart.ana)[2:] if "waiting for your first hello" in said]


async def test_notes_are_carried_the_same_day_but_never_at_night(apart: Apart) -> None:
    await paired(apart)
    before = len(apart.heard(apart.ben))
    for number in range(3):
        await apart.ana.calls("write", words=f"Note {number}")
        await apart.society.settle()
    assert len(apart.heard(apart.ben)) == before + 3
    await apart.society.later(timedelta(hours=12))  # 22:00
    await apart.ana.calls("write", words="Good night")
    await apart.society.settle()
    assert len(apart.heard(apart.ben)) == before + 3
    await apart.society.later(timedelta(hours=11))
    assert "Good night" in apart.heard(apart.ben)[-1]


async def test_someone_away_reads_it_when_they_are_back_and_the_writer_knows(apart: Apart) -> None:
    await paired(apart)
    await apart.ben.calls("time-off", until="2026-10-20")
    assert "is away, and will read it on Tue 20 Oct" in words(await apart.ana.calls("write", words="Hello"))
    await apart.society.later(10 * DAY)
    assert not any("> Hello" in said for said in apart.heard(apart.ben))
    await apart.society.later(6 * DAY)
    assert any("> Hello" in said for said in apart.heard(apart.ben))


async def test_an_empty_note_is_not_carried(apart: Apart) -> None:
    await paired(apart)
    assert "a few words are enough" in words(await apart.ana.calls("write", words="\u200b"))


async def test_with_several_pairs_one_says_whose(apart: Apart) -> None:
    await paired(apart)
    cleo = await apart.society.mentor("Cleo Marsh")
    await apart.society.asked(apart.ana, cleo)
    await cleo.presses("Accept")
    await apart.society.settle()
    assert "say whose" in words(await apart.ana.calls("write", words="Hello"))
    assert words(await apart.ana.calls("write", to="cleo", words="Hello")) == "On its way to Cleo."
    assert "no pair of yours" in words(await apart.ana.calls("write", to="Dora", words="Hello"))


async def test_in_a_pair_with_a_room_the_note_stands_in_the_room(apart: Apart) -> None:
    cleo = await apart.society.mentor("Cleo Marsh")
    await apart.society.asked(apart.ana, cleo)
    await cleo.presses("Accept")
    await apart.society.settle()
    await cleo.calls("write", words="Welcome.")
    await apart.society.settle()
    (room,) = apart.society.paper.rooms
    assert "> Welcome." in plain_message(apart.society.paper.shown[-1].message, NEW_YORK)
    assert apart.society.paper.shown[-1].to == room


async def test_nobody_writes_into_a_pair_that_is_not_theirs(apart: Apart) -> None:
    await paired(apart)
    (pair,) = await apart.society.pairs(apart.ana)
    eve = await apart.society.mentee("Eve Lund")
    assert "no pair of yours" in words(await eve.calls("write", to=str(pair.id), words="Hello"))


async def test_once_they_share_a_platform_their_room_opens(apart: Apart) -> None:
    await paired(apart)
    async with apart.society.store.records(apart.society.id) as records:
        mentor = await records.people.at(apart.ben.address)
        assert mentor is not None
        await records.people.link(mentor.id, "paper:ben")
    await apart.ana.calls("my-pairs")
    await apart.ana.presses("Pause")
    await apart.ana.presses("4 weeks")
    await apart.society.later(2 * DAY)
    assert "rests until" in plain_message(apart.society.paper.shown[-1].message, NEW_YORK)
    assert list(apart.society.paper.rooms.values()) == [(apart.ana.address, "paper:ben")]


async def test_two_in_a_place_that_opens_no_rooms_write_through_the_bot_until_it_does(apart: Apart) -> None:
    society, ana = apart.society, apart.ana
    society.paper.roomless = True
    cleo = await society.mentor("Cleo Marsh")
    await society.asked(ana, cleo)
    await cleo.presses("Accept")
    await society.settle()
    for actor in (ana, cleo):
        assert "I can't open a room for you two yet, so I carry what you write" in society.heard(actor)[-1]
    await ana.calls("write", words="Hello Cleo")
    await society.settle()
    assert "> Hello Cleo" in society.heard(cleo)[-1]
    society.paper.roomless = False
    await ana.calls("my-pairs")
    await ana.presses("Pause")
    await ana.presses("4 weeks")
    await society.later(2 * DAY)
    assert list(society.paper.rooms.values()) == [(ana.address, cleo.address)]


async def test_they_find_a_time_to_meet_and_each_gets_the_calendar_entry(apart: Apart) -> None:
    await paired(apart)
    await apart.society.later(DAY)
    await apart.ana.calls("meet")
    await apart.ana.fills(times=(), day="2026-10-14", hour="18:00")
    await apart.society.settle()
    await apart.ben.presses("Wed 14 Oct, 18:00")
    await apart.society.settle()
    for actor in (apart.ana, apart.ben):
        said = apart.heard(actor)[-1]
        assert "Ana and Ben meet Wed 14 Oct, 18:00" in said
        assert "[meeting.ics: The meeting, for your calendar]" in said
    assert not apart.society.paper.rooms


async def test_each_is_asked_after_the_pair_in_their_own_place(apart: Apart) -> None:
    await paired(apart)
    await apart.ana.calls("write", words="Hello!")
    await apart.ben.calls("write", words="Welcome.")
    await apart.society.later(16 * DAY)
    assert "Have you and Ben been in touch since last time?" in "\n".join(apart.heard(apart.ana))
    assert "Have you heard from Ana since last time?" in "\n".join(apart.heard(apart.ben))
    for label in ("Yes", "Same"):
        await apart.ben.presses(label)
    assert "Thank you. That's all." in words(apart.ben.replies[-1])


async def test_both_hear_that_their_pair_has_ended_and_nothing_is_carried_any_more(apart: Apart) -> None:
    await paired(apart)
    answer = apart.ana
    await apart.ben.calls("write", words="See you on Tuesday.")
    await apart.society.settle()
    (pair,) = await apart.society.pairs(apart.ana)
    olu = await apart.society.officer()
    await olu.calls("unpair", mentor=apart.ben.address, mentee=apart.ana.address)
    await olu.presses("End it")
    await apart.society.later(DAY)
    for actor in (apart.ana, apart.ben):
        assert "has come to its end" in apart.heard(actor)[-1]
    assert "has had its day" in words(await answer.presses("Answer"))
    assert "No pair yet" in words(await apart.ana.calls("write", words="Hello?"))
    before = len(apart.heard(apart.ana)), len(apart.heard(apart.ben))
    await apart.society.later(30 * DAY)
    assert (len(apart.heard(apart.ana)), len(apart.heard(apart.ben))) == before
    async with apart.society.store.records(apart.society.id) as records:
        assert not (await records.pairs.get(pair.id) or pair).live
