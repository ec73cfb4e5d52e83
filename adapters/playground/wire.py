"""What crosses the playground's borders: the stage it is given, and what its page says."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Protocol, TypeAlias

from pydantic import Base64Bytes, Field, TypeAdapter

from bot.ports import Address
from bot.ui import Command, Kind

Step: TypeAlias = Literal["day", "week", "next"]

# ── what the playground is given ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Face:
    """Someone you can be."""

    address: Address
    id: int | None
    name: str
    roles: tuple[str, ...] = ()
    """Of "officer", "mentor" and "mentee"."""
    line: str = ""
    """Who they are in a few words: "Medical student, year 2 · Pediatrics"."""
    zone: str = "UTC"


class Stage(Protocol):
    """The society that is played, and its clock."""

    society: str
    place: Address
    zone: str
    """The society's time zone, in which the clock is shown."""
    commands: Sequence[Command]

    @property
    def movable(self) -> bool:
        """Whether it is an invented society, whose clock one can move."""

    async def people(self) -> list[Face]: ...
    def now(self) -> datetime: ...
    async def advance(self, step: Step) -> None:
        """Move the clock and do everything that is due by then."""

    async def next_moment(self) -> datetime | None:
        """When the next thing is due; None when nothing is."""


# ── what the page says ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Call:
    call: str
    place: Address
    name: str
    args: dict[str, str]
    do: Literal["call"]


@dataclass(frozen=True)
class Press:
    call: str
    place: Address
    token: str
    item: int
    do: Literal["press"]
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picked:
    """A file that was chosen in a form."""

    name: str
    data: Base64Bytes


@dataclass(frozen=True)
class Send:
    call: str
    place: Address
    token: str
    filled: dict[str, tuple[str, ...]]
    do: Literal["send"]
    item: int | None = None
    files: dict[str, Picked] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Guess:
    """What a parameter could hold, asked while it is typed."""

    call: str
    kind: Kind
    text: str
    do: Literal["guess"]


@dataclass(frozen=True)
class Speak:
    call: str
    place: Address
    text: str
    do: Literal["speak"]


@dataclass(frozen=True)
class Saw:
    place: Address
    item: int
    do: Literal["saw"]


@dataclass(frozen=True)
class Advance:
    step: Step
    do: Literal["advance"]


@dataclass(frozen=True)
class Meet:
    name: str
    do: Literal["meet"]


Heard: TypeAlias = Annotated[Call | Press | Send | Guess | Speak | Saw | Advance | Meet, Field(discriminator="do")]
HEARD: TypeAdapter[Heard] = TypeAdapter(Heard)


# ── one connection ──────────────────────────────────────────────────────────────────────────────────────────


class Wire:
    """One open socket. What is said is queued, so that a sleeping tab never holds anyone up."""

    def __init__(self, who: Address | None, session: str) -> None:
        self.who = who
        """Whose pane it is; None for the stage's own (the clock, the people)."""
        self.session = session
        self._out: asyncio.Queue[str] = asyncio.Queue()

    def say(self, what: str, **more: object) -> None:
        self._out.put_nowait(json.dumps({"is": what, **more}))

    async def next(self) -> str:
        """The next thing to write, as soon as there is one."""
        return await self._out.get()
