"""How two answers compare, and the suggested middle, for any two answers."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Agreement, Answers, Side
from bot.rules.checklist import GROUND, ITEMS, MUSTS, acknowledged, missing, wants_shadowing, worded
from bot.rules.compare import NEUTRAL, Item, compared, cover, credit, letters, overlap, stance, terms_of
from bot.vocabulary import EITHER, Channel, ReplyTime, Term

GIVEN_AT = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
EVERY = tuple(ITEMS.values())


def answer_to(item: Item, side: Side) -> st.SearchStrategy[tuple[str, ...]]:
    """Any answer the form allows: some of the choices, or "I don't mind"."""
    ask = item.ask(side)
    slugs = st.sampled_from([choice.value for choice in ask.offered])
    return st.just((EITHER,)) | st.lists(slugs, min_size=1, max_size=ask.most, unique=True).map(tuple)


def answers(side: Side) -> st.SearchStrategy[Answers]:
    """Every must answered, the rest perhaps."""
    musts = {item.term: answer_to(item, side) for item in MUSTS}
    rest = {item.term: answer_to(item, side) for item in EVERY if item not in MUSTS}
    said = st.fixed_dictionaries(musts, optional=rest)
    return said.map(lambda said: Answers(said, GIVEN_AT))


mentees, mentors = answers(Side.MENTEE), answers(Side.MENTOR)


def test_the_checklist_asks_what_it_should() -> None:
    musts = [item.term for item in MUSTS]
    assert len(musts) == len(set(musts)) == 10
    assert len(ITEMS) == len(EVERY)
    for item in EVERY:
        assert item.phrase.startswith("“"), "a sentence to say it with"
        assert item.default or item.term is Term.PAPERS


@pytest.mark.parametrize("term", [Term.IN_PERSON, Term.SHADOWING, Term.ONLINE])
@pytest.mark.sr("SR-36.a", "SR-37.a", "SR-38.a")
def test_each_way_of_meeting_is_asked_by_itself_and_a_mentor_may_say_only_through_my_institution(term: Term) -> None:
    item = ITEMS[term]
    assert item in MUSTS
    assert {"Only through my institution", "Not offered"} <= {choice.label for choice in item.mentor.offered}
    assert {"yes", "maybe", "no"} <= {choice.value for choice in item.mentee.offered}


# ── the middle ────────────────────────────────────────────────────────────────────────────────────────────────────


def steps(term: Term, slug: str) -> int:
    return [choice.value for choice in ITEMS[term].mentor.offered].index(slug)


@given(mentees, mentors)
@pytest.mark.sr("SR-40.a")
def test_the_middle_never_exceeds_what_the_mentor_said_they_can_give(mentee: Answers, mentor: Answers) -> None:
    terms = terms_of(compared(EVERY, mentee, mentor))
    for term in (Term.HOURS, Term.LENGTH, Term.AMOUNT):
        limit = mentor.said.get(term, (EITHER,))
        if term in terms and limit != (EITHER,):
            assert steps(term, terms[term][0]) <= steps(term, limit[0])
    rhythm = mentor.said[Term.RHYTHM][0]
    agreed = Agreement(1, terms)
    if rhythm not in (EITHER, "as_needed"):
        assert steps(Term.RHYTHM, agreed.rhythm) >= steps(Term.RHYTHM, rhythm)
    for term in (Term.CHANNELS, Term.WAYS):
        if EITHER not in mentor.said[term]:
            assert set(terms[term]) <= set(mentor.said[term])


@given(mentees, mentors)
@pytest.mark.sr("SR-15.a")
def test_text_and_phone_are_agreed_only_where_the_mentor_ticked_them(mentee: Answers, mentor: Answers) -> None:
    private = {Channel.TEXT.value, Channel.PHONE.value}
    agreed = terms_of(compared(EVERY, mentee, mentor))[Term.CHANNELS]
    assert private.intersection(agreed) <= set(mentor.said[Term.CHANNELS])


@given(mentees, mentors)
def test_nobody_promises_or_opens_more_than_they_said(mentee: Answers, mentor: Answers) -> None:
    terms = terms_of(compared(EVERY, mentee, mentor))
    for term, giver in ((Term.MENTOR_REPLY, mentor), (Term.MENTEE_REPLY, mentee)):
        if giver.said[term] != (EITHER,):
            assert terms[term] == giver.said[term]
    for term in (Term.ACADEMICS, Term.WEEKLY):
        if term in terms and mentee.said[term] != (EITHER,):
            assert steps(term, terms[term][0]) <= steps(term, mentee.said[term][0])
    if EITHER not in mentor.said[Term.TOPICS]:
        assert set(terms[Term.TOPICS]) <= set(mentor.said[Term.TOPICS])


@given(mentees, mentors)
def test_what_either_refuses_is_not_agreed(mentee: Answers, mentor: Answers) -> None:
    terms = terms_of(compared(EVERY, mentee, mentor))
    for way in (Term.IN_PERSON, Term.SHADOWING, Term.ONLINE):
        if ("no",) in (mentee.said[way], mentor.said[way]):
            assert terms[way] == ("no",)
    if mentor.said.get(Term.LETTERS) == ("no",) and Term.LETTERS in terms:
        assert terms[Term.LETTERS] == ("no",)


@given(mentees, mentors)
@pytest.mark.sr("SR-27.a")
def test_the_mentee_books_unless_both_want_it_otherwise(mentee: Answers, mentor: Answers) -> None:
    booker = Agreement(1, terms_of(compared(EVERY, mentee, mentor))).booker
    if booker != "mentee":
        said = mentee.said[Term.BOOKER], mentor.said[Term.BOOKER]
        assert said[0] == said[1] or EITHER in (*said[0], *said[1])
        assert said[1] != (EITHER,) or booker == "turns", "a mentor who doesn't mind has not taken it on"
    assert Agreement(1).booker == "mentee"


@given(mentees, mentors)
def test_every_middle_is_one_of_the_choices_and_can_be_said(mentee: Answers, mentor: Answers) -> None:
    for point in compared(EVERY, mentee, mentor):
        slugs = tuple(choice.value for choice in point.met.middle)
        assert EITHER not in slugs
        assert len(set(slugs)) == len(slugs)
        assert worded(point.term, slugs) == point.middle
        assert all(point.said(side) for side in Side)


# ── match, to talk about, conflict ────────────────────────────────────────────────────────────────────────────────


@given(mentees, mentors)
@pytest.mark.sr("SR-34.a")
def test_i_dont_mind_is_an_answer_to_everything_and_meets_any_other(mentee: Answers, mentor: Answers) -> None:
    easy = Answers(dict.fromkeys(ITEMS, (EITHER,)), GIVEN_AT)
    for points in (compared(EVERY, mentee, easy), compared(EVERY, easy, mentor), compared(EVERY, easy, easy)):
        assert {point.verdict for point in points} == {"match"}
    assert {point.said(side) for point in compared(EVERY, easy, easy) for side in Side} == {NEUTRAL}


TWO_ANSWERS: dict[Term, tuple[tuple[str, str, str], ...]] = {
    Term.RHYTHM: (
        ("weekly", "weekly", "match"),
        ("weekly", "fortnightly", "talk"),
        ("weekly", "monthly", "conflict"),
        ("weekly", "as_needed", "talk"),
    ),
    Term.HOURS: (("one", "two", "match"), ("two", "one", "talk"), ("four", "one", "conflict")),
    Term.MENTOR_REPLY: (("week", "day", "match"), ("day", "two_days", "talk"), ("day", "week", "conflict")),
    Term.MENTEE_REPLY: (("day", "week", "match"), ("week", "day", "conflict")),
    Term.CHANNELS: (("here,email", "email,video", "match"), ("text", "here", "conflict")),
    Term.TOPICS: (("mcat", "mcat,essays", "match"), ("mcat,letters", "mcat", "talk"), ("mcat", "essays", "conflict")),
    Term.BOOKER: (("mentee", "mentee", "match"), ("mentor", "mentee", "talk")),
    Term.NOTICE: (("day", "two_days", "talk"),),
    Term.ACADEMICS: (("exact", "ranges", "match"), ("general", "ranges", "talk"), ("none", "exact", "conflict")),
    Term.LETTERS: (("hoping", "no", "conflict"), ("later", "open", "match"), ("hoping", "after_work", "talk")),
    Term.SHADOWING: (
        ("yes", "no", "conflict"),
        ("yes", "office", "talk"),
        ("no", "yes", "match"),
        ("virtual", "virtual", "match"),
    ),
    Term.PAPERS: (("tb,flu", "tb", "match"), ("tb", "tb,id", "talk"), ("nothing", "tb", "conflict")),
    Term.WEEKLY: (("five", "two", "match"), ("two", "five", "talk"), ("two", "nine", "conflict")),
    Term.CREDIT: (
        ("co_author", "later", "talk"),
        ("first", "thanks", "conflict"),
        ("thanks", "thanks", "match"),
    ),
}


@pytest.mark.parametrize(
    ("term", "mentee", "mentor", "verdict"), [(term, *row) for term, rows in TWO_ANSWERS.items() for row in rows]
)
def test_two_answers(term: Term, mentee: str, mentor: str, verdict: str) -> None:
    assert ITEMS[term].meet(mentee.split(","), mentor.split(",")).verdict == verdict


@pytest.mark.parametrize(
    ("term", "mentee", "mentor", "middle"),
    [
        (Term.RHYTHM, "weekly", "bimonthly", ["bimonthly"]),
        (Term.RHYTHM, "termly", "monthly", ["bimonthly"]),
        (Term.RHYTHM, "as_needed", "monthly", ["monthly"]),
        (Term.HOURS, "half", "two", ["half"]),
        (Term.CHANNELS, "email,here", "here,video,email", ["here", "email"]),
        (Term.CHANNELS, "text", "email,here", ["email", "here"]),
        (Term.NOTICE, "two_hours", "day", ["day"]),
        (Term.SPAN, "year", "term", ["term"]),
        (Term.SPAN, "goal", "year", ["year"]),
        (Term.REVIEW, "sixty_days", "four_weeks", ["four_weeks"]),
        (Term.SLIPPING, "week", "day", ["day"]),
        (Term.ACADEMICS, "exact", "general", ["general"]),
        (Term.LETTERS, "hoping", "open", ["after_work"]),
        (Term.CREDIT, "first", "thanks", ["later"]),
    ],
)
def test_the_middle(term: Term, mentee: str, mentor: str, middle: Sequence[str]) -> None:
    assert list(ITEMS[term].meet(mentee.split(","), mentor.split(",")).middle) == middle


@given(mentors)
def test_two_of_one_mind_match_everywhere_but_on_what_has_to_be_decided_yet(same: Answers) -> None:
    own_choices = {item.term for item in EVERY if item.compare in (stance, letters)}
    for item in EVERY:
        slugs = same.said.get(item.term)
        if slugs and item.term not in own_choices and item.compare not in (credit,):
            assert item.meet(slugs, slugs).verdict == "match", item.term
            if item.compare in (cover, overlap) and EITHER not in slugs:
                assert tuple(item.meet(slugs, slugs).middle) == slugs


# ── before both are in ────────────────────────────────────────────────────────────────────────────────────────────


@given(mentees, mentors)
@pytest.mark.sr("SR-34.b")
def test_nothing_is_compared_before_both_are_in_nor_what_only_one_has_answered(
    mentee: Answers, mentor: Answers
) -> None:
    for one, other in ((Answers(mentee.said), mentor), (mentee, Answers(mentor.said))):
        with pytest.raises(ValueError, match="both sides"):
            compared(EVERY, one, other)
    assert {point.term for point in compared(EVERY, mentee, mentor)} == set(mentee.said) & set(mentor.said)


@given(mentees, st.sampled_from(MUSTS))
@pytest.mark.sr("SR-6.a")
def test_one_must_unanswered_is_missing(mentee: Answers, item: Item) -> None:
    assert missing(mentee) == []
    left_out = {term: slugs for term, slugs in mentee.said.items() if term is not item.term}
    assert missing(Answers(left_out)) == [item]


@pytest.mark.parametrize(
    ("mentee", "mentor", "asked"),
    [
        ("yes", "office", True),
        ("maybe", EITHER, True),
        ("no", "yes", False),
        ("yes", "no", False),
        (EITHER, EITHER, False),
    ],
)
def test_shadowing_is_asked_about_only_where_one_wishes_it_and_the_other_offers_it(
    mentee: str, mentor: str, asked: bool
) -> None:
    one, other = (Answers({Term.SHADOWING: (said,)}, GIVEN_AT) for said in (mentee, mentor))
    assert wants_shadowing(one, other) is asked


def test_ground_rules_are_acknowledged_one_and_all() -> None:
    assert not acknowledged(Answers({Term.GROUND: tuple(GROUND)[:2]}), Term.GROUND, GROUND)
    assert acknowledged(Answers({Term.GROUND: tuple(GROUND)}), Term.GROUND, GROUND)


def test_an_agreement_says_what_holds_where_nothing_was_asked() -> None:
    nothing = Agreement(1)
    assert nothing.reply(Side.MENTOR) is nothing.reply(Side.MENTEE) is ReplyTime.THREE_DAYS
    assert (nothing.rhythm.days, nothing.length.minutes, nothing.notice.hours) == (30, 30, 24)
    assert (nothing.prepare.days, nothing.review.days) == (1, 60)
