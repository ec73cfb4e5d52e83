"""Who goes where when places are few: the cheapest assignment there is, and the prices that prove it.

Rows (mentees) are placed one after another. Each takes the cheapest way in, which may move others along; the ways are
shortest paths, found by Dijkstra over costs made non-negative by *prices* that the full columns (mentors) have come to
be worth. This is the successive shortest path method for minimum-cost flow (Edmonds and Karp 1972; for assignments,
Jonker and Volgenant 1987) with columns of several places. Costs are whole numbers of any size, so nothing is rounded.

The prices are a certificate: with them, anyone can see that no other assignment costs less (see `proves`), without
believing a line of the search.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TypeAlias

Ways: TypeAlias = Sequence[Sequence[tuple[int, int]]]
"""For each row the columns it may go to, each with what that costs."""

ALONE = -1
"""The column of rows that go nowhere; it always has a place."""


class Stopped(Exception):
    """The search was given up before its end."""


@dataclass(frozen=True)
class Assignment:
    columns: tuple[int, ...]
    """Where each row goes; ALONE for those that go nowhere."""
    worth: tuple[int, ...]
    """What it costs the whole that each row is there."""
    prices: tuple[int, ...]
    """What one place more in each column would change the whole cost by: nothing, where one is free, else less."""


def assign(ways: Ways, places: Sequence[int], alone: int, stop: Callable[[], bool] = lambda: False) -> Assignment:
    """The assignment of least total cost, where a row that goes nowhere costs `alone`.

    The same input gives the same answer. Raises Stopped soon after `stop` says so.
    """
    search = _Search(ways, places, alone)
    for row in range(len(ways)):
        if stop():
            raise Stopped
        search.place(row)
    return Assignment(tuple(search.columns), tuple(search.worth), tuple(search.prices))


def proves(found: Assignment, ways: Ways, places: Sequence[int], alone: int) -> bool:
    """Whether an assignment keeps to the places, and its prices show that none costs less.

    A row pays at most what any column would cost it, price included, and exactly that where it is; only a full column
    has a price. Then every assignment costs at least all the rows' worth less the prices, and this one costs just that.
    """
    taken = [0] * len(places)
    for row, column in enumerate(found.columns):
        worth, options = found.worth[row], dict(ways[row])
        here = alone if column == ALONE else options[column] - found.prices[column]
        if worth != here or worth > alone or any(worth > cost - found.prices[to] for to, cost in ways[row]):
            return False
        if column != ALONE:
            taken[column] += 1
    return all(
        used <= most and price <= 0 and (price == 0 or used == most)
        for used, most, price in zip(taken, places, found.prices, strict=True)
    )


class _Search:
    """The rows placed so far: cheapest among themselves after every step."""

    def __init__(self, ways: Ways, places: Sequence[int], alone: int) -> None:
        self.ways, self.alone = ways, alone
        self.free = list(places)
        self.columns = [ALONE] * len(ways)
        self.worth = [0] * len(ways)
        self.prices = [0] * len(places)
        self.rows_in: list[list[int]] = [[] for _ in places]

    def place(self, new: int) -> None:
        """Bring one more row in by the cheapest way."""
        ways, free, prices, alone, rows_in = self.ways, self.free, self.prices, self.alone, self.rows_in
        near: dict[int, int] = {}  # full columns reached: the least it costs to get a place there
        through: dict[int, int] = {}  # the row that would move in
        settled: dict[int, int] = {}
        heap: list[tuple[int, int]] = []
        least, end, last = alone, ALONE, new  # the cheapest way out that is known
        moving, base = [(new, 0)], 0
        while True:
            for row, base in moving:
                if base + alone < least:
                    least, end, last = base + alone, ALONE, row
                for column, cost in ways[row]:
                    far = base + cost - prices[column]
                    if far >= least:
                        continue
                    if free[column]:
                        least, end, last = far, column, row
                    elif column not in near or far < near[column]:
                        near[column], through[column] = far, row
                        heappush(heap, (far, column))
            while heap and (heap[0][1] in settled or heap[0][0] >= least):
                if heap[0][0] >= least:
                    heap.clear()
                else:
                    heappop(heap)
            if not heap:
                break
            far, column = heappop(heap)
            settled[column] = far
            moving = [(row, far - self.worth[row]) for row in rows_in[column]]
        # Whatever was nearer than the way out is worth that much more.
        for column, far in settled.items():
            prices[column] -= least - far
            for row in rows_in[column]:
                self.worth[row] += least - far
        self.worth[new] = least
        self._move(new, end, last, through)

    def _move(self, new: int, end: int, last: int, through: dict[int, int]) -> None:
        """Let every row on the way move on by one, from its end to the new row."""
        if end != ALONE:
            self.free[end] -= 1
        column, row = end, last
        while True:
            was = self.columns[row]
            self.columns[row] = column
            if column != ALONE:
                self.rows_in[column].append(row)
            if row == new:
                return
            self.rows_in[was].remove(row)
            column, row = was, through[was]
