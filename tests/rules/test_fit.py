"""Who may be paired and who fits, for any two profiles."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import (
    DAY,
    Intro,
    IntroState,
    Mentee,
    MenteeProfile,
    Mentor,
    MentorProfile,
    Pace,
    Pair,
    PairState,
    Person,
)
from bot.rules.fit import Bar, Filters, bars, best, fit, further_along, shared_windows
from bot.vocabulary import Format, Help, Hours, MentorKind, Phase, ReplyTime, Rhythm, Specialty, Window

PACE = Pace()
NOW = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
TODAY = date(2026, 10, 5)
HOME = ZoneInfo("America/New_York")
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York",
        "America/Phoenix",
        "Europe/London",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    )
]

zones = st.none() | st.sampled_from(ZONES)


def several(
    choices: type[Help] | type[Format] | type[Specialty] | type[Window], most: int = 4
) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.sampled_from(list(choices)), max_size=most, unique=True).map(tuple)


people = st.builds(
    Person,
    st.integers(1, 50),
    st.just("Ana Ruiz"),
    zones,
    windows=several(Window),
    adult=st.none() | st.booleans(),
    away_until=st.none() | st.integers(-5, 5).map(lambda days: TODAY + days * DAY),
)
mentee_profiles = st.builds(
    MenteeProfile,
    st.just(0),
    st.none() | st.sampled_from(Phase),
    several(Specialty),
    several(Help),
    several(Format),
    st.none() | st.sampled_from(Hours),
    st.none() | st.sampled_from(Rhythm),
    st.none() | st.sampled_from(ReplyTime),
)
mentor_profiles = st.builds(
    MentorProfile,
    st.just(0),
    st.none() | st.sampled_from(MentorKind),
    st.none() | st.sampled_from(Phase),
    several(Specialty),
    several(Help),
    several(Help),
    several(Format),
    st.none() | st.integers(1, 4),
    st.none() | st.sampled_from(Hours),
    st.none() | st.sampled_from(ReplyTime),
    approved_at=st.none() | st.just(NOW),
)
mentees = st.builds(Mentee, people, mentee_profiles)
mentors = st.builds(Mentor, people, mentor_profiles, st.integers(0, 4))
many = st.lists(mentors, max_size=8, unique_by=lambda mentor: mentor.person.id)

ANA = Mentee(
    Person(1, "Ana Ruiz", HOME, windows=(Window.WEEKDAY_EVENING,), adult=True),
    MenteeProfile(
        1,
        Phase.SOPHOMORE,
        (Specialty.PEDIATRICS,),
        (Help.STRATEGY,),
        (Format.VIDEO,),
        Hours.ONE,
        Rhythm.MONTHLY,
        ReplyTime.WEEK,
    ),
)
BEN = Mentor(
    Person(2, "Ben Okafor", HOME, windows=(Window.WEEKDAY_EVENING,), adult=True),
    MentorProfile(
        2,
        MentorKind.MS2,
        None,
        (Specialty.PEDIATRICS,),
        (Help.STRATEGY,),
        (),
        (Format.VIDEO,),
        2,
        Hours.TWO,
        ReplyTime.DAY,
        approved_at=NOW,
    ),
)


def against(
    mentee: Mentee,
    mentor: Mentor,
    *,
    intros: tuple[Intro, ...] = (),
    pairs: tuple[Pair, ...] = (),
    mentees_pairs: int = 0,
    conflict: bool = False,
    wish: bool = False,
) -> set[Bar]:
    return set(
        bars(
            mentee,
            mentor,
            zone=HOME,
            intros=intros,
            pairs=pairs,
            mentees_pairs=mentees_pairs,
            conflict=conflict,
            wish=wish,
            pace=PACE,
            now=NOW,
        )
    )


# ── bars ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_speaks_against_two_who_suit() -> None:
    assert against(ANA, BEN) == set()


@given(mentees, mentors, st.booleans(), st.booleans(), st.integers(0, 3))
def test_every_bar_stands_exactly_when_its_reason_does(
    mentee: Mentee, mentor: Mentor, conflict: bool, wish: bool, pairs: int
) -> None:
    found = against(mentee, mentor, conflict=conflict, wish=wish, mentees_pairs=pairs)
    both = (mentee.person, mentor.person)
    assert (Bar.SELF in found) == (mentee.person.id == mentor.person.id)
    assert (Bar.NOT_APPROVED in found) == (mentor.profile.approved_at is None)
    assert (Bar.FULL in found) == (mentor.load >= (mentor.profile.capacity or 0))
    assert (Bar.CONFLICT in found) == conflict
    assert (Bar.WISH in found) == wish
    away = [who.away_until and who.away_until > NOW.astimezone(who.zone or HOME).date() for who in both]
    assert (Bar.AWAY in found) == any(away)
    assert (Bar.NOT_FURTHER in found) == (not further_along(mentee, mentor))
    assert (Bar.UNDER_AGE in found) == any(who.adult is False for who in both)
    assert (Bar.ENOUGH in found) == (pairs >= PACE.mentors_each)


@given(st.sampled_from(IntroState), st.integers(0, 120))
def test_a_refusal_holds_for_good_and_not_now_for_a_while(state: IntroState, days: int) -> None:
    intro = Intro(1, 1, 2, state, closed_at=NOW - timedelta(days=days))
    refused = Bar.REFUSED in against(ANA, BEN, intros=(intro,))
    assert refused == (
        state is IntroState.NOT_FOR_ME
        or (state in (IntroState.NOT_NOW, IntroState.EXPIRED) and timedelta(days=days) < PACE.not_now)
    )


@given(st.sampled_from(PairState))
def test_two_are_a_pair_once(state: PairState) -> None:
    found = against(ANA, BEN, pairs=(Pair(1, 1, 2, state, NOW),))
    assert found == ({Bar.PAIRED_BEFORE} if state is PairState.ENDED else {Bar.ALREADY})


# ── the order ─────────────────────────────────────────────────────────────────────────────────────────────────────


@given(mentees, many, st.randoms(use_true_random=False))
def test_equal_inputs_give_equal_order(mentee: Mentee, found: list[Mentor], chance: random.Random) -> None:
    mixed = found[:]
    chance.shuffle(mixed)
    ordered = best(mentee, found, today=TODAY, zone=HOME)
    assert best(mentee, mixed, today=TODAY, zone=HOME) == ordered
    assert sorted(each.mentor.person.id for each in ordered) == sorted(mentor.person.id for mentor in found)
    assert [each.score for each in ordered] == sorted((each.score for each in ordered), reverse=True)


@given(mentees, mentors)
def test_a_score_is_out_of_a_hundred_with_at_most_three_reasons(mentee: Mentee, mentor: Mentor) -> None:
    found = fit(mentee, mentor, today=TODAY, zone=HOME)
    assert 0 <= found.score <= 100
    assert len(found.reasons) <= 3
    assert len(set(found.reasons)) == len(found.reasons)
    assert not found.score or found.reasons


def test_two_who_want_the_same_score_everything() -> None:
    assert fit(ANA, BEN, today=TODAY, zone=HOME).score == 100


@given(mentees, mentors, zones)
def test_a_zone_counts_only_through_the_times_both_can_make(
    mentee: Mentee, mentor: Mentor, zone: ZoneInfo | None
) -> None:
    moved = replace(mentor, person=replace(mentor.person, zone=zone))
    here, there = (fit(mentee, each, today=TODAY, zone=HOME) for each in (mentor, moved))
    times = [bool(shared_windows(mentee, each, today=TODAY, zone=HOME)) for each in (mentor, moved)]
    assert here.score - there.score == 10 * (times[0] - times[1])


@pytest.mark.sr("SR-13.a")
@given(mentees, mentors, zones, st.randoms(use_true_random=False))
def test_of_two_equal_mentors_who_share_a_time_neither_wins_by_zone(
    mentee: Mentee, mentor: Mentor, zone: ZoneInfo | None, chance: random.Random
) -> None:
    near = replace(mentor, person=replace(mentor.person, id=101, zone=HOME))
    far = replace(mentor, person=replace(mentor.person, id=102, zone=zone))
    if all(shared_windows(mentee, each, today=TODAY, zone=HOME) for each in (near, far)):
        both = [near, far]
        chance.shuffle(both)
        assert [each.mentor for each in best(mentee, both, today=TODAY, zone=HOME)] == [near, far]


@given(mentees, mentors, st.sampled_from(Help))
def test_offering_more_never_scores_less(mentee: Mentee, mentor: Mentor, more: Help) -> None:
    gives = replace(mentor.profile, offers=tuple(dict.fromkeys((*mentor.profile.offers, more))))
    richer = replace(mentor, profile=gives)
    assert fit(mentee, richer, today=TODAY, zone=HOME).score >= fit(mentee, mentor, today=TODAY, zone=HOME).score


@given(mentees, many, st.none() | st.sampled_from(Help), st.none() | st.sampled_from(Format))
def test_a_filter_only_leaves_out(mentee: Mentee, found: list[Mentor], wanted: Help | None, way: Format | None) -> None:
    everyone = best(mentee, found, today=TODAY, zone=HOME)
    some = best(mentee, found, today=TODAY, zone=HOME, filters=Filters(None, wanted, way))
    assert some == [
        each
        for each in everyone
        if (wanted is None or wanted in each.mentor.profile.offers)
        and (way is None or way in each.mentor.profile.formats)
    ]


# ── times both can make ───────────────────────────────────────────────────────────────────────────────────────────


@given(mentees, mentors, st.integers(0, 365))
def test_shared_times_are_the_mentees_own_and_mutual(mentee: Mentee, mentor: Mentor, days: int) -> None:
    day = TODAY + days * DAY
    shared = shared_windows(mentee, mentor, today=day, zone=HOME)
    assert set(shared) <= set(mentee.person.windows)
    swapped = shared_windows(
        Mentee(mentor.person, mentee.profile), Mentor(mentee.person, mentor.profile), today=day, zone=HOME
    )
    assert bool(shared) == bool(swapped)


@given(several(Window), st.sampled_from(ZONES))
def test_two_in_one_place_share_what_both_named(windows: tuple[Window, ...], zone: ZoneInfo) -> None:
    ana = replace(ANA, person=replace(ANA.person, zone=zone, windows=windows))
    ben = replace(BEN, person=replace(BEN.person, zone=zone, windows=tuple(Window)))
    assert set(shared_windows(ana, ben, today=TODAY, zone=HOME)) == set(windows)
