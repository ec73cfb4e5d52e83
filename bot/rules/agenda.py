"""What a pair's next step is, and when: one pure function from a pair's facts to the next thing due.

Nothing here is remembered between calls. After every change the facts are read again and the answer is stored as the
pair's single due moment, so there are no timers to cancel and nothing can go stale.

The ladder for a silence goes to the mentee first, to the mentee again, then to an officer; never to the mentor. A
mentor who has not answered gets one question, and only after the mentee has said that there is still no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model import DAY, Event, Happened, Pace, PairFacts, PairState, QueueReason, Side
from bot.rules.closing import closing_from, last_meeting_from
from bot.rules.timing import Spell, after, awake, break_spells, first_moment, merged
from bot.rules.waiting import Waiting, last_contact, last_word, latest, open_plan, rhythm_days, who_waits
from bot.vocabulary import Rhythm

RESTARTS = (Happened.OFFICER_WROTE, Happened.RESUMED, Happened.SLOWED)
"""A silence counts afresh from these."""
ANSWERS = (Happened.CHECKIN_ANSWERED, Happened.WROTE, Happened.UPDATED, Happened.MET, Happened.SLOWED)
"""Signs of life: no check-in before them counts as missed."""
ASKED_ABOUT = (Happened.NUDGED, Happened.ANSWER_ASKED, Happened.ROOM_ASKED, Happened.HANDED_OVER)
ENDS = (Happened.WROTE, Happened.UPDATED, Happened.MET, Happened.SLOWED, Happened.OFFICER_WROTE)
"""What ends a silence that was asked about."""


class Do(StrEnum):
    """A step a pair can be due for."""

    RESUME = "resume"
    NUDGE_START = "nudge_start"  # a new pair without a word
    REMIND_EXPECTATIONS = "remind_expectations"
    REMIND_REPLY = "remind_reply"  # the mentor wrote, and half of the mentee's reply time is over
    REVIEW = "review"  # the mentee, once: does what was agreed still suit?
    CHECK_IN = "check_in"
    INVITE = "invite"  # the mentee, at the agreed rhythm: a few lines of news?
    PLAN_LAST = "plan_last"  # the mentee, once a year: does this come to its end?
    ASK_LAST = "ask_last"  # the mentee: did the last meeting take place?
    NUDGE_QUIET = "nudge_quiet"  # the mentee went quiet
    ASK_ANSWERED = "ask_answered"  # the mentee wrote: has the mentor answered?
    ASK_ROOM = "ask_room"  # the mentor, once: still room?
    HAND_OVER = "hand_over"  # to the officers' queue


@dataclass(frozen=True)
class Step:
    at: datetime
    do: Do
    side: Side = Side.MENTEE
    rung: int = 1
    """1 for the first nudge of a silence, 2 for the second."""
    reason: QueueReason | None = None


class Health(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def next_step(facts: PairFacts, pace: Pace) -> Step | None:
    """The next thing due for a pair; its moment may lie in the past.

    None for an ended pair, an open pause, and a pair whose room has not opened yet.
    """
    pair = facts.pair
    if pair.state is PairState.ENDED:
        return None
    if pair.state is PairState.PAUSED:
        return Step(pair.paused_until, Do.RESUME) if pair.paused_until else None
    if _waits_for_its_room(facts):
        return None
    stopped = still(facts)
    steps = [
        *_silence(facts, stopped, pace),
        *_expectations(facts, stopped, pace),
        *_review(facts, stopped, pace),
        *_checkins(facts, stopped, pace),
        *_invitation(facts, stopped, pace),
        *_closing(facts, pace),
    ]
    steps = [replace(step, at=awake(step.at, stopped)) for step in steps]
    return min(steps, key=lambda step: (step.at, list(Do).index(step.do), step.side), default=None)


def health(facts: PairFacts, now: datetime, pace: Pace) -> Health:
    """How a pair is doing, for officers: amber when a silence has begun to count, red when it needs a human."""
    if facts.pair.state is not PairState.ACTIVE:
        return Health.GREEN
    stopped, missed = still(facts), missed_checkins(facts, now, pace)
    silent = last_contact(facts) or _began(facts)
    rhythm = rhythm_days(facts)
    waits = who_waits(facts, stopped, pace)
    tries = waits.tries if waits else 0
    if now > after(silent, (2 * rhythm + 7) * DAY, stopped) or missed >= 2 or tries >= 3:
        return Health.RED
    late = waits is not None and now > waits.late_from
    chased = waits is not None and waits.side is Side.MENTOR and tries >= pace.chased
    if now > _amber_from(facts, silent, stopped, pace) or missed or late or chased:
        return Health.AMBER
    return Health.GREEN


def missed_checkins(facts: PairFacts, now: datetime, pace: Pace) -> int:
    """How many of the mentee's latest check-ins in a row went unanswered."""
    missed, asked = 0, None
    for event in facts.events:
        if event.side is not Side.MENTEE and event.what is not Happened.MET:
            continue
        if event.what is Happened.CHECKIN_ASKED:
            missed += asked is not None
            asked = event.at
        elif event.what in ANSWERS:
            missed, asked = 0, None
    return missed + (asked is not None and now > asked + pace.checkin_missed)


def still(facts: PairFacts) -> list[Spell]:
    """When this pair's clock stands still: its pauses, either one's absence, the society's breaks."""
    spells = break_spells(facts.breaks, facts.zone)
    since: dict[Side | None, datetime] = {}  # by whose absence it was; None for the pair's own pause
    for event in facts.events:
        if event.what is Happened.PAUSED:
            since.setdefault(event.side, event.at)
        elif event.what is Happened.RESUMED and event.side in since:
            spells.append((since.pop(event.side), event.at))
    for person in (facts.mentee, facts.mentor):
        if person.away_until:
            left = person.away_since or facts.pair.started_at
            spells.append((left, first_moment(person.away_until, person.zone or facts.zone)))
    return merged(spells)


def _waits_for_its_room(facts: PairFacts) -> bool:
    """Whether the two cannot have written to each other yet."""
    never_open = facts.pair.room is None and latest(facts.events, Happened.OPENED) is None
    return never_open and last_contact(facts) is None


def _began(facts: PairFacts) -> datetime:
    """When the two could first write to each other."""
    opened = latest(facts.events, Happened.OPENED)
    return opened.at if opened else facts.pair.started_at


def _amber_from(facts: PairFacts, silent: datetime, stopped: list[Spell], pace: Pace) -> datetime:
    return after(silent, max(1.5 * rhythm_days(facts) * DAY, pace.amber_least), stopped)


# ── silences ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _silence(facts: PairFacts, stopped: list[Spell], pace: Pace) -> Iterator[Step]:
    """A meeting that is booked is contact planned: nobody asks after a silence before it has had its day."""
    for step in _asked_after(facts, stopped, pace):
        yield replace(step, at=max(step.at, facts.meeting_ends + DAY)) if facts.meeting_ends else step


def _asked_after(facts: PairFacts, stopped: list[Spell], pace: Pace) -> Iterator[Step]:
    if _with_a_human(facts):
        return
    contact = last_contact(facts)
    if contact is None:
        yield from _first_words(facts, stopped, pace)
        return
    waits = who_waits(facts, stopped, pace)
    if waits and waits.side is Side.MENTEE:
        yield from _mentor_silent(facts, waits.since, waits.late_from, stopped, pace)
    else:
        chasing = waits is not None and waits.tries >= pace.chased
        from_ = _amber_from(facts, contact, stopped, pace)
        if waits:
            from_ = min(from_, waits.tried if chasing else waits.late_from)
            reminded = latest(facts.events, Happened.REPLY_REMINDED)
            if not chasing and not (reminded and reminded.at >= waits.since) and not _nudges(facts, *RESTARTS):
                # At the end of the promised time the ladder begins: its first nudge is the second reminder.
                yield Step(waits.half_way, Do.REMIND_REPLY)
        missed = [after(event.at, pace.checkin_missed, stopped) for event in _missed(facts)]
        yield from _ladder(facts, min([from_, *missed]), stopped, pace, waits)


def _with_a_human(facts: PairFacts) -> bool:
    """Whether an officer has it: until the silent side is heard of, or the officer says it is seen to."""
    silent: Side | None = None
    handed = False
    for event in facts.events:
        if event.what is Happened.HANDED_OVER:
            silent, handed = event.side, True
        elif event.what in (Happened.MET, Happened.OFFICER_WROTE, Happened.RESUMED, Happened.SLOWED) or (
            event.what in (Happened.WROTE, Happened.UPDATED, Happened.STAYS) and event.side is silent
        ):
            handed = False
    return handed


def _nudges(facts: PairFacts, *over: Happened) -> list[datetime]:
    """When the mentee was nudged since their last word, meeting, or one of these."""
    nudges: list[datetime] = []
    for event in facts.events:
        word = event.what in (Happened.WROTE, Happened.UPDATED) and event.side is Side.MENTEE
        if word or event.what is Happened.MET or event.what in over:
            nudges.clear()
        elif event.what is Happened.NUDGED:
            nudges.append(event.at)
    return nudges


def _afresh(facts: PairFacts, stopped: list[Spell], wait: timedelta, pace: Pace) -> datetime:
    """When to speak of a silence that was asked about and answered for: a wait from there, or the slower rhythm."""
    restarted = latest(facts.events, *RESTARTS)
    if restarted is None:
        return facts.pair.started_at
    if restarted.what is Happened.SLOWED:
        return _amber_from(facts, restarted.at, stopped, pace)
    return after(restarted.at, wait, stopped)


def _first_words(facts: PairFacts, stopped: list[Spell], pace: Pace) -> Iterator[Step]:
    """Nobody has written yet: the mentee leads."""
    nudges = _nudges(facts, *RESTARTS)
    start = max([_began(facts), *(event.at for event in facts.events if event.what in RESTARTS)])
    if not nudges:
        due = max(after(start, pace.first_words, stopped), _afresh(facts, stopped, pace.first_words, pace))
        step = Step(due, Do.NUDGE_START, rung=1)
    elif len(nudges) == 1:
        due = max(after(start, pace.first_words_again, stopped), after(nudges[0], pace.nudge_apart, stopped))
        step = Step(due, Do.NUDGE_START, rung=2)
    else:
        due = max(after(start, pace.slow_start, stopped), after(nudges[-1], pace.nudge_apart, stopped))
        step = Step(due, Do.HAND_OVER, reason=QueueReason.SLOW_START)
    yield _past_the_plan(step, facts, stopped, pace)


def _ladder(
    facts: PairFacts, from_: datetime, stopped: list[Spell], pace: Pace, waits: Waiting | None = None
) -> Iterator[Step]:
    """The mentee went quiet: asked once, asked again, then an officer. More words of the mentor's change little.

    A mentor who has tried twice shall not have to a third time: then an officer follows on the first nudge.
    """
    nudges, tries = _nudges(facts, *RESTARTS), waits.tries if waits else 0
    chased = waits is not None and waits.side is Side.MENTOR and tries >= pace.chased
    if not nudges:
        step = Step(max(from_, _afresh(facts, stopped, pace.first_words_again, pace)), Do.NUDGE_QUIET, rung=1)
    elif chased:
        due = nudges[-1] if tries > pace.chased else after(nudges[-1], pace.to_officers, stopped)
        step = Step(due, Do.HAND_OVER, reason=QueueReason.MENTOR_CHASING)
    elif len(nudges) == 1:
        step = Step(after(nudges[0], pace.again, stopped), Do.NUDGE_QUIET, rung=2)
    else:
        step = Step(after(nudges[-1], pace.to_officers, stopped), Do.HAND_OVER, reason=QueueReason.MENTEE_QUIET)
    yield _past_the_plan(step, facts, stopped, pace, waits)


def _past_the_plan(
    step: Step, facts: PairFacts, stopped: list[Spell], pace: Pace, waits: Waiting | None = None
) -> Step:
    """The step, put off until after the day the mentee named, unless the mentor has written since they did."""
    planned, plan = open_plan(facts), facts.plan
    if planned is None or plan is None or (waits is not None and plan.said_at < waits.tried):
        return step
    return replace(step, at=max(step.at, after(planned, pace.plan_kept, stopped)))


def _mentor_silent(
    facts: PairFacts, since: datetime, late_from: datetime, stopped: list[Spell], pace: Pace
) -> Iterator[Step]:
    """The mentee waits: they are asked whether an answer came; on their "not yet" the mentor is asked, once."""

    def then(what: Happened, side: Side) -> Event | None:
        event = latest(facts.events, what, side=side)
        return event if event and event.at >= since else None

    unanswered = then(Happened.NO_ANSWER, Side.MENTEE)
    room = then(Happened.ROOM_ASKED, Side.MENTOR)
    stays = then(Happened.STAYS, Side.MENTOR)
    asked = then(Happened.ANSWER_ASKED, Side.MENTEE)
    if room and not (stays and stays.at >= room.at):
        yield Step(
            after(room.at, pace.room_reply, stopped),
            Do.HAND_OVER,
            Side.MENTOR,
            reason=QueueReason.MENTOR_QUIET,
        )
    elif room and stays:
        if unanswered and unanswered.at > stays.at:
            yield Step(unanswered.at, Do.HAND_OVER, Side.MENTOR, reason=QueueReason.MENTOR_QUIET)
        elif not (asked and asked.at > stays.at):
            yield Step(after(stays.at, pace.checkin_missed, stopped), Do.ASK_ANSWERED)
    elif unanswered:
        yield Step(max(late_from, unanswered.at), Do.ASK_ROOM, Side.MENTOR)
    elif not asked:
        yield Step(late_from, Do.ASK_ANSWERED)
    else:
        yield from _ladder(facts, after(asked.at, pace.checkin_missed, stopped), stopped, pace)


def _missed(facts: PairFacts) -> list[Event]:
    """Check-ins to the mentee since their last sign of life: each will count as missed if it stays unanswered."""
    asked: list[Event] = []
    for event in facts.events:
        if event.what is Happened.CHECKIN_ASKED and event.side is Side.MENTEE:
            asked.append(event)
        elif event.what in ANSWERS and event.side is not Side.MENTOR:
            asked.clear()
    return asked


# ── what comes round ──────────────────────────────────────────────────────────────────────────────────────────────


def _expectations(facts: PairFacts, stopped: list[Spell], pace: Pace) -> Iterator[Step]:
    """Whoever has not answered is reminded once: the mentee first, the mentor only when the mentee has answered."""
    start, wait = _began(facts), pace.expectations_reminder

    def reminded(side: Side) -> Event | None:
        return latest(facts.events, Happened.EXPECTATIONS_REMINDED, side=side)

    if facts.agreement is not None:
        return
    if not facts.mentee_answered and not reminded(Side.MENTEE):
        yield Step(after(start, wait, stopped), Do.REMIND_EXPECTATIONS, Side.MENTEE)
    elif facts.mentee_answered and not facts.mentor_answered and not reminded(Side.MENTOR):
        yield Step(after(start, 2 * wait, stopped), Do.REMIND_EXPECTATIONS, Side.MENTOR)


def _review(facts: PairFacts, stopped: list[Spell], pace: Pace) -> Iterator[Step]:
    """The mentee is asked whether it still suits: on the agreed day, and when they are elsewhere on the road.

    Who says that it does is asked again some time later; who says nothing is left in peace.
    """
    agreement = facts.agreement
    if agreement is None or agreement.since is None or _mentee_is_quiet(facts):
        return
    asked = latest(facts.events, Happened.REVIEW_ASKED)
    reviewed = latest(facts.events, Happened.REVIEWED)
    moved = latest(facts.events, Happened.PHASE_CHANGED)
    if reviewed and reviewed.at > agreement.since:
        since, wait = reviewed.at, max(agreement.review.days * DAY, pace.review_again)
    else:
        since, wait = agreement.since, agreement.review.days * DAY
    if asked is None or asked.at < since:
        yield Step(after(since, wait, stopped), Do.REVIEW)
    if moved and moved.at >= agreement.since and not (asked and asked.at >= moved.at):
        yield Step(after(moved.at, DAY, stopped), Do.REVIEW)


def _checkins(facts: PairFacts, stopped: list[Spell], pace: Pace) -> Iterator[Step]:
    """At the agreed rhythm, within what is bearable, and not at all while a silence is being asked about."""
    if _mentee_is_quiet(facts):
        return
    rhythm = timedelta(days=rhythm_days(facts))
    spoken = _spoken_again(facts)
    for side, least in ((Side.MENTEE, pace.checkin_least), (Side.MENTOR, pace.checkin_mentor_least)):
        asked = latest(facts.events, Happened.CHECKIN_ASKED, side=side)
        if asked is None:
            due = after(_began(facts), pace.first_checkin, stopped)
        else:
            due = after(asked.at, max(rhythm, least), stopped)
        if spoken is not None:
            due = max(due, after(spoken, pace.checkin_after_silence, stopped))
        if side is Side.MENTOR and last_contact(facts) is None:
            continue
        yield Step(due, Do.CHECK_IN, side)


def _closing(facts: PairFacts, pace: Pace) -> Iterator[Step]:
    """A planned end is said ahead, to the mentee; not in a pair without a word, nor while a silence is asked about."""
    if last_contact(facts) is None or _mentee_is_quiet(facts):
        return
    planned = last_meeting_from(facts, pace)
    if planned is not None:
        yield Step(planned, Do.ASK_LAST)
    elif (closing := closing_from(facts, _began(facts), pace)) is not None:
        yield Step(closing, Do.PLAN_LAST)


def _mentee_is_quiet(facts: PairFacts) -> bool:
    return bool(_nudges(facts, Happened.SLOWED))


def _spoken_again(facts: PairFacts) -> datetime | None:
    """When the last silence that was asked about ended: what a check-in would ask is known for a while."""
    ended, asked = None, False
    for event in facts.events:
        if event.what in ASKED_ABOUT:
            asked = True
        elif asked and event.what in ENDS:
            ended, asked = event.at, False
    return ended


def _invitation(facts: PairFacts, stopped: list[Spell], pace: Pace) -> Iterator[Step]:
    """The mentee is invited to write, once: on the day they named, or when the agreed time since their last word is up.

    Not where a check-in asks at about the same time, nor while they are to meet or either waits for the other.
    """
    word, planned = last_word(facts), open_plan(facts)
    if word is None or facts.meeting_ends or _mentee_is_quiet(facts) or who_waits(facts, stopped, pace):
        return
    invited = latest(facts.events, Happened.INVITED)
    if planned is not None and facts.plan is not None:
        if invited is None or invited.at < facts.plan.said_at:
            yield Step(planned, Do.INVITE)
        return
    if (invited and invited.at >= word) or (facts.agreement and facts.agreement.rhythm is Rhythm.AS_NEEDED):
        return
    rhythm = timedelta(days=rhythm_days(facts))
    due, near = after(word, rhythm, stopped), min(pace.checkin_missed, rhythm / 2)
    asked = latest(facts.events, Happened.CHECKIN_ASKED, side=Side.MENTEE)
    checkins = [step.at for step in _checkins(facts, stopped, pace) if step.side is Side.MENTEE]
    if all(abs(at - due) >= near for at in (*checkins, *([asked.at] if asked else []))):
        yield Step(due, Do.INVITE)
