"""Handing over: the old president and the new one, two taps, and nothing that only one head knew."""

from __future__ import annotations

from datetime import date, timedelta

from bot.faster import done_by
from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import Break, Handover, Need, Role
from bot.portrait import first_name
from bot.roles import YEAR, give
from bot.ui import (
    Button,
    Command,
    Kind,
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
    day_words,
    message,
    say,
)
from bot.year import span_words

succession = Feature("succession")

OVERLAP = timedelta(days=30)
"""So long the old president still has access, to help."""
OFFER = timedelta(days=14)
"""So long an offer is good."""


@succession.command(
    Command(
        "handover",
        "Hand the presidency on to someone",
        (Param("to", "who comes next", Kind.MEMBER),),
        need=Need.HAND_OVER,
    )
)
async def handover(turn: Turn, to: str) -> Reply:
    """The president's to begin, or the advisor's where the president is gone."""
    new = await turn.records.people.get(int(to))
    if new is None or new.id == turn.who.id or Role.PRESIDENT in new.roles:
        raise Sorry("Choose someone who is not president already.")
    return Private(_sure(new.id, first_name(new.name)))


@succession.press("handover.offer", need=Need.HAND_OVER)
async def offer(turn: Turn, to: int) -> Reply:
    new = await turn.records.people.get(to)
    if new is None or Role.PRESIDENT in new.roles:
        raise Stale
    waiting = await turn.records.power.open_offer()
    if waiting is not None and waiting.to == new.id and turn.now < waiting.offered_at + OFFER:
        return Update(_waits(waiting, first_name(new.name)))
    offered = await turn.records.power.offer(turn.who.id, new.id, turn.now)
    await turn.records.post.withdraw("handover")
    by = first_name(turn.who.name)
    await turn.tell(new.id, _offered(offered, by, turn.society.name), "handover", until=turn.now + OFFER)
    for old in await turn.records.people.holding(Role.PRESIDENT):
        if old.id != turn.who.id:  # the advisor began it: the president hears at once, and may stop it
            await turn.tell(old.id, _begun(offered, by, first_name(new.name)), "handover")
    await turn.audit("handover.offered", f"person:{new.id}")
    return Update(_waits(offered, first_name(new.name)))


@succession.press("handover.stop", need=Need.HAND_OVER)
async def stop(turn: Turn, number: int) -> Reply:
    if not await turn.records.power.close(number):
        raise await done_by(turn, f"handover:{number}", "handover.stopped")
    await turn.records.post.withdraw("handover")
    await turn.audit("handover.stopped", f"handover:{number}")
    return Update(message("Stopped. All is as it was."))


@succession.press("handover.accept")
async def accept(turn: Turn, number: int) -> Reply:
    """The second tap, of the new president alone."""
    offered = await turn.records.power.offered(number)
    if offered is None or offered.to != turn.who.id or offered.offered_at + OFFER <= turn.now:
        raise Stale
    if not await turn.records.power.close(number):
        raise Stale
    today, power = turn.today(), turn.records.power
    for held in await power.held():
        if held.role is Role.PRESIDENT:
            last = min(held.until, today + OVERLAP) if held.until else today + OVERLAP
            await power.name(held.person, held.role, last)
    await give(turn, turn.who.id, Role.PRESIDENT, today + YEAR, "handover")
    await turn.tell(offered.by, _accepted(first_name(turn.who.name), today + OVERLAP))
    return Update(await _summary(turn))


async def _summary(turn: Turn) -> Message:
    society, waiting = turn.society, len(await turn.records.queue.items())
    officers = [person.name[:40] for person in await turn.records.people.officers() if person.id != turn.who.id]
    ahead = sorted((each for each in turn.breaks if each.last >= turn.today()), key=lambda rest: rest.first)
    pairs = len(await turn.records.pairs.all_live())
    role = any(place.role for place in society.places)
    return _handed_over(society.name, officers, society.term, ahead, pairs, waiting, role=role)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _sure(to: int, name: str) -> Message:
    return message(
        say(
            "Hand the presidency to {name}? It takes their yes; you keep your access for 30 days more.",
            name=name,
        ),
        buttons(Button(f"Hand over to {name}", act("handover.offer", to), Style.PRIMARY)),
    )


def _waits(offered: Handover, name: str) -> Message:
    return message(
        say("{name} has been asked, and has two weeks to say yes. Until then nothing changes.", name=name),
        buttons(Button("Stop it", act("handover.stop", offered.id))),
    )


def _offered(offered: Handover, by: str, society: str) -> Message:
    return message(
        say("{by} would like you to be the next president of {society}.", by=by, society=society[:80]),
        "With your yes you read on one page all you need to know, and have 30 days with the old president's help.",
        buttons(Button("I accept", act("handover.accept", offered.id), Style.PRIMARY)),
    )


def _begun(offered: Handover, by: str, name: str) -> Message:
    return message(
        say("{by}, your advisor, has asked {name} to be the next president.", by=by, name=name),
        buttons(Button("Stop it", act("handover.stop", offered.id))),
    )


def _accepted(name: str, last: date) -> Message:
    return message(
        say("{name} has said yes and is president now. You can still help until {day}.", name=name, day=day_words(last))
    )


def _handed_over(
    society: str, officers: list[str], term: Break | None, ahead: list[Break], pairs: int, waiting: int, *, role: bool
) -> Message:
    now: list[Text] = [
        say("Pairs under way: {pairs}. Waiting in {queue}: {waiting}.",
            pairs=str(pairs), waiting=str(waiting), queue=Slash("queue")),
        say("Officers with you: {who}.", who=", ".join(officers)[:300] or "nobody yet"),
        say("The term: {term}.", term=span_words(term) if term else "not set"),
        *([say("Quiet days ahead: {days}.", days=", ".join(span_words(each) for each in ahead[:4]))] if ahead else []),
    ]  # fmt: skip
    check: list[Text] = [
        say("Who holds a role, and until when: {officers}", officers=Slash("officers")),
        say("Channels and time zone: {setup}", setup=Slash("setup")),
        say("The year, and what I do on each date: {calendar}", calendar=Slash("calendar")),
        say("How the bot behaves: {settings}", settings=Slash("settings")),
        say("Who reads private concerns: {safe}", safe=Slash("safeguarding")),
        say("What was done lately, and by whom: {audit}", audit=Slash("audit")),
        *([say("The officers' role on the server: take it from those who leave.")] if role else []),
        say("Whoever runs me has the keys: ask them who that is, and who comes after them."),
    ]
    return message(
        say("You are president of {society} now. This is how it stands:", society=society[:80]),
        bullets(*now),
        "Ten minutes well spent:",
        bullets(*check),
    )
