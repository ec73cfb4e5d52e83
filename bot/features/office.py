"""The officers' page: the way in is a link that the bot gives an officer, and that works once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from bot.feature import Feature, Turn
from bot.model import Need
from bot.ui import Button, Command, Line, Link, Message, Private, Reply, Slash, Update, When, act, buttons, message, say

office = Feature("office")

GOOD_FOR = timedelta(minutes=10)
_BYTES = 16
"""128 bits, which nobody guesses."""


@office.command(Command("office", "Open the officers' page in your browser", need=Need.READ))
async def way_in(turn: Turn) -> Reply:
    if not turn.office:
        return Private(_closed())
    code, until = secrets.token_urlsafe(_BYTES), turn.now + GOOD_FOR
    await turn.records.office_links.make(code, turn.who.id, turn.place, turn.address, until)
    await turn.audit("office.link", f"person:{turn.who.id}")
    # What stands behind the # is never sent to a server: no preview can use it up, and no proxy's log knows it.
    return Private(_open(f"{turn.office}/#{code}", until))


@office.press("office.end", need=Need.READ)
async def sign_out(turn: Turn) -> Reply:
    """Out of every browser, as after one that was borrowed."""
    ended = await turn.records.office_links.end(turn.who.id)
    await turn.audit("office.ended", f"person:{turn.who.id}")
    return Update(_ended(ended))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _open(url: str, until: datetime) -> Message:
    return message(
        say("{page}: queue, pairs and people at a glance.", page=Link("Open the officers' page", url)),
        Line(
            say("The link lets you in once, until {hour}. Keep it to yourself.", hour=When(until, "hour")), quiet=True
        ),
        *(
            [Line(("It opens on the computer I run on, and nowhere else.",), quiet=True)]
            if url.startswith("http:")
            else []
        ),
        buttons(Button("Sign me out everywhere", act("office.end"))),
    )


def _closed() -> Message:
    return message(
        "The officers' page is switched off here.",
        Line(("Whoever runs Preceptor switches it on in its settings, under [office].",), quiet=True),
    )


def _ended(sessions: int) -> Message:
    said = "You were signed in nowhere." if not sessions else "Done: you are signed out everywhere."
    return message(say("{said} {office} lets you in again.", said=said, office=Slash("office")))
