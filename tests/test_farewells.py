"""A planned end: said ahead, thanks carried once, in touch only if both wish, officers know whom to thank."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import DAY, Role
from bot.ports import Pressed, Sent
from bot.rehearsal import Actor
from bot.ui import Action, Form
from tests.society import Society, words

ASKED = "Do you and Ben go on, or is it time for a last meeting?"


async def two(harbor: Society) -> tuple[Actor, Actor]:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    return ana, ben


async def talk_until(harbor: Society, ana: Actor, ben: Actor, day: datetime) -> None:
    while harbor.clock.now() < day:
        await ana.speaks()
        await ben.speaks()
        await harbor.later(min(5 * DAY, day - harbor.clock.now()))


def of_them(harbor: Society, actor: Actor, since: datetime) -> list[str]:
    """What someone heard, but for what everyone is asked after a year without a word."""
    return [said for said in harbor.heard(actor, since) if "Shall I keep your profile" not in said]


async def ends_well(harbor: Society, ana: Actor, thanks: str = "You read my essay at midnight. Thank you.") -> None:
    await ana.calls("my-pairs")
    await ana.presses("Plan our last meeting")
    await harbor.later(DAY)
    assert isinstance(await ana.presses("It took place: finish"), Form)
    await ana.fills(words=thanks)
    await harbor.later(2 * DAY)


@pytest.mark.sr("SR-43.a")
async def test_at_the_close_of_the_year_the_mentee_is_asked_once_and_the_mentor_not(harbor: Society) -> None:
    ana, ben = await two(harbor)
    await talk_until(harbor, ana, ben, datetime(2027, 4, 14, 14, tzinfo=UTC))
    assert not any(ASKED in said for said in harbor.heard(ana))
    await talk_until(harbor, ana, ben, datetime(2027, 6, 20, 14, tzinfo=UTC))
    assert sum(ASKED in said for said in harbor.heard(ana)) == 1
    assert not any("last meeting" in said for said in harbor.heard(ben))
    assert "Everything stays as it is" in words(await ana.presses("We go on"))
    await talk_until(harbor, ana, ben, datetime(2027, 8, 1, 14, tzinfo=UTC))
    assert sum(ASKED in said for said in harbor.heard(ana)) == 1


async def test_a_pair_that_has_only_begun_is_left_to_go_on(harbor: Society) -> None:
    harbor.clock.move_to(datetime(2027, 3, 1, 15, tzinfo=UTC))
    ana, ben = await two(harbor)
    await talk_until(harbor, ana, ben, datetime(2027, 6, 20, 14, tzinfo=UTC))
    assert not any(ASKED in said for said in harbor.heard(ana))


async def test_a_last_meeting_is_said_ahead_by_either_once_and_asked_after(harbor: Society) -> None:
    ana, ben = await two(harbor)
    await ana.speaks()
    await ben.speaks()
    await ben.calls("my-pairs")
    for _ in range(2):
        assert "Said in your room" in words(await ben.presses("Plan our last meeting"))
    await harbor.later(DAY)
    told = [said for said in harbor.heard(ana) if "Ben says your next meeting is the last" in said]
    assert len(told) == 1
    assert "what did you set out to do" in told[0]
    await talk_until(harbor, ana, ben, harbor.clock.now() + 23 * DAY)
    assert sum("Has your last meeting with Ben taken place?" in said for said in harbor.heard(ana)) == 1
    assert "I'll ask again" in words(await ana.presses("Not yet"))
    await talk_until(harbor, ana, ben, harbor.clock.now() + 23 * DAY)
    assert sum("Has your last meeting with Ben taken place?" in said for said in harbor.heard(ana)) == 2


@pytest.mark.sr("SR-43.a")
async def test_the_mentees_own_words_reach_the_mentor_once(harbor: Society) -> None:
    ana, ben = await two(harbor)
    await ana.speaks()
    await ends_well(harbor, ana)
    told = [said for said in harbor.heard(ben) if "> You read my essay at midnight. Thank you." in said]
    assert len(told) == 1
    assert "Your time with Ana has come to a good end" in told[0]
    assert await harbor.pairs(ana) == []
    again = await ana.asks(Sent(Action("farewell.thank", ("1",)), {"words": ("Once more",)}))
    assert "Nothing was changed" in words(again)


async def test_without_words_the_mentor_still_hears_of_the_good_end(harbor: Society) -> None:
    ana, ben = await two(harbor)
    await ana.speaks()
    await ends_well(harbor, ana, thanks="")
    assert "come to a good end" in harbor.heard(ben)[-1]
    assert "writes:" not in harbor.heard(ben)[-1]


@pytest.mark.sr("SR-49.a")
async def test_one_who_wishes_to_stay_in_touch_alone_hears_nothing_and_nor_does_the_other(harbor: Society) -> None:
    ana, ben = await two(harbor)
    await ana.speaks()
    await ends_well(harbor, ana)
    assert "If you both wish it" in words(await ana.presses("Yes, gladly"))
    since = harbor.clock.now()
    await harbor.later(100 * DAY)
    assert "That's fine" in words(await ben.presses("No need"))
    await harbor.later(300 * DAY)
    assert of_them(harbor, ana, since) == []
    assert of_them(harbor, ben, since) == []


@pytest.mark.sr("SR-49.a")
async def test_two_who_wish_to_both_hear_it_and_only_the_mentee_is_reminded_twice_a_year(harbor: Society) -> None:
    ana, ben = await two(harbor)
    await ana.speaks()
    await ends_well(harbor, ana)
    await ana.presses("Yes, gladly")
    await ben.presses("Yes, gladly")
    since = harbor.clock.now()
    await harbor.later(370 * DAY)
    assert [said.split("\n")[0] for said in of_them(harbor, ben, since)] == ["Ana would like to stay in touch as well."]
    first, *reminders = of_them(harbor, ana, since)
    assert "Ben would like to stay in touch as well." in first
    assert len(reminders) == 2
    await ana.presses("No more reminders")
    since = harbor.clock.now()
    await harbor.later(370 * DAY)
    assert of_them(harbor, ana, since) == of_them(harbor, ben, since) == []


async def test_nobody_answers_for_another_or_for_a_pair_that_just_ended(harbor: Society) -> None:
    ana, ben = await two(harbor)
    await ana.speaks()
    await ends_well(harbor, ana)
    bea = await harbor.mentee("Bea Lund")
    assert "Nothing was changed" in words(await bea.asks(Pressed(ben.button("Yes, gladly"))))


@pytest.mark.sr("SR-43.a")
async def test_officers_see_whom_to_thank_and_it_is_exactly_the_completed_pairs(harbor: Society) -> None:
    olu, cy = await harbor.officer(), await harbor.mentor("Cy Park")
    ana, _ = await two(harbor)
    bea = await harbor.mentee("Bea Lund")
    await harbor.paired(bea, cy)
    for mentee in (ana, bea):
        await mentee.speaks()
    await ends_well(harbor, ana)
    await bea.calls("my-pairs")
    await bea.presses("Not a fit")
    await bea.presses("End it")
    shown = words(await olu.calls("to-thank"))
    assert "Ben Okafor: one pair" in shown
    assert "Cy" not in shown
    assert "has been thanked" in words(await olu.presses("Thanked Ben"))
    assert "officers" in words(await ana.calls("to-thank"))


ONCE = "Would you mentor them?"


@pytest.mark.sr("SR-49.b")
async def test_who_is_accepted_is_invited_to_mentor_once_and_a_refusal_is_remembered(harbor: Society) -> None:
    ana = await harbor.mentee()

    async def is_now(phase: str) -> None:
        await ana.calls("profile")
        await ana.presses("Where you are")
        await ana.fills(phase=phase)
        await harbor.later(10 * DAY)

    await is_now("accepted")
    assert "I won't ask again" in words(await ana.presses("Not for me"))
    await is_now("applying")
    await is_now("accepted")
    assert sum(ONCE in said for said in harbor.heard(ana)) == 1


@pytest.mark.sr("SR-49.b", "SR-3.a")
async def test_an_accepted_mentee_becomes_a_mentor_and_stays_a_mentee(harbor: Society) -> None:
    ana, ben = await two(harbor)
    await ana.calls("profile")
    await ana.presses("Where you are")
    await ana.fills(phase="accepted")
    await harbor.later(5 * DAY)
    assert any("congratulations" in said for said in harbor.heard(ana))
    assert isinstance(await ana.presses("Yes, I'd like to"), Form)
    await ana.fills(kind="premed_accepted", offers=("strategy",), formats=("video",))
    await ana.presses("Go on")
    assert "An officer will say hello" in words(await ana.fills(capacity="2"))
    assert [pair.mentor for pair in await harbor.pairs(ana)] == [(await harbor.person(ben)).id]


async def test_a_mentor_already_is_not_invited(harbor: Society) -> None:
    ben = await harbor.mentor()
    async with harbor.store.records(harbor.id) as records:
        person = await records.people.at(ben.address)
        assert person is not None
        await records.people.give_role(person.id, Role.OFFICER)
    await ben.calls("sign-up", **{"as": "mentee"})
    await ben.fills(phase="accepted")
    await harbor.later(timedelta(days=20))
    assert not any(ONCE in said for said in harbor.heard(ben))
