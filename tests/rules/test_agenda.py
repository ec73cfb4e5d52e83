"""A pair's next step, for any history: whom it goes to, that a silence ends with a human, and that pauses count."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import (
    DAY,
    Agreement,
    Break,
    Event,
    Happened,
    Pace,
    Pair,
    PairFacts,
    PairState,
    Person,
    QueueReason,
    Side,
)
from bot.rules.agenda import Do, Health, Step, health, next_step, still
from bot.rules.waiting import last_contact, who_waits
from bot.vocabulary import MentorKind, ReplyTime, Rhythm, Term

PACE = Pace()
NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
PAIR = Pair(1, 1, 2, PairState.ACTIVE, START, room="paper:room")
NEW = PairFacts(
    PAIR, Person(1, "Ana Ruiz", NEW_YORK), Person(2, "Ben Okafor", NEW_YORK), MentorKind.MS2, (), zone=NEW_YORK
)
BOT = {
    # What the bot's own doing leaves behind, as the features write it.
    Do.NUDGE_START: Happened.NUDGED,
    Do.NUDGE_QUIET: Happened.NUDGED,
    Do.REMIND_EXPECTATIONS: Happened.EXPECTATIONS_REMINDED,
    Do.REMIND_REPLY: Happened.REPLY_REMINDED,
    Do.REVIEW: Happened.REVIEW_ASKED,
    Do.CHECK_IN: Happened.CHECKIN_ASKED,
    Do.INVITE: Happened.INVITED,
    Do.PLAN_LAST: Happened.CLOSING_ASKED,
    Do.ASK_LAST: Happened.LAST_ASKED,
    Do.ASK_ANSWERED: Happened.ANSWER_ASKED,
    Do.ASK_ROOM: Happened.ROOM_ASKED,
    Do.HAND_OVER: Happened.HANDED_OVER,
    Do.RESUME: Happened.RESUMED,
}
SAID = [
    (Happened.WROTE, Side.MENTEE),
    (Happened.WROTE, Side.MENTOR),
    (Happened.MET, None),
    (Happened.UPDATED, Side.MENTEE),
    (Happened.NO_ANSWER, Side.MENTEE),
    (Happened.NO_ANSWER, Side.MENTOR),
    (Happened.CHECKIN_ANSWERED, Side.MENTEE),
    (Happened.CHECKIN_ANSWERED, Side.MENTOR),
    (Happened.STAYS, Side.MENTOR),
    (Happened.REVIEWED, Side.MENTEE),
    (Happened.PHASE_CHANGED, Side.MENTEE),
    (Happened.OFFICER_WROTE, None),
]
DONE = [
    (Happened.CHECKIN_ASKED, Side.MENTEE),
    (Happened.CHECKIN_ASKED, Side.MENTOR),
    (Happened.INVITED, Side.MENTEE),
    (Happened.EXPECTATIONS_REMINDED, Side.MENTEE),
    (Happened.REVIEW_ASKED, Side.MENTEE),
    (Happened.REPLY_REMINDED, Side.MENTEE),
    (Happened.NUDGED, Side.MENTEE),
    (Happened.ANSWER_ASKED, Side.MENTEE),
    (Happened.ROOM_ASKED, Side.MENTOR),
    (Happened.HANDED_OVER, Side.MENTEE),
    (Happened.PAUSED, None),
    (Happened.RESUMED, None),
]


def agreed(rhythm: Rhythm, reply: ReplyTime) -> Agreement:
    terms = {Term.RHYTHM: (rhythm,), Term.MENTEE_REPLY: (reply,), Term.MENTOR_REPLY: (reply,)}
    return Agreement(1, terms, START, START)


def _events(steps: list[tuple[timedelta, tuple[Happened, Side | None]]]) -> tuple[Event, ...]:
    at, events = START, []
    for wait, (what, side) in steps:
        at += wait
        events.append(Event(at, what, side))
    return tuple(events)


waits = st.integers(0, 20 * 24).map(lambda hours: timedelta(hours=hours))
histories = st.lists(st.tuples(waits, st.sampled_from([*SAID, *DONE])), max_size=12).map(_events)
agreements = st.none() | st.builds(agreed, st.sampled_from(Rhythm), st.sampled_from(ReplyTime))
facts = st.builds(
    replace,
    st.just(NEW),
    events=histories,
    mentor_kind=st.none() | st.sampled_from(MentorKind),
    mentee_answered=st.booleans(),
    mentor_answered=st.booleans(),
    agreement=agreements,
)


def happening(facts: PairFacts, at: datetime, what: Happened, side: Side | None = None) -> PairFacts:
    return replace(facts, events=(*facts.events, Event(at, what, side)))


def done(facts: PairFacts, step: Step, at: datetime) -> PairFacts:
    """The facts after the bot has done a step."""
    after = happening(facts, at, BOT[step.do], None if step.do is Do.RESUME else step.side)
    if step.do is Do.RESUME:
        after = replace(after, pair=replace(after.pair, state=PairState.ACTIVE, paused_until=None))
    return after


def lived(facts: PairFacts, until: datetime) -> tuple[PairFacts, list[tuple[datetime, Step]]]:
    """Nobody says a word until then: everything the bot does."""
    now = max([facts.pair.started_at, *(event.at for event in facts.events)])
    steps: list[tuple[datetime, Step]] = []
    while (step := next_step(facts, PACE)) and step.at <= until:
        now = max(now, step.at)
        steps.append((now, step))
        facts = done(facts, step, now)
        assert len(steps) < 500, "the bot never stops"
    return facts, steps


# ── whom a step goes to ───────────────────────────────────────────────────────────────────────────────────────────


@given(facts, st.integers(-400, 900))
def test_nobody_is_asked_after_a_silence_before_a_booked_meeting_has_had_its_day(facts: PairFacts, hours: int) -> None:
    ends = START + hours * timedelta(hours=1)
    _, usual = lived(facts, START + 60 * DAY)
    _, steps = lived(replace(facts, meeting_ends=ends), START + 60 * DAY)
    asking = {Do.NUDGE_START, Do.NUDGE_QUIET, Do.ASK_ANSWERED, Do.ASK_ROOM, Do.HAND_OVER, Do.REMIND_REPLY}
    assert all(at >= ends + DAY for at, step in steps if step.do in asking)
    if ends + DAY <= START:
        assert steps == usual


@given(facts)
def test_a_nudge_never_goes_to_the_mentor(facts: PairFacts) -> None:
    step = next_step(facts, PACE)
    if step and step.do in (Do.NUDGE_START, Do.NUDGE_QUIET, Do.ASK_ANSWERED, Do.RESUME):
        assert step.side is Side.MENTEE


@given(facts)
def test_a_year_of_silence_chases_no_mentor_who_was_not_complained_of(facts: PairFacts) -> None:
    quiet = tuple(e for e in facts.events if (e.what, e.side) != (Happened.NO_ANSWER, Side.MENTEE))
    _, steps = lived(replace(facts, events=quiet), START + 2 * 365 * DAY)
    assert all(step.do is not Do.ASK_ROOM for _, step in steps)
    assert all(
        step.do in (Do.CHECK_IN, Do.REMIND_EXPECTATIONS, Do.HAND_OVER) for _, step in steps if step.side is Side.MENTOR
    )


def test_nothing_is_due_before_the_room_is_open_and_then_from_there() -> None:
    waiting = replace(NEW, pair=replace(PAIR, room=None))
    assert next_step(waiting, PACE) is None
    opened = happening(NEW, START + 5 * DAY, Happened.OPENED)
    assert next_step(opened, PACE) == Step(START + 8 * DAY, Do.NUDGE_START)


# ── a silence ─────────────────────────────────────────────────────────────────────────────────────────────────────


@given(agreements, st.sampled_from(MentorKind), st.booleans(), st.sampled_from([None, *SAID]), waits)
def test_a_year_of_silence_ends_with_a_human_once(
    agreement: Agreement | None,
    kind: MentorKind,
    answered: bool,
    last: tuple[Happened, Side | None] | None,
    wait: timedelta,
) -> None:
    pair = replace(NEW, agreement=agreement, mentor_kind=kind, mentee_answered=answered)
    if last is not None:
        pair = happening(pair, START + wait, *last)
    _, steps = lived(pair, START + wait + 400 * DAY)
    assert [step.do for _, step in steps].count(Do.HAND_OVER) == 1
    nudges = [at for at, step in steps if step.do in (Do.NUDGE_START, Do.NUDGE_QUIET, Do.ASK_ANSWERED)]
    assert len(nudges) <= 3
    assert all(other - one >= PACE.nudge_apart for one, other in itertools.pairwise(nudges))


def test_a_new_pair_without_a_word_is_asked_on_day_3_and_7_and_handed_over_on_day_10() -> None:
    _, steps = lived(replace(NEW, mentee_answered=True, mentor_answered=True), START + 13 * DAY)
    assert [((at - START).days, step.do, step.rung, step.reason) for at, step in steps] == [
        (3, Do.NUDGE_START, 1, None),
        (7, Do.NUDGE_START, 2, None),
        (10, Do.HAND_OVER, 1, QueueReason.SLOW_START),
    ]


def test_a_silent_mentor_is_asked_once_and_only_when_the_mentee_says_so() -> None:
    facts = replace(
        happening(NEW, START + DAY, Happened.WROTE, Side.MENTEE), mentor_answered=True, mentee_answered=True
    )
    step = next_step(facts, PACE)
    assert step == Step(START + 4 * DAY, Do.ASK_ANSWERED)
    facts = done(facts, step, step.at)
    facts = happening(facts, START + 5 * DAY, Happened.NO_ANSWER, Side.MENTEE)
    step = next_step(facts, PACE)
    assert step is not None
    assert (step.do, step.side) == (Do.ASK_ROOM, Side.MENTOR)
    _, steps = lived(facts, START + 100 * DAY)
    assert [step.do for _, step in steps].count(Do.ASK_ROOM) == 1
    assert [step.reason for _, step in steps if step.do is Do.HAND_OVER] == [QueueReason.MENTOR_QUIET]


def test_an_update_is_contact_and_waits_for_no_answer() -> None:
    answered = replace(NEW, mentor_answered=True, mentee_answered=True)
    told = happening(answered, START + DAY, Happened.UPDATED, Side.MENTEE)
    assert who_waits(told, [], PACE) is None
    assert last_contact(told) == START + DAY
    asked = happening(answered, START + DAY, Happened.WROTE, Side.MENTOR)
    assert who_waits(happening(asked, START + 2 * DAY, Happened.UPDATED, Side.MENTEE), [], PACE) is None
    thanked = happening(told, START + DAY + timedelta(hours=3), Happened.WROTE, Side.MENTOR)
    assert who_waits(thanked, [], PACE) is None


@given(facts)
def test_a_step_that_is_done_is_not_due_again(facts: PairFacts) -> None:
    if step := next_step(facts, PACE):
        now = max([step.at, *(event.at for event in facts.events)])
        assert next_step(done(facts, step, now), PACE) != step


@given(facts)
def test_the_bot_comes_to_rest(facts: PairFacts) -> None:
    """Whatever the history, a year of silence is a handful of messages, not a stream."""
    begun = max([START, *(event.at for event in facts.events)])
    _, steps = lived(facts, begun + 365 * DAY)
    days = [at.date() for at, step in steps if step.at > begun and step.side is Side.MENTEE]
    assert len(days) <= 365 // 14 + 10


@given(facts)
@pytest.mark.sr("SR-24.a")
def test_a_reply_that_is_due_is_the_mentees_to_be_reminded_of_once_at_half_time(facts: PairFacts) -> None:
    begun = max([START, *(event.at for event in facts.events)])
    waits = who_waits(facts, [], PACE)
    _, steps = lived(facts, begun + 100 * DAY)
    reminders = [step for _, step in steps if step.do is Do.REMIND_REPLY]
    assert len(reminders) <= 1
    for step in reminders:
        assert step.side is Side.MENTEE
        assert waits is not None
        assert waits.side is Side.MENTOR
        assert step.at >= waits.half_way


@given(facts)
def test_what_was_agreed_is_asked_after_once_and_not_again_without_an_answer(facts: PairFacts) -> None:
    begun = max([START, *(event.at for event in facts.events)])
    _, steps = lived(facts, begun + 400 * DAY)
    reviews = [step for _, step in steps if step.do is Do.REVIEW]
    assert len(reviews) <= 2
    assert not reviews or facts.agreement is not None
    assert all(step.side is Side.MENTEE for step in reviews)


# ── clocks that stop ──────────────────────────────────────────────────────────────────────────────────────────────


def only_puts_off(facts: PairFacts, stopped: PairFacts) -> None:
    plain, put_off = next_step(facts, PACE), next_step(stopped, PACE)
    assert (plain is None) == (put_off is None)
    if plain and put_off:
        assert put_off.at >= plain.at
        assert all(not start <= put_off.at < end for start, end in still(stopped))


@given(facts, st.integers(0, 60), st.integers(0, 30))
def test_a_break_only_ever_puts_things_off(facts: PairFacts, first: int, days: int) -> None:
    begins = START.date() + first * DAY
    resting = replace(facts, breaks=(Break(begins, begins + days * DAY),))
    only_puts_off(facts, resting)


@given(facts, st.sampled_from(Side), st.integers(0, 30), st.integers(1, 60))
def test_being_away_only_ever_puts_things_off(facts: PairFacts, side: Side, since: int, days: int) -> None:
    left = START + since * DAY
    gone = {"away_since": left, "away_until": left.astimezone(NEW_YORK).date() + days * DAY}
    name = side.value
    away = replace(facts, **{name: replace(getattr(facts, name), **gone)})
    only_puts_off(facts, away)


@given(facts, st.integers(1, 90))
def test_a_resting_pair_is_due_for_nothing_but_its_end_of_rest(facts: PairFacts, days: int) -> None:
    until = START + timedelta(days=days)
    paused = replace(facts, pair=replace(PAIR, state=PairState.PAUSED, paused_until=until))
    assert next_step(paused, PACE) == Step(until, Do.RESUME)
    assert next_step(replace(paused, pair=replace(paused.pair, paused_until=None)), PACE) is None
    assert health(paused, until, PACE) is Health.GREEN


@given(facts)
def test_a_pair_that_has_ended_is_left_in_peace(facts: PairFacts) -> None:
    assert next_step(replace(facts, pair=replace(PAIR, state=PairState.ENDED)), PACE) is None


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
def test_a_break_over_the_night_the_clocks_change_is_whole_days(zone: str) -> None:
    there = ZoneInfo(zone)
    facts = replace(NEW, breaks=(Break(date(2026, 10, 1), date(2026, 11, 5)),), zone=there)
    ((_, end),) = still(facts)
    assert end == datetime(2026, 11, 6, tzinfo=there).astimezone(UTC)
    step = next_step(facts, PACE)
    assert step is not None
    assert step.at == end + 3 * DAY


# ── how a pair is doing ───────────────────────────────────────────────────────────────────────────────────────────


@given(facts, st.integers(0, 200), st.integers(0, 200))
def test_silence_alone_never_makes_a_pair_better(facts: PairFacts, one: int, other: int) -> None:
    begun = max([START, *(event.at for event in facts.events)])
    first, second = sorted((one, other))
    order = list(Health)
    earlier, later = (health(facts, begun + days * DAY, PACE) for days in (first, second))
    assert order.index(later) >= order.index(earlier)


@given(facts)
def test_a_year_of_silence_is_red(facts: PairFacts) -> None:
    open_pause = [e.what for e in facts.events if e.what in (Happened.PAUSED, Happened.RESUMED)][-1:] == [
        Happened.PAUSED
    ]
    assert not open_pause or facts.pair.state is PairState.ACTIVE
    begun = max([START, *(event.at for event in facts.events)])
    assert health(facts, begun + 365 * DAY, PACE) is Health.RED
