"""Whatever one society asks of the store with numbers of another: it reads nothing, and changes nothing there."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.gallery import Samples, usual
from bot.model import Side
from bot.ports import Address
from bot.records import Records
from storage.part import Part
from storage.store import SqlStore
from tests.filled import NAMES, Rows, rows_of, two
from tests.stores import NOW, open_sqlite

PARTS = {name: part for name, part in typing.get_type_hints(Records).items() if name != "society"}
OF_BOTH = {
    # These are about two societies by their nature; tests/test_link_society.py tells of them.
    "links.made_in",
    "links.one_society",
}
FIELDS: dict[str, dict[str, Any]] = {
    "people.change": {"name": "Eve"},
    "pairs.answer_checkin": {"touch": "yes"},
    "concerns.mark": {"closed_at": NOW},
    "meetings.change": {"note": "Eve"},
    "projects.write": {"title": "Eve"},
    "post.say": {"pair": None, "channel": None},
}
"""What is given by name where anything can be."""


class Undone(Exception):
    """Nothing of what was tried is kept."""


def questions() -> Iterator[tuple[str, str]]:
    """Every question of every part of the records."""
    for name, part in PARTS.items():
        for question, function in inspect.getmembers(part, inspect.isfunction):
            if not question.startswith("_") and f"{name}.{question}" not in OF_BOTH:
                yield name, question
                assert inspect.iscoroutinefunction(function), question


def arguments(function: Any, number: int) -> tuple[list[Any], dict[str, Any]]:  # noqa: ANN401
    """Every number is that of something in the other society; the rest is made up."""
    makes, hints = Samples(usual), typing.get_type_hints(function)
    given: list[Any] = []
    named: dict[str, Any] = {}
    for name, each in list(inspect.signature(function).parameters.items())[1:]:
        if each.kind is each.VAR_KEYWORD:
            continue
        value = _value(makes, hints.get(name), name, number)
        if each.kind is each.VAR_POSITIONAL:
            given += [value] if hints.get(name) is int else []
        elif each.kind is each.KEYWORD_ONLY:
            named[name] = value
        else:
            given.append(value)
    return given, named


def _value(makes: Samples, kind: Any, name: str, number: int) -> Any:  # noqa: ANN401
    match kind:
        case _ if kind is int or kind == int | None:
            return number
        case _ if kind is Address or kind is str:
            return "playground:ana-zebrafink"
        case _ if kind is Side:
            return Side.MENTEE
        case _ if typing.get_args(kind)[:1] == (int,):
            return [number]
        case _ if typing.get_args(kind)[:1] == (tuple[int, int],):
            return [(number, number + 1)]
        case _ if typing.get_origin(kind) is Collection:
            return [makes.one(typing.get_args(kind)[0], name)]
        case _:
            return makes.one(kind, name)


@pytest.mark.sr("SR-8.a")
async def test_no_question_of_one_society_reads_or_changes_anything_of_another(tmp_path: Path) -> None:
    async with open_sqlite(tmp_path / "society.db") as store:
        theirs = await store.found("Harborview", "America/New_York", "playground:home", "playground:officers")
        here = await two(store, theirs)
        async with store.records(theirs.id) as records:
            await records.people.link(here.ana, "playground:ana-zebrafink")
        ours = await store.found("Lakeside", "America/Chicago", "playground:lake", None)
        async with store.engine.connect() as connection:
            before = await rows_of(connection, theirs.id)
        tried = [(part, question, number) for part, question in questions() for number in (here.ana, here.ben)]
        assert len(tried) > 200
        for part, question, number in tried:
            with pytest.raises(Undone):
                await _asks(store, ours.id, part, question, number, before)


async def _asks(store: SqlStore, ours: int, part: str, question: str, number: int, before: Rows) -> None:
    """Ask one question, look at what came of it, and undo it."""
    async with store.records(ours) as records:
        of_it = getattr(records, part)
        assert isinstance(of_it, Part)
        given, named = arguments(getattr(PARTS[part], question), number)
        try:
            answer = await getattr(of_it, question)(*given, **named | FIELDS.get(f"{part}.{question}", {}))
        except (IntegrityError, LookupError, AssertionError) as refused:
            answer = type(refused)
        assert not [name for name in NAMES if name in repr(answer)], f"{part}.{question} tells {answer}"
        (theirs,) = {row["society"] for row in before["people"]}
        assert await rows_of(of_it.connection, theirs) == before, f"{part}.{question} changes what is theirs"
        raise Undone
