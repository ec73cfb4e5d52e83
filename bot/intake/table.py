"""A file's bytes, as tables of plain words: CSV in whatever dress, and every sheet of a workbook."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count

from pydantic import TypeAdapter

from bot.ui import clean

BYTES, ROWS, COLUMNS, CELL, SHEETS = 5_000_000, 5_000, 100, 10_000, 20
"""The largest file that is read; a form with more is no society's sign-up."""
UNZIPPED = 20_000_000
"""A workbook is a zip: what it holds may be this much, and no more is ever unpacked."""
TITLE = 120
"""Characters of a column's title that are kept; people write whole paragraphs."""


class UnreadableError(Exception):
    """The file cannot be read, from `line` on; what to do about it is `fix`."""

    def __init__(self, line: int, why: str, fix: str) -> None:
        super().__init__(why)
        self.line, self.why, self.fix = line, why, fix


@dataclass(frozen=True)
class Record:
    line: int
    """Its row, as a spreadsheet counts."""
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One sheet, its blank rows left away; the first record names the columns."""

    file: str
    sheet: str
    """Its name in the workbook; empty for a CSV file."""
    records: tuple[Record, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        """The columns, each by a name of its own: a title that is missing or there twice is told by where it stands."""
        first = self.records[0].cells if self.records else ()
        seen: set[str] = set()
        names = []
        for index, cell in enumerate(first):
            title = clean(" ".join(cell.split()), TITLE) or f"Column {_letters(index)}"
            name = f"{title} ({_letters(index)})" if title in seen else title
            seen.add(name)
            names.append(name)
        return tuple(names)

    def below(self, start: int) -> Table:
        """The same without its first rows: a hand-made sheet has a heading above its titles."""
        return replace(self, records=self.records[start:])

    def without(self, columns: Sequence[int]) -> Table:
        """The same with nothing below the titles of these columns."""
        gone = frozenset(columns)

        def kept(record: Record) -> Record:
            return replace(record, cells=tuple("" if i in gone else cell for i, cell in enumerate(record.cells)))

        return replace(self, records=(*self.records[:1], *map(kept, self.records[1:])))


_TABLE: TypeAdapter[Table] = TypeAdapter(Table)


def table_json(table: Table) -> str:
    return _TABLE.dump_json(table).decode()


def table_from_json(text: str) -> Table:
    return _TABLE.validate_json(text)


def tables(name: str, data: bytes) -> list[Table]:
    """Every sheet of a file that holds anything. Raises UnreadableError."""
    if len(data) > BYTES:
        raise UnreadableError(1, f"larger than {BYTES // 1_000_000} MB", "Send one form's answers at a time.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(1, "an old or locked Excel file", "Save it as .xlsx without a password, or as CSV.")
    found = _workbook(data) if data.startswith(b"PK\x03\x04") else [("", _csv(data))]
    made = [Table(name, clean(sheet, 60), tuple(_within(records))) for sheet, records in found]
    return [table for table in made if table.records]


def _within(records: Iterator[Record]) -> Iterator[Record]:
    """The records that are not blank, as long as there are no more than we read."""
    for number, record in enumerate(each for each in records if any(cell.strip() for cell in each.cells)):
        if number > ROWS:
            raise UnreadableError(record.line, f"more than {ROWS} rows", "Split the file.")
        filled = max(index for index, cell in enumerate(record.cells, start=1) if cell.strip())
        if filled > COLUMNS:
            raise UnreadableError(record.line, f"more than {COLUMNS} columns", "Keep only the form's own columns.")
        yield Record(record.line, record.cells[:filled])


def _letters(index: int) -> str:
    """A column as spreadsheets name it: A, B, … Z, AA."""
    return (_letters(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


# ── CSV ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _csv(data: bytes) -> Iterator[Record]:
    text = _decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    for line in count(1):
        try:
            cells = next(reader, None)
        except csv.Error:
            fix = "Look for a quotation mark left open."
            raise UnreadableError(line, "not readable as CSV from here on", fix) from None
        if cells is None:
            return
        yield Record(line, tuple(cells))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel on Windows writes. A few bytes mean nothing there: better a lost letter than a row.
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The one that makes most columns of the first record."""

    def columns(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(",;\t", key=columns)


# ── workbooks ───────────────────────────────────────────────────────────────────────────────────────────────


def _workbook(data: bytes) -> list[tuple[str, Iterator[Record]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(each.file_size for each in archive.infolist()) > UNZIPPED:
                raise UnreadableError(1, "far larger inside than a sign-up sheet is", "Save only the answers, as CSV.")
        return [(name, iter(records)) for name, records in _sheets(data)]
    except UnreadableError:
        raise
    except Exception:  # whatever a broken workbook makes the library raise, and that is many things
        raise UnreadableError(1, "not readable as a workbook", "Open it, and save it as .xlsx or CSV again.") from None


def _sheets(data: bytes) -> list[tuple[str, list[Record]]]:
    """Row by row and never beyond our limits, whatever size the workbook says that it has."""
    from openpyxl import load_workbook  # only for who brings a workbook: it loads slowly

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and menus in it that the library does not know
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
            return [
                (
                    sheet.title,
                    [
                        Record(line, tuple(_words(cell) for cell in row))
                        for line, row in enumerate(
                            sheet.iter_rows(max_row=2 * ROWS, max_col=COLUMNS + 1, values_only=True), start=1
                        )
                        if any(cell is not None for cell in row)
                    ],
                )
                for sheet in seen[:SHEETS]
            ]
        finally:
            book.close()


def _words(cell: object) -> str:
    """A cell as the same sheet saved as CSV has it, its date in the one form that nobody can take for another."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            # A fraction of a day rarely is a whole second.
            moment = cell + timedelta(milliseconds=500) if cell.year < 9999 else cell
            return moment.strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return cell.isoformat()
    words = str(cell)
    return "" if words.startswith(("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#ERROR!")) else words
