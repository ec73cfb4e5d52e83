"""Two people who turn out to be one: who stays, what their profiles say together, and what one person has only once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from bot.model import Intro, IntroState, Member, MenteeProfile, MentorProfile, Pair, Person

Told: TypeAlias = Person | MenteeProfile | MentorProfile
T = TypeVar("T", bound=Told)

WHO = frozenset({"id", "person", "roles", "seen_at", "noticed_at", "left_at"})


def in_order(one: Member, other: Member) -> tuple[Member, Member]:
    """Who stays, and who becomes them: an approved mentor stays, else whoever told more, else whoever came first.

    Only the number depends on it, by which buttons that were shown to others go on to work.
    """

    def weight(member: Member) -> tuple[bool, int, int]:
        approved = member.mentor is not None and member.mentor.profile.approved_at is not None
        return approved, _told(member), -member.person.id

    first, second = sorted((one, other), key=weight, reverse=True)
    return first, second


def combined(one: T, other: T) -> dict[str, Any]:
    """Field by field what the two say together: where both say something, the fuller, else the newer, has the word."""
    known: dict[str, Any] = {}
    for each in sorted((one, other), key=lambda each: (len(_said(each)), _number(each))):
        known |= _said(each)
    if isinstance(one, Person) and isinstance(other, Person):
        known |= _of_people(one, other)
    return known


def _of_people(one: Person, other: Person) -> dict[str, Any]:
    """What is not left to chance: who once said they are under age is, and an absence lasts to its later end."""
    known: dict[str, Any] = {}
    if False in (one.adult, other.adult):
        known["adult"] = False
    away = [each for each in (one, other) if each.away_until is not None]
    if away:
        known["away_until"] = max(each.away_until for each in away if each.away_until)
        known["away_since"] = min((each.away_since for each in away if each.away_since), default=None)
    return known


def same_person_twice(pairs: Iterable[Pair], both: frozenset[int]) -> bool:
    """Whether these two ever were a pair with each other, and so have been taken for two people."""
    return any({pair.mentee, pair.mentor} == both for pair in pairs)


def doubled(pairs: Sequence[Pair], both: frozenset[int], contact: Mapping[int, datetime]) -> list[Pair]:
    """The live pairs that are another's double once the two are one: with the same other, the liveliest goes on.

    `contact`: when the two of a pair last were in touch, by pair.
    """

    def liveliness(pair: Pair) -> tuple[bool, datetime, int]:
        return pair.id in contact, contact.get(pair.id, pair.started_at), pair.id

    first: dict[int, Pair] = {}
    live = [pair for pair in pairs if pair.live]
    for pair in sorted(live, key=liveliness, reverse=True):
        first.setdefault(_other(pair, both), pair)
    return [pair for pair in live if first[_other(pair, both)] != pair]


def taken_back(intros: Iterable[Intro], pairs: Iterable[Pair], both: frozenset[int]) -> list[Intro]:
    """The open requests that one person cannot have: a second one of theirs, and any between two who are a pair.

    `intros`: those the two sent and those sent to them. The one sent first stays: its mentor has waited longest.
    """
    paired = {_other(pair, both) for pair in pairs if pair.live}
    waiting = [intro for intro in intros if intro.state is IntroState.WAITING]
    back = [each for each in waiting if ({each.mentee, each.mentor} - both) <= paired]
    own = [each for each in waiting if each.mentee in both and each not in back]
    own.sort(key=lambda each: (each.sent_at is None, each.sent_at, each.id))
    return back + own[1:]


def _other(pair: Pair, both: frozenset[int]) -> int:
    return pair.mentor if pair.mentee in both else pair.mentee


def _number(record: Told) -> int:
    return record.id if isinstance(record, Person) else record.person


def _said(record: Told) -> dict[str, Any]:
    """What of this somebody said: not who it is about, nor what officers made of them."""
    given = {each.name: getattr(record, each.name) for each in fields(record)}
    return {name: value for name, value in given.items() if name not in WHO and value not in (None, "", ())}


def _told(member: Member) -> int:
    records: list[Told] = [
        member.person,
        *([member.mentee.profile] if member.mentee else []),
        *([member.mentor.profile] if member.mentor else []),
    ]
    return sum(len(_said(record)) for record in records)
