"""Officers' spreadsheets, read with patience: what can be understood is taken, the rest is named by line.

`read` turns a file's bytes into rows and remarks and never raises; `take_in` saves the rows, and doing so
twice changes nothing. What a row says ends up in the records or on the officer's terminal, never in a log.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from email_validator import EmailNotValidError, validate_email

from bot.model import MenteeProfile, MentorProfile, Open, Person, QueueReason, Role
from bot.ports import Records
from bot.ui import clean
from bot.vocabulary import (
    ALIASES,
    C,
    Channel,
    Choice,
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

BYTES, ROWS, COLUMNS, CELL = 5_000_000, 5_000, 100, 10_000
"""The largest file that is read; a form with more is no society's sign-up."""

FIELDS = {
    # What a column is for, by words in its header. The first that fits wins: the narrow before the wide.
    "when": r"^timestamp|submitted",
    "conflicts": r"not be (paired|matched)|conflict",
    "email": r"e-?mail",
    "last": r"^last name|surname|family name",
    "preferred": r"preferred name|nickname|goes by",
    "handle": r"discord|slack|\bhandle",
    "class_year": r"class year|academic level|year in school|what year",
    "school": r"\bschool|college|university|institution",
    "name": r"\bname\b",
    "zone": r"time ?zone",
    "windows": r"availab|when can you|days and times",
    "mcat": r"mcat status",
    "plan": r"plan to apply|application target|when .*\bapply",
    "capacity": r"# of mentees|number of mentees|how many mentees|max ?mentees|capacity",
    "role": r"\brole\b|career stage|level of training",
    "letters": r"letters",
    "wont": r"rather not|not help|won.?t",
    "offers": r"can you help|can help with|comfortable topics",
    "wants": r"want .*help|need help|help areas",
    "interests": r"specialt|\binterest",
    "rhythm": r"how often|frequency",
    "channels": r"contact preference|how .*reach",
    "texts": r"ok(ay)? to text",
    "shadowing": r"host shadowing",
    "hours": r"hours",
    "reply": r"\brepl(y|ies)|how soon|respon[ds]",
    "formats": r"format|like to meet|meeting mode",
    "adult": r"18 or (older|over)",
}
NEVER = re.compile(
    r"\bgpas?\b|grade point|\bgrades?\b|\bscores?\b|percentile|^mcat$|\brace\b|ethnic|\bbipoc\b|\burim\b"
    r"|lgbt|gender|\bsex\b|pronoun|religio|birth|\bphone|\bcell\b|\bssn\b|social security"
    r"|(student|school|university) id\b|^s?id\b|\bid (no|num)"
)
"""Headers of what no mentor is found by, and what a society is better off not keeping."""

MORE: tuple[tuple[Choice, tuple[str, ...]], ...] = (
    # How sign-up forms word what the vocabulary has no alias for.
    (MentorKind.PREMED_UPPER, ("junior", "senior", "premedjunior", "premedsenior", "undergraduate")),
    (MentorKind.RESIDENT, ("residentphysician",)),
    (MentorKind.APP, ("physicianassistant", "nursepractitioner")),
    (Specialty.UNDECIDED, ("undecidednotsure", "notsure", "notsureyet", "unsure")),
    (Specialty.ORTHOPEDICS, ("orthosports", "orthopaedicsurgery", "orthopedicsurgery")),
    (Specialty.PRIMARY, ("familyprimarycare",)),
    (Specialty.PUBLIC_HEALTH, ("preventivemedicine",)),
    (Help.STRATEGY, ("applicationstrategyandtimeline",)),
    (Help.COURSEWORK, ("courseworkandstudyskills",)),
    (Help.SPECIALTY, ("specialties", "specialtyadvice")),
    (Help.LETTERS, ("lettersofrecommendation",)),
    (Help.NETWORKING, ("networking",)),
    (Format.PROJECT, ("researchorproject", "research", "project")),
    (Format.VIDEO, ("video", "videochat")),
    (Format.VOICE, ("phone", "call")),
    (Rhythm.FORTNIGHTLY, ("everytwoweeks",)),
    (Rhythm.BIMONTHLY, ("everytwomonths",)),
    (Rhythm.TERMLY, ("oncepersemester", "everysemester")),
    (ReplyTime.DAY, ("24hours", "within1day", "1day", "sameday")),
    (ReplyTime.TWO_DAYS, ("2days", "48hours", "within48hours")),
    (ReplyTime.THREE_DAYS, ("3days", "72hours", "within72hours")),
    (ReplyTime.WEEK, ("aweek", "1week", "within1week", "7days")),
    (Window.WEEKDAY_DAY, ("weekdays", "weekdaymornings", "weekdayafternoons")),
    (Window.WEEKDAY_EVENING, ("evenings", "weekdaysevenings")),
    (Channel.DIRECT, ("dm", "discord", "slack", "discorddm", "slackdm")),
    (Channel.VIDEO, ("zoom", "video")),
    (Channel.TEXT, ("text",)),
    (Channel.PHONE, ("phone",)),
    (Phase.SENIOR, ("senioryear",)),
    (Phase.PRE_FRESHMAN, ("highschoolstudent", "incomingfreshman")),
    (Phase.GAP_YEAR, ("graduated", "graduate", "recentgraduate")),
    (Phase.EXPLORING, ("notsure", "exploring")),
)

KNOWN: dict[type[Choice], dict[str, Choice]] = {
    kind: {
        **{alias: choice for alias, choice in ALIASES.items() if isinstance(choice, kind)},
        **{alias: choice for choice, aliases in MORE if isinstance(choice, kind) for alias in aliases},
        **{folded(word): choice for choice in kind for word in (choice.value, choice.label)},
    }
    for kind in (Channel, Format, Help, Hours, MentorKind, Phase, ReplyTime, Rhythm, Specialty, Window)
}

ZONES = {
    **{
        alias: f"America/{city}"
        for city, aliases in {
            "New_York": ("eastern", "et", "est", "edt"),
            "Chicago": ("central", "ct", "cst", "cdt"),
            "Denver": ("mountain", "mt", "mst", "mdt"),
            "Phoenix": ("arizona",),
            "Los_Angeles": ("pacific", "pt", "pst", "pdt"),
            "Anchorage": ("alaska", "akst", "akdt"),
            "Halifax": ("atlantic", "ast", "adt"),
        }.items()
        for alias in aliases
    },
    **dict.fromkeys(("hawaii", "hst"), "Pacific/Honolulu"),
    **{folded(key): key for key in available_timezones() if "/" in key or key == "UTC"},
}

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
NOTHING = {"", "no", "none", "noone", "nobody", "na", "nope", "notreally", "notthatiknowof"}


@dataclass(frozen=True)
class Problem:
    """One thing an officer should know about one line of a file."""

    file: str
    line: int
    column: str
    value: str
    why: str
    fix: str
    saved: bool = True
    """False when the line changes nothing; otherwise it counts, apart from this value."""


@dataclass(frozen=True)
class Row:
    line: int
    """Where it begins in the file, as an editor counts."""
    when: datetime
    """As the sheet tells it, good for telling a first submission from a second."""
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
    name: str
    of: str = ""
    """"mentors", "mentees" or "officers"; empty when the file could not be read."""
    rows: tuple[AnyRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    left_out: tuple[str, ...] = ()
    """Columns not read on purpose."""
    unused: tuple[str, ...] = ()
    """Columns nothing is kept of."""


# ── bytes to records ────────────────────────────────────────────────────────────────────────────────────────


def read(name: str, data: bytes) -> Sheet:
    """A spreadsheet saved as CSV, whatever is in it. Raises nothing."""
    name = clean(name, 100)
    try:
        records = list(_records(data))
        head_line, head = records[0] if records else (1, [])
        if len(head) > COLUMNS:
            raise UnreadableError(head_line, f"more than {COLUMNS} columns", "Keep only the form's own columns.")
        return _sheet(name, [clean(" ".join(title.split()), 120) for title in head], records[1:])
    except UnreadableError as error:
        return Sheet(name, problems=(Problem(name, error.line, "", "", error.why, error.fix, saved=False),))


class UnreadableError(Exception):
    def __init__(self, line: int, why: str, fix: str) -> None:
        super().__init__(why)
        self.line, self.why, self.fix = line, why, fix


def _records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The records that are not blank, each with the line it begins on."""
    if len(data) > BYTES:
        raise UnreadableError(1, f"larger than {BYTES // 1_000_000} MB", "Send one form's answers at a time.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableError(1, "an Excel workbook, not a CSV file", "Save it as CSV (UTF-8) first.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel on Windows writes. A few bytes mean nothing there: better a lost letter than a row.
        text = data.decode("cp1252", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    begins, count = 1, 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise UnreadableError(
                begins, "not readable as CSV from here on", "Look for a quotation mark left open."
            ) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            count += 1
            if count > ROWS + 1:
                raise UnreadableError(begins, f"more than {ROWS} rows", "Split the file.")
            yield begins, cells
        begins = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The one that makes most columns of the first record."""

    def columns(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(",;\t", key=columns)


# ── records to rows ─────────────────────────────────────────────────────────────────────────────────────────


def _sheet(name: str, head: list[str], records: Sequence[tuple[int, list[str]]]) -> Sheet:
    columns: dict[str, int] = {}
    left_out, unused = [], []
    for index, title in enumerate(head):
        words = title.casefold()
        field = next((field for field, pattern in FIELDS.items() if re.search(pattern, words)), None)
        if NEVER.search(words):
            left_out.append(title)
        elif field and field not in columns:
            columns[field] = index
        elif title:
            unused.append(title)
    of = _list(columns)
    if not of:
        raise UnreadableError(
            1,
            "neither a list of mentors nor of mentees nor of officers",
            "The first row names the columns: Name and Email, and what the form asked.",
        )
    problems: list[Problem] = []
    rows: dict[str, AnyRow] = {}
    for line, record in records:
        cells = _Cells(name, line, head, columns, record, problems)
        row = _row(of, cells)
        if row is None:
            continue
        twin = rows.get(row.email)
        if twin is not None:
            earlier, row = sorted((twin, row), key=lambda each: (each.when, each.line))
            fix = "Nothing, unless the earlier one was right."
            why = f"the same address answered again on line {row.line}; the later answers count"
            problems.append(Problem(name, earlier.line, cells.title("email"), earlier.email, why, fix))
        rows[row.email] = row
    kept = tuple(sorted(rows.values(), key=lambda each: each.line))
    in_order = tuple(sorted(problems, key=lambda each: each.line))
    return Sheet(name, of, kept, in_order, tuple(left_out), tuple(unused))


def _list(columns: dict[str, int]) -> str:
    if not columns.keys() & {"name", "preferred"} or "email" not in columns:
        return ""
    if columns.keys() & {"capacity", "offers", "shadowing"}:
        return "mentors"
    if columns.keys() & {"class_year", "plan", "mcat", "wants"}:
        return "mentees"
    return "officers" if "role" in columns else ""


@dataclass(frozen=True)
class _Cells:
    """One record, asked by field; what cannot be understood is put among the problems."""

    file: str
    line: int
    head: list[str]
    columns: dict[str, int]
    record: list[str]
    problems: list[Problem]

    def title(self, field: str) -> str:
        return self.head[self.columns[field]] if field in self.columns else ""

    def problem(self, field: str, why: str, fix: str, *, saved: bool = True) -> None:
        value = clean(self._raw(field)[:200].replace("\n", " "), 80)
        self.problems.append(Problem(self.file, self.line, self.title(field), value, why, fix, saved))

    def _raw(self, field: str) -> str:
        index = self.columns.get(field, COLUMNS)
        return self.record[index] if index < len(self.record) else ""

    def text(self, field: str, limit: int = 200) -> str:
        raw = self._raw(field)
        if len(raw) > CELL:
            self.problem(field, f"longer than {CELL} characters, so it was left empty", "Shorten it.")
            return ""
        words = clean(raw, CELL)
        if len(words) > limit:
            self.problem(field, f"cut at {limit} characters", "Shorten it, if the end matters.")
        return clean(words, limit)

    def choices(self, field: str, kind: type[C]) -> tuple[C, ...]:
        found, strange = chosen(kind, self.text(field, 1000))
        for words in strange[:3]:  # enough to see what is wrong with the cell
            self.problem(field, f"“{clean(words, 40)}” is not understood", f"One of: {_options(kind)}.")
        return found

    def choice(self, field: str, kind: type[C]) -> C | None:
        words = self.text(field)
        found = one_of(kind, words)
        if words and found is None:
            self.problem(field, "not understood", f"One of: {_options(kind)}.")
        return found


def _options(kind: type[C]) -> str:
    return clean("; ".join(choice.label for choice in kind), 300)


def _row(of: str, cells: _Cells) -> AnyRow | None:
    email = _email(cells)
    name = _name(cells)
    if email is None:
        return None
    if not name:
        cells.problem("name", "no name", "Add a name.", saved=False)
        return None
    adult = {"yes": True, "no": False}.get(folded(cells.text("adult")))
    person = Person(
        id=0,
        name=name,
        zone=_zone(cells),
        school=cells.text("school", 100),
        windows=cells.choices("windows", Window),
        adult=adult,
        roles=_roles(cells.text("role")) if of == "officers" else frozenset(),
    )
    when = _when(cells)
    handle = re.sub(r"#\d{4}$", "", cells.text("handle", 60).lstrip("@")).strip()
    conflicts = cells.text("conflicts", 300)
    common = (cells.line, when, email, handle, person, "" if folded(conflicts) in NOTHING else conflicts)
    if of == "mentors":
        return MentorRow(*common, _mentor(cells))
    if of == "mentees":
        return MenteeRow(*common, _mentee(cells, when))
    return OfficerRow(*common)


def _mentor(cells: _Cells) -> MentorProfile:
    kind = cells.choice("role", MentorKind)
    premed = kind in (MentorKind.PREMED_UPPER, MentorKind.PREMED_ACCEPTED)
    formats = cells.choices("formats", Format)
    if cells.text("shadowing").casefold().startswith("yes") and Format.SHADOWING not in formats:
        formats += (Format.SHADOWING,)
    offers, wont = cells.choices("offers", Help), cells.choices("wont", Help)
    letters = cells.text("letters").casefold()
    if letters.startswith("open") and Help.LETTERS not in offers:
        offers += (Help.LETTERS,)
    elif letters.startswith("no") and Help.LETTERS not in wont:
        wont += (Help.LETTERS,)
    channels = cells.choices("channels", Channel)
    if cells.text("texts").casefold().startswith("yes") and Channel.TEXT not in channels:
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
    year, mcat, plan = (cells.text(field) for field in ("class_year", "mcat", "plan"))
    phase = phase_of(year, mcat, plan, when if when > _NEVER else None)
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


# ── one cell at a time ──────────────────────────────────────────────────────────────────────────────────────

_NEVER = datetime.min.replace(tzinfo=UTC)


def one_of(kind: type[C], words: str) -> C | None:
    """The choice someone means: label, slug or alias, with or without words in brackets or after a comma."""
    bare, inner = re.sub(r"\([^()]*\)", " ", words), re.findall(r"\(([^()]*)\)", words)
    for attempt in (words, bare, *inner, *bare.split(",")):
        found = KNOWN[kind].get(folded(attempt))
        if isinstance(found, kind):
            return found
    return None


def chosen(kind: type[C], words: str) -> tuple[tuple[C, ...], list[str]]:
    """All that is ticked in a cell, and the pieces that are no choice. Options may hold commas themselves."""
    pieces = [piece.strip() for piece in re.split(r"[,;\n](?![^()]*\))", words) if piece.strip()]
    found: list[C] = []
    strange: list[str] = []
    while pieces:
        for length in range(min(4, len(pieces)), 0, -1):
            run = ", ".join(pieces[:length])
            bare = re.sub(r"\([^()]*\)", " ", run)
            choice = KNOWN[kind].get(folded(run)) or KNOWN[kind].get(folded(bare))
            if isinstance(choice, kind):
                found.append(choice)
                del pieces[:length]
                break
        else:
            strange.append(pieces.pop(0))
    return tuple(dict.fromkeys(found)), strange


def phase_of(year: str, mcat: str, plan: str, when: datetime | None) -> Phase | None:
    """Where on the road someone is, from the three questions forms ask: class year, MCAT, plan to apply.

    What happened in an application says most; then a place beside the road (gap year, post-bacc); then the
    MCAT being studied for; then an application planned for the next year with the MCAT behind them; then the
    class year.
    """
    said = plan.casefold()
    for phase, pattern in (
        (Phase.ACCEPTED, r"^(?!.*\bnot\b).*\baccepted"),
        (Phase.WAITLIST, r"wait-?\s?list|on hold"),
        (Phase.INTERVIEWING, r"interview"),
        (Phase.REAPPLICANT, r"apply(ing)? again|re-?appl"),
        (Phase.APPLYING, r"\bapplied|this cycle|applying now"),
    ):
        if re.search(pattern, said):
            return phase
    stage = one_of(Phase, year)
    if stage not in (None, Phase.FRESHMAN, Phase.SOPHOMORE, Phase.JUNIOR, Phase.SENIOR, Phase.EXPLORING):
        return stage
    test = mcat.casefold()
    if re.search(r"\bstud|scheduled|registered", test) and not re.search(r"\bnot\b|n't", test):
        return Phase.MCAT
    planned = re.search(r"\b20\d\d\b", said)
    if planned and when and re.search(r"\bhave\b|taken|score|await|done", test):
        years = int(planned.group()) - when.year
        if years in (0, 1):
            return Phase.PREPARING if years else Phase.APPLYING
    return stage or one_of(Phase, plan)


def _email(cells: _Cells) -> str | None:
    try:
        checked = validate_email(cells.text("email", 320), check_deliverability=False)
    except (EmailNotValidError, ValueError):
        cells.problem("email", "not an e-mail address", "Correct it and import again.", saved=False)
        return None
    return checked.normalized.casefold()


def _name(cells: _Cells) -> str:
    """As they like to be called: a preferred name of one word takes the place of the first names."""
    full, last, preferred = (cells.text(field, 80).replace("\n", " ") for field in ("name", "last", "preferred"))
    full = clean(f"{full} {last}", 80)
    if not preferred or " " in preferred or not full:
        return preferred or full
    return clean(f"{preferred} {full.split()[-1]}", 80) if " " in full else preferred


def _roles(words: str) -> frozenset[Role]:
    # An advisor belongs to the school, not to the board: whether they see officers' screens is not for a CSV.
    return frozenset() if re.search(r"advis[eo]r", words.casefold()) else frozenset({Role.OFFICER})


def _zone(cells: _Cells) -> ZoneInfo | None:
    words = cells.text("zone")
    bare = re.sub(r"\([^()]*\)|\b(standard|daylight)?\s*time\b", " ", words.casefold())
    key = ZONES.get(folded(words)) or ZONES.get(folded(bare))
    if words and key is None:
        cells.problem("zone", "not a time zone we know", "Eastern, Central, … or a name such as America/New_York.")
    return ZoneInfo(key) if key else None


def _when(cells: _Cells) -> datetime:
    words = cells.text("when")
    for form in (
        "%m/%d/%Y %H:%M:%S",
        "%m/%d/%Y %H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%m/%d/%Y %I:%M:%S %p",
        "%m/%d/%Y",
        "%Y-%m-%d",
    ):
        try:
            return datetime.strptime(words, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    if words:
        cells.problem("when", "not a date we can read", "Month/day/year, such as 9/7/2026 13:05:00.")
    return _NEVER


def _numbers(words: str) -> list[float]:
    found = re.findall(r"\d{1,4}(?:\.\d{1,2})?|[a-z]+", words.casefold())
    return [float(NUMBERS.get(word, word)) for word in found if word in NUMBERS or word[0].isdigit()]


def _capacity(cells: _Cells) -> int | None:
    words = cells.text("capacity")
    numbers = _numbers(words)
    if not words:
        return None
    if not numbers or not all(number.is_integer() and number <= 20 for number in numbers):
        cells.problem("capacity", "not a number of mentees", "A whole number up to 20.")
        return None
    least = int(min(numbers))
    if len(set(numbers)) > 1:
        cells.problem("capacity", f"read as {least}, so that nobody is promised too much", "One number, if it is more.")
    return least


def _hours(cells: _Cells) -> Hours | None:
    words = cells.text("hours")
    label = one_of(Hours, words)
    numbers = _numbers(words)
    if label or not words:
        return label
    if not numbers:
        cells.problem("hours", "not a number of hours", f"One of: {_options(Hours)}.")
        return None
    most = max(numbers) / (60 if "min" in words.casefold() else 1)
    steps = ((0.5, Hours.HALF), (1, Hours.ONE), (2, Hours.TWO), (4, Hours.FOUR))
    return next((hours for limit, hours in steps if most <= limit), Hours.MORE)


# ── rows to records ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Report:
    """What an import did."""

    sheet: Sheet
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()

    def lines(self) -> list[str]:
        """For the officer's terminal: the counts first, then what needs a hand, then what is good to know."""
        said = [f"{self.sheet.name}: {self.new} new, {self.changed} changed, {self.unchanged} unchanged"]
        if self.sheet.left_out:
            said.append(f"Left out on purpose: {', '.join(self.sheet.left_out)}")
        for saved, heading in ((False, "Not saved:"), (True, "Saved, with a remark:")):
            some = [problem for problem in self.problems if problem.saved is saved]
            said += [heading] * bool(some)
            said += [f"  {_problem_line(problem)}" for problem in some]
        return said


def _problem_line(problem: Problem) -> str:
    where = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
    return f"{where}: " + (f"“{problem.value}”: " if problem.value else "") + f"{problem.why}. {problem.fix}"


async def take_in(sheet: Sheet, records: Records, now: datetime, *, approve: bool) -> Report:
    """Save a sheet's rows. People are known by e-mail; an empty cell takes nothing away.

    `approve` says that this is the officers' own list of mentors, which counts as their approval.
    """
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    ids: dict[str, int] = {}
    problems = [*sheet.problems]
    rows = []
    for row in sheet.rows:
        if await records.privacy.was_forgotten(row.email.casefold()):
            why, fix = "they were forgotten here", "If they are back, they join by themselves: /sign-up."
            problems.append(Problem(sheet.name, row.line, "email", "", why, fix, saved=False))
            continue
        rows.append(row)
        ids[row.email], outcome = await _save(row, records, now, approve=approve)
        counts[outcome] += 1
    # Only now: a conflict may name someone further down.
    everyone = await records.people.all() if any(row.conflicts for row in rows) else []
    for row in rows:
        others = await _meant(row.conflicts, everyone, records) - {ids[row.email]}
        known = await records.people.conflicts_of(ids[row.email]) if others else set()
        for other in sorted(others - known):
            await records.people.add_conflict(ids[row.email], other)
        if row.conflicts and not others:
            why = "nobody by that name or address is known"
            fix = "Import the list they are on, then this one again."
            problems.append(Problem(sheet.name, row.line, "conflict", clean(row.conflicts, 80), why, fix))
    return Report(sheet, **counts, problems=tuple(problems))


async def _save(row: AnyRow, records: Records, now: datetime, *, approve: bool) -> tuple[int, str]:
    people = records.people
    known = await people.by_email(row.email)
    if known is None:
        person = await people.add(row.person.name, email=row.email, **_given(row.person, Person(0, "")))
    else:
        person = known
    told = _news({"name": row.person.name, **_given(row.person, Person(0, ""))}, person)
    if told:
        await people.change(person.id, **told)
    began = True
    news: dict[str, Any] = {}
    match row:
        case MentorRow(profile=profile):
            mentor = await people.mentor(person.id)
            began = mentor is None
            blank = MentorProfile(person.id)
            stored = mentor.profile if mentor else blank
            said = replace(profile, approved_at=stored.approved_at or (now if approve else None))
            news = _news(_given(said, blank), stored)
            if news or began:
                await people.save_mentor(person.id, **news)
            if approve:
                await _approved(records, person.id, now)
            elif began and await records.queue.open(QueueReason.APPROVE, now, person=person.id):
                await records.diary.set(Open.QUEUE, 0, now)
        case MenteeRow(profile=mentee_profile):
            mentee = await people.mentee(person.id)
            began = mentee is None
            news = _news(_given(mentee_profile, MenteeProfile(0)), mentee.profile if mentee else MenteeProfile(0))
            if news or began:
                await people.save_mentee(person.id, **news)
        case OfficerRow():
            began = known is None
            news = {"roles": row.person.roles - person.roles} if row.person.roles - person.roles else {}
            for role in sorted(row.person.roles - person.roles):
                await people.give_role(person.id, role)
    return person.id, "new" if began else "changed" if told or news else "unchanged"


async def _approved(records: Records, person: int, now: datetime) -> None:
    """The officers' own list answers what they were asked about this mentor."""
    for item in await records.queue.items():
        if item.reason is QueueReason.APPROVE and item.person == person:
            await records.queue.resolve(item.id, None, now)


def _given(said: Person | MentorProfile | MenteeProfile, blank: object) -> dict[str, Any]:
    """The fields a row says something about. Names and roles have their own ways in."""
    values = {field.name: getattr(said, field.name) for field in fields(said)}
    own = {"id", "person", "name", "roles"}
    return {key: value for key, value in values.items() if key not in own and value != getattr(blank, key)}


def _news(said: dict[str, Any], stored: object) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value != getattr(stored, key)}


async def _meant(words: str, everyone: Sequence[Person], records: Records) -> set[int]:
    """Whom someone names in their own words: by address, or by a full name that is one person's."""
    found = set()
    for address in re.findall(r"[^\s,;()<>]+@[^\s,;()<>]+", words):
        person = await records.people.by_email(address.casefold().rstrip("."))
        found |= {person.id} if person else set()
    text = _as_words(words)
    named = [person for person in everyone if " " in person.name and _as_words(person.name) in text]
    names = [_as_words(person.name) for person in named]
    return found | {person.id for person in named if names.count(_as_words(person.name)) == 1}


def _as_words(words: str) -> str:
    letters_only = " ".join(re.findall(r"[^\W_]+", words.casefold()))
    return f" {letters_only} "
