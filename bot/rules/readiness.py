"""Whether an introduction is ready to be sent, and what it still needs. Motivation and scores are never graded.

What a mentor cannot do without stands in the way; everything else is advice, which the writer may ignore.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from bot.model import Intro, Mentee

CONCRETE = 40
"""The least characters in which a need can be concrete. "help me" is not."""
ASK = 15
MOTIVATION = 20
WORDS = 60, 220
"""Fewer words say too little, and more are read later."""
SAME = 0.9
"""As much of two introductions is the same when one was not written for its reader."""

# What is left of "Hi, would you please be my mentor and help me?" when everyone could have written it to anyone.
_SAYS_NOTHING = re.compile(
    r"""a|about|advice|an|and|any|anything|as|be|become|being|can|could|do|for|get|give|guidance|
    guide|have|hello|help|helping|hey|hi|i|i'd|i'm|if|in|is|it|know|like|love|me|mentee|mentor|
    mentored|mentoring|mentorship|might|my|need|of|or|please|really|so|some|someone|something|thank|
    thanks|that|the|this|to|want|wanted|will|with|would|you|your""",
    re.VERBOSE,
)
_TEXTING = re.compile(
    r"\b(?:u|ur|urs|plz|pls|thx|tysm|lol|omg|idk|btw|tbh|imo|ngl|gonna|wanna|gotta|cuz|bc|b4|gr8|l8r|2day"
    r"|2moro|hmu|lmk)\b|[?!]{2,}",
    re.IGNORECASE,
)
_GREETS = re.compile(r"(?:dear|hello|hi|good (?:morning|afternoon|evening|day)|greetings)\b", re.IGNORECASE)
_THANKS = re.compile(r"\b(?:thank|thanks|grateful|gratitude|appreciat)", re.IGNORECASE)


class Stage(StrEnum):
    NOT_READY = "not_ready"
    ALMOST = "almost"  # it may be sent as it is
    READY = "ready"


@dataclass(frozen=True)
class Readiness:
    missing: tuple[str, ...]
    """What must be there and is not: nothing is sent until it is."""
    advice: tuple[str, ...]
    """What would make it better."""

    @property
    def stage(self) -> Stage:
        return Stage.NOT_READY if self.missing else Stage.ALMOST if self.advice else Stage.READY

    @property
    def ready(self) -> bool:
        """Whether it may be sent."""
        return not self.missing


def readiness(intro: Intro, mentee: Mentee) -> Readiness:
    """What an introduction still needs. That grades and scores are "not now" is an answer; so is a school kept back."""
    person, profile = mentee.person, mentee.profile
    musts = {
        "your name": bool(person.name),
        "where you are on the road": profile.phase is not None,
        "your school, or that you'd rather not say": bool(person.school) or intro.school is not None,
        "what you'd like help with, one to three things": bool(profile.wants),
        "how you'd like to meet, and how often": bool(profile.formats) and profile.rhythm is not None,
        "when you can usually meet": bool(person.windows),
        f"your need in one concrete line ({CONCRETE} characters or more; “help me” says too little)": (
            len(intro.need) >= CONCRETE and _says_something(intro.need)
        ),
        "one thing you ask of them, more than to be your mentor": (
            len(intro.ask) >= ASK and _says_something(intro.ask)
        ),
        "why medicine, in a sentence or more": len(intro.motivation) >= MOTIVATION,
        "whether you would share grades and scores": intro.academics is not None,
    }
    return Readiness(tuple(what for what, there in musts.items() if not there), _advice(intro))


def _advice(intro: Intro) -> tuple[str, ...]:
    parts = [intro.opening, intro.need, intro.ask, intro.motivation, intro.why, intro.effort, intro.closing]
    whole = " ".join(parts)
    words = len(whole.split())
    least, most = WORDS
    advice = {
        "Say why this mentor and not another.": not intro.why,
        "Say in a line what you will do for your part.": not intro.effort,
        "Begin with a greeting.": not any(_GREETS.match(part.strip()) for part in parts),
        "Close with a word of thanks.": not _THANKS.search(whole),
        f"It is short: with {least} words or more they can picture you.": words < least,
        "It is long; busy people read short notes first.": words > most,
        "Write the words out, and one “?” or “!” is enough.": bool(_TEXTING.search(whole)),
        "Capitals read as shouting.": any(_shouts(part) for part in parts),
    }
    return tuple(what for what, so in advice.items() if so)


def _shouts(words: str) -> bool:
    letters = [c for c in words if c.isalpha()]
    return len(letters) >= ASK and sum(c.isupper() for c in letters) > 0.6 * len(letters)


def _says_something(words: str) -> bool:
    return any(not _SAYS_NOTHING.fullmatch(word) for word in re.findall(r"[^\s.,;:!?…\"“”()-]+", words.casefold()))


# ── the same words to several ─────────────────────────────────────────────────────────────────────────────────────


def alike(one: Intro, other: Intro) -> float:
    """How much of two introductions is the same, word for word, from 0 to 1. Greetings do not count."""
    return SequenceMatcher(None, _own(one), _own(other), autojunk=False).ratio()


def same_as(intro: Intro, earlier: Iterable[Intro]) -> Intro | None:
    """An introduction that went to another mentor in nearly the same words."""
    return next(
        (e for e in earlier if e.sent_at is not None and e.mentor != intro.mentor and alike(intro, e) >= SAME), None
    )


def _own(intro: Intro) -> list[str]:
    return " ".join((intro.need, intro.ask, intro.motivation, intro.why, intro.effort)).casefold().split()
