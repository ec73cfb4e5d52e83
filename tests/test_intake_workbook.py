"""A workbook says what the same rows say as CSV, and nothing in it makes us work without end."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.intake.columns import MEANINGS, List, mark_of, recognised
from bot.intake.report import described
from bot.intake.rows import MentorRow, Sheet, read
from bot.intake.saving import Report
from bot.intake.table import COLUMNS, ROWS
from bot.vocabulary import Help, Specialty, Window
from tests.test_intake import HARBORVIEW

NEW_YORK = ZoneInfo("America/New_York")
HEAD = ["Timestamp", "Email", "Name", "# of mentees"]


def workbook(*sheets: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def read_rows(*rows: Sequence[object]) -> Sheet:
    return read("signup.xlsx", workbook(("Form Responses 1", rows)), NEW_YORK)


def as_if_from(file: str, sheet: Sheet) -> object:
    problems = [replace(problem, file=file) for problem in sheet.problems]
    return sheet.of, sheet.rows, problems, sheet.columns


@pytest.mark.parametrize("name", ["officers.csv", "mentors.csv", "mentees.csv"])
def test_the_same_rows_give_the_same_result_as_a_workbook_and_as_csv(name: str) -> None:
    data = (HARBORVIEW / name).read_bytes()
    rows: list[list[object]] = [[*row] for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    # As a spreadsheet keeps them: moments and numbers are no words.
    for row in rows[1:]:
        if "/" in str(row[0]):
            row[0] = datetime.strptime(str(row[0]), "%m/%d/%Y %H:%M:%S")  # noqa: DTZ007 - a cell has no zone
        row[1:] = [float(str(cell)) if str(cell).replace(".", "", 1).isdigit() else cell for cell in row[1:]]
    assert as_if_from("", read("a.xlsx", workbook(("Form Responses 1", rows)), NEW_YORK)) == as_if_from(
        "", read("a.csv", data, NEW_YORK)
    )


def test_of_several_sheets_the_one_that_reads_like_answers_is_taken_and_named() -> None:
    by_hand: list[list[object]] = [["Pairs 2026"], [], ["Name", "Capacity", "Program"], ["Ada", 2, "MD"]]
    answers: list[list[object]] = [[*HEAD], [datetime(2026, 9, 9, 10), "ada@x.example", "Ada Vance", 2]]  # noqa: DTZ001 - a cell has no zone
    sheet = read("signup.xlsx", workbook(("Pairing", by_hand), ("Form Responses 1", answers)), NEW_YORK)
    assert [row.email for row in sheet.rows] == ["ada@x.example"]
    assert described(Report(sheet))[0].startswith("signup.xlsx, sheet “Form Responses 1”, read as mentors")
    assert "Sheets not read: Pairing" in described(Report(sheet))


def test_a_heading_above_the_titles_is_passed_over_and_rows_are_counted_as_the_spreadsheet_counts() -> None:
    sheet = read_rows(["Mentors, fall 2026"], [], HEAD, [None, "ada@x.example", "Ada Vance", 3])
    assert [row.line for row in sheet.rows] == [4]


def test_a_formula_counts_as_what_it_came_to_and_is_never_run() -> None:
    sheet = read_rows(HEAD, [None, "ada@x.example", "Ada Vance", "=1+1"])
    (row,) = sheet.rows
    assert isinstance(row, MentorRow)
    assert row.profile.capacity is None  # nobody has opened it, so it came to nothing yet


def test_a_capacity_that_excel_took_for_a_date_is_still_a_capacity() -> None:
    sheet = read_rows(HEAD, [None, "ada@x.example", "Ada Vance", date(2026, 2, 3)])
    (row,) = sheet.rows
    assert isinstance(row, MentorRow)
    assert row.profile.capacity == 2


def test_a_workbook_that_would_fill_the_memory_is_not_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * 30_000_000)
    (problem,) = read("a.xlsx", bomb.getvalue(), NEW_YORK).problems
    assert problem.why == "far larger inside than a sign-up sheet is"


def test_a_cell_at_the_far_end_of_a_sheet_costs_nothing() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEAD, [None, "ada@x.example", "Ada Vance", 2]):
        sheet.append(row)
    sheet.cell(1_048_576, 16_384, "far away")
    saved = io.BytesIO()
    book.save(saved)
    assert len(read("a.xlsx", saved.getvalue(), NEW_YORK).rows) == 1


@settings(max_examples=40, deadline=5_000)
@given(st.binary(max_size=400), st.integers(0, 6_000))
def test_no_damage_to_a_workbook_raises(damage: bytes, place: int) -> None:
    whole = workbook(("A", [HEAD, [None, "ada@x.example", "Ada Vance", 2]]))
    read("a.xlsx", whole[:place] + damage + whole[place + len(damage) :], NEW_YORK)


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "asked",
    [
        *(f"What are you interested in? {rank}" for rank in ("[Rank {}]", "[Rank #{}]", "[{}]", " [rank {}]")),
        "Specialty [{nth} choice]",
        "Specialty ({nth})",
        "{nth} choice specialty",
        "Specialty: {nth} Choice",
        "What is your {nth} preference for a specialty?",
        "Specialty #{}",
        "Specialty - choice {}",
    ],
)
@pytest.mark.parametrize("words", [("2nd", "1st"), ("Second", "First")])
def test_a_question_asked_by_rank_is_read_in_the_order_of_the_ranks(asked: str, words: tuple[str, str]) -> None:
    titles = [asked.format(number, nth=word) for number, word in zip((2, 1), words, strict=True)]
    other = "What are you interested in besides?"
    sheet = read_rows([*HEAD, *titles, other], [None, "ada@x.example", "Ada", 1, "Surgery", "Pediatrics", "Chess"])
    (row,) = sheet.rows
    assert isinstance(row, MentorRow)
    assert row.profile.fields == (Specialty.PEDIATRICS, Specialty.SURGERY)
    assert [column.title for column in sheet.columns.unknown] == [other]


def answer(question: str, **cells: str) -> MentorRow:
    titles = [f"{question} [{row}]" for row in cells]
    (row,) = read_rows([*HEAD, *titles], [None, "ada@x.example", "Ada", 1, *cells.values()]).rows
    assert isinstance(row, MentorRow)
    return row


def test_a_question_asked_as_a_grid_is_read_row_by_row() -> None:
    week = answer("When can you meet?", Monday="", Tuesday="Morning, Evening", Friday="after 6 pm", Sunday="afternoons")
    assert week.person.windows == (Window.WEEKDAY_DAY, Window.WEEKDAY_EVENING, Window.WEEKEND_AFTERNOON)
    day = answer("Weekly availability", Mornings="Saturday", Evenings="Mon, Wed, Fri", Afternoons="")
    assert day.person.windows == (Window.WEEKEND_MORNING, Window.WEEKDAY_EVENING)
    ranked = answer("Rank your specialty interests", Surgery="2nd choice", Pediatrics="1", Psychiatry="", Neurology="3")
    assert ranked.profile.fields == (Specialty.PEDIATRICS, Specialty.SURGERY, Specialty.NEUROLOGY)
    ticked = answer("What can you help with?", Research="Yes", MCAT="x", Shadowing="no")
    assert ticked.profile.offers == (Help.RESEARCH, Help.MCAT)


def test_a_row_of_a_grid_is_left_out_where_it_asks_what_is_never_read() -> None:
    titles = ["Email", "Name", "Class Year", "About you [Cumulative GPA]", "About you [MCAT]", "About you [Hobby]"]
    columns = recognised(titles, {})
    assert [column.title for column in columns.left_out] == titles[3:5]
    assert recognised([*titles, "What do you want help with? [MCAT]"], {}).all[-1].meaning == "wants"


def test_ranks_that_say_nothing_else_mean_what_an_officer_says_of_one_of_them() -> None:
    columns = recognised(["Email", "Name", "Class Year", "2", "1", "3rd choice"], {"1": "interests"}, List.MENTEES)
    assert columns.places["interests"] == (4, 3, 5)


@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("helpAreas", "wants"),
        ("communicationModes", "formats"),
        ("Preferred Communication Method", "channels"),
        ("TimeZone", "zone"),
        ("MaxMentees", "capacity"),
        ("Discord handle\n(if any)", "handle"),
        ("Untitled Question", ""),
        ("First Name", "name"),
        ("First choice of mentor", ""),
        ("Are you 18 or older? (1)", "adult"),
        ("Rank the importance of matching criteria [Rank 1]", ""),
    ],
)
def test_titles_are_known_in_every_spelling(title: str, meaning: str) -> None:
    (column,) = recognised([title], {}).all
    assert column.meaning == meaning


def test_an_officers_word_on_a_column_stands_before_any_guess() -> None:
    titles = ["Email Address", "School e-mail", "Name", "Year in school", "GPA"]
    said = {"School e-mail": "email", "GPA": "hours", "Year in school": ""}
    columns = recognised(titles, said, List.MENTEES)
    assert {column.title: column.meaning for column in columns.all} == {
        "Email Address": "",
        "School e-mail": "email",
        "Name": "name",
        "Year in school": "",
        "GPA": "hours",
    }
    assert [column.title for column in columns.left_out] == ["Year in school"]


def test_columns_without_a_title_or_with_the_same_are_told_apart() -> None:
    sheet = read_rows([*HEAD, "Untitled Question", "Untitled Question", None, "Comments"], [1, 2, 3, 4, 5, 6, 7, 8])
    assert sheet.table.titles[4:] == ("Untitled Question", "Untitled Question (F)", "Column G", "Comments")


def test_the_same_head_is_known_again_however_it_is_dressed() -> None:
    assert mark_of(["Email ", "Full Name"]) == mark_of(["email", "Full  name"]) != mark_of(["Full Name", "email"])


titles = st.one_of(
    st.sampled_from([meaning.pattern for meaning in MEANINGS.values()]),
    st.sampled_from(["Email", "Name", "# of mentees", "Class Year", "GPA", "Interests [Rank 1]", "Interests [2]"]),
    st.text(max_size=40),
)


@settings(max_examples=150, deadline=2_000)
@given(st.data())
def test_no_head_and_no_rows_whatever_raise_and_what_is_left_out_is_never_repeated(data: st.DataObject) -> None:
    head = data.draw(st.lists(titles, max_size=12))
    rows = data.draw(st.lists(st.lists(st.text(max_size=60), max_size=14), max_size=6))
    secret = "3.97-do-not-tell"
    written = io.StringIO()
    csv.writer(written).writerows([[*head, "Cumulative GPA"], *([*row[: len(head)], secret] for row in rows)])
    sheet = read("a.csv", written.getvalue().encode(errors="replace"), NEW_YORK)
    assert len(sheet.rows) <= len(rows)
    assert len({row.email for row in sheet.rows}) == len(sheet.rows)
    if "Cumulative GPA" in [column.title for column in sheet.columns.left_out]:
        gone = sheet.table.without([column.index for column in sheet.columns.left_out])
        short_rows = all(len(row) >= len(head) for row in rows)
        assert not short_rows or secret not in str(gone.records)


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mistyped_provider_is_pointed_out_and_no_address_repeated() -> None:
    sheet = read_rows(HEAD, [None, "Ada@GMIAL.com", "Ada Vance", 2], [None, "bo@mail.com", "Bo Reed", 2])
    assert [row.email for row in sheet.rows] == ["ada@gmial.com", "bo@mail.com"]
    (problem,) = sheet.problems
    assert (problem.line, problem.value, problem.why) == (2, "", "gmial.com may be gmail.com")


def test_whoever_answered_under_two_addresses_with_one_handle_and_name_is_one_person() -> None:
    sheet = read_rows(
        [*HEAD, "Discord"],
        ["9/9/2026 9:00:00", "ada@x.example", "Ada Vance", 2, "@ada"],
        ["9/9/2026 9:30:00", "ada@y.example", "Ada Vance", 3, "ada#0001"],
        ["9/9/2026 9:40:00", "bo@y.example", "Bo Reed", 3, "ada"],
    )
    assert [row.email for row in sheet.rows] == ["ada@y.example", "bo@y.example"]
    assert [(problem.line, problem.why) for problem in sheet.problems] == [
        (2, "the same handle and name answered again in row 3; the later answers count")
    ]


def test_when_someone_answered_is_told_by_the_societys_clock_over_the_change_of_time() -> None:
    sheet = read_rows(
        HEAD,
        ["10/31/2026 23:00:00", "ada@x.example", "Ada Vance", 2],
        ["11/1/2026 23:00:00", "bo@x.example", "Bo Reed", 2],
    )
    first, second = (row.when for row in sheet.rows)
    assert (second - first).total_seconds() == 25 * 3600


def test_more_rows_or_columns_than_a_sign_up_has_are_refused() -> None:
    many = [HEAD, *([None, f"a{n}@x.example", "Ada Vance", 2] for n in range(ROWS + 1))]
    wide = [[*HEAD, *map(str, range(COLUMNS))]]
    assert [read_rows(*rows).problems[0].why for rows in (many, wide)] == [
        f"more than {ROWS} rows",
        f"more than {COLUMNS} columns",
    ]
