"""Asking after a pair at its own rhythm: a private question, answered in at most three taps."""

from __future__ import annotations

from bot.feature import Feature, Stale, Turn, spoke
from bot.model import Happened, Pair, PairFacts, PairState, QueueReason, Side, Urgency
from bot.portrait import first_name
from bot.ports import Checkin
from bot.questions import Question, Screen
from bot.rules.agenda import Do, Step
from bot.ui import Button, Message, Private, Reply, Style, Update, act, buttons, message, say

checkins = Feature("checkins")

LINE = Screen("line", "A line, if you like", (Question("line", "Anything to add?", limit=500, required=False),))

# Each question with its answers (slug, label), by side; asked one after the other, at most three.
QUESTIONS: dict[Side, dict[str, tuple[str, tuple[tuple[str, str], ...]]]] = {
    Side.MENTEE: {
        "touch": (
            "Have you and {other} been in touch since last time?",
            (("yes", "Yes"), ("booked", "Not yet, but booked"), ("no", "Not lately")),
        ),
        "useful": (
            "Was it useful?",
            (("5", "Very"), ("4", "Good"), ("3", "So-so"), ("2", "A little"), ("1", "Not really")),
        ),
        "sort": (
            "Anything to sort out?",
            (("nothing", "All good"), ("rhythm", "How often"), ("topics", "Topics"), ("reply", "Reply times"),
             ("officer", "Talk to an officer")),
        ),
    },
    Side.MENTOR: {
        "touch": ("Have you heard from {other} since last time?", (("yes", "Yes"), ("no", "Not lately"))),
        "chasing": ("Are you having to chase?", (("no", "No"), ("little", "A little"), ("yes", "Yes"))),
        "room": (
            "Room as agreed?",
            (("same", "Same"), ("less", "Less, please"), ("more", "More is fine"), ("pause", "I need a pause")),
        ),
    },
}  # fmt: skip


def following(checkin: Checkin) -> str | None:
    """The next question of a check-in: what does not apply is not asked."""
    for name in QUESTIONS[checkin.side]:
        skipped = (name == "useful" and checkin.answers.get("touch") != "yes") or (
            name == "chasing" and checkin.answers.get("touch") == "yes"
        )
        if name not in checkin.answers and not skipped:
            return name
    return None


@checkins.step(Do.CHECK_IN)
async def ask(turn: Turn, facts: PairFacts, step: Step) -> None:
    pair = facts.pair
    await turn.happened(pair.id, Happened.CHECKIN_ASKED, step.side)
    number = await turn.records.pairs.start_checkin(pair.id, step.side, turn.now)
    person, other = (facts.mentee, facts.mentor) if step.side is Side.MENTEE else (facts.mentor, facts.mentee)
    checkin = Checkin(number, pair.id, step.side, turn.now, {})
    await turn.records.post.withdraw(f"pair:{pair.id}:checkin:{step.side}")
    said = _question(checkin, "touch", first_name(other.name))
    await turn.tell(person.id, said, f"pair:{pair.id}:checkin:{step.side}", Urgency.PROMPT)


@checkins.press("checkin.tap")
async def tap(turn: Turn, number: int, question: str, answer: str) -> Reply:
    checkin = await turn.records.pairs.checkin(number)
    if checkin is None:
        raise Stale
    pair, side = await turn.pair_of_mine(checkin.pair)
    known = {slug for slug, _ in QUESTIONS[checkin.side].get(question, ("", ()))[1]}
    if side is not checkin.side or answer not in known or pair.state is not PairState.ACTIVE:
        raise Stale
    if question not in checkin.answers:
        await turn.records.pairs.answer_checkin(number, turn.now, **{question: answer})
        checkin = Checkin(number, pair.id, side, checkin.asked_at, {**checkin.answers, question: answer})
        await _learn(turn, pair, checkin, question, answer)
    other = await turn.records.people.get(pair.person(side.other))
    name = first_name(other.name) if other else "them"
    upcoming = following(checkin)
    return Update(_question(checkin, upcoming, name) if upcoming else _thanks(checkin))


async def _learn(turn: Turn, pair: Pair, checkin: Checkin, question: str, answer: str) -> None:
    """What an answer means for the pair."""
    side = checkin.side
    if len(checkin.answers) == 1:
        await turn.happened(pair.id, Happened.CHECKIN_ANSWERED, side)
    match question, answer:
        case "touch", "yes":
            # A mentor who has heard from them has not thereby answered.
            await spoke(turn, pair, None if side is Side.MENTEE else Side.MENTEE)
        case "chasing", "yes":
            # They tried more than once and heard nothing: that is the mentee's to mend, at once.
            await turn.happened(pair.id, Happened.NO_ANSWER, Side.MENTOR)
            await turn.happened(pair.id, Happened.NO_ANSWER, Side.MENTOR)
        case "chasing", "little":
            await turn.happened(pair.id, Happened.NO_ANSWER, Side.MENTOR)
        case ("sort", "officer") | ("room", "pause"):
            await turn.hand_to_officers(QueueReason.NEEDS_HAND, pair=pair.id)


@checkins.press("checkin.line")
async def line(turn: Turn, number: int) -> Reply:
    checkin = await _mine(turn, number)
    return LINE.form(act("checkin.write", checkin.id), None)


@checkins.form("checkin.write")
async def write(turn: Turn, number: int) -> Reply:
    checkin = await _mine(turn, number)
    await turn.records.pairs.answer_checkin(checkin.id, turn.now, **LINE.read(turn.filled))
    return Private(message("Noted, for you alone. Thank you."))


async def _mine(turn: Turn, number: int) -> Checkin:
    checkin = await turn.records.pairs.checkin(number)
    if checkin is None or (await turn.pair_of_mine(checkin.pair))[1] is not checkin.side:
        raise Stale
    return checkin


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _question(checkin: Checkin, question: str, other: str) -> Message:
    words, answers = QUESTIONS[checkin.side][question]
    return message(
        say(words, other=other),
        buttons(*(Button(label, act("checkin.tap", checkin.id, question, slug)) for slug, label in answers)),
    )


def _thanks(checkin: Checkin) -> Message:
    answers = checkin.answers
    if answers.get("sort") == "officer" or answers.get("room") == "pause":
        words = "Thank you. An officer will write to you."
    elif answers.get("chasing") in ("yes", "little"):
        words = "Thank you. I'll ask them; there is nothing for you to do."
    elif checkin.side is Side.MENTEE and answers.get("touch") == "no":
        words = "Thank you. Two lines to them today are enough to begin again."
    else:
        words = "Thank you. That's all."
    return message(words, buttons(Button("Add a line", act("checkin.line", checkin.id), Style.PLAIN)))
