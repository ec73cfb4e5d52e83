"""Bringing in a spreadsheet from the chat: what would happen is said first, and done once an officer says so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.feature import Feature, Sorry, Stale, Turn
from bot.intake.columns import MEANINGS, NOTHING, List, meanings_for
from bot.intake.report import dates_said, remark, titled
from bot.intake.rows import Sheet, read, reread
from bot.intake.saving import Report, preview, take_in
from bot.intake.table import table_from_json, table_json
from bot.model import Need
from bot.ui import (
    OPTION_LABEL,
    OPTIONS,
    Bold,
    Bullets,
    Button,
    ChoiceField,
    Command,
    FileField,
    Form,
    Line,
    Message,
    Option,
    Private,
    Reply,
    Slash,
    Style,
    Text,
    Update,
    act,
    bullets,
    buttons,
    clean,
    message,
    say,
    shortened,
)

importing = Feature("importing")

TELL = "tell"
"""An officer leaves it to the columns what a sheet is a list of; or says nothing of a column."""
SHOWN = 3
"""So many remarks stand in the preview; a page of all of them holds more."""
PAGE, COLUMNS = 10, 21


@importing.command(Command("import", "Bring in a spreadsheet of mentors, mentees or officers", need=Need.ACT))
async def ask_for_it(turn: Turn) -> Reply:
    return _which()


@importing.form("import.read", need=Need.ACT)
async def look(turn: Turn) -> Reply:
    if (sent := turn.files.get("sheet")) is None:
        raise Sorry(say("I got no file of a size I can read (1 MB at most). Try again: {again}", again=Slash("import")))
    of = next((each for each in List if turn.filled.get("of") == (each.value,)), None)
    said = await turn.records.sheets.corrections()
    sheet = await asyncio.to_thread(read, sent.name, sent.data, turn.society.zone, said, of)
    if not sheet.table.records:
        return Private(_unreadable([remark(problem) for problem in sheet.problems]))
    # Of what is left out on purpose nothing is kept, not even until an officer has decided.
    table = sheet.table.without([column.index for column in sheet.columns.left_out])
    number = await turn.records.sheets.keep(turn.who.id, table_json(table), of or "", turn.now)
    return Private(await _previewed(turn, number, sheet))


@importing.press("import.show", need=Need.ACT)
async def show_again(turn: Turn, number: int) -> Reply:
    return Update(await _previewed(turn, number, await _kept(turn, number)))


@importing.press("import.look", need=Need.ACT)
async def remarks(turn: Turn, number: int, page: int) -> Reply:
    """Every remark on a sheet, page by page."""
    report = await preview(await _kept(turn, number), turn.records, turn.now)
    said = [remark(problem) for problem in report.problems]
    return Update(_remarks(number, said[page * PAGE : (page + 1) * PAGE], page, more=len(said) > (page + 1) * PAGE))


@importing.press("import.change", need=Need.ACT)
async def change(turn: Turn, number: int) -> Reply:
    sheet = await _kept(turn, number)
    return _columns_form(number, sheet.table.titles, sheet.of)


@importing.form("import.column", need=Need.ACT)
async def correct(turn: Turn, number: int) -> Reply:
    """What a column means, here and in every later sheet of the same form."""
    sheet = await _kept(turn, number)
    chosen = {int(value) for name, (value, *_) in _given(turn) if name.startswith("columns") and value.isdigit()}
    meaning = next((value for name, (value, *_) in _given(turn) if name == "meaning"), "")
    if len(chosen) != 1 or meaning not in (*MEANINGS, TELL):
        raise Sorry("Choose one column, and what it is. Nothing was changed.")
    (index,) = chosen
    column = next((each for each in sheet.columns.all if each.index == index), None)
    if column is None:
        raise Stale
    meaning = NOTHING if meaning == TELL else meaning
    await _say(turn, sheet, column.title, meaning)
    await turn.audit("import.column", meaning or "left out")
    if column.left_out and meaning:
        await turn.records.sheets.forget(number)
        return Private(_once_more())
    return Private(await _previewed(turn, number, await _kept(turn, number)))


@importing.press("import.dates", need=Need.ACT)
async def read_dates(turn: Turn, number: int, meaning: str) -> Reply:
    """Whether the day or the month comes first, where the dates themselves don't tell."""
    sheet = await _kept(turn, number)
    if meaning not in ("days", "when") or not (
        places := sheet.columns.places.get("days" if meaning == "when" else "when")
    ):
        raise Stale
    await _say(turn, sheet, sheet.table.titles[places[0]], meaning)
    await turn.audit("import.column", meaning)
    return Update(await _previewed(turn, number, await _kept(turn, number)))


async def _say(turn: Turn, sheet: Sheet, title: str, meaning: str) -> None:
    sheets = turn.records.sheets
    said = (await sheets.corrections()).get(sheet.mark, {})
    if meaning and not MEANINGS[meaning].several:
        for other in [each for each, means in said.items() if means == meaning and each != title]:
            await sheets.correct(sheet.mark, other, NOTHING)
    await sheets.correct(sheet.mark, title, meaning)


@importing.press("import.take", need=Need.ACT)
async def take(turn: Turn, number: int) -> Reply:
    sheet = await _kept(turn, number)
    if sheet.of is List.MENTORS:
        return _approval(number)
    return Update(await _taken(turn, number, sheet, approve=False))


@importing.form("import.save", need=Need.ACT)
async def take_mentors(turn: Turn, number: int) -> Reply:
    approve = turn.filled.get("approve") == ("yes",)
    return Private(await _taken(turn, number, await _kept(turn, number), approve=approve))


@importing.press("import.leave", need=Need.ACT)
async def leave(turn: Turn, number: int) -> Reply:
    await _kept(turn, number)
    await turn.records.sheets.forget(number)
    return Update(_left())


async def _kept(turn: Turn, number: int) -> Sheet:
    """A sheet that this officer sent, as it reads now."""
    kept = await turn.records.sheets.kept(number, turn.who.id)
    if kept is None:
        raise Stale
    said = await turn.records.sheets.corrections()
    of = next((each for each in List if each == kept.of), None)
    return await asyncio.to_thread(reread, table_from_json(kept.table), turn.society.zone, said, of)


async def _previewed(turn: Turn, number: int, sheet: Sheet) -> Message:
    report = await preview(sheet, turn.records, turn.now)
    known = [(column.title, MEANINGS[column.meaning].label) for column in sheet.columns.known]
    return _preview(
        number,
        titled(sheet),
        sheet.of,
        report.counts,
        known,
        [column.title for column in sheet.columns.left_out],
        [column.title for column in sheet.columns.unknown],
        list(sheet.others),
        [f"{each}." for each in dates_said(sheet)],
        _otherwise(sheet),
        [remark(problem) for problem in report.problems],
    )


def _otherwise(sheet: Sheet) -> str:
    """How an officer may say that dates are to be read instead, where no date tells: a meaning of their column."""
    if sheet.dates.guessed:
        return "days"
    return "when" if sheet.dates.so and not sheet.dates.shown_by else ""


async def _taken(turn: Turn, number: int, sheet: Sheet, *, approve: bool) -> Message:
    if sheet.of is List.OFFICERS:
        turn.must(Need.GOVERN)
    if sheet.of is None or not await turn.records.sheets.forget(number):
        raise Stale
    report = await take_in(sheet, turn.records, turn.now, approve=approve)
    await turn.audit("import", sheet.of, report.counts + (", approved" if approve else ""))
    return _done(sheet.of, report.counts, _lost(report), approved=approve)


def _lost(report: Report) -> list[str]:
    return [remark(problem) for problem in report.problems if not problem.saved]


def _given(turn: Turn) -> list[tuple[str, tuple[str, ...]]]:
    return [(name, values) for name, values in turn.filled.items() if values]


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _which() -> Form:
    lists = (
        Option(TELL, "Tell by its columns"),
        Option(List.MENTORS, "Mentors"),
        Option(List.MENTEES, "Mentees"),
        Option(List.OFFICERS, "Officers"),
    )
    return Form(
        "Import a sheet",
        act("import.read"),
        (
            FileField("sheet", "The sheet", "As your form gives it: .csv or .xlsx, 1 MB at most.", (".csv", ".xlsx")),
            ChoiceField("of", "What is it a list of?", lists, values=(TELL,)),
        ),
        "Look at it",
    )


def _unreadable(remarks: list[str]) -> Message:
    return message(
        "I can't read that file, and nothing was changed.",
        bullets(*(clean(each, 200) for each in remarks[:SHOWN])),
        say("To send another: {again}", again=Slash("import")),
    )


_NO_PEOPLE = "I can't tell whose list this is: it needs a column of names and one of e-mail addresses. Which are they?"
_WHICH = "I can't tell whose list this is: mentors, mentees or officers? Send it once more, and choose: {again}"


def _preview(
    number: int,
    title: str,
    of: List | None,
    counts: str,
    known: list[tuple[str, str]],
    left_out: list[str],
    unknown: list[str],
    others: list[str],
    dates: list[str],
    otherwise: str,
    remarks: list[str],
) -> Message:
    first = "The day comes first" if otherwise == "days" else "The month comes first"
    turned = [Button(first, act("import.dates", number, otherwise))] if otherwise else []
    leave = Button("Not now", act("import.leave", number))
    change = Button("Change a column", act("import.change", number))
    more = [Button("All remarks", act("import.look", number, 0))] if len(remarks) > SHOWN else []
    take = [Button("Take in", act("import.take", number), Style.PRIMARY)] if of else []
    head: Text = (Bold(clean(title, 120)),)
    tally = say("Nothing is taken in yet. It would be: {counts}.", counts=counts)
    whole = {MEANINGS[each].label for each in ("name", "email")} <= {meaning for _, meaning in known}
    asks = say(_WHICH if whole else _NO_PEOPLE, again=Slash("import"))
    return message(
        head,
        tally if of else asks,
        *_understood(known),
        *(Line((each,), quiet=True) for each in (*_columns(left_out, unknown, others), *dates)),
        *([bullets(*(clean(each, 130) for each in remarks[:SHOWN]))] if remarks else []),
        *(["Each officer on it can do all that you can, as soon as they are here."] if of is List.OFFICERS else []),
        buttons(*take, change, *turned, *more, leave),
    )


def _understood(known: list[tuple[str, str]]) -> list[Line | Bullets]:
    """What I take each column to be."""
    if not known:
        return []
    more = [f"and {len(known) - COLUMNS} more"] if len(known) > COLUMNS else []
    meant = [f"{clean(title, 24)} → {clean(meaning, 40)}" for title, meaning in known[:COLUMNS]]
    return [Line(("I understand:",)), bullets(*meant, *more)]


def _columns(left_out: list[str], unknown: list[str], others: list[str]) -> list[str]:
    """What I leave, as short as it goes."""
    shown = []
    for heading, names in (("Left out on purpose", left_out), ("Not used", unknown), ("Sheets not read", others)):
        if names:
            few = ", ".join(clean(name, 24) for name in names[:3])
            shown.append(f"{heading}: {few}" + (f" and {len(names) - 3} more" if len(names) > 3 else ""))
    return shown


def _remarks(number: int, remarks: list[str], page: int, *, more: bool) -> Message:
    on = [Button("More", act("import.look", number, page + 1))] if more else []
    listed = bullets(*(clean(each, 120) for each in remarks[:PAGE])) if remarks else "Nothing to look at."
    return message(listed, buttons(*on, Button("Back", act("import.show", number))))


def _columns_form(number: int, columns: Sequence[str], of: List | None) -> Form:
    each = [Option(str(index), shortened(title, OPTION_LABEL)) for index, title in enumerate(columns)]
    groups = [tuple(each[start : start + OPTIONS]) for start in range(0, len(each), OPTIONS)]
    meanings = [Option(name, label) for name, label in meanings_for(of).items()]
    return Form(
        "Change a column",
        act("import.column", number),
        (
            *(
                ChoiceField(f"columns{count}", "Which column?" if not count else "… or one of these?", group,
                            required=len(groups) == 1)
                for count, group in enumerate(groups)
            ),
            ChoiceField("meaning", "What is it?", (Option(TELL, "Nothing to take in"), *meanings),
                        "I'll know it in your next sheet with the same columns, too."),
        ),
    )  # fmt: skip


def _once_more() -> Message:
    return message(
        "Noted, for this sheet and the next with the same columns.",
        say("I had kept nothing of that column, so please send the sheet once more: {again}", again=Slash("import")),
    )


def _approval(number: int) -> Form:
    tick = (Option("yes", "We know them all: mentees can find them now"),)
    hint = "Without it, each waits for an officer's yes in /queue."
    return Form(
        "Take in mentors",
        act("import.save", number),
        (ChoiceField("approve", "Approve these mentors?", tick, hint, required=False),),
        "Take in",
    )


def _done(of: List, counts: str, lost: list[str], *, approved: bool) -> Message:
    waits = of is List.MENTORS and not approved
    return message(
        say("Done: {counts}.", counts=counts),
        *((Line(("Not taken in:",)), bullets(*(clean(each, 200) for each in lost[:5]))) if lost else ()),
        *([say("Each new mentor waits for an officer: {queue}", queue=Slash("queue"))] if waits else []),
        say(
            "Nobody was written to, and the sheet is forgotten. Invite them: {join} knows what they filled in.",
            join=Slash("sign-up"),
        ),
    )


def _left() -> Message:
    return message("Left as it was. I have forgotten the sheet.")
