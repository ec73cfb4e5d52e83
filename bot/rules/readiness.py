"""Whether an introduction is ready to be sent, and what it still needs. Motivation and scores are never graded."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Intro, Mentee
from bot.rules.fit import complete_mentee

CONCRETE = 40
"""The least characters in which a need can be concrete. "help me" is not."""
ASK = 15
MOTIVATION = 20


@dataclass(frozen=True)
class Readiness:
    missing: tuple[str, ...]
    """What must be there and is not: nothing is sent until it is."""
    advice: tuple[str, ...]
    """What would make it better."""

    @property
    def ready(self) -> bool:
        return not self.missing


def readiness(intro: Intro, mentee: Mentee) -> Readiness:
    musts = {
        "your profile, up to the end": complete_mentee(mentee),
        f"your need in one concrete line ({CONCRETE} characters or more)": len(intro.need) >= CONCRETE,
        "one thing you ask of them": len(intro.ask) >= ASK,
        "why medicine, in a sentence or more": len(intro.motivation) >= MOTIVATION,
        "whether you would share grades and scores": intro.academics is not None,
    }
    words = sum(len(part.split()) for part in (intro.need, intro.ask, intro.motivation, intro.why))
    letters = [c for c in intro.need + intro.ask + intro.motivation if c.isalpha()]
    advice = {
        "Say why this mentor and not another.": not intro.why,
        "It is long; busy people read short notes first.": words > 220,
        "Capitals read as shouting.": bool(letters) and sum(c.isupper() for c in letters) > 0.6 * len(letters),
    }
    return Readiness(
        tuple(what for what, there in musts.items() if not there),
        tuple(what for what, so in advice.items() if so),
    )
