"""Grades and scores: shown by a mentee to one mentor, after the pair has begun, in the mentee's own words, for a while.

There is no field for a grade anywhere. What was written is sealed, read by that mentor when they ask, and forgotten
when it is taken back, after 30 days, or with the pair. Nothing of it is used to match anyone, and no officer sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.agreed import person_of
from bot.feature import Feature, Stale, Turn
from bot.model import DAY, Disclosed, Open, Pair, Shared, Side
from bot.portrait import first_name
from bot.questions import Question, Screen
from bot.ui import (
    Button,
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
)

academics = Feature("academics")

KEPT = 30 * DAY
SHOWN = 5

GRADES = Screen(
    "grades",
    "For this mentor alone",
    (
        Question("words", "What would you like them to know?", limit=500,
                 hint="A range is enough. Sealed, for this mentor alone, gone after 30 days."),
    ),
)  # fmt: skip


academics.offer("Grades and scores", "grades.open", resting=True)


@academics.standing
async def waits_to_be_read(turn: Turn, pair: Pair, side: Side) -> Text | None:
    if side is not Side.MENTOR or await _current(turn, pair) is None:
        return None
    return say("Shared grades or scores with you: see More…")


@academics.press("grades.open")
async def open_(turn: Turn, pair_id: int) -> Reply:
    """The mentee sees what they share and who looked; the mentor sees it, and that is noted."""
    pair, side = await turn.pair_of_mine(pair_id)
    other = first_name((await person_of(turn, pair, side.other)).name)
    shared = await _current(turn, pair)
    if side is Side.MENTEE:
        looks = await turn.records.permissions.looks(pair.id, Side.MENTEE, Disclosed.ACADEMICS)
        return Private(_mine(pair, other, shared, looks) if shared else _nothing_shared(pair, other))
    if shared is None:
        return Private(_none_to_read(other))
    await turn.records.permissions.looked(pair.id, Side.MENTEE, Disclosed.ACADEMICS, turn.now)
    return Private(_to_read(other, shared, shared.at + KEPT))


@academics.press("grades.write")
async def write(turn: Turn, pair_id: int) -> Reply:
    pair = await _as_mentee(turn, pair_id)
    # Never filled in with what is shared: forms may be kept for a while on their way.
    return GRADES.form(act("grades.share", pair.id), None, "Share it")


@academics.form("grades.share")
async def share(turn: Turn, pair_id: int) -> Reply:
    pair = await _as_mentee(turn, pair_id)
    if not await turn.records.permissions.share(pair.id, GRADES.read(turn.filled)["words"], turn.now):
        raise Stale
    await turn.records.diary.set(Open.DISCLOSURE, pair.id, turn.now + KEPT)
    mentor = first_name((await person_of(turn, pair, Side.MENTOR)).name)
    return Private(_shared(pair, mentor, turn.now + KEPT))


@academics.press("grades.withdraw")
async def withdraw(turn: Turn, pair_id: int) -> Reply:
    pair = await _as_mentee(turn, pair_id)
    await _wipe(turn, pair.id)
    return Update(message("Taken back. Nothing of it is kept here."))


@academics.promise(Open.DISCLOSURE)
async def over(turn: Turn, pair_id: int) -> None:
    shared = await turn.records.permissions.shared(pair_id)
    if shared is not None and turn.now < shared.at + KEPT:
        await turn.records.diary.set(Open.DISCLOSURE, pair_id, shared.at + KEPT)
    else:
        await _wipe(turn, pair_id)


async def _wipe(turn: Turn, pair: int) -> None:
    await turn.records.permissions.withdraw(pair)
    await turn.records.diary.set(Open.DISCLOSURE, pair, None)


async def _current(turn: Turn, pair: Pair) -> Shared | None:
    """What is shared, unless its time is over, even where it was not wiped in time."""
    shared = await turn.records.permissions.shared(pair.id)
    return shared if shared and turn.now < shared.at + KEPT else None


async def _as_mentee(turn: Turn, pair_id: int) -> Pair:
    pair, side = await turn.pair_of_mine(pair_id)
    if side is not Side.MENTEE:
        raise Stale
    return pair


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _nothing_shared(pair: Pair, mentor: str) -> Message:
    return message(
        say("{mentor} sees nothing of your grades or scores, and never has to.", mentor=mentor),
        say(
            "If they would help, write what you like; only {mentor} reads it, and you can take it back.", mentor=mentor
        ),
        buttons(Button("Share something", act("grades.write", pair.id))),
    )


def _shared(pair: Pair, mentor: str, until: datetime) -> Message:
    return message(
        say("Shared with {mentor} alone, until {day}. I don't announce it; tell them it is there.",
            mentor=mentor, day=When(until, "day")),
        buttons(Button("Take it back", act("grades.withdraw", pair.id))),
    )  # fmt: skip


def _mine(pair: Pair, mentor: str, shared: Shared, looks: Sequence[datetime]) -> Message:
    seen = [moment for moment in looks if moment >= shared.at][:SHOWN]
    return message(
        say("What {mentor}, and nobody else, can read until {day}:", mentor=mentor, day=When(shared.at + KEPT, "day")),
        Quote(shared.words),
        *(
            [say("{mentor} looked:", mentor=mentor), bullets(*((When(moment),) for moment in seen))]
            if seen
            else [say("{mentor} has not looked yet.", mentor=mentor)]
        ),
        buttons(
            Button("Take it back", act("grades.withdraw", pair.id), Style.DANGER),
            Button("Write it anew", act("grades.write", pair.id)),
        ),
    )


def _none_to_read(mentee: str) -> Message:
    return message(say("{mentee} shares nothing of grades or scores here, and never has to.", mentee=mentee))


def _to_read(mentee: str, shared: Shared, until: datetime) -> Message:
    return message(
        say("For you alone, from {mentee}, until {day}:", mentee=mentee, day=When(until, "day")),
        Quote(shared.words),
        Line(say("Please keep it to yourself. {mentee} can see that you looked.", mentee=mentee), quiet=True),
    )
