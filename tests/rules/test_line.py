"""Whom to tell of a free place: in order, one at a time, never more than there are places."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY, InLine, Pace, Told
from bot.rules.line import to_tell

PACE = Pace()
NOW = datetime(2026, 10, 5, 14, tzinfo=UTC)
MENTORS = range(100, 104)


def waits(person: int, days: int, *, first: bool = False, told: tuple[Told, ...] = ()) -> InLine:
    return InLine(person, NOW - days * DAY, first, told)


def test_who_waited_longest_is_told_and_the_next_is_not() -> None:
    line = [waits(1, 3), waits(2, 9), waits(3, 5)]
    assert to_tell(line, {1: [100], 2: [100], 3: [100]}, {100: 1}, PACE, NOW) == [(2, 100)]


def test_who_had_a_mentor_before_comes_first() -> None:
    assert to_tell([waits(1, 90), waits(2, 1, first=True)], {1: [100], 2: [100]}, {100: 1}, PACE, NOW) == [(2, 100)]


def test_a_place_is_held_for_who_was_told_and_then_goes_to_the_next() -> None:
    fitting, places = {1: [100], 2: [100]}, {100: 1}
    line = [waits(1, 9, told=(Told(100, NOW),)), waits(2, 5)]
    assert to_tell(line, fitting, places, PACE, NOW + PACE.line_hold - DAY) == []
    assert to_tell(line, fitting, places, PACE, NOW + PACE.line_hold) == [(2, 100)]


def test_who_does_not_fit_is_passed_over_without_losing_their_place() -> None:
    line = [waits(1, 9), waits(2, 5)]
    assert to_tell(line, {2: [100]}, {100: 1}, PACE, NOW) == [(2, 100)]
    assert to_tell(line, {1: [101], 2: [100]}, {101: 1}, PACE, NOW) == [(1, 101)]


tolds = st.lists(
    st.builds(Told, st.sampled_from(MENTORS), st.integers(0, 90).map(lambda days: NOW - days * DAY)),
    max_size=3,
    unique_by=lambda told: told.mentor,
).map(tuple)
lines = st.lists(
    st.builds(InLine, st.integers(1, 8), st.integers(0, 99).map(lambda d: NOW - d * DAY), st.booleans(), tolds),
    unique_by=lambda each: each.person,
    max_size=8,
)
fittings = st.dictionaries(st.integers(1, 8), st.permutations(MENTORS).map(lambda some: some[:2]))
places = st.dictionaries(st.sampled_from(MENTORS), st.integers(-1, 3))


@given(lines, fittings, places)
def test_what_must_hold_for_any_line(line: list[InLine], fitting: dict[int, list[int]], places: dict[int, int]) -> None:
    chosen = to_tell(line, fitting, places, PACE, NOW)
    held = [told for each in line for told in each.told if told.at + PACE.line_hold > NOW]
    load = Counter(told.mentor for told in held)
    people = {each.person: each for each in line}
    assert len({person for person, _ in chosen}) == len(chosen), "nobody is told of two at once"
    for person, mentor in chosen:
        load[mentor] += 1
        assert load[mentor] <= places[mentor], "no place is told of twice"
        assert mentor in fitting[person]
        assert not any(told.at + PACE.line_hold > NOW for told in people[person].told)
        assert all(told.mentor != mentor or told.at + PACE.not_now <= NOW for told in people[person].told)
    told_now = dict(chosen)
    for each in line:
        for mentor in fitting.get(each.person, ()):
            after_them = [
                person
                for person, chosen_mentor in chosen
                if chosen_mentor == mentor
                and (not people[person].first, people[person].since) > (not each.first, each.since)
            ]
            could = not any(told.at + PACE.line_hold > NOW for told in each.told) and all(
                told.mentor != mentor or told.at + PACE.not_now <= NOW for told in each.told
            )
            assert each.person in told_now or not could or not after_them, "nobody is overtaken"
