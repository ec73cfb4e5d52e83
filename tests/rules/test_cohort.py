"""A cohort's proposal: no rule is broken, nothing is better by the aims as they stand, and it is the same each time."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import product

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.cohort import NOW, ZONES, cohort, roster
from bot.model import (
    DAY,
    History,
    InLine,
    Intro,
    IntroState,
    Member,
    Mentee,
    Mentor,
    Pace,
    Pair,
    PairState,
    Proposed,
)
from bot.rules.cohort import (
    Cohort,
    Outside,
    Proposal,
    Scores,
    Wishes,
    apart,
    changes,
    gathered,
    possible,
    propose,
    why_alone,
)
from bot.rules.fit import Bar, bars, bars_unasked, fit
from bot.vocabulary import Format, MentorKind, Phase, Specialty

ASKED, UNASKED = (IntroState.NOT_FOR_ME, IntroState.NOT_NOW, IntroState.EXPIRED), (IntroState.WITHDRAWN,)


def records(seed: int) -> tuple[list[Member], History, list[InLine]]:
    """A small society with all that can stand between two people."""
    chance = random.Random(seed)
    members = roster(seed, chance.randint(0, 12), chance.randint(0, 7), most_places=chance.choice([1, 1, 3]))
    mentees = [each.person.id for each in members if each.mentee]
    mentors = [each.person.id for each in members if each.mentor]

    def worse(member: Member) -> Member:
        person, mentor = member.person, member.mentor
        if chance.random() < 0.1:
            person = replace(person, away_until=(NOW + chance.randint(-3, 3) * DAY).date())
        if chance.random() < 0.1:
            person = replace(person, adult=None if chance.random() < 0.5 else False)
        if mentor and chance.random() < 0.2:
            mentor = replace(mentor, load=chance.randint(0, 3))
        if mentor and chance.random() < 0.1:
            mentor = replace(mentor, profile=replace(mentor.profile, approved_at=None))
        return Member(
            person,
            member.addresses if chance.random() < 0.9 else (),
            member.mentee and replace(member.mentee, person=person),
            mentor and replace(mentor, person=person),
        )

    two = list(product(mentees, mentors))
    intros, pairs = [], []
    kept_apart: tuple[set[tuple[int, int]], ...] = (set(), set())
    for number, (mentee, mentor) in enumerate(chance.sample(two, len(two) // 5)):
        match chance.randint(0, 3):
            case 0:
                state = chance.choice([*ASKED, *UNASKED])
                closed = NOW - timedelta(days=chance.randint(0, 120))
                intros.append(Intro(number, mentee, mentor, state, sent_at=closed, closed_at=closed))
            case 1:
                over = chance.random() < 0.7
                pairs.append(Pair(number, mentee, mentor, PairState.ENDED if over else PairState.ACTIVE, NOW))
            case 2:
                chance.choice(kept_apart).add((min(mentee, mentor), max(mentee, mentor)))
            case _ if not any(each.mentee == mentee and each.state is IntroState.WAITING for each in intros):
                intros.append(Intro(number, mentee, mentor, IntroState.WAITING, sent_at=NOW))
    line = [InLine(each, NOW - chance.randint(0, 60) * DAY) for each in mentees if chance.random() < 0.4]
    past = History(tuple(intros), tuple(pairs), *map(frozenset, kept_apart))
    return [worse(each) for each in members], past, line


def society(seed: int) -> Cohort:
    members, past, line = records(seed)
    return gathered(members, past, line, (), zone=ZONES[0], pace=Pace(), now=NOW)


def wishes(seed: int, now: Cohort) -> Wishes:
    """What officers may wish, whether it can be or not."""
    chance = random.Random(seed)
    two = list(product(now.mentees, now.mentors))
    locked = dict(chance.sample(two, min(len(two), chance.randint(0, 3))))
    return Wishes(
        locked,
        frozenset(chance.sample(two, min(len(two), chance.randint(0, 4)))),
        frozenset(chance.sample(list(now.mentees), min(len(now.mentees), chance.randint(0, 2)))),
    )


def broken(now: Cohort, found: Proposal) -> list[object]:
    """Every rule that a proposal breaks."""
    taken, given_ = Counter(pair.mentor for pair in found.pairs), Counter(pair.mentee for pair in found.pairs)
    return [
        *(apart(now, pair.mentee, pair.mentor) for pair in found.pairs if apart(now, pair.mentee, pair.mentor)),
        *((mentor, "too many") for mentor, count in taken.items() if count > now.places[mentor]),
        *((mentee, "twice") for mentee, count in given_.items() if count > 1),
    ]


def best_by_networkx(now: Cohort, scores: Scores) -> tuple[int, int]:
    """As many pairs as possible, and then the highest total, by somebody else's maximum flow of least cost."""
    graph = networkx.DiGraph()
    graph.add_nodes_from(["begin", "end"])
    for mentee, could in scores.items():
        graph.add_edge("begin", ("mentee", mentee), capacity=1, weight=0)
        for mentor, points in could.items():
            graph.add_edge(("mentee", mentee), ("mentor", mentor), capacity=1, weight=-points)
    for mentor, free in now.places.items():
        graph.add_edge(("mentor", mentor), "end", capacity=free, weight=0)
    flow = networkx.max_flow_min_cost(graph, "begin", "end")
    return sum(flow["begin"].values()), -networkx.cost_of_flow(graph, flow)


seeds = st.integers(0, 2**32)


@given(seeds, seeds)
def test_no_hard_rule_is_broken_whatever_is_locked_kept_apart_or_left_out(seed: int, wish: int) -> None:
    now = society(seed)
    scores, wished = possible(now), wishes(wish, now)
    found = propose(now, scores, wished)
    assert broken(now, found) == []
    for pair in found.pairs:
        assert pair.mentee not in wished.out
        if pair.locked:
            assert wished.locked[pair.mentee] == pair.mentor
        else:
            assert (pair.mentee, pair.mentor) not in wished.apart
    kept = {pair.mentee for pair in found.pairs if pair.locked} | {pair.mentee for pair in found.unlocked}
    assert kept == wished.locked.keys()
    both = {pair.mentee for pair in found.pairs} | set(found.alone)
    assert both == now.mentees.keys() - wished.out


@given(seeds)
def test_the_rules_are_those_of_a_pair_by_hand_and_the_score_is_what_a_mentee_sees(seed: int) -> None:
    members, past, _ = records(seed)
    now = society(seed)
    by_id = {member.person.id: member for member in members}
    for (mentee, one), (mentor, other) in product(now.mentees.items(), now.mentors.items()):
        by_hand = bars(
            one,
            other,
            zone=now.zone,
            intros=[each for each in past.intros if (each.mentee, each.mentor) == (mentee, mentor)],
            pairs=[each for each in past.pairs if {each.mentee, each.mentor} == {mentee, mentor}],
            mentees_pairs=sum(each.live and each.mentee == mentee for each in past.pairs),
            conflict=(min(mentee, mentor), max(mentee, mentor)) in past.conflicts,
            wish=(min(mentee, mentor), max(mentee, mentor)) in past.wishes,
            pace=Pace(),
            now=NOW,
        )
        assert not set(by_hand) - set(apart(now, mentee, mentor))
        if mentor in possible(now)[mentee]:
            assert by_hand == []
            assert not bars_unasked(one, other, today=now.today, zone=now.zone)
            assert by_id[mentor].addresses
            assert possible(now)[mentee][mentor] == fit(one, other, today=now.today, zone=now.zone).score
        else:
            assert apart(now, mentee, mentor)


@pytest.mark.parametrize("block", range(10))
def test_no_solver_pairs_more_or_pairs_them_better_in_three_hundred_societies(block: int) -> None:
    for seed in range(block * 30, block * 30 + 30):
        now = society(seed)
        scores = possible(now)
        found = propose(now, scores)
        assert (len(found.pairs), found.total) == best_by_networkx(now, scores), seed


@given(seeds)
def test_the_worst_off_and_those_who_waited_come_next(seed: int) -> None:
    """Of a handful of people, every way to pair them is looked at."""
    chance = random.Random(seed)
    now = cohort(roster(seed, chance.randint(1, 4), chance.randint(1, 4), most_places=2), seed)
    # Few scores, so that there are many ties.
    scores = {
        mentee: {mentor: points // 25 for mentor, points in could.items()} for mentee, could in possible(now).items()
    }

    def worth(pairs: list[tuple[int, int]]) -> tuple[int, int, list[int], int]:
        points = [scores[mentee][mentor] for mentee, mentor in pairs]
        return len(pairs), sum(points), sorted(points), sum(now.waited(mentee) for mentee, _ in pairs)

    every = []
    for chosen in product(*([None, *could] for could in scores.values())):
        pairs = [(mentee, mentor) for mentee, mentor in zip(scores, chosen, strict=True) if mentor is not None]
        if all(count <= now.places[mentor] for mentor, count in Counter(mentor for _, mentor in pairs).items()):
            every.append(worth(pairs))
    found = propose(now, scores)
    assert worth([(pair.mentee, pair.mentor) for pair in found.pairs]) == max(every)


@given(seeds, st.randoms())
def test_the_order_of_rows_never_counts(seed: int, chance: random.Random) -> None:
    members, past, line = records(seed)
    first = society(seed)
    for rows in (members, line):
        chance.shuffle(rows)
    intros, pairs = list(past.intros), list(past.pairs)
    chance.shuffle(intros)
    chance.shuffle(pairs)
    past = replace(past, intros=tuple(intros), pairs=tuple(pairs))
    again = gathered(members, past, line, (), zone=ZONES[0], pace=Pace(), now=NOW)
    assert propose(first, possible(first)) == propose(again, possible(again))


@given(seeds, seeds)
def test_working_it_out_again_around_all_that_is_locked_changes_nothing(seed: int, wish: int) -> None:
    now = society(seed)
    scores = possible(now)
    wished = wishes(wish, now)
    found = propose(now, scores, wished)
    out = wished.out | frozenset(found.alone)
    locked = Wishes({pair.mentee: pair.mentor for pair in found.pairs}, frozenset(), out)
    again = propose(now, scores, locked)
    assert [(pair.mentee, pair.mentor) for pair in again.pairs] == [(pair.mentee, pair.mentor) for pair in found.pairs]
    assert changes(found, again) == []


def test_two_who_could_mentor_each_other_are_proposed_one_way() -> None:
    mentee, mentor = (member for member in roster(3, 1, 1))
    assert mentee.mentee
    assert mentor.mentor
    begins = replace(mentee.mentee.profile, phase=Phase.FRESHMAN, formats=(Format.VIDEO,))
    gives = replace(mentor.mentor.profile, kind=MentorKind.RESIDENT, formats=(Format.VIDEO,))
    both = []
    for number in (1, 2):
        person = replace(mentee.person, id=number)
        both.append(Member(person, (f"paper:{number}",), Mentee(person, begins), Mentor(person, gives)))
    now = cohort(both)
    assert apart(now, 1, 2) == apart(now, 2, 1) == []
    assert [(pair.mentee, pair.mentor) for pair in propose(now, possible(now)).pairs] == [(1, 2)]


def test_places_are_held_for_whoever_has_asked_or_was_just_told() -> None:
    now = cohort(roster(1, 6, 3))
    mentor = next(iter(now.mentors))
    members = roster(1, 6, 3)
    asked = Intro(1, 1, mentor, IntroState.WAITING, sent_at=NOW)
    later = gathered(
        members, History((asked,), (), frozenset()), [], (), zone=ZONES[0], pace=Pace(), now=NOW
    )  # fmt: skip
    assert later.outside[1] is Outside.ASKED
    assert later.places[mentor] == now.places[mentor] - 1


def test_what_changes_names_first_those_who_would_get_nobody() -> None:
    before = Proposal((Proposed(1, 11, 80), Proposed(2, 12, 60), Proposed(3, 13, 50)), ())
    after = Proposal((Proposed(1, 12, 70), Proposed(3, 11, 90)), (2,))
    assert [change.mentee for change in changes(before, after)] == [2, 1, 3]
    assert [change.better for change in changes(before, after)] == [0, -10, 40]


def test_who_gets_nobody_is_told_what_stands_nearest_in_the_way() -> None:
    members = roster(7, 1, 4)
    mentee = members[0].mentee
    assert mentee
    strange = replace(mentee, profile=replace(mentee.profile, formats=("letters",), interests=(Specialty.ENT,)))  # type: ignore[arg-type]
    now = cohort([replace(members[0], mentee=strange), *members[1:]])
    why = why_alone(now, possible(now), members[0].person.id)
    assert why.could == 0
    assert Bar.NO_WAY in why.bars
