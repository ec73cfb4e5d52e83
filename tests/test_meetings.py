"""Finding a time to meet, moving it, calling it off: one tap makes one meeting, and both calendars know."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from bot.model import DAY, Happened, Meeting, MeetingState, Pair
from bot.ports import Pressed
from bot.rehearsal import Actor
from bot.ui import ChoiceField, File, Form
from bot.vocabulary import Hours
from tests.society import Society, words

HOUR = timedelta(hours=1)
MOVE = "None of these"


async def couple(harbor: Society, **mentor: Any) -> tuple[Actor, Actor, Pair]:  # noqa: ANN401
    """A pair since yesterday, so that the mentor has heard nothing yet today."""
    ana, ben = await harbor.mentee(), await harbor.mentor(**mentor)
    pair = await harbor.paired(ana, ben)
    await harbor.later(DAY)
    return ana, ben, pair


async def proposes(actor: Actor, count: int = 3, *skip: str, **said: str) -> list[str]:
    """Someone proposes the first times of their sheet; the labels of those times."""
    form = await actor.calls("meet", **said)
    assert isinstance(form, Form), words(form)
    return await fills(actor, form, count)


async def fills(actor: Actor, form: Form, count: int = 3, first: int = 0, **more: str) -> list[str]:
    (times,) = [field for field in form.fields if isinstance(field, ChoiceField) and field.name == "times"]
    chosen = times.options[first : first + count]
    await actor.fills(times=tuple(option.value for option in chosen), day=(), hour=(), **more)
    return [option.label for option in chosen]


async def booked(harbor: Society, **mentor: Any) -> tuple[Actor, Actor, Meeting]:  # noqa: ANN401
    """Ana proposed, Ben took the second time."""
    ana, ben, pair = await couple(harbor, **mentor)
    times = await proposes(ana)
    await harbor.settle()
    await ben.presses(times[1])
    await harbor.settle()
    return ana, ben, await open_of(harbor, pair)


async def open_of(harbor: Society, pair: Pair) -> Meeting:
    async with harbor.store.records(harbor.id) as records:
        meeting = await records.meetings.open_of(pair.id)
    assert meeting is not None
    return meeting


async def until(harbor: Society, moment: datetime) -> None:
    await harbor.later(moment - harbor.clock.now())


def calendars(harbor: Society, actor: Actor) -> list[Any]:
    """The calendar entries that reached someone, oldest first."""
    files = [block for shown in harbor.paper.seen_by(actor.address) for block in shown.message.blocks]
    return [Calendar.from_ical(file.data) for file in files if isinstance(file, File)]


# ── proposing and taking ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_few_times_are_proposed_and_one_tap_takes_one(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    times = await proposes(ana, note="My summer")
    assert "Ben has your times" in words(ana.replies[-1])
    await harbor.settle()
    asked = harbor.heard(ben)[-1]
    assert "Ana would like to meet, 30 minutes. Which suits you?" in asked
    assert "> My summer" in asked
    assert all(f"[{time}]" in asked for time in times)
    assert "Settled" in words(await ben.presses(times[1]))
    await harbor.settle()
    for actor in (ana, ben):
        assert f"Ana and Ben meet {times[1]}" in harbor.heard(actor)[-1]
        assert len(calendars(harbor, actor)) == 1
    assert (await open_of(harbor, pair)).state is MeetingState.BOOKED


async def test_the_same_tap_and_another_tap_make_one_meeting(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    times = await proposes(ana)
    await harbor.settle()
    first, second = ben.button(times[0]), ben.button(times[1])
    await ben.asks(Pressed(first))
    assert "Settled" in words(await ben.asks(Pressed(first)))
    assert "Nothing was changed" in words(await ben.asks(Pressed(second)))
    await harbor.settle()
    assert (await open_of(harbor, pair)).sequence == 1
    assert len(calendars(harbor, ana)) == 1


async def test_who_proposed_does_not_take_and_nobody_else_may(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    eve = await harbor.mentee("Eve Lund")
    times = await proposes(ana)
    await harbor.settle()
    tap = ben.button(times[0])
    for actor in (ana, eve):
        assert "Nothing was changed" in words(await actor.asks(Pressed(tap)))
    assert (await open_of(harbor, pair)).state is MeetingState.PROPOSED


async def test_none_of_these_lets_the_other_propose_and_the_first_takes(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    await proposes(ana)
    await harbor.settle()
    form = await ben.presses(MOVE)
    assert isinstance(form, Form)
    (time,) = await fills(ben, form, 1, first=5)
    await harbor.settle()
    await ana.presses(time)
    assert (await open_of(harbor, pair)).state is MeetingState.BOOKED


async def test_a_day_and_an_hour_of_ones_own_can_be_proposed(harbor: Society) -> None:
    ana, ben, pair = await couple(harbor)
    await ana.calls("meet")
    await ana.fills(times=(), day="2026-10-14", hour="12:30")
    await harbor.settle()
    await ben.presses("Wed 14 Oct, 12:30")
    assert (await open_of(harbor, pair)).at == datetime(2026, 10, 14, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", ["2026-10-07", "2027-10-06"])
async def test_a_time_too_soon_or_too_far_is_not_proposed(harbor: Society, day: str) -> None:
    ana, ben, _ = await couple(harbor)
    heard = len(harbor.heard(ben))
    await ana.calls("meet")
    assert "Nothing was sent" in words(await ana.fills(times=(), day=day, hour="09:30"))
    await ana.calls("meet")
    assert "Choose one of the times" in words(await ana.fills(times=(), day=(), hour=()))
    await harbor.settle()
    assert len(harbor.heard(ben)) == heard


async def test_a_pair_has_one_open_meeting_and_meet_shows_it(harbor: Society) -> None:
    ana, ben, _ = await booked(harbor)
    assert "You and Ana meet" in words(await ben.calls("meet"))
    assert "Next: " in words(await ana.calls("my-pairs"))
    assert "You and Ben meet" in words(await ana.calls("home"))


async def test_times_nobody_took_are_let_go_and_only_the_mentee_hears_of_it(harbor: Society) -> None:
    ana, ben, _ = await couple(harbor)
    await proposes(ben)
    await harbor.settle()
    heard = len(harbor.heard(ben))
    await harbor.later(8 * DAY)
    assert any("The times from Ben have passed" in said for said in harbor.heard(ana))
    assert len(harbor.heard(ben)) == heard
    assert isinstance(await ben.calls("meet"), Form)


async def test_proposing_times_is_a_first_word(harbor: Society) -> None:
    ana, _, pair = await couple(harbor)
    await proposes(ana)
    async with harbor.store.records(harbor.id) as records:
        assert Happened.WROTE in [event.what for event in await records.pairs.events(pair.id)]


async def test_another_meeting_of_either_is_in_the_way(harbor: Society) -> None:
    ben = await harbor.mentor(capacity=3)
    ana, cy = await harbor.mentee(), await harbor.mentee("Cy Park")
    for mentee in (ana, cy):
        await harbor.paired(mentee, ben)
        await harbor.later(DAY)
    times = await proposes(ana, 1)
    assert await proposes(cy, 1) == times
    await harbor.later(DAY)
    taps = [ben.button(times[0])]
    await ben.asks(Pressed(taps[0]))
    await harbor.settle()
    await ben.calls("home")
    answers = words(await ben.presses(times[0]))
    assert "no longer works for one of you" in answers
    await cy.calls("meet")
    form = await cy.presses("Other times")
    assert isinstance(form, Form)
    assert times[0] not in str(form)


# ── changing it ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_calendar_follows_every_change_of_one_entry(harbor: Society) -> None:
    ana, ben, first = await booked(harbor)
    await ben.calls("meet")
    await ben.presses("Say where")
    await ben.fills(place='Room 4; bring: coffee, "notes"\nDTSTART:19700101')
    await ana.calls("meet")
    form = await ana.presses("Move it")
    assert isinstance(form, Form)
    (time,) = await fills(ana, form, 1, first=6, place="")
    await harbor.later(DAY / 4)
    await ben.presses(time)
    await harbor.settle()
    await ana.calls("meet")
    await ana.presses("Cancel")
    await ana.presses("Cancel it")
    await harbor.settle()
    read = calendars(harbor, ben)
    events = [calendar.walk("VEVENT")[0] for calendar in read]
    assert [str(calendar["METHOD"]) for calendar in read] == ["PUBLISH"] * 3 + ["CANCEL"]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [int(event["SEQUENCE"]) for event in events] == sorted({int(event["SEQUENCE"]) for event in events})
    assert events[0].decoded("DTSTART") == first.at
    assert events[2].decoded("DTSTART") != first.at
    assert str(events[1]["LOCATION"]).startswith('Room 4; bring: coffee, "notes"')
    assert events[1].decoded("DTSTART") == first.at
    assert str(events[3]["STATUS"]) == "CANCELLED"


async def test_the_old_time_stands_until_the_other_takes_a_new_one(harbor: Society) -> None:
    ana, ben, first = await booked(harbor)
    await ana.calls("meet")
    form = await ana.presses("Move it")
    assert isinstance(form, Form)
    await fills(ana, form, 1, first=6)
    assert "the old time stands" in words(ana.replies[-1])
    await harbor.later(DAY / 4)
    assert "Ana would like to move your meeting" in harbor.heard(ben)[-1]
    async with harbor.store.records(harbor.id) as records:
        (meeting,) = [await records.meetings.get(first.id)]
    assert meeting is not None
    assert (meeting.at, meeting.state) == (first.at, MeetingState.BOOKED)


@pytest.mark.sr("SR-25.a")
async def test_a_late_move_is_kindly_said_and_noted(harbor: Society) -> None:
    ana, _, meeting = await booked(harbor)
    assert meeting.at is not None
    await until(harbor, meeting.at - 3 * HOUR)
    await ana.calls("meet")
    form = await ana.presses("Move it")
    assert isinstance(form, Form)
    await fills(ana, form, 1, first=4)
    assert "short notice. It happens; a word to Ben helps" in words(ana.replies[-1])
    async with harbor.store.records(harbor.id) as records:
        assert Happened.MOVED_LATE in [event.what for event in await records.pairs.events(meeting.pair)]


async def test_a_meeting_called_off_is_off_for_both_and_said_once(harbor: Society) -> None:
    ana, ben, meeting = await booked(harbor)
    await harbor.later(HOUR)
    heard = len(harbor.heard(ana))
    await ben.calls("meet")
    assert "Moving it is often kinder" in words(await ben.presses("Cancel"))
    tap = ben.button("Cancel it")
    await ben.asks(Pressed(tap))
    await ben.asks(Pressed(tap))
    await harbor.later(DAY)
    (said,) = harbor.heard(ana)[heard:]
    assert "Ben can't make" in said
    assert meeting.at is not None
    await until(harbor, meeting.at + DAY)
    assert not any("Soon: you and" in each for each in harbor.heard(ana))


@pytest.mark.parametrize("how", ["pause", "end", "away"])
async def test_a_meeting_in_a_pause_an_absence_or_after_an_end_is_called_off(harbor: Society, how: str) -> None:
    ana, ben, meeting = await booked(harbor)
    await harbor.later(2 * HOUR)
    heard = [len(calendars(harbor, each)) for each in (ana, ben)]
    match how:
        case "pause":
            await ana.calls("my-pairs")
            await ana.presses("Pause")
            await ana.presses("4 weeks")
        case "end":
            await ana.calls("my-pairs")
            await ana.presses("Not a fit")
            await ana.presses("End it")
        case "away":
            await ben.calls("time-off", until="2026-11-30")
    await harbor.later(DAY)
    for actor, before in zip((ana, ben), heard, strict=True):
        (calendar,) = calendars(harbor, actor)[before:]
        assert str(calendar["METHOD"]) == "CANCEL"
    async with harbor.store.records(harbor.id) as records:
        after = await records.meetings.get(meeting.id)
    assert after is not None
    assert after.state is MeetingState.CANCELLED


# ── the mentor's time ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-42.a")
async def test_what_is_asked_of_a_mentor_keeps_to_the_hours_they_gave(harbor: Society) -> None:
    ben = await harbor.mentor(capacity=4, hours=Hours.ONE)
    mentees = [await harbor.mentee(name) for name in ("Ana Ruiz", "Bo Lind", "Cy Park")]
    for mentee in mentees:
        await harbor.paired(mentee, ben)
        await harbor.later(DAY)
    heard = 0
    for mentee in mentees[:2]:
        form = await mentee.calls("meet")
        await mentee.fills(times=(), day="2026-10-20", hour="18:30")
        assert "Ben has your times" in words(mentee.replies[-1])
    await harbor.settle()
    heard = len(harbor.heard(ben))
    form = await mentees[2].calls("meet")
    assert isinstance(form, Form)
    assert "Oct" not in str([field for field in form.fields if field.name == "times"])
    refused = words(await mentees[2].fills(times=(), day="2026-10-21", hour="18:30"))
    assert "Ben gives about 1 hour a month, and that is spoken for. There is room again from Sun 1 Nov" in refused
    await harbor.later(DAY)
    assert len(harbor.heard(ben)) == heard


async def test_a_mentor_may_give_more_than_they_said(harbor: Society) -> None:
    _, ben, _ = await couple(harbor, hours=Hours.HALF)
    await proposes(ben, 1)
    assert "Ana has your times" in words(ben.replies[-1])


async def test_no_mentor_who_has_agreed_to_meet_is_asked_whether_there_is_room(harbor: Society) -> None:
    ana, ben, _ = await booked(harbor)
    await ana.speaks()
    await ana.calls("my-pairs")
    assert "You two meet on" in words(await ana.presses("No answer"))
    await harbor.later(14 * DAY)
    assert not any("still room" in said for said in harbor.heard(ben))
