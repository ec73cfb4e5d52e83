"""A mentor found elsewhere: one's own physician, someone met online. Kept by the mentee alone, never written to.

What helps a pair helps here as well: what to settle first, a meeting prepared, an update written. All of it is shown
to the mentee to copy, and none of it is kept.
"""

from __future__ import annotations

from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import DAY, Open, OwnMentor, Urgency
from bot.questions import Question, Screen
from bot.ui import (
    Bold,
    Button,
    Line,
    Menu,
    Message,
    Option,
    Private,
    Quote,
    Reply,
    Style,
    Update,
    act,
    bullets,
    buttons,
    message,
    say,
    together,
)
from bot.vocabulary import HowMet, Rhythm

own_mentors = Feature("own mentors")

MOST = 5

OWN = Screen(
    "own",
    "A mentor of your own",
    (
        Question("name", "What do you call them?", limit=60, hint="Only you see it. “Dr. Lee” is enough."),
        Question("how_met", "How did you meet?", HowMet, leave_out=(HowMet.SOCIETY,)),
        Question("rhythm", "How often should I remind you to write?", Rhythm),
    ),
)
QUESTIONS = Screen(
    "questions",
    "Before you meet",
    (
        Question("one", "Your most important question", limit=300),
        Question("two", "A second", limit=300, required=False),
        Question("news", "What is new since last time?", limit=300, required=False),
    ),
)
UPDATE = Screen(
    "update",
    "An update",
    (
        Question("done", "What have you done?", limit=300),
        Question("next", "What comes next?", limit=300),
        Question("blocked", "Where are you stuck?", limit=300, required=False),
    ),
)


@own_mentors.press("own.new")
async def new(turn: Turn) -> Reply:
    if len(await turn.records.roads.own_mentors(turn.who.id)) >= MOST:
        raise Sorry("Five mentors of your own is as many as I can keep in mind.")
    return OWN.form(act("own.keep"), None)


@own_mentors.form("own.keep")
async def keep(turn: Turn) -> Reply:
    answers, roads = OWN.read(turn.filled), turn.records.roads
    before = await roads.own_mentors(turn.who.id)
    if len(before) >= MOST:
        raise Sorry("Five mentors of your own is as many as I can keep in mind.")
    own = await roads.keep_own(turn.who.id, answers["name"], answers["how_met"], answers["rhythm"], turn.now)
    await _remind_in_time(turn, own)
    known = {each.how_met for each in before}
    return Private(_kept(own, hint="" if own.how_met in known else HINTS.get(own.how_met, "")))


@own_mentors.press("own.settle")
async def settle(turn: Turn, number: int) -> Reply:
    return Private(_settle(await _mine(turn, number)))


@own_mentors.press("own.prepare")
async def prepare(turn: Turn, number: int) -> Reply:
    return QUESTIONS.form(act("own.prepared", (await _mine(turn, number)).id), None, "Show it")


@own_mentors.form("own.prepared")
async def prepared(turn: Turn, number: int) -> Reply:
    own, given = await _mine(turn, number), QUESTIONS.read(turn.filled)
    return Private(_prepared(own, given["one"], given["two"], given["news"], turn.who.name))


@own_mentors.press("own.update")
async def update(turn: Turn, number: int) -> Reply:
    return UPDATE.form(act("own.updated", (await _mine(turn, number)).id), None, "Show it")


@own_mentors.form("own.updated")
async def updated(turn: Turn, number: int) -> Reply:
    own, given = await _mine(turn, number), UPDATE.read(turn.filled)
    await _remind_in_time(turn, own)
    return Private(_updated(own, given["done"], given["next"], given["blocked"], turn.who.name))


@own_mentors.press("own.wrote")
async def wrote(turn: Turn, number: int) -> Reply:
    await _remind_in_time(turn, await _mine(turn, number))
    return Update(message("Good. I'll remind you when the next is due."))


@own_mentors.press("own.stop")
async def stop(turn: Turn, number: int) -> Reply:
    own = await _mine(turn, number)
    await turn.records.roads.let_own_go(own.id)
    await turn.records.diary.set(Open.OWN_MENTOR, own.id, None)
    await turn.records.post.withdraw(f"own:{own.id}")
    return Update(message("Forgotten. Nothing about them is kept."))


@own_mentors.promise(Open.OWN_MENTOR)
async def due(turn: Turn, number: int) -> None:
    own = await turn.records.roads.own_mentor(number)
    if own is None:
        await turn.records.diary.set(Open.OWN_MENTOR, number, None)
        return
    await turn.records.post.withdraw(f"own:{own.id}")
    await turn.tell(own.mentee, _due(own), f"own:{own.id}", Urgency.PROMPT)
    await _remind_in_time(turn, own)


@own_mentors.at_home
async def mine(turn: Turn) -> Message | None:
    own = await turn.records.roads.own_mentors(turn.who.id)
    return together([_own(each) for each in own]) if own else None


async def _remind_in_time(turn: Turn, own: OwnMentor) -> None:
    await turn.records.diary.set(Open.OWN_MENTOR, own.id, turn.now + own.rhythm.days * DAY)


async def _mine(turn: Turn, number: int) -> OwnMentor:
    own = await turn.records.roads.own_mentor(number)
    if own is None or own.mentee != turn.who.id:
        raise Stale
    return own


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

HINTS = {
    HowMet.PHYSICIAN: "One thing, said once: being their patient and being their mentee are two things. Keep each to "
    "its own visit, and write nothing here about your health.",
    HowMet.ONLINE: "One thing, said once: check who they are, on a hospital's or school's own page. Meet first in a "
    "public or professional place, and never send money or documents.",
}


def _kept(own: OwnMentor, hint: str) -> Message:
    first = [hint] if hint else []
    return message(
        say("Noted, for your eyes only. I never write to {name}; I help you to.", name=own.name),
        *first,
        *_own(own).blocks,
    )


def _own(own: OwnMentor) -> Message:
    choices = {
        "own.settle": "What to settle first",
        "own.prepare": "Prepare a meeting",
        "own.update": "Write an update",
        "own.stop": "No longer my mentor",
    }
    options = tuple(Option(act(press, own.id).token, label) for press, label in choices.items())
    head = say("{name}, a mentor of your own", name=Bold(own.name))
    return message(head, Menu("What can I help with?", act("go", f"own-{own.id}"), options))


def _settle(own: OwnMentor) -> Message:
    return message(
        say("Five things to settle with {name} early. Asking shows that you value their time.", name=own.name),
        bullets(
            "How often would suit you, and for how long?",
            "How do you like to be written to, and when not?",
            "How soon may I hope for an answer? You'll have mine within two days.",
            "What do you like to help with, and what should I ask elsewhere?",
            "May I shadow you or meet in person, or is online better?",
        ),
        Line(("Their limit is the answer: take the smaller of the two wishes.",), quiet=True),
    )


def _prepared(own: OwnMentor, one: str, two: str, news: str, name: str) -> Message:
    asked = f"1. {one}" + (f"\n2. {two}" if two else "")
    new = f"\n\nNew since last time: {news}" if news else ""
    return message(
        "Send it a day ahead, in your own way. I keep none of it.",
        Quote(f"Dear {own.name},\nthank you for making time. This is what I'd like to ask:\n{asked}{new}\n{name}"),
    )


def _updated(own: OwnMentor, done: str, upcoming: str, blocked: str, name: str) -> Message:
    stuck = f"\nWhere I'm stuck: {blocked}" if blocked else ""
    return message(
        "Yours to send, in your own way. I keep none of it.",
        Quote(f"Dear {own.name},\na short update. Done: {done}\nNext: {upcoming}{stuck}\nThank you.\n{name}"),
    )


def _due(own: OwnMentor) -> Message:
    return message(
        say("A few lines to {name} are due, by the rhythm you chose.", name=own.name),
        buttons(
            Button("Write an update", act("own.update", own.id), Style.PRIMARY),
            Button("I wrote", act("own.wrote", own.id)),
            Button("No longer my mentor", act("own.stop", own.id)),
        ),
    )
