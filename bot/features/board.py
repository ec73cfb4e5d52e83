"""The officers' board: the term in pictures, on paper and in sheets, and certificates for mentors."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.feature import Drawn, Feature, Sorry, Turn
from bot.model import Chronicle, Need
from bot.pictures import Shown, mentors_picture, pairs_picture
from bot.report import Given, certificates, given, own_certificate, term_report
from bot.rules.board import Board, board, term_of
from bot.ui import (
    Button,
    Command,
    File,
    Line,
    Message,
    Private,
    Reply,
    Slash,
    Style,
    act,
    buttons,
    joined,
    message,
    say,
)
from bot.workbook import as_csv, as_workbook, pairs_table, people_table

officers_board = Feature("board")

PAGES = 100
"""So many certificates to a file, which stays small enough to be sent."""


@officers_board.command(Command("board", "The term in pictures", need=Need.READ))
async def show(turn: Turn) -> Drawn:
    return await _drawn(turn, lambda shown: Private(_board(shown.board, pairs_picture(shown))))


@officers_board.press("board.open", need=Need.READ)
async def show_again(turn: Turn) -> Drawn:
    return await show(turn)


@officers_board.press("board.mentors", need=Need.READ)
async def mentors(turn: Turn) -> Drawn:
    return await _drawn(turn, lambda shown: Private(_mentors(shown.board, mentors_picture(shown))))


@officers_board.command(Command("report", "The term on paper, for a chapter or a university", need=Need.READ))
async def report(turn: Turn) -> Drawn:
    society = turn.society
    return await _drawn(turn, lambda shown: Private(_report(*term_report(shown.board, society))))


@officers_board.press("board.report", need=Need.READ)
async def report_pressed(turn: Turn) -> Drawn:
    return await report(turn)


async def _drawn(turn: Turn, reply: Callable[[Shown], Reply]) -> Drawn:
    """A reply made of the numbers as they are now, once nobody waits for the records any more."""
    chronicle, society, now, pace = await turn.records.board.chronicle(), turn.society, turn.now, turn.pace
    return Drawn(lambda: reply(Shown(board(chronicle, society, now, pace), society.zone)))


@officers_board.press("board.sheets", need=Need.ACT)
async def sheets(turn: Turn) -> Drawn:
    """Everyone and every pair by name, for officers who act: what leaves here is written down."""
    chronicle, now = await turn.records.board.chronicle(), turn.now
    tables = people_table(chronicle), pairs_table(chronicle, turn.society.zone, now, turn.pace)
    await turn.audit("sheets.taken", "society", f"{len(tables[0].rows)} people, {len(tables[1].rows)} pairs")

    def made() -> Reply:
        files = (File(f"{each.name.lower()}.csv", f"{each.name} as a table", as_csv(each)) for each in tables)
        return Private(_sheets([File("society.xlsx", "People and pairs, a sheet each", as_workbook(tables)), *files]))

    return Drawn(made)


# ── certificates ──────────────────────────────────────────────────────────────────────────────────────────────────


@officers_board.press("board.certificates", need=Need.ACT)
async def certificates_for_all(turn: Turn) -> Drawn:
    society, term, each = turn.society, term_of(turn.society, turn.now), await _given(turn)
    if not each:
        raise Sorry("No mentor had a pair this term yet.")
    return Drawn(lambda: Private(_certificates(certificates(each[:PAGES], society.name, term))))


@officers_board.command(Command("certificate", "A page that says you mentored this term"))
async def certificate(turn: Turn) -> Reply:
    await _mine(turn)
    return Private(_certificate_choice())


@officers_board.press("board.certificate")
async def own(turn: Turn, what: str) -> Drawn:
    """`what`: "numbers" or "plain", as the mentor wishes."""
    society, term, mine = turn.society, term_of(turn.society, turn.now), await _mine(turn)
    return Drawn(lambda: Private(_certificates(own_certificate(mine, society.name, term, numbers=what == "numbers"))))


async def _mine(turn: Turn) -> Given:
    """What the one who asks gave as a mentor this term. Raises Sorry when they had no pair."""
    for each in await _given(turn):
        if each.mentor == turn.who.id:
            return each
    raise Sorry("That page is for those who mentored someone this term.")


async def _given(turn: Turn) -> list[Given]:
    chronicle: Chronicle = await turn.records.board.chronicle()
    return given(chronicle, turn.society, term_of(turn.society, turn.now))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _board(now: Board, picture: File) -> Message:
    return message(
        _how_they_are(now),
        _places(now),
        picture,
        buttons(
            Button("Open the queue", act("queue.open"), Style.PRIMARY),
            Button("Mentors and places", act("board.mentors")),
            Button("Term report", act("board.report")),
            Button("Sheets", act("board.sheets")),
            Button("Certificates", act("board.certificates")),
        ),
    )


def _how_they_are(now: Board) -> str:
    pairs, met = now.now, "one meeting" if now.meetings == 1 else f"{now.meetings} meetings"
    if not pairs.total:
        return f"No pairs just now; {met} this term."
    return f"{_counted(pairs.total, 'pair')}: {pairs.in_words}. {met[0].upper()}{met[1:]} so far this term."


def _places(now: Board) -> str:
    wanted = joined([f"{field.label} ({count})" for field, count in list(now.missing.items())[:4]])
    nobody = f" Nobody with a place for: {wanted}." if wanted else ""
    looking = _counted(now.looking, "mentee")
    return f"{looking} without a mentor, {_counted(now.free, 'place').lower()} free.{nobody}"


def _mentors(now: Board, picture: File) -> Message:
    away = sum(load.away for load in now.loads)
    note = f"{_counted(away, 'mentor')} away, whose places are not counted as free."
    return message(_places(now), picture, *([Line((note,), quiet=True)] if away else []))


def _report(pdf: File, html: File) -> Message:
    return message(
        "The term so far, ready to pass on: nobody is named in it, and nothing counts fewer than five.",
        pdf,
        html,
        Line(say("Whom to thank yourselves: {thank}", thank=Slash("to-thank")), quiet=True),
    )


def _sheets(files: Sequence[File]) -> Message:
    return message(
        "Everyone and every pair, by name. Keep it among officers, and delete it once it has served.", *files
    )


def _certificates(file: File) -> Message:
    return message("Here it is, to print or to pass on.", file)


def _certificate_choice() -> Message:
    return message(
        "One page that says you mentored this term. With how many mentees, meetings and hours?",
        buttons(
            Button("With numbers", act("board.certificate", "numbers")),
            Button("Without", act("board.certificate", "plain")),
        ),
        Line(("Hours are those of meetings booked here that took place.",), quiet=True),
    )


def _counted(number: int, what: str) -> str:
    return f"One {what}" if number == 1 else f"{number} {what}s"
