"""The term on paper: what a chapter or a university reads of it, and what a mentor may hang on a wall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.model import DAY, Break, Chronicle, MeetingState, Report, Society
from bot.paper import Certificate, Numbers, Paper, Picture, Section, Words, as_html, as_pdf, certificates_pdf
from bot.pictures import Shown, term_picture
from bot.rules.board import FEW, Board, masked
from bot.rules.timing import first_moment
from bot.ui import File


def term_report(board: Board, society: Society) -> tuple[File, File]:
    """The report as a PDF and as HTML. Nothing in it counts fewer than five, and nobody is named."""
    picture = term_picture(Shown(board, society.zone))
    paper = _report(board, society.name, picture, society.zone)
    told = f"The term {_days(board.term)} of {society.name}"[:140]
    return File("report.pdf", told, as_pdf(paper)), File("report.html", told, as_html(paper))


def _report(board: Board, society: str, picture: File, zone: ZoneInfo) -> Paper:
    funnel, back = board.funnel, board.recovered
    today = board.at.astimezone(zone).date()
    took_part = {
        "Mentees who joined": funnel.joined,
        "… who asked for a mentor, or were given one": funnel.asked,
        "… who had a mentor": funnel.paired,
        "… who were in touch with them": funnel.met,
        "… and still are": funnel.still,
        "Mentors": sum(load.mentors for load in board.loads),
    }
    held = {"Meetings that took place": board.meetings, "Pairs that met": board.met_pairs}
    kept = {"Pairs this term": board.pairs, "… that go on, or came to their planned end": board.kept}
    reminded = {"Mentees who had gone quiet and were reminded": back.reminded, "… heard of within two weeks": back.back}
    return Paper(
        society,
        f"Mentorship {_days(board.term)}, as of {_day(today)}",
        (
            Section("Who took part"),
            _numbers(took_part),
            Picture(picture, 100),
            Section("Meetings"),
            _numbers(held),
            Section("How pairs lasted"),
            _numbers({**kept, **{f"Ended: {why[0].lower()}{why[1:]}": count for why, count in board.endings.items()}}),
            Section("Coming back"),
            _numbers(reminded),
            Section("How to read this"),
            Words(
                "That two are in touch, and that they met, is what they say themselves, or that someone wrote in their "
                "room; what is said there is never read. It is evidence of contact, not of what came of it."
            ),
            Words(
                f"Numbers under {FEW} are not told, so that nobody can be recognised; where one of them could be "
                "worked out from the others, a second is left out. Bars in the picture are drawn to the nearest five.",
                small=True,
            ),
        ),
    )


def _numbers(counts: Mapping[str, int]) -> Numbers:
    return Numbers(tuple(masked(counts).items()))


# ── certificates ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Given:
    """What a mentor gave in a term."""

    mentor: int
    name: str
    mentees: int
    meetings: int
    minutes: int


def given(chronicle: Chronicle, society: Society, term: Break) -> list[Given]:
    """Every mentor who had a pair in the term, by name. Minutes are those of meetings booked here that took place."""
    start, end = first_moment(term.first, society.zone), first_moment(term.last + DAY, society.zone)
    names = {member.person.id: member.person.name for member in chronicle.members}
    mentors: dict[int, list[int]] = {}
    for facts in chronicle.pairs:
        pair = facts.pair
        if pair.started_at < end and (pair.ended_at is None or pair.ended_at >= start):
            mentors.setdefault(pair.mentor, []).append(pair.id)
    held = [
        meeting
        for meeting in chronicle.meetings
        if meeting.state is MeetingState.OVER and meeting.at and start <= meeting.at < end
        and {meeting.mentee_report, meeting.mentor_report} & {Report.ATTENDED, Report.LATE}
    ]  # fmt: skip
    found = []
    for mentor, pairs in mentors.items():
        theirs = [meeting for meeting in held if meeting.pair in pairs]
        found.append(Given(mentor, names[mentor], len(pairs), len(theirs), sum(meeting.minutes for meeting in theirs)))
    return sorted(found, key=lambda each: (each.name.casefold(), each.mentor))


def certificate(gave: Given, society: str, term: Break, *, numbers: bool) -> Certificate:
    """`numbers`: whether it says how many mentees, meetings and hours, which is the mentor's to choose."""
    told = _gave(gave) if numbers else ""
    lines = ("for mentoring students on their way to medicine", _days(term), *([told] if told else []))
    return Certificate(gave.name[:80], society, lines)


def certificates(each: list[Given], society: str, term: Break) -> File:
    made = [certificate(gave, society, term, numbers=False) for gave in each]
    return File("certificates.pdf", f"Certificates for {len(made)} mentors, a page each", certificates_pdf(made))


def own_certificate(gave: Given, society: str, term: Break, *, numbers: bool) -> File:
    made = certificates_pdf([certificate(gave, society, term, numbers=numbers)])
    return File("certificate.pdf", "Your certificate, one page", made)


def _gave(gave: Given) -> str:
    mentees = "one mentee" if gave.mentees == 1 else f"{gave.mentees} mentees"
    if not gave.meetings:
        return mentees
    meetings = "one meeting" if gave.meetings == 1 else f"{gave.meetings} meetings"
    hours = round(gave.minutes / 60)
    return f"{mentees} · {meetings}" + (f" · {hours} {'hour' if hours == 1 else 'hours'}" if hours else "")


def _days(term: Break) -> str:
    return f"{_day(term.first)} to {_day(term.last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
