"""What is kept of a member: shown to them alone, handed to them, or forgotten."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.feature import Feature, Turn
from bot.model import DAY, IntroState, Open, Pace, PairState, QueueReason, Urgency
from bot.pairs import end, pause, resume
from bot.portrait import first_name
from bot.records import Kept
from bot.rules import concern
from bot.rules.keeping import Then, next_step
from bot.ui import (
    Button,
    Command,
    File,
    Line,
    Message,
    Private,
    Reply,
    Slash,
    Style,
    Update,
    When,
    act,
    bullets,
    buttons,
    joined,
    message,
    say,
)

privacy = Feature("privacy")


@privacy.command(Command("my-data", "What I keep about you: see it, take it with you, or have it forgotten"))
async def my_data(turn: Turn) -> Reply:
    return Private(_kept(summed(await turn.records.privacy.own(turn.who.id, turn.now))))


@privacy.press("privacy.all")
async def all_of_it(turn: Turn) -> Reply:
    kept = await turn.records.privacy.own(turn.who.id, turn.now)
    told = {"society": turn.society.name, "written": turn.now.isoformat(timespec="minutes"), "about you": kept}
    await turn.audit("data.exported", f"person:{turn.who.id}")
    return Private(_handed(json.dumps(told, ensure_ascii=False, indent=1).encode()))


@privacy.press("privacy.forget")
async def sure(turn: Turn) -> Reply:
    live = await turn.records.pairs.live_of(turn.who.id)
    others = [officer for officer in await turn.records.people.officers() if officer.id != turn.who.id]
    return Private(_sure(len(live), alone=turn.who.officer and not others))


@privacy.press("privacy.stay")
async def stay(turn: Turn) -> Reply:
    return Update(message("Good. Nothing was changed."))


@privacy.press("privacy.forgotten")
async def forgotten(turn: Turn) -> Reply:
    await forget(turn)
    return Update(_forgotten(turn.society.name))


async def forget(turn: Turn) -> None:
    """Let go of all that the one whose turn it is began, in words that name no reason, and then of them."""
    await _take_back(turn)
    await _hand_on(turn)
    for pair in await turn.records.pairs.live_of(turn.who.id):
        await end(turn, pair)
    await turn.records.privacy.forget(turn.who.id, turn.now)
    await turn.audit("person.forgotten", f"person:{turn.who.id}")


async def _take_back(turn: Turn) -> None:
    """The request they sent is withdrawn; those who wait for them may ask others."""
    intros = turn.records.intros
    mine = await intros.waiting_of(turn.who.id)
    waiting = await intros.waiting_for(turn.who.id)
    for intro in (*([mine] if mine else []), *waiting):
        state = IntroState.WITHDRAWN if intro is mine else IntroState.EXPIRED
        if not await intros.close(intro.id, state, turn.now):
            continue
        await turn.records.diary.set(Open.INTRO, intro.id, None)
        await turn.records.post.withdraw(f"intro:{intro.id}")
        if intro is not mine:
            await turn.tell(intro.mentee, _not_this_time(first_name(turn.who.name)), topic=f"next:{intro.mentee}")


async def _hand_on(turn: Turn) -> None:
    """Whoever trusted them with a concern hears that it needs another reader."""
    for each in await turn.records.concerns.open_for(turn.who.id):
        await turn.records.post.withdraw(f"concern:{each.id}")
        if each.read_at is None:
            await turn.records.concerns.mark(each.id, delayed_at=turn.now)
            await turn.tell(each.writer, _needs_a_reader(each.id), topic=f"concern:{each.id}")
        else:
            await turn.records.concerns.mark(each.id, closed_at=turn.now)
        after = await turn.records.concerns.get(each.id)
        await turn.records.diary.set(Open.CONCERN, each.id, concern.next_moment(after) if after else None)


# ── whom nothing is heard of ──────────────────────────────────────────────────────────────────────────────────────


@privacy.when_left
async def left(turn: Turn) -> None:
    """Who left every place rests at once, and is forgotten unless they return: people leave by mistake, too."""
    live = await turn.records.pairs.live_of(turn.who.id)
    elsewhere = [each for each in await turn.records.people.addresses(turn.who.id) if each != turn.address]
    if not elsewhere and turn.who.left_at is None:
        await turn.records.people.change(turn.who.id, left_at=turn.now)
        await turn.records.diary.set(Open.PERSON, turn.who.id, turn.now + turn.pace.keep_left)
        await _take_back(turn)
        for pair in live:
            if pair.state is PairState.ACTIVE:
                await pause(turn, pair, _rests_until(turn.now, turn.pace))
    for pair in live:
        await turn.hand_to_officers(QueueReason.LEFT, pair=pair.id)


@privacy.when_back
async def returned(turn: Turn) -> None:
    """What rests because they had left goes on. (`turn.who` is still as they were when they left.)"""
    if turn.who.left_at is None:
        return
    for pair in await turn.records.pairs.live_of(turn.who.id):
        await turn.records.queue.resolve_pair(pair.id, turn.now, QueueReason.LEFT)
        if pair.paused_until == _rests_until(turn.who.left_at, turn.pace):
            await resume(turn, pair)


def _rests_until(left_at: datetime, pace: Pace) -> datetime:
    """Beyond the moment when whoever left is forgotten, so that it does not begin again just before."""
    return left_at + pace.keep_left + DAY


@privacy.promise(Open.PERSON)
async def not_heard_of(turn: Turn, person_id: int) -> None:
    """Someone left, or was not here for long: in time they are asked whether to be kept, and forgotten."""
    people = turn.records.people
    person = await people.get(person_id)
    if person is None:
        await turn.records.diary.set(Open.PERSON, person_id, None)
        return
    if person.left_at is None and await turn.records.pairs.live_of(person_id):
        await people.change(person_id, seen_at=turn.now, noticed_at=None)  # whoever is in a pair is here
        person = replace(person, seen_at=turn.now, noticed_at=None)
    joined = await people.mentee(person_id) is not None or await people.mentor(person_id) is not None
    step = next_step(person, turn.pace, joined=joined)
    if step is not None and step.at <= turn.now:
        if step.then is Then.FORGET:
            turn.person = person
            await forget(turn)
            return
        await people.change(person_id, noticed_at=turn.now)
        step = next_step(replace(person, noticed_at=turn.now), turn.pace, joined=joined)
        if step is not None and await people.addresses(person_id):
            said = _shall_i_keep_you(turn.society.name, step.at)
            # No prompt: a break must not hold it back until it is too late to answer.
            await turn.tell(person_id, said, topic=f"keep:{person_id}", urgency=Urgency.NEWS)
    await turn.records.diary.set(Open.PERSON, person_id, step.at if step else None)


@privacy.press("privacy.keep")
async def keep(turn: Turn) -> Reply:
    return Update(message("Good to have you. Everything stays as it is."))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

_KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("a pair", "{} pairs: with whom, from when to when, and what you two agreed", ("pairs",)),
    ("a request", "{} requests for a mentor", ("intros",)),
    ("an answer", "{} answers: what you expect, and how it goes", ("answers", "checkin_answers", "reasons")),
    ("a meeting", "{} meetings, with what you wrote down about them", ("meetings",)),
    ("a step", "{} steps, updates and hours that you noted", ("small_steps", "updates", "project_updates", "shadowed")),
    ("a project", "{} projects", ("projects",)),
    ("a way to reach you", "{} ways in which you let someone reach you", ("grants",)),
    ("a word about your grades, for one mentor", "{} words about your grades, each for one mentor", ("disclosures",)),
    ("a mentor of your own", "{} mentors of your own, known to nobody else", ("own_mentors",)),
    ("a concern in confidence", "{} concerns in confidence", ("concerns",)),
    ("a thing you did", "{} things you did, by date, without what was said", ("audit",)),
)
"""How each kind of what is kept is spoken of: one of them, several, and the tables they are in."""


def summed(kept: Kept) -> list[str]:
    """What is kept, in a few lines."""
    ways = len(kept.get("addresses", ()))
    profiles = joined([role for role in ("mentee", "mentor") if kept.get(f"{role}_profiles")])
    who = "Your name, what you told us of yourself, and how you are reached"
    lines = [f"{who} ({ways} accounts)" if ways > 1 else who]
    if profiles:
        lines.append(f"Your profile as {profiles}")
    for one, several, tables in _KINDS:
        number = sum(len(kept.get(table, ())) for table in tables)
        if number:
            lines.append(several.format(number) if number > 1 else one[:1].upper() + one[1:])
    return lines


def _kept(lines: Sequence[str]) -> Message:
    return message(
        "This is what I keep about you. Nobody else sees this list.",
        bullets(*lines),
        buttons(
            Button("Give me all of it", act("privacy.all"), Style.PRIMARY),
            Button("Forget me", act("privacy.forget"), Style.DANGER),
        ),
        Line(("Of what you write in a pair's room only the time is kept, never the words.",), quiet=True),
    )


def _handed(data: bytes) -> Message:
    return message(
        "Here it is, for you alone. What others wrote or answered is theirs and not in it.",
        File("my-data.json", "All that I keep about you", data),
    )


def _sure(pairs: int, *, alone: bool) -> Message:
    ends = {0: "", 1: "Your pair ends; the other reads one kind line, and no reason. "}
    several = f"Your {pairs} pairs end; the others read one kind line, and no reason. "
    officer = ["You are the only officer. Name another first, or nobody looks after the pairs."] if alone else []
    return message(
        "Forget you? There is no way back.",
        f"{ends.get(pairs, several)}Your profile, answers, notes and requests are deleted at once. In what is others' "
        "own, such as their list of past mentors, your name is taken out.",
        *officer,
        Line(("What you wrote in chats stays there; only you can delete it. Backups go within 30 days.",), quiet=True),
        buttons(
            Button("Yes, forget me", act("privacy.forgotten"), Style.DANGER),
            Button("No, stay", act("privacy.stay")),
        ),
    )


def _forgotten(society: str) -> Message:
    return message(
        say("Done. {society} keeps nothing about you here, and I won't write to you again.", society=society[:80]),
        say("Thank you for having been part of it. Should you ever wish to begin anew: {join}", join=Slash("sign-up")),
    )


def _not_this_time(mentor: str) -> Message:
    return message(
        say("{mentor} can't take this on at the moment. That is about time, not about you.", mentor=mentor),
        say("Your words are kept. See who else fits: {find}", find=Slash("find-mentor")),
    )


def _needs_a_reader(number: int) -> Message:
    return message(
        "Whom you trusted with a private concern has left without reading it. You can give it to someone else.",
        buttons(Button("Choose someone else", act("concern.other", number), Style.PRIMARY)),
    )


def _shall_i_keep_you(society: str, until: datetime) -> Message:
    return message(
        say(
            "It has been long since you were at {society}'s mentorship. Shall I keep your profile?",
            society=society[:80],
        ),
        say("Without an answer I forget you on {day}, and write no more.", day=When(until, "day")),
        buttons(
            Button("Keep it", act("privacy.keep"), Style.PRIMARY),
            Button("Forget me", act("privacy.forget")),
        ),
    )
