"""How long a whole cohort takes, printed as JSON: `.venv/bin/python -m bench.cohort [size …]`.

A society of 500 has 350 mentees who wait and 150 mentors with one to six places. `scoring` and `matching` are seconds
on the clock, `cpu` is what of them was this program's own. `short`: so few mentors that many mentees get nobody, which
is the hardest.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from time import perf_counter, process_time
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.model import History, InLine, Member, Mentee, MenteeProfile, Mentor, MentorProfile, Pace, Person
from bot.rules.cohort import Cohort, gathered, possible, propose
from bot.vocabulary import Format, Help, Hours, MentorKind, Phase, ReplyTime, Rhythm, Specialty, Window

SIZES = (50, 100, 200, 500, 1000, 2000)
NOW = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
ZONES = [ZoneInfo(name) for name in ("America/New_York", "America/Chicago", "America/Los_Angeles")]
T = TypeVar("T")


def roster(seed: int, mentees: int, mentors: int, most_places: int = 6) -> list[Member]:
    """People as a society has them: some fields and wishes are popular, and not everyone fits everyone."""
    chance = random.Random(seed)

    def some(choices: Iterable[T], least: int, most: int) -> tuple[T, ...]:
        every = list(choices)
        # The first of a list are the popular ones.
        weights = [1 / (place + 2) for place in range(len(every))]
        found = set(chance.choices(range(len(every)), weights, k=chance.randint(least, most)))
        return tuple(every[place] for place in sorted(found))

    def person(number: int) -> Person:
        return Person(number, f"Person {number}", chance.choice(ZONES), windows=some(Window, 1, 3), adult=True)

    def mentee(number: int) -> Mentee:
        profile = MenteeProfile(
            number,
            chance.choice(list(Phase)),
            some(Specialty, 1, 3),
            some(Help, 1, 4),
            some(Format, 1, 2),
            chance.choice(list(Hours)),
            Rhythm.MONTHLY,
            chance.choice(list(ReplyTime)),
        )
        return Mentee(person(number), profile)

    def mentor(number: int) -> Mentor:
        profile = MentorProfile(
            number,
            chance.choice(list(MentorKind)),
            chance.choice(list(Phase)),
            some(Specialty, 1, 2),
            some(Help, 2, 5),
            (),
            some(Format, 1, 3),
            chance.randint(1, most_places),
            chance.choice(list(Hours)),
            chance.choice(list(ReplyTime)),
            approved_at=NOW,
        )
        return Mentor(person(number), profile)

    made = [mentee(number) for number in range(1, mentees + 1)]
    others = [mentor(number) for number in range(mentees + 1, mentees + mentors + 1)]
    return [
        *(Member(each.person, (f"paper:{each.person.id}",), each, None) for each in made),
        *(Member(each.person, (f"paper:{each.person.id}",), None, each) for each in others),
    ]


def cohort(people: Iterable[Member], seed: int = 0) -> Cohort:
    """All of them on one evening; every third mentee has been in line for a while."""
    everyone = list(people)
    waiting = [member.person.id for member in everyone if member.mentee][::3]
    chance = random.Random(seed)
    line = [InLine(person, NOW - timedelta(days=chance.randint(0, 90))) for person in sorted(waiting)]
    return gathered(everyone, History((), (), frozenset()), line, (), zone=ZONES[0], pace=Pace(), now=NOW)


def measured(size: int, *, short: bool) -> dict[str, object]:
    mentors = size * 16 // 100 if short else size * 3 // 10
    society = cohort(roster(size, size - mentors, mentors))
    used, begun = process_time(), perf_counter()
    scores = possible(society)
    scored = perf_counter()
    found = propose(society, scores)
    done = perf_counter()
    return {
        "size": size,
        "mentees": size - mentors,
        "mentors": mentors,
        "places": sum(society.places.values()),
        "possible": sum(map(len, scores.values())),
        "short": short,
        "scoring": round(scored - begun, 3),
        "matching": round(done - scored, 3),
        "seconds": round(done - begun, 3),
        "cpu": round(process_time() - used, 3),
        "matched": len(found.pairs),
        "total": found.total,
        "least": found.least,
    }


if __name__ == "__main__":
    chosen = [int(size) for size in sys.argv[1:]] or SIZES
    print(json.dumps([measured(size, short=short) for size in chosen for short in (False, True)], indent=1))
