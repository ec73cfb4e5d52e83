"""The programme as a society likes it: how often the bot speaks, when it asks, what it waits for."""

from __future__ import annotations

from types import SimpleNamespace

from pydantic import ValidationError

from bot.config import as_written, limits, within_limits
from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import Need
from bot.questions import NO, YES, Question, Screen
from bot.ui import (
    Button,
    Card,
    Command,
    Menu,
    Message,
    Option,
    Private,
    Reply,
    Text,
    Update,
    act,
    message,
    say,
)
from bot.year import think_again

programme = Feature("programme")

ALL = "all"


def _number(name: str, label: str, hint: str) -> Question:
    least, most = limits(name) or (0, 0)
    return Question(name, label, hint=f"{hint} {least:g} to {most:g}.", limit=6)


SCREENS = {
    screen.name: screen
    for screen in (
        Screen("quiet", "When it may speak", (
            _number("quiet_from", "Quiet from (hour)", "Nobody is written to from this hour of their own day."),
            _number("quiet_until", "Quiet until (hour)", "… until this one."),
            _number("mentor_daily", "Messages a day to a mentor", "How many the bot may begin."),
            _number("mentee_daily", "Messages a day to anyone else", "How many the bot may begin."),
            _number("mentors_each", "Mentors each", "How many one mentee may have at once."),
        )),
        Screen("start", "A new pair", (
            _number("first_words_days", "First words (days)", "No word yet: the mentee is asked."),
            _number("first_words_again_days", "… asked again (days)", "Counted from the first day, too."),
            _number("slow_start_days", "… seen by an officer (days)", "Counted from the first day, too."),
            _number("first_checkin_days", "First check-in (days)", "To both; later ones follow what the two agreed."),
            Question("seasonal", "Say what the month usually brings", options=(Option(YES, "Yes"), Option(NO, "No")),
                     hint="At a check-in, once a month, never as a deadline."),
        )),
        Screen("requests", "Requests to mentors", (
            _number("intro_reminder_days", "Reminder (days)", "A request without an answer: the mentor, once."),
            _number("intro_expiry_days", "Lapses (days)", "… and the mentee sees other names."),
            _number("not_now_days", "After “not now” (days)", "So long this mentee is not shown that mentor."),
            _number("line_hold_days", "A free place is held (days)", "For the first in line, before the next is told."),
        )),
        Screen("silence", "A pair gone quiet", (
            _number("again_days", "Second reminder (days)", "After the first; both go to the mentee."),
            _number("to_officers_days", "Then an officer (days)", "After the second."),
        )),
        Screen("close", "The close of the year", (
            Question("closing", "Ask at the close", options=(Option(YES, "Yes"), Option(NO, "No")),
                     hint="Whether mentees are asked about the end of their pair at all."),
            _number("closing_month", "Month", "When mentees are asked: go on, or a last meeting?"),
            _number("closing_day", "Day", "… and the day of that month."),
            _number("closing_least_days", "Youngest pair (days)", "A pair younger than this goes on through it."),
        )),
        Screen("officers", "For officers", (
            Question("digest", "The week on Monday mornings", options=(Option(YES, "Yes"), Option(NO, "No")),
                     hint="Five lines and a picture in your channel, in weeks with something to say."),
        )),
    )
}  # fmt: skip


@programme.command(Command("settings", "How the bot behaves in your society", need=Need.READ))
async def settings(turn: Turn) -> Reply:
    return Private(_standing(dict(turn.society.chosen), as_written(turn.pace)))


@programme.press("settings.change", need=Need.GOVERN)
async def change(turn: Turn, group: str) -> Reply:
    screen = _screen(group)
    now = as_written(turn.pace)
    record = SimpleNamespace(**{q.name: _given(now[q.name]) for q in screen.questions})
    return screen.form(act("settings.keep", group), record)


@programme.form("settings.keep", need=Need.GOVERN)
async def keep(turn: Turn, group: str) -> Reply:
    screen = _screen(group)
    given = {name: str(value).strip().replace(",", ".") for name, value in screen.read(turn.filled).items()}
    chosen = dict(turn.society.chosen) | given
    try:
        whole = within_limits(turn.usual, chosen)
    except ValidationError as error:
        raise Sorry(_refused(screen, error)) from None
    usual = as_written(turn.usual)
    return await _choose(turn, {
        name: None if getattr(whole, name) == usual[name] else str(getattr(whole, name)).lower() for name in given
    })  # fmt: skip


@programme.press("settings.usual", need=Need.GOVERN)
async def usual(turn: Turn) -> Reply:
    group = turn.values[0] if turn.values else ""
    screens = list(SCREENS.values()) if group == ALL else [_screen(group)]
    names = {question.name for screen in screens for question in screen.questions}
    left = {name: value for name, value in turn.society.chosen if name not in names}
    try:
        within_limits(turn.usual, left)
    except ValidationError as error:
        raise Sorry(_refused(screens[0], error)) from None
    return await _choose(turn, dict.fromkeys(sorted(names)))


async def _choose(turn: Turn, given: dict[str, str | None]) -> Reply:
    """Keep what differs from before; every pair's next step is worked out afresh with it, now."""
    before = dict(turn.society.chosen)
    changes = {name: value for name, value in given.items() if before.get(name) != value}
    after = {name: value for name, value in (before | changes).items() if value is not None}
    if changes:
        await turn.records.choose(changes)
        await turn.audit("settings", "society", ", ".join(changes))
        await think_again(turn)
    return Update(_standing(after, within_limits(turn.usual, after).model_dump()))


def _screen(group: str) -> Screen:
    if group not in SCREENS:
        raise Stale
    return SCREENS[group]


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _given(value: float) -> str:
    """As it is typed: "21", "2.5", "yes"."""
    if isinstance(value, bool):
        return YES if value else NO
    return f"{value:g}"


def _standing(chosen: dict[str, str], now: dict[str, int | float | bool]) -> Message:
    """Every setting; those a society chose for itself are marked."""
    cards = [
        Card(
            screen.title,
            tuple(_line(question, _given(now[question.name]), own=question.name in chosen)
                  for question in screen.questions if question.name in now),
            Button("Change", act("settings.change", name)),
        )
        for name, screen in SCREENS.items()
    ]  # fmt: skip
    options = tuple(Option(name, screen.title) for name, screen in SCREENS.items())
    back = Menu("Back to the default…", act("settings.usual"), (Option(ALL, "Everything"), *options))
    return message("How the bot behaves here. What you change holds at once.", *cards, *([back] if chosen else []))


def _line(question: Question, value: str, *, own: bool) -> Text:
    return say("{label}: {value}{own}", label=question.label, value=value, own=" (yours)" if own else "")


def _refused(screen: Screen, error: ValidationError) -> Text:
    """What is wrong with the first that is, and what it may be."""
    problem = error.errors()[0]
    name = str(problem["loc"][0]) if problem["loc"] else ""
    label = next((q.label for q in screen.questions if q.name == name), name)
    if (span := limits(name) if name else None) is not None:
        return say(
            "“{label}” takes a number from {least} to {most}. Nothing was changed.",
            label=label,
            least=f"{span[0]:g}",
            most=f"{span[1]:g}",
        )
    why, _, _ = problem["msg"].removeprefix("Value error, ").partition(": ")  # the rest names keys of the file
    return say("That doesn't go together: {why}. Nothing was changed.", why=why)
