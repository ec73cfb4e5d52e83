"""What officers count adds up, whatever happened."""

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Life, Member, Mentee, MenteeProfile, Mentor, MentorProfile, Pair, PairState, Person, QueueReason
from bot.rules.counts import Ended, counts, ended_for
from bot.vocabulary import Format, Help, MentorKind, Phase, Rhythm, Why, Window
from tests.society import MONDAY


def member(number: int, *, mentee: bool, mentor: bool) -> Member:
    person = Person(number, f"Member {number}", windows=(Window.WEEKEND_MORNING,))
    phase, rhythm = Phase.SOPHOMORE, Rhythm.MONTHLY
    wants, formats = (Help.STRATEGY,), (Format.VIDEO,)
    as_mentee = MenteeProfile(number, phase, wants=wants, formats=formats, rhythm=rhythm)
    as_mentor = MentorProfile(number, MentorKind.MS2, offers=wants, formats=formats, capacity=2)
    return Member(
        person, (), Mentee(person, as_mentee) if mentee else None, Mentor(person, as_mentor) if mentor else None
    )


members = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6).map(
    lambda roles: [member(n, mentee=mentee, mentor=mentor) for n, (mentee, mentor) in enumerate(roles, start=1)]
)
two = st.tuples(st.integers(1, 8), st.integers(1, 8)).filter(lambda both: both[0] != both[1])
lives = st.lists(
    st.builds(
        lambda both, state, **more: Life(Pair(1, both[0], both[1], state, MONDAY), **more),
        two,
        st.sampled_from(PairState),
        met=st.booleans(),
        completed=st.booleans(),
        whys=st.frozensets(st.sampled_from(Why)),
        queued=st.frozensets(st.sampled_from(QueueReason)),
    ),
    max_size=8,
)


@given(members, st.sets(two), lives)
def test_each_step_is_of_those_before_it_and_every_end_is_counted_once(
    members: list[Member], asked: set[tuple[int, int]], lives: list[Life]
) -> None:
    found = counts(members, asked, lives)
    for reached in (found.mentees, found.mentors):
        assert list(astuple(reached)) == sorted(astuple(reached), reverse=True)
    assert sum(found.ended.values()) == sum(not life.pair.live for life in lives)
    assert set(found.ended) == set(Ended)


@pytest.mark.parametrize(
    ("life", "why"),
    [
        ({"completed": True, "whys": frozenset({Why.FIT})}, Ended.DONE),
        ({"whys": frozenset({Why.FIT}), "queued": frozenset({QueueReason.MENTEE_QUIET})}, Ended.FIT),
        ({"queued": frozenset({QueueReason.NOT_A_FIT})}, Ended.FIT),
        ({"queued": frozenset({QueueReason.MENTEE_QUIET})}, Ended.QUIET),
        ({"whys": frozenset({Why.TIME}), "queued": frozenset({QueueReason.LEFT})}, Ended.OTHER),
    ],
)
def test_what_was_said_comes_before_what_was_only_seen(life: dict[str, object], why: Ended) -> None:
    assert ended_for(Life(Pair(1, 2, 3, PairState.ENDED, MONDAY), **life)) is why  # type: ignore[arg-type]
