"""Gathers what the rules of fit need from the records, for whoever asks: a mentee, an officer, a declined intro."""

from __future__ import annotations

from dataclasses import dataclass

from bot.feature import Turn
from bot.model import Intro, Mentee, Mentor, Pair
from bot.rules.fit import Bar, Filters, Fit, bars, best


@dataclass(frozen=True)
class Past:
    """What a mentee's history says about whom they may be paired with."""

    intros: list[Intro]
    pairs: list[Pair]
    conflicts: set[int]
    """With whom officers do not want them paired."""
    wishes: set[int]
    """With whom they are not to be paired by the wish of either."""


async def past_of(turn: Turn, mentee: int) -> Past:
    records = turn.records
    return Past(
        await records.intros.all_of(mentee),
        await records.pairs.all_of(mentee),
        await records.apart.noted_of(mentee),
        await records.apart.wished_about(mentee),
    )


def bars_between(turn: Turn, mentee: Mentee, mentor: Mentor, past: Past) -> list[Bar]:
    """Everything that speaks against this pair now. What officers noted about themselves looks like a wish to them."""
    other = mentor.person.id
    noted, themselves = other in past.conflicts, turn.person is not None and turn.person.id in (mentee.person.id, other)
    return bars(
        mentee,
        mentor,
        zone=turn.society.zone,
        intros=[intro for intro in past.intros if intro.mentor == other],
        pairs=[pair for pair in past.pairs if other in (pair.mentee, pair.mentor)],
        mentees_pairs=sum(pair.live and pair.mentee == mentee.person.id for pair in past.pairs),
        conflict=noted and not themselves,
        wish=other in past.wishes or (noted and themselves),
        pace=turn.pace,
        now=turn.now,
    )


async def candidates(turn: Turn, mentee: Mentee, filters: Filters | None = None) -> list[Fit]:
    """Every mentor this mentee could ask, best first. Having enough mentors already is told when asking."""
    past = await past_of(turn, mentee.person.id)
    free = [
        mentor
        for mentor in await turn.records.people.mentors()
        if not set(bars_between(turn, mentee, mentor, past)) - {Bar.ENOUGH}
    ]
    return best(mentee, free, today=turn.today(), zone=turn.society.zone, filters=filters or Filters())
