"""The officers' page: the way in is a link that the bot gives an officer, and that works once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from bot.feature import Feature, Turn
from bot.model import Need
from bot.ui import Command, Line, Link, Message, Private, Reply, When, message, say

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


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _open(url: str, until: datetime) -> Message:
    return message(
        say("{page}: queue, pairs and people at a glance.", page=Link("Open the officers' page", url)),
        Line(
            say("The link lets you in once, until {hour}. Keep it to yourself.", hour=When(until, "hour")), quiet=True
        ),
    )


def _closed() -> Message:
    return message(
        "The officers' page is switched off here.",
        Line(("Whoever runs Preceptor switches it on in its settings, under [office].",), quiet=True),
    )
