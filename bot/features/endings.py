"""Pausing and ending a pair by either side's wish: how long is theirs to choose, and no reason is ever asked."""

from __future__ import annotations

from datetime import datetime

from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import DAY, Need, Open, Pair, PairState, Person, QueueReason, Reason, Side
from bot.pairs import end, past_of_mine, pause
from bot.portrait import first_name
from bot.questions import Question, Screen, day_ahead
from bot.rules.timing import first_moment
from bot.ui import (
    Button,
    Form,
    Line,
    Message,
    Private,
    Quote,
    Reply,
    Slash,
    Style,
    TextField,
    Update,
    When,
    act,
    buttons,
    message,
    say,
    together,
)
from bot.vocabulary import Why

endings = Feature("endings")

WEEKS = (2, 4, 8)
READ = 60 * DAY
"""So long officers see what someone told them about an end."""

WHY = Screen(
    "why",
    "For the officers only",
    (
        Question("why", "What was it, mostly?", Why),
        Question("words", "Anything they should know?", required=False, limit=500,
                 hint="The other never reads it. For a worry about someone's conduct there is /concern."),
    ),
)  # fmt: skip

endings.offer("Pause", "ending.pause")
endings.offer("Not a fit", "ending.open", resting=True)


# ── pausing ───────────────────────────────────────────────────────────────────────────────────────────────────────


@endings.press("ending.pause")
async def how_long(turn: Turn, pair_id: int) -> Reply:
    pair, _ = await turn.pair_of_mine(pair_id)
    return Update(_how_long(pair))


@endings.press("ending.rest")
async def rest(turn: Turn, pair_id: int, weeks: int) -> Reply:
    if weeks not in WEEKS:
        raise Stale
    return Update(await _rest(turn, pair_id, turn.now + 7 * weeks * DAY))


@endings.press("ending.until")
async def until(turn: Turn, pair_id: int) -> Reply:
    pair, _ = await turn.pair_of_mine(pair_id)
    day = TextField("day", "The day you go on", "As 2026-12-15. Nothing is due before.", limit=20)
    return Form("Until when?", act("ending.rest-until", pair.id), (day,), "Pause")


@endings.form("ending.rest-until")
async def rest_until(turn: Turn, pair_id: int) -> Reply:
    day = day_ahead(" ".join(turn.filled.get("day", ())), turn.today(turn.who))
    return Private(await _rest(turn, pair_id, first_moment(day, turn.zone_of(turn.who))))


async def _rest(turn: Turn, pair_id: int, back: datetime) -> Message:
    pair, _ = await turn.pair_of_mine(pair_id)
    if pair.state is not PairState.ACTIVE:
        raise Stale
    await pause(turn, pair, back)
    return _resting(back)


# ── ending ────────────────────────────────────────────────────────────────────────────────────────────────────────


@endings.press("ending.open")
async def sure(turn: Turn, pair_id: int) -> Reply:
    pair, _ = await turn.pair_of_mine(pair_id)
    return Update(_sure(pair))


@endings.press("ending.end")
async def end_it(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    await end(turn, pair)
    return Update(_done(pair, side))


@endings.press("ending.why")
async def why(turn: Turn, pair_id: int) -> Reply:
    pair, _ = await past_of_mine(turn, pair_id)
    return WHY.form(act("ending.tell", pair.id), None, "Tell the officers")


@endings.form("ending.tell")
async def tell(turn: Turn, pair_id: int) -> Reply:
    pair, side = await past_of_mine(turn, pair_id)
    given = WHY.read(turn.filled)
    await turn.records.endings.give_reason(pair.id, side, given["why"], given["words"], turn.now)
    await turn.audit("ending.reason", f"pair:{pair.id}")
    return Private(message("Thank you. The officers can read it; the other never will."))


@endings.press("ending.again")
async def again(turn: Turn, pair_id: int) -> Reply:
    """A mentee whose pair has ended comes first in line, and an officer sees it."""
    pair, side = await past_of_mine(turn, pair_id)
    if side is not Side.MENTEE:
        raise Stale
    if any(each.mentee == turn.who.id for each in await turn.records.pairs.live_of(turn.who.id)):
        raise Sorry(say("You have a mentor. For one more: {find}", find=Slash("find-mentor")))
    await turn.records.roads.join_line(turn.who.id, turn.now, first=True)
    await turn.records.diary.set(Open.LINE, 0, turn.now)
    await turn.hand_to_officers(QueueReason.REMATCH, person=turn.who.id)
    return Update(_again(pair))


# ── what officers read of it ──────────────────────────────────────────────────────────────────────────────────────


@endings.at_home
async def were_told(turn: Turn) -> Message | None:
    found = await _readable(turn) if turn.who.officer else []
    return _were_told(len(found)) if found else None


@endings.press("ending.reasons", need=Need.ACT)
async def read_reasons(turn: Turn) -> Reply:
    found = (await _readable(turn))[:5]
    if not found:
        raise Stale
    parts = []
    for pair, reason in found:
        teller = await turn.records.people.get(pair.person(reason.side))
        other = await turn.records.people.get(pair.person(reason.side.other))
        assert teller is not None
        assert other is not None
        parts.append(_reason(teller, other, reason))
        await turn.audit("ending.read", f"pair:{pair.id}")
    return Private(together(parts))


async def _readable(turn: Turn) -> list[tuple[Pair, Reason]]:
    """What was told lately, without anything about a pair of the officer's own."""
    found = []
    for reason in await turn.records.endings.reasons(turn.now - READ):
        pair = await turn.records.pairs.get(reason.pair)
        if pair is not None and pair.side(turn.who.id) is None:
            found.append((pair, reason))
    return found


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _how_long(pair: Pair) -> Message:
    return message(
        "How long should it rest? Nothing is due meanwhile, and nothing is lost.",
        buttons(
            *(Button(f"{weeks} weeks", act("ending.rest", pair.id, weeks)) for weeks in WEEKS),
            Button("Until a date", act("ending.until", pair.id)),
        ),
    )


def _resting(back: datetime) -> Message:
    return message(say("Resting until {day}. I'll be in touch after that; nothing is lost.", day=When(back, "day")))


def _sure(pair: Pair) -> Message:
    return message(
        "No reason needed. Shall I end it? The other reads one kind, neutral line.",
        buttons(
            Button("End it", act("ending.end", pair.id), Style.DANGER),
            Button("Pause instead", act("ending.pause", pair.id)),
        ),
    )


def _done(pair: Pair, side: Side) -> Message:
    tell_why = Button("Tell an officer why", act("ending.why", pair.id))
    if side is Side.MENTOR:
        return message("Done. Thank you for the time you gave.", buttons(tell_why))
    return message(
        say("Done, without a fuss. When you're ready: {find}", find=Slash("find-mentor")),
        buttons(Button("Find me someone new", act("ending.again", pair.id), Style.PRIMARY), tell_why),
    )


def _again(pair: Pair) -> Message:
    return message(
        "You come first in line: I'll write when someone new fits, and an officer looks too.",
        say("Nothing else to do. If you'd rather look yourself: {find}", find=Slash("find-mentor")),
        buttons(Button("Tell an officer why", act("ending.why", pair.id))),
    )


def _were_told(number: int) -> Message:
    words = "Someone told you why their pair ended." if number == 1 else f"{number} people told you why a pair ended."
    return message(words, buttons(Button("Read it", act("ending.reasons"))))


def _reason(teller: Person, other: Person, reason: Reason) -> Message:
    names = {"teller": first_name(teller.name), "other": first_name(other.name)}
    head = say("{teller}, of the pair with {other}: {why}.", **names, why=reason.why.label.lower())
    return message(
        head,
        *([Quote(reason.words)] if reason.words else []),
        Line((f"{names['other']} does not know of it.",), quiet=True),
    )
