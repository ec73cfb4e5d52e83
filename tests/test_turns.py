"""A platform's limits are kept ahead of time."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.turns import PATIENCE, Allowance, Turns
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


@given(st.integers(1, 5), st.lists(st.floats(0, 30), max_size=60))
def test_an_allowance_is_never_overdrawn_and_is_whole_again_when_it_says(most: int, steps: list[float]) -> None:
    now, spent = 0.0, list[float]()
    allowance = Allowance(most, 60, lambda: now)
    for step in steps:
        now += step
        if (wait := allowance.wait()) > 0:
            assert len([at for at in spent if at > now - 60]) >= most
            now += wait + 1e-6  # what floats leave over
            assert allowance.wait() == 0
        allowance.spend()
        spent.append(now)
    assert all(later - one >= 60 for one, later in zip(spent, spent[most:], strict=False))


async def test_a_name_that_is_held_back_rests_from_now_on() -> None:
    now = 0.0
    turns = Turns(lambda: now)
    await turns.take(one=1)
    turns.hold(one=2 * PATIENCE)
    with pytest.raises(Later):
        await turns.take(one=1)
    now = 2 * PATIENCE
    await turns.take(one=1)
