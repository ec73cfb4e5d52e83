"""What each column of a sheet is for, by its title, unless an officer has said it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.vocabulary import folded


class List(StrEnum):
    """What a sheet is a list of."""

    MENTORS = "mentors"
    MENTEES = "mentees"
    OFFICERS = "officers"


@dataclass(frozen=True)
class Meaning:
    """What a column can be for: in words for officers, and by the words in its title."""

    label: str
    pattern: str
    of: tuple[List, ...] = (List.MENTORS, List.MENTEES)
    """The lists it says something in."""
    several: bool = False
    """Whether a form may ask it in several columns, as "[Rank 1]", "[Rank 2]"."""


_MENTOR, _MENTEE, _ALL = (List.MENTORS,), (List.MENTEES,), tuple(List)

MEANINGS = {
    # The first whose words are in a title wins: the narrow before the wide.
    "when": Meaning("when they answered", r"^timestamp|submitted", _ALL),
    # Never by a title: an officer says so.
    "days": Meaning("when they answered, the day before the month", r"(?!)", ()),
    "conflicts": Meaning("whom they must not be paired with", r"not be (paired|matched)|conflict"),
    "email": Meaning("e-mail address", r"e-?mail", _ALL),
    "last": Meaning("last name", r"^last name|surname|family name", _ALL),
    "preferred": Meaning("preferred name", r"preferred name|nickname|goes by", _ALL),
    "handle": Meaning("Discord or Slack handle", r"discord|slack|\bhandle", _ALL),
    "class_year": Meaning("class year", r"class year|academic level|year in school|what year"),
    "school": Meaning("school or hospital", r"\bschool|college|university|institution", _ALL),
    "name": Meaning("name", r"\bname\b", _ALL),
    "zone": Meaning("time zone", r"time ?zone", _ALL),
    "windows": Meaning("when they can meet", r"availab|when can you|days and times", several=True),
    "mcat": Meaning("MCAT status, no score", r"mcat status", _MENTEE),
    "plan": Meaning("when they apply", r"plan to apply|application target|when .*\bapply", _MENTEE),
    "capacity": Meaning(
        "how many mentees",
        r"# of mentees|number of mentees|how many mentees|max ?mentees|capacity",
        _MENTOR,
    ),
    "role": Meaning("what they are", r"\brole\b|career stage|level of training", (List.MENTORS, List.OFFICERS)),
    "letters": Meaning("letters of recommendation", r"letters", _MENTOR),
    "wont": Meaning("what they would rather not do", r"rather not|not help|won.?t", _MENTOR, several=True),
    "offers": Meaning("what they help with", r"can you help|can help with|comfortable topics", _MENTOR, several=True),
    "wants": Meaning("what they want help with", r"want .*help|need help|help areas", _MENTEE, several=True),
    "interests": Meaning("field or interests", r"specialt|\binterest(s|ed)?\b", several=True),
    "rhythm": Meaning("how often", r"how often|frequency", _MENTEE),
    "channels": Meaning(
        "how to reach them",
        r"contact preference|preferred contact|communication method|how .*reach",
        _MENTOR,
        several=True,
    ),
    "texts": Meaning("whether to text them", r"ok(ay)? to text", _MENTOR),
    "shadowing": Meaning("whether they host shadowing", r"host shadowing", _MENTOR),
    "hours": Meaning("hours a month", r"hours"),
    "reply": Meaning("how soon they answer", r"\brepl(y|ies)|how soon|respon[ds]"),
    "formats": Meaning("how they like to meet", r"format|like to meet|\bmodes?$|meeting mode", several=True),
    "adult": Meaning("18 or older", r"18 or (older|over)"),
}
SEVERAL = frozenset(name for name, each in MEANINGS.items() if each.several)
NOTHING = ""
"""What an officer says of a column that is not to be read."""

NEVER = re.compile(
    r"\bgpas?\b|grade point|\bgrades?\b|\bscores?\b|percentile|^mcat$|\brace\b|ethnic|\bbipoc\b|\burim\b"
    r"|lgbt|gender|\bsex\b|pronoun|religio|birth|\bphone|\bcell\b|\bssn\b|social security"
    r"|(student|school|university) id\b|^s?id\b|\bid (no|num)"
)
"""Titles of what no mentor is found by, and what a society is better off not keeping."""
NTH = {
    word: number
    for number, words in enumerate(("1st first", "2nd second", "3rd third", "4th fourth", "5th fifth"), start=1)
    for word in words.split()
}
_CHOICE = "(?:choice|preference|pick|priority)"
RANKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # As in "Interests [Rank #2]", "Interests [2nd choice]", "Interests (2)",
        rf"[\[(]\s*(?:rank|{_CHOICE})?\s*#?\s*(\d{{1,2}}|{'|'.join(NTH)})(?:[\s-]+{_CHOICE})?\s*[\])]\s*$",
        # as in "Second choice of specialty", "Specialty: 2nd choice",
        rf"\b({'|'.join(NTH)})[\s-]+{_CHOICE}\b(?:\s+(?:of|for))?",
        # and as in "Specialty, choice 2", "Specialty #2", or nothing but "2".
        rf"(?:\b(?:rank|{_CHOICE})\s*#?\s*|#\s*|^\s*)(\d{{1,2}})\s*$",
    )
)
"""How a form that asks the same in several columns says which of them is meant."""
GRID = re.compile(r"\s*\[([^\[\]]+)\]\s*$")
"""A question asked as a grid has a column for each of its rows: "Availability [Monday]"."""

Corrections = Mapping[str, Mapping[str, str]]
"""What officers said before, by the mark of a head: each column's meaning by its title."""


@dataclass(frozen=True)
class Column:
    index: int
    title: str
    meaning: str = NOTHING
    """A key of MEANINGS, or nothing."""
    left_out: bool = False
    """On purpose: by its title, or because an officer said so."""


@dataclass(frozen=True)
class Columns:
    all: tuple[Column, ...]
    of: List | None
    """None where the columns do not say."""
    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Where each meaning stands, the first rank first."""
    rows: Mapping[int, str] = field(default_factory=dict)
    """What a column is a row of, where a question is asked as a grid."""

    @property
    def known(self) -> list[Column]:
        return [column for column in self.all if column.meaning]

    @property
    def left_out(self) -> list[Column]:
        return [column for column in self.all if column.left_out]

    @property
    def unknown(self) -> list[Column]:
        """Of which nothing is kept, as nobody has said what they are."""
        return [column for column in self.all if not column.meaning and not column.left_out]


def recognised(titles: Sequence[str], said: Mapping[str, str], of: List | None = None) -> Columns:
    """The columns of a sheet. `said`: what officers say of some, by title; `of`: what they say it is a list of."""
    words = {_plain(title): meaning for title, meaning in said.items()}
    # What is said of one rank, or of one row of a grid, holds for all.
    of_parts = {base: said[title] for title in said for base, rank, row in (_asked(title),) if rank or row}
    columns: list[Column] = []
    ranks: dict[str, dict[int, int]] = {}
    bases: dict[str, str] = {}
    rows: dict[int, str] = {}
    for index, title in enumerate(titles):
        base, rank, row = _asked(title)
        told = words.get(_plain(title), of_parts.get(base) if rank or row else None)
        meaning, left_out = _meaning(base, row, told)
        # A question is asked once, or once for each rank or row; and an officer's word stands before a guess.
        part = bool(rank or row) and meaning in ranks and meaning in SEVERAL and base == bases[meaning]
        again = told is None and (meaning in words.values() or (meaning in ranks and not part))
        if meaning and not again:
            if part and row:
                rows |= {index: row, **{each: _asked(titles[each])[2] for each in ranks[meaning]}}
            bases.setdefault(meaning, base)
            ranks.setdefault(meaning, {})[index] = rank
        columns.append(Column(index, title, NOTHING if again else meaning, left_out))
    places = {name: tuple(sorted(each, key=lambda i: (each[i], i))) for name, each in ranks.items()}
    return Columns(tuple(columns), _list(places, of), places, rows)


def mark_of(titles: Sequence[str]) -> str:
    """By which the same head is known again."""
    return hashlib.sha256("\n".join(map(_plain, titles)).encode()).hexdigest()[:32]


def meanings_for(of: List | None) -> dict[str, str]:
    """What an officer may say of a column, in words."""
    return {name: each.label for name, each in MEANINGS.items() if (of or List.MENTORS) in each.of}


def _plain(title: str) -> str:
    return folded(title) or title


def _asked(title: str) -> tuple[str, int, str]:
    """A question without its rank or row, the rank, and the row.

    "Interests? [Rank #2]" is the second of "interests?", "Availability [Monday]" the row "Monday" of "availability".
    """
    found = next((found for pattern in RANKS if (found := pattern.search(title))), None)
    said = found[1].casefold() if found else "0"
    grid = None if found else GRID.search(title)
    part = found or grid
    words = f"{title[: part.start()]} {title[part.end() :]}" if part else title
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words)  # "helpAreas"
    base = " ".join(words.casefold().split()).strip(" ,:-\u2013\u2014")
    return base, NTH.get(said) or int(said), grid[1].strip() if grid else ""


def _meaning(words: str, row: str, said: str | None) -> tuple[str, bool]:
    if said is not None:
        return (said, False) if said in MEANINGS else (NOTHING, True)
    if NEVER.search(words):
        return NOTHING, True
    found = next((name for name, each in MEANINGS.items() if re.search(each.pattern, words)), NOTHING)
    # Of a row only a choice is ever kept, where the question asks for choices: "Help with? [MCAT]" is no score.
    return (NOTHING, True) if NEVER.search(row.casefold()) and found not in SEVERAL else (found, False)


def _list(places: Mapping[str, tuple[int, ...]], said: List | None) -> List | None:
    if not places.keys() & {"name", "preferred"} or "email" not in places:
        return None
    if said is not None:
        return said
    if places.keys() & {"capacity", "offers", "shadowing"}:
        return List.MENTORS
    if places.keys() & {"class_year", "plan", "mcat", "wants"}:
        return List.MENTEES
    return List.OFFICERS if "role" in places else None
