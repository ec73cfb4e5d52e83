"""Every screen that members can see, with sample data: to be read as a set, and shown to each platform's renderer.

What a plain function of a feature returns as a Message or a Form is a screen, and so is each of its `Screen`s of
questions. The arguments are made up from their types, so a new screen is in the gallery as soon as it is written.
"""

from __future__ import annotations

import enum
import inspect
import json
import pkgutil
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import islice
from types import ModuleType
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

from bot import agreed, asking, courier, features, pairs, union
from bot.appointments import Appointment
from bot.model import (
    Agreement,
    Answers,
    Delivery,
    MeetingState,
    Pair,
    PairState,
    QueueItem,
    QueueReason,
    Said,
    Side,
    Urgency,
)
from bot.questions import Question, Screen
from bot.records import Checkin
from bot.rules.agenda import Do, Step
from bot.rules.board import Standing, Week
from bot.rules.checklist import ITEMS, MUSTS, SCREENS
from bot.rules.compare import Point, compared, terms_of
from bot.rules.season import CALENDAR, Seasonal
from bot.ui import File, Form, Message, Span, act, clean, form_json, message, message_json, plain_message

NOW = datetime(2026, 10, 5, 14, tzinfo=UTC)
MOST = 16
"""Variants of one screen; the first differ in one thing each from what is usual."""

Words: typing.TypeAlias = Callable[[str, int], str]
"""What someone wrote in a place ("mentor.person.name", "need"), at most so many characters."""


@dataclass(frozen=True)
class Shown:
    feature: str
    screen: str
    what: Message | Form


def usual(path: str, limit: int) -> str:
    """Words as members write them."""
    parts = path.split(".")
    known = (_USUAL.get(".".join(parts[start:])) for start in range(len(parts)))
    return (next((each for each in known if each), None) or parts[-1].replace("_", " "))[:limit]


def longest(path: str, limit: int) -> str:
    """As much as is kept of words that swell when they are escaped."""
    return clean("*W_&<" * limit, limit)


def gallery(words: Words = usual) -> list[Shown]:
    """Every screen, by feature and name."""
    makes = Samples(words)
    found = []
    for module in _modules():
        feature = module.__name__.rpartition(".")[2]
        for name, value in inspect.getmembers(module):
            if isinstance(value, Screen) and module.__name__.startswith(features.__name__):
                found.append(Shown(feature, f"{value.title} (form)", value.form(act("sample"), makes.one(Answers))))
            elif _is_screen(module, value):
                variants = list(dict.fromkeys(makes.calls(value)))
                for number, what in enumerate(variants, start=1):
                    suffix = f" {number}" if len(variants) > 1 else ""
                    found.append(Shown(feature, name.strip("_").replace("_", " ") + suffix, what))
    return found


def as_json(screens: Sequence[Shown]) -> str:
    """For a page: each with its feature, its name, and the message or the form that it is."""

    def told(shown: Shown) -> dict[str, object]:
        form = isinstance(shown.what, Form)
        what = json.loads(form_json(shown.what) if isinstance(shown.what, Form) else message_json(shown.what))
        return {"feature": shown.feature, "screen": shown.screen, "form" if form else "message": what}

    return json.dumps([told(shown) for shown in screens])


def as_words(screens: Sequence[Shown]) -> str:
    """To be read aloud."""

    def told(shown: Shown) -> str:
        if isinstance(shown.what, Form):
            return "\n".join([shown.what.title, *(f"  {field.label}: {field.hint}" for field in shown.what.fields)])
        return plain_message(shown.what, ZoneInfo("America/New_York"))

    return "\n\n".join(f"── {shown.feature}: {shown.screen}\n{told(shown)}" for shown in screens)


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(features.__path__):
        yield import_module(f"{features.__name__}.{module.name}")
    yield from (pairs, agreed, asking, courier, union)


def _is_screen(module: ModuleType, value: object) -> bool:
    if not inspect.isfunction(value) or value.__module__ != module.__name__ or inspect.iscoroutinefunction(value):
        return False
    return inspect.signature(value, eval_str=True).return_annotation in (Message, Form)


# ── samples ───────────────────────────────────────────────────────────────────────────────────────────────────────

_USUAL = {
    "name": "Ana Ruiz",
    "mentor.name": "Ben Okafor",
    "mentor.person.name": "Ben Okafor",
    "mentee": "Ana",
    "mentor": "Ben",
    "other": "Ben",
    "reader": "Olu",
    "officer": "Olu",
    "writer": "Ana Ruiz",
    "about_whom": "Ben Okafor",
    "who": "Ana",
    "by": "Ana",
    "author": "Olu Mensah",
    "drafts": "Olu Mensah",
    "society": "Harborview Pre-Health Society",
    "school": "Harborview",
    "need": "I want to plan my first clinical summer and can't weigh research against shadowing.",
    "ask": "Which of my two summer options would you choose?",
    "motivation": "I translated for my grandmother at her clinic and want to be the one who explains.",
    "why": "You chose between the same two things.",
    "opening": "Dear Ben,",
    "effort": "My questions come the day before, and I answer within two days.",
    "links": "linkedin.com/in/ana-ruiz",
    "closing": "Thank you for reading this.",
    "same": "Cai",
    "words": "Thank you for Tuesday. I sent the application, and it felt good.",
    "note": "You both like emergency medicine.",
    "place": "https://meet.example/ana-and-ben",
    "questions": "Which clinical summer would you choose? How did you ask for letters?",
    "outcome": "Research first, then shadowing in August.",
    "next_step": "Write to the lab by Friday.",
    "topic": "How often",
    "agreed": "monthly",
}
_SLUGS = {"question": ("touch",), "dated": ("recruitment", "kickoff", "term"), "otherwise": ("days", "when", ""),
          "screen": tuple(SCREENS), "more": ("customs",), "unasked": ("customs", "shadowing"),
          "url": ("https://officers.example.org/#3q2-7wQzY0b1x9Kf8LmNpA",)}  # fmt: skip
"""Texts that are no words of anybody's: what they may be."""
_LIMITS = {"need": 250, "ask": 200, "motivation": 280, "why": 180, "opening": 50,
           "effort": 120, "links": 120, "closing": 70, "words": 600, "note": 300, "topic": 30, "agreed": 60,
           "place": 200, "questions": 600, "outcome": 300, "next_step": 300}  # fmt: skip
NAME = 60

_BOTH = [
    Answers({item.term: tuple(item.ask(side).offered[-item.ask(side).most :]) for item in ITEMS.values()}, NOW)
    for side in Side
]
_SAID: Said = terms_of(compared(tuple(ITEMS.values()), *_BOTH))

_ABOUT_ONE = (QueueReason.APPROVE, QueueReason.CLAIM, QueueReason.REMATCH, QueueReason.NEEDS_MENTOR)
_CHOSEN: dict[object, tuple[object, ...]] = {
    Step: tuple(Step(NOW, do, rung=rung) for do in (Do.NUDGE_START, Do.NUDGE_QUIET) for rung in (1, 2)),
    Pair: (
        Pair(7, 1, 2, PairState.ACTIVE, NOW, room="paper:room"),
        Pair(7, 1, 2, PairState.PAUSED, NOW, NOW + timedelta(days=28)),
    ),
    Checkin: tuple(Checkin(5, 7, side, NOW, {}) for side in Side),
    Said: (_SAID,),
    Agreement: (Agreement(2, _SAID), Agreement(2, _SAID, NOW), Agreement(1)),
    list[Point]: (compared(MUSTS, *_BOTH), compared(MUSTS[:1], *_BOTH)),
    Delivery: (Delivery(3, 1, 2, None, None, message_json(message("One of several.")), Urgency.NEWS, NOW),),
    QueueItem: tuple(QueueItem(5, reason, NOW, pair=7) for reason in QueueReason if reason not in _ABOUT_ONE),
    Seasonal: CALENDAR[:2],
    Week: (Week(NOW, {each: 7 * number for number, each in enumerate(Standing, start=1)}),),
    Screen: (Screen("sample", "A screen", (Question("name", "Your name"),)),),
    ZoneInfo: (ZoneInfo("America/New_York"),),
    datetime: (NOW + timedelta(days=4),),
    date: (date(2026, 10, 9),),
    timedelta: (timedelta(days=3),),
    int: (2, 1),
    float: (1.5,),
    bytes: (b"sample",),
    Message: (message("A word from someone else."),),
    File: (File("sample.txt", "A sample", b"sample"),),
}


@dataclass(frozen=True)
class Samples:
    words: Words

    def calls(self, screen: Callable[..., Message | Form]) -> Iterator[Message | Form]:
        """A screen with what is usual, and then with one thing after another otherwise."""
        wanted = inspect.signature(screen, eval_str=True).parameters
        named = {name: self.several(each.annotation, name) for name, each in wanted.items()}
        first = {name: values[0] for name, values in named.items()}
        yield _called(screen, first)
        rest = ((name, value) for name, values in named.items() for value in values[1:])
        for name, value in islice(rest, MOST - 1):
            yield _called(screen, first | {name: value})

    def one(self, kind: Any, name: str = "") -> Any:  # noqa: ANN401
        return self.several(kind, name)[0]

    def several(self, kind: Any, name: str = "") -> tuple[Any, ...]:  # noqa: ANN401
        """Values of a type, the most usual first. Raises TypeError for a type without a sample."""
        if kind in _CHOSEN:
            return _CHOSEN[kind]
        if kind is str and name in _SLUGS:
            return _SLUGS[name]
        if kind is str:
            return (self.words(name, _LIMITS.get(name.rpartition(".")[2], NAME)),)
        if kind is bool:
            return (False, True)
        if get_origin(kind) in (typing.Union, types.UnionType):
            given = [each for each in get_args(kind) if each is not types.NoneType]
            return (*self.several(given[0], name), *((None,) if len(given) < len(get_args(kind)) else ()))
        if kind is Appointment:
            return _stages(self._whole(kind, name))
        if get_origin(kind) is typing.Literal:
            return get_args(kind)
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return tuple(kind)
        return (self._whole(kind, name),)

    def _whole(self, kind: Any, name: str) -> Any:  # noqa: ANN401
        """Something that is made of parts."""
        origin, parts = get_origin(kind), get_args(kind)
        if origin is tuple and parts[-1:] == (...,) and parts[0] is Span:
            return ("a few words",)
        if origin in (list, Sequence) or (origin is tuple and parts[-1:] == (...,)):
            some = [self.one(parts[0], name), *self.several(parts[0], name)[1:3]]
            return some if origin in (list, Sequence) else tuple(some)
        if origin is tuple:
            return tuple(self.one(part, name) for part in parts)
        if origin in (set, frozenset):
            return origin(self.several(parts[0], name)[:2])
        if origin is not None and issubclass(origin, typing.Mapping):
            return {self.one(parts[0], name): self.one(parts[1], name)}
        if is_dataclass(kind) and isinstance(kind, type):
            hints = typing.get_type_hints(kind)
            return kind(
                **{each.name: self.one(hints[each.name], f"{name}.{each.name}") for each in fields(kind) if each.init}
            )
        raise TypeError(f"no sample for {name}: {kind}")


def _stages(seen: Appointment) -> tuple[Appointment, ...]:
    """A meeting as it comes about: booked, seen by either; proposed by either; asked to move."""
    booked = replace(seen.meeting, state=MeetingState.BOOKED, times=(), sent_at=None, by=Side.MENTOR)
    proposed = replace(booked, state=MeetingState.PROPOSED, times=(NOW + timedelta(days=4),))
    bare = replace(booked, place="", questions="", note="")
    stages = (booked, bare, proposed, replace(proposed, by=Side.MENTEE), replace(booked, times=proposed.times))
    return tuple(replace(seen, meeting=stage, side=side) for side in Side for stage in stages)


def _called(screen: Callable[..., Message | Form], given: dict[str, Any]) -> Message | Form:
    try:
        return screen(**given)
    except Exception as error:
        error.add_note(f"screen {screen.__module__}.{screen.__name__} with {given}")
        raise
