"""Setting a society up: in each place its channels and who is an officer; for all of it, the time zone."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo, available_timezones

from bot.feature import Feature, Sorry, Turn
from bot.model import Need, Place, Role, Society
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
    act,
    bullets,
    buttons,
    message,
    say,
)
from bot.vocabulary import ZONES
from bot.year import keep_year, span_words

setup = Feature("setup")


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


# ── the time zone ─────────────────────────────────────────────────────────────────────────────────────────────────


@setup.press("setup.zone", need=Need.GOVERN)
async def zone(turn: Turn) -> Reply:
    return _zone_form(turn.society.zone)


@setup.form("setup.zone", need=Need.GOVERN)
async def keep_zone(turn: Turn) -> Reply:
    key = next(iter(turn.filled.get("zone", ())), "")
    society = replace(turn.society, zone=ZoneInfo(key)) if key in available_timezones() else turn.society
    await keep_year(turn, society, "setup", "zone")
    return Private(_standing(society.place(turn.place), turn.shows_roles, society))


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
        buttons(Button("Time zone", act("setup.zone")), Button("The year's dates", act("calendar.open"))),
    )
    if open_:
        return message(say("You can still choose, with {setup}:", setup=Slash("setup")), bullets(*open_), *year)
    if society.term is None:
        return message("All is set, and people can join. One thing more, when you know: the days of your term.", *year)
    return message("All is set. People can join now.", say("Tell them about {join}.", join=Slash("sign-up")), *year)


def _year(society: Society) -> Text:
    term = f"term {span_words(society.term)}" if society.term else "no term yet"
    return say("{zone} · {term}", zone=society.zone.key, term=term)


def _zone_form(now: ZoneInfo) -> Form:
    zones = ZONES if now.key in ZONES else {now.key: now.key} | ZONES
    options = tuple(Option(key, zones[key]) for key in zones)
    hint = "For whoever has not said theirs."
    return Form(
        "Time zone", act("setup.zone"), (ChoiceField("zone", "Your society's time zone", options, hint, (now.key,)),)
    )
