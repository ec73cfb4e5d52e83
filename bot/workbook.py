"""Tables for officers' own use, as CSV and as a workbook, in which nobody's words ever become a formula.

What a member keeps to themselves or shows to their mentor alone is in none of them: no address, no grade, no answer,
no reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.model import Chronicle, Member, Mentee, Mentor, Pace, PairFacts
from bot.rules.board import standing
from bot.rules.waiting import last_contact
from bot.vocabulary import Specialty

Cell: TypeAlias = str | int | date | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for the beginning of something to work out, also where it is full-width."""


@dataclass(frozen=True)
class Table:
    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def harmless(cell: Cell) -> Cell:
    """Text as it stands, behind an apostrophe where a spreadsheet would work it out (OWASP's advice for CSV)."""
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def as_csv(table: Table) -> bytes:
    """With a byte-order mark, without which Excel takes names for another alphabet."""
    made = io.StringIO()
    writer = csv.writer(made, quoting=csv.QUOTE_ALL)
    writer.writerow(table.heads)
    for row in table.rows:
        writer.writerow("" if cell is None else harmless(cell) for cell in row)
    return made.getvalue().encode("utf-8-sig")


def as_workbook(tables: Sequence[Table]) -> bytes:
    """One sheet for each table."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for number, row in enumerate((table.heads, *table.rows)):
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet)
                if isinstance(value, str):
                    cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(harmless(value)))
                    cell.data_type = "s"  # text, whatever it looks like
                else:
                    cell.value = value
                if number == 0:
                    cell.font = Font(bold=True)
                cells.append(cell)
            sheet.append(cells)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


# ── what officers take along ──────────────────────────────────────────────────────────────────────────────────────


def people_table(chronicle: Chronicle) -> Table:
    heads = ("Name", "Mentee", "Mentor", "School", "Fields", "Places", "Mentees now", "Approved", "Away until")
    return Table(
        "People", heads, tuple(_person(member) for member in chronicle.members if member.mentee or member.mentor)
    )


def _person(member: Member) -> tuple[Cell, ...]:
    person, mentee, mentor = member.person, member.mentee, member.mentor
    return (
        person.name,
        _phase(mentee),
        _kind(mentor),
        person.school,
        ", ".join(dict.fromkeys(field.label for field in (*_fields(mentee), *_fields(mentor)))),
        mentor.profile.capacity if mentor else None,
        mentor.load if mentor else None,
        None if mentor is None else "yes" if mentor.profile.approved_at else "not yet",
        person.away_until,
    )


def _phase(mentee: Mentee | None) -> str:
    return mentee.profile.phase.label if mentee and mentee.profile.phase else "yes" if mentee else ""


def _kind(mentor: Mentor | None) -> str:
    return mentor.profile.kind.label if mentor and mentor.profile.kind else "yes" if mentor else ""


def _fields(who: Mentee | Mentor | None) -> Sequence[Specialty]:
    match who:
        case Mentee():
            return who.profile.interests
        case Mentor():
            return who.profile.fields
    return ()


def pairs_table(chronicle: Chronicle, zone: ZoneInfo, now: datetime, pace: Pace) -> Table:
    heads = ("Mentee", "Mentor", "Since", "How it stands", "Last in touch", "Ended", "As planned")
    names = {member.person.id: member.person.name for member in chronicle.members}
    rows = (_pair(facts, chronicle, names, zone, now, pace) for facts in chronicle.pairs)
    return Table("Pairs", heads, tuple(rows))


def _pair(
    facts: PairFacts, chronicle: Chronicle, names: Mapping[int, str], zone: ZoneInfo, now: datetime, pace: Pace
) -> tuple[Cell, ...]:
    def day(moment: datetime | None) -> date | None:
        return moment.astimezone(zone).date() if moment else None

    pair = facts.pair
    return (
        names[pair.mentee],
        names[pair.mentor],
        day(pair.started_at),
        standing(facts, now, pace) or "ended",
        day(last_contact(facts)),
        day(pair.ended_at),
        None if pair.live else "yes" if pair.id in chronicle.completed else "no",
    )
