"""The board as pictures: one column for a phone, big type, colours that colour-blind people tell apart.

Each panel's title says what is to be seen in it. matplotlib is loaded when the first picture is drawn, and a picture
takes about a second: draw in a thread.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from bot.rules.board import FEW, Board, Standing, masked, roughly
from bot.ui import File, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT, DPI = 1080, 1500, 100
"""Pixels: what a phone shows across its whole width."""

# Okabe and Ito's colours.
BLUE, ORANGE, VERMILION, SKY, GREY, INK = "#0072B2", "#E69F00", "#D55E00", "#56B4E9", "#BBBBBB", "#222222"
SHADES = {
    Standing.ON_TRACK: BLUE,
    Standing.SLIPPING: ORANGE,
    Standing.QUIET: VERMILION,
    Standing.RESTING: GREY,
}
BIG, MIDDLE, SMALL = 27, 22, 19
FIELDS = 8

_one_at_a_time = Lock()
"""matplotlib keeps its fonts in one place for all threads."""

Panel: TypeAlias = "tuple[Callable[[Shown], str], Callable[[Axes, Shown], None], float]"
"""What is to be seen in it, what draws it, and how high it is against the others."""


@dataclass(frozen=True)
class Shown:
    """A board and for whom. What leaves the board tells no small number, and its bars are drawn to the nearest five."""

    board: Board
    zone: ZoneInfo
    outside: bool = False

    def drawn(self, count: int) -> int:
        return roughly(count) if self.outside else count

    def words(self, counts: Mapping[str, int]) -> Mapping[str, str]:
        return masked(counts) if self.outside else {name: str(count) for name, count in counts.items()}

    def count(self, count: int) -> str:
        """A count in a sentence, at its beginning."""
        return f"Fewer than {FEW}" if self.outside and 0 < count < FEW else str(count)


def pairs_picture(shown: Shown) -> File:
    """How the pairs are, week by week; how far mentees came; who waits, and who came back."""
    panels = (health_finding, _health, 4.4), (funnel_finding, _funnel, 3.6), (waits_finding, _waits, 3.0)
    return _picture("pairs.png", shown, panels)


def mentors_picture(shown: Shown) -> File:
    """Where there are places and where they are wanted; what each mentor carries. For officers only."""
    return _picture("mentors.png", shown, ((rooms_finding, _rooms, 5.6), (loads_finding, _loads, 4.4)))


def term_picture(shown: Shown) -> File:
    """How the pairs are and how far mentees came, for a report."""
    return _picture(
        "term.png", replace(shown, outside=True), ((health_finding, _health, 4), (funnel_finding, _funnel, 3))
    )


def _picture(name: str, shown: Shown, panels: Sequence[Panel]) -> File:
    return File(name, _said([finding(shown) for finding, *_ in panels]), _drawn(shown, panels))


def _said(findings: Sequence[str]) -> str:
    """A description holds 150 characters: whole findings, as many as fit."""
    said = ""
    for finding in findings:
        if len(longer := f"{said}. {finding}" if said else finding) < 150:
            said = longer
    return f"{said}."


def _drawn(shown: Shown, panels: Sequence[Panel]) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(h_pad=0.15, w_pad=0.2)
    with _one_at_a_time:
        figure = Figure((WIDTH / DPI, HEIGHT / DPI), dpi=DPI, layout=layout, facecolor="white")
        FigureCanvasAgg(figure)
        parts = figure.subfigures(len(panels), 1, squeeze=False, height_ratios=[height for _, _, height in panels])
        for part, (finding, draw, _) in zip(parts.flat, panels, strict=True):
            part.suptitle(finding(shown), x=0.02, ha="left", fontsize=BIG, fontweight="bold", color=INK)
            axes = part.subplots()
            axes.spines[["top", "right"]].set_visible(False)
            axes.tick_params(labelsize=SMALL, length=0, colors=INK)
            draw(axes, shown)
        made = io.BytesIO()
        figure.savefig(made, format="png", metadata={"Software": None})
    return made.getvalue()


# ── the panels ────────────────────────────────────────────────────────────────────────────────────────────────────


def _health(axes: Axes, shown: Shown) -> None:
    weeks = shown.board.weeks
    under = [0] * len(weeks)
    places = range(len(weeks))
    words = shown.words({each.value: shown.board.now.pairs[each] for each in Standing})
    for each in Standing:
        heights = [shown.drawn(week.pairs[each]) for week in weeks]
        axes.bar(places, heights, bottom=under, color=SHADES[each], width=0.86, label=f"{words[each]} {each}")
        under = [low + height for low, height in zip(under, heights, strict=True)]
    step = max(1, -(-len(weeks) // 5))
    marked = list(places)[::-1][::step][::-1]
    axes.set_xticks(marked, [_day(weeks[place].ends, shown.zone) for place in marked])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.02)
    axes.set_ylim(0, max(*under, 1))
    _keyed(axes, -0.12)


def _funnel(axes: Axes, shown: Shown) -> None:
    funnel = shown.board.funnel
    steps = {
        "Joined": funnel.joined,
        "Asked": funnel.asked,
        "Paired": funnel.paired,
        "In touch": funnel.met,
        "Still in touch": funnel.still,
    }
    drawn = {step: shown.drawn(count) for step, count in steps.items()}
    _bars(axes, drawn, [SKY, SKY, SKY, SKY, BLUE], list(shown.words(steps).values()))


def _waits(axes: Axes, shown: Shown) -> None:
    """What waits longer than was promised is the darker part of its bar."""
    waits, back = shown.board.waits, shown.board.recovered
    long = (waits.mentees_long, waits.mentors_long)
    counts = {
        "Mentees waiting": waits.mentees,
        "Mentors waiting": waits.mentors,
        "Reminded": back.reminded,
        "Came back": back.back,
    }
    words = [str(count) for count in counts.values()]
    for place, count in enumerate(long):
        words[place] += f", {count} too long" if count else ""
    _bars(axes, counts, [ORANGE, ORANGE, GREY, BLUE], words)
    axes.barh([3, 2], long, 0.72, color=VERMILION)
    axes.set_xlim(0, max(counts["Mentees waiting"] * 1.5, axes.get_xlim()[1]))


def _rooms(axes: Axes, shown: Shown) -> None:
    rooms = shown.board.rooms[:FIELDS][::-1]
    for up, name, shade, counts in (
        (0.2, "mentees without a mentor", ORANGE, [room.looking for room in rooms]),
        (-0.2, "places free", BLUE, [room.places for room in rooms]),
    ):
        bars = axes.barh([place + up for place in range(len(rooms))], counts, 0.38, color=shade, label=name)
        axes.bar_label(bars, padding=6, fontsize=SMALL, color=INK)
    axes.set_yticks(range(len(rooms)), [shortened(room.field.label, 20) for room in rooms], fontsize=MIDDLE)
    _plain(axes)
    _keyed(axes, -0.02)


def _loads(axes: Axes, shown: Shown) -> None:
    loads = shown.board.loads
    under = [0] * len(loads)
    for name, shade, counts in (
        ("no place left", BLUE, [load.full for load in loads]),
        ("room for more", SKY, [load.free for load in loads]),
        ("away", GREY, [load.away for load in loads]),
    ):
        axes.bar(range(len(loads)), counts, bottom=under, color=shade, width=0.7, label=name)
        under = [low + height for low, height in zip(under, counts, strict=True)]
    for place, height in enumerate(under):
        axes.text(place, height, f"{height}", ha="center", va="bottom", fontsize=SMALL, color=INK)
    mentees = ("no mentee" if not load.mentees else "one" if load.mentees == 1 else str(load.mentees) for load in loads)
    axes.set_xticks(range(len(loads)), list(mentees), fontsize=SMALL)
    axes.set_yticks([])
    axes.set_ylim(0, max(*under, 1) * 1.15)
    axes.spines["left"].set_visible(False)
    _keyed(axes, -0.12)


def _bars(axes: Axes, counts: Mapping[str, int], shades: Sequence[str], words: Sequence[str]) -> None:
    places = range(len(counts))[::-1]
    bars = axes.barh(places, list(counts.values()), 0.72, color=shades)
    axes.bar_label(bars, words, padding=8, fontsize=MIDDLE, color=INK)
    axes.set_yticks(places, list(counts), fontsize=MIDDLE)
    _plain(axes)


def _keyed(axes: Axes, below: float) -> None:
    """Which colour is what, in one line under the bars."""
    axes.legend(
        loc="upper left", bbox_to_anchor=(-0.02, below), ncols=4, fontsize=SMALL, frameon=False,
        handlelength=0.9, handletextpad=0.35, columnspacing=1.0, borderpad=0,
    )  # fmt: skip


def _plain(axes: Axes) -> None:
    """Bars that carry their own numbers need no scale."""
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_xlim(0, max(axes.get_xlim()[1], 1) * 1.12)


def _day(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b}"


# ── what is to be seen ────────────────────────────────────────────────────────────────────────────────────────────


def health_finding(shown: Shown) -> str:
    now = shown.board.now
    quiet, slipping = now.pairs[Standing.QUIET], now.pairs[Standing.SLIPPING]
    if not now.total:
        return "No pairs yet"
    if quiet:
        return f"{shown.count(quiet)} of {_pairs(shown, now.total)} {_are(shown, quiet)} quiet"
    if slipping:
        return f"{shown.count(slipping)} of {_pairs(shown, now.total)} {_are(shown, slipping)} slipping, none is quiet"
    return f"None of {_pairs(shown, now.total)} is quiet"


def funnel_finding(shown: Shown) -> str:
    funnel = shown.board.funnel
    joined = shown.count(funnel.joined).lower()
    return f"{shown.count(funnel.still)} of {joined} mentees {_are(shown, funnel.still)} still in touch"


def waits_finding(shown: Shown) -> str:
    long, back = shown.board.waits.mentees_long, shown.board.recovered
    if long:
        return f"{_mentees(long)} {'waits' if long == 1 else 'wait'} longer than promised"
    if back.reminded:
        return f"{back.back} of {back.reminded} came back after a reminder"
    return "No mentee waits longer than promised"


def rooms_finding(shown: Shown) -> str:
    board = shown.board
    for field, wanted in board.missing.items():
        return f"{field.label}: {wanted} {'looks' if wanted == 1 else 'look'} for a mentor, no place free"
    return f"{_mentees(board.looking)} without a mentor, {board.free} {'place' if board.free == 1 else 'places'} free"


def loads_finding(shown: Shown) -> str:
    loads = shown.board.loads
    mentors, none = sum(load.mentors for load in loads), loads[0].mentors if loads else 0
    if not mentors:
        return "No mentors yet"
    return f"{none} of {mentors} mentors {'has' if none == 1 else 'have'} no mentee"


def _pairs(shown: Shown, total: int) -> str:
    return "one pair" if total == 1 and not shown.outside else f"{shown.count(total).lower()} pairs"


def _mentees(count: int) -> str:
    return "One mentee" if count == 1 else f"{count} mentees"


def _are(shown: Shown, count: int) -> str:
    return "is" if count == 1 and not shown.outside else "are"
