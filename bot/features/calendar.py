"""The society's year as officers see it and set it: each date in words, with what the bot does on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import Break, Need, Open, Pace, Segment, Society
from bot.rules.dates import a_day
from bot.rules.occasions import Occasion, ahead, next_occasion, occasions_now, with_the_usual
from bot.rules.segment import members_of
from bot.ui import (
    Button,
    Card,
    ChoiceField,
    Command,
    Form,
    Menu,
    Message,
    Option,
    Private,
    Reply,
    Slash,
    Style,
    Text,
    TextField,
    act,
    buttons,
    message,
    say,
    shortened,
)
from bot.vocabulary import Rest, Whom
from bot.year import keep_year, span_words

calendar = Feature("calendar")

RESTS = 12
"""So many quiet stretches of its own a society has ahead."""
YEAR = timedelta(days=366)
LOOKS_BACK = timedelta(days=200)
"""A day without a year may have been so long ago: the first day of a term that runs already."""
ONE_OF = ("recruitment", "kickoff", "term")
"""What there is one of, by its field of the Society."""


@calendar.command(Command("calendar", "Recruitment, kickoff, term, exams, breaks, and what I do then", need=Need.READ))
async def show(turn: Turn) -> Reply:
    return _shown(turn, turn.society)


@calendar.press("calendar.open", need=Need.READ)
async def open_(turn: Turn) -> Reply:
    return _shown(turn, turn.society)


@calendar.press("calendar.change", need=Need.ACT)
async def change(turn: Turn, what: str) -> Reply:
    if what not in ONE_OF:
        raise Stale
    return _days_form(what, getattr(turn.society, what))


@calendar.form("calendar.keep", need=Need.ACT)
async def keep(turn: Turn, what: str) -> Reply:
    """Both fields empty: there is no such date any more."""
    if what not in ONE_OF:
        raise Stale
    days = _given(turn)
    changes: dict[str, Any] = {what: days.first if days and what == "kickoff" else days}
    return await _keep(turn, replace(turn.society, **changes), what)


@calendar.press("calendar.add", need=Need.ACT)
async def add(turn: Turn) -> Reply:
    return _rest_form(None)


@calendar.press("calendar.rest", need=Need.ACT)
async def change_rest(turn: Turn) -> Reply:
    return _rest_form(_rest(turn, turn.values[0] if turn.values else ""))


@calendar.form("calendar.keep-rest", need=Need.ACT)
async def keep_rest(turn: Turn, which: str) -> Reply:
    """`which`: the first day of the one that is changed, or "new"."""
    old = None if which == "new" else _rest(turn, which)
    chosen, days = turn.filled.get("what", ())[:1], _given(turn)
    what = Rest.of(chosen[0]) if chosen and chosen[0] in set(Rest) else Rest.BREAK
    new = replace(days, what=what) if days else None
    today = turn.today()
    left = [each for each in turn.society.breaks if each.last >= today - YEAR and each != old]
    left = [each for each in left if new is None or each.first != new.first]
    breaks = tuple(sorted([*left, *([new] if new else [])], key=lambda each: each.first))
    if sum(each.last >= today for each in breaks) > RESTS:
        raise Sorry(f"More than {RESTS} ahead are too many; the longest few are enough. Nothing was changed.")
    return await _keep(turn, replace(turn.society, breaks=breaks), "breaks")


@calendar.press("calendar.usual", need=Need.ACT)
async def take_the_usual(turn: Turn) -> Reply:
    """A usual year's dates, wherever there are none yet."""
    return await _keep(turn, with_the_usual(turn.society, turn.today()), "the usual dates")


@calendar.promise(Open.CALENDAR)
async def tell_officers(turn: Turn, subject: int) -> None:
    """On the morning of a date, to the officers alone."""
    said = [await _of(turn, occasion) for occasion in occasions_now(turn.society, turn.now, turn.pace)]
    if said:
        await turn.tell_officers(message(*said), "calendar")
    await turn.records.diary.set(Open.CALENDAR, subject, next_occasion(turn.society, turn.now, turn.pace))


async def _of(turn: Turn, occasion: Occasion) -> Text:
    society, live = turn.society, await turn.records.pairs.all_live()
    unpaired = members_of(Segment(Whom.UNPAIRED), await turn.records.people.roster(), live)
    alone = sum(bool(member.addresses) for member in unpaired)
    free = sum(mentor.free for mentor in await turn.records.people.mentors())
    return _said(occasion, society.recruitment, society.kickoff, alone, free, len(live))


async def _keep(turn: Turn, chosen: Society, what: str) -> Reply:
    await keep_year(turn, chosen, "calendar", what)
    return _shown(turn, chosen)


def _shown(turn: Turn, society: Society) -> Reply:
    return Private(_year(society, list(turn.pace.breaks), turn.pace, turn.today()))


def _rest(turn: Turn, first: str) -> Break:
    """One of the society's own quiet stretches, by its first day. Raises Stale where there is none such."""
    found = next((each for each in turn.society.breaks if each.first.isoformat() == first), None)
    if found is None:
        raise Stale
    return found


def _given(turn: Turn) -> Break | None:
    """The days that were typed; None where both fields are empty. Raises Sorry for what is no stretch of a year.

    One of the two is a single day. A day without a year is the one that is running or comes next.
    """
    first, last = (" ".join(turn.filled.get(name, ())).strip() for name in ("first", "last"))
    if not first and not last:
        return None
    begins = a_day(first or last, turn.today() - LOOKS_BACK)
    ends = a_day(last or first, begins) if begins else None
    if begins is None:
        raise Sorry(say(_NO_FIRST, given=shortened(first or last, 40)))
    if ends is None:
        raise Sorry(say(_NO_LAST, given=shortened(last, 40), first=span_words(Break(begins, begins))))
    if ends - begins > YEAR:
        raise Sorry("That is longer than a year. Nothing was changed.")
    return Break(begins, ends)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

_NO_FIRST = "“{given}” is no day like Aug 31 or 2026-08-31, or long past. Nothing was changed."
_NO_LAST = "“{given}” is no last day for what begins {first}. Nothing was changed."

NAMES = {"recruitment": "Recruitment", "kickoff": "Kickoff", "term": "Term"}

_RECRUITMENT = "I tell officers when it begins, and after it how many mentees still look and how many places are free."
_KICKOFF = "I tell officers a week before how many still have no mentor, and again on the day."
_TERM = "The board and the report count these days. After the last I tell officers what closes a term."
_RESTS = (
    "On these days I nudge nobody and ask nobody how it goes, and no clock runs. What two write to each other, or "
    "book, goes on as ever."
)
_CLOSING = "I ask each mentee, in a pair that is older than {days} days: go on, or plan a last meeting?"
_LINES = "At a check-in I may say what the month is usually about, never as a deadline. Each line can be changed."


def _year(society: Society, fixed: list[Break], pace: Pace, today: date) -> Message:
    """`fixed`: quiet days that stand in the settings file, which nobody changes from here."""
    kickoff = Break(society.kickoff, society.kickoff) if society.kickoff else None
    take = [buttons(Button("Take a usual year for the rest", act("calendar.usual"), Style.PRIMARY))]
    usual = take if with_the_usual(society, today) != society else []
    closes = date(2000, pace.closing_month, pace.closing_day)
    return message(
        "Your year, and what I do on each of its dates.",
        _card("recruitment", society.recruitment, today, _RECRUITMENT),
        _card("kickoff", kickoff, today, _KICKOFF),
        _card("term", society.term, today, _TERM),
        Card(
            "Quiet days",
            (*_rests(society.breaks, fixed, today), (_RESTS,)),
            Button("Add some", act("calendar.add")),
        ),
        Card(
            "Close of the year",
            ((f"{closes.day} {closes:%B}, every year.",), say(_CLOSING, days=str(pace.closing_least.days)))
            if pace.closing else (("Switched off: I ask nobody about it.",),),
            Button("Change", act("settings.change", "close")),
        ),
        Card("Month by month", ((_LINES if pace.seasonal else "Switched off in the settings.",),),
             Button("See the lines", act("season.lines"))),
        *_menu(society.breaks),
        *usual,
    )  # fmt: skip


def _card(what: str, days: Break | None, today: date, does: str) -> Card:
    when = f"{span_words(days)}{'' if ahead(days, today) else ' (over)'}." if days else "Not set."
    return Card(NAMES[what], ((when,), (does,)), Button("Change" if days else "Set", act("calendar.change", what)))


def _rests(own: Sequence[Break], fixed: Sequence[Break], today: date) -> list[Text]:
    """Those that are not over, in order."""
    coming = sorted((each for each in (*own, *fixed) if ahead(each, today)), key=lambda each: each.first)
    named = [
        f"{each.what.label}: {span_words(each)}{' (from the settings file)' if each in fixed else ''}"
        for each in coming[:RESTS]
    ]
    return [(words,) for words in named] or [("None ahead.",)]


def _menu(own: Sequence[Break]) -> list[Menu]:
    options = tuple(Option(each.first.isoformat(), f"{each.what.label}: {span_words(each)}") for each in own[-25:])
    return [Menu("Change or remove quiet days…", act("calendar.rest"), options)] if options else []


def _days_form(dated: str, days: Break | date | None) -> Form:
    action = act("calendar.keep", dated)
    if dated == "kickoff":
        return Form(NAMES[dated], action, (_day_field("first", "Day", days if isinstance(days, date) else None),))
    return Form(NAMES[dated], action, _span_fields(days if isinstance(days, Break) else None))


def _rest_form(days: Break | None) -> Form:
    options = tuple(Option(each, each.label) for each in Rest)
    return Form(
        "Quiet days",
        act("calendar.keep-rest", days.first.isoformat() if days else "new"),
        (ChoiceField("what", "What for?", options, values=(days.what if days else Rest.BREAK,)), *_span_fields(days)),
    )


def _span_fields(days: Break | None) -> tuple[TextField, TextField]:
    first, last = (days.first, days.last) if days else (None, None)
    return _day_field("first", "First day", first), _day_field("last", "Last day", last)


def _day_field(name: str, label: str, day: date | None) -> TextField:
    """Where there is a day already, the hint says how to be rid of it."""
    hint = f"Like Aug 31 or 2026-08-31.{' Leave it all empty to remove it.' if day and name == 'first' else ''}"
    return TextField(name, label, hint, day.isoformat() if day else "", required=False, limit=20)


def _said(
    occasion: Occasion, recruitment: Break | None, kickoff: date | None, alone: int, free: int, pairs: int
) -> Text:
    """A date as officers hear of it. `alone`: mentees without a mentor. `free`: places of mentors."""
    stand = f"{_count(alone, 'mentee')} without a mentor, {_count(free, 'free place')}"
    match occasion:
        case Occasion.RECRUITMENT:
            until = f", until {span_words(Break(recruitment.last, recruitment.last))}" if recruitment else ""
            return say(
                "Recruitment begins today{until}. What newcomers type: {join}. A word to whoever is here: {announce}",
                until=until, join=Slash("sign-up"), announce=Slash("announce"),
            )  # fmt: skip
        case Occasion.RECRUITED:
            return say("Recruitment is over: {stand}. Pairs for all: {match}", stand=stand, match=Slash("match-cohort"))
        case Occasion.KICKOFF_SOON:
            day = span_words(Break(kickoff, kickoff)) if kickoff else "soon"
            return say("Kickoff: {day}. Until then: {stand}. Pairs for all: {match}",
                       day=day, stand=stand, match=Slash("match-cohort"))  # fmt: skip
        case Occasion.KICKOFF:
            return say("Kickoff is today: {pairs}; {stand}. A word to all: {announce}",
                       pairs=_count(pairs, "pair"), stand=stand, announce=Slash("announce"))  # fmt: skip
        case Occasion.TERM_OVER:
            return say("The term is over. Its report: {report}. Whom to thank: {thank}. The next one: {calendar}",
                       report=Slash("report"), thank=Slash("to-thank"), calendar=Slash("calendar"))  # fmt: skip


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
