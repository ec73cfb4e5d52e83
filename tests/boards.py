"""A board of Harborview's size, in the middle of its autumn, for what is drawn and printed."""

from __future__ import annotations

from datetime import date

from bot.model import DAY, Break
from bot.rules.board import Board, Funnel, Load, Recovered, Room, Standing, Waits, Week
from bot.rules.timing import first_moment
from bot.vocabulary import Specialty
from tests.society import NEW_YORK

BEGAN = date(2026, 8, 24)
ON_TRACK = (0, 12, 41, 66, 74, 75, 72, 70, 71, 73, 70, 69, 68)
SLIPPING = (0, 0, 1, 4, 6, 7, 8, 9, 7, 5, 6, 6, 7)
QUIET = (0, 0, 0, 1, 2, 2, 3, 4, 5, 4, 5, 6, 4)
RESTING = (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3)


def weeks() -> tuple[Week, ...]:
    by_week = zip(ON_TRACK, SLIPPING, QUIET, RESTING, strict=True)
    return tuple(
        Week(first_moment(BEGAN + 7 * (number + 1) * DAY, NEW_YORK), dict(zip(Standing, counts, strict=True)))
        for number, counts in enumerate(by_week)
    )


HARBORVIEW = Board(
    term=Break(BEGAN, date(2026, 12, 18)),
    at=weeks()[-1].ends,
    funnel=Funnel(joined=120, asked=97, paired=84, met=80, still=74),
    weeks=weeks(),
    waits=Waits(mentees=11, mentees_long=3, mentors=6, mentors_long=2),
    rooms=(
        Room(Specialty.UNDECIDED, 2, 9),
        Room(Specialty.PEDIATRICS, 0, 6),
        Room(Specialty.SURGERY, 1, 5),
        Room(Specialty.EMERGENCY, 0, 4),
        Room(Specialty.DERMATOLOGY, 0, 3),
        Room(Specialty.OBGYN, 0, 3),
        Room(Specialty.PSYCHIATRY, 2, 3),
        Room(Specialty.INTERNAL, 1, 2),
        Room(Specialty.NEUROLOGY, 0, 1),
    ),
    missing={Specialty.DERMATOLOGY: 3},
    loads=(Load(0, 0, 2, 3), Load(1, 6, 2, 0), Load(2, 12, 1, 0), Load(3, 9, 1, 0), Load(4, 4, 0, 0)),
    recovered=Recovered(reminded=18, back=14, open=2),
    pairs=91,
    begun=91,
    ended=9,
    completed=1,
    endings={"Came to its planned end": 1, "Not enough time": 3, "No reason given": 5},
    meetings=163,
    met_pairs=71,
)
"""Harborview at the end of November."""
