"""Where someone stands and what comes next: their home, and each of their pairs with all that can be done about it.

What stands here is the features' own: each says what it offers about a pair and what it has to show.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.feature import Feature, Turn
from bot.model import Pair, PairState, Person, Side
from bot.portrait import first_name
from bot.ui import (
    OPTION_LABEL,
    OPTIONS,
    Bold,
    Button,
    Buttons,
    Command,
    Line,
    Menu,
    Message,
    Option,
    Private,
    Reply,
    Slash,
    Style,
    Text,
    TooMuch,
    act,
    bullets,
    buttons,
    message,
    say,
    shortened,
    together,
)

home = Feature("home")

WHOLE = 3
"""So many pairs are shown with all that can be done about them; more are listed, to choose one from."""


@home.command(Command("home", "Where you stand, and what comes next"))
async def at_home(turn: Turn) -> Reply:
    parts = [part for feature in turn.features for show in feature.homes if (part := await show(turn))]
    return Private(_as_fits(parts) if parts else _nothing())


@home.command(Command("my-pairs", "Your pairs, and what you can do about them"))
async def my_pairs(turn: Turn) -> Reply:
    return Private(await pairs_of_mine(turn) or _no_pair())


@home.press("pair.show")
async def show(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    return Private(await _whole(turn, pair, side))


@home.at_home
async def pairs_of_mine(turn: Turn) -> Message | None:
    mine = [(pair, side) for pair in await turn.records.pairs.live_of(turn.who.id) if (side := pair.side(turn.who.id))]
    if len(mine) > WHOLE:
        return _listed([await _line(turn, pair, side) for pair, side in mine])
    return together([await _whole(turn, pair, side) for pair, side in mine]) if mine else None


async def _whole(turn: Turn, pair: Pair, side: Side) -> Message:
    """A pair with all that can be done about it."""
    other = await _other(turn, pair, side)
    resting = pair.state is PairState.PAUSED
    offers = [
        Option(act(offer.press, pair.id).token, shortened(offer.label, OPTION_LABEL))
        for feature in turn.features
        for offer in feature.offers
        if side in offer.sides and (offer.resting or not resting)
    ]
    more = [Menu(f"More with {first_name(other.name)}…"[:90], act("go", pair.id), tuple(offers))] if offers else []
    lines = [Line(each, quiet=True) for each in await _standings(turn, pair, side)]
    return message(_headed(other, side, resting=resting), *lines, _taps(pair, resting=resting), *more)


async def _line(turn: Turn, pair: Pair, side: Side) -> tuple[int, str, Text]:
    """A pair in one line of a list: its number, the other's name, how it stands."""
    other = await _other(turn, pair, side)
    head = _headed(other, side, resting=pair.state is PairState.PAUSED)
    first = next(iter(await _standings(turn, pair, side)), None)
    return pair.id, other.name, (*head, ". ", *first) if first else head


async def _standings(turn: Turn, pair: Pair, side: Side) -> list[Text]:
    lines = [line for feature in turn.features for line in feature.standings]
    return [said for line in lines if (said := await line(turn, pair, side))]


async def _other(turn: Turn, pair: Pair, side: Side) -> Person:
    found = await turn.records.people.get(pair.person(side.other))
    assert found is not None  # a pair's people are kept as long as the pair
    return found


def _as_fits(parts: Sequence[Message]) -> Message:
    """As many of these as one message holds, from the first on."""
    for end in range(len(parts), 1, -1):
        try:
            return together(parts[:end])
        except TooMuch:
            continue
    return parts[0]


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _headed(other: Person, side: Side, *, resting: bool) -> Text:
    role = "your mentor" if side is Side.MENTEE else "your mentee"
    words = "{other}, {role} (resting)" if resting else "{other}, {role}"
    return say(words, other=Bold(other.name), role=role)


def _taps(pair: Pair, *, resting: bool) -> Buttons:
    if resting:
        return buttons(Button("Go on now", act("quiet.resume", pair.id), Style.PRIMARY))
    return buttons(
        Button("I wrote", act("quiet.wrote", pair.id)),
        Button("We met", act("quiet.met", pair.id)),
        Button("No answer", act("quiet.unanswered", pair.id)),
    )


def _listed(lines: Sequence[tuple[int, str, Text]]) -> Message:
    each = [Option(act("pair.show", pair).token, shortened(name, OPTION_LABEL)) for pair, name, _ in lines[:OPTIONS]]
    return message(
        "Your pairs:", bullets(*(line for _, _, line in lines)), Menu("Choose one…", act("go", "pairs"), tuple(each))
    )


def _no_pair() -> Message:
    return message(say("No pair yet. What comes next: {home}", home=Slash("home")))


def _nothing() -> Message:
    return message("All is well. There is nothing you need to do.")
