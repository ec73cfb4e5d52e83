"""A private concern: read by the one it was written for, by nobody else, and in time."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY, Concern, PairState, Role
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.rules.concern import KEPT, OPEN, next_moment
from bot.ui import Action, Form
from tests.society import MONDAY, Society, words

SECRET = "Ben asked me to run his errands before he would read my essay."


async def reader(harbor: Society, name: str = "Sal Reyes") -> Actor:
    actor = await harbor.visitor(name)
    async with harbor.store.records(harbor.id) as records:
        person = await records.people.meet(actor.address, name)
        await records.people.give_role(person.id, Role.SAFEGUARDING)
    return actor


async def told(harbor: Society, ana: Actor, about: str, who: str) -> str:
    """Ana writes it down and chooses her reader; what she reads then."""
    await ana.calls("concern")
    assert isinstance(await ana.presses(about), Form)
    await ana.fills(words=SECRET, reachable="yes")
    answer = words(await ana.presses(who))
    await harbor.settle()
    return answer


async def test_what_is_promised_is_said_before_a_word_is_typed(harbor: Society) -> None:
    await reader(harbor)
    ana = await harbor.mentee()
    before = words(await ana.calls("concern"))
    for said in ("988", "911", "one person", "must report"):
        assert said in before
    assert "I can't promise more" in before


async def test_only_the_chosen_reader_reads_it(harbor: Society) -> None:
    olu, sal, ana, ben = await harbor.officer(), await reader(harbor), await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    assert "It is with Sal now" in await told(harbor, ana, "Ben Okafor", "Sal Reyes")
    (notice,) = harbor.heard(sal)
    assert SECRET not in notice
    assert "Ana" not in notice
    read = sal.button("Read it")
    for stranger in (olu, ben, ana):
        assert "Nothing was changed" in words(await stranger.asks(Pressed(read)))
    letter = words(await sal.presses("Read it"))
    for said in ("From Ana Ruiz", "About Ben Okafor", SECRET, "You may write to them."):
        assert said in letter
    await harbor.later(timedelta(hours=2))
    assert harbor.heard(ana)[-1] == "Sal has read what you wrote."
    everyone_else = [*harbor.heard(ben), *harbor.heard(olu), words(await olu.calls("queue"))]
    assert not [said for said in everyone_else if "errands" in said or "concern" in said.lower()]


async def test_the_one_concerned_is_never_offered_as_reader(harbor: Society) -> None:
    sal, ana = await reader(harbor), await harbor.mentee()
    ben = await harbor.mentor()
    async with harbor.store.records(harbor.id) as records:
        mentor = await records.people.at(ben.address)
        assert mentor is not None
        await records.people.give_role(mentor.id, Role.SAFEGUARDING)
    await harbor.paired(ana, ben)
    await ana.calls("concern")
    await ana.presses("Ben Okafor")
    kept = words(await ana.fills(words=SECRET, reachable="no"))
    assert "Sal Reyes" in kept
    assert "Ben Okafor" not in kept
    forged = Pressed(ana.button("Who should read it?"), (str(mentor.id),))
    assert "Nothing was changed" in words(await ana.asks(forged))
    assert harbor.heard(sal) == []


async def test_without_safeguarding_people_an_officer_reads_it_and_without_anyone_help_is_named(
    harbor: Society,
) -> None:
    ana = await harbor.mentee()
    await ana.calls("concern")
    assert "Title IX" in words(await ana.presses("Someone or something else"))
    await harbor.officer()
    assert "It is with Olu now" in await told(harbor, ana, "Someone or something else", "Olu Mensah")


async def test_whoever_writes_while_the_last_reader_leaves_hears_who_else_listens(harbor: Society) -> None:
    sal, ana = await reader(harbor), await harbor.mentee()
    await ana.calls("concern")
    await ana.presses("Someone or something else")
    person = await harbor.person(sal)
    async with harbor.store.records(harbor.id) as records:
        await records.people.take_role(person.id, Role.SAFEGUARDING)
    assert "Title IX" in words(await ana.fills(words=SECRET, reachable="yes"))


async def test_a_pair_can_rest_at_once_and_the_other_hears_only_that(harbor: Society) -> None:
    await reader(harbor)
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await told(harbor, ana, "Ben Okafor", "Sal Reyes")
    assert "Nobody is told why" in words(await ana.presses("Pause my pair now"))
    await harbor.later(DAY)
    (pair,) = await harbor.pairs(ana)
    assert pair.state is PairState.PAUSED
    assert "rests until" in harbor.heard(ben)[-1]


async def test_a_reader_who_does_not_read_is_reminded_and_then_the_writer_may_choose_another(harbor: Society) -> None:
    sal, tam, ana = await reader(harbor), await reader(harbor, "Tam Bui"), await harbor.mentee()
    await told(harbor, ana, "Someone or something else", "Sal Reyes")
    await harbor.later(DAY)
    assert len(harbor.heard(sal)) == 2
    await harbor.later(DAY)
    assert "Sal has not read it yet" in harbor.heard(ana)[-1]
    await ana.presses("Choose someone else")
    assert "It is with Tam now" in words(await ana.presses("Tam Bui"))
    await harbor.settle()
    assert SECRET in words(await tam.presses("Read it"))
    assert "Nothing was changed" in words(await sal.presses("Read it"))
    await harbor.later(7 * DAY)
    assert len(harbor.heard(sal)) == 2


async def test_what_is_closed_is_forgotten_in_time_and_what_was_never_sent_sooner(harbor: Society) -> None:
    sal, ana = await reader(harbor), await harbor.mentee()
    await told(harbor, ana, "Someone or something else", "Sal Reyes")
    await sal.presses("Read it")
    await sal.presses("It is seen to")
    await ana.calls("concern")
    await ana.presses("Someone or something else")
    await ana.fills(words="Another one.", reachable="no")

    async def kept() -> list[str]:
        async with harbor.store.records(harbor.id) as records:
            found = [await records.concerns.get(number) for number in (1, 2)]
        return [each.words for each in found if each]

    assert await kept() == [SECRET, "Another one."]
    await harbor.later(8 * DAY)
    assert await kept() == [SECRET, ""]
    await harbor.later(KEPT)
    assert await kept() == ["", ""]
    assert "Nothing was changed" in words(await sal.presses("Read it"))


async def test_officers_choose_who_can_be_asked(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    assert "all officers" in words(await olu.calls("safeguarding"))
    assert "Ana Ruiz" in words(await olu.calls("safeguarding", member=ana.address))
    assert "Ana Ruiz" in words(await olu.calls("safeguarding", member=ana.address))
    assert "all officers" in words(await olu.presses("Ana Ruiz"))
    assert "officers" in words(await ana.calls("safeguarding", member=ana.address))


async def test_who_reads_concerns_does_so_for_a_year_and_nothing_after_that(harbor: Society) -> None:
    olu, sal, ana = await harbor.officer(), await harbor.mentor("Sal Reyes"), await harbor.mentee()
    assert "Sal Reyes, until Tue 5 Oct 2027" in words(await olu.calls("safeguarding", member=sal.address))
    await olu.calls("officers", member=sal.address, role="safeguarding", until="2026-10-09")
    await told(harbor, ana, "Someone or something else", "Sal Reyes")
    assert SECRET in words(await sal.presses("Read it"))
    await harbor.later(4 * DAY)
    await told(harbor, ana, "Someone or something else", "Sal Reyes")
    heard = len(harbor.heard(sal))
    await harbor.later(2 * DAY)
    assert any("Sal Reyes's time as safeguarding is over" in said for said in harbor.heard(olu))
    # Neither what was given them before, nor what they have not read: its writer may choose someone else.
    for _ in range(2):
        assert "Nothing was changed" in words(await sal.presses("Read it"))
        await sal.calls("home")
    assert "concern" not in words(await sal.calls("home"))
    assert len(harbor.heard(sal)) == heard
    assert "Sal has not read it yet" in harbor.heard(ana)[-1]


@pytest.mark.parametrize("press", ["concern.read", "concern.to", "concern.pause", "concern.close", "concern.other"])
async def test_a_number_is_no_right(harbor: Society, press: str) -> None:
    sal, ana, eve = await reader(harbor), await harbor.mentee(), await harbor.mentee("Eve Lund")
    await told(harbor, ana, "Someone or something else", "Sal Reyes")
    assert "Nothing was changed" in words(await eve.asks(Pressed(Action(press, ("1",)), ("1",))))
    assert SECRET in words(await sal.presses("Read it"))


moments = st.none() | st.integers(0, 60 * 24 * 40).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@given(moments, moments, moments, moments, moments)
def test_whatever_happened_to_it_its_next_moment_is_in_order(
    sent: datetime | None,
    reminded: datetime | None,
    delayed: datetime | None,
    read: datetime | None,
    closed: datetime | None,
) -> None:
    concern = Concern(1, 2, None, "words", True, MONDAY, 3, sent, reminded, delayed, read, closed)
    due = next_moment(concern)
    if closed is not None:
        assert due == closed + KEPT
    elif sent is None:
        assert due is not None
        assert due > MONDAY
    elif read is not None:
        assert due == read + OPEN
    elif delayed is not None:
        assert due == delayed + KEPT
    else:
        assert due is not None
        assert due > sent
