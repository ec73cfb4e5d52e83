"""Small next steps towards a goal: a mentee's own, each with a day; asked about at check-ins, never by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import Pair, Side, SmallStep
from bot.portrait import first_name
from bot.rules.dates import dated
from bot.ui import (
    Button,
    Buttons,
    Card,
    Command,
    Form,
    Kind,
    Line,
    Message,
    Param,
    Private,
    Reply,
    Style,
    Text,
    TextField,
    act,
    buttons,
    clean,
    day_words,
    message,
    say,
    shortened,
)

steps = Feature("steps")
steps.offer("My next steps", "steps.open", sides={Side.MENTEE})

AT_ONCE = 3
"""So many are written on one screen, and asked about at one check-in."""
OPEN = 6
"""With so many open, no more are added: they would be no small steps."""
WEEK = timedelta(days=7)


@steps.command(
    Command(
        "steps",
        "Your small next steps, each with a day",
        (Param("pair", "with whom, if you have several mentors", Kind.PAIR, required=False),),
    )
)
async def mine(turn: Turn, pair: str | None = None) -> Reply:
    return await _opened(turn, *await turn.my_pair(pair))


@steps.press("steps.open")
async def open_steps(turn: Turn, pair_id: int) -> Reply:
    return await _opened(turn, *await turn.pair_of_mine(pair_id))


async def _opened(turn: Turn, pair: Pair, side: Side) -> Reply:
    if side is not Side.MENTEE:
        raise Sorry("These are your mentee's own. You read of each that is done in their next update.")
    found = await turn.records.steps.open_of(pair.id)
    return Private(_listed(found, pair, turn.today(turn.who))) if found else _form(pair, "")


@steps.press("steps.add")
async def add(turn: Turn, pair_id: int) -> Reply:
    pair = await _as_mentee(turn, pair_id)
    found = await turn.records.steps.open_of(pair.id)
    if len(found) >= OPEN:
        raise Sorry("Six steps are open. Do one or let one go, then add the next.")
    return _form(pair, found[-1].goal if found else "")


@steps.form("steps.write")
async def write(turn: Turn, pair_id: int) -> Reply:
    pair = await _as_mentee(turn, pair_id)
    goal = clean(" ".join(turn.filled.get("goal", ())), 120)
    lines = [clean(" ".join(turn.filled.get(f"step{n}", ())), 120) for n in range(1, AT_ONCE + 1)]
    read = {line: dated(line, turn.today(turn.who)) for line in lines if line}
    if not read:
        raise Sorry("One step is enough, but one it needs.")
    for what, day in filter(None, read.values()):
        await turn.records.steps.add(pair.id, goal, clean(what, 80), day, turn.now)
    if unread := [line for line, parts in read.items() if parts is None]:
        return Private(_without_a_day(unread[0], pair))
    return Private(_listed(await turn.records.steps.open_of(pair.id), pair, turn.today(turn.who)))


@steps.press("steps.done")
async def done(turn: Turn, number: int) -> Reply:
    step, pair = await _my_step(turn, number)
    await turn.records.steps.done(step.id, turn.now)
    mentor = await turn.records.people.get(pair.mentor)
    return Private(_well_done(step, first_name(mentor.name) if mentor else "Your mentor"))


@steps.press("steps.later")
async def later(turn: Turn, number: int) -> Reply:
    step, _ = await _my_step(turn, number)
    day = turn.today(turn.who) + WEEK
    await turn.records.steps.put_off(step.id, day)
    return Private(message(say("“{step}”: now for {day}.", step=step.what, day=day_words(day))))


@steps.press("steps.drop")
async def drop(turn: Turn, number: int) -> Reply:
    step, _ = await _my_step(turn, number)
    await turn.records.steps.let_go(step.id, turn.now)
    return Private(message(say("“{step}”: let go of. Plans may change.", step=step.what)))


async def _as_mentee(turn: Turn, pair_id: int) -> Pair:
    pair, side = await turn.pair_of_mine(pair_id)
    if side is not Side.MENTEE:
        raise Stale
    return pair


async def _my_step(turn: Turn, number: int) -> tuple[SmallStep, Pair]:
    """A step of the one who asks that is still open. Raises Stale for any other."""
    step = await turn.records.steps.get(number)
    if step is None:
        raise Stale
    pair = await _as_mentee(turn, step.pair)
    if step not in await turn.records.steps.open_of(pair.id):
        raise Stale
    return step, pair


@steps.at_checkin
async def those_due(turn: Turn, pair: Pair, side: Side) -> Message | None:
    if side is not Side.MENTEE:
        return None
    today = turn.today(await turn.records.people.get(pair.mentee))
    due = [step for step in await turn.records.steps.open_of(pair.id) if step.due <= today]
    return _asked(due[:AT_ONCE]) if due else None


@steps.standing
async def next_one(turn: Turn, pair: Pair, side: Side) -> Text | None:
    if side is not Side.MENTEE or not (found := await turn.records.steps.open_of(pair.id)):
        return None
    return say("Your next step: {step}, {day}", step=found[0].what, day=day_words(found[0].due))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _form(pair: Pair, goal: str) -> Form:
    goals = TextField("goal", "What for?", "The goal, in a few words.", goal, required=False, limit=120)
    first = TextField("step1", "A small step", "With a day.", placeholder="E-mail two labs by Oct 20", limit=120)
    more = (TextField(f"step{n}", "And another", required=False, limit=120) for n in range(2, AT_ONCE + 1))
    return Form("My next steps", act("steps.write", pair.id), (goals, first, *more))


def _listed(found: Sequence[SmallStep], pair: Pair, today: date) -> Message:
    goal = next((step.goal for step in found if step.goal), "")
    cards = [
        Card(step.what, (_by(step, today),), Button("Done", act("steps.done", step.id)))
        for step in found[: OPEN + AT_ONCE]
    ]
    return message(
        say("Your next steps: {goal}", goal=goal) if goal else "Your next steps:",
        *cards,
        buttons(Button("Add steps", act("steps.add", pair.id))),
        Line(("I ask about them when I ask how it goes. Your mentor reads only what is done.",), quiet=True),
    )


def _by(step: SmallStep, today: date) -> Text:
    return say("by {day}" if step.due >= today else "was for {day}", day=day_words(step.due))


def _asked(due: Sequence[SmallStep]) -> Message:
    parts: list[Text | Buttons] = []
    for step in due:
        parts.append(say("“{step}”, your step for {day}?", step=step.what, day=day_words(step.due)))
        parts.append(
            buttons(
                Button("Done", act("steps.done", step.id), Style.PRIMARY),
                Button("Next week", act("steps.later", step.id)),
                Button("Let it go", act("steps.drop", step.id)),
            )
        )
    return message(*parts)


def _well_done(step: SmallStep, mentor: str) -> Message:
    return message(say("“{step}”: done. {mentor} reads of it in your next update.", step=step.what, mentor=mentor))


def _without_a_day(line: str, pair: Pair) -> Message:
    return message(
        say("“{line}” has no day to come that I could read. The others are kept.", line=shortened(line, 80)),
        buttons(Button("Add steps", act("steps.add", pair.id), Style.PRIMARY)),
    )
