"""What an introduction still needs, for any words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Intro, IntroState, Mentee, MenteeProfile, Person
from bot.rules.readiness import ASK, CONCRETE, MOTIVATION, Stage, alike, readiness, same_as
from bot.vocabulary import Academics, Format, Help, Phase, Rhythm, School, Window

READY = Mentee(
    Person(1, "Ana Ruiz", school="Harborview", windows=(Window.WEEKDAY_EVENING,)),
    MenteeProfile(1, Phase.SOPHOMORE, (), (Help.STRATEGY,), (Format.VIDEO,), rhythm=Rhythm.MONTHLY),
)
NOW = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
GOOD = Intro(
    1,
    1,
    2,
    IntroState.DRAFT,
    opening="Dear Dr. Okafor,",
    need="I want to plan my first clinical summer and can't weigh a research post against shadowing.",
    ask="Which of my two summer options would you choose?",
    motivation="I translated for my grandmother at her clinic for years. I want to be the one who explains.",
    why="You chose between the same two things.",
    effort="My questions come the day before, and I answer within two days.",
    closing="Thank you for reading this.",
    academics=Academics.NOT_NOW,
)

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


def without(mentee: Mentee, **gone: object) -> Mentee:
    person = {name: gone.pop(name) for name in ("name", "school", "windows") if name in gone}
    return Mentee(replace(mentee.person, **person), replace(mentee.profile, **gone))  # type: ignore[arg-type]


def test_an_introduction_with_everything_in_it_is_ready() -> None:
    state = readiness(GOOD, READY)
    assert (state.missing, state.advice, state.stage) == ((), (), Stage.READY)


@pytest.mark.sr("SR-20.a", "SR-16.a", "SR-17.a")
@pytest.mark.parametrize(
    ("intro", "mentee", "named"),
    [
        (GOOD, without(READY, name=""), "your name"),
        (GOOD, without(READY, phase=None), "where you are on the road"),
        (GOOD, without(READY, school=""), "your school"),
        (GOOD, without(READY, wants=()), "what you'd like help with"),
        (GOOD, without(READY, formats=()), "how you'd like to meet"),
        (GOOD, without(READY, rhythm=None), "how often"),
        (GOOD, without(READY, windows=()), "when you can usually meet"),
        (replace(GOOD, need="help me"), READY, "“help me” says too little"),
        (replace(GOOD, need="Please, I really need someone to help me with anything!"), READY, "your need"),
        (replace(GOOD, ask=""), READY, "one thing you ask of them"),
        (replace(GOOD, ask="Would you please be my mentor?"), READY, "more than to be your mentor"),
        (replace(GOOD, motivation="science"), READY, "why medicine"),
        (replace(GOOD, academics=None), READY, "grades and scores"),
    ],
)
def test_each_thing_that_is_missing_is_named_alone(intro: Intro, mentee: Mentee, named: str) -> None:
    state = readiness(intro, mentee)
    assert state.stage is Stage.NOT_READY
    (missing,) = state.missing
    assert named in missing


@pytest.mark.sr("SR-20.a")
@pytest.mark.parametrize("academics", Academics)
def test_whatever_one_would_share_of_grades_is_an_answer(academics: Academics) -> None:
    assert readiness(replace(GOOD, academics=academics), READY).stage is Stage.READY


@pytest.mark.parametrize("school", School)
def test_a_school_kept_back_is_an_answer(school: School) -> None:
    assert readiness(replace(GOOD, school=school), without(READY, school="")).stage is Stage.READY


@pytest.mark.sr("SR-22.a")
@pytest.mark.parametrize(
    ("draft", "advice"),
    [
        (replace(GOOD, why=""), "why this mentor"),
        (replace(GOOD, effort="", motivation=GOOD.motivation * 2), "for your part"),
        (replace(GOOD, opening=""), "greeting"),
        (replace(GOOD, opening="yo doc"), "greeting"),
        (replace(GOOD, closing="Bye."), "thanks"),
        (replace(GOOD, motivation="I like people and want to heal."), "It is short"),
        (replace(GOOD, motivation="and so on " * 60), "It is long"),
        (replace(GOOD, why="u chose btw the same 2 things lol, pls tell me more"), "words out"),
        (replace(GOOD, why="Why did you choose between the same two things???"), "words out"),
        (replace(GOOD, need=GOOD.need.upper(), motivation=GOOD.motivation.upper()), "shouting"),
    ],
)
def test_a_poor_draft_gets_one_hint_and_may_be_sent_all_the_same(draft: Intro, advice: str) -> None:
    state = readiness(draft, READY)
    assert state.ready
    assert state.stage is Stage.ALMOST
    (hint,) = state.advice
    assert advice in hint


@pytest.mark.sr("SR-22.a")
@pytest.mark.parametrize(
    "draft",
    [
        GOOD,
        replace(GOOD, opening="Good evening Dr. Okafor,"),
        replace(GOOD, opening="", need=f"Hello Dr. Okafor. {GOOD.need}"),
        replace(GOOD, closing="I would be grateful for any answer."),
        replace(
            GOOD, need="I have an MCAT, a GPA and an AMCAS question, and R or SPSS for the lab work to choose from."
        ),
    ],
)
def test_a_good_draft_gets_no_hint(draft: Intro) -> None:
    assert readiness(draft, READY).advice == ()


@given(intros)
def test_it_is_never_ready_without_everything_asked_for(intro: Intro) -> None:
    state = readiness(intro, READY)
    there = (
        len(intro.need) >= CONCRETE
        and len(intro.ask) >= ASK
        and len(intro.motivation) >= MOTIVATION
        and intro.academics is not None
    )
    assert state.ready == (not state.missing)
    assert there or not state.ready


@given(intros)
def test_an_unfinished_profile_is_never_ready(intro: Intro) -> None:
    assert not readiness(intro, Mentee(READY.person, MenteeProfile(1))).ready


@given(intros)
def test_advice_never_stands_in_the_way(intro: Intro) -> None:
    state = readiness(intro, READY)
    assert not set(state.advice) & set(state.missing)


@given(intros, intros)
def test_likeness_is_a_share_and_goes_both_ways_for_the_same(one: Intro, other: Intro) -> None:
    assert 0 <= alike(one, other) <= 1
    assert alike(one, one) == 1


@pytest.mark.sr("SR-21.a")
def test_nearly_the_same_words_to_another_mentor_are_noticed() -> None:
    sent = replace(GOOD, id=9, mentor=3, sent_at=NOW)
    assert same_as(GOOD, [sent]) == sent
    assert same_as(replace(GOOD, opening="Hello Ben,"), [sent]) == sent
    own = replace(GOOD, why="Your talk on rural clinics is why I want to spend this summer in one, as you once did.")
    assert same_as(own, [sent]) is None
    assert same_as(GOOD, [replace(sent, sent_at=None)]) is None
    assert same_as(GOOD, [replace(sent, mentor=GOOD.mentor)]) is None
