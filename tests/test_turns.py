"""A platform's limits are kept ahead of time."""

import asyncio

import pytest

from adapters.turns import PATIENCE, Turns
from bot.ports import Later


async def test_a_second_turn_waits_out_the_pause_and_another_name_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def waited(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", waited)
    turns = Turns()
    await turns.take(one=5)
    await turns.take(other=5)
    await turns.take(one=5, third=5)
    assert waits[:2] == [0, 0]
    assert 4 < waits[2] <= 5


async def test_a_turn_that_is_too_far_off_is_the_couriers_to_try_again() -> None:
    turns = Turns()
    await turns.take(one=2 * PATIENCE)
    with pytest.raises(Later) as later:
        await turns.take(one=1)
    assert PATIENCE < later.value.wait.total_seconds() <= 2 * PATIENCE
    await turns.take(other=1)
