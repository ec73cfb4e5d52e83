"""Shadowing: what both acknowledge before it starts, and the hours, kept without a word about any patient."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from bot.agreed import person_of
from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import DAY, Agreement, Pair, Shadowed, Side, Urgency
from bot.portrait import first_name
from bot.questions import Question, Screen
from bot.rules.checklist import MANNERS, acknowledged
from bot.ui import (
    Button,
    Command,
    Kind,
    Line,
    Message,
    Option,
    Param,
    Private,
    Reply,
    Style,
    Update,
    act,
    bullets,
    buttons,
    message,
    say,
)
from bot.vocabulary import Log, Site, Specialty, Stance, Term

shadowing = Feature("shadowing")
shadowing.offer("Shadowing", "shadow.open")

SHOWN = 8
HOURS = Screen(
    "hours",
    "Hours of shadowing",
    (
        Question("day", "Which day?", limit=10, hint="Like 2026-10-14."),
        Question("hours", "How many hours?", options=tuple(Option(str(n), str(n)) for n in range(1, 13))),
        Question("specialty", "Which field?", Specialty, leave_out=(Specialty.UNDECIDED,)),
        Question("site", "What kind of place?", Site, hint="Nothing about patients is asked, or kept."),
    ),
)


@shadowing.command(
    Command("shadowing", "Shadowing: what to know before, and your hours", (
        Param("with", "the other of the pair", Kind.PAIR, required=False),
    ))
)  # fmt: skip
async def shadow(turn: Turn, **given: str | None) -> Reply:
    pair, side = await turn.my_pair(given.get("with"))
    return Private(await _where_it_stands(turn, pair, side))


@shadowing.press("shadow.open")
async def open_shadowing(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    return Private(await _where_it_stands(turn, pair, side))


@shadowing.press("shadow.understood")
async def understood(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    if not await _has_said_yes(turn, pair, side):
        await turn.records.expectations.answer(pair.id, side, {Term.MANNERS: tuple(MANNERS)})
        name = first_name(turn.who.name)
        both = await _has_said_yes(turn, pair, side.other)
        said = _may_start(pair, name) if both else _asks_for_yes(pair, name, side)
        await turn.tell(pair.person(side.other), said, f"shadow:{pair.id}", by=turn.who.id)
        await turn.audit("shadowing.acknowledged", f"pair:{pair.id}", side)
    return Update(await _where_it_stands(turn, pair, side))


@shadowing.press("shadow.log")
async def log(turn: Turn, pair_id: int) -> Reply:
    pair = await _started(turn, pair_id)
    return HOURS.form(act("shadow.save", pair.id), SimpleNamespace(day=turn.today(turn.who).isoformat()))


@shadowing.form("shadow.save")
async def save(turn: Turn, pair_id: int) -> Reply:
    pair = await _started(turn, pair_id)
    given = HOURS.read(turn.filled)
    day = _day(given["day"], turn.today(turn.who))
    confirmed_by = None if await _mentor_confirms(turn, pair) else pair.mentee
    entry = Shadowed(0, pair.id, day, int(given["hours"]), given["specialty"], given["site"], confirmed_by)
    await turn.records.shadowing.add(pair.id, entry)
    if confirmed_by is None:
        # One message for all that waits, however many days were written down at once.
        waiting = [each for each in await turn.records.shadowing.of(pair.id) if each.confirmed_by is None]
        topic = f"shadow:{pair.id}"
        await turn.records.post.withdraw(topic)
        said = _to_confirm(pair, first_name(turn.who.name), waiting)
        await turn.tell(pair.mentor, said, topic, Urgency.NEWS, by=turn.who.id)
    return Private(await _where_it_stands(turn, pair, Side.MENTEE))


@shadowing.press("shadow.confirm")
async def confirm(turn: Turn, pair_id: int, up_to: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    if side is not Side.MENTOR:
        raise Stale
    await turn.records.shadowing.confirm(pair.id, up_to, turn.who.id)
    return Update(message("Confirmed. Thank you."))


@shadowing.press("shadow.take-back")
async def take_back(turn: Turn, pair_id: int, entry: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    if side is not Side.MENTEE or not await turn.records.shadowing.take_back(pair.id, entry):
        raise Stale
    return Update(await _where_it_stands(turn, pair, side))


async def _where_it_stands(turn: Turn, pair: Pair, side: Side) -> Message:
    other = first_name((await person_of(turn, pair, side.other)).name)
    agreement = await turn.records.expectations.in_force(pair.id) or Agreement(0)
    stance = agreement.chosen(Term.SHADOWING, Stance)
    if stance is Stance.NO:
        return _not_agreed(pair, other)
    if not await _has_said_yes(turn, pair, side):
        return _before(pair)
    if not await _has_said_yes(turn, pair, side.other):
        return _waits_for(other)
    mentor = other if side is Side.MENTEE else "you"
    office = stance is Stance.OFFICE
    return _hours(pair, await turn.records.shadowing.of(pair.id), side, mentor, office=office)


async def _has_said_yes(turn: Turn, pair: Pair, side: Side) -> bool:
    answers = await turn.records.expectations.answers(pair.id, side)
    return acknowledged(answers, Term.MANNERS, MANNERS)


async def _started(turn: Turn, pair_id: int) -> Pair:
    """The pair of a mentee who may keep hours. Raises Sorry before both have said yes to what comes first."""
    pair, side = await turn.pair_of_mine(pair_id)
    if side is not Side.MENTEE:
        raise Stale
    if not all([await _has_said_yes(turn, pair, each) for each in Side]):
        raise Sorry("Before anyone shadows, both of you say yes to a few rules. You find them under Shadowing.")
    return pair


async def _mentor_confirms(turn: Turn, pair: Pair) -> bool:
    agreement = await turn.records.expectations.in_force(pair.id)
    return agreement is not None and agreement.chosen(Term.LOG, Log) is Log.MENTOR


def _day(given: str, today: date) -> date:
    try:
        day = date.fromisoformat(given.strip())
    except ValueError:
        raise Sorry("I need a date like 2026-10-14.") from None
    if not today - 366 * DAY <= day <= today:
        raise Sorry("That day should lie in the past year.")
    return day


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _not_agreed(pair: Pair, other: str) -> Message:
    return message(
        say("You and {other} agreed to leave shadowing out. You can talk about it again.", other=other),
        buttons(Button("What we expect", act("expect.open", pair.id))),
    )


def _before(pair: Pair) -> Message:
    return message(
        "Before anyone shadows, you both say yes to this:",
        bullets(*MANNERS.values()),
        buttons(Button("I understand", act("shadow.understood", pair.id), Style.PRIMARY)),
    )


def _asks_for_yes(pair: Pair, name: str, side: Side) -> Message:
    words = "{name} would like to shadow you. First you both say yes to this:"
    if side is Side.MENTOR:
        words = "{name} has opened the door to shadowing. First you both say yes to this:"
    return message(
        say(words, name=name),
        bullets(*MANNERS.values()),
        buttons(Button("I understand", act("shadow.understood", pair.id), Style.PRIMARY)),
    )


def _waits_for(other: str) -> Message:
    return message(say("Your yes is in. It can start once {other} has said yes, too.", other=other))


def _may_start(pair: Pair, name: str) -> Message:
    return message(
        say("{name} has said yes, too: shadowing can start.", name=name),
        buttons(Button("Papers, and how much", act("expect.ask", pair.id, "shadowing"))),
    )


def _hours(pair: Pair, entries: list[Shadowed], side: Side, mentor: str, *, office: bool) -> Message:
    total = sum(entry.hours for entry in entries)
    head = "No hours yet." if not entries else f"{total} hours in all." if total != 1 else "One hour in all."
    lines = [_line(entry) for entry in entries[-SHOWN:]]
    mine = side is Side.MENTEE
    last = max(entries, key=lambda entry: entry.id, default=None)
    row = [
        *([Button("Write down hours", act("shadow.log", pair.id), Style.PRIMARY)] if mine else []),
        Button("Papers, and how much", act("expect.ask", pair.id, "shadowing")),
    ]
    if mine and last and last.confirmed_by in (None, pair.mentee):
        row.append(Button("Take the last one back", act("shadow.take-back", pair.id, last.id)))
    booked = [Line((f"It is booked through the institution where {mentor} works.".replace("you works", "you work"),))]
    return message(
        head,
        *([bullets(*lines)] if lines else []),
        *(booked if office else []),
        buttons(*row),
        Line(("Only day, hours, field and kind of place are kept. Never write here about a patient.",), quiet=True),
    )


def _line(entry: Shadowed) -> str:
    vouched = "" if entry.confirmed_by else ", not confirmed yet"
    hours = "1 hour" if entry.hours == 1 else f"{entry.hours} hours"
    day = f"{entry.day:%a} {entry.day.day} {entry.day:%b %Y}"
    return f"{day}: {hours}, {entry.specialty.label}, {entry.site.label}{vouched}"


def _to_confirm(pair: Pair, mentee: str, waiting: list[Shadowed]) -> Message:
    newest = max(entry.id for entry in waiting)
    return message(
        say("{mentee} wrote down hours with you. Are these right?", mentee=mentee),
        bullets(*(_line(entry).removesuffix(", not confirmed yet") for entry in waiting[-SHOWN:])),
        buttons(Button("Yes, confirm", act("shadow.confirm", pair.id, newest), Style.PRIMARY)),
        Line(("If one is off, tell them; they can take it back.",), quiet=True),
    )
