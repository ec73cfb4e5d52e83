"""Everything said in the playground: who was told what, in which conversation, and what they have seen.

A conversation is known by an address: a person's own (between them and the bot), a room's or a channel's. It
all stands in one append-only file of JSON lines, so a restart loses nothing; without a file it lives in memory.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from bot.ports import Address
from bot.ui import Message

_PERSON, _ROOM, _CHANNEL = "playground:p/", "playground:r/", "playground:c/"


def person_address(slug: str) -> Address:
    """Where the person with this short name is written to."""
    return _PERSON + slug


def channel_address(name: str) -> Address:
    """Where a channel is; only officers see channels."""
    return _CHANNEL + name


def slug_of(name: str) -> str:
    """A name as it stands in an address: "José Ñandú" becomes "jose-nandu"."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40] or "guest"


def is_person(address: Address) -> bool:
    return address.startswith(_PERSON)


def is_room(address: Address) -> bool:
    return address.startswith(_ROOM)


def is_channel(address: Address) -> bool:
    return address.startswith(_CHANNEL)


# ── what the file holds ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Item:
    """One thing said: a message of the bot's, a person's own words, or the command they asked with."""

    id: int
    place: Address
    at: datetime
    by: Address | None = None
    """Who said it; None is the bot."""
    name: str = ""
    message: Message | None = None
    words: str = ""
    only: Address | None = None
    """The one person who sees it, where not everyone does."""
    asked: bool = False
    """Whether the words are a command."""
    key: str = ""
    kind: Literal["item"] = "item"


@dataclass(frozen=True)
class Room:
    address: Address
    title: str
    members: tuple[Address, ...]
    key: str
    kind: Literal["room"] = "room"


@dataclass(frozen=True)
class _Changed:
    item: int
    message: Message
    kind: Literal["changed"] = "changed"


@dataclass(frozen=True)
class _Read:
    who: Address
    place: Address
    item: int
    kind: Literal["read"] = "read"


@dataclass(frozen=True)
class _Met:
    address: Address
    name: str
    kind: Literal["met"] = "met"


_Entry: TypeAlias = Annotated[Item | Room | _Changed | _Read | _Met, Field(discriminator="kind")]
_ENTRY: TypeAdapter[_Entry] = TypeAdapter(_Entry)


class Talk:
    """The conversations, replayed from `log` if there is one. A torn last line is dropped."""

    def __init__(self, log: Path | None) -> None:
        self.rooms: dict[Address, Room] = {}
        self.met: dict[Address, str] = {}
        """People who came through "someone new", by address."""
        self._items: dict[int, Item] = {}
        self._in: defaultdict[Address, list[int]] = defaultdict(list)
        self._read: dict[tuple[Address, Address], int] = {}
        self._keys: set[str] = set()
        for entry in _replay(log) if log else ():
            self._apply(entry)
        # Kept open: a line is one small write, and a file opened for each would be ten times slower.
        self._file = log.open("a", encoding="utf-8") if log else None

    def close(self) -> None:
        if self._file:
            self._file.close()

    # Asking

    def item(self, number: int, who: Address, officer: bool) -> Item | None:
        """An item by its number, if this person may see it."""
        item = self._items.get(number)
        return item if item and self.sees(who, officer, item.place, item.only) else None

    def items(self, who: Address, place: Address) -> Iterator[Item]:
        """All that one person sees of a conversation, oldest first."""
        for number in self._in[place]:
            if self._items[number].only in (None, who):
                yield self._items[number]

    def places(self, who: Address, officer: bool) -> list[Address]:
        """The conversations of a person: with the bot, then rooms, then channels."""
        rooms = [room.address for room in self.rooms.values() if who in room.members]
        channels = [channel_address("officers")] if officer else []
        others = sorted(place for place in self._in if is_channel(place) and place not in channels) if officer else []
        return [who, *rooms, *channels, *others]

    def sees(self, who: Address, officer: bool, place: Address, only: Address | None = None) -> bool:
        if only not in (None, who):
            return False
        if is_channel(place):
            return officer
        return place == who or (place in self.rooms and who in self.rooms[place].members)

    def read_to(self, who: Address, place: Address) -> int:
        """The number of the last item this person has seen there."""
        return self._read.get((who, place), 0)

    def unread(self, who: Address, places: Iterable[Address]) -> int:
        """How many things others said that this person has not seen."""
        count = 0
        for place in places:
            seen = self.read_to(who, place)
            for number in reversed(self._in.get(place, ())):
                if number <= seen:
                    break
                item = self._items[number]
                count += item.by != who and item.only in (None, who)
        return count

    def room_for(self, key: str) -> Room | None:
        return next((room for room in self.rooms.values() if room.key == key), None)

    # Telling

    def say(self, item: Item) -> Item | None:
        """Keep an item under the next number; None if its key was said before."""
        if item.key and item.key in self._keys:
            return None
        numbered = replace(item, id=len(self._items) + 1)
        self._keep(numbered)
        return numbered

    def change(self, number: int, message: Message) -> Item:
        """Let a message read differently from now on."""
        self._keep(_Changed(number, message))
        return self._items[number]

    def open_room(self, members: Sequence[Address], title: str, key: str) -> Room:
        room = Room(f"{_ROOM}{len(self.rooms) + 1}", title, tuple(members), key)
        self._keep(room)
        return room

    def mark_read(self, who: Address, place: Address, number: int) -> bool:
        """Note how far someone has read. False if they were there already."""
        if number <= self.read_to(who, place) or number not in self._items:
            return False
        self._keep(_Read(who, place, number))
        return True

    def meet(self, address: Address, name: str) -> None:
        self._keep(_Met(address, name))

    def _keep(self, entry: _Entry) -> None:
        if self._file:
            self._file.write(_ENTRY.dump_json(entry).decode() + "\n")
            self._file.flush()
        self._apply(entry)

    def _apply(self, entry: _Entry) -> None:
        match entry:
            case Item():
                self._items[entry.id] = entry
                self._in[entry.place].append(entry.id)
                if entry.key:
                    self._keys.add(entry.key)
            case Room():
                self.rooms[entry.address] = entry
            case _Changed():
                self._items[entry.item] = replace(self._items[entry.item], message=entry.message)
            case _Read():
                self._read[entry.who, entry.place] = entry.item
            case _Met():
                self.met[entry.address] = entry.name


def _replay(log: Path) -> Iterator[_Entry]:
    if not log.exists():
        return
    whole = log.read_bytes()
    sound = whole[: whole.rfind(b"\n") + 1]
    if len(sound) < len(whole):
        # The machine stopped in the middle of a line. What is appended next must not be glued to it.
        log.write_bytes(sound)
    for line in sound.splitlines():
        yield _ENTRY.validate_json(line)
