"""Writing to the other of a pair through the bot: for two who share no platform, the only way; for all, a way."""

from __future__ import annotations

from datetime import datetime

from bot.feature import Feature, Sorry, Turn, spoke
from bot.model import Pair, PairState, Person, Side
from bot.pairs import carry
from bot.portrait import first_name
from bot.rules.timing import first_moment
from bot.ui import (
    Button,
    Command,
    Form,
    Kind,
    Message,
    Param,
    Private,
    Quote,
    Reply,
    TextField,
    When,
    act,
    buttons,
    clean,
    message,
    say,
)

writing = Feature("writing")
writing.offer("Write a note, which I carry", "write.open", resting=True)

NOTE = 1200


@writing.command(
    Command(
        "write",
        "Write to your mentor or mentee; I carry it",
        (
            Param("to", "whom, if you have several pairs", Kind.PAIR, required=False),
            Param("words", "what you want to say", required=False),
        ),
    )
)
async def write(turn: Turn, to: str | None = None, words: str | None = None) -> Reply:
    pair, side = await turn.my_pair(to)
    if words:
        return await _carry(turn, pair, side, words)
    other = await _person(turn, pair, side.other)
    return Form(f"To {first_name(other.name)[:20]}", act("write.send", pair.id), (_words(),), "Send")


@writing.press("write.open")
async def answer(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    other = await _person(turn, pair, side.other)
    return Form(f"To {first_name(other.name)[:20]}", act("write.send", pair.id), (_words(),), "Send")


@writing.form("write.send")
async def send(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    return await _carry(turn, pair, side, " ".join(turn.filled.get("words", ())))


async def _carry(turn: Turn, pair: Pair, side: Side, words: str) -> Reply:
    words = clean(words, NOTE)
    if not words:
        raise Sorry("There was nothing to carry yet: a few words are enough.")
    other = await _person(turn, pair, side.other)
    await carry(turn, pair, side, _note(first_name(turn.who.name), words, pair), f"note:{pair.id}")
    if pair.state is PairState.ACTIVE:
        await spoke(turn, pair, side)
    back = other.away_until if other.away_until and other.away_until > turn.today(other) else None
    return Private(_carried(first_name(other.name), first_moment(back, turn.zone_of(other)) if back else None))


async def _person(turn: Turn, pair: Pair, side: Side) -> Person:
    found = await turn.records.people.get(pair.person(side))
    assert found is not None
    return found


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _words() -> TextField:
    return TextField("words", "What you want to say", long=True, limit=NOTE)


def _note(name: str, words: str, pair: Pair) -> Message:
    return message(
        say("{name} writes:", name=name),
        Quote(words),
        buttons(Button("Answer", act("write.open", pair.id))),
    )


def _carried(name: str, back: datetime | None) -> Message:
    if back is None:
        return message(say("On its way to {name}.", name=name))
    return message(say("{name} is away, and will read it on {day}.", name=name, day=When(back, "day")))
