"""Whoever turns out to be whom, in whatever order: no pair is lost, places hold, and nothing is there twice."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.clock import MovableClock
from bot.model import IntroState, Pair, PairState
from bot.records import Records, Store
from bot.rehearsal import Actor, Paper
from bot.society import society as put_together
from tests.society import MONDAY, USUAL, words
from tests.stores import open_sqlite
from tests.test_links import code_of

PEOPLE = 6
someone = st.integers(0, PEOPLE - 1)
two = st.tuples(someone, someone).filter(lambda both: both[0] != both[1])


@dataclass(frozen=True)
class Before:
    """What there is before anyone links: who is a pair (and whether it has ended), who asks whom, whose places."""

    pairs: tuple[tuple[tuple[int, int], bool], ...]
    asks: tuple[tuple[int, int], ...]
    capacity: tuple[int, ...]


before = st.builds(
    Before,
    st.lists(st.tuples(two, st.booleans()), max_size=7).map(tuple),
    st.lists(two, max_size=4).map(tuple),
    st.tuples(*[st.integers(1, 3)] * PEOPLE),
)


@dataclass
class Check:
    store: Store
    app: App
    paper: Paper
    numbers: Iterator[int]

    async def holds(self, given: Before, links: list[tuple[int, int]]) -> None:
        place = f"paper:{next(self.numbers)}"
        society = await self.store.found("Harborview", "America/New_York", place, None)
        actors = [Actor(self.app, self.paper, place, f"{place}/u/{n}", f"Person {n}") for n in range(PEOPLE)]
        async with self.store.records(society.id) as records:
            people = await self._set_out(records, actors, given)
            was = {pair.id: pair for person in people for pair in await records.pairs.all_of(person)}
        one = dict(zip(people, people, strict=True))  # whom each turned out to be, as far as anyone knows
        for first, second in links:
            a, b = one[people[first]], one[people[second]]
            said = words(await actors[second].calls("link", code=code_of(await actors[first].calls("link"))))
            paired = any({one[pair.mentee], one[pair.mentor]} == {a, b} for pair in was.values())
            assert ("Enter it where" in said) == (a == b)
            assert ("different people" in said) == (a != b and paired)
            if "Is each of these you?" in said:
                async with self.store.records(society.id) as records:
                    waited = await _waiting(records)
                await actors[second].presses("Yes, both are me")
                one = {person: a if root == b else root for person, root in one.items()}
                async with self.store.records(society.id) as records:
                    await self._requests_hold(records, waited)
        async with self.store.records(society.id) as records:
            now = {root: await _at(records, actors[people.index(root)]) for root in set(one.values())}
            for person, actor in zip(people, actors, strict=True):
                assert await _at(records, actor) == now[one[person]]
            who = {person: now[root] for person, root in one.items()}
            assert len(await records.people.all()) == len(now) == len(set(now.values()))
            await self._pairs_hold(records, was, who)
            await self._places_hold(records, set(who.values()))

    async def _set_out(self, records: Records, actors: list[Actor], given: Before) -> list[int]:
        people = [(await records.people.meet(actor.address, actor.name)).id for actor in actors]
        for person, capacity in zip(people, given.capacity, strict=True):
            await records.people.save_mentee(person)
            await records.people.save_mentor(person, capacity=capacity, approved_at=MONDAY)
        for (mentee, mentor), ended in given.pairs:
            pair = await records.pairs.make(people[mentee], people[mentor], MONDAY)
            if pair and ended:
                await records.pairs.set_state(pair.id, PairState.ENDED, MONDAY)
        for mentee, mentor in given.asks:
            if {mentee, mentor} in [set(both) for both, ended in given.pairs if not ended]:
                continue  # nobody asks whom they have
            draft = await records.intros.draft(people[mentee], people[mentor])
            await records.intros.send(draft.id, MONDAY)
        return people

    async def _pairs_hold(self, records: Records, was: dict[int, Pair], who: dict[int, int]) -> None:
        live: dict[frozenset[int], int] = defaultdict(int)
        for number, before_ in was.items():
            pair = await records.pairs.get(number)
            assert pair is not None
            assert (pair.mentee, pair.mentor) == (who[before_.mentee], who[before_.mentor])
            assert before_.live or not pair.live
            live[frozenset((pair.mentee, pair.mentor))] += pair.live
        lived = {frozenset((who[pair.mentee], who[pair.mentor])) for pair in was.values() if pair.live}
        assert {both for both, count in live.items() if count} == lived
        assert all(count <= 1 for count in live.values())

    async def _requests_hold(self, records: Records, waited: set[int]) -> None:
        """`waited`: the requests that waited before two became one; what was taken back earlier stays so."""
        for person in (each.id for each in await records.people.all()):
            paired = {other for pair in await records.pairs.live_of(person) for other in (pair.mentee, pair.mentor)}
            mine = [intro for intro in await records.intros.all_of(person) if intro.id in waited]
            waiting = [intro for intro in mine if _waits(intro.state)]
            assert len(waiting) == bool([intro for intro in mine if intro.mentor not in paired])
            assert {intro.state for intro in mine} <= {IntroState.WAITING, IntroState.WITHDRAWN}

    async def _places_hold(self, records: Records, people: set[int]) -> None:
        newcomer = (await records.people.add("Newcomer")).id
        for person in people:
            mentor = await records.people.mentor(person)
            assert mentor is not None
            assert mentor.load == sum(pair.mentor == person for pair in await records.pairs.live_of(person))
            made = await records.pairs.make(newcomer, person, MONDAY)
            assert (made is not None) == (mentor.load < (mentor.profile.capacity or 0))


def _waits(state: IntroState) -> bool:
    return state is IntroState.WAITING


async def _waiting(records: Records) -> set[int]:
    everyone = [each.id for each in await records.people.all()]
    return {intro.id for person in everyone for intro in await records.intros.all_of(person) if _waits(intro.state)}


async def _at(records: Records, actor: Actor) -> int:
    person = await records.people.at(actor.address)
    assert person is not None
    return person.id


def test_whoever_links_with_whom_everything_is_kept_and_nothing_is_twice(tmp_path: Path) -> None:
    resources = AsyncExitStack()
    with asyncio.Runner() as runner:
        store = runner.run(resources.enter_async_context(open_sqlite(tmp_path / "society.db")))
        clock = MovableClock(MONDAY)
        check = Check(store, put_together(store, clock, USUAL), Paper(clock.now), itertools.count())

        @settings(max_examples=25)
        @example(
            Before((), ((0, 2), (1, 3)), (1,) * PEOPLE), [(0, 1), (0, 2)]
        )  # asked themselves, then, as it turns out
        @given(before, st.lists(two, min_size=1, max_size=4))
        def holds(given: Before, links: list[tuple[int, int]]) -> None:
            runner.run(check.holds(given, links))

        holds()
        runner.run(resources.aclose())
