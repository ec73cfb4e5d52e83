"""Writing an introduction: short screens, a check, the words as the mentor will read them, and a last press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from bot.asking import answers, both, letter, may_ask, mine, one_at_a_time, to_copy
from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import Intro, IntroState, Mentee, Mentor, Open
from bot.portrait import addressed, first_name, limits_of
from bot.questions import Question, Screen
from bot.rules.fit import uncovered, unlisted
from bot.rules.readiness import CONCRETE, Readiness, Stage, readiness, same_as
from bot.rules.timing import after
from bot.ui import (
    Button,
    Line,
    Message,
    Private,
    Reply,
    Style,
    Update,
    act,
    bullets,
    buttons,
    joined,
    message,
    message_json,
    say,
)
from bot.vocabulary import Academics, School, spoken

introducing = Feature("introducing")

THANKS = "Thank you for reading this."

# Together some 200 words: as much as a busy person reads, and never more than one message holds.
LETTER = Screen(
    "letter",
    "Your introduction",
    (
        Question("need", "What do you need?", draft=True, limit=250,
                 hint=f"One concrete line, {CONCRETE} characters or more."),
        Question("ask", "What would you ask of them?", draft=True, limit=200,
                 hint="The one most useful thing, answerable in a sentence."),
        Question("motivation", "Why medicine?", draft=True, limit=280, hint="One to four sentences."),
        Question("why", "Why this mentor?", required=False, limit=180),
        Question("academics", "Would you share grades and scores?", Academics, draft=True,
                 hint="Only whether. “Not now” is an answer; the numbers are never asked."),
    ),
)  # fmt: skip
MORE = Screen(
    "more",
    "A little more",
    (
        Question("opening", "How do you greet them?", required=False, limit=50),
        Question("effort", "What will you do for your part?", required=False, limit=120,
                 hint="Say, questions sent the day before, and an answer within two days."),
        Question("links", "A link or a CV", required=False, limit=120, hint="Shown as you write it."),
        Question("closing", "How do you close?", required=False, limit=70),
        Question("school", "May they read which school you go to?", School, draft=True),
    ),
)  # fmt: skip


@introducing.press("intro.ask")
async def ask(turn: Turn, mentor_id: int) -> Reply:
    mentee, mentor = await both(turn, turn.who.id, mentor_id)
    await may_ask(turn, mentee, mentor)
    draft, earlier = await _written(turn, mentor)
    return LETTER.form(act("intro.write", mentor_id), draft or earlier, "See it")


@introducing.form("intro.write")
async def write(turn: Turn, mentor_id: int) -> Reply:
    _, mentor = await both(turn, turn.who.id, mentor_id)
    return await _kept(turn, mentor, LETTER.read(turn.filled))


@introducing.press("intro.more")
async def more(turn: Turn, intro_id: int) -> Reply:
    draft = await mine(turn, intro_id)
    if draft.school is None and turn.who.school:
        draft = replace(draft, school=School.SHOW)
    return MORE.form(act("intro.add", draft.mentor), draft, "See it")


@introducing.form("intro.add")
async def add(turn: Turn, mentor_id: int) -> Reply:
    _, mentor = await both(turn, turn.who.id, mentor_id)
    return await _kept(turn, mentor, MORE.read(turn.filled))


async def _kept(turn: Turn, mentor: Mentor, given: dict[str, Any]) -> Reply:
    """The draft with what was filled in, as it would be sent."""
    draft, earlier = await _written(turn, mentor)
    if draft is None:
        # What is true for every mentor comes along; whom it greets, and why, is written for this one.
        along = {name: getattr(earlier, name) for name in ("effort", "links", "closing", "school")}
        given = along | {"opening": f"Dear {addressed(mentor)},"} | given
    intro = await turn.records.intros.draft(turn.who.id, mentor.person.id, **given)
    return Private(await _as_it_stands(turn, intro))


async def _written(turn: Turn, mentor: Mentor) -> tuple[Intro | None, Intro]:
    """The draft to this mentor, if there is one, and what a new one begins from."""
    all_mine = await turn.records.intros.all_of(turn.who.id)
    to_them = mentor.person.id
    draft = next((i for i in all_mine if i.mentor == to_them and i.state is IntroState.DRAFT), None)
    new = Intro(0, turn.who.id, to_them, IntroState.DRAFT, closing=THANKS)
    newest = next(iter(all_mine), new)
    return draft, newest if newest.mentor == to_them else replace(newest, why="")


async def _as_it_stands(turn: Turn, intro: Intro) -> Message:
    mentee, mentor = await both(turn, intro.mentee, intro.mentor)
    state = readiness(intro, mentee)
    if not state.ready:
        return _not_ready(intro, mentor, state)
    twin = same_as(intro, await turn.records.intros.all_of(intro.mentee))
    other = await turn.records.people.get(twin.mentor) if twin else None
    warnings = _warnings(mentee, mentor, first_name(other.name) if other else "")
    return _preview(intro, mentee, mentor, state, warnings, turn.zone_of(mentee.person))


@introducing.press("intro.copy")
async def copy(turn: Turn, intro_id: int) -> Reply:
    intro = await mine(turn, intro_id)
    mentee, _ = await both(turn, intro.mentee, intro.mentor)
    if not readiness(intro, mentee).ready:
        raise Stale
    return Private(_copied(letter(intro, mentee, turn.zone_of(mentee.person))))


@introducing.press("intro.send")
async def send(turn: Turn, intro_id: int, seen: str = "") -> Reply:
    """Send the words that were `seen`. Those that were changed since, on another screen, are shown first."""
    intro = await mine(turn, intro_id)
    mentee, mentor = await both(turn, intro.mentee, intro.mentor)
    if intro.state is IntroState.WAITING:
        return Update(_sent(intro, mentor))
    if intro.state is not IntroState.DRAFT:
        raise Stale
    await may_ask(turn, mentee, mentor)
    if not readiness(intro, mentee).ready or seen != _mark(letter(intro, mentee, turn.zone_of(mentee.person))):
        return Update(await _as_it_stands(turn, intro))
    if not await turn.records.intros.send(intro.id, turn.now):
        raise Sorry(one_at_a_time())
    await turn.records.diary.set(Open.INTRO, intro.id, after(turn.now, turn.pace.intro_reminder, turn.stopped))
    request = _request(intro, mentee, turn.zone_of(mentee.person))
    await turn.tell(mentor.person.id, request, topic=f"intro:{intro.id}")
    await turn.audit("intro.sent", f"intro:{intro.id}")
    return Update(_sent(intro, mentor))


@introducing.press("intro.discard")
async def discard(turn: Turn, intro_id: int) -> Reply:
    await mine(turn, intro_id)
    return Update(message("Put away. Nothing was sent, and your words are kept for next time."))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _not_ready(intro: Intro, mentor: Mentor, state: Readiness) -> Message:
    return message(
        say("Not ready for {name} yet. It still needs:", name=first_name(mentor.person.name)),
        bullets(*state.missing),
        Line(("Your draft is kept.",), quiet=True),
        buttons(
            Button("Change it", act("intro.ask", mentor.person.id), Style.PRIMARY),
            Button("School, greeting, links", act("intro.more", intro.id)),
        ),
    )


def _warnings(mentee: Mentee, mentor: Mentor, same: str) -> list[str]:
    """What is worth knowing before it is sent. `same`: who got nearly these words before."""
    name = first_name(mentor.person.name)
    wont, unnamed = uncovered(mentee, mentor), unlisted(mentee, mentor)
    return [
        *([f"{name} has said they would rather not help with {joined(spoken(wont))}."] if wont else []),
        *([f"They don't list {joined(spoken(unnamed))} among what they offer."] if unnamed else []),
        *([f"{same} got nearly the same words. One line meant for this mentor alone goes further."] if same else []),
    ]


def _preview(
    intro: Intro, mentee: Mentee, mentor: Mentor, state: Readiness, warnings: Sequence[str], zone: ZoneInfo
) -> Message:
    name, almost = first_name(mentor.person.name), state.stage is Stage.ALMOST
    words = letter(intro, mentee, zone)
    if almost:
        head = say("Almost ready for {name}. Nothing is sent until you say so.", name=name)
    else:
        head = say("This is what {name} will read. Nothing is sent until you say so.", name=name)
    better = (Line(("You can send it as it is. Better still:",)), bullets(*state.advice[:2])) if almost else ()
    return message(
        head,
        *words.blocks,
        *([bullets(*warnings)] if warnings else []),
        *better,
        Line(say("What they can give: {limits}.", limits=limits_of(mentor)), quiet=True),
        buttons(
            Button(
                f"Send to {name}", act("intro.send", intro.id, _mark(words)), Style.PLAIN if almost else Style.PRIMARY
            ),
            Button("Change it", act("intro.ask", mentor.person.id), Style.PRIMARY if almost else Style.PLAIN),
            Button("Greeting, links, more", act("intro.more", intro.id)),
            Button("Copy for an e-mail", act("intro.copy", intro.id)),
            Button("Not now", act("intro.discard", intro.id)),
        ),
    )


def _mark(words: Message) -> str:
    """By which it is known that what is sent is what was seen."""
    return sha256(message_json(words).encode()).hexdigest()[:8]


def _copied(whole: Message) -> Message:
    return message(Line(("The same words, for an e-mail:",), quiet=True), *to_copy(whole).blocks)


def _sent(intro: Intro, mentor: Mentor) -> Message:
    return message(
        say(
            "Sent. {name} has a week to answer, and I'll tell you either way.",
            name=first_name(mentor.person.name),
        ),
        buttons(Button("Copy for an e-mail", act("intro.copy", intro.id))),
    )


def _request(intro: Intro, mentee: Mentee, zone: ZoneInfo) -> Message:
    return message(
        say("{name} would like you as a mentor.", name=first_name(mentee.person.name)),
        *letter(intro, mentee, zone).blocks,
        answers(intro),
        Line(
            ("Any answer is fine, and no reason is needed. Silence for a week counts as “not now”.",),
            quiet=True,
        ),
    )
