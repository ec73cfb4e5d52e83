"""When an update is welcome: never more often than a mentor said, whatever else happens."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import DAY, Pace, Pair, PairState, Wish
from bot.rules.news import may_hear_at, wished
from bot.vocabulary import Often

PACE = Pace()
START = datetime(2026, 10, 5, 14, tzinfo=UTC)
PAIR = Pair(1, 1, 2, PairState.ACTIVE, START)


@pytest.mark.sr("SR-46.a")
@given(st.sampled_from(Often), st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=30))
def test_between_two_lies_a_month_unless_they_want_more(often: Often, tries: list[tuple[int, bool]]) -> None:
    now, last, sent = START, None, []
    for days, milestone in tries:
        now += days * DAY
        at = may_hear_at(often, last, now, PACE, milestone=milestone)
        assert at is None or at >= now
        if at == now:
            sent.append((now, milestone))
            last = now
    if often is Often.NONE:
        assert not sent
    if often is Often.MILESTONES:
        assert all(milestone for _, milestone in sent)
    if often is not Often.ALWAYS:
        assert all(b - a >= PACE.news_apart for (a, _), (b, _) in itertools.pairwise(sent))


@given(st.sampled_from(Often), st.integers(-30, 30))
def test_what_was_said_before_the_end_of_a_pair_does_not_outlive_it(often: Often, days: int) -> None:
    ended = replace(PAIR, state=PairState.ENDED, ended_at=START)
    wish = Wish(often, START + days * DAY)
    assert wished(PAIR, wish) is often
    assert wished(ended, wish) is (often if days > 0 else Often.NONE)
    assert (wished(PAIR, None), wished(ended, None)) == (Often.MONTHLY, Often.NONE)
