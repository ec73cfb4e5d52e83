"""Associations outside the society: those members name as theirs, and those officers show as a road to a mentor."""

from __future__ import annotations

import re

from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import Association, Need
from bot.questions import NO, YES, Question, Screen, day_past
from bot.ui import (
    OPTIONS,
    Button,
    Command,
    Menu,
    Message,
    Option,
    Private,
    Reply,
    Style,
    act,
    bullets,
    buttons,
    message,
    say,
)
from bot.vocabulary import ASSOCIATIONS

associations = Feature("associations")

ADDRESS = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}(/[A-Za-z0-9._~/%-]*)?")
"""Nothing a platform could read as its own formatting."""

ABOUT = (
    Question("name", "Full name", limit=100),
    Question("url", "Link", limit=150, hint="The page where someone would begin, with https://."),
    Question("checked_on", "Last checked", required=False, limit=20, hint="The day you opened the link: 2026-10-05."),
    Question("published", "Show it to members?", options=(Option(YES, "Yes"), Option(NO, "Not yet"))),
)
CHANGE = Screen("change", "An association", ABOUT)
ADD = Screen("add", "An association", (Question("short", "Short name", limit=20, hint="As “SNMA”."), *ABOUT))


@associations.press("association.mine")
async def mine(turn: Turn) -> Reply:
    return _mine(await known(turn)).form(act("association.belong"), turn.who)


@associations.form("association.belong")
async def belong(turn: Turn) -> Reply:
    chosen = _mine(await known(turn)).read(turn.filled)["associations"]
    await turn.records.people.change(turn.who.id, associations=chosen)
    return Private(message("Noted. One you share with someone counts a little in who fits, and is never a must."))


def _mine(every: list[Association]) -> Screen:
    options = tuple(Option(each.short, each.short, each.name[:75]) for each in every)
    question = Question(
        "associations", "Which are yours?", options=options, most=len(options), required=False,
        hint="Shown to those you share one with, as a reason why you fit.",
    )  # fmt: skip
    return Screen("belong", "Your associations", (question,))


# ── for officers ──────────────────────────────────────────────────────────────────────────────────────────────────


@associations.command(Command("associations", "Associations outside, as a road to a mentor", need=Need.READ))
async def every(turn: Turn) -> Reply:
    return Private(_listed(await known(turn)))


@associations.press("association.edit", need=Need.ACT)
async def edit(turn: Turn) -> Reply:
    chosen = next((each for each in await known(turn) if turn.values == (each.short,)), None)
    if chosen is None:
        raise Stale
    return CHANGE.form(act("association.change", chosen.short), chosen)


@associations.press("association.new", need=Need.ACT)
async def new(turn: Turn) -> Reply:
    if len(await known(turn)) >= OPTIONS:
        raise Sorry("That is as many as a list can show. Change one that nobody needs.")
    return ADD.form(act("association.add"), None)


@associations.form("association.change", need=Need.ACT)
async def change(turn: Turn, short: str) -> Reply:
    if short not in {each.short for each in await known(turn)}:
        raise Stale
    return await _keep(turn, short, CHANGE)


@associations.form("association.add", need=Need.ACT)
async def add(turn: Turn) -> Reply:
    short = ADD.read(turn.filled)["short"].replace(":", "")
    if not short or len(await known(turn)) >= OPTIONS:
        raise Stale
    return await _keep(turn, short, ADD)


async def _keep(turn: Turn, short: str, screen: Screen) -> Reply:
    given = screen.read(turn.filled)
    checked = day_past(given["checked_on"], turn.today()) if given["checked_on"] else None
    if not ADDRESS.fullmatch(given["url"]):
        raise Sorry("I need a plain link that begins with https:// and has no question mark.")
    if given["published"] == YES and checked is None:
        raise Sorry("When did you last open that link? A list without dates goes stale, so I show none without one.")
    kept = Association(short, given["name"], given["url"], checked, given["published"] == YES)
    if kept not in await known(turn):
        await turn.records.roads.keep_association(kept)
        await turn.audit("association.kept", "associations", short)
    return Private(_listed(await known(turn)))


async def known(turn: Turn) -> list[Association]:
    """Those everyone knows, as this society's officers changed them, and those they added."""
    ours = {each.short: each for each in await turn.records.roads.associations()}
    usual = [ours.pop(short, Association(short, name, url)) for short, (name, url) in ASSOCIATIONS.items()]
    return [*usual, *ours.values()][:OPTIONS]


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _listed(every: list[Association]) -> Message:
    lines = [
        say("{short}: shown, link checked {day}", short=each.short, day=f"{each.checked_on:%b %Y}")
        if each.published
        else say("{short}: not shown yet", short=each.short)
        for each in every
    ]
    return message(
        "Members can name these as theirs. Shown as a road to a mentor once you have opened the link and say when:",
        bullets(*lines),
        Menu("Change one…", act("association.edit"), tuple(Option(each.short, each.short) for each in every)),
        buttons(Button("Add one", act("association.new"), Style.PLAIN)),
    )
