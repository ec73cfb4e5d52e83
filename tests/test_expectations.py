"""What each expects: answered alone, shown side by side, agreed by both, and then followed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.features.expectations import screen_of
from bot.model import DAY, Side
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.rules.checklist import ITEMS, SCREENS
from bot.ui import ChoiceField, Form, Reply, act
from bot.vocabulary import Window
from tests.society import Society, words

OPEN = "What I expect (2 minutes)"


async def answers_alone(actor: Actor, **answers: str) -> Reply | None:
    await actor.presses(OPEN)
    await actor.fills(**{"rhythm": "monthly", "in_person": "no", "shadowing": "no"} | answers)
    await actor.presses("Go on")
    usual = {"mentor_reply": "three_days", "mentee_reply": "three_days", "hours": "one", "topics": "strategy"}
    return await actor.fills(**usual | answers)


def form(reply: Reply | None) -> Form:
    assert isinstance(reply, Form), reply
    return reply


async def couple(harbor: Society) -> tuple[Actor, Actor]:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    return ana, ben


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.sr("SR-34.a")
def test_every_question_may_be_answered_with_i_dont_mind_and_says_how_one_could_put_it(name: str, side: Side) -> None:
    asked = form(screen_of(name, side).form(act("sample"), None))
    for each in asked.fields:
        assert isinstance(each, ChoiceField)
        assert each.options[-1].label == "I don't mind"
        assert "“" in each.hint


@pytest.mark.sr("SR-36.a", "SR-37.a", "SR-38.a")
async def test_in_person_shadowing_and_online_are_three_questions_to_each(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    for actor, offered in ((ana, "Perhaps later"), (ben, "Only through my institution")):
        labels = {each.label: each for each in form(await actor.presses(OPEN)).fields}
        for label in ("In person?", "Shadowing?", "Online?"):
            field = labels[label]
            assert isinstance(field, ChoiceField)
            assert offered in [option.label for option in field.options]


async def test_what_the_profile_says_is_filled_in_and_so_is_what_was_said_to_another(harbor: Society) -> None:
    ana, ben, cai = await harbor.mentee(), await harbor.mentor(), await harbor.mentee("Cai Lund")
    await harbor.paired(ana, ben)
    known = {each.name: each.values for each in form(await ana.presses(OPEN)).fields if isinstance(each, ChoiceField)}
    assert (known["rhythm"], known["ways"], known["shadowing"]) == (("monthly",), ("video",), ("yes",))
    assert known["in_person"] == ()
    await answers_alone(ben, rhythm="bimonthly", mentee_reply="week")
    await harbor.asked(cai, ben)
    await harbor.later(DAY)  # one message a day is enough for a mentor
    await ben.presses("Accept")
    await harbor.settle()
    known = {each.name: each.values for each in form(await ben.presses(OPEN)).fields if isinstance(each, ChoiceField)}
    assert known["rhythm"] == ("bimonthly",)


@pytest.mark.sr("SR-34.b")
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
    assert "✓ In person" in shown
    await harbor.later(DAY)
    assert "Ben: Every month | You: Every week | Suggested: Every month" in harbor.heard(ana)[-1]


@pytest.mark.sr("SR-40.a")
@pytest.mark.parametrize(("hopes", "gives"), [("weekly", "bimonthly"), ("termly", "monthly")])
async def test_the_middle_never_asks_more_of_the_mentor_than_they_offered(
    harbor: Society, hopes: str, gives: str
) -> None:
    ana, ben = await couple(harbor)
    await answers_alone(ana, rhythm=hopes)
    assert "Suggested: Every 2 months" in words(await answers_alone(ben, rhythm=gives))


@pytest.mark.sr("SR-40.b", "SR-6.a")
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
    await harbor.later(timedelta(hours=2))
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


@pytest.mark.sr("SR-4.a")
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


@pytest.mark.sr("SR-35.a")
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


# ── what differs ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-6.a")
async def test_a_pair_is_getting_to_know_each_other_until_every_must_is_answered_and_both_said_yes(
    harbor: Society,
) -> None:
    ana, ben = await couple(harbor)
    assert "What you expect takes two minutes" in words(await ana.calls("my-pairs"))
    await ana.presses(OPEN)
    await ana.fills()  # one screen of two
    await answers_alone(ben)
    assert "Yes, let's do that" not in words(ben.replies[-1])
    await ana.presses("Go on")
    await ana.fills(hours="four", channels="text")
    assert "Getting to know each other" in words(await ana.calls("my-pairs"))
    shown = words(await ana.presses("What we expect of each other"))
    assert "✗ Time a month" in shown
    await ana.presses("Yes, let's do that")
    assert "Getting to know each other" in words(await ana.calls("my-pairs"))
    await harbor.later(DAY)
    await ben.presses("Yes, let's do that")
    assert "Agreed: every month, you book" in words(await ana.calls("my-pairs"))
    assert "Agreed: every month, Ana books" in words(await ben.calls("my-pairs"))


async def test_what_differs_comes_first_and_the_rest_is_a_tap_away(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await answers_alone(ana, topics="mcat", hours="four")
    shown = words(await answers_alone(ben, topics="essays", hours="half"))
    order = [line[2:] for line in shown.split("\n") if line[:2] in ("✗ ", "~ ", "✓ ")]
    assert order[:2] == ["Time a month", "Topics"]
    assert len(order) == 6
    rest = words(await ben.presses("See the rest"))
    assert "✓ You answer" in rest
    assert "✓ Usual times" in rest
    assert "about 20 hours a week" in rest


@pytest.mark.sr("SR-13.b")
async def test_two_who_never_share_an_hour_read_so(harbor: Society) -> None:
    ana = await harbor.mentee(windows=(Window.WEEKDAY_EVENING,))
    ben = await harbor.mentor(windows=(Window.WEEKDAY_EVENING,), zone=ZoneInfo("Europe/London"))
    await harbor.paired(ana, ben)
    await answers_alone(ana)
    shown = words(await answers_alone(ben))
    assert "✗ Usual times" in shown
    assert "no time in common yet" in shown


async def test_that_a_mentor_would_see_more_grades_than_a_mentee_would_show_is_the_mentees_to_hear_first(
    harbor: Society,
) -> None:
    ana, ben = await couple(harbor)
    for actor, academics in ((ana, "none"), (ben, "exact")):
        await answers_alone(actor)
        await actor.asks(Pressed(act("expect.ask", (await harbor.pairs(ana))[0].id, "openness")))
        await actor.fills(academics=academics)
    assert "Grades and scores" not in words(ben.replies[-1])
    await harbor.later(DAY)
    assert not any("Grades and scores" in said for said in harbor.heard(ben))
    await ana.calls("my-pairs")
    shown = words(await ana.presses("What we expect of each other"))
    assert "✗ Grades and scores" in shown
    assert "Ben doesn't see that yet" in shown
    await ana.presses("Yes, let's do that")
    await ben.calls("my-pairs")
    assert "✗ Grades and scores" in words(await ben.presses("What we expect of each other"))


async def test_a_question_only_one_has_answered_stays_theirs(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await answers_alone(ana)
    await ana.presses("A few more, if you like")
    await ana.fills(booker="turns", length="hour")
    await answers_alone(ben)
    await harbor.later(DAY)
    for actor in (ben, ana):
        await actor.presses("Yes, let's do that")
    await harbor.later(DAY)
    assert "an hour" not in "\n".join([*harbor.heard(ben), *(words(each) for each in ben.replies[-2:])])
    before = len(harbor.heard(ana))
    await ben.calls("my-pairs")
    await ben.presses("What we expect of each other")
    await ben.presses("Add: booking, length, preparing, notice")
    await ben.fills(booker="turns", length="half")
    await harbor.later(DAY)
    (proposed,) = [said for said in harbor.heard(ana)[before:] if "would like to change something" in said]
    assert "Length of a meeting: 30 minutes" in proposed


# ── what changes ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-40.b")
async def test_a_change_by_one_is_a_proposal_until_the_other_says_yes(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await harbor.agreed(ana, ben, rhythm="monthly")
    await ben.calls("my-pairs")
    await ben.presses("What we expect of each other")
    await ben.presses("Change how we meet")
    await ben.fills(rhythm="bimonthly")
    await ben.presses("Yes, let's do that")
    assert "Agreed: every month" in words(await ana.calls("my-pairs"))
    await harbor.later(DAY)
    assert "How often: Every 2 months (so far: Every month)" in harbor.heard(ana)[-1]
    await ana.presses("Yes, let's do that")
    assert "Agreed: every 2 months" in words(await ana.calls("my-pairs"))
    await harbor.settle()
    assert "from now on" in harbor.heard(ben)[-1]


@pytest.mark.sr("SR-35.b")
async def test_their_room_keeps_what_they_agreed_on_and_what_is_worth_a_word(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await answers_alone(ana, rhythm="weekly", hours="two")
    await answers_alone(ben, rhythm="fortnightly", hours="one")
    await harbor.later(DAY)
    await ben.presses("Yes, let's do that")
    await ana.presses("Yes, let's do that")
    await harbor.settle()
    kept = harbor.heard(ana)[-1]
    assert kept == harbor.heard(ben)[-1]
    assert "How often: Every 2 weeks" in kept
    assert "Ben answers: within 3 days" in kept
    assert "Worth a word when you meet: how often and time a month." in kept


async def test_on_the_agreed_day_the_mentee_is_asked_and_the_mentor_hears_only_of_a_change(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await harbor.agreed(ana, ben)
    for _ in range(65):
        await harbor.later(DAY)
        await ana.speaks()
        await ben.speaks()
    (asked,) = moments(harbor, ana, "Does it still suit you?")
    assert not moments(harbor, ben, "Does it still suit you?")
    assert 59 <= (asked - moments(harbor, ana, "What you two agreed on")[0]).days <= 61
    assert "Nothing changes" in words(await ana.presses("Still right"))
    before = len(moments(harbor, ben, "change something"))
    await ana.presses("Let me look")
    await ana.presses("Change how we meet")
    await ana.fills(rhythm="termly")
    await harbor.later(DAY)
    assert len(moments(harbor, ben, "Ana would like to change something")) == before + 1


async def test_a_new_place_on_the_road_is_a_reason_to_ask(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await harbor.agreed(ana, ben)
    await ana.speaks()
    await ana.calls("profile")
    await ana.presses("Where you are")
    await ana.fills(phase="mcat")
    await harbor.later(2 * DAY)
    assert len(moments(harbor, ana, "Does it still suit you?")) == 1


# ── a reply that is due ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-24.a")
@pytest.mark.parametrize(("reply", "half", "whole"), [("two_days", 24, 48), ("week", 84, 168)])
async def test_a_mentee_who_owes_an_answer_is_reminded_at_half_of_their_own_time_and_at_its_end(
    harbor: Society, reply: str, half: int, whole: int
) -> None:
    ana, ben = await couple(harbor)
    await harbor.agreed(ana, ben, reply=reply)
    await ana.speaks()
    await ben.speaks()
    await harbor.later(DAY + timedelta(hours=1))
    await ben.speaks()
    wrote, heard = harbor.clock.now(), len(harbor.heard(ben))
    await harbor.later(timedelta(hours=whole + 12))
    (first,) = moments(harbor, ana, "keep your word")
    (second,) = moments(harbor, ana, "is waiting for a line from you")
    slack = timedelta(hours=12)  # nobody is written to at night
    assert timedelta(hours=half) <= first - wrote <= timedelta(hours=half) + slack
    assert timedelta(hours=whole) <= second - wrote <= timedelta(hours=whole) + slack
    assert len(harbor.heard(ben)) == heard


@pytest.mark.sr("SR-24.a")
async def test_once_answered_nobody_is_reminded(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await harbor.agreed(ana, ben, reply="two_days")
    await ana.speaks()
    await ben.speaks()
    await harbor.later(DAY + timedelta(hours=1))
    await ben.speaks()
    await harbor.later(timedelta(hours=26))
    await ana.presses("I answered")
    await harbor.later(5 * DAY)
    assert len(moments(harbor, ana, "keep your word")) == 1
    assert not moments(harbor, ana, "is waiting for a line from you")


# ── who else may see ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_officers_see_how_far_pairs_are_and_no_answer(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, ben = await couple(harbor)
    assert "nobody has answered yet" in words(await olu.calls("agreements"))
    await answers_alone(ana, hours="four", topics="mcat")
    assert "the mentee has answered" in words(await olu.calls("agreements"))
    await answers_alone(ben, hours="half", topics="essays")
    shown = words(await olu.calls("agreements"))
    assert "both have answered; 0 to talk about, 2 in conflict" in shown
    await harbor.later(DAY)
    for actor in (ana, ben):
        await actor.presses("Yes, let's do that")
    assert "Agreed on what they expect: 1 of 1 pair." in words(await olu.calls("agreements"))
    answers = {choice.label for item in ITEMS.values() for choice in item.mentor.choices}
    assert not [label for label in answers if label in shown]
    assert "for the society's officers" in words(await ana.calls("agreements"))
