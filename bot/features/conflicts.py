"""Two who are not to be paired: noted by officers with a reason, or wished by one of them for nobody else to see."""

from __future__ import annotations

from types import SimpleNamespace

from bot.asking import let_lapse
from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import Conflict, Need, Pair
from bot.pairs import lose_touch
from bot.portrait import first_name
from bot.questions import Question, Screen
from bot.ui import (
    OPTION_LABEL,
    OPTIONS,
    Button,
    Command,
    Kind,
    Menu,
    Message,
    Option,
    Param,
    Private,
    Reply,
    Slash,
    Style,
    Update,
    act,
    bullets,
    buttons,
    message,
    say,
    shortened,
)

conflicts = Feature("conflicts")

REASON = Screen(
    "reason",
    "Not to be paired",
    (Question("reason", "Why, in a few kind words", hint="Family, the same lab, grades. Only officers read it.",
              required=False, limit=200),),
)  # fmt: skip


# ── what officers note ────────────────────────────────────────────────────────────────────────────────────────────


@conflicts.command(
    Command(
        "conflict",
        "Note that two people are not to be paired, or see who is not",
        (
            Param("one", "one of the two", Kind.MEMBER, required=False),
            Param("other", "the other", Kind.MEMBER, required=False),
        ),
        need=Need.ACT,
    )
)
async def conflict(turn: Turn, one: str | None = None, other: str | None = None) -> Reply:
    if one is None and other is None:
        return Private(await _all(turn))
    if one is None or other is None or one == other:
        raise Sorry("Name two people, one and other.")
    two = {int(one), int(other)}
    known = next((c.reason for c in await _about_others(turn) if {c.one, c.other} == two), "")
    return REASON.form(act("conflict.note", one, other), SimpleNamespace(reason=known))


@conflicts.form("conflict.note", need=Need.ACT)
async def note(turn: Turn, one: int, other: int) -> Reply:
    if one == other or None in [await turn.records.people.get(each) for each in (one, other)]:
        raise Stale
    themselves, reason = turn.who.id in (one, other), REASON.read(turn.filled)["reason"]
    noted = {(each.one, each.other): each.reason for each in await turn.records.apart.noted()}
    before = noted.get((min(one, other), max(one, other)))
    if themselves and not reason:  # who is one of the two does not read what others noted, and so does not empty it
        reason = before or ""
    if reason != before:
        await turn.records.apart.note(one, other, reason)
        await let_lapse(turn, one, other)
        await turn.audit("conflict.noted", "society")
    return Private(_noted(paired=await _pair_of(turn, one, other) is not None, themselves=themselves))


@conflicts.press("conflict.lift", need=Need.ACT)
async def lift(turn: Turn) -> Reply:
    """What another officer has lifted meanwhile is lifted: the list says so."""
    one, _, other = (turn.values[0] if turn.values else "").partition("-")
    if not (one.isdigit() and other.isdigit()) or turn.who.id in (int(one), int(other)):
        raise Stale
    if await turn.records.apart.lift(int(one), int(other)):
        await turn.audit("conflict.lifted", "society")
    return Update(await _all(turn))


async def _about_others(turn: Turn) -> list[Conflict]:
    """All that is noted, but for what is about the one who reads."""
    return [each for each in await turn.records.apart.noted() if turn.who.id not in (each.one, each.other)]


async def _all(turn: Turn) -> Message:
    noted = await _about_others(turn)
    return _listed([(each, await _name(turn, each.one), await _name(turn, each.other)) for each in noted])


# ── what members wish ─────────────────────────────────────────────────────────────────────────────────────────────


@conflicts.command(
    Command(
        "never-with",
        "Whom you would rather not be paired with; nobody else sees it",
        (Param("member", "whom", Kind.MEMBER, required=False),),
    )
)
async def never_with(turn: Turn, member: str | None = None) -> Reply:
    if member is None:
        return Private(await _mine(turn))
    other = int(member)
    if other == turn.who.id:
        raise Sorry("With yourself you never are.")
    await turn.records.apart.wish(turn.who.id, other)
    await let_lapse(turn, turn.who.id, other)
    for pair in await turn.records.pairs.all_of(turn.who.id):
        side = pair.side(turn.who.id)
        if side is not None and pair.side(other) is not None and not pair.live:
            await lose_touch(turn, pair, side)
    return Private(await _mine(turn, await _pair_of(turn, turn.who.id, other)))


@conflicts.press("never.forget")
async def forget(turn: Turn) -> Reply:
    if not turn.values or not turn.values[0].isdigit():
        raise Stale
    await turn.records.apart.forget_wish(turn.who.id, int(turn.values[0]))
    return Update(await _mine(turn))


async def _mine(turn: Turn, paired: Pair | None = None) -> Message:
    wished = await turn.records.apart.wishes_of(turn.who.id)
    return _wished([(each, await _name(turn, each)) for each in wished], paired)


async def _pair_of(turn: Turn, one: int, other: int) -> Pair | None:
    """The live pair of these two, if there is one."""
    live = await turn.records.pairs.live_of(one)
    return next((pair for pair in live if pair.side(other) is not None), None)


async def _name(turn: Turn, person: int) -> str:
    found = await turn.records.people.get(person)
    return found.name[:60] if found else "?"


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _noted(*, paired: bool, themselves: bool) -> Message:
    return message(
        "Noted. They will not be proposed to each other, nor paired. Nobody is told.",
        *([say("They are a pair now. To end it: {unpair}", unpair=Slash("unpair"))] if paired else []),
        *(["As it is about you, other officers see it and can lift it, and you do not."] if themselves else []),
    )


def _listed(noted: list[tuple[Conflict, str, str]]) -> Message:
    if not noted:
        return message(say("Nobody is noted. Name two people: {conflict}", conflict=Slash("conflict")))
    lines = [
        say("{one} and {other}{why}", one=one, other=other, why=f": {conflict.reason[:120]}" if conflict.reason else "")
        for conflict, one, other in noted[:12]
    ]
    options = tuple(
        Option(f"{c.one}-{c.other}", shortened(f"{first_name(one)} and {first_name(other)}", OPTION_LABEL))
        for c, one, other in noted[:OPTIONS]
    )
    return message(
        "Not to be paired. What members wish for themselves is not here; it holds as well.",
        bullets(*lines),
        Menu("No longer…", act("conflict.lift"), options),
    )


def _wished(wished: list[tuple[int, str]], paired: Pair | None) -> Message:
    if not wished:
        return message(say("Nobody. To name someone: {never}. Only you see it.", never=Slash("never-with")))
    ending = Button("End our pair", act("ending.open", paired.id), Style.DANGER) if paired else None
    return message(
        "You will never be paired with, nor proposed to:",
        bullets(*(name for _, name in wished[:20])),
        *(("You two are a pair now, until one of you ends it.", buttons(ending)) if ending else ()),
        say("Nobody else sees this, and nobody is told. If something happened: {concern}", concern=Slash("concern")),
        Menu(
            "Take someone off…",
            act("never.forget"),
            tuple(Option(str(person), shortened(name, OPTION_LABEL)) for person, name in wished[:OPTIONS]),
        ),
    )
