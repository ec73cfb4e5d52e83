"""One term of one pair, as a transcript: `preceptor demo --story`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.model import DAY
from bot.ports import Address
from bot.rehearsal import Actor, Shown
from bot.simulation import Simulation
from bot.ui import Form, Reply, plain_message

WEEK = 7 * DAY


async def tell(
    simulation: Simulation,
    zone: ZoneInfo,
    mentee: Actor,
    mentor: Actor,
    officer: Actor,
    say: Callable[[str], None],
) -> None:
    """Play the story: asked, accepted, agreed, met, quiet, reminded, seen by an officer. `say` gets each line."""
    people: dict[Address, str] = {actor.address: actor.name for actor in (mentee, mentor, officer)}
    paper = mentee.paper

    def stamp(words: str) -> None:
        say(f"\n── {simulation.clock.now().astimezone(zone):%a %d %b, %H:%M} ── {words}")

    def show(shown: Shown) -> None:
        members = paper.rooms.get(shown.to, (shown.to,))
        names = [people.get(member, "another officer") for member in members]
        stamp(f"to {' and '.join(names)}" + (" (their room)" if len(names) > 1 else ""))
        for line in plain_message(shown.message, zone).split("\n"):
            say(f"   {line}")

    async def act(actor: Actor, words: str, doing: Awaitable[Reply | None]) -> None:
        stamp(f"{actor.name}: {words}")
        reply = await doing
        if isinstance(reply, Form):
            say(f"   (a form: {reply.title}: {', '.join(f.label for f in reply.fields)})")
        elif reply is not None:
            for line in plain_message(reply.message, zone).split("\n"):
                say(f"   {line}")
        await simulation.settle()

    async def talk() -> None:
        for actor, words in ((mentee, "writes in the room"), (mentor, "answers in the room")):
            stamp(f"{actor.name} {words}")
            await actor.speaks()
            await simulation.settle()

    paper.watch = show
    first = mentor.name.split()[0]
    await act(mentee, "/find-mentor", mentee.calls("find-mentor"))
    await act(mentee, f"[Ask {first}]", mentee.presses(f"Ask {first}"))
    await act(mentee, "fills in the introduction", mentee.fills(
        need="I want to plan my first clinical summer and don't know how to weigh research against shadowing.",
        ask="Could you look at my two options and tell me what you would choose?",
        motivation="I translated for my grandmother at her clinic for years, and I want to be the one who explains.",
        why="You chose between the same two things.", academics="range"))  # fmt: skip
    await act(mentee, f"[Send to {first}]", mentee.presses(f"Send to {first}"))
    await simulation.run_until(simulation.clock.now() + timedelta(hours=3))
    await act(mentor, "[Accept]", mentor.presses("Accept"))
    for actor in (mentee, mentor):
        await act(actor, "[What I expect (2 minutes)]", actor.presses("What I expect (2 minutes)"))
        await act(
            actor,
            "answers alone",
            actor.fills(in_person="maybe", online="yes", rhythm="fortnightly"),
        )
        await act(actor, "[Go on]", actor.presses("Go on"))
        await act(actor, "answers alone", actor.fills(mentor_reply="two_days", mentee_reply="two_days"))
    await simulation.run_until(simulation.clock.now() + DAY)
    for actor in (mentor, mentee):
        await act(actor, "[Yes, let's do that]", actor.presses("Yes, let's do that"))
    await talk()
    await simulation.run_until(simulation.clock.now() + 2 * WEEK)
    for actor, taps in ((mentee, ("Yes", "Very", "All good")), (mentor, ("Yes", "Same"))):
        for label in taps:
            await act(actor, f"[{label}]", actor.presses(label))
    stamp("and then it goes quiet")
    await simulation.run_until(simulation.clock.now() + 6 * WEEK)
    await act(officer, "/queue", officer.calls("queue"))
    await act(officer, "[I've written to them]", officer.presses("I've written to them"))
    await talk()
    stamp("and they are in touch again. The end of the term.")
