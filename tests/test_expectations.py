"""What each expects: answered alone, shown side by side, agreed by both, and then followed."""

from datetime import datetime, timedelta

import pytest

from bot.model import DAY
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import Reply
from tests.society import Society, words

OPEN = "What I expect (2 minutes)"


async def answers_alone(actor: Actor, **answers: str) -> Reply | None:
    await actor.presses(OPEN)
    await actor.fills(rhythm=answers.get("rhythm", "monthly"), booker="mentee", in_person="no")
    await actor.presses("Go on")
    return await actor.fills(reply_promise=answers.get("reply", "three_days"), reply_need="three_days")


async def couple(harbor: Society) -> tuple[Actor, Actor]:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    return ana, ben


async def test_neither_sees_the_others_answers_before_both_are_in(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    assert "as soon as the other has answered" in words(await answers_alone(ana, rhythm="weekly"))
    await harbor.later(2 * DAY)
    assert "Every week" not in "\n".join(harbor.heard(ben))
    await ben.presses(OPEN)
    half = words(await ben.fills(rhythm="monthly"))
    assert "Every week" not in half
    await harbor.later(timedelta(hours=1))
    assert "Every month" not in "\n".join(harbor.heard(ana))
    assert "as soon as the other has answered" in words(await ana.presses(OPEN))


async def test_then_both_read_three_columns_and_what_to_talk_about(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await answers_alone(ana, rhythm="weekly")
    shown = words(await answers_alone(ben, rhythm="monthly"))
    assert "Ana: Every week | You: Every month | Suggested: Every month" in shown
    assert "Worth a word: " in shown
    assert "✓ Who books" in shown
    await harbor.later(DAY)
    assert "Ben: Every month | You: Every week | Suggested: Every month" in harbor.heard(ana)[-1]


@pytest.mark.parametrize(("hopes", "gives"), [("weekly", "bimonthly"), ("termly", "monthly")])
async def test_the_middle_never_asks_more_of_the_mentor_than_they_offered(
    harbor: Society, hopes: str, gives: str
) -> None:
    ana, ben = await couple(harbor)
    await answers_alone(ana, rhythm=hopes)
    assert "Suggested: Every 2 months" in words(await answers_alone(ben, rhythm=gives))


async def test_it_holds_only_once_both_have_said_yes(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await answers_alone(ana)
    await answers_alone(ben)
    await harbor.later(DAY)
    assert "once the other has said theirs" in words(await ben.presses("Yes, let's do that"))
    assert "Agreed. You'll be in touch every month" in words(await ana.presses("Yes, let's do that"))


async def test_a_yes_to_what_has_changed_since_is_not_a_yes(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await answers_alone(ana)
    await answers_alone(ben)
    await harbor.later(DAY)
    old = ana.button("Yes, let's do that")
    await ben.presses("Change how we meet")
    await ben.fills(rhythm="bimonthly")
    now = words(await ana.asks(Pressed(old)))
    assert "Agreed" not in now
    assert "Suggested: Every 2 months" in now
    assert "[Yes, let's do that]" in now


def moments(harbor: Society, actor: Actor, saying: str) -> list[datetime]:
    """When they were told something of the kind."""
    said = zip(harbor.paper.seen_by(actor.address), harbor.heard(actor), strict=True)
    return [shown.at for shown, text in said if saying in text]


@pytest.mark.parametrize(("rhythm", "days"), [("weekly", 14), ("monthly", 30)])
async def test_the_agreed_rhythm_is_the_rhythm_of_the_check_ins(harbor: Society, rhythm: str, days: int) -> None:
    ana, ben = await couple(harbor)
    await harbor.agreed(ana, ben, rhythm=rhythm)
    for _ in range(60):
        await harbor.later(DAY)
        await ana.speaks()
        await ben.speaks()
    first, second, *_ = moments(harbor, ana, "been in touch since last time")
    assert (second - first).days == days


@pytest.mark.parametrize(("reply", "days"), [("day", 1), ("week", 7)])
async def test_the_agreed_reply_time_is_how_long_a_mentor_is_left_in_peace(
    harbor: Society, reply: str, days: int
) -> None:
    ana, ben = await couple(harbor)
    await harbor.agreed(ana, ben, reply=reply)
    await ana.speaks()
    wrote = harbor.clock.now()
    await harbor.later(10 * DAY)
    (asked,) = moments(harbor, ana, "Has Ben answered")
    assert (asked - wrote).days == days


async def test_the_mentee_is_reminded_first_and_the_mentor_only_once_the_mentee_has_answered(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await ana.speaks()
    await ben.speaks()
    await harbor.later(6 * DAY)
    reminder = "what do you expect of each other?"
    assert sum(reminder in said for said in harbor.heard(ana)) == 1
    assert not any(reminder in said for said in harbor.heard(ben))
    await answers_alone(ana)
    await harbor.later(6 * DAY)
    assert sum(reminder in said for said in harbor.heard(ana)) == 1
    assert sum(reminder in said for said in harbor.heard(ben)) == 1


async def test_a_stranger_learns_nothing_from_a_pairs_button(harbor: Society) -> None:
    ana, _ = await couple(harbor)
    cai = await harbor.mentor("Cai")
    assert "Nothing was changed" in words(await cai.asks(Pressed(ana.button(OPEN))))
