"""Who may do what: whoever has no right changes nothing, whoever has one changes what is their own, and a private word
is read by nobody it was not meant for. A new press is tried without a word added here."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from bot.feature import Feature, Stale, Turn
from bot.model import Need, Role
from bot.pairs import end
from bot.ports import Pressed
from bot.society import FEATURES
from bot.ui import Private, Reply, act, message
from tests.stores import open_sqlite
from tests.trial import trial

HALVES = (
    ("mentee", "mentor", "member", "officer", "officer whose term is over", "stranger"),
    ("mentee of another pair", "mentor of another pair", "president", "advisor", "safeguarding",
     "officer of another society"),
)  # fmt: skip
"""Everyone, in two casts that are tried beside each other. Either has a pair, and someone with an officer's power."""


@pytest.mark.parametrize("cast", HALVES)
async def test_nobody_does_what_is_not_theirs_or_reads_what_was_not_meant_for_them(
    tmp_path: Path, cast: tuple[str, ...]
) -> None:
    async with open_sqlite(tmp_path / "society.db") as store, trial(store, FEATURES) as tried:
        tried.begin()
        await tried.everything(cast)
    assert tried.wrong == []
    # What everyone is declined proves little: most of it was done by somebody, with these very numbers.
    assert len(tried.done) > 0.7 * len(tried.handled), sorted(name for _, name in tried.handled.keys() - tried.done)


async def test_a_press_that_forgets_to_ask_is_found(tmp_path: Path) -> None:
    careless = Feature("careless")

    @careless.press("careless.end")
    async def end_any(turn: Turn, pair_id: int) -> Reply:
        pair = await turn.records.pairs.get(pair_id)
        if pair is None:
            raise Stale
        await end(turn, pair)
        return Private(message("Ended."))

    @careless.press("careless.look", need=Need.READ)
    async def look_at_any(turn: Turn, pair_id: int) -> Reply:
        shared = await turn.records.permissions.shared(pair_id)
        return Private(message(shared.words if shared else "Nothing."))

    @careless.press("careless.approve")
    async def approve_any(turn: Turn, person: int) -> Reply:
        await turn.records.people.save_mentor(person, approved_at=turn.now)
        return Private(message("Approved."))

    @careless.press("careless.name")
    async def name_oneself(turn: Turn) -> Reply:
        await turn.records.power.name(turn.who.id, Role.PRESIDENT, None)
        return Private(message("You govern now."))

    async with open_sqlite(tmp_path / "society.db") as store, trial(store, (*FEATURES, careless)) as tried:
        cast = tried.evening.cast
        pair, ben = tried.evening.pairs[1].id, tried.people[cast["mentor"].address]
        for press, *numbers in (("end", pair), ("look", pair), ("approve", ben), ("name",)):
            await tried.tried(Pressed(act(f"careless.{press}", *numbers)), tuple(cast))
    found: dict[str, set[str]] = defaultdict(set)
    for wrong in tried.wrong:
        role, _, rest = wrong.partition(": ")
        found[rest.partition("careless.")[2].partition("'")[0]].add(role)
    everyone_here = cast.keys() - {"officer of another society"}
    assert found == {
        "end": everyone_here - {"mentee", "mentor"},
        "look": {"officer", "advisor", "president"},
        "approve": everyone_here,
        "name": everyone_here - {"president"},
    }
