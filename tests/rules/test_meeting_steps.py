"""A meeting's next step: questions before reminders, reminders before it, one question after; and then it is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY, Meeting, MeetingState, Report, Side
from bot.rules.meeting_steps import Due, next_step
from bot.rules.meeting_times import Terms

HOUR = timedelta(hours=1)
NOW = datetime(2026, 10, 5, 14, tzinfo=UTC)


def booked(ahead: timedelta, **changes: object) -> Meeting:
    """A meeting so long after it was booked."""
    meeting = Meeting(1, 1, MeetingState.BOOKED, Side.MENTEE, 30, NOW, at=NOW + ahead, booked_at=NOW)
    return replace(meeting, **changes)  # type: ignore[arg-type]


def lived(meeting: Meeting, terms: Terms) -> list[tuple[datetime, Due]]:
    """Every step of a meeting about which nobody does anything."""
    steps: list[tuple[datetime, Due]] = []
    while step := next_step(meeting, terms):
        assert len(steps) < 20
        steps.append((step.at, step.do))
        match step.do:
            case Due.ASK_QUESTIONS:
                meeting = replace(meeting, asked=meeting.asked + 1)
            case Due.SEND_QUESTIONS:
                meeting = replace(meeting, sent_at=step.at)
            case Due.REMIND_DAY:
                meeting = replace(meeting, reminded=1, sent_at=step.at if meeting.questions else None)
            case Due.REMIND_HOUR:
                meeting = replace(meeting, reminded=2, sent_at=step.at if meeting.questions else None)
            case Due.ASK_AFTER:
                meeting = replace(meeting, after_at=step.at)
            case Due.CLOSE:
                meeting = replace(meeting, state=MeetingState.OVER)
            case Due.LAPSE:
                meeting = replace(meeting, state=MeetingState.LAPSED)
    return steps


terms = st.builds(
    Terms,
    lead=st.sampled_from([None, timedelta(), DAY, 2 * DAY]),
    sent=st.booleans(),
)


@pytest.mark.sr("SR-25.a", "SR-47.a")
@given(st.timedeltas(timedelta(minutes=1), 30 * DAY), terms, st.sampled_from(["", "How did you choose?"]))
def test_whatever_was_agreed_both_are_reminded_in_time_and_the_mentee_asked_twice_at_most(
    ahead: timedelta, terms: Terms, questions: str
) -> None:
    meeting = booked(ahead, questions=questions)
    assert meeting.at is not None
    steps = lived(meeting, terms)
    assert [at for at, _ in steps] == sorted(at for at, _ in steps)
    assert steps[-1][1] is Due.CLOSE
    done = [do for _, do in steps]
    assert done.count(Due.ASK_QUESTIONS) <= 2
    assert done.count(Due.ASK_AFTER) == 1
    when = {do: at for at, do in steps}
    if ahead >= 26 * HOUR:
        assert when[Due.REMIND_DAY] == meeting.at - DAY
        assert when[Due.REMIND_HOUR] == meeting.at - HOUR
    if questions:
        assert Due.ASK_QUESTIONS not in done
    elif terms.lead is not None and ahead > 6 * DAY:
        assert done.count(Due.ASK_QUESTIONS) == 2
        assert max(at for at, do in steps if do is Due.ASK_QUESTIONS) < meeting.at - terms.lead
    assert not {Due.ASK_QUESTIONS, Due.REMIND_HOUR} & {do for at, do in steps if at > meeting.at}


@pytest.mark.sr("SR-47.a")
def test_questions_go_with_the_days_reminder_or_before_it_where_that_was_agreed() -> None:
    meeting = booked(10 * DAY, questions="How did you choose?")
    assert Due.SEND_QUESTIONS not in [do for _, do in lived(meeting, Terms())]
    sent = {do: at for at, do in lived(meeting, Terms(lead=2 * DAY))}
    assert sent[Due.SEND_QUESTIONS] == NOW + 8 * DAY
    assert Due.SEND_QUESTIONS not in [do for _, do in lived(meeting, Terms(lead=2 * DAY, sent=False))]


def test_who_has_just_booked_is_not_reminded_of_it() -> None:
    assert [do for _, do in lived(booked(90 * timedelta(minutes=1)), Terms())] == [Due.ASK_AFTER, Due.CLOSE]
    assert Due.REMIND_DAY not in [do for _, do in lived(booked(25 * HOUR), Terms())]


def test_who_has_said_how_it_was_is_not_asked() -> None:
    meeting = booked(DAY, asked=2, reminded=2, mentee_report=Report.LATE)
    assert [do for _, do in lived(meeting, Terms())] == [Due.CLOSE]


@given(st.lists(st.timedeltas(HOUR, 28 * DAY), min_size=1, max_size=3))
def test_times_are_held_for_a_week_at_most_and_never_past_the_last(waits: list[timedelta]) -> None:
    times = tuple(sorted(NOW + wait for wait in waits))
    proposed = replace(booked(DAY), state=MeetingState.PROPOSED, at=None, booked_at=None, times=times)
    ((at, do),) = lived(proposed, Terms())
    assert do is Due.LAPSE
    assert at == min(NOW + 7 * DAY, times[-1])
