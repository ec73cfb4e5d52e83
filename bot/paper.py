"""Something to print or to pass on, said once, as a PDF and as one HTML file that needs nothing beside it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from bot.ui import File

if TYPE_CHECKING:
    from fpdf import FPDF

INK, BLUE, PALE = (34, 34, 34), (0, 114, 178), (230, 240, 247)
MARGIN = 20
"""Millimetres."""


@dataclass(frozen=True)
class Section:
    title: str


@dataclass(frozen=True)
class Words:
    text: str
    small: bool = False


@dataclass(frozen=True)
class Numbers:
    """Names and numbers, a line each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """A picture of the given width in millimetres."""

    file: File
    width: int


Part: TypeAlias = Section | Words | Numbers | Picture


@dataclass(frozen=True)
class Paper:
    title: str
    under: str
    """The line under the title."""
    parts: tuple[Part, ...]


# ── PDF ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_pdf(paper: Paper) -> bytes:
    """On Letter pages, each with its number and the title."""
    from fpdf import FPDF

    class Pages(FPDF):
        def footer(self) -> None:
            self.set_y(-14)
            self.set_font("plain", size=8)
            self.cell(0, 5, f"{paper.title} · {paper.under} · {self.page_no()}", align="C")

    pages = _dressed(Pages(format="letter"), paper.title)
    pages.set_auto_page_break(auto=True, margin=MARGIN)
    pages.add_page()
    pages.set_font("plain", "B", 22)
    pages.multi_cell(0, 10, paper.title, new_x="LMARGIN", new_y="NEXT", align="L")
    pages.set_font("plain", size=12)
    pages.multi_cell(0, 8, paper.under, new_x="LMARGIN", new_y="NEXT", align="L")
    for part in paper.parts:
        _print(pages, part)
    return bytes(pages.output())


def _dressed(pages: FPDF, title: str) -> FPDF:
    """With a typeface that has most of the world's letters: matplotlib brings one."""
    import matplotlib

    faces = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    pages.add_font("plain", "", faces / "DejaVuSans.ttf")
    pages.add_font("plain", "B", faces / "DejaVuSans-Bold.ttf")
    pages.set_margin(MARGIN)
    pages.set_text_color(*INK)
    pages.set_title(title)
    pages.set_lang("en-US")
    return pages


def _print(pages: FPDF, part: Part) -> None:
    match part:
        case Section(title):
            if pages.get_y() > pages.eph - 30:
                pages.add_page()
            pages.ln(5)
            pages.set_font("plain", "B", 14)
            pages.set_text_color(*BLUE)
            pages.multi_cell(0, 8, title, new_x="LMARGIN", new_y="NEXT", align="L")
            pages.set_text_color(*INK)
        case Words(text, small):
            pages.set_font("plain", size=9 if small else 11)
            pages.multi_cell(0, 5 if small else 6, text, new_x="LMARGIN", new_y="NEXT", align="L")
            pages.ln(1)
        case Numbers(rows):
            pages.set_font("plain", size=11)
            for number, (name, value) in enumerate(rows):
                pages.set_fill_color(*PALE)
                pages.cell(pages.epw - 30, 7, name, fill=number % 2 == 0)
                pages.cell(30, 7, value, fill=number % 2 == 0, align="R", new_x="LMARGIN", new_y="NEXT")
        case Picture(file, width):
            from fpdf import Align

            pages.ln(3)
            pages.image(file.data, w=width, x=Align.C, alt_text=file.alt)


# ── HTML ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_STYLE = """
body { font: 17px/1.5 system-ui, sans-serif; color: #222; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 } h2 { color: #0072B2; margin: 2rem 0 .5rem }
table { border-collapse: collapse; width: 100% } tr:nth-child(odd) { background: #E6F0F7 }
th { font-weight: normal; text-align: left } th, td { padding: .3rem .6rem } td { text-align: right }
img { display: block; max-width: 100%; margin: 1rem auto } small { font-size: .85rem }
"""


def as_html(paper: Paper) -> bytes:
    body = "\n".join(_marked(part) for part in paper.parts)
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(paper.title)}</title>\n<style>{_STYLE}</style>\n"
        f"<h1>{escape(paper.title)}</h1>\n<p>{escape(paper.under)}</p>\n{body}\n</html>\n"
    ).encode()


def _marked(part: Part) -> str:
    match part:
        case Section(title):
            return f"<h2>{escape(title)}</h2>"
        case Words(text, small):
            return f"<p><small>{escape(text)}</small></p>" if small else f"<p>{escape(text)}</p>"
        case Numbers(rows):
            lines = (f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
            return f"<table>{''.join(lines)}</table>"
        case Picture(file):
            data = base64.b64encode(file.data).decode()
            return f'<img alt="{escape(file.alt)}" src="data:image/png;base64,{data}">'


# ── certificates ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Certificate:
    name: str
    society: str
    lines: tuple[str, ...]


def certificates_pdf(each: Sequence[Certificate]) -> bytes:
    """One page for each, across."""
    from fpdf import FPDF

    pages = _dressed(FPDF(format="letter", orientation="landscape"), "Certificate of mentorship")
    pages.set_auto_page_break(auto=False)
    for certificate in each:
        pages.add_page()
        pages.set_draw_color(*BLUE)
        pages.set_line_width(1)
        pages.rect(12, 12, pages.w - 24, pages.h - 24)
        pages.set_line_width(0.2)
        pages.rect(14, 14, pages.w - 28, pages.h - 28)
        pages.set_y(42)
        _centred(pages, certificate.society, 16)
        pages.ln(6)
        _centred(pages, "thanks", 13)
        pages.ln(6)
        _centred(pages, certificate.name, 32, bold=True)
        pages.ln(8)
        for line in certificate.lines:
            _centred(pages, line, 14)
        pages.line(pages.w / 2 - 45, pages.h - 42, pages.w / 2 + 45, pages.h - 42)
        pages.set_y(pages.h - 40)
        _centred(pages, "for the officers", 10)
    return bytes(pages.output())


def _centred(pages: FPDF, words: str, size: int, *, bold: bool = False) -> None:
    """As large as asked for, or as large as it fits on one line."""
    pages.set_font("plain", "B" if bold else "", size)
    wide = pages.get_string_width(words)
    if wide > pages.epw - 10:
        pages.set_font_size(size * (pages.epw - 10) / wide)
    pages.cell(0, size * 0.5, words, align="C", new_x="LMARGIN", new_y="NEXT")
