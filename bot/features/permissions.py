"""How two of a pair may reach each other beyond their room: nothing until its owner allows it, to this one person.

A number or an address is entered with the permission, sealed in it, shown to the other alone when they ask, and gone
once it is taken back or the pair ends. Every look is noted for the owner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from email_validator import EmailNotValidError, validate_email

from bot.agreed import person_of
from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import Disclosed, Pair, Side, Urgency
from bot.pairs import about_reach
from bot.portrait import first_name
from bot.questions import Question, Screen
from bot.ui import (
    FORM_TITLE,
    Button,
    Form,
    Line,
    Message,
    Private,
    Reply,
    Slash,
    Style,
    Text,
    Update,
    When,
    act,
    bullets,
    buttons,
    joined,
    message,
    say,
    shortened,
)
from bot.vocabulary import Channel, spoken

permissions = Feature("permissions")

WORDING = "1"
"""Which words a permission was given under; to be raised when what the form says changes in substance."""
NEEDS = {Channel.TEXT: "number", Channel.PHONE: "number", Channel.EMAIL: "email", Channel.VIDEO: "video"}
"""What has to be known to reach someone so; a direct message needs nothing more."""
SHOWN = 5

REACH = Screen(
    "reach",
    "How they may reach you",
    (
        Question("ways", "How may they reach you?", Channel, most=5, required=False, leave_out=(Channel.HERE,),
                 hint="Only what you tick, only this one person, only until you take it back."),
        Question("number", "Your number", required=False, limit=40,
                 hint="For texts and calls. It is sealed. Leave empty to keep what you gave before."),
        Question("email", "Your e-mail address", required=False, limit=120),
        Question("video", "Your video link", required=False, limit=200),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Allowed:
    """What the form begins with: the ways, never a number."""

    ways: tuple[Channel, ...]


permissions.offer("Phone, text, e-mail…", "reach.show", resting=True)


@permissions.standing
async def open_to_me(turn: Turn, pair: Pair, side: Side) -> Text | None:
    ways = await turn.records.permissions.ways(pair.id, side.other)
    return say("You may also use: {ways}", ways=joined(spoken(tuple(ways)))) if ways else None


@permissions.press("reach.show")
async def show(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    return Private(await _both_ways(turn, pair, side))


@permissions.press("reach.look")
async def look(turn: Turn, pair_id: int) -> Reply:
    """The number itself, to the other of the pair alone, and noted."""
    pair, side = await turn.pair_of_mine(pair_id)
    found = await turn.records.permissions.contact(pair.id, side.other)
    other = first_name((await person_of(turn, pair, side.other)).name)
    if not found:
        return Private(_nothing_open(other))
    await turn.records.permissions.looked(pair.id, side.other, Disclosed.CONTACT, turn.now)
    await turn.audit("contact.seen", f"pair:{pair.id}")
    return Private(_contact(other, found))


@permissions.press("reach.allow")
async def allow(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    other = first_name((await person_of(turn, pair, side.other)).name)
    return _form(pair, other, tuple(await turn.records.permissions.ways(pair.id, side)))


@permissions.form("reach.save")
async def save(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    given, had = REACH.read(turn.filled), await turn.records.permissions.contact(pair.id, side)
    wanted = {way: _value(way, given, had) for way in given["ways"]}
    fresh = [way for way in wanted if way not in had]
    for way, value in wanted.items():
        if had.get(way) == value:
            continue
        if not await turn.records.permissions.grant(pair.id, side, way, value, WORDING, turn.now):
            raise Stale
        await turn.audit("contact.changed" if way in had else "contact.granted", f"pair:{pair.id}", way)
    await _take(turn, pair, side, [way for way in had if way not in wanted])
    if fresh and side is Side.MENTOR:
        # A mentee learns that they may; a mentor finds it where they look, and is not interrupted for it.
        told = _may_now(first_name(turn.who.name), fresh)
        await turn.tell(pair.mentee, told, about_reach(pair.id, side), Urgency.NOTE, by=turn.who.id)
    return Private(await _both_ways(turn, pair, side))


@permissions.press("reach.revoke")
async def revoke(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    await _take(turn, pair, side, await turn.records.permissions.ways(pair.id, side))
    return Update(await _both_ways(turn, pair, side))


@permissions.press("reach.looks")
async def looks(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    other = first_name((await person_of(turn, pair, side.other)).name)
    return Private(_looks(other, await turn.records.permissions.looks(pair.id, side, Disclosed.CONTACT)))


async def _take(turn: Turn, pair: Pair, side: Side, ways: Sequence[Channel]) -> None:
    """Take ways back, at once; who has looked is asked to stop, and who has not need not hear of it."""
    gone = await turn.records.permissions.revoke(pair.id, side, ways)
    for way in gone:
        await turn.audit("contact.revoked", f"pair:{pair.id}", way)
    if not gone:
        return
    await turn.records.post.withdraw(about_reach(pair.id, side))
    if await turn.records.permissions.looks(pair.id, side, Disclosed.CONTACT):
        said = _no_longer(first_name(turn.who.name), gone)
        topic = about_reach(pair.id, side)
        await turn.tell(pair.person(side.other), said, topic, Urgency.NOTE, by=turn.who.id)


async def _both_ways(turn: Turn, pair: Pair, side: Side) -> Message:
    other = first_name((await person_of(turn, pair, side.other)).name)
    theirs = await turn.records.permissions.ways(pair.id, side.other)
    mine = await turn.records.permissions.ways(pair.id, side)
    return _overview(pair, other, theirs, mine)


def _value(way: Channel, given: Mapping[str, str], had: Mapping[Channel, str]) -> str:
    """What to reach someone by: as given now, else as given before. Raises Sorry, without quoting, for what is none."""
    if way not in NEEDS:
        return ""
    need = NEEDS[way]
    kept = next((had[each] for each in Channel if each in had and NEEDS.get(each) == need), "")
    value = given[need] or kept
    if not value:
        raise Sorry(MISSING[need])
    if need == "number" and not re.fullmatch(r"\+?(?:[\s().x/-]*\d){7,15}[\s().]*", value):
        raise Sorry("That does not read like a phone number. Nothing was kept.")
    if need == "email":
        try:
            return validate_email(value, check_deliverability=False).normalized
        except EmailNotValidError:
            raise Sorry("That does not read like an e-mail address. Nothing was kept.") from None
    return value


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

MISSING = {
    "number": "A text or a call needs your number. Nothing was changed.",
    "email": "E-mail needs your address. Nothing was changed.",
    "video": "A video call needs your link. Nothing was changed.",
}


def _form(pair: Pair, other: str, ways: tuple[Channel, ...]) -> Form:
    form = REACH.form(act("reach.save", pair.id), Allowed(ways), "Allow this")
    return replace(form, title=shortened(f"For {other} alone", FORM_TITLE))


def _overview(pair: Pair, other: str, theirs: Sequence[Channel], mine: Sequence[Channel]) -> Message:
    open_ways, given = joined(spoken(tuple(theirs)), "or"), joined(spoken(tuple(mine)), "or")
    row = [
        *([Button("Show me", act("reach.look", pair.id), Style.PRIMARY)] if theirs else []),
        Button("Change it" if mine else "Let them reach me", act("reach.allow", pair.id)),
        *([Button("Take it all back", act("reach.revoke", pair.id), Style.DANGER)] if mine else []),
        Button("Who looked", act("reach.looks", pair.id)),
    ]
    return message(
        say("{other} lets you use: {ways}.", other=other, ways=open_ways)
        if theirs
        else say("{other} is reached here, and has opened no other way. Please leave it at that.", other=other),
        say("You let {other} use: {ways}.", other=other, ways=given)
        if mine
        else say("You have opened no other way to yourself."),
        buttons(*row),
    )


def _nothing_open(other: str) -> Message:
    return message(say("{other} is reached here, and has opened no other way just now.", other=other))


def _contact(other: str, contact: Mapping[Channel, str]) -> Message:
    lines = []
    numbers = {contact[way] for way in (Channel.TEXT, Channel.PHONE) if way in contact}
    for number in sorted(numbers):
        calls, texts = contact.get(Channel.PHONE) == number, contact.get(Channel.TEXT) == number
        how = "Text or call" if calls and texts else "Call only, no texts" if calls else "Text only, no calls"
        lines.append(say("{how}: {number}", how=how, number=number))
    if Channel.EMAIL in contact:
        lines.append(say("E-mail: {address}", address=contact[Channel.EMAIL]))
    if Channel.VIDEO in contact:
        lines.append(say("Video: {link}", link=contact[Channel.VIDEO]))
    if Channel.DIRECT in contact:
        lines.append(say("A direct message is fine."))
    return message(
        say("For you alone, from {other}:", other=other),
        bullets(*lines),
        Line(say("Only in these ways, please. {other} can see that you looked.", other=other), quiet=True),
    )


def _looks(other: str, moments: Sequence[datetime]) -> Message:
    if not moments:
        return message(say("{other} has not looked at what you gave.", other=other))
    times = "once" if len(moments) == 1 else f"{len(moments)} times"
    return message(
        say("{other} looked {times}, and nobody else can:", other=other, times=times),
        bullets(*((When(moment),) for moment in moments[:SHOWN])),
    )


def _may_now(other: str, ways: Sequence[Channel]) -> Message:
    return message(
        say(
            "{other} lets you, and you alone, use: {ways}. Where to is under {pairs} when you need it.",
            other=other,
            ways=joined(spoken(tuple(ways)), "or"),
            pairs=Slash("my-pairs"),
        )
    )


def _no_longer(other: str, ways: Sequence[Channel]) -> Message:
    return message(
        say(
            "From now on please reach {other} here, and no longer by {ways}. Please delete what you noted.",
            other=other,
            ways=joined(spoken(tuple(ways)), "or"),
        )
    )
