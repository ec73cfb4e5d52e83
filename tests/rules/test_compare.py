"""The suggested middle, for any two answers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Answers
from bot.rules.compare import NONE, compared, suggest
from bot.vocabulary import Booker, Help, ReplyTime, Rhythm, Stance

GIVEN_AT = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)

topics = st.lists(st.sampled_from(Help), max_size=4, unique=True).map(tuple)
answers = st.builds(
    Answers,
    in_person=st.none() | st.sampled_from(Stance),
    shadowing=st.none() | st.sampled_from(Stance),
    online=st.none() | st.sampled_from(Stance),
    rhythm=st.none() | st.sampled_from(Rhythm),
    reply_promise=st.none() | st.sampled_from(ReplyTime),
    reply_need=st.none() | st.sampled_from(ReplyTime),
    booker=st.none() | st.sampled_from(Booker),
    topics=topics,
    given_at=st.just(GIVEN_AT),
)
WAYS = ("in_person", "shadowing", "online")


@given(answers, answers)
def test_the_rhythm_is_never_more_often_than_the_mentor_said(mentee: Answers, mentor: Answers) -> None:
    agreed = suggest(mentee, mentor, 1)
    if mentor.rhythm not in (None, Rhythm.AS_NEEDED):
        assert agreed.rhythm.days >= mentor.rhythm.days
    assert agreed.rhythm is not Rhythm.AS_NEEDED


@given(st.sampled_from(Rhythm), st.none() | st.just(Rhythm.AS_NEEDED))
def test_as_needed_leaves_the_rhythm_to_the_other(rhythm: Rhythm, open_: Rhythm | None) -> None:
    said, left = Answers(rhythm=rhythm, given_at=GIVEN_AT), Answers(rhythm=open_, given_at=GIVEN_AT)
    expected = Rhythm.MONTHLY if rhythm is Rhythm.AS_NEEDED else rhythm
    assert suggest(said, left, 1).rhythm is expected
    assert suggest(left, said, 1).rhythm is expected


@given(answers, answers)
def test_nobody_promises_what_they_did_not_say(mentee: Answers, mentor: Answers) -> None:
    agreed = suggest(mentee, mentor, 1)
    assert agreed.mentor_reply is (mentor.reply_promise or ReplyTime.THREE_DAYS)
    assert agreed.mentee_reply is (mentee.reply_promise or ReplyTime.THREE_DAYS)
    if mentor.topics:
        assert set(agreed.topics) <= set(mentor.topics)


@given(answers, answers)
def test_what_either_refuses_is_not_agreed(mentee: Answers, mentor: Answers) -> None:
    agreed = suggest(mentee, mentor, 1)
    for way in WAYS:
        said = {getattr(mentee, way), getattr(mentor, way)}
        if Stance.NO in said:
            assert getattr(agreed, way) is Stance.NO
        assert getattr(agreed, way) is not Stance.EITHER
        if said <= {None, Stance.EITHER, Stance.YES}:
            assert getattr(agreed, way) is Stance.YES


@given(answers, answers)
def test_the_mentee_books_unless_the_mentor_wishes_otherwise_and_the_mentee_does_not_mind(
    mentee: Answers, mentor: Answers
) -> None:
    booker = suggest(mentee, mentor, 1).booker
    assert booker is not Booker.EITHER
    if booker is not Booker.MENTEE:
        assert booker is mentor.booker
        assert mentee.booker in (mentor.booker, Booker.EITHER)


def test_where_nobody_says_who_books_it_is_the_mentee() -> None:
    nothing = Answers(given_at=GIVEN_AT)
    assert suggest(nothing, nothing, 1).booker is Booker.MENTEE


@given(answers)
def test_two_of_one_mind_match_everywhere(same: Answers) -> None:
    whole = replace(
        same,
        in_person=same.in_person or Stance.YES,
        shadowing=same.shadowing or Stance.NO,
        online=same.online or Stance.YES,
        rhythm=same.rhythm or Rhythm.MONTHLY,
        reply_promise=ReplyTime.DAY,
        reply_need=same.reply_need or ReplyTime.WEEK,
    )
    agreed = suggest(whole, whole, 1)
    assert {item.verdict for item in compared(whole, whole, agreed)} == {"match"}


@given(answers, answers)
def test_the_columns_show_each_side_its_own_words(mentee: Answers, mentor: Answers) -> None:
    items = compared(mentee, mentor, suggest(mentee, mentor, 1))
    assert len({item.topic for item in items}) == len(items) == 8
    assert all(item.mentee and item.mentor and item.agreed for item in items)
    by_topic = {item.topic: item for item in items}
    assert by_topic["How often"].mentor == (mentor.rhythm.label if mentor.rhythm else NONE)
    assert by_topic["The mentor answers"].mentor == (mentor.reply_promise.label if mentor.reply_promise else NONE)
    assert by_topic["The mentor answers"].mentee == (mentee.reply_need.label if mentee.reply_need else NONE)
    assert by_topic["The mentee answers"].mentee == (mentee.reply_promise.label if mentee.reply_promise else NONE)


@given(answers, answers)
def test_nothing_is_compared_before_both_are_in(mentee: Answers, mentor: Answers) -> None:
    for one, other in ((replace(mentee, given_at=None), mentor), (mentee, replace(mentor, given_at=None))):
        with pytest.raises(ValueError, match="both sides"):
            suggest(one, other, 1)
