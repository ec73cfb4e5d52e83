"""How two answers to one question stand to each other, and the middle we suggest.

An `Item` is one question with its choices for each side and its way of comparing: one of the functions below. A
suggestion never asks of a mentor more than they said they can give, and never opens more of a mentee than they said
they would show. No score, and never a refusal: a difference found early is what the exercise is for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

from bot.model import Answers, Said, Side
from bot.vocabulary import EITHER, Choice, Credit, LetterHope, LetterOffer, Stance, Term, Wish

Verdict = Literal["match", "talk", "conflict"]
Chosen: TypeAlias = tuple[Choice, ...]
NEUTRAL = "I don't mind"


@dataclass(frozen=True)
class Met:
    """Two answers put next to each other."""

    verdict: Verdict
    middle: Chosen


class Weight(StrEnum):
    """How much hangs on an answer: without every must of both sides nothing is compared."""

    MUST = "must"
    SHOULD = "should"
    NICE = "nice"


@dataclass(frozen=True)
class Ask:
    """A question as one side reads it."""

    label: str
    choices: type[Choice]
    most: int = 1
    leave_out: frozenset[Choice] = frozenset()

    @property
    def offered(self) -> list[Choice]:
        return [choice for choice in self.choices if choice not in self.leave_out]


@dataclass(frozen=True)
class Item:
    """One question of the checklist. Everyone may answer that they don't mind."""

    term: Term
    mentee: Ask
    mentor: Ask
    compare: Callable[[Item, Chosen, Chosen], Met]
    weight: Weight
    phrase: str
    """How one could say it, for those who find it hard to say."""
    default: Chosen
    """What holds where neither minds."""
    gives: Side = Side.MENTOR
    """Whose answer is the limit or the promise, where the other's is the need."""
    off_scale: frozenset[Choice] = frozenset()
    """Choices that stand beside the order of the others."""
    granted: Mapping[Choice, Choice] = field(default_factory=dict)
    """What a mentee's wish comes to where the mentor doesn't mind, if not to itself."""

    def ask(self, side: Side) -> Ask:
        return self.mentee if side is Side.MENTEE else self.mentor

    def chosen(self, side: Side, slugs: Sequence[str]) -> Chosen:
        """One side's answer as its choices; none of them for "I don't mind"."""
        return () if EITHER in slugs else tuple(self.ask(side).choices.of(slug) for slug in slugs)

    def meet(self, mentee: Sequence[str], mentor: Sequence[str]) -> Met:
        """Both answers (not empty) compared."""
        hers, his = self.chosen(Side.MENTEE, mentee), self.chosen(Side.MENTOR, mentor)
        if hers and his:
            return self.compare(self, hers, his)
        if hers:
            # Both sides' choices have the same slugs, or `granted` says what stands for what.
            return Met("match", tuple(dict.fromkeys(self.granted.get(each, each) for each in hers)))
        return Met("match", his or self.default)


@dataclass(frozen=True)
class Point:
    """One question with both answers and the middle, as it is shown."""

    item: Item
    mentee: tuple[str, ...]
    mentor: tuple[str, ...]
    met: Met
    words: str = ""
    """The middle as it is shown, where it is no choice of the question's."""

    @property
    def term(self) -> Term:
        return self.item.term

    @property
    def verdict(self) -> Verdict:
        return self.met.verdict

    def said(self, side: Side) -> str:
        """One side's answer as people read it."""
        chosen = self.item.chosen(side, self.mentee if side is Side.MENTEE else self.mentor)
        return ", ".join(choice.label for choice in chosen) or NEUTRAL

    @property
    def middle(self) -> str:
        return self.words or ", ".join(choice.label for choice in self.met.middle)


def compared(items: Sequence[Item], mentee: Answers, mentor: Answers) -> list[Point]:
    """Every question that both have answered, in the order of the checklist.

    A question only one side has answered is left out altogether: it is still to be answered alone. Raises ValueError
    while a side is not through with what comes first.
    """
    if mentee.given_at is None or mentor.given_at is None:
        raise ValueError("both sides have to answer before anything is compared")
    both = [(item, mentee.said.get(item.term), mentor.said.get(item.term)) for item in items]
    return [Point(item, hers, his, item.meet(hers, his)) for item, hers, his in both if hers and his]


def terms_of(points: Sequence[Point]) -> Said:
    """The middles of all these, as an agreement keeps them."""
    return {point.term: tuple(choice.value for choice in point.met.middle) for point in points if point.met.middle}


# ── the ways of comparing ─────────────────────────────────────────────────────────────────────────────────────────


def one_of(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """The same, or worth a word: then what usually holds."""
    return Met("match", mentor) if mentee == mentor else Met("talk", item.default)


def scale(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """Steps apart on one scale. The middle lies between, rounded to the later, and never before the mentor's."""
    if mentee == mentor:
        return Met("match", mentor)
    loose = item.off_scale.intersection(mentee + mentor)
    if loose:
        return Met("talk", next((each for each in (mentor, mentee) if not loose.intersection(each)), mentor))
    hers, his = _place(item, mentee), _place(item, mentor)
    middle = max(-(-(hers + his) // 2), his)
    return Met(_apart(abs(hers - his)), (item.mentor.offered[middle],))


def shorter(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """Steps apart on one scale; the middle is the shorter, to be looked at again."""
    met = scale(item, mentee, mentor)
    if met.verdict == "match" or item.off_scale.intersection(mentee + mentor):
        return met
    return Met(met.verdict, min(mentee, mentor, key=lambda each: _place(item, each)))


def earlier(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """The earlier of two moments, or the quicker of two promises, and no more than a word about it."""
    return Met("match" if mentee == mentor else "talk", min(mentee, mentor, key=lambda each: _place(item, each)))


def longer(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """The longer notice, and no more than a word about it."""
    return Met("match" if mentee == mentor else "talk", max(mentee, mentor, key=lambda each: _place(item, each)))


def cap(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """A need within the other's limit, a step beyond it, or more. The middle is the lesser: never beyond the limit."""
    need, limit = (mentee, mentor) if item.gives is Side.MENTOR else (mentor, mentee)
    over = _place(item, need) - _place(item, limit)
    return Met(_apart(over), need if over <= 0 else limit)


def promise(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """Promised at least as quickly as needed, a step later, or more. What was promised stands; nobody promises more."""
    need, given = (mentee, mentor) if item.gives is Side.MENTOR else (mentor, mentee)
    return Met(_apart(_place(item, given) - _place(item, need)), given)


def overlap(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """Whatever both named, the mentor's first choice first; with nothing in common, the mentor's."""
    common = tuple(each for each in mentor if each in mentee)
    return Met("match", common) if common else Met("conflict", mentor)


def cover(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """All that one wants is there, some of it, or none."""
    wanted, there = (mentee, mentor) if item.gives is Side.MENTOR else (mentor, mentee)
    got = tuple(each for each in wanted if each in there)
    verdict: Verdict = "match" if len(got) == len(wanted) else "talk" if got else "conflict"
    return Met(verdict, got or mentor[:1])


def stance(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """A wish for a way of meeting, and an offer of it: the stricter of the two."""
    (wish,), (offer,) = mentee, mentor
    if wish is Wish.NO:
        return Met("match", (Stance.NO,))
    if wish == offer or offer is Stance.YES:
        return Met("match", (Stance.of(wish.value),))
    return Met("conflict" if offer is Stance.NO and wish is not Wish.MAYBE else "talk", (offer,))


def letters(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """Letters are never promised; only hoping against a plain no has to be said aloud."""
    (hope,), (offer,) = mentee, mentor
    if hope is LetterHope.NOT_EXPECTING:
        return Met("match", (LetterOffer.NO,))
    if offer is LetterOffer.NO:
        return Met("conflict" if hope is LetterHope.HOPING else "talk", mentor)
    needs_work = hope is LetterHope.HOPING and offer is LetterOffer.AFTER_WORK
    return Met("talk" if needs_work else "match", (LetterOffer.AFTER_WORK,))


def credit(item: Item, mentee: Chosen, mentor: Chosen) -> Met:
    """The same, or still open and to be written down; two firm views that differ are a conflict."""
    if mentee == mentor:
        return Met("talk" if mentor == (Credit.LATER,) else "match", mentor)
    return Met("talk" if Credit.LATER in mentee + mentor else "conflict", (Credit.LATER,))


def _place(item: Item, chosen: Chosen) -> int:
    return item.mentor.offered.index(chosen[0])


def _apart(steps: int) -> Verdict:
    return "match" if steps <= 0 else "talk" if steps == 1 else "conflict"
