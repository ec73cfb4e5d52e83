"""Whoever filled in a form before they came by finds it: by their handle, or by their address and an officer's word.

Nobody is taken for another silently. A handle is the platform's word, so its owner is only asked; an address anyone can
type, and a role is power, so there an officer who knows them decides.
"""

from __future__ import annotations

from datetime import timedelta

from bot.faster import item_of, see_to
from bot.feature import Feature, Sorry, Stale, Turn
from bot.intake.words import handle_of
from bot.model import Need, Person, QueueItem, QueueReason
from bot.portrait import first_name
from bot.ui import (
    Button,
    Form,
    Line,
    Message,
    Private,
    Reply,
    Slash,
    Style,
    TextField,
    Update,
    act,
    buttons,
    message,
    say,
)
from bot.union import make_one, union_of

claiming = Feature("claiming")

TRIES, MEANWHILE = 5, timedelta(hours=1)
"""So many addresses someone may try in that time; what comes of one is never told."""


@claiming.at_joining
async def is_this_you(turn: Turn) -> Message | None:
    """The form with the asker's handle; or else the question whether they filled in one, where some wait."""
    if found := await _by_handle(turn):
        return _is_this_you(found.id, found.name)
    return _filled_in() if await turn.records.people.anyone_unmet() else None


@claiming.at_home
async def still_unasked(turn: Turn) -> Message | None:
    found = await _by_handle(turn)
    return _is_this_you(found.id, found.name) if found else None


async def _by_handle(turn: Turn) -> Person | None:
    """Who has the asker's handle in a form, where that is one person only."""
    found = await turn.records.people.unmet(handle_of(turn.handle)) if turn.handle else []
    return found[0] if len(found) == 1 else None


@claiming.press("claim.mine")
async def mine(turn: Turn, person: int) -> Reply:
    found = await _by_handle(turn)
    if found is None or found.id != person:
        raise Stale
    if found.roles:
        await _claim(turn, found)
        return Update(_asked())
    await turn.records.links.hold(found.id, turn.who.id)
    one = await make_one(turn, await union_of(turn, found.id, turn.who.id))
    return Update(_yours(first_name(one.name)))


@claiming.press("claim.not_mine")
async def not_mine(turn: Turn, person: int) -> Reply:
    """The handle in the form is a mistake: nobody is asked by it again."""
    found = await _by_handle(turn)
    if found is None or found.id != person:
        raise Stale
    await turn.records.people.change(found.id, handle="")
    await turn.audit("claim.not_mine", f"person:{found.id}")
    return Update(_not_yours())


@claiming.press("claim.write")
async def write(turn: Turn) -> Reply:
    return _address()


@claiming.form("claim.sent")
async def sent(turn: Turn) -> Reply:
    """The answer is the same whether there is such a form or not: who is on a list is nobody's to find out."""
    if await turn.records.links.guesses(turn.who.id, turn.now - MEANWHILE) >= TRIES:
        raise Sorry("That were many addresses. Please try again in an hour, or ask an officer.")
    await turn.records.links.guessed(turn.who.id, turn.now)
    found = await turn.records.people.by_email(" ".join(turn.filled.get("email", ())).strip().casefold())
    if found and found.id != turn.who.id and not await turn.records.people.addresses(found.id):
        await _claim(turn, found)
    return Private(_asked())


async def _claim(turn: Turn, found: Person) -> None:
    await turn.records.links.claim(turn.who.id, found.id, turn.now)
    await turn.hand_to_officers(QueueReason.CLAIM, person=turn.who.id)


# ── an officer's word ─────────────────────────────────────────────────────────────────────────────────────────────


@claiming.press("claim.confirm", need=Need.ACT)
async def confirm(turn: Turn, item_id: int) -> Reply:
    item, claimed = await _claimed(turn, item_id)
    people, links = turn.records.people, turn.records.links
    if item.person == turn.who.id:
        raise Sorry("Another officer has to say that it is you.")
    found = await people.get(claimed)
    if found is None or await people.addresses(found.id):
        raise Stale
    if found.roles:
        turn.must(Need.GOVERN)
    who = item.person or 0
    await links.hold(found.id, who)
    union = await union_of(turn, found.id, who)
    await see_to(turn, item)
    one = await make_one(turn, union)
    await turn.audit("claim.confirmed", f"person:{one.id}")
    await turn.tell(one.id, _found(first_name(one.name)), topic=f"claim:{one.id}")
    return Update(_settled(joined=True))


@claiming.press("claim.refuse", need=Need.ACT)
async def refuse(turn: Turn, item_id: int) -> Reply:
    item, _ = await _claimed(turn, item_id)
    await see_to(turn, item)
    await turn.records.links.drop_claim(item.person or 0)
    await turn.audit("claim.refused", f"person:{item.person}")
    return Update(_settled(joined=False))


async def _claimed(turn: Turn, item_id: int) -> tuple[QueueItem, int]:
    item = await item_of(turn, item_id)
    if item.reason is not QueueReason.CLAIM or item.person is None:
        raise Stale
    claimed = await turn.records.links.claimed(item.person)
    if claimed is None:
        raise Stale
    return item, claimed


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _is_this_you(number: int, name: str) -> Message:
    return message(
        say("Is this you? {name} filled in our form, with your handle.", name=name[:60]),
        buttons(
            Button("Yes, that's me", act("claim.mine", number), Style.PRIMARY),
            Button("No, someone else", act("claim.not_mine", number)),
        ),
    )


def _filled_in() -> Message:
    return message(
        "Did you fill in our sign-up form already? Then you need not do it again.",
        buttons(Button("I filled it in", act("claim.write"))),
    )


def _yours(name: str) -> Message:
    return message(
        say("Good to have you here, {name}. What you filled in is yours now.", name=name),
        say("See and change it: {profile}. What comes next: {home}", profile=Slash("profile"), home=Slash("home")),
    )


def _not_yours() -> Message:
    return message("Thank you. Then that handle was a slip of the pen.", say("To join: {join}", join=Slash("sign-up")))


def _address() -> Form:
    email = TextField("email", "Your e-mail address in the form", "Only used to find what you filled in.", limit=320)
    return Form("What you filled in", act("claim.sent"), (email,), "Find it")


def _asked() -> Message:
    return message(
        "Thank you. If it is on our list, an officer confirms that it is yours, and I'll tell you.",
        Line(say("You need not wait for that: {join} works meanwhile.", join=Slash("sign-up")), quiet=True),
    )


def _found(name: str) -> Message:
    return message(
        say("{name}, an officer found your form: what you filled in is yours now.", name=name),
        say("See and change it: {profile}", profile=Slash("profile")),
    )


def _settled(*, joined: bool) -> Message:
    words = "Good: they are one person now, and know it." if joined else "Left as it was. Nobody was told."
    return message(words, say("What else waits: {queue}", queue=Slash("queue")))
