"""Setting a society up in one of its places: where pairs talk, where officers are told, who is an officer."""

from __future__ import annotations

from dataclasses import replace

from bot.feature import Feature, Sorry, Turn
from bot.model import Place, Role
from bot.ui import Command, Kind, Message, Param, Private, Reply, Slash, bullets, message, say

setup = Feature("setup")


@setup.command(
    Command(
        "setup",
        "Choose where pairs talk and who the officers are",
        (
            Param("rooms", "the channel under which each pair gets a private room", Kind.CHANNEL, required=False),
            Param("officers", "the channel where officers are told what waits for them", Kind.CHANNEL, required=False),
            Param("role", "whoever holds it is an officer here", Kind.ROLE, required=False),
            Param("officer", "someone to make an officer", Kind.MEMBER, required=False),
        ),
        officers_only=True,
        managers_too=True,
    )
)
async def choose(
    turn: Turn,
    rooms: str | None = None,
    officers: str | None = None,
    role: str | None = None,
    officer: str | None = None,
) -> Reply:
    """Called with nothing it shows what is chosen. Who may: officers, and those who administer the place anyway."""
    here = next((place for place in turn.society.places if place.address == turn.place), Place(turn.place))
    given = {name: value for name, value in (("rooms", rooms), ("officers", officers), ("role", role)) if value}
    if any(not address.startswith(f"{turn.place}/") for address in given.values()):
        raise Sorry("That is not from here. Choose a channel or a role of this very place.")
    chosen = replace(here, **given)
    if chosen != here:
        await turn.records.settle(chosen)
        await turn.audit("setup", "place", ", ".join(given))
    if officer is not None:
        await turn.records.people.give_role(int(officer), Role.OFFICER)
        await turn.audit("officer.made", f"person:{officer}")
    return Private(_standing(chosen))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _standing(place: Place) -> Message:
    missing = [
        what
        for what, chosen in (
            ("rooms: pairs have nowhere to talk yet", place.rooms),
            ("officers: what needs a human reaches each officer privately", place.officers),
            ("role: only officers from your spreadsheet count", place.role),
        )
        if not chosen
    ]
    if not missing:
        return message("All is set. People can join now.", say("Tell them about {join}.", join=Slash("join")))
    return message(say("Noted. Still open, with {setup}:", setup=Slash("setup")), bullets(*missing))
