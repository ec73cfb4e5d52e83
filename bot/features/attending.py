"""Around a meeting: the mentee's questions before it, both's reminders, how it was, and what comes next."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.agreed import card
from bot.appointments import Appointment, about, asking, mine, replan, seen_by, unsay
from bot.feature import Feature, Sorry, Stale, Turn, spoke
from bot.model import Meeting, MeetingState, Open, Report, Side, Urgency
from bot.pairs import carry
from bot.portrait import first_name
from bot.questions import Question, Screen
from bot.rules.meeting_steps import Due, next_step, to_send
from bot.ui import (
    Button,
    Buttons,
    Line,
    Message,
    Private,
    Quote,
    Reply,
    Style,
    Text,
    Update,
    When,
    act,
    bullets,
    buttons,
    message,
    say,
    together,
)
from bot.vocabulary import Booker

attending = Feature("attending")

QUESTIONS = Screen(
    "questions",
    "My questions",
    (Question("questions", "What would you like to ask?", limit=600, hint="One to three; one is enough."),),
)
AFTERWARDS = Screen(
    "afterwards",
    "What came of it",
    (
        Question("outcome", "What came of it?", limit=300, hint="One line, for your own next time."),
        Question("next_step", "What will you do next?", required=False, limit=300),
        Question("thanks", "A thank-you, which I carry", required=False, limit=300, hint="Two lines make their day."),
    ),
)
HOUR = timedelta(hours=1)


@attending.promise(Open.MEETING)
async def due(turn: Turn, meeting_id: int) -> None:
    """Whatever a meeting is due for; its next step is stored."""
    meeting = await turn.records.meetings.get(meeting_id)
    pair = await turn.records.pairs.get(meeting.pair) if meeting else None
    if meeting is None or pair is None or not meeting.open or not pair.live:
        await turn.records.diary.set(Open.MEETING, meeting_id, None)
        return
    mentee = await seen_by(turn, meeting, pair, Side.MENTEE)
    mentor = await seen_by(turn, meeting, pair, Side.MENTOR)
    step = next_step(meeting, mentee.terms)
    if step is None or step.at > turn.now:
        await replan(turn, mentee)
        return
    match step.do:
        case Due.LAPSE:
            await _lapse(turn, mentee)
        case Due.ASK_QUESTIONS:
            await _ask(turn, mentee)
        case Due.SEND_QUESTIONS:
            await turn.tell(pair.mentor, _questions(mentor), about(meeting), Urgency.APPOINTMENT, until=mentor.at)
            await turn.records.meetings.change(meeting_id, sent_at=turn.now)
        case Due.REMIND_DAY:
            await _remind(turn, {each: _day_ahead(each) for each in (mentee, mentor)}, mentee.at - HOUR, 1)
        case Due.REMIND_HOUR:
            await _remind(turn, {each: _hour_ahead(each) for each in (mentee, mentor)}, mentee.at, 2)
        case Due.ASK_AFTER:
            await turn.records.meetings.change(meeting_id, after_at=turn.now)
            await turn.tell(pair.mentee, _how_was_it(mentee), asking(meeting), Urgency.PROMPT)
        case Due.CLOSE:
            await turn.records.meetings.close(meeting_id, MeetingState.OVER, turn.now)
    await replan(turn, mentee)


async def _lapse(turn: Turn, seen: Appointment) -> None:
    """Nobody took a time. The mentee hears of it, whoever proposed; a mentor is left in peace."""
    await turn.records.meetings.close(seen.meeting.id, MeetingState.LAPSED, turn.now)
    await unsay(turn, seen.meeting)
    await turn.tell(seen.mine.id, _lapsed(seen), asking(seen.meeting), Urgency.PROMPT)


async def _ask(turn: Turn, seen: Appointment) -> None:
    meeting = seen.meeting
    await turn.records.post.withdraw(asking(meeting))
    await turn.records.meetings.change(meeting.id, asked=meeting.asked + 1)
    said = _asked_again(seen) if meeting.asked else await _prepare(turn, seen)
    await turn.tell(seen.mine.id, said, asking(meeting), Urgency.PROMPT)


async def _prepare(turn: Turn, seen: Appointment) -> Message:
    last = await turn.records.meetings.last_of(seen.pair.id)
    return _last_time(seen, last) if last else _first_time(seen, await card(turn, seen.pair))


async def _remind(turn: Turn, both: dict[Appointment, Message], until: datetime, how_often: int) -> None:
    """Remind both, while there is still time for it; the mentor's holds the questions they have not read yet."""
    for seen, said in both.items():
        await turn.records.meetings.change(seen.meeting.id, reminded=how_often)
        if turn.now >= until:
            continue
        await turn.tell(seen.mine.id, said, about(seen.meeting), Urgency.APPOINTMENT, until=until)
        if seen.side is Side.MENTOR and to_send(seen.meeting, seen.terms):
            await turn.records.meetings.change(seen.meeting.id, sent_at=turn.now)


# ── questions ─────────────────────────────────────────────────────────────────────────────────────────────────────


@attending.press("meet.questions")
async def questions(turn: Turn, meeting_id: int) -> Reply:
    seen = await _mentees(turn, meeting_id)
    if not seen.meeting.open:
        raise Stale
    return QUESTIONS.form(act("meet.ask", meeting_id), seen.meeting)


@attending.form("meet.ask")
async def write_questions(turn: Turn, meeting_id: int) -> Reply:
    seen = await _mentees(turn, meeting_id)
    if not seen.meeting.open:
        raise Stale
    await turn.records.meetings.change(meeting_id, **QUESTIONS.read(turn.filled))
    await turn.records.post.withdraw(asking(seen.meeting))
    return Private(_kept(seen, await replan(turn, seen)))


# ── how it was ────────────────────────────────────────────────────────────────────────────────────────────────────


@attending.press("meet.was")
async def was(turn: Turn, meeting_id: int, how: str) -> Reply:
    seen = await mine(turn, meeting_id)
    meeting = seen.meeting
    if how not in set(Report) or meeting.state not in (MeetingState.BOOKED, MeetingState.OVER):
        raise Stale
    if seen.at > turn.now:
        return Private(message(say("Not yet: it begins {when}. Come back to this afterwards.", when=When(seen.at))))
    report = meeting.report(seen.side)
    if report is None:
        report = Report(how)
        await turn.records.meetings.change(meeting_id, **{f"{seen.side}_report": report})
        await _learn(turn, seen, report)
    if seen.side is Side.MENTOR:
        return Update(_mentor_said(seen, report))
    return Update(_mentee_missed(seen) if report is Report.MISSED else _mentee_met(seen))


async def _learn(turn: Turn, seen: Appointment, report: Report) -> None:
    """What a report means for the pair."""
    meeting, theirs = seen.meeting, seen.meeting.report(seen.side.other)
    met = (Report.ATTENDED, Report.LATE)
    if report in met and theirs is None:
        await spoke(turn, seen.pair, None)
    if seen.side is Side.MENTEE or report is Report.MISSED:
        await turn.records.post.withdraw(asking(meeting))
    if report is Report.MISSED and seen.side is Side.MENTOR and theirs is not Report.MISSED:
        # Theirs to mend, whoever it was: nothing of it reaches the mentor again.
        mentees = await seen_by(turn, meeting, seen.pair, Side.MENTEE)
        await turn.records.meetings.change(meeting.id, after_at=turn.now)
        await turn.tell(mentees.mine.id, _mentee_missed(mentees), asking(meeting), Urgency.PROMPT)
    if seen.side is Side.MENTEE or report is Report.MISSED:
        await turn.records.meetings.close(meeting.id, MeetingState.OVER, turn.now)
    await replan(turn, seen)


@attending.press("meet.outcome")
async def outcome(turn: Turn, meeting_id: int) -> Reply:
    seen = await _past(turn, meeting_id)
    return AFTERWARDS.form(act("meet.noted", meeting_id), seen.meeting)


@attending.form("meet.noted")
async def noted(turn: Turn, meeting_id: int) -> Reply:
    seen = await _past(turn, meeting_id)
    answers = AFTERWARDS.read(turn.filled)
    thanks = answers.pop("thanks")
    await turn.records.meetings.change(meeting_id, **answers)
    if thanks:
        await carry(turn, seen.pair, seen.side, _thanks(first_name(seen.mine.name), thanks), f"note:{seen.pair.id}")
    return Private(_noted(seen, thanked=bool(thanks)))


async def _mentees(turn: Turn, meeting_id: int) -> Appointment:
    """A meeting of which the one who asks is the mentee."""
    seen = await mine(turn, meeting_id)
    if seen.side is not Side.MENTEE:
        raise Sorry("Those are for the mentee to write.")
    return seen


async def _past(turn: Turn, meeting_id: int) -> Appointment:
    seen = await _mentees(turn, meeting_id)
    if seen.meeting.at is None or seen.at > turn.now:
        raise Stale
    return seen


@attending.at_home
async def unspoken(turn: Turn) -> Message | None:
    """Meetings that have been, and of which someone has not said how they were."""
    parts = []
    for pair in await turn.records.pairs.live_of(turn.who.id):
        meeting, side = await turn.records.meetings.open_of(pair.id), pair.side(turn.who.id)
        if meeting is None or side is None or meeting.at is None or meeting.report(side):
            continue
        if meeting.ends and meeting.ends <= turn.now:
            parts.append(_how_was_it(await seen_by(turn, meeting, pair, side)))
    return together(parts[:3]) if parts else None


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _last_time(seen: Appointment, last: Meeting) -> Message:
    notes = [say("Last time: {what}", what=last.outcome)] if last.outcome else []
    if last.next_step:
        notes.append(say("You meant to: {what}", what=last.next_step))
    return message(
        say("You meet {other} {when}. What is new, and what will you ask?", other=seen.name, when=When(seen.at)),
        *([bullets(*notes)] if notes else []),
        *_one_is_enough(seen),
    )


def _first_time(seen: Appointment, agreed: Message | None) -> Message:
    return message(
        say("You meet {other} for the first time {when}. What will you ask?", other=seen.name, when=When(seen.at)),
        *(agreed.blocks if agreed else ()),
        *_one_is_enough(seen),
    )


def _one_is_enough(seen: Appointment) -> tuple[Buttons, Line]:
    row = buttons(Button("Write my questions", act("meet.questions", seen.meeting.id), Style.PRIMARY))
    return row, Line(("One question is enough. ", *_when_sent(seen)), quiet=True)


def _when_sent(seen: Appointment) -> Text:
    if not seen.terms.sent or seen.terms.lead is None:
        return say("You bring them along; I keep them here for you.")
    return say("{other} reads them beforehand, {when}.", other=seen.name, when=When(seen.at - seen.terms.lead))


def _asked_again(seen: Appointment) -> Message:
    return message(
        say("No question for {other} yet. One is enough to make it your meeting.", other=seen.name),
        buttons(Button("Write my questions", act("meet.questions", seen.meeting.id), Style.PRIMARY)),
    )


def _kept(seen: Appointment, meeting: Meeting) -> Message:
    if not seen.terms.sent:
        return message("Kept for you. Bring them along.")
    if meeting.sent_at is None and meeting.reminded < 2:
        return message(say("Kept. {other} reads them before you meet.", other=seen.name))
    return message(say("Kept for you. {other} has had word already, so bring these along.", other=seen.name))


def _questions(seen: Appointment) -> Message:
    return message(
        say("What {other} would like to ask you {when}:", other=seen.name, when=When(seen.at)),
        Quote(seen.meeting.questions),
    )


def _whereabouts(meeting: Meeting) -> tuple[Line | Quote, ...]:
    return (Line(("Where:",)), Quote(meeting.place)) if meeting.place else ()


def _to_ask(seen: Appointment) -> tuple[Line | Quote, ...]:
    """For a mentor who has not read them yet."""
    if seen.side is Side.MENTEE or not to_send(seen.meeting, seen.terms):
        return ()
    return Line(say("{other} would like to ask:", other=seen.name)), Quote(seen.meeting.questions)


def _day_ahead(seen: Appointment) -> Message:
    meeting = seen.meeting
    where = [] if meeting.place else [Button("Say where", act("meet.place", meeting.id))]
    return message(
        say("Coming up: you and {other}, {when}.", other=seen.name, when=When(seen.at)),
        *_whereabouts(meeting),
        *_to_ask(seen),
        buttons(
            Button("I'll be there", act("meet.comes", meeting.id), Style.PRIMARY),
            *where,
            Button("Move it", act("meet.move", meeting.id)),
            Button("Cancel", act("meet.cancel", meeting.id)),
        ),
    )


def _hour_ahead(seen: Appointment) -> Message:
    """The mentor's also takes their word on how it was, so that nobody has to ask them afterwards."""
    afterwards = (Line(("Afterwards, if you like, one tap:",), quiet=True), _reports(seen.meeting))
    return message(
        say("Soon: you and {other}, {when}.", other=seen.name, when=When(seen.at, "hour")),
        *_whereabouts(seen.meeting),
        *_to_ask(seen),
        *(afterwards if seen.side is Side.MENTOR else ()),
    )


def _reports(meeting: Meeting) -> Buttons:
    return buttons(
        Button("We met", act("meet.was", meeting.id, Report.ATTENDED), Style.PRIMARY),
        Button("Met, but late", act("meet.was", meeting.id, Report.LATE)),
        Button("It didn't happen", act("meet.was", meeting.id, Report.MISSED)),
    )


def _how_was_it(seen: Appointment) -> Message:
    return message(
        say("You and {other}, {when}: did it happen?", other=seen.name, when=When(seen.at)), _reports(seen.meeting)
    )


def _mentee_met(seen: Appointment) -> Message:
    return message(
        say("Good. While it is fresh: one line on what came of it, and a word of thanks to {other}.", other=seen.name),
        buttons(Button("Write it down", act("meet.outcome", seen.meeting.id), Style.PRIMARY)),
    )


def _mentee_missed(seen: Appointment) -> Message:
    return message(
        say(
            "You and {other} missed each other {when}. It happens. A short sorry and two new times mend it.",
            other=seen.name,
            when=When(seen.at),
        ),
        buttons(
            Button(f"Write to {seen.name}", act("write.open", seen.pair.id), Style.PRIMARY),
            Button("Propose new times", act("meet.open", seen.pair.id)),
        ),
    )


def _mentor_said(seen: Appointment, report: Report) -> Message:
    if report is Report.MISSED:
        return message(say("Thank you for telling me. {other} will write to you; nothing to do.", other=seen.name))
    return message("Thank you, for the time and for telling me.")


def _thanks(who: str, words: str) -> Message:
    return message(say("{who} says thank you:", who=who), Quote(words))


def _noted(seen: Appointment, *, thanked: bool) -> Message:
    words = "Noted, and your thanks are on their way." if thanked else "Noted. You'll see it before you next meet."
    if seen.terms.booker is Booker.MENTOR:
        return message(words)  # theirs to book
    return message(words, buttons(Button(f"Next time with {seen.name}", act("meet.open", seen.pair.id))))


def _lapsed(seen: Appointment) -> Message:
    whose = "Your times for" if seen.meeting.by is Side.MENTEE else "The times from"
    return message(
        say("{whose} {other} have passed without one being taken. Two others often do it.",
            whose=whose, other=seen.name),
        buttons(Button("Propose others", act("meet.open", seen.pair.id), Style.PRIMARY)),
    )  # fmt: skip
