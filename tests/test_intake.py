"""What an officer's spreadsheet is understood to say. Saving it is tested against real storage."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.dates import day_first, moment
from bot.intake.report import dates_said, described
from bot.intake.rows import MenteeRow, MentorRow, Problem, Sheet
from bot.intake.rows import read as read_in
from bot.intake.saving import Report
from bot.intake.table import BYTES, CELL, COLUMNS, ROWS
from bot.intake.words import chosen, one_of, phase_of
from bot.model import MentorProfile, Role
from bot.vocabulary import Format, Help, Hours, MentorKind, Phase, ReplyTime, Rhythm, Specialty, Window

NEW_YORK = ZoneInfo("America/New_York")
HARBORVIEW = Path(__file__).parent.parent / "examples" / "harborview"


def read(name: str, data: bytes) -> Sheet:
    return read_in(name, data, NEW_YORK)


def left_out(sheet: Sheet) -> list[str]:
    return [column.title for column in sheet.columns.left_out]


def mentors(head: str, *rows: str) -> Sheet:
    lines = [
        f"Email,Name,# of mentees,{head}",
        *(f"ada{n}@x.example,Ada Vance,,{row}" for n, row in enumerate(rows)),
    ]
    return read("mentors.csv", "\n".join(lines).encode())


def the_mentor(head: str, value: str) -> MentorProfile:
    sheet = mentors(head, f'"{value}"')
    (row,) = sheet.rows
    assert isinstance(row, MentorRow)
    return row.profile


def capacity(value: str) -> tuple[int | None, list[str]]:
    sheet = read("mentors.csv", f"Email,Name,# of mentees\nada@x.example,Ada Vance,{value}\n".encode())
    (row,) = sheet.rows
    assert isinstance(row, MentorRow)
    return row.profile.capacity, [problem.why for problem in sheet.problems]


def mentees(head: str, *rows: str) -> Sheet:
    lines = [f"Email Address,Full Name,Class Year,{head}", *rows]
    return read("mentees.csv", "\n".join(lines).encode())


# ── the demo society ────────────────────────────────────────────────────────────────────────────────────────


def harborview(name: str) -> Sheet:
    return read(name, (HARBORVIEW / name).read_bytes())


def told(sheet: Sheet) -> list[tuple[int, str, str, bool]]:
    return [(problem.line, problem.value, problem.why, problem.saved) for problem in sheet.problems]


def test_harborview_has_forty_mentors_with_98_places() -> None:
    sheet = harborview("mentors.csv")
    profiles = [row.profile for row in sheet.rows if isinstance(row, MentorRow)]
    assert (sheet.of, len(profiles)) == ("mentors", 40)
    assert sum(profile.capacity or 0 for profile in profiles) == 98
    assert all(profile.kind and profile.fields and profile.offers and profile.hours for profile in profiles)
    twice = "the same address answered again in row 9; the later answers count"
    assert told(sheet) == [
        (2, "", twice, True),
        (12, "", "not an e-mail address", False),
        (35, "2-3", "read as 2, so that nobody is promised too much", True),
    ]


def test_harborview_has_120_mentees_and_nobody_reads_their_gpa() -> None:
    sheet = harborview("mentees.csv")
    profiles = [row.profile for row in sheet.rows if isinstance(row, MenteeRow)]
    assert (sheet.of, len(profiles), left_out(sheet)) == ("mentees", 120, ["GPA"])
    phases = [profile.phase for profile in profiles]
    counted = {phase: phases.count(phase) for phase in (Phase.FRESHMAN, Phase.MCAT, Phase.APPLYING, Phase.GAP_YEAR)}
    assert counted == {Phase.FRESHMAN: 22, Phase.MCAT: 16, Phase.APPLYING: 12, Phase.GAP_YEAR: 6}
    assert all(profile.interests and profile.wants and profile.formats for profile in profiles)
    twice = "the same address answered again in row {}; the later answers count".format
    assert told(sheet) == [
        (53, "", twice(82), True),
        (60, "", twice(61), True),
        (92, "", "not an e-mail address", False),
    ]


def test_harborview_has_six_people_who_are_mentor_and_mentee() -> None:
    lists = [{row.email for row in harborview(name).rows} for name in ("mentors.csv", "mentees.csv")]
    assert len(lists[0] & lists[1]) == 6


def test_harborview_has_three_officers_and_an_advisor_without_an_officers_rights() -> None:
    sheet = harborview("officers.csv")
    assert sheet.of == "officers"
    assert [row.person.roles for row in sheet.rows] == [{Role.OFFICER}] * 3 + [set()]


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.binary(max_size=600))
def test_no_bytes_whatever_raise(data: bytes) -> None:
    read("a.csv", data)


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=200))
def test_no_cells_whatever_raise(email: str, name: str, rest: str) -> None:
    head = "Email,Name,# of mentees,Role,Time Zone,Max hours,Weekly availability,Specialty,Timestamp\n"
    cells = [email, name, *[rest] * 7]
    read("a.csv", (head + ",".join(f'"{cell}"' for cell in cells)).encode(errors="replace"))


def test_a_byte_order_mark_is_no_part_of_the_first_header() -> None:
    assert len(read("a.csv", "\ufeffEmail,Name,Role\nada@x.example,Ada Vance,President\n".encode()).rows) == 1


def test_a_file_from_windows_keeps_its_accents() -> None:
    sheet = read("a.csv", "Email,Name,Role\nana@x.example,Andrés Cárdenas,President\n".encode("cp1252"))
    assert sheet.rows[0].person.name == "Andrés Cárdenas"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    lines = ["Email,Name,Role", "ada@x.example,Ada Vance,President"]
    assert len(read("a.csv", "\n".join(lines).replace(",", delimiter).encode()).rows) == 1


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    data = b'Email,Name,"Role\n(board)"\n\nada@x.example,"Ada\nVance",President\nnobody,Bo Reed,Treasurer\n'
    sheet = read("a.csv", data)
    assert [row.line for row in sheet.rows] == [3]
    assert [problem.line for problem in sheet.problems] == [4]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"Colour,Taste\nred,sweet\n", "neither a list of mentors nor of mentees nor of officers"),
        (b"x" * (BYTES + 1), "larger than 5 MB"),
        (b"Email,Name,Role\n" + b"a,b,c\n" * (ROWS + 1), "more than 5000 rows"),
        (b",".join([b"Email"] * (COLUMNS + 1)), "more than 100 columns"),
        (b"PK\x03\x04 whatever", "not readable as a workbook"),
        (b"\xd0\xcf\x11\xe0 whatever", "an old or locked Excel file"),
        (b'Email,Name,Role\n"' + b"a" * 200_000, "not readable as CSV from here on"),
    ],
)
def test_a_file_that_is_no_sign_up_sheet_is_one_problem(data: bytes, why: str) -> None:
    sheet = read("a.csv", data)
    assert sheet.rows == ()
    assert [(problem.why, problem.saved) for problem in sheet.problems] == [(why, False)]


@pytest.mark.parametrize(
    "header",
    ["GPA", "Cumulative GPA", "MCAT score", "MCAT", "SSN", "Student ID", "Race", "Gender", "Phone number"],
)
def test_what_no_mentor_is_found_by_is_never_read(header: str) -> None:
    assert left_out(mentors(header, "secret")) == [header]


def test_mcat_status_is_no_score() -> None:
    assert left_out(mentees("MCAT Status", "ada@x.example,Ada Vance,Junior,Studying")) == []


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("address", ["ada@@x.example", "ada@x,example", "ada", "", "ada@", "a b@x.example"])
def test_a_mistyped_address_saves_nothing_and_says_where(address: str) -> None:
    sheet = read("a.csv", f'Email,Name,Role\n"{address}",Ada Vance,President\n'.encode())
    assert sheet.rows == ()
    fix = "Correct it and import again."
    assert sheet.problems == (Problem("a.csv", 2, "Email", "", "not an e-mail address", fix, saved=False),)


def test_addresses_are_compared_without_capitals() -> None:
    sheet = read("a.csv", b"Email,Name,Role\n Ada.Vance@X.example ,Ada Vance,President\n")
    assert sheet.rows[0].email == "ada.vance@x.example"


def test_someone_without_a_name_is_not_saved() -> None:
    sheet = read("a.csv", b"Email,Name,Role\nada@x.example, ,President\n")
    assert [(problem.why, problem.saved) for problem in sheet.problems] == [("no name", False)]


@pytest.mark.parametrize(
    ("full", "preferred", "name"),
    [
        ("Jihye Yoon", "", "Jihye Yoon"),
        ("Jihye Yoon", "Jenny", "Jenny Yoon"),
        ("Jihye Yoon", "Jenny Yoon-Park", "Jenny Yoon-Park"),
        ("", "Jenny", "Jenny"),
    ],
)
def test_people_are_called_what_they_like_to_be_called(full: str, preferred: str, name: str) -> None:
    sheet = read("a.csv", f"Email,Full Name,Preferred Name,Class Year\na@x.example,{full},{preferred},\n".encode())
    assert sheet.rows[0].person.name == name


def test_first_and_last_name_may_be_two_columns() -> None:
    sheet = read("a.csv", b"Email,First Name,Last Name,Role\nada@x.example,Ada,Vance,President\n")
    assert sheet.rows[0].person.name == "Ada Vance"


@pytest.mark.parametrize("handle", ["ada", "@ada", "ada#4821", " @ada#0001 "])
def test_handles_are_read_in_every_dress(handle: str) -> None:
    assert mentees("Discord Handle", f"ada@x.example,Ada Vance,,{handle}").rows[0].handle == "ada"


def test_of_two_submissions_the_later_counts_even_if_it_stands_first() -> None:
    data = (
        b"Timestamp,Email,Name,# of mentees\n"
        b"9/12/2026 9:00:00,ada@x.example,Ada Vance,3\n"
        b"9/9/2026 21:00:00,ADA@x.example,Ada Vance,1\n"
    )
    sheet = read("a.csv", data)
    (row,) = sheet.rows
    assert isinstance(row, MentorRow)
    assert (row.line, row.profile.capacity) == (2, 3)
    assert [(problem.line, problem.saved) for problem in sheet.problems] == [(3, True)]


def answered(*dates: str) -> Sheet:
    lines = [f"{date},a{n}@x.example,Ada Vance,2" for n, date in enumerate(dates)]
    return read("a.csv", "\n".join(["Timestamp,Email,Name,# of mentees", *lines]).encode())


DAYS = "Dates are day/month/year, as {} shows"
GUESS = "Dates such as {} are taken as month/day/year, as no date says otherwise"


@pytest.mark.parametrize(
    ("dates", "days", "said"),
    [
        (("9/7/2026 13:05:00", "9/23/2026 8:00:00"), ["09-07", "09-23"], []),
        (("9/7/2026 13:05:00", "23/7/2026 8:00:00"), ["07-09", "07-23"], [DAYS.format("23/7/2026")]),
        (("9.7.2026 13:05",), ["07-09"], [DAYS.format("9.7.2026")]),
        (("9/7/2026", "9/9/2026"), ["09-07", "09-09"], [GUESS.format("9/7/2026")]),
        (("9/9/2026", "2026-07-09 10:00:00"), ["09-09", "07-09"], []),
        (("23/9/2026", "9/24/2026", "24/9/2026", "1/2/2026"), ["09-23", "09-24", "09-24", "02-01"],
         ["Dates stand both ways, as in 23/9/2026 and 9/24/2026; else they are taken as day/month/year"]),
        (("2026/09/07 1:05:00 PM EST",), ["09-07"], []),
        (("9/7/26 13:05", "13/7/26 13:05"), ["07-09", "07-13"], [DAYS.format("13/7/26")]),
    ],
)  # fmt: skip
def test_a_day_over_twelve_tells_how_all_dates_of_a_column_are_read(
    dates: tuple[str, ...], days: list[str], said: list[str]
) -> None:
    sheet = answered(*dates)
    assert sheet.problems == ()
    assert [f"{row.when.astimezone(NEW_YORK):%m-%d}" for row in sheet.rows] == days
    assert dates_said(sheet) == said


def test_a_moment_is_read_by_the_hour_however_it_is_written() -> None:
    noon = ["9/7/2026 12:05", "9/7/2026 12:05:00 PM", "9/7/26, 12:05 p.m.", "2026-09-07T12:05:00"]
    there = moment("2026-09-07 16:05:00Z", NEW_YORK)
    assert {moment(words, NEW_YORK) for words in (*noon, "2026/09/07 12:05:00 PM EDT")} == {there}
    never = ["13/13/2026", "9/7", "yesterday", "9/7/2026 25:00", "0/0/0"]
    assert {moment(words, NEW_YORK) for words in never} == {None}


@given(st.dates(), st.booleans(), st.sampled_from("/-"))
def test_a_date_that_can_be_read_in_one_way_only_is(day: date, days: bool, mark: str) -> None:
    written = [str(day.day), str(day.month)] if days else [str(day.month), str(day.day)]
    words = mark.join([*written, f"{day.year:04}"])
    if day.day > 12:
        assert day_first([words]).so is days
    if 1 < day.year < 9999 and (day.day > 12 or day.day == day.month):
        read = {moment(words, NEW_YORK, days=each) for each in (True, False)}
        assert [each.astimezone(NEW_YORK).date() for each in read if each] == [day]


def test_over_long_words_are_cut_and_a_monstrous_cell_is_left_empty() -> None:
    sheet = mentors("School", "x" * 150, "x" * (CELL + 1))
    assert [len(row.person.school) for row in sheet.rows] == [100, 0]
    assert [problem.why for problem in sheet.problems] == [
        "cut at 100 characters",
        f"longer than {CELL} characters, so it was left empty",
    ]


def test_control_characters_never_reach_the_terminal() -> None:
    sheet = read("\x1b[2J.csv", b"Email,Name,\x1b[31mRole\n\x1b]0;owned\x07,Ada Vance,President\n")
    assert not [line for line in described(Report(sheet, problems=sheet.problems)) if "\x1b" in line or "\x07" in line]


# ── what they answered ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("MS1", MentorKind.MS1),
        ("M2", MentorKind.MS2),
        ("MS-2", MentorKind.MS2),
        ("OMS II", MentorKind.MS2),
        ("OMS-IV", MentorKind.MS4),
        ("PGY2", MentorKind.RESIDENT),
        ("Resident (PGY-1)", MentorKind.RESIDENT),
        ("Resident, PGY-3", MentorKind.RESIDENT),
        ("PA, NP or other clinician", MentorKind.APP),
        ("Physician Assistant", MentorKind.APP),
        ("Premed (junior)", MentorKind.PREMED_UPPER),
        ("wizard", None),
    ],
)
def test_kinds_of_mentor_by_every_name(words: str, kind: MentorKind | None) -> None:
    assert one_of(MentorKind, words) is kind


@pytest.mark.parametrize(
    ("words", "places"),
    [("3", 3), ("two", 2), ("2 max", 2), ("6 (as a group)", 6), ("", None), ("up to 4", 4)],
)
def test_capacity_in_words(words: str, places: int | None) -> None:
    assert capacity(words) == (places, [])


def test_between_two_capacities_the_smaller_is_promised() -> None:
    assert capacity("2-3") == (2, ["read as 2, so that nobody is promised too much"])


@pytest.mark.parametrize("words", ["lots", "400", "1.5"])
def test_a_capacity_not_understood_leaves_it_open(words: str) -> None:
    assert capacity(words) == (None, ["not a number of mentees"])


def test_options_may_hold_commas() -> None:
    cell = "Essays (personal statement, secondaries), MCAT (plan, materials), Research, Knitting"
    assert chosen(Help, cell) == ((Help.ESSAYS, Help.MCAT, Help.RESEARCH), ["Knitting"])
    windows = (Window.WEEKDAY_DAY, Window.WEEKEND_MORNING)
    assert chosen(Window, "Weekdays, daytime, Weekend mornings") == (windows, [])


def test_a_choice_not_understood_is_named_and_the_rest_is_kept() -> None:
    sheet = mentees("What do you want help with?", 'ada@x.example,Ada Vance,Junior,"Research, Knitting"')
    assert [row.profile.wants for row in sheet.rows if isinstance(row, MenteeRow)] == [(Help.RESEARCH,)]
    assert [(problem.why, problem.saved) for problem in sheet.problems] == [("“Knitting” is not understood", True)]


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Eastern", "America/New_York"),
        ("ET", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("Central Time (US)", "America/Chicago"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("Europe/London", "Europe/London"),
    ],
)
def test_time_zones_by_every_name(words: str, zone: str) -> None:
    assert mentors("Time Zone", words).rows[0].person.zone == ZoneInfo(zone)


def test_an_unknown_time_zone_leaves_it_open() -> None:
    sheet = mentors("Time Zone", "Middle-earth")
    assert (sheet.rows[0].person.zone, sheet.problems[0].why) == (None, "not a time zone we know")


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("0.5", Hours.HALF),
        ("30 min", Hours.HALF),
        ("1 hr", Hours.ONE),
        ("About 2 hours", Hours.TWO),
        ("3-4", Hours.FOUR),
        ("10", Hours.MORE),
    ],
)
def test_hours_a_month(words: str, hours: Hours) -> None:
    assert the_mentor("Max hours per month ", words).hours is hours


def test_rhythms_and_reply_times_in_a_forms_words() -> None:
    assert one_of(Rhythm, "Every 2 weeks") is Rhythm.FORTNIGHTLY
    assert one_of(Rhythm, "Once a semester") is Rhythm.TERMLY
    assert one_of(ReplyTime, "48 hours") is ReplyTime.TWO_DAYS
    assert one_of(Specialty, "Undecided / not sure") is Specialty.UNDECIDED


def test_who_hosts_shadowing_offers_it() -> None:
    assert the_mentor("Willing to host shadowing?", "Yes, through our office").formats == (Format.SHADOWING,)
    assert the_mentor("Willing to host shadowing?", "No").formats == ()


@pytest.mark.parametrize(
    ("year", "mcat", "plan", "phase"),
    [
        ("Sophomore", "Not started", "Summer 2028", Phase.SOPHOMORE),
        ("1st year", "", "", Phase.FRESHMAN),
        ("Junior", "Studying now", "Summer 2027", Phase.MCAT),
        ("Junior", "Not studying yet", "", Phase.JUNIOR),
        ("Junior", "Have a score", "Summer 2027", Phase.PREPARING),
        ("Junior", "Have a score", "Summer 2028", Phase.JUNIOR),
        ("Senior", "Have a score", "Already applied this cycle", Phase.APPLYING),
        ("Senior", "Have a score", "Applied, have interview invitations", Phase.INTERVIEWING),
        ("Gap year", "Have a score", "On hold or waitlisted", Phase.WAITLIST),
        ("Senior", "", "Accepted somewhere", Phase.ACCEPTED),
        ("Gap year", "Studying", "Summer 2027", Phase.GAP_YEAR),
        ("Gap year", "", "I am applying again", Phase.REAPPLICANT),
        ("", "", "Not sure", Phase.EXPLORING),
        ("Wizard", "", "", None),
    ],
)
def test_the_phase_follows_from_three_questions(year: str, mcat: str, plan: str, phase: Phase | None) -> None:
    data = "Timestamp,Email,Name,Class Year,MCAT Status,When do you plan to apply?\n"
    sheet = read("a.csv", f'{data}9/9/2026 10:00:00,ada@x.example,Ada Vance,{year},{mcat},"{plan}"\n'.encode())
    assert [row.profile.phase for row in sheet.rows if isinstance(row, MenteeRow)] == [phase]


def test_without_a_date_nobody_is_taken_to_be_getting_ready() -> None:
    assert phase_of("Junior", "Have a score", "Summer 2027", None) is Phase.JUNIOR


def test_nobody_in_particular_is_no_conflict() -> None:
    head = "Anyone you should not be paired with?"
    rows = [f"a{n}@x.example,Ada Vance,,{words}" for n, words in enumerate(["no", "N/A", "", "Bo Reed"])]
    assert [row.conflicts for row in mentees(head, *rows).rows] == ["", "", "", "Bo Reed"]
