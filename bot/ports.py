"""The outside world on one page: who asks, who is answered, what time it is. What is kept stands in `bot.records`.

The core calls these; adapters implement them. An *address* ("playground:p7", "discord:9:8") is minted and
parsed only by its adapter: the core keeps it, compares it and hands it back. All moments are aware and UTC.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from bot.ui import Action, Filled, Kind, Message, Option, Reply

Address: TypeAlias = str


def place_of(address: Address) -> str:
    """The server or workspace an address lies in, whose address it begins with; else the platform, as of one place."""
    place, slash, _ = address.partition("/")
    return place if slash else address.partition(":")[0]


def share_a_place(some: Iterable[Address], others: Iterable[Address]) -> bool:
    """Whether two people, each with all their addresses, can be in one room."""
    return not {place_of(each) for each in some}.isdisjoint(place_of(each) for each in others)


# ── requests in, replies out ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Called:
    """A slash command. A MEMBER parameter holds an address, a DATE one an ISO date or the member's own words, a PAIR
    one the value of a suggestion or what they typed of a name."""

    name: str
    args: Mapping[str, str]


@dataclass(frozen=True)
class Pressed:
    """A button (no values) or a menu (the chosen values)."""

    action: Action
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Upload:
    """A file that a member sent with a form."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Sent:
    """A filled form."""

    action: Action
    filled: Filled
    files: Mapping[str, Upload] = field(default_factory=dict)
    """By the name of the field it was sent in."""


@dataclass(frozen=True)
class Opened:
    """Someone opened their home: a page of their own on platforms that have one. It is answered with a Private."""


@dataclass(frozen=True)
class Spoke:
    """Someone wrote in a room: who, where and when. What they wrote never gets this far."""

    room: Address


@dataclass(frozen=True)
class Left:
    """Someone is no longer in this place."""


@dataclass(frozen=True)
class Gone:
    """A room or a channel no longer exists."""

    address: Address


@dataclass(frozen=True)
class Moved:
    """Someone's time zone on the platform is another (both IANA names)."""

    was: str
    zone: str


@dataclass(frozen=True)
class Lacks:
    """What the bot still has to be given in a channel, in the platform's own words; empty where it has all."""

    to_speak: str = ""
    to_open_rooms: str = ""


@dataclass(frozen=True)
class Request:
    key: str
    """The platform's own id of the event; the same key twice is the same event twice."""
    place: Address
    """The server or workspace it happened in."""
    who: Address
    """Who did it; empty for what nobody in particular did, as when a channel is gone."""
    name: str
    """What the platform calls them, for people we meet for the first time."""
    what: Called | Pressed | Sent | Opened | Spoke | Left | Gone | Moved
    roles: frozenset[Address] | None = None
    """The roles or groups they hold there; None where the platform does not say."""
    manager: bool = False
    """Whether the platform itself lets them administer the place."""
    zone: str = ""
    """Their time zone (an IANA name), where the platform knows it."""
    lacks: Mapping[Address, Lacks] = field(default_factory=dict)
    """Of the channels that are named in it: what the bot may not do there. Empty where the platform does not say."""
    handle: str = ""
    """What the platform calls them and nobody else there, where it does so: they did not just type it."""


class Responder(Protocol):
    """The way back to the one who asked, open for a few minutes."""

    async def defer(self) -> None:
        """Say that an answer is coming. Called at most once, about 2 s after the request, before `reply`."""

    async def reply(self, reply: Reply) -> None:
        """The answer. Called at most once. Never a `Form` after `defer`."""


Answer: TypeAlias = Callable[[Request, Responder], Awaitable[None]]
"""The core's one door, as the adapters see it. Never raises for a bug of ours."""

Suggest: TypeAlias = Callable[[Address, Address, Kind, str], Awaitable[Sequence[Option]]]
"""What a parameter of this kind could hold: the place, who types, the kind, and what they typed so far. Changes nothing
and never raises; at most 25."""

Known: TypeAlias = Callable[[Address], Awaitable[Sequence[Address]]]
"""The people of a place who are in live pairs, and the rooms of these: what an adapter looks for when it was away."""


@dataclass(frozen=True)
class Finding:
    """One thing an adapter has looked at for `preceptor doctor`."""

    good: bool
    what: str
    mend: str = ""
    """What to do about it, for someone who is no engineer."""


class Platform(Protocol):
    """One chat platform. Sending the same key twice must show one message, as far as the platform allows."""

    name: str
    """The first part of its addresses, before the colon."""

    async def send(self, to: Address, message: Message, key: str, *, again: bool = False) -> None:
        """Say something to a person, in a room or in a channel.

        `again`: an earlier try under this key, perhaps of another process, may have arrived.

        Raises Refused when it can never succeed, Later when the platform asks for patience and took nothing of it.
        Anything else that escapes counts as "perhaps sent": the same message comes again under the same key.
        """

    async def open_room(self, members: Sequence[Address], title: str, key: str, under: Address | None) -> Address:
        """A private room for these people and the bot; the same key again gives the same room. Raises as `send`.

        `under`: the society's mentorship channel on this platform, where one was chosen. A platform that needs one
        and has none raises Later.
        """

    async def let_in(self, room: Address, members: Sequence[Address]) -> None:
        """See to it that these are in the room that was opened for them: on some platforms, whoever left the place and
        came back is in none. Whoever cannot be let in is left out. Raises Later as `send`."""

    def opens_rooms(self, under: Address | None) -> bool:
        """Whether rooms can be opened there just now, as far as is known without asking. Where not, the two write to
        each other through the bot."""


class Connected(Platform, Protocol):
    """A platform that has a connection of its own to keep."""

    async def run(self) -> None:
        """Connect and serve until closed, whatever happens to the connection. Raises NotAccepted, and nothing else."""

    async def close(self) -> None:
        """Stop taking, finish what is in hand within five seconds, and leave."""


class NotAccepted(Exception):
    """The platform does not accept a token, or not what is asked with it. Trying again does not help."""


class Refused(Exception):
    """The platform will never deliver this: the person takes no messages. Retrying is pointless."""


class Departed(Refused):
    """The person is no longer there at all, so no room reaches them either; or the room is gone."""


class Later(Exception):
    """The platform asks to wait."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"try again in {wait}")
        self.wait = wait


class Clock(Protocol):
    def now(self) -> datetime:
        """This moment, aware, UTC."""
