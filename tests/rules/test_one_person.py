"""Two who turn out to be one: who stays, what the two profiles say together, and what is left of what was double."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.model import (
    DAY,
    Intro,
    IntroState,
    Member,
    Mentee,
    MenteeProfile,
    Mentor,
    MentorProfile,
    Pair,
    PairState,
    Person,
)
from bot.rules.one_person import combined, doubled, in_order, same_person_twice, taken_back
from bot.vocabulary import Help, Hours, Phase, Rhythm

NOW = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
BOTH = frozenset({1, 2})


def member(number: int, *, approved: bool = False, told: bool = False) -> Member:
    person = Person(number, f"Person {number}", school="Harborview" if told else "")
    mentor = Mentor(person, MentorProfile(number, approved_at=NOW)) if approved else None
    return Member(person, (), Mentee(person, MenteeProfile(number)), mentor)


def test_an_approved_mentor_stays_then_who_told_more_then_who_came_first() -> None:
    for one, other in (
        (member(2, approved=True), member(1, told=True)),
        (member(2, told=True), member(1)),
        (member(1), member(2)),
    ):
        assert in_order(one, other) == in_order(other, one) == (one, other)


def test_what_only_one_says_counts_and_else_the_fuller_has_the_word() -> None:
    short = MenteeProfile(2, phase=Phase.JUNIOR, wants=(Help.MCAT,))
    full = MenteeProfile(1, phase=Phase.SOPHOMORE, hours=Hours.ONE, rhythm=Rhythm.MONTHLY)
    together = {"phase": Phase.SOPHOMORE, "wants": (Help.MCAT,), "hours": Hours.ONE, "rhythm": Rhythm.MONTHLY}
    assert combined(short, full) == combined(full, short) == together


def test_between_two_as_full_the_newer_has_the_word() -> None:
    assert combined(MenteeProfile(1, phase=Phase.JUNIOR), MenteeProfile(2, phase=Phase.SOPHOMORE)) == {
        "phase": Phase.SOPHOMORE
    }


def test_under_age_stays_under_age_and_an_absence_lasts_to_its_later_end() -> None:
    one = Person(1, "Ana", school="Harborview", adult=True, away_until=date(2026, 11, 1), away_since=NOW)
    other = Person(2, "Ana", adult=False, away_until=date(2026, 12, 1), away_since=NOW - DAY)
    together = combined(one, other)
    assert (together["adult"], together["away_until"]) == (False, date(2026, 12, 1))
    assert together["away_since"] == NOW - DAY


pairs = st.lists(
    st.builds(
        lambda mine, other, way, state, days: Pair(
            0, *((mine, other) if way else (other, mine)), state, NOW - days * DAY
        ),
        st.sampled_from((1, 2)),
        st.integers(3, 5),
        st.booleans(),
        st.sampled_from(PairState),
        st.integers(0, 99),
    ),
    max_size=8,
).map(lambda found: [replace(pair, id=number) for number, pair in enumerate(found, 1)])


@given(pairs, st.dictionaries(st.integers(1, 8), st.integers(0, 99).map(lambda days: NOW - days * DAY)))
def test_with_every_other_exactly_one_live_pair_goes_on_the_one_last_in_touch(
    found: list[Pair], contact: dict[int, datetime]
) -> None:
    folded = doubled(found, BOTH, contact)
    assert all(pair.live for pair in folded)
    for other in (3, 4, 5):
        live = [pair for pair in found if pair.live and other in (pair.mentee, pair.mentor)]
        going_on = [pair for pair in live if pair not in folded]
        assert len(going_on) == bool(live)
        talked = [contact[pair.id] for pair in live if pair.id in contact]
        assert not talked or contact[going_on[0].id] == max(talked)


@given(
    st.lists(st.tuples(st.sampled_from((1, 2)), st.integers(3, 5), st.booleans(), st.integers(0, 9)), max_size=6), pairs
)
def test_one_open_request_of_ones_own_stays_and_none_between_two_who_are_a_pair(
    asked: list[tuple[int, int, bool, int]], found: list[Pair]
) -> None:
    intros = [
        Intro(
            number,
            *((mine, other) if own else (other, mine)),
            IntroState.WAITING,
            sent_at=NOW - days * DAY,
        )
        for number, (mine, other, own, days) in enumerate(asked, 1)
    ]
    back = taken_back(intros, found, BOTH)
    stays = [intro for intro in intros if intro not in back]
    paired = {person for pair in found if pair.live for person in (pair.mentee, pair.mentor)} - BOTH
    assert not [intro for intro in stays if {intro.mentee, intro.mentor} & paired]
    own = [intro for intro in intros if intro.mentee in BOTH and intro.mentor not in paired]
    kept = [intro for intro in stays if intro.mentee in BOTH]
    assert len(kept) == bool(own)
    assert not own or kept[0].sent_at == min(intro.sent_at for intro in own if intro.sent_at)


def test_who_ever_was_a_pair_with_each_other_is_two_people() -> None:
    ended = Pair(1, 2, 1, PairState.ENDED, NOW)
    assert same_person_twice([ended], BOTH)
    assert not same_person_twice([replace(ended, mentor=3)], BOTH)
