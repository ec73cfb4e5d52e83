"""What a meeting's next step is, and when: questions first, then reminders, then how it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model import DAY, Meeting, MeetingState
from bot.rules.meeting_times import Terms

HOUR = timedelta(hours=1)
LAPSES = 7 * DAY
"""Times that nobody has taken by then are not held any longer."""
SOON = HOUR / 2
"""After booking: nobody is asked for questions in the same breath."""
AGAIN = 4 * HOUR
"""Before questions are wanted: the second time to ask."""
APART = 12 * HOUR
AFTERWARDS = HOUR / 4
REPORTS = 7 * DAY
"""So long someone can say how it was; what nobody spoke of is counted as nothing."""


class Due(StrEnum):
    ASK_QUESTIONS = "ask_questions"
    SEND_QUESTIONS = "send_questions"
    REMIND_DAY = "remind_day"
    REMIND_HOUR = "remind_hour"
    ASK_AFTER = "ask_after"
    CLOSE = "close"
    LAPSE = "lapse"


@dataclass(frozen=True)
class Step:
    at: datetime
    do: Due


def next_step(meeting: Meeting, terms: Terms) -> Step | None:
    """The next thing due for a meeting; its moment may lie in the past. None for one that is no longer open."""
    if meeting.state is MeetingState.PROPOSED:
        return Step(min(meeting.made_at + LAPSES, max(meeting.times, default=meeting.made_at)), Due.LAPSE)
    if meeting.state is not MeetingState.BOOKED:
        return None
    return min(_steps(meeting, terms), key=lambda step: (step.at, list(Due).index(step.do)))


def _steps(meeting: Meeting, terms: Terms) -> Iterator[Step]:
    start, booked, ends = meeting.at, meeting.booked_at, meeting.ends
    assert start is not None
    assert booked is not None
    assert ends is not None
    if terms.lead is not None and not meeting.questions:
        first, second = max(start - terms.lead - DAY, booked + SOON), start - terms.lead - AGAIN
        if meeting.asked == 0 and first < start - 2 * HOUR:
            yield Step(first, Due.ASK_QUESTIONS)
        elif meeting.asked == 1 and second - first >= APART:
            yield Step(second, Due.ASK_QUESTIONS)
    if to_send(meeting, terms) and terms.lead is not None and terms.lead > DAY and meeting.reminded == 0:
        yield Step(start - terms.lead, Due.SEND_QUESTIONS)
    if meeting.reminded == 0 and start - DAY >= booked + 2 * HOUR:
        yield Step(start - DAY, Due.REMIND_DAY)
    elif meeting.reminded < 2 and start - HOUR >= booked + HOUR:
        yield Step(start - HOUR, Due.REMIND_HOUR)
    if meeting.after_at is None and meeting.mentee_report is None:
        yield Step(ends + AFTERWARDS, Due.ASK_AFTER)
    yield Step(ends + REPORTS, Due.CLOSE)


def to_send(meeting: Meeting, terms: Terms) -> bool:
    """Whether the mentor is still to get the mentee's questions."""
    return terms.sent and bool(meeting.questions) and meeting.sent_at is None
