"""Who did what, for officers to read: what was done with power, and never what anyone wrote or keeps to themselves."""

from __future__ import annotations

from datetime import datetime

from bot.feature import Feature, Turn
from bot.model import Deed, Need
from bot.ui import (
    Button,
    Command,
    Kind,
    Message,
    Param,
    Private,
    Reply,
    Text,
    Update,
    When,
    act,
    bullets,
    buttons,
    message,
    say,
)

auditing = Feature("auditing")

PAGE = 12
EVERYBODY = 0
"""In a control, for no one person: nobody has this number."""


@auditing.command(
    Command(
        "audit",
        "Who did what",
        (Param("member", "what one person did", Kind.MEMBER, required=False),),
        need=Need.READ,
    )
)
async def audit(turn: Turn, member: str | None = None) -> Reply:
    return Private(await _page(turn, int(member) if member else EVERYBODY))


@auditing.press("audit.before", need=Need.READ)
async def before(turn: Turn, person: int, line: int) -> Reply:
    return Update(await _page(turn, person, line))


async def _page(turn: Turn, person: int, line: int | None = None) -> Message:
    found = await turn.records.power.deeds(tuple(ACTIONS), by=person or None, before=line, most=PAGE + 1)
    lines = [_line(*await _who_and_whom(turn, deed), ACTIONS[deed.action], deed.at) for deed in found[:PAGE]]
    return _listed(lines, person, found[PAGE - 1].id if len(found) > PAGE else None)


async def _name(turn: Turn, person: int | None) -> str:
    known = await turn.records.people.get(person) if person else None
    return known.name[:60] if known else "The bot"


async def _who_and_whom(turn: Turn, deed: Deed) -> tuple[str, str]:
    """Who did it, and whom it was about. Which of a pair it was stays between the two."""
    who, (kind, _, number) = await _name(turn, deed.actor), deed.subject.partition(":")
    if kind == "person" and number.isdigit():
        return who, await _name(turn, int(number))
    pair = await turn.records.pairs.get(int(number)) if kind == "pair" and number.isdigit() else None
    if pair is None:
        return who, ""
    both = f"{await _name(turn, pair.mentee)} and {await _name(turn, pair.mentor)}"
    return "One of the two" if deed.actor and pair.side(deed.actor) else who, both


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

ACTIONS = {
    "setup": "changed the setup",
    "settings": "changed the settings",
    "calendar": "changed the calendar",
    "president.made": "new president:",
    "president.unmade": "no longer president:",
    "president.ended": "time as president is over:",
    "officer.made": "new officer:",
    "officer.unmade": "no longer officer:",
    "officer.ended": "time as officer is over:",
    "advisor.made": "new advisor:",
    "advisor.unmade": "no longer advisor:",
    "advisor.ended": "time as advisor is over:",
    "safeguarding.made": "reads private concerns now:",
    "safeguarding.unmade": "no longer reads private concerns:",
    "safeguarding.ended": "no longer reads private concerns:",
    "safeguarding.named": "reads private concerns now:",
    "safeguarding.unnamed": "no longer reads private concerns:",
    "handover.offered": "offered the presidency to",
    "handover.stopped": "stopped the handover",
    "pair.made": "paired",
    "pair.ended": "ended the pair of",
    "pair.paused": "let rest the pair of",
    "mentor.approved": "approved",
    "mentor.thanked": "thanked",
    "queue.done": "saw to something in the queue",
    "association.kept": "changed an association",
    "society.linked": "linked two places",
    "conflict.noted": "noted that two are not to be paired",
    "conflict.lifted": "lifted that two are not to be paired",
    "announcement.sent": "sent an announcement",
    "announcement.withdrawn": "withdrew an announcement",
    "ending.read": "read why pairs ended",
    "import": "brought in a sheet",
    "import.column": "said what a column of a sheet is",
    "claim.confirmed": "confirmed whose form it was:",
}
"""What is shown. Whatever stands in the log besides is between members: who wrote a concern, who asked whom."""


def _line(who: str, about: str, did: str, at: datetime) -> Text:
    return say("{at} · {who}: {did} {about}", at=When(at), who=who, did=did, about=about)


def _listed(lines: list[Text], person: int, older: int | None) -> Message:
    if not lines:
        return message("Nothing has been done yet.")
    more = [buttons(Button("Older", act("audit.before", person, older)))] if older else []
    return message(bullets(*lines), *more)
