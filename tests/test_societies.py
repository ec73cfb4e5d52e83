"""Two societies in one database: whatever someone presses, fills in or calls here, nothing is told or changed there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.model import Role
from bot.ports import Called, Pressed, Sent
from bot.rehearsal import Actor
from bot.ui import Action, Command, Filled, Form, Kind, Reply, act
from storage.store import SqlStore
from tests.filled import NAMES, rows_of, two
from tests.society import Society

NOT_TRIED = {
    "privacy.forgotten",  # whoever is forgotten tries nothing more
    "link.join",
    "link.carry",
}
AT_ONCE = 20
"""Of so many names the tries are made before it is looked whether anything has changed there."""
THEIRS = "paper:lakeside/ana"


class Anything(Filled):
    """A form in which every field holds the same."""

    def __init__(self, value: str) -> None:
        super().__init__()
        self._value = (value,)

    def get(self, _: str, default: Any = None) -> Any:  # noqa: ANN401
        return self._value


async def eve_of(harbor: Society) -> Actor:
    """Someone who may do everything here."""
    eve = await harbor.mentee("Eve Lind")
    person = await harbor.person(eve)
    async with harbor.store.records(harbor.id) as records:
        await records.people.save_mentor(person.id, capacity=3, approved_at=harbor.clock.now())
        for role in Role:
            await records.people.give_role(person.id, role)
    return eve


def guesses(name: str, number: int) -> Iterator[Action]:
    """An action with numbers of the other society, whatever it takes."""
    yield Action(name)
    for more in ((), (number,), (number, number), ("yes",), ("mentee",), (number, "1")):
        yield act(name, number, *more)


def called(command: Command, number: int) -> Called:
    """A command, all its parameters about somebody or something of the other society."""
    given = {Kind.MEMBER: THEIRS, Kind.PAIR: str(number), Kind.DATE: "2026-11-20"}
    return Called(
        command.name,
        {
            param.name: param.options[0].value if param.options else given.get(param.kind, str(number))
            for param in command.params
        },
    )


@pytest.mark.sr("SR-8.a")
async def test_no_button_form_or_command_reaches_into_another_society(harbor: Society) -> None:
    assert isinstance(harbor.store, SqlStore)
    there = await harbor.store.found("Lakeside", "America/Chicago", "paper:lakeside", "paper:lakeside/officers")
    here = await two(harbor.store, there)
    async with harbor.store.records(there.id) as records:
        await records.people.link(here.ana, THEIRS)
    async with harbor.store.engine.connect() as connection:
        before = await rows_of(connection, there.id)
    eve, app = await eve_of(harbor), harbor.app
    tries: dict[str, list[Called | Pressed | Sent]] = {}
    theirs = str(here.ben)
    for name in sorted(app._presses.keys() - NOT_TRIED):
        tries.setdefault(name, []).extend(Pressed(each, (theirs,)) for each in guesses(name, here.ben))
    for name in app._forms:
        tries.setdefault(name, []).extend(Sent(each, Anything(theirs)) for each in guesses(name, here.ben))
    for command in app.commands:
        tries.setdefault(command.name, []).append(called(command, here.ben))
    assert sum(len(each) for each in tries.values()) > 1000
    for first in range(0, len(tries), AT_ONCE):
        names = list(tries)[first : first + AT_ONCE]
        for what in (what for name in names for what in tries[name]):
            told = shown(await eve.asks(what))
            assert not [each for each in (*NAMES, "Lakeside") if each in told], f"{what} tells {told}"
            assert "went wrong on our side" not in told, what
        async with harbor.store.engine.connect() as connection:
            assert await rows_of(connection, there.id) == before, f"one of {names} changes what is theirs"


def shown(reply: Reply | None) -> str:
    return repr(reply if isinstance(reply, Form) or reply is None else reply.message)
