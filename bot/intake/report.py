"""A report in words, for officers: what became of the columns, and of every row that needs a look.

Nothing here repeats what stands in a private column.
"""

from __future__ import annotations

from bot.intake.columns import MEANINGS, Column
from bot.intake.rows import Problem, Sheet
from bot.intake.saving import Report
from bot.ui import shortened

TITLE = 60


def described(report: Report) -> list[str]:
    """For the terminal: the counts first, then the columns, then what needs a hand, then what is good to know."""
    sheet = report.sheet
    if sheet.of is None:
        return [f"{sheet.name}: nothing taken in", *columns_said(sheet), *remarks(report.problems)]
    return [f"{titled(sheet)}: {report.counts}", *columns_said(sheet), *remarks(report.problems)]


def titled(sheet: Sheet) -> str:
    """Which file, and which sheet of it, is read as what: "signup.xlsx, sheet “Form Responses 1”, read as mentors"."""
    which = f", sheet “{sheet.table.sheet}”" if sheet.table.sheet else ""
    return f"{sheet.name}{which}" + (f", read as {sheet.of}" if sheet.of else "")


def columns_said(sheet: Sheet) -> list[str]:
    """What each column is taken to be, and of which nothing is kept."""
    known = [f"  {shortened(each.title, TITLE)} → {MEANINGS[each.meaning].label}" for each in sheet.columns.known]
    said = ["Understood:", *known] if known else []
    for heading, some in (
        ("Left out on purpose", sheet.columns.left_out),
        ("Not used, as I don't know what they are", sheet.columns.unknown),
    ):
        if some:
            said.append(f"{heading}: {names_of(some)}")
    said += dates_said(sheet)
    if sheet.others:
        said.append(f"Sheets not read: {', '.join(sheet.others)}")
    return said


def dates_said(sheet: Sheet) -> list[str]:
    """How dates are read, where somebody could take them otherwise."""
    dates, order = sheet.dates, "day/month/year" if sheet.dates.so else "month/day/year"
    if dates.guessed:
        return [f"Dates such as {dates.guessed} are taken as {order}, as no date says otherwise"]
    if dates.against:
        return [f"Dates stand both ways, as in {dates.shown_by} and {dates.against}; else they are taken as {order}"]
    if not dates.so:
        return []
    return [f"Dates are {order}, " + (f"as {dates.shown_by} shows" if dates.shown_by else "as an officer said")]


def names_of(columns: list[Column]) -> str:
    return ", ".join(shortened(each.title, TITLE) for each in columns)


def remarks(problems: tuple[Problem, ...]) -> list[str]:
    """What needs a hand, and what is good to know, row by row."""
    said = []
    for saved, heading in ((False, "Not taken in:"), (True, "Taken in, with a remark:")):
        some = [problem for problem in problems if problem.saved is saved]
        said += [heading] * bool(some)
        said += [f"  {remark(problem)}" for problem in some]
    return said


def remark(problem: Problem) -> str:
    """ "row 12, # of mentees: “2-3”: read as 2, so that nobody is promised too much. One number, if it is more."."""
    where = f"row {problem.line}" + (f", {shortened(problem.column, TITLE)}" if problem.column else "")
    return f"{where}: " + (f"“{problem.value}”: " if problem.value else "") + f"{problem.why}. {problem.fix}"
