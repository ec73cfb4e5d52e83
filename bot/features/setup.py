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
    here = turn.society.place(turn.place)
    given = {name: value for name, value in (("rooms", rooms), ("officers", officers), ("role", role)) if value}
    if any(not address.startswith(f"{turn.place}/") for address in given.values()):
        raise Sorry("That is not from here. Choose a channel or a role of this very place.")
    if role is not None and not turn.shows_roles:
        raise Sorry("I can't see who is in which group here. Name each officer instead: /setup, then officer.")
    chosen = replace(here, **given)
    if officer is not None and chosen.role is not None:
        raise Sorry("Officers here are those who hold the role you chose. Give them that role.")
    if chosen != here:
        await turn.records.settle(chosen)
        await turn.audit("setup", "place", ", ".join(given))
    if officer is not None:
        await turn.records.people.give_role(int(officer), Role.OFFICER)
        await turn.audit("officer.made", f"person:{officer}")
    return Private(_standing(chosen, turn.shows_roles))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _standing(place: Place, shows_roles: bool) -> Message:
    open_ = [
        what
        for what, chosen in (
            ("rooms: the channel under which pairs' rooms open, where the platform needs one", place.rooms),
            ("officers: the channel that hears what needs a human; without one, each officer does", place.officers),
            ("role: who holds it is an officer", place.role or not shows_roles),
        )
        if not chosen
    ]
    if not open_:
        return message("All is set. People can join now.", say("Tell them about {join}.", join=Slash("sign-up")))
    return message(say("Noted. You can still choose, with {setup}:", setup=Slash("setup")), bullets(*open_))
