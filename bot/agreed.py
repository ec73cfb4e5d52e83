"""What the two of a pair have agreed on and what is still open, for whatever needs to show or to follow it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.feature import Turn
from bot.model import Agreement, Happened, Open, Pair, Person, Side
from bot.portrait import first_name
from bot.rules.checklist import ITEMS, times, worded
from bot.rules.compare import Point, compared
from bot.ui import Bold, Button, Line, Message, act, bullets, joined, message, say
from bot.vocabulary import Term


@dataclass(frozen=True)
class Standing:
    """How far a pair is with its expectations. Counts only, until it has agreed: the answers are the pair's own."""

    agreement: Agreement | None
    """The one in force, if any. Until then the two are getting to know each other."""
    answered: frozenset[Side]
    talk: int = 0
    conflicts: int = 0


async def standing_of(turn: Turn, pair: Pair) -> Standing:
    agreement = await turn.records.expectations.in_force(pair.id)
    answered = frozenset(await turn.records.expectations.answered(pair.id))
    if agreement or len(answered) < 2:
        return Standing(agreement, answered)
    verdicts = Counter(point.verdict for point in await points_of(turn, pair))
    return Standing(agreement, answered, verdicts["talk"], verdicts["conflict"])


def project_questions(pair: int) -> Button:
    """The eight questions that only a pair with a project needs, for whatever begins one. What both say of them is
    compared and agreed on with the rest, and read from the agreement by its terms (Term.ROLE to Term.TERMS)."""
    return Button("How we work together", act("expect.ask", pair, "project"))


async def points_of(turn: Turn, pair: Pair) -> list[Point]:
    """Every question that both have answered, compared. None before both are through with what comes first."""
    expectations = turn.records.expectations
    mentee, mentor = await expectations.answers(pair.id, Side.MENTEE), await expectations.answers(pair.id, Side.MENTOR)
    if mentee.given_at is None or mentor.given_at is None:
        return []
    points = compared(tuple(ITEMS.values()), mentee, mentor)
    length = (await expectations.proposal(pair.id) or Agreement(0)).length
    one, other = await person_of(turn, pair, Side.MENTEE), await person_of(turn, pair, Side.MENTOR)
    shared = times(one, other, length, turn.now, turn.society.zone)
    return [*points, shared] if shared else points


async def person_of(turn: Turn, pair: Pair, side: Side) -> Person:
    found = await turn.records.people.get(pair.person(side))
    assert found is not None  # a pair's people are kept as long as the pair
    return found


async def card(turn: Turn, pair: Pair) -> Message | None:
    """What to have at hand at the first meeting: what is agreed, and what is worth a word. None before an agreement."""
    agreement = await turn.records.expectations.in_force(pair.id)
    if agreement is None:
        return None
    open_points = [point.term.label.lower() for point in await points_of(turn, pair) if point.verdict != "match"]
    mentee = first_name((await person_of(turn, pair, Side.MENTEE)).name)
    mentor = first_name((await person_of(turn, pair, Side.MENTOR)).name)
    return _card(agreement, open_points, mentee, mentor)


async def moved_on(turn: Turn, mentee: int) -> None:
    """A mentee is elsewhere on the road: their pairs may look at what they agreed on, and they could mentor by now."""
    await turn.records.diary.set(Open.MENTOR_TOO, mentee, turn.now + turn.pace.mentor_too)
    for pair in await turn.records.pairs.live_of(mentee):
        if pair.side(mentee) is Side.MENTEE:
            await turn.happened(pair.id, Happened.PHASE_CHANGED, Side.MENTEE)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _card(agreement: Agreement, open_points: list[str], mentee: str, mentor: str) -> Message:
    first = [term for term in SHOWN if agreement.terms.get(term)]
    lines = [
        say("{topic}: {what}", topic=topic(term, mentee, mentor), what=worded(term, agreement.terms[term])[:160])
        for term in first
    ]
    rest = [Line((f"Worth a word when you meet: {joined(open_points)}.",))] if open_points else []
    return message(Line((Bold("What you two agreed on"),)), bullets(*lines), *rest)


SHOWN = (
    Term.RHYTHM,
    Term.HOURS,
    Term.WAYS,
    Term.CHANNELS,
    Term.MENTOR_REPLY,
    Term.MENTEE_REPLY,
    Term.TOPICS,
    Term.IN_PERSON,
    Term.SHADOWING,
    Term.BOOKER,
    Term.LENGTH,
    Term.QUESTIONS,
    Term.NOTICE,
    Term.SPAN,
)
"""What the card says, what matters most first; the rest is a tap away."""


def topic(term: Term, mentee: str, mentor: str) -> str:
    """What a line is about, with names where it is one of the two."""
    return {Term.MENTOR_REPLY: f"{mentor} answers", Term.MENTEE_REPLY: f"{mentee} answers"}.get(term, term.label)
