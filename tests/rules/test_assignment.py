"""The cheapest assignment: as cheap as another solver finds, proved by its prices, and the same each time."""

import random
from dataclasses import replace
from itertools import product

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.assignment import ALONE, Assignment, Stopped, Ways, assign, proves

ALONE_COSTS = 1000


@st.composite
def problems(draw: st.DrawFn) -> tuple[Ways, list[int]]:
    """Few costs, so that there are many ties; rows with no way, columns with no place."""
    places = draw(st.lists(st.integers(0, 3), max_size=6))
    columns = st.sets(st.sampled_from(range(len(places)))) if places else st.just(set[int]())
    rows = draw(st.lists(columns, max_size=9))
    return [[(column, draw(st.integers(-6, 6))) for column in sorted(row)] for row in rows], places


def whole_cost(found: Assignment, ways: Ways) -> int:
    return sum(
        ALONE_COSTS if to == ALONE else dict(way)[to] for way, to in zip(ways, found.columns, strict=True)
    )  # fmt: skip


def by_networkx(ways: Ways, places: list[int], alone: int = ALONE_COSTS) -> int:
    """The least whole cost, by somebody else's minimum-cost flow."""
    graph = networkx.DiGraph()
    graph.add_node("end", demand=len(ways))
    for row, way in enumerate(ways):
        graph.add_node(("row", row), demand=-1)
        graph.add_edge(("row", row), "end", capacity=1, weight=alone)
        for column, cost in way:
            graph.add_edge(("row", row), ("column", column), capacity=1, weight=cost)
    for column, free in enumerate(places):
        graph.add_edge(("column", column), "end", capacity=free, weight=0)
    least, _ = networkx.network_simplex(graph)
    return int(least)


def drawn(seed: int, rows: int, columns: int) -> tuple[Ways, list[int]]:
    chance = random.Random(seed)
    ways = [[(to, -chance.randint(0, 20)) for to in range(columns) if chance.random() < 0.4] for _ in range(rows)]
    return ways, [chance.randint(0, 4) for _ in range(columns)]


@given(problems())
def test_nothing_cheaper_is_found_by_another_solver(problem: tuple[Ways, list[int]]) -> None:
    ways, places = problem
    found = assign(ways, places, ALONE_COSTS)
    assert whole_cost(found, ways) == by_networkx(ways, places)
    assert proves(found, ways, places, ALONE_COSTS)


@pytest.mark.parametrize("seed", range(200))
def test_nor_in_two_hundred_societies_where_places_are_short(seed: int) -> None:
    ways, places = drawn(seed, 12 + seed % 30, 5 + seed % 9)
    found = assign(ways, places, ALONE_COSTS)
    assert whole_cost(found, ways) == by_networkx(ways, places)
    assert proves(found, ways, places, ALONE_COSTS)


@pytest.mark.parametrize("seed", range(3))
def test_where_another_solver_takes_long_the_prices_are_proof(seed: int) -> None:
    ways, places = drawn(seed, 400, 90 + 60 * seed)
    assert proves(assign(ways, places, ALONE_COSTS), ways, places, ALONE_COSTS)


@given(problems(), st.data())
def test_no_assignment_that_costs_more_has_a_proof(problem: tuple[Ways, list[int]], data: st.DataObject) -> None:
    ways, places = problem
    found = assign(ways, places, ALONE_COSTS)
    elsewhere = tuple(data.draw(st.sampled_from([ALONE, *(to for to, _ in way)])) for way in ways)
    other = replace(found, columns=elsewhere)
    costs_more = whole_cost(other, ways) > whole_cost(found, ways)
    over = any(elsewhere.count(to) > free for to, free in enumerate(places))
    assert not (proves(other, ways, places, ALONE_COSTS) and (costs_more or over))


@given(st.lists(st.integers(-3, 3), min_size=9, max_size=9))
def test_of_three_and_three_it_is_the_best_of_all_there_are(costs: list[int]) -> None:
    ways = [list(enumerate(costs[row * 3 : row * 3 + 3])) for row in range(3)]
    every = (
        sum(ALONE_COSTS if to == ALONE else dict(way)[to] for way, to in zip(ways, chosen, strict=True))
        for chosen in product([ALONE, 0, 1, 2], repeat=3)
        if all(chosen.count(to) <= 1 for to in range(3))
    )
    assert whole_cost(assign(ways, [1, 1, 1], ALONE_COSTS), ways) == min(every)


def test_who_could_only_go_where_it_is_full_makes_others_move() -> None:
    both, only = [(0, -9), (1, -5)], [(0, -1)]
    assert assign([both, only], [1, 1], ALONE_COSTS).columns == (1, 0)
    assert assign([only, both], [1, 1], ALONE_COSTS).columns == (0, 1)


def test_it_can_be_given_up() -> None:
    ways, places = drawn(1, 30, 5)
    with pytest.raises(Stopped):
        assign(ways, places, ALONE_COSTS, stop=lambda: True)


def test_nobody_to_place_is_no_trouble() -> None:
    assert assign([], [], ALONE_COSTS) == Assignment((), (), ())
    assert assign([[], []], [2], ALONE_COSTS).columns == (ALONE, ALONE)
