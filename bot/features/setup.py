"""Setting a society up: in each place its channels and who is an officer; for all of it, time zone, term and breaks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.feature import Feature, Sorry, Turn
from bot.model import Break, Need, Open, Place, Role, Society
from bot.ports import Lacks
from bot.ui import (
    Button,
    ChoiceField,
    Command,
    Form,
    Kind,
    Line,
    Message,
    Option,
    Param,
    Private,
    Reply,
    Slash,
    Text,
    TextField,
    act,
    bullets,
    buttons,
    joined,
    message,
    say,
)
from bot.vocabulary import ZONES

setup = Feature("setup")

BREAKS = 12
YEAR = timedelta(days=366)
DAY_WRITTEN = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


@setup.command(
    Command(
        "setup",
        "Choose where pairs talk and who the officers are",
        (
            Param("rooms", "the channel under which each pair gets a private room", Kind.CHANNEL, required=False),
            Param("officers", "the channel where officers are told what waits for them", Kind.CHANNEL, required=False),
            Param("role", "whoever holds it is an officer here", Kind.ROLE, required=False),
            Param("officer", "someone to make an officer", Kind.MEMBER, required=False),
        ),
        need=Need.GOVERN,
    )
)
async def choose(
    turn: Turn,
    rooms: str | None = None,
    officers: str | None = None,
    role: str | None = None,
    officer: str | None = None,
) -> Reply:
    """Called with nothing it shows what is chosen. Who may: officers, and those who administer the place anyway."""
    here = turn.society.place(turn.place)
    given = {name: value for name, value in (("rooms", rooms), ("officers", officers), ("role", role)) if value}
    if any(not address.startswith(f"{turn.place}/") for address in given.values()):
        raise Sorry("That is not from here. Choose a channel or a role of this very place.")
    if role is not None and not turn.shows_roles:
        raise Sorry("I can't see who is in which group here. Name each officer instead: /setup, then officer.")
    chosen = replace(here, **given)
    if officer is not None and chosen.role is not None:
        raise Sorry("Officers here are those who hold the role you chose. Give them that role.")
    if chosen != here:
        await turn.records.settle(chosen)
        await turn.audit("setup", "place", ", ".join(given))
    if officer is not None:
        await turn.records.people.give_role(int(officer), Role.OFFICER)
        await turn.audit("officer.made", f"person:{officer}")
    if lacking := _lacking(turn, rooms, officers):
        return Private(message("Noted, but:", *lacking))
    return Private(_standing(chosen, turn.shows_roles, turn.society))


def _lacking(turn: Turn, rooms: str | None, officers: str | None) -> list[Text]:
    """What the bot still has to be given in the channels that were just chosen."""
    open_rooms = turn.lacks.get(rooms or "", Lacks()).to_open_rooms
    speak = turn.lacks.get(officers or "", Lacks()).to_speak
    return [say(words, missing=missing) for words, missing in ((_NO_ROOMS, open_rooms), (_NO_WORD, speak)) if missing]


# ── the year: time zone, term, breaks ─────────────────────────────────────────────────────────────────────────────


@setup.press("setup.term", need=Need.GOVERN)
async def term(turn: Turn) -> Reply:
    return _term_form(turn.society)


@setup.form("setup.term", need=Need.GOVERN)
async def keep_term(turn: Turn) -> Reply:
    """What is left empty stays as it is."""
    zone = next(iter(turn.filled.get("zone", ())), "")
    first, last = (" ".join(turn.filled.get(name, ())).strip() for name in ("first", "last"))
    before = turn.society.term
    if before:
        first, last = first or before.first.isoformat(), last or before.last.isoformat()
    days = _days(first, last, "The term")
    changes: dict[str, Any] = {}
    if zone in available_timezones() and zone != turn.society.zone.key:
        changes["zone"] = ZoneInfo(zone)
    if days and days != before:
        changes["term"] = days
    return await _decide(turn, replace(turn.society, **changes), changes)


@setup.press("setup.breaks", need=Need.GOVERN)
async def breaks(turn: Turn) -> Reply:
    return _breaks_form(turn.society)


@setup.form("setup.breaks", need=Need.GOVERN)
async def keep_breaks(turn: Turn) -> Reply:
    lines = [line.strip() for line in "\n".join(turn.filled.get("breaks", ())).splitlines() if line.strip()]
    if len(lines) > BREAKS:
        raise Sorry(f"That is more than {BREAKS} breaks; the longest few are enough. Nothing was changed.")
    found = {days.first: days for line in lines if (days := _days(*_two(line), f"“{line[:40]}”"))}
    given = tuple(found[first] for first in sorted(found))
    changes: dict[str, Any] = {"breaks": given} if given != turn.society.breaks else {}
    return await _decide(turn, replace(turn.society, **changes), changes)


async def _decide(turn: Turn, society: Society, changes: dict[str, Any]) -> Reply:
    """Keep what was changed; every pair's next step is worked out afresh with it, now."""
    if changes:
        await turn.records.decide(**changes)
        await turn.audit("setup", "society", ", ".join(changes))
        for pair in await turn.records.pairs.all_live():
            await turn.records.diary.set(Open.PAIR, pair.id, turn.now)
    return Private(_standing(society.place(turn.place), turn.shows_roles, society))


def _two(line: str) -> tuple[str, str]:
    """The first and last day of "2026-12-07 to 2027-01-10"; a single day is both."""
    days = DAY_WRITTEN.findall(line)
    return (days[0], days[-1]) if len(days) in (1, 2) else (line, line)


def _days(first: str, last: str, what: str) -> Break | None:
    """From one day to another; None where neither is given. Raises Sorry for what is no stretch of a year."""
    if not first and not last:
        return None
    try:
        days = Break(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise Sorry(f"{what} needs a first and a last day, each like 2026-12-07. Nothing was changed.") from None
    if not timedelta() <= days.last - days.first <= YEAR:
        raise Sorry(f"{what} ends before it begins, or lasts over a year. Nothing was changed.")
    return days


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


_NO_ROOMS = (
    "I can't open private rooms under that channel yet. Give my role there: {missing}. "
    "Until then pairs write to each other through me."
)
_NO_WORD = "I can't write in that officers' channel yet. What I need there: {missing}."


def _standing(place: Place, shows_roles: bool, society: Society) -> Message:
    open_ = [
        what
        for what, chosen in (
            ("rooms: the channel under which pairs' rooms open, where the platform needs one", place.rooms),
            ("officers: the channel that hears what needs a human; without one, each officer does", place.officers),
            ("role: who holds it is an officer", place.role or not shows_roles),
        )
        if not chosen
    ]
    year = (
        Line(_year(society), quiet=True),
        buttons(Button("Time zone and term", act("setup.term")), Button("Breaks", act("setup.breaks"))),
    )
    if open_:
        return message(say("Noted. You can still choose, with {setup}:", setup=Slash("setup")), bullets(*open_), *year)
    if society.term is None:
        return message("All is set, and people can join. One thing more, when you know: the days of your term.", *year)
    return message("All is set. People can join now.", say("Tell them about {join}.", join=Slash("sign-up")), *year)


def _year(society: Society) -> Text:
    term = f"term {_span(society.term)}" if society.term else "no term yet"
    rests = f"breaks {joined([_span(each) for each in society.breaks])}" if society.breaks else "no breaks of your own"
    return say("{zone} · {term} · {rests}", zone=society.zone.key, term=term, rests=rests)


def _span(days: Break) -> str:
    return f"{days.first.day} {days.first:%b %Y} to {days.last.day} {days.last:%b %Y}"


def _term_form(society: Society) -> Form:
    zones = ZONES if society.zone.key in ZONES else {society.zone.key: society.zone.key} | ZONES
    first, last = (society.term.first.isoformat(), society.term.last.isoformat()) if society.term else ("", "")
    return Form(
        "Time zone and term",
        act("setup.term"),
        (
            ChoiceField("zone", "Your society's time zone", tuple(Option(key, zones[key]) for key in zones),
                        "For whoever has not said theirs.", (society.zone.key,)),
            TextField("first", "First day of the term", "Like 2026-08-31", first, required=False, limit=10),
            TextField("last", "Last day of the term", "Like 2026-12-18", last, required=False, limit=10),
        ),
    )  # fmt: skip


def _breaks_form(society: Society) -> Form:
    lines = "\n".join(f"{each.first} to {each.last}" for each in society.breaks)
    hint = "One a line, like: 2026-11-25 to 2026-11-29"
    return Form(
        "Breaks",
        act("setup.breaks"),
        (TextField("breaks", "Days on which no silence counts", hint, lines, long=True, required=False, limit=1000),),
    )
