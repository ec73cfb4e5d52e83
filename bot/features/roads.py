"""Every road to a mentor at once: waiting, inviting someone, a mentor of one's own, and associations outside."""

from __future__ import annotations

import secrets

from bot.feature import Feature, Sorry, Turn
from bot.model import DAY, Association, Invitation
from bot.portrait import first_name
from bot.questions import NO, YES, Question, Screen
from bot.ui import (
    Bold,
    Button,
    Command,
    Line,
    Link,
    Message,
    Option,
    Param,
    Private,
    Quote,
    Reply,
    Style,
    act,
    bullets,
    buttons,
    message,
    say,
)
from bot.vocabulary import HowMet

roads = Feature("roads")

GOOD_FOR = 90 * DAY
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""What cannot be mistaken for something else when read aloud."""

INVITE = Screen(
    "invite",
    "Invite a mentor",
    (
        Question("how_met", "How do you know them?", HowMet),
        Question(
            "vouched",
            "Would you vouch for them?",
            options=(Option(YES, "Yes, I know them well"), Option(NO, "I only invite them")),
            hint="Only officers see it, and only if they join.",
        ),
    ),
)


@roads.command(Command("other-ways", "More ways to a mentor: wait, invite someone, your own, elsewhere"))
async def other_ways(turn: Turn) -> Reply:
    return Private(await _all(turn))


@roads.press("roads.show")
async def show(turn: Turn) -> Reply:
    return Private(await _all(turn))


async def _all(turn: Turn) -> Message:
    published = [each for each in await turn.records.roads.associations() if each.published]
    return _ways(published, waits=await turn.records.roads.in_line(turn.who.id))


@roads.press("roads.invite")
async def invite(turn: Turn) -> Reply:
    return INVITE.form(act("roads.invited"), None, "Write it")


@roads.form("roads.invited")
async def invitation(turn: Turn) -> Reply:
    """An invitation for the member to pass on. Nothing is asked about whom it is for, and nothing kept."""
    answers = INVITE.read(turn.filled)
    code = "".join(secrets.choice(_LETTERS) for _ in range(8))
    made = Invitation(code, turn.who.id, answers["how_met"], answers["vouched"] == YES, turn.now)
    await turn.records.roads.invite(made)
    await turn.audit("invitation.made", f"person:{turn.who.id}")
    return Private(_invitation(turn.society.name, turn.who.name, code))


@roads.command(Command("invited", "Someone gave you a code", (Param("code", "The code from your invitation"),)))
async def came(turn: Turn, code: str) -> Reply:
    known = "".join(c for c in code.upper() if c in _LETTERS)
    used = await turn.records.roads.use_invitation(known, turn.who.id, turn.now - GOOD_FOR)
    if used is None:
        raise Sorry("I don't know that code, or it was used before. You can join without one: /sign-up")
    inviter = await turn.records.people.get(used.inviter)
    await turn.audit("invitation.used", f"person:{turn.who.id}")
    return Private(_came(turn.society.name, first_name(inviter.name) if inviter else "A member"))


@roads.at_home
async def for_officers(turn: Turn) -> Message | None:
    """How many look for a mentor, and how many have one that is nobody's pair: two numbers, no names."""
    if not turn.who.officer:
        return None
    waiting, own = len(await turn.records.roads.line()), await turn.records.roads.with_own_mentor()
    return _counted(waiting, own) if waiting or own else None


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _ways(published: list[Association], *, waits: bool) -> Message:
    wait = [] if waits else [Button("Tell me when someone fits", act("line.join"), Style.PRIMARY)]
    where = [
        say("{name} ({day})", name=Link(each.name, each.url), day=f"link checked {each.checked_on:%b %Y}")
        for each in published[:12]
    ]
    return message(
        "There is more than one road to a mentor, and you can take several:",
        buttons(
            *wait,
            Button("Invite someone I know", act("roads.invite")),
            Button("I have a mentor elsewhere", act("own.new")),
            Button("Ask an officer to look", act("find.officer")),
        ),
        *((Line((Bold("Where else to look"),)), bullets(*where)) if where else ()),
        Line(
            ("Ask around, too: friends a year ahead, the pre-health office, a doctor you know. Most say yes.",),
            quiet=True,
        ),
    )


def _invitation(society: str, name: str, code: str) -> Message:
    return message(
        "Here are words to send, by you and in your own way. I keep nothing about whom you have in mind.",
        Quote(
            f"Hello! At {society} people a few steps ahead mentor premeds, and I thought of you. You choose how much "
            "time you give, and a bot does the arranging. Would you? Our invitation link: (add it here). "
            f"Once there, type /invited {code[:4]}-{code[4:]}\n{name}"
        ),
        Line(("The code is for one person and lasts three months.",), quiet=True),
    )


def _came(society: str, inviter: str) -> Message:
    return message(
        say("Welcome to {society}. {inviter} thought of you.", society=society, inviter=inviter),
        "Two minutes about what you offer and your limits; an officer says hello, then mentees can ask.",
        buttons(Button("I'd like to mentor", act("join.as", "mentor"), Style.PRIMARY)),
    )


def _counted(waiting: int, own: int) -> Message:
    return message(
        say(
            "In line for a mentor: {waiting}. With a mentor of their own elsewhere: {own}, counted in no pair.",
            waiting=str(waiting),
            own=str(own),
        )
    )
