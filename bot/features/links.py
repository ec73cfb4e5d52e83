"""Linking: two accounts of one person, or two places of one society, by a code that is given here and entered there."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import (
    Linking,
    Member,
    Need,
    Society,
)
from bot.ports import Called, Request
from bot.records import LinkCode, Store
from bot.ui import (
    Bold,
    Button,
    Command,
    Line,
    Message,
    Param,
    Private,
    Reply,
    Slash,
    Style,
    Text,
    Update,
    act,
    bullets,
    buttons,
    joined,
    message,
    say,
)
from bot.union import Union, make_one, union_of

links = Feature("links")

GOOD_FOR = timedelta(minutes=15)
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look like another: eight of them are one of a million million."""
LENGTH = 8
GUESSES, MEANWHILE = 5, timedelta(hours=1)
"""So many wrong codes in that time, and no more is looked at."""

_CODE = (Param("code", "the code you were given on the other side", required=False),)


# ── two accounts of one person ────────────────────────────────────────────────────────────────────────────────────


@links.command(Command("link", "Be one person here and on your other platform", _CODE))
async def link(turn: Turn, code: str | None = None) -> Reply:
    if code is None:
        return Private(_made(await _new(turn, Linking.PERSON), "link"))
    entered = await _enter(turn, Linking.PERSON, code)
    if entered is None:
        return Private(_unknown())
    if entered.person == turn.who.id:
        raise Sorry("That is the code you got here. Enter it where your other account is.")
    return Private(_to_join(await union_of(turn, entered.person, turn.who.id), turn.who.id, entered))


@links.press("link.join")
async def join(turn: Turn, number: int) -> Reply:
    code = await turn.records.links.use(number, turn.who.id, turn.now)
    if code is None or code.purpose is not Linking.PERSON:
        raise Stale
    await turn.records.links.hold(code.person, turn.who.id)
    await make_one(turn, await union_of(turn, code.person, turn.who.id))
    return Update(_joined())


@links.press("link.leave")
async def leave(turn: Turn, number: int) -> Reply:
    if await turn.records.links.use(number, turn.who.id, turn.now) is None:
        raise Stale
    return Update(message("Left as it was. The code is used up."))


# ── two places of one society ─────────────────────────────────────────────────────────────────────────────────────


@links.command(Command("link-society", "Be one society here and elsewhere", _CODE, need=Need.GOVERN))
async def link_society(turn: Turn, code: str | None = None) -> Reply:
    if code is None:
        return Private(_made(await _new(turn, Linking.SOCIETY), "link-society"))
    entered = await _enter(turn, Linking.SOCIETY, code)
    if entered is None:
        return Private(_unknown())
    if entered.society == turn.society.id:
        raise Sorry("These two belong to one society already. There is nothing to link.")
    there = await turn.records.links.made_in(entered.society)
    return Private(_to_carry(turn.society, there, len(await turn.records.people.all()), entered))


@links.press("link.carry", need=Need.GOVERN)
async def carry(turn: Turn, number: int) -> Reply:
    code = await turn.records.links.use(number, turn.who.id, turn.now)
    if code is None or code.purpose is not Linking.SOCIETY or code.society == turn.society.id:
        raise Stale
    there = await turn.records.links.made_in(code.society)
    await turn.audit("society.linked", f"society:{there.id}", f"was society:{turn.society.id}, {turn.place}")
    await turn.records.links.one_society(there.id, turn.now)
    return Update(_carried(there))


@links.in_no_society("link-society")
async def admit(store: Store, request: Request, now: datetime) -> Reply:
    """A place where nobody is known yet: there is nothing to carry, so there is nothing to ask."""
    if not request.manager:
        raise Sorry("This place belongs to no society yet. Whoever administers it can link it.")
    code = _plain(request.what.args.get("code", "")) if isinstance(request.what, Called) else ""
    if not code:
        raise Sorry("Ask an officer of your society for a code, and enter it here: /link-society, then the code.")
    there = await store.admit(request.place, code, now)
    return Private(_admitted(there) if there else _unknown())


# ── codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _new(turn: Turn, purpose: Linking) -> str:
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    await turn.records.links.make(purpose, code, turn.who.id, turn.now + GOOD_FOR)
    return f"{code[:4]}-{code[4:]}"


async def _enter(turn: Turn, purpose: Linking, given: str) -> LinkCode | None:
    """The code that was entered; what is none is counted. Raises Sorry for who guessed too often."""
    if await turn.records.links.guesses(turn.who.id, turn.now - MEANWHILE) >= GUESSES:
        raise Sorry("That were too many codes that I don't know. Please try again in an hour.")
    entered = await turn.records.links.enter(purpose, _plain(given), turn.who.id, turn.now)
    if entered is None:
        await turn.records.links.guessed(turn.who.id, turn.now)
    return entered


def _plain(code: str) -> str:
    """A code as it is kept, however it was typed."""
    return "".join(letter for letter in code.upper() if letter in LETTERS)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _made(code: str, command: str) -> Message:
    return message(
        say("Your code: {code}", code=Bold(code)),
        say("Within 15 minutes, on the other side: {link} {code}", link=Slash(command), code=code),
        Line(("It works once. Give it to nobody you wouldn't link with.",), quiet=True),
    )


def _unknown() -> Message:
    return message(
        "I don't know that code here. A code works once, for 15 minutes, and for what it was made for.",
        say("For another, on the other side: {link}", link=Slash("link")),
    )


def _to_join(union: Union, asks: int, code: LinkCode) -> Message:
    notes: list[Text] = []
    if union.folded:
        notes.append(say("You are a pair with the same person on both sides: one of the two pairs goes on."))
    if union.back:
        notes.append(say("You have one open request at a time: the one you sent first stays, the other is taken back."))
    places = union.mentor.get("capacity", 0) if union.mentor else 0
    if union.mentees > places:
        room = "one place" if places == 1 else f"{places} places"
        words = "You have {mentees} mentees and {room}: all of them stay, and nobody new can ask you for now."
        notes.append(say(words, mentees=str(union.mentees), room=room))
    return message(
        "Is each of these you? Then from now on you are one person, with one profile:",
        bullets(_described(union.kept, union, asks), _described(union.gone, union, asks)),
        *([bullets(*notes)] if notes else []),
        Line(("Where both say something, the fuller profile counts; /profile changes it. No way back.",), quiet=True),
        buttons(
            Button("Yes, both are me", act("link.join", code.id), Style.PRIMARY),
            Button("No, leave it", act("link.leave", code.id)),
        ),
    )


def _described(member: Member, union: Union, asks: int) -> Text:
    live = sum(pair.live and pair.side(member.person.id) is not None for pair in union.pairs)
    roles = {"mentee": member.mentee, "mentor": member.mentor, "officer": member.person.officer}
    known = joined([role for role, has in roles.items() if has]) or "not joined yet"
    pairs = "no pair" if not live else "1 pair" if live == 1 else f"{live} pairs"
    where = "this account" if member.person.id == asks else "the other account"
    return say(
        "{where}: {name} ({known}, {pairs})", where=where, name=member.person.name[:60], known=known, pairs=pairs
    )


def _joined() -> Message:
    return message(say("You are one person now, wherever you write. All you have: {home}", home=Slash("home")))


def _to_carry(here: Society, there: Society, people: int, code: LinkCode) -> Message:
    others = f"all {people} people" if people != 1 else "the one person"
    return message(
        say("Make {here} one society with {there}?", here=Bold(here.name[:80]), there=Bold(there.name[:80])),
        bullets(
            say("Along with it: {others} I know here, with pairs and requests.", others=others),
            say(
                "Officers of either are officers of both. Name, time zone and term are {there}'s.",
                there=there.name[:80],
            ),
            say("Channels and roles chosen here stay as they are."),
        ),
        Line(("No way back.",), quiet=True),
        buttons(
            Button("Make them one", act("link.carry", code.id), Style.PRIMARY),
            Button("No, leave it", act("link.leave", code.id)),
        ),
    )


def _carried(there: Society) -> Message:
    return message(say("Done: this place is {society}'s now, and so is everyone in it.", society=Bold(there.name[:80])))


def _admitted(there: Society) -> Message:
    return message(
        say("Done: this place is {society}'s, too.", society=Bold(there.name[:80])),
        say("Next, choose its channels: {setup}", setup=Slash("setup")),
    )
