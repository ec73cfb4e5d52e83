"""Who waits for whom, for how long, and that nobody is made to chase: a term of any pair, day by day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import DAY, Agreement, Event, Happened, Pace, Pair, PairFacts, PairState, Person, Plan, Side
from bot.rules.agenda import Do, Step, next_step
from bot.rules.waiting import Promptness, contact_is_planned, open_plan, promptness, who_waits
from bot.vocabulary import MentorKind, ReplyTime, Rhythm, Term
from tests.rules.test_agenda import BOT

PACE = Pace()
START = datetime(2026, 10, 5, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAIR = Pair(1, 1, 2, PairState.ACTIVE, START, room="paper:room")
QUIET = PairFacts(PAIR, Person(1, "Ana"), Person(2, "Ben"), MentorKind.MS2, (), True, True)
WROTE, MENTEE, MENTOR = Happened.WROTE, Side.MENTEE, Side.MENTOR


def after_words(*words: tuple[float, Happened, Side | None]) -> PairFacts:
    return replace(QUIET, events=tuple(Event(START + day * DAY, what, side) for day, what, side in words))


# ── who waits ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-4.a")
@pytest.mark.parametrize("waiting", Side)
def test_someone_who_wrote_waits_late_only_past_the_others_promise(waiting: Side) -> None:
    waits = who_waits(after_words((0, WROTE, waiting)), [], PACE)
    assert waits is not None
    assert waits.side is waiting
    assert not waits.late(START + 3 * DAY)
    assert waits.late(START + 4 * DAY)


@pytest.mark.sr("SR-24.b")
def test_how_promptly_someone_answers_counts_their_own_answers_only() -> None:
    facts = after_words(
        (0, WROTE, MENTOR), (2, WROTE, MENTEE), (10, WROTE, MENTOR), (16, WROTE, MENTEE), (30, WROTE, MENTOR),
    )  # fmt: skip
    assert promptness(facts, MENTEE, [], PACE) == Promptness(answers=2, in_time=1)
    assert promptness(facts, MENTOR, [], PACE) == Promptness(answers=0, in_time=0)


@pytest.mark.sr("SR-44.a")
def test_the_next_contact_is_a_day_a_meeting_or_the_mentors_turn() -> None:
    met = after_words((0, Happened.MET, None))
    now = START + 5 * DAY
    assert not contact_is_planned(met, [], now, PACE)
    assert contact_is_planned(replace(met, plan=Plan(now + DAY, now)), [], now, PACE)
    assert contact_is_planned(replace(met, meeting_ends=now + DAY), [], now, PACE)
    assert contact_is_planned(after_words((4, WROTE, MENTEE)), [], now, PACE)
    assert not contact_is_planned(after_words((4, WROTE, MENTOR)), [], now, PACE)
    wrote_since = after_words((6, Happened.UPDATED, MENTEE))
    assert open_plan(replace(wrote_since, plan=Plan(START + 9 * DAY, now))) is None


# ── a plan ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.sr("SR-44.a", "SR-45.a")
@given(st.integers(1, 40))
def test_on_the_day_they_named_the_mentee_is_invited_and_not_asked_before(days: int) -> None:
    said = START + HOUR
    facts = after_words((0, Happened.MET, None), (0, Happened.CHECKIN_ANSWERED, MENTEE))
    step = _next(replace(facts, plan=Plan(said + days * DAY, said)))
    assert step.do is Do.INVITE
    assert step.at == said + days * DAY


def _next(facts: PairFacts) -> Step:
    """The next step that is no check-in."""
    while (step := next_step(facts, PACE)) and step.do is Do.CHECK_IN:
        facts = replace(facts, events=(*facts.events, Event(step.at, Happened.CHECKIN_ASKED, step.side),
                                       Event(step.at, Happened.CHECKIN_ANSWERED, step.side)))  # fmt: skip
    assert step is not None
    return step


def test_a_day_that_was_named_is_waited_for_but_not_when_the_mentor_has_written_since() -> None:
    quiet = after_words((0, WROTE, MENTEE), (0.1, WROTE, MENTOR), (45, Happened.NUDGED, MENTEE))
    later = replace(quiet, plan=Plan(START + 53 * DAY, START + 46 * DAY))
    assert _next(quiet).at == START + 49 * DAY
    assert _next(later).at == START + 56 * DAY
    wrote = replace(later, events=(*later.events, Event(START + 47 * DAY, WROTE, MENTOR)))
    assert _next(wrote).at < START + 53 * DAY


# ── nobody has to chase ───────────────────────────────────────────────────────────────────────────────────────────

# What the two do on a day, as far as the bot hears of it; mostly nothing.
SAYS = [None, None, None, None, (WROTE, MENTEE), (WROTE, MENTOR), (Happened.MET, None), (Happened.NO_ANSWER, MENTOR)]
agreements = st.none() | st.builds(
    lambda rhythm, reply: Agreement(
        1,
        {Term.RHYTHM: (rhythm,), Term.MENTEE_REPLY: (reply,), Term.MENTOR_REPLY: (reply,)},
        START,
        START,
    ),
    st.sampled_from(Rhythm),
    st.sampled_from(ReplyTime),
)
TERM = 120
MENTOR_ASKED = (Do.ASK_ROOM,)
MENTEE_ASKED = (Do.NUDGE_START, Do.NUDGE_QUIET, Do.REMIND_REPLY, Do.ASK_ANSWERED)


@pytest.mark.sr("SR-26.a")
@settings(max_examples=60)
@given(
    agreements,
    st.sampled_from(MentorKind),
    st.lists(st.sampled_from(SAYS), min_size=TERM, max_size=TERM),
    st.sets(st.integers(0, TERM - 1)),
)
def test_over_a_term_a_mentor_is_asked_only_for_their_own_promise(
    agreement: Agreement | None,
    kind: MentorKind,
    days: list[tuple[Happened, Side | None] | None],
    complaints: set[int],
) -> None:
    """Whatever the two say and leave unsaid: a nudge to the mentor follows a promise of theirs, and the mentee's word.

    `complaints`: on which days a mentee who is asked whether an answer came says that it did not.
    """
    facts, mentor, mentee = replace(QUIET, agreement=agreement, mentor_kind=kind), 0, 0
    for day, says in enumerate(days):
        now = START + day * DAY
        while (step := next_step(facts, PACE)) and step.at <= now:
            if step.do in MENTOR_ASKED:
                waits = who_waits(facts, [], PACE)
                assert waits is not None
                assert waits.side is MENTEE
                assert now >= waits.late_from
                mentor += 1
            mentee += step.do in MENTEE_ASKED
            facts = _and_then(facts, now, BOT[step.do], step.side)
            if step.do is Do.ASK_ANSWERED and day in complaints:
                facts = _and_then(facts, now + HOUR, Happened.NO_ANSWER, MENTEE)
        if says:
            facts = _and_then(facts, now + 2 * HOUR, *says)
    assert mentor <= mentee


def _and_then(facts: PairFacts, at: datetime, what: Happened, side: Side | None) -> PairFacts:
    return replace(facts, events=(*facts.events, Event(at, what, side)))


# ── no question on the heels of an answer ─────────────────────────────────────────────────────────────────────────


@given(st.sampled_from([(WROTE, MENTEE), (Happened.UPDATED, MENTEE), (Happened.MET, None)]), st.integers(60, 90))
def test_the_word_that_ends_a_silence_is_followed_by_no_check_in(said: tuple[Happened, Side | None], day: int) -> None:
    silent = after_words(
        (0, WROTE, MENTEE), (0.1, WROTE, MENTOR), (14, Happened.CHECKIN_ASKED, MENTEE),
        (14, Happened.CHECKIN_ASKED, MENTOR), (21, Happened.NUDGED, MENTEE), (25, Happened.NUDGED, MENTEE),
        (30, Happened.HANDED_OVER, MENTEE),
    )  # fmt: skip
    word = START + day * DAY
    step = next_step(_and_then(silent, word, *said), PACE)
    assert step is not None
    assert step.do is not Do.CHECK_IN or step.at >= word + PACE.checkin_after_silence
