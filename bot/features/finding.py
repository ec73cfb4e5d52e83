"""Finding a mentor who fits, and what to do when none is free."""

from __future__ import annotations

from bot.feature import Feature, Sorry, Turn
from bot.matching import candidates
from bot.model import QueueReason
from bot.portrait import candidate
from bot.rules.fit import Filters, Fit, complete_mentee
from bot.ui import (
    Button,
    Command,
    Kind,
    Line,
    Message,
    Option,
    Param,
    Private,
    Reply,
    Slash,
    Style,
    act,
    buttons,
    message,
    say,
)
from bot.vocabulary import Choice, Format, Help, Specialty

finding = Feature("finding")

SHOWN = 5


def _options(choices: type[Choice]) -> tuple[Option, ...]:
    return tuple(Option(choice.value, choice.label) for choice in choices)


@finding.command(
    Command(
        "find-mentor",
        "See the mentors who fit you best",
        (
            Param("field", "only this field", Kind.CHOICE, required=False, options=_options(Specialty)),
            Param("help", "only who helps with this", Kind.CHOICE, required=False, options=_options(Help)),
            Param("format", "only who meets this way", Kind.CHOICE, required=False, options=_options(Format)),
        ),
    )
)
async def find(turn: Turn, field: str | None = None, help: str | None = None, format: str | None = None) -> Reply:
    return await _show(
        turn,
        Filters(
            Specialty(field) if field else None,  # type: ignore[call-arg]
            Help(help) if help else None,  # type: ignore[call-arg]
            Format(format) if format else None,  # type: ignore[call-arg]
        ),
    )


@finding.press("find.all")
async def find_all(turn: Turn) -> Reply:
    return await _show(turn, Filters())


@finding.press("find.officer")
async def ask_officer(turn: Turn) -> Reply:
    await turn.hand_to_officers(QueueReason.NEEDS_MENTOR, person=turn.who.id)
    return Private(message("An officer will look for someone with you in mind. You need do nothing more."))


@finding.at_home
async def looks_for_one(turn: Turn) -> Message | None:
    """For a mentee who has no mentor and has asked nobody."""
    mentee = await turn.records.people.mentee(turn.who.id)
    if mentee is None or not complete_mentee(mentee) or await turn.records.intros.waiting_of(turn.who.id):
        return None
    if any(pair.mentee == turn.who.id for pair in await turn.records.pairs.live_of(turn.who.id)):
        return None
    return message(
        "You have no mentor yet. Asking costs nothing.",
        buttons(Button("See who fits", act("find.all"), Style.PRIMARY)),
    )


async def _show(turn: Turn, filters: Filters) -> Reply:
    mentee = await turn.records.people.mentee(turn.who.id)
    if mentee is None or not complete_mentee(mentee):
        raise Sorry(say("First a few things about you, so that I know who fits: {join}", join=Slash("sign-up")))
    if turn.who.adult is False:
        return Private(_under_age())
    if turn.who.away_until is not None:
        raise Sorry(say("You are away just now. When you are back: {back}", back=Slash("back")))
    found = await candidates(turn, mentee, filters)
    return Private(_found(found[:SHOWN]) if found else _nobody(filtered=filters != Filters()))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _found(best: list[Fit]) -> Message:
    who = "One mentor fits" if len(best) == 1 else f"These {len(best)} fit you best"
    return message(
        f"{who}. Asking costs nothing; you see your words before they do.",
        *(candidate(fit) for fit in best),
        Line(say("None of them? {ways}", ways=Slash("other-ways")), quiet=True),
    )


def _under_age() -> Message:
    return message(
        "Until you are 18, an officer brings you together with a mentor, so that someone here knows of it.",
        buttons(Button("Ask an officer to look", act("find.officer"), Style.PRIMARY)),
    )


def _nobody(*, filtered: bool) -> Message:
    words = (
        "Nobody with a free place matches that just now." if filtered else "Every mentor who fits is taken just now."
    )
    first = (
        Button("Look without filters", act("find.all"), Style.PRIMARY)
        if filtered
        else Button("Tell me when someone fits", act("line.join"), Style.PRIMARY)
    )
    return message(
        words,
        buttons(
            first,
            Button("Ask an officer to look", act("find.officer")),
            Button("Other ways to a mentor", act("roads.show")),
        ),
        say("Or widen what you told us: {profile}", profile=Slash("profile")),
    )
