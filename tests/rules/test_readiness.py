"""What an introduction still needs, for any words."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Intro, IntroState, Mentee, MenteeProfile, Person
from bot.rules.readiness import ASK, CONCRETE, MOTIVATION, readiness
from bot.vocabulary import Academics, Format, Help, Phase, Rhythm, Window

READY = Mentee(
    Person(1, "Ana Ruiz", windows=(Window.WEEKDAY_EVENING,)),
    MenteeProfile(1, Phase.SOPHOMORE, (), (Help.STRATEGY,), (Format.VIDEO,), rhythm=Rhythm.MONTHLY),
)
NOW = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)

words = st.text(max_size=80)
intros = st.builds(
    Intro,
    id=st.just(1),
    mentee=st.just(1),
    mentor=st.just(2),
    state=st.just(IntroState.DRAFT),
    need=words,
    ask=words,
    motivation=words,
    why=words,
    academics=st.none() | st.sampled_from(Academics),
    sent_at=st.none() | st.just(NOW),
)


@given(intros)
def test_it_is_ready_exactly_when_everything_asked_for_is_there(intro: Intro) -> None:
    state = readiness(intro, READY)
    there = (
        len(intro.need) >= CONCRETE
        and len(intro.ask) >= ASK
        and len(intro.motivation) >= MOTIVATION
        and intro.academics is not None
    )
    assert state.ready == there == (not state.missing)


@given(intros)
def test_an_unfinished_profile_is_never_ready(intro: Intro) -> None:
    assert not readiness(intro, Mentee(READY.person, MenteeProfile(1))).ready


@given(st.sampled_from(Academics))
def test_what_one_shares_of_grades_is_never_graded(academics: Academics) -> None:
    intro = Intro(
        1,
        1,
        2,
        IntroState.DRAFT,
        need="I want to plan my first clinical summer and can't weigh two offers.",
        ask="Which would you choose?",
        motivation="I translated for my grandmother at her clinic.",
        why="You chose between the same two.",
        academics=academics,
    )
    state = readiness(intro, READY)
    assert state.ready
    assert state.advice == ()


@given(intros)
def test_advice_never_stands_in_the_way(intro: Intro) -> None:
    state = readiness(intro, READY)
    assert len(state.advice) <= 3
    assert not set(state.advice) & set(state.missing)
