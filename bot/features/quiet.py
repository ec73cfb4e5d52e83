"""When a pair goes quiet: the mentee is asked, kindly and first; a silent mentor gets one question; then an officer."""

from __future__ import annotations

from datetime import datetime

from bot.feature import Feature, Stale, Turn, about_silence, settled, spoke
from bot.model import DAY, Agreement, Happened, Pair, PairFacts, PairState, QueueReason, Side, Urgency
from bot.pairs import resume
from bot.portrait import first_name
from bot.rules.agenda import Do, Step, still
from bot.rules.timing import first_moment
from bot.rules.waiting import Promptness, open_plan, promptness, reply_time, who_waits
from bot.ui import Button, Buttons, Message, Reply, Slash, Style, Text, Update, When, act, buttons, message, say
from bot.vocabulary import ReplyTime, Rhythm, Term

quiet = Feature("quiet")

ENOUGH = 3
"""Of fewer answers it is too soon to speak."""

PLANS = {3: "In a few days", 7: "In a week", 14: "In two weeks", 30: "In a month"}
"""When a mentee may mean to be in touch next, by days from now."""

quiet.offer("Less often", "quiet.rarer")
quiet.offer("I need a hand", "quiet.hand")


@quiet.step(Do.NUDGE_START, Do.NUDGE_QUIET)
async def nudge(turn: Turn, facts: PairFacts, step: Step) -> None:
    await turn.happened(facts.pair.id, Happened.NUDGED, Side.MENTEE)
    waits = who_waits(facts, still(facts), turn.pace)
    owed = waits.since if waits and waits.side is Side.MENTOR else None
    said = _nudge(facts.pair, first_name(facts.mentor.name), step, owed)
    await turn.tell(facts.mentee.id, said, about_silence(facts.pair.id, Side.MENTEE), Urgency.NUDGE)


@quiet.step(Do.REMIND_REPLY)
async def remind_reply(turn: Turn, facts: PairFacts, _: Step) -> None:
    """Half of the time in which the mentee said they would answer is over. Past its end there is the nudge for it."""
    await turn.happened(facts.pair.id, Happened.REPLY_REMINDED, Side.MENTEE)
    waits = who_waits(facts, still(facts), turn.pace)
    if waits and turn.now < waits.late_from:
        said = _reply_due(facts.pair, first_name(facts.mentor.name), waits.since, waits.late_from)
        await turn.tell(facts.mentee.id, said, about_silence(facts.pair.id, Side.MENTEE), Urgency.PROMPT)


@quiet.step(Do.ASK_ANSWERED)
async def ask_answered(turn: Turn, facts: PairFacts, _: Step) -> None:
    await turn.happened(facts.pair.id, Happened.ANSWER_ASKED, Side.MENTEE)
    said = _answered(facts.pair, first_name(facts.mentor.name))
    await turn.tell(facts.mentee.id, said, about_silence(facts.pair.id, Side.MENTOR), Urgency.NUDGE)


@quiet.step(Do.ASK_ROOM)
async def ask_room(turn: Turn, facts: PairFacts, _: Step) -> None:
    pair = facts.pair
    await turn.happened(pair.id, Happened.ROOM_ASKED, Side.MENTOR)
    topic = about_silence(pair.id, Side.MENTOR)
    await turn.tell(facts.mentor.id, _room(pair, first_name(facts.mentee.name)), topic, Urgency.NUDGE)
    await turn.tell(facts.mentee.id, _comfort(first_name(facts.mentor.name)), topic, Urgency.PROMPT)


@quiet.step(Do.HAND_OVER)
async def hand_over(turn: Turn, facts: PairFacts, step: Step) -> None:
    await turn.happened(facts.pair.id, Happened.HANDED_OVER, step.side)
    assert step.reason is not None
    await turn.hand_to_officers(step.reason, pair=facts.pair.id)


@quiet.step(Do.RESUME)
async def resume_pair(turn: Turn, facts: PairFacts, _: Step) -> None:
    await resume(turn, facts.pair)
    said = _rested(facts.pair, first_name(facts.mentor.name))
    await turn.tell(facts.mentee.id, said, f"pair:{facts.pair.id}", Urgency.PROMPT)


# ── what the mentee can say ───────────────────────────────────────────────────────────────────────────────────────


@quiet.press("quiet.wrote")
async def wrote(turn: Turn, pair_id: int) -> Reply:
    pair, side = await _active(turn, pair_id)
    await spoke(turn, pair, side)
    return Update(message("Good. I'll leave you two to it."))


@quiet.press("quiet.met")
async def met(turn: Turn, pair_id: int) -> Reply:
    """They met or spoke elsewhere, says either."""
    pair, _ = await _active(turn, pair_id)
    await spoke(turn, pair, None)
    return Update(message("Good to hear. That counts for both of you."))


@quiet.press("quiet.plan")
async def plan(turn: Turn, pair_id: int, days: int) -> Reply:
    """The mentee says when they mean to be in touch. They are reminded then, and not before."""
    pair, side = await _active(turn, pair_id)
    if side is not Side.MENTEE or days not in PLANS:
        raise Stale
    at = turn.now + days * DAY
    await turn.records.pairs.plan(pair.id, at, turn.now)
    await turn.records.post.withdraw(about_silence(pair.id, Side.MENTEE))
    return Update(_planned(at))


@quiet.press("quiet.later")
async def later(turn: Turn, pair_id: int) -> Reply:
    """Not now, but soon: the mentor reads when, and nobody has to ask again before."""
    pair, side = await _active(turn, pair_id)
    facts = await turn.facts(pair.id)
    assert facts is not None
    if side is not Side.MENTEE:
        raise Stale
    before, at = open_plan(facts), turn.now + turn.pace.later
    if before is None or before - turn.now < turn.pace.later - DAY:
        await turn.records.pairs.plan(pair.id, at, turn.now)
        await turn.tell_room(pair.id, _will_write(first_name(turn.who.name), at), by=turn.who.id)
    return Update(_planned(before if before and before > at - DAY else at))


@quiet.press("quiet.hand")
async def hand(turn: Turn, pair_id: int) -> Reply:
    pair, side = await _active(turn, pair_id)
    await turn.happened(pair.id, Happened.HANDED_OVER, side)
    await turn.hand_to_officers(QueueReason.NEEDS_HAND, pair=pair.id)
    return Update(message("An officer will write to you soon. Asking was the right thing."))


@quiet.press("quiet.rarer")
async def rarer(turn: Turn, pair_id: int) -> Reply:
    """Less often, by either: fewer messages need nobody's permission."""
    pair, side = await _active(turn, pair_id)
    expectations = turn.records.expectations
    agreement = await expectations.in_force(pair.id) or Agreement(0)
    order = [Rhythm.WEEKLY, Rhythm.FORTNIGHTLY, Rhythm.MONTHLY, Rhythm.BIMONTHLY, Rhythm.TERMLY]
    now = order.index(agreement.rhythm) if agreement.rhythm in order else 2
    slower = order[min(now + 1, len(order) - 1)]
    newest = await expectations.propose(pair.id, {**agreement.terms, Term.RHYTHM: (slower,)})
    for each in Side:
        await expectations.confirm(pair.id, newest.version, each, turn.now)
    await turn.happened(pair.id, Happened.SLOWED, side)
    await settled(turn, pair, side)
    await turn.tell_room(pair.id, _slower(slower), by=turn.who.id)
    return Update(_slower(slower))


@quiet.press("quiet.resume")
async def resume_now(turn: Turn, pair_id: int) -> Reply:
    pair, _ = await turn.pair_of_mine(pair_id)
    await resume(turn, pair)
    return Update(message("Good to have you back."))


@quiet.press("quiet.answered")
async def answered(turn: Turn, pair_id: int) -> Reply:
    pair, side = await _active(turn, pair_id)
    await spoke(turn, pair, side.other)
    return Update(message("Good to hear."))


@quiet.press("quiet.unanswered")
async def unanswered(turn: Turn, pair_id: int) -> Reply:
    pair, side = await _active(turn, pair_id)
    facts = await turn.facts(pair.id)
    if side is Side.MENTEE and facts and facts.meeting_ends and facts.meeting_ends > turn.now:
        # Who has agreed to meet is not asked whether there is still room.
        return Update(_will_meet(facts.meeting_ends))
    await turn.happened(pair.id, Happened.NO_ANSWER, side)
    if side is Side.MENTOR:
        return Update(message("Thank you for telling me. I'll ask them; there is nothing for you to do."))
    return Update(message("Thank you for telling me. You did your part; I'll take it from here."))


@quiet.standing
async def who_waits_here(turn: Turn, pair: Pair, side: Side) -> Text | None:
    """Who waits for whom; for the mentee, also what they planned and how promptly they answer: theirs alone to see."""
    facts = await turn.facts(pair.id)
    if facts is None or pair.state is not PairState.ACTIVE:
        return None
    stopped, said = still(facts), []
    person = facts.mentor if side is Side.MENTEE else facts.mentee
    other = first_name(person.name)
    if person.away_until and turn.now < (back := first_moment(person.away_until, turn.zone_of(person))):
        return say("{other} is away until {day}. Nothing is due meanwhile.", other=other, day=When(back, "day"))
    planned, kept = open_plan(facts), promptness(facts, side, stopped, turn.pace)
    if waits := who_waits(facts, stopped, turn.pace):
        days = (turn.now - waits.since).days
        said.append(_waits(other, days, reply_time(facts, waits.side.other), mine=waits.side is side))
    elif side is Side.MENTEE and planned and planned > turn.now:
        said.append(say("You mean to be in touch around {day}.", day=When(planned, "day")))
    if side is Side.MENTEE and kept.answers >= ENOUGH:
        said.append(_promptness(kept, reply_time(facts, side)))
    return tuple(span for line in said for span in (*line, " "))[:-1] or None


# ── what a silent mentor can say ──────────────────────────────────────────────────────────────────────────────────


@quiet.press("quiet.stays")
async def stays(turn: Turn, pair_id: int) -> Reply:
    pair, side = await _active(turn, pair_id)
    if side is not Side.MENTOR:
        raise Stale
    await turn.happened(pair.id, Happened.STAYS, side)
    await settled(turn, pair, side)
    return Update(message("Thank you. They'll be glad of two lines."))


@quiet.press("quiet.no-room")
async def no_room(turn: Turn, pair_id: int) -> Reply:
    pair, side = await _active(turn, pair_id)
    if side is not Side.MENTOR:
        raise Stale
    await turn.happened(pair.id, Happened.HANDED_OVER, side)
    await turn.hand_to_officers(QueueReason.NO_ROOM, pair=pair.id)
    return Update(message("Thank you for saying so. An officer will find them someone; you need do nothing."))


# ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _active(turn: Turn, pair_id: int) -> tuple[Pair, Side]:
    pair, side = await turn.pair_of_mine(pair_id)
    if pair.state is not PairState.ACTIVE:
        raise Stale
    return pair, side


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _choices(pair: Pair) -> tuple[Buttons, Buttons]:
    return (
        buttons(
            Button("I wrote", act("quiet.wrote", pair.id), Style.PRIMARY),
            Button("In a week", act("quiet.later", pair.id)),
            Button("I need a hand", act("quiet.hand", pair.id)),
        ),
        buttons(
            Button("Less often", act("quiet.rarer", pair.id)),
            Button("Pause", act("ending.pause", pair.id)),
            Button("Not a fit", act("ending.open", pair.id)),
        ),
    )


def _reply_due(pair: Pair, mentor: str, since: datetime, late_from: datetime) -> Message:
    return message(
        say(
            "{mentor} wrote on {day}. Two lines by {end} keep your word, even if it's only “more on Sunday”.",
            mentor=mentor,
            day=When(since, "day"),
            end=When(late_from, "day"),
        ),
        buttons(Button("I answered", act("quiet.wrote", pair.id), Style.PRIMARY)),
    )


def _planned(at: datetime) -> Message:
    return message(say("Good: around {day}. I'll remind you then, and not before.", day=When(at, "day")))


def _will_write(mentee: str, at: datetime) -> Message:
    return message(say("{mentee} will be in touch around {day}.", mentee=mentee, day=When(at, "day")))


def _ago(days: int) -> str:
    return "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"


def _waits(other: str, days: int, reply: ReplyTime, *, mine: bool) -> Text:
    words = "You wrote {ago}; {other} usually answers {reply}." if mine else "{other} wrote {ago}; you answer {reply}."
    return say(words, other=other, ago=_ago(days), reply=reply.label)


def _promptness(kept: Promptness, reply: ReplyTime) -> Text:
    words = "For your eyes only: you answered {in_time} of {all} times {reply}."
    return say(words, in_time=str(kept.in_time), all=str(kept.answers), reply=reply.label)


def _nudge(pair: Pair, mentor: str, step: Step, owed: datetime | None) -> Message:
    if step.do is Do.NUDGE_START and step.rung == 1:
        words = say(
            "{mentor} is waiting for your first hello. Two lines and two possible times are plenty.",
            mentor=mentor,
        )
    elif step.rung == 1 and owed:
        words = say(
            "{mentor} wrote on {day} and is waiting for a line from you. A short one is fine.",
            mentor=mentor,
            day=When(owed, "day"),
        )
    elif step.rung == 1:
        words = say("It has been quiet with {mentor}. One line of news is enough to pick it up again.", mentor=mentor)
    else:
        words = say("Still quiet with {mentor}. Whatever the reason, one of these is fine:", mentor=mentor)
    return message(words, *_choices(pair))


def _answered(pair: Pair, mentor: str) -> Message:
    return message(
        say("Has {mentor} answered you?", mentor=mentor),
        buttons(
            Button("Yes", act("quiet.answered", pair.id), Style.PRIMARY),
            Button("Not yet", act("quiet.unanswered", pair.id)),
        ),
    )


def _room(pair: Pair, mentee: str) -> Message:
    return message(
        say("{mentee} wrote to you a while ago. Is there still room for it?", mentee=mentee),
        buttons(
            Button("Yes, I'll write", act("quiet.stays", pair.id), Style.PRIMARY),
            Button("Less often", act("quiet.rarer", pair.id)),
            Button("I need a pause", act("ending.pause", pair.id)),
            Button("No room now", act("quiet.no-room", pair.id)),
        ),
    )


def _will_meet(ends: datetime) -> Message:
    words = "You two meet on {day}. If it can't wait until then, write again: {write}"
    return message(say(words, day=When(ends, "day"), write=Slash("write")))


def _comfort(mentor: str) -> Message:
    return message(
        say(
            "You wrote, and that was right. {mentor} may simply be busy; I've asked. Nothing for you to do.",
            mentor=mentor,
        )
    )


def _slower(rhythm: Rhythm) -> Message:
    return message(say("From now on: {rhythm}. Either of you can change it.", rhythm=rhythm.label.lower()))


def _rested(pair: Pair, mentor: str) -> Message:
    return message(
        say("Your rest is over. A short hello to {mentor} is a good start.", mentor=mentor),
        buttons(
            Button("I wrote", act("quiet.wrote", pair.id), Style.PRIMARY),
            Button("Longer, please", act("ending.pause", pair.id)),
        ),
    )
