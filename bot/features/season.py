"""What a check-in may say of a month: each line is the society's to change, to move, or never to say."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from bot.feature import Feature, Stale, Turn
from bot.model import Need, SeasonLine
from bot.questions import Question, Screen
from bot.rules.season import CALENDAR, Seasonal, as_edited
from bot.ui import (
    Bold,
    Button,
    Line,
    Link,
    Menu,
    Message,
    Option,
    Private,
    Quote,
    Reply,
    Style,
    Text,
    Update,
    act,
    buttons,
    message,
    say,
    shortened,
)

season = Feature("season")

MONTHS = {month: f"{date(2000, month, 1):%B}" for month in range(1, 13)}

SCREEN = Screen(
    "season",
    "A line for a month",
    (
        Question("month", "Month", options=tuple(Option(str(month), name) for month, name in MONTHS.items())),
        Question("words", "What is it to bring to mind?", limit=200,
                 hint="One question they can answer for themselves; never for a score or a decision."),
        Question("usually", "What usually happens then", limit=160, required=False,
                 hint="Like “Applications usually open around early May.” Never a deadline."),
    ),
)  # fmt: skip


@season.press("season.lines", need=Need.READ)
async def lines(turn: Turn) -> Reply:
    return Private(_every(list(as_edited(await turn.records.seasons.lines()))))


@season.press("season.show", need=Need.READ)
async def show(turn: Turn) -> Reply:
    return Private(await _as_it_is(turn, _shipped(turn.values[0] if turn.values else "")))


@season.press("season.change", need=Need.ACT)
async def change(turn: Turn, name: str) -> Reply:
    row = await _now(turn, _shipped(name))
    written = SimpleNamespace(month=row.month, words=row.words, usually=row.usually)
    return SCREEN.form(act("season.keep", name), written)


@season.form("season.keep", need=Need.ACT)
async def keep(turn: Turn, name: str) -> Reply:
    row, given = _shipped(name), SCREEN.read(turn.filled)
    line = SeasonLine(row.name, int(given["month"]), given["words"], given["usually"], turn.today())
    return await _kept(turn, row, line)


@season.press("season.never", need=Need.ACT)
async def never(turn: Turn, name: str) -> Reply:
    row = await _now(turn, _shipped(name))
    return await _kept(turn, row, SeasonLine(row.name, row.month, "", row.usually, row.verified_on))


@season.press("season.restore", need=Need.ACT)
async def restore(turn: Turn, name: str) -> Reply:
    row = _shipped(name)
    if any(line.name == row.name for line in await turn.records.seasons.lines()):
        await turn.records.seasons.restore(row.name)
        await turn.audit("calendar", "society", row.name)
    return Update(_one(row, row))


async def _kept(turn: Turn, row: Seasonal, line: SeasonLine) -> Reply:
    if line not in await turn.records.seasons.lines():
        await turn.records.seasons.keep(line)
        await turn.audit("calendar", "society", row.name)
    return Update(await _as_it_is(turn, _shipped(row.name)))


async def _now(turn: Turn, row: Seasonal) -> Seasonal:
    """A line as the society has it."""
    return next(each for each in as_edited(await turn.records.seasons.lines()) if each.name == row.name)


async def _as_it_is(turn: Turn, row: Seasonal) -> Message:
    return _one(await _now(turn, row), row)


def _shipped(name: str) -> Seasonal:
    """A line as it came. Raises Stale where there is none by that name."""
    found = next((row for row in CALENDAR if row.name == name), None)
    if found is None:
        raise Stale
    return found


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _every(rows: list[Seasonal]) -> Message:
    options = tuple(
        Option(row.name, shortened(f"{MONTHS[row.month]}: {_whom(row)}", 75), shortened(row.words or "Never said.", 75))
        for row in sorted(rows, key=lambda row: row.month)
    )
    return message(
        "Once a month a mentee's check-in may bring one of these to mind, whichever fits where they are on the road.",
        Menu("See one, or change it…", act("season.show"), options),
    )


def _one(row: Seasonal, shipped: Seasonal) -> Message:
    """`shipped`: the line as it came."""
    facts: list[Text] = [say("{usually} {seen}", usually=row.usually, seen=_seen(row))] if row.usually else []
    rest = [
        *([Button("Never say it", act("season.never", row.name))] if row.words else []),
        *([Button("As it came", act("season.restore", row.name))] if row != shipped else []),
    ]
    return message(
        (Bold(MONTHS[row.month]), f" · {_whom(row)}"),
        Quote(row.words) if row.words else "Never said.",
        *(Line(fact, quiet=True) for fact in facts),
        buttons(Button("Change it", act("season.change", row.name), Style.PRIMARY), *rest),
    )


def _seen(row: Seasonal) -> Text:
    """Whose word that is, and when someone last looked."""
    page = (Link("Official page", row.link), ", ") if row.link else ("",)
    return say("({page}as of {seen})", page=page, seen=f"{row.verified_on:%b} {row.verified_on.year}")


def _whom(row: Seasonal) -> str:
    return ", ".join(sorted(phase.label for phase in row.phases)) or "everyone"
