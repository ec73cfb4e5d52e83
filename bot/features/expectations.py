"""What each side expects, answered alone, then put side by side and confirmed by both."""

from __future__ import annotations

from dataclasses import dataclass

from bot.feature import Feature, Stale, Turn
from bot.model import Agreement, Answers, Happened, Pair, PairFacts, Side, Urgency
from bot.portrait import first_name
from bot.questions import Question, Screen
from bot.rules.agenda import Do, Step
from bot.rules.compare import Item, compared, suggest
from bot.ui import (
    Button,
    Columns,
    Line,
    Message,
    Private,
    Reply,
    Row,
    Style,
    Update,
    act,
    buttons,
    message,
    say,
)
from bot.vocabulary import Booker, Help, ReplyTime, Rhythm, Stance

expectations = Feature("expectations")
expectations.offer("What we expect of each other", "expect.open", resting=True)

_EITHER = "“I don't mind” is a real answer."
MEETING = Screen(
    "meeting",
    "How we meet",
    (
        Question("in_person", "In person?", Stance, hint=_EITHER),
        Question("shadowing", "Shadowing?", Stance),
        Question("online", "Online?", Stance),
        Question("rhythm", "How often would suit you?", Rhythm),
        Question("booker", "Who books the next time?", Booker),
    ),
)
MENTEE_ANSWERING = Screen(
    "answering",
    "Answers and topics",
    (
        Question("reply_promise", "I will answer", ReplyTime),
        Question("reply_need", "I need an answer", ReplyTime),
        Question("topics", "What I want to talk about", Help, most=3, hint="Up to three."),
    ),
)
MENTOR_ANSWERING = Screen(
    "answering",
    "Answers and topics",
    (
        Question("reply_promise", "I can answer", ReplyTime, hint="What you can keep in a busy week."),
        Question("reply_need", "I need an answer", ReplyTime),
        Question("topics", "What I can talk about", Help, most=13),
    ),
)


@dataclass(frozen=True)
class Prefilled:
    """What someone said elsewhere, offered where they have not answered yet."""

    answers: Answers
    rhythm: Rhythm | None
    reply_promise: ReplyTime | None
    reply_need: ReplyTime | None
    topics: tuple[Help, ...]

    def __getattr__(self, name: str) -> object:
        return getattr(self.answers, name)


def _screens(side: Side) -> tuple[Screen, Screen]:
    return MEETING, MENTEE_ANSWERING if side is Side.MENTEE else MENTOR_ANSWERING


@expectations.press("expect.open")
async def open_expectations(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    answers = await turn.records.pairs.answers(pair.id, side)
    if answers.given_at is not None:
        return Private(await _where_it_stands(turn, pair, side))
    unfinished = next((screen for screen in _screens(side) if not screen.answered(answers)), MEETING)
    return unfinished.form(act("expect.save", pair.id, unfinished.name), await _prefilled(turn, answers, side))


@expectations.press("expect.change")
async def change(turn: Turn, pair_id: int, name: str) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    screen = next((s for s in _screens(side) if s.name == name), None)
    if screen is None:
        raise Stale
    answers = await turn.records.pairs.answers(pair.id, side)
    return screen.form(act("expect.save", pair.id, name), answers)


@expectations.form("expect.save")
async def save(turn: Turn, pair_id: int, name: str) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    screen = next((s for s in _screens(side) if s.name == name), None)
    if screen is None:
        raise Stale
    pairs = turn.records.pairs
    await pairs.save_answers(pair.id, side, **screen.read(turn.filled))
    answers = await pairs.answers(pair.id, side)
    following = next((s for s in _screens(side) if not s.answered(answers)), None)
    if following is not None:
        return Private(_half_way(pair))
    await pairs.save_answers(pair.id, side, given_at=turn.now)
    theirs = await pairs.answers(pair.id, side.other)
    if theirs.given_at is None:
        return Private(await _where_it_stands(turn, pair, side))
    mine = await pairs.answers(pair.id, side)
    by_side = {side: mine, side.other: theirs}
    newest = await pairs.proposal(pair.id)
    version = newest.version + 1 if newest else 1
    await pairs.propose(pair.id, suggest(by_side[Side.MENTEE], by_side[Side.MENTOR], version))
    other = pair.person(side.other)
    await turn.records.post.withdraw(f"columns:{pair.id}")
    await turn.tell(other, await _columns(turn, pair, side.other), topic=f"columns:{pair.id}", by=turn.who.id)
    return Private(await _columns(turn, pair, side))


@expectations.press("expect.agree")
async def agree(turn: Turn, pair_id: int, version: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    agreement = await turn.records.pairs.confirm(pair.id, version, side, turn.now)
    if agreement is None:
        return Update(await _where_it_stands(turn, pair, side))
    if agreement.in_force:
        await turn.audit("expectations.agreed", f"pair:{pair.id}", f"version {version}")
        return Update(_agreed(agreement))
    return Update(message("That's your yes. It holds once the other has said theirs, too."))


@expectations.step(Do.REMIND_EXPECTATIONS)
async def remind(turn: Turn, facts: PairFacts, step: Step) -> None:
    await turn.happened(facts.pair.id, Happened.EXPECTATIONS_REMINDED, step.side)
    person, other = (facts.mentee, facts.mentor) if step.side is Side.MENTEE else (facts.mentor, facts.mentee)
    said = _reminder(facts.pair, first_name(other.name))
    await turn.tell(person.id, said, f"pair:{facts.pair.id}", Urgency.PROMPT)


async def _prefilled(turn: Turn, answers: Answers, side: Side) -> Prefilled:
    people, who = turn.records.people, turn.who.id
    mentee = await people.mentee(who) if side is Side.MENTEE else None
    mentor = await people.mentor(who) if side is Side.MENTOR else None
    return Prefilled(
        answers,
        answers.rhythm or (mentee.profile.rhythm if mentee else None),
        answers.reply_promise or (mentor.profile.reply if mentor else None),
        answers.reply_need or (mentee.profile.reply if mentee else None),
        answers.topics or (mentee.profile.wants if mentee else mentor.profile.offers if mentor else ()),
    )


async def _where_it_stands(turn: Turn, pair: Pair, side: Side) -> Message:
    theirs = await turn.records.pairs.answers(pair.id, side.other)
    if theirs.given_at is None:
        return message("Your answers are in. I'll show you both columns as soon as the other has answered, too.")
    return await _columns(turn, pair, side)


async def _columns(turn: Turn, pair: Pair, side: Side) -> Message:
    pairs = turn.records.pairs
    proposal = await pairs.proposal(pair.id)
    if proposal is None:
        raise Stale
    mentee, mentor = await pairs.answers(pair.id, Side.MENTEE), await pairs.answers(pair.id, Side.MENTOR)
    other = await turn.records.people.get(pair.person(side.other))
    name = first_name(other.name) if other else "The other"
    return _side_by_side(pair, compared(mentee, mentor, proposal), proposal, side, name)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _half_way(pair: Pair) -> Message:
    return message("Saved. One more screen.", buttons(Button("Go on", act("expect.open", pair.id), Style.PRIMARY)))


def _side_by_side(pair: Pair, items: list[Item], proposal: Agreement, side: Side, other: str) -> Message:
    rows = []
    for item in items:
        mine, theirs = (item.mentee, item.mentor) if side is Side.MENTEE else (item.mentor, item.mentee)
        rows.append(Row(item.topic, theirs, mine, item.agreed, item.verdict))
    open_points = [item.topic.lower() for item in items if item.verdict != "match"]
    opening = (
        "You two agree on everything. Is this right?"
        if not open_points
        else f"Most of it meets. Worth a word: {', '.join(open_points)}. The last column is a middle to start from."
    )
    confirmed = proposal.mentee_confirmed_at if side is Side.MENTEE else proposal.mentor_confirmed_at
    yes = (
        []
        if confirmed
        else [Button("Yes, let's do that", act("expect.agree", pair.id, proposal.version), Style.PRIMARY)]
    )
    return message(
        opening,
        Columns(other, "You", "Suggested", tuple(rows)),
        buttons(
            *yes,
            Button("Change how we meet", act("expect.change", pair.id, "meeting")),
            Button("Change answers, topics", act("expect.change", pair.id, "answering")),
        ),
        Line(("It holds once both of you have said yes. Either can change it later.",), quiet=True),
    )


def _agreed(agreement: Agreement) -> Message:
    return message(
        say(
            "Agreed. You'll be in touch {rhythm}, and {booker} books. I'll ask now and then how it goes.",
            rhythm=agreement.rhythm.label.lower(),
            booker=agreement.booker.label.lower(),
        )
    )


def _reminder(pair: Pair, other: str) -> Message:
    return message(
        say("Two minutes for you and {other}: what do you expect of each other?", other=other),
        buttons(Button("What I expect", act("expect.open", pair.id), Style.PRIMARY)),
    )
