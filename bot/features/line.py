"""Waiting for a mentor when nobody is free: joined in one tap, and told, one at a time, when someone fits."""

from __future__ import annotations

from datetime import datetime

from bot.feature import Feature, Sorry, Turn
from bot.matching import candidates
from bot.model import InLine, Open, Urgency
from bot.portrait import candidate
from bot.rules.fit import Fit, complete_mentee
from bot.rules.line import to_tell
from bot.rules.timing import awake
from bot.ui import Button, Message, Private, Reply, Slash, Style, Update, When, act, buttons, message, say

line = Feature("line")


@line.press("line.join")
async def join(turn: Turn) -> Reply:
    mentee = await turn.records.people.mentee(turn.who.id)
    if mentee is None or not complete_mentee(mentee):
        raise Sorry(say("First a few things about you, so that I know who fits: {join}", join=Slash("sign-up")))
    live = await turn.records.pairs.live_of(turn.who.id)
    if sum(pair.mentee == turn.who.id for pair in live) >= turn.pace.mentors_each:
        raise Sorry("You have as many mentors as we give one person. Make the most of them.")
    if fits := await candidates(turn, mentee):
        return Private(_free_now(fits[:3]))
    await turn.records.roads.join_line(turn.who.id, turn.now)
    await turn.records.diary.set(Open.LINE, 0, turn.now)
    return Private(_joined())


@line.press("line.leave")
async def leave(turn: Turn) -> Reply:
    await turn.records.roads.leave_line(turn.who.id)
    return Update(message("Done. You can join again any time."))


@line.at_home
async def waits(turn: Turn) -> Message | None:
    return _waits() if await turn.records.roads.in_line(turn.who.id) else None


@line.promise(Open.LINE)
async def go_through(turn: Turn, subject: int) -> None:
    """A place may be free: whoever has waited longest and fits is told of it, and has some days of their own to ask.

    Not in a break, in which nobody thinks of it.
    """
    if (rested := awake(turn.now, turn.stopped)) > turn.now:
        await turn.records.diary.set(Open.LINE, subject, rested)
        return
    waiting = await turn.records.roads.line()
    fits = {each.person: await _fits(turn, each) for each in waiting}
    by_id = {fit.mentor.person.id: fit.mentor for found in fits.values() for fit in found}
    places = {mentor: by_id[mentor].free - len(await turn.records.intros.waiting_for(mentor)) for mentor in by_id}
    fitting = {person: [fit.mentor.person.id for fit in found] for person, found in fits.items()}
    for person, mentor in to_tell(waiting, fitting, places, turn.pace, turn.now):
        fit = next(fit for fit in fits[person] if fit.mentor.person.id == mentor)
        await turn.records.roads.told_of(person, mentor, turn.now)
        await turn.records.post.withdraw(f"line:{person}")
        said = _someone(fit, turn.now + turn.pace.line_hold)
        await turn.tell(person, said, f"line:{person}", Urgency.PROMPT)
    await turn.records.diary.set(Open.LINE, subject, turn.now + turn.pace.line_look if waiting else None)


async def _fits(turn: Turn, waits: InLine) -> list[Fit]:
    """Whom someone in line could ask now: nobody, while another has their request."""
    mentee = await turn.records.people.mentee(waits.person)
    if mentee is None or await turn.records.intros.waiting_of(waits.person):
        return []
    return await candidates(turn, mentee)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _free_now(fits: list[Fit]) -> Message:
    return message("No need to wait: someone who fits is free just now.", *(candidate(fit) for fit in fits))


def _joined() -> Message:
    return message(
        "Done. I'll write when someone who fits has a place; you needn't look again.",
        say("Meanwhile: {ways}", ways=Slash("other-ways")),
    )


def _waits() -> Message:
    return message(
        "You are in line for a mentor. I'll write when someone fits.",
        buttons(Button("I no longer look", act("line.leave"))),
    )


def _someone(fit: Fit, until: datetime) -> Message:
    return message(
        "Someone who fits has a place, and you are the first I tell:",
        candidate(fit),
        say("No rush: until {day} I tell nobody else. If it's not for you, you stay in line.", day=When(until, "day")),
        buttons(Button("I no longer look", act("line.leave"), Style.PLAIN)),
    )
