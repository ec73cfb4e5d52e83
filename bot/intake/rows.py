"""A table's rows, as people with what they answered; and what of them could not be understood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from bot.intake.columns import Columns, Corrections, List, mark_of, recognised
from bot.intake.dates import DayFirst, day_first, moment
from bot.intake.grids import in_one
from bot.intake.table import CELL, Record, Table, UnreadableError, tables
from bot.intake.words import (
    NEVER,
    NOTHING,
    chosen,
    handle_of,
    mistyped,
    numbers,
    one_of,
    phase_of,
    zone_key,
)
from bot.model import MenteeProfile, MentorProfile, Person, Role
from bot.ui import clean
from bot.vocabulary import (
    C,
    Channel,
    Format,
    Help,
    Hours,
    MentorKind,
    Phase,
    ReplyTime,
    Rhythm,
    Specialty,
    Window,
    folded,
)

PRIVATE = frozenset({"email", "handle", "conflicts"})
"""What a report never repeats: it says the row, and the officer has the sheet."""
HEADINGS = 5
"""A hand-made sheet may have so many rows above the one that names its columns, less one."""


@dataclass(frozen=True)
class Problem:
    """One thing an officer should know about one row of a file."""

    file: str
    line: int
    column: str
    value: str
    """What stands there; empty for a private column."""
    why: str
    fix: str
    saved: bool = True
    """False when the row changes nothing; otherwise it counts, apart from this value."""


@dataclass(frozen=True)
class Row:
    line: int
    """As a spreadsheet counts its rows."""
    when: datetime
    """UTC; NEVER for who does not say."""
    email: str
    handle: str
    person: Person
    """What the row says of them; nobody's id yet."""
    conflicts: str


@dataclass(frozen=True)
class MentorRow(Row):
    profile: MentorProfile


@dataclass(frozen=True)
class MenteeRow(Row):
    profile: MenteeProfile


@dataclass(frozen=True)
class OfficerRow(Row):
    """Someone on the board, or, without the role, its advisor."""


AnyRow: TypeAlias = MentorRow | MenteeRow | OfficerRow


@dataclass(frozen=True)
class Sheet:
    """One sheet, understood as far as it can be."""

    table: Table
    columns: Columns
    rows: tuple[AnyRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    others: tuple[str, ...] = ()
    """The workbook's other sheets, which were not read."""
    dates: DayFirst = field(default=DayFirst(so=False))
    """How the dates on which people answered are read."""

    @property
    def name(self) -> str:
        return self.table.file

    @property
    def of(self) -> List | None:
        return self.columns.of

    @property
    def mark(self) -> str:
        """By which a sheet of the same form is known again."""
        return mark_of(self.table.titles)


def read(name: str, data: bytes, zone: ZoneInfo, said: Corrections | None = None, of: List | None = None) -> Sheet:
    """A spreadsheet, whatever is in it. Raises nothing.

    `zone`: on whose clock the form wrote its times. `said`: what officers corrected before. `of`: what they say it
    is a list of. Of several sheets the one that reads most like a form's answers is taken.
    """
    name = clean(name, 100) or "sheet"
    try:
        found = [_headed(table, said or {}, of) for table in tables(name, data)]
        if not found:
            raise UnreadableError(1, "empty", "The first row names the columns; each row below is one answer.")
        table, columns = max(found, key=_likeness)
    except UnreadableError as error:
        problem = Problem(name, error.line, "", "", error.why, error.fix, saved=False)
        return Sheet(Table(name, "", ()), Columns((), None), problems=(problem,))
    others = tuple(each.sheet for each, _ in found if each.sheet != table.sheet)
    return understood(table, columns, zone, others)


def reread(table: Table, zone: ZoneInfo, said: Corrections, of: List | None = None) -> Sheet:
    """A sheet that was kept, with what officers have said of its columns since."""
    return understood(table, recognised(table.titles, said.get(mark_of(table.titles), {}), of), zone)


def _headed(table: Table, said: Corrections, of: List | None) -> tuple[Table, Columns]:
    """The table from the row on that names its columns."""
    starts = [table.below(start) for start in range(min(HEADINGS, len(table.records)))]
    tried = [(each, recognised(each.titles, said.get(mark_of(each.titles), {}), of)) for each in starts]
    return next((each for each in tried if each[1].of), tried[0])


def _likeness(found: tuple[Table, Columns]) -> tuple[bool, int, int]:
    """How much a sheet reads like the answers to a form."""
    table, columns = found
    return columns.of is not None, len(columns.known), len(table.records)


def understood(table: Table, columns: Columns, zone: ZoneInfo, others: tuple[str, ...] = ()) -> Sheet:
    """Every row that is one; of two by one person the later counts."""
    problems: list[Problem] = []
    if columns.of is None:
        why = "neither a list of mentors nor of mentees nor of officers"
        fix = "Its columns are named in a row: a name and an e-mail address, and what the form asked."
        problem = Problem(table.file, 1, "", "", why, fix, saved=False)
        return Sheet(table, columns, problems=(problem,), others=others)
    titles, domains, dates = table.titles, _domains(table, columns), _dates(table, columns)
    read_rows = []
    for record in table.records[1:]:
        row = _row(columns.of, _Cells(table.file, titles, columns, record, problems, zone, domains, dates.so))
        read_rows += [row] if row else []
    rows = _once_each(table.file, titles, columns, read_rows, problems)
    in_order = tuple(sorted(problems, key=lambda each: (each.line, each.saved)))
    return Sheet(table, columns, tuple(rows), in_order, others, dates)


def _once_each(
    file: str, titles: Sequence[str], columns: Columns, rows: Sequence[AnyRow], problems: list[Problem]
) -> list[AnyRow]:
    """One row for each person, known by their address, or by handle and name together: the last they sent."""
    kept: dict[str, AnyRow] = {}
    emails: dict[str, str] = {}
    for row in rows:
        by_handle = f"{row.handle} {folded(row.person.name)}" if row.handle else row.email
        key = row.email if row.email in kept else emails.setdefault(by_handle, row.email)
        twin = kept.get(key)
        if twin is None:
            kept[key] = row
            continue
        earlier, kept[key] = sorted((twin, row), key=lambda each: (each.when, each.line))
        same = "address" if twin.email == row.email else "handle and name"
        why = f"the same {same} answered again in row {kept[key].line}; the later answers count"
        column = titles[columns.places["email" if same == "address" else "handle"][0]]
        fix = "Nothing to do, unless the earlier one was right."
        problems.append(Problem(file, earlier.line, column, "", why, fix))
    return sorted(kept.values(), key=lambda each: each.line)


def _dates(table: Table, columns: Columns) -> DayFirst:
    (place, *_) = columns.places.get("days") or columns.places.get("when") or (None,)
    if place is None:
        return DayFirst(so=False)
    cells = (record.cells[place] for record in table.records[1:] if place < len(record.cells))
    return day_first(cells, said=True if "days" in columns.places else None)


def _domains(table: Table, columns: Columns) -> frozenset[str]:
    """The domains of addresses that many in a sheet have: whoever is at one of them has not mistyped another."""
    (place, *_) = columns.places["email"]
    cells = (record.cells[place] for record in table.records[1:] if place < len(record.cells))
    counted = Counter(cell.strip().casefold().rpartition("@")[2] for cell in cells)
    return frozenset(domain for domain, often in counted.items() if often >= 3)


# ── one row ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Cells:
    """One record, asked by meaning; what cannot be understood is put among the problems."""

    file: str
    titles: Sequence[str]
    columns: Columns
    record: Record
    problems: list[Problem]
    zone: ZoneInfo
    domains: frozenset[str]
    days: bool
    """Whether a date's day stands before its month."""

    def problem(self, meaning: str, why: str, fix: str, *, saved: bool = True) -> None:
        places = self.columns.places.get(meaning, ())
        title = self.titles[places[0]] if places else ""
        value = "" if meaning in PRIVATE else clean(self._raw(meaning)[:200].replace("\n", " "), 80)
        self.problems.append(Problem(self.file, self.record.line, title, value, why, fix, saved))

    def _raw(self, meaning: str) -> str:
        places, cells = self.columns.places.get(meaning, ()), self.record.cells
        said = {place: cells[place] for place in places if place < len(cells)}
        if grid := [(self.columns.rows[place], cell) for place, cell in said.items() if place in self.columns.rows]:
            return in_one(grid)
        return ", ".join(cell for cell in said.values() if cell.strip()) if len(said) > 1 else "".join(said.values())

    def text(self, meaning: str, limit: int = 200) -> str:
        raw = self._raw(meaning)
        if len(raw) > CELL:
            self.problem(meaning, f"longer than {CELL} characters, so it was left empty", "Shorten it.")
            return ""
        words = clean(raw, CELL)
        if len(words) > limit:
            self.problem(meaning, f"cut at {limit} characters", "Shorten it, if the end matters.")
        return clean(words, limit)

    def choices(self, meaning: str, kind: type[C]) -> tuple[C, ...]:
        found, strange = chosen(kind, self.text(meaning, 1000))
        for words in strange[:3]:  # enough to see what is wrong with the cell
            self.problem(meaning, f"“{clean(words, 40)}” is not understood", f"One of: {_options(kind)}.")
        return found

    def choice(self, meaning: str, kind: type[C]) -> C | None:
        words = self.text(meaning)
        found = one_of(kind, words)
        if words and found is None:
            self.problem(meaning, "not understood", f"One of: {_options(kind)}.")
        return found


def _options(kind: type[C]) -> str:
    return clean("; ".join(choice.label for choice in kind), 300)


def _row(of: List, cells: _Cells) -> AnyRow | None:
    email = _email(cells)
    name = _name(cells)
    if email is None:
        return None
    if not name:
        cells.problem("name", "no name", "Add a name.", saved=False)
        return None
    when = _when(cells)
    handle = handle_of(cells.text("handle", 60))
    person = Person(
        id=0,
        name=name,
        zone=_zone(cells),
        school=cells.text("school", 100),
        windows=cells.choices("windows", Window) if of is not List.OFFICERS else (),
        adult={"yes": True, "true": True, "no": False, "false": False}.get(folded(cells.text("adult"))),
        roles=_roles(cells.text("role")) if of is List.OFFICERS else frozenset(),
    )
    conflicts = cells.text("conflicts", 300)
    common = (cells.record.line, when, email, handle, person, "" if folded(conflicts) in NOTHING else conflicts)
    match of:
        case List.MENTORS:
            return MentorRow(*common, _mentor(cells))
        case List.MENTEES:
            return MenteeRow(*common, _mentee(cells, when))
        case List.OFFICERS:
            return OfficerRow(*common)


def _mentor(cells: _Cells) -> MentorProfile:
    kind = cells.choice("role", MentorKind)
    premed = kind in (MentorKind.PREMED_UPPER, MentorKind.PREMED_ACCEPTED)
    formats = cells.choices("formats", Format)
    if _yes(cells.text("shadowing")) and Format.SHADOWING not in formats:
        formats += (Format.SHADOWING,)
    offers, wont = cells.choices("offers", Help), cells.choices("wont", Help)
    letters = cells.text("letters").casefold()
    if letters.startswith("open") and Help.LETTERS not in offers:
        offers += (Help.LETTERS,)
    elif letters.startswith("no") and Help.LETTERS not in wont:
        wont += (Help.LETTERS,)
    channels = cells.choices("channels", Channel)
    if _yes(cells.text("texts")) and Channel.TEXT not in channels:
        channels += (Channel.TEXT,)
    return MentorProfile(
        person=0,
        kind=kind,
        phase=phase_of(cells.text("class_year"), cells.text("mcat"), cells.text("plan"), None) if premed else None,
        fields=cells.choices("interests", Specialty),
        offers=offers,
        wont=wont,
        formats=formats,
        capacity=_capacity(cells),
        hours=_hours(cells),
        reply=cells.choice("reply", ReplyTime),
        channels=channels,
    )


def _mentee(cells: _Cells, when: datetime) -> MenteeProfile:
    year, mcat, plan = (cells.text(meaning) for meaning in ("class_year", "mcat", "plan"))
    phase = phase_of(year, mcat, plan, when if when > NEVER else None)
    if phase is None and year:
        cells.problem("class_year", "not understood", f"One of: {_options(Phase)}.")
    return MenteeProfile(
        person=0,
        phase=phase,
        interests=cells.choices("interests", Specialty),
        wants=cells.choices("wants", Help),
        formats=cells.choices("formats", Format),
        hours=_hours(cells),
        rhythm=cells.choice("rhythm", Rhythm),
        reply=cells.choice("reply", ReplyTime),
    )


def _yes(words: str) -> bool:
    return words.casefold().startswith(("yes", "true"))


def _email(cells: _Cells) -> str | None:
    try:
        checked = validate_email(cells.text("email", 320), check_deliverability=False)
    except (EmailNotValidError, ValueError):
        cells.problem("email", "not an e-mail address", "Correct it and import again.", saved=False)
        return None
    domain = checked.domain.casefold()
    if domain not in cells.domains and (meant := mistyped(domain)):
        cells.problem("email", f"{domain} may be {meant}", "Ask them, and correct it if so.")
    return checked.normalized.casefold()


def _name(cells: _Cells) -> str:
    """As they like to be called: a preferred name of one word takes the place of the first names."""
    full, last, preferred = (cells.text(meaning, 80).replace("\n", " ") for meaning in ("name", "last", "preferred"))
    full = clean(f"{full} {last}", 80)
    if not preferred or " " in preferred or not full:
        return preferred or full
    return clean(f"{preferred} {full.split()[-1]}", 80) if " " in full else preferred


def _roles(words: str) -> frozenset[Role]:
    # An advisor belongs to the school, not to the board: whether they see officers' screens is not for a sheet.
    return frozenset() if re.search(r"advis[eo]r", words.casefold()) else frozenset({Role.OFFICER})


def _zone(cells: _Cells) -> ZoneInfo | None:
    words = cells.text("zone")
    key = zone_key(words)
    if words and key is None:
        cells.problem("zone", "not a time zone we know", "Eastern, Central, … or a name such as America/New_York.")
    return ZoneInfo(key) if key else None


def _when(cells: _Cells) -> datetime:
    meaning = "days" if "days" in cells.columns.places else "when"
    words = cells.text(meaning)
    found = moment(words, cells.zone, days=cells.days)
    if words and found is None:
        cells.problem(meaning, "not a date we can read", "Month/day/year, such as 9/7/2026 13:05:00.")
    return found or NEVER


def _capacity(cells: _Cells) -> int | None:
    words = cells.text("capacity")
    # Excel makes a date of "2-3".
    dated = re.match(r"\d{4}-(\d\d)-(\d\d)", words) or re.match(r"(\d{1,2})/(\d{1,2})/\d{4}", words)
    found = numbers(" ".join(dated.groups()) if dated else words)
    if not words:
        return None
    if not found or not all(number.is_integer() and number <= 20 for number in found):
        cells.problem("capacity", "not a number of mentees", "A whole number up to 20.")
        return None
    least = int(min(found))
    if len(set(found)) > 1:
        cells.problem("capacity", f"read as {least}, so that nobody is promised too much", "One number, if it is more.")
    return least


def _hours(cells: _Cells) -> Hours | None:
    words = cells.text("hours")
    label = one_of(Hours, words)
    found = numbers(words)
    if label or not words:
        return label
    if not found:
        cells.problem("hours", "not a number of hours", f"One of: {_options(Hours)}.")
        return None
    most = max(found) / (60 if "min" in words.casefold() else 1)
    steps = ((0.5, Hours.HALF), (1, Hours.ONE), (2, Hours.TWO), (4, Hours.FOUR))
    return next((hours for limit, hours in steps if most <= limit), Hours.MORE)
