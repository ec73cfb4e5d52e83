"""Around a meeting: questions before it, reminders in each one's own time, how it was, and what comes next."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.model import DAY, Happened, Meeting, MeetingState, Report
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import Form, plain_message
from bot.vocabulary import Window
from tests.society import NEW_YORK, Society, words

HOUR = timedelta(hours=1)
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
ASKED = "One question is enough"


async def booked(harbor: Society, day: str = "2026-10-14", hour: str = "18:00", **mentor: Any) -> tuple[Actor, Actor]:  # noqa: ANN401
    """Ana and Ben meet, a week after they became a pair."""
    await harbor.later(3 * HOUR)  # so that it is day in Los Angeles, too
    ana, ben = await harbor.mentee(), await harbor.mentor(**mentor)
    await harbor.paired(ana, ben)
    await harbor.later(DAY)
    await ana.calls("meet")
    await ana.fills(times=(), day=day, hour=hour)
    await harbor.settle()
    zone = mentor.get("zone", NEW_YORK)
    at = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=NEW_YORK).astimezone(zone)
    await ben.presses(f"{at:%a} {at.day} {at:%b}, {at:%H:%M}")
    await harbor.settle()
    return ana, ben


async def meeting_of(harbor: Society, number: int = 1) -> Meeting:
    async with harbor.store.records(harbor.id) as records:
        meeting = await records.meetings.get(number)
    assert meeting is not None
    return meeting


async def until(harbor: Society, before: timedelta) -> datetime:
    """Time passes until so long before the meeting (after it, if negative); the moment where it started from."""
    meeting, since = await meeting_of(harbor), harbor.clock.now()
    assert meeting.at is not None
    await harbor.later(meeting.at - before - since)
    return since


def said_at(harbor: Society, actor: Actor, words_: str) -> list[datetime]:
    """When something with these words reached someone."""
    shown = harbor.paper.seen_by(actor.address)
    return [each.at for each in shown if words_ in plain_message(each.message, NEW_YORK)]


# ── before ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-25.a")
async def test_both_are_reminded_a_day_and_an_hour_before_in_their_own_time(harbor: Society) -> None:
    windows = (Window.WEEKDAY_DAY,)
    ana, ben = await booked(harbor, zone=LOS_ANGELES, windows=windows)
    at = datetime(2026, 10, 14, 22, 0, tzinfo=UTC)
    assert (await meeting_of(harbor)).at == at
    await until(harbor, -HOUR)
    for actor, zone, hour in ((ana, NEW_YORK, "18:00"), (ben, LOS_ANGELES, "15:00")):
        assert said_at(harbor, actor, "Coming up: you and") == [at - DAY]
        assert said_at(harbor, actor, "Soon: you and") == [at - HOUR]
        read = [plain_message(each.message, zone) for each in harbor.paper.seen_by(actor.address)]
        assert any(f"Wed 14 Oct, {hour}" in each and "Coming up" in each for each in read)


@pytest.mark.sr("SR-25.a")
async def test_a_reminder_asks_for_a_word_and_offers_to_move(harbor: Society) -> None:
    ana, ben = await booked(harbor)
    await until(harbor, DAY)
    assert "[I'll be there]" in harbor.heard(ana)[-1]
    assert "[Move it]" in harbor.heard(ana)[-1]
    await ana.presses("I'll be there")
    assert "Ana will be there" in words(await ben.calls("meet"))


async def test_reminders_wait_for_no_budget_and_use_none_up(harbor: Society) -> None:
    _, ben = await booked(harbor)
    other = await harbor.mentee("Cy Park")
    await until(harbor, DAY)
    await harbor.asked(other, ben)
    assert "Cy would like you as a mentor" in harbor.heard(ben)[-1]
    await until(harbor, HOUR)
    assert "Soon: you and Ana" in harbor.heard(ben)[-1]


async def test_a_reminder_whose_moment_has_passed_is_never_sent(harbor: Society) -> None:
    """At nine in New York it is six in Los Angeles: an hour before, nobody there is to be woken."""
    ana, ben = await booked(harbor, hour="09:00", zone=LOS_ANGELES, windows=(Window.WEEKDAY_DAY,))
    await until(harbor, -DAY)
    assert said_at(harbor, ana, "Soon: you and Ben")
    assert said_at(harbor, ben, "Soon: you and Ana") == []


async def test_after_an_outage_one_reminder_comes_with_all_that_is_to_be_known(harbor: Society) -> None:
    ana, ben = await booked(harbor)
    await until(harbor, 2 * DAY)
    await ana.presses("Write my questions")
    await ana.fills(questions="Which lab?")
    at = (await meeting_of(harbor)).at
    assert at is not None
    harbor.clock.move_to(at - HOUR / 2)
    await harbor.settle()
    for actor in (ana, ben):
        assert not said_at(harbor, actor, "Coming up")
        assert said_at(harbor, actor, "Soon: you and") == [at - HOUR / 2]
    assert "> Which lab?" in harbor.heard(ben)[-1]


# ── questions ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-47.a")
async def test_questions_reach_the_mentor_once_with_the_days_reminder(harbor: Society) -> None:
    ana, ben = await booked(harbor)
    await until(harbor, 2 * DAY)
    assert ASKED in harbor.heard(ana)[-1]
    await ana.presses("Write my questions")
    assert "Ben reads them before you meet" in words(await ana.fills(questions="Research or *shadowing*?"))
    await until(harbor, HOUR)
    at = (await meeting_of(harbor)).at
    assert at is not None
    assert said_at(harbor, ben, "> Research or *shadowing*?") == [at - DAY]
    assert len(said_at(harbor, ana, ASKED)) == 1


@pytest.mark.sr("SR-47.a")
async def test_without_questions_the_mentee_is_asked_twice_and_the_mentor_sees_no_empty_card(harbor: Society) -> None:
    ana, ben = await booked(harbor)
    await until(harbor, -HOUR / 2)
    asked = [*said_at(harbor, ana, ASKED), *said_at(harbor, ana, "No question for Ben yet")]
    at = (await meeting_of(harbor)).at
    assert at is not None
    assert asked == [at - 2 * DAY, at - DAY - 4 * HOUR]
    assert not any("would like to ask" in said for said in harbor.heard(ben))


async def test_questions_that_come_late_go_with_the_last_reminder(harbor: Society) -> None:
    ana, ben = await booked(harbor)
    await until(harbor, 5 * HOUR)
    await ana.calls("meet")
    await ana.presses("Write my questions")
    await ana.fills(questions="Which lab?")
    at = (await meeting_of(harbor)).at
    await until(harbor, timedelta())
    assert at is not None
    assert said_at(harbor, ben, "> Which lab?") == [at - HOUR]


async def test_questions_are_the_mentees_to_write(harbor: Society) -> None:
    ana, ben = await booked(harbor)
    await until(harbor, 2 * DAY)
    assert "for the mentee to write" in words(await ben.asks(Pressed(ana.button("Write my questions"))))


@pytest.mark.sr("SR-35.b")
async def test_the_card_before_the_first_meeting_has_what_is_agreed_and_what_is_open(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben)
    await ana.calls("meet")
    await ana.fills(times=(), day="2026-10-14", hour="18:00")
    await harbor.later(DAY)
    await ben.presses("Wed 14 Oct, 18:00")
    await until(harbor, 2 * DAY)
    (card,) = [said for said in harbor.heard(ana) if "for the first time" in said]
    assert "What you two agreed on" in card
    assert "How often: Every month" in card


# ── afterwards ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-25.b", "SR-47.b", "SR-43.a")
async def test_after_a_meeting_the_mentee_is_asked_once_and_it_is_kept_for_the_next(harbor: Society) -> None:
    ana, ben = await booked(harbor)
    await until(harbor, -2 * HOUR)
    await harbor.later(12 * HOUR)
    asked = [said for said in harbor.heard(ana) if "[We met]" in said]
    assert len(asked) == 1
    met = words(await ana.presses("We met"))
    assert "a word of thanks to Ben" in met
    assert isinstance(await ana.presses("Write it down"), Form)
    noted = await ana.fills(outcome="Research first.", next_step="Write to the lab.", thanks="Thank you, Ben.")
    assert "your thanks are on their way" in words(noted)
    await harbor.later(HOUR)
    assert "Ana says thank you:\n> Thank you, Ben." in harbor.heard(ben)[-1]
    after = await meeting_of(harbor)
    assert (after.state, after.mentee_report) == (MeetingState.OVER, Report.ATTENDED)
    # The next meeting begins where this one ended.
    await ana.calls("meet")
    await ana.fills(times=(), day="2026-10-28", hour="18:00")
    await harbor.later(DAY)
    await ben.presses("Wed 28 Oct, 18:00")
    await harbor.later(12 * DAY)
    (card,) = [said for said in harbor.heard(ana) if "What is new" in said]
    assert "Last time: Research first." in card
    assert "You meant to: Write to the lab." in card
    assert len([said for said in harbor.heard(ana) if "word of thanks" in said]) <= 1


@pytest.mark.sr("SR-25.b")
async def test_each_side_can_say_that_the_other_was_late(harbor: Society) -> None:
    ana, ben = await booked(harbor)
    await until(harbor, HOUR)
    early = words(await ben.presses("Met, but late"))
    assert "Not yet" in early
    await until(harbor, -HOUR)
    assert "Thank you" in words(await ben.presses("Met, but late"))
    await harbor.later(12 * HOUR)
    await ana.presses("We met")
    meeting = await meeting_of(harbor)
    assert (meeting.mentee_report, meeting.mentor_report) == (Report.ATTENDED, Report.LATE)
    async with harbor.store.records(harbor.id) as records:
        events = [event.what for event in await records.pairs.events(meeting.pair)]
    assert events.count(Happened.MET) == 1


@pytest.mark.sr("SR-25.b")
@pytest.mark.parametrize("by_mentor", [True, False])
async def test_after_a_missed_meeting_the_mentee_mends_it_and_the_mentor_hears_nothing(
    harbor: Society, by_mentor: bool
) -> None:
    ana, ben = await booked(harbor)
    await until(harbor, -HOUR)
    if by_mentor:
        assert "Ana will write to you; nothing to do" in words(await ben.presses("It didn't happen"))
    heard = len(harbor.heard(ben))
    await harbor.later(14 * HOUR)
    said = harbor.heard(ana)[-1] if by_mentor else words(await ana.presses("It didn't happen"))
    assert "You and Ben missed each other" in said
    assert "[Write to Ben]" in said
    assert isinstance(await ana.presses("Propose new times"), Form)
    await harbor.later(3 * DAY)
    assert len(harbor.heard(ben)) == heard
    assert (await meeting_of(harbor)).state is MeetingState.OVER


async def test_a_mentor_is_never_asked_how_it_was_in_a_message_of_its_own(harbor: Society) -> None:
    _, ben = await booked(harbor)
    await until(harbor, -HOUR)
    await harbor.later(8 * DAY)
    (said,) = [said for said in harbor.heard(ben) if "[We met]" in said]
    assert said.startswith("Soon: you and Ana")
    assert (await meeting_of(harbor)).state is MeetingState.OVER


async def test_a_booked_meeting_is_contact_planned(harbor: Society) -> None:
    ana, _ = await booked(harbor, day="2026-10-29")
    await until(harbor, timedelta())
    assert not any("[Less often]" in said for said in harbor.heard(ana))


async def test_a_year_of_monthly_meetings_is_few_words_to_the_mentor(harbor: Society) -> None:
    """Beyond what the two booked themselves, a mentor in a healthy pair hears next to nothing."""
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben)
    await harbor.later(DAY)
    for _ in range(11):
        form = await ana.calls("meet")
        assert isinstance(form, Form), words(form)
        (times,) = [field for field in form.fields if field.name == "times"]
        at = times.options[-1]  # type: ignore[union-attr]
        await ana.fills(times=(at.value,), day=(), hour=())
        await harbor.later(2 * DAY)
        await ben.presses(at.label)
        await harbor.later(datetime.fromisoformat(at.value) - harbor.clock.now() + 16 * HOUR)
        await ana.presses("We met")
        await harbor.later(16 * DAY)
    asked_for = ("Coming up", "Soon: you", "Ana would like to meet", "Ana and Ben meet")
    unasked = [
        each
        for each in harbor.paper.seen_by(ben.address)
        if not any(start in plain_message(each.message, NEW_YORK) for start in asked_for)
    ]
    settled = harbor.clock.now() - 300 * DAY
    months = Counter((each.at.year, each.at.month) for each in unasked if each.at > settled)
    assert max(months.values()) <= 2
