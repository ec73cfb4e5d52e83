"""Two sides' expectations, put next to each other: what matches, what to talk about, and a suggested middle.

A suggestion never exceeds what the mentor said they can give. No score, and never a refusal: a difference found early
is what the exercise is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.model import Agreement, Answers
from bot.vocabulary import Booker, Choice, Help, ReplyTime, Rhythm, Stance

Verdict = Literal["match", "talk", "conflict"]
NONE = "—"
"""What stands in a column where nothing was said."""


@dataclass(frozen=True)
class Item:
    """One question with both answers and the middle we suggest."""

    topic: str
    mentee: str
    mentor: str
    agreed: str
    verdict: Verdict


def suggest(mentee: Answers, mentor: Answers, version: int) -> Agreement:
    """The middle of two complete answers. Raises ValueError when a side is incomplete."""
    if mentee.given_at is None or mentor.given_at is None:
        raise ValueError("both sides have to answer before anything is compared")
    return Agreement(
        version=version,
        rhythm=_rarer(mentee.rhythm, mentor.rhythm),
        mentee_reply=mentee.reply_promise or ReplyTime.THREE_DAYS,
        mentor_reply=mentor.reply_promise or ReplyTime.THREE_DAYS,
        booker=_booker(mentee.booker, mentor.booker),
        in_person=_stance(mentee.in_person, mentor.in_person),
        shadowing=_stance(mentee.shadowing, mentor.shadowing),
        online=_stance(mentee.online, mentor.online),
        topics=tuple(t for t in mentee.topics if t in mentor.topics) or mentor.topics[:1],
    )


def compared(mentee: Answers, mentor: Answers, agreed: Agreement) -> list[Item]:
    """The three columns, in the order of the questions."""
    items = [
        Item(topic, _label(his), _label(hers), value.label, _stances(his, hers))
        for topic, his, hers, value in (
            ("In person", mentee.in_person, mentor.in_person, agreed.in_person),
            ("Shadowing", mentee.shadowing, mentor.shadowing, agreed.shadowing),
            ("Online", mentee.online, mentor.online, agreed.online),
        )
    ]
    items.append(
        Item(
            "How often",
            _label(mentee.rhythm),
            _label(mentor.rhythm),
            agreed.rhythm.label,
            _scale(mentee, mentor),
        )
    )
    items.append(_promise("The mentor answers", mentee.reply_need, mentor.reply_promise, agreed.mentor_reply, "mentee"))
    items.append(_promise("The mentee answers", mentor.reply_need, mentee.reply_promise, agreed.mentee_reply, "mentor"))
    same = Booker.EITHER in (mentee.booker, mentor.booker) or mentee.booker is mentor.booker
    items.append(
        Item(
            "Who books",
            _label(mentee.booker),
            _label(mentor.booker),
            agreed.booker.label,
            "match" if same else "talk",
        )
    )
    items.append(
        Item(
            "Topics",
            _topics(mentee.topics),
            _topics(mentor.topics),
            _topics(agreed.topics),
            _cover(mentee, mentor),
        )
    )
    return items


def _label(choice: Choice | None) -> str:
    return choice.label if choice else NONE


def _topics(topics: tuple[Help, ...]) -> str:
    return ", ".join(topic.label for topic in topics) or NONE


def _rarer(one: Rhythm | None, other: Rhythm | None) -> Rhythm:
    """Between the two, rounded to the rarer; "as needed" leaves the choice to the other."""
    given = [r for r in (one, other) if r is not None and r is not Rhythm.AS_NEEDED]
    if not given:
        return Rhythm.MONTHLY
    order = list(Rhythm)
    places = [order.index(r) for r in given]
    # The mentor's own answer is their limit: the middle may be rarer than it, never more often.
    limit = order.index(other) if other and other is not Rhythm.AS_NEEDED else 0
    return order[max(-(-sum(places) // len(places)), limit)]


def _booker(mentee: Booker | None, mentor: Booker | None) -> Booker:
    """The mentee, unless both want it otherwise."""
    if mentee is mentor and mentor is not None and mentor is not Booker.EITHER:
        return mentor
    offers_to = mentor in (Booker.MENTOR, Booker.TURNS) and mentee is Booker.EITHER
    return mentor if mentor and offers_to else Booker.MENTEE


_STRICT = [Stance.EITHER, Stance.YES, Stance.MAYBE, Stance.OFFICE, Stance.NO]


def _stance(mentee: Stance | None, mentor: Stance | None) -> Stance:
    """The stricter of the two, read as an offer."""
    stricter = max(mentee or Stance.EITHER, mentor or Stance.EITHER, key=_STRICT.index)
    return Stance.YES if stricter is Stance.EITHER else stricter


def _stances(mentee: Stance | None, mentor: Stance | None) -> Verdict:
    if mentee is None or mentor is None:
        return "talk"
    if Stance.EITHER in (mentee, mentor) or mentee is mentor or mentee is Stance.NO:
        return "match"
    return "conflict" if mentor is Stance.NO and mentee is Stance.YES else "talk"


def _scale(mentee: Answers, mentor: Answers) -> Verdict:
    if mentee.rhythm is mentor.rhythm:
        return "match"
    if mentee.rhythm is None or mentor.rhythm is None or Rhythm.AS_NEEDED in (mentee.rhythm, mentor.rhythm):
        return "talk"
    order = list(Rhythm)
    return "talk" if abs(order.index(mentee.rhythm) - order.index(mentor.rhythm)) == 1 else "conflict"


def _promise(
    topic: str,
    need: ReplyTime | None,
    promise: ReplyTime | None,
    agreed: ReplyTime,
    needs: Literal["mentee", "mentor"],
) -> Item:
    verdict: Verdict = "talk"
    if need and promise:
        order = list(ReplyTime)
        short = order.index(promise) - order.index(need)
        verdict = "match" if short <= 0 else "talk" if short == 1 else "conflict"
    sides = (_label(need), _label(promise))
    mentee, mentor = sides if needs == "mentee" else sides[::-1]
    return Item(topic, mentee, mentor, agreed.label, verdict)


def _cover(mentee: Answers, mentor: Answers) -> Verdict:
    offered = [topic for topic in mentee.topics if topic in mentor.topics]
    return "match" if len(offered) == len(mentee.topics) else "talk" if offered else "conflict"
