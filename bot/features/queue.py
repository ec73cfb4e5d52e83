"""The officers' queue: what needs a human, most urgent first; one tap for each, and words ready to be sent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.faster import item_of, see_to
from bot.feature import Feature, Sorry, Stale, Turn
from bot.matching import bars_between, candidates, past_of
from bot.model import DAY, UTC_ZONE, Happened, Need, Open, Pair, PairFacts, QueueItem, QueueReason, Side
from bot.pairs import begin, end, pause
from bot.portrait import addressed, first_name, mentor_line
from bot.rules.agenda import still
from bot.rules.fit import complete_mentor
from bot.rules.urgent import page_of, urgency
from bot.rules.waiting import latest, reply_time, who_waits
from bot.ui import (
    Button,
    Buttons,
    Command,
    Line,
    Mention,
    Message,
    Private,
    Quote,
    Reply,
    Slash,
    Style,
    Text,
    Update,
    act,
    buttons,
    message,
    plain,
    say,
    together,
)

queue = Feature("queue")

PAGE = 4
WITHOUT = (QueueReason.REMATCH, QueueReason.NEEDS_MENTOR)
"""Someone who looks for a mentor."""
DECIDED = (*WITHOUT, QueueReason.APPROVE, QueueReason.CLAIM)
"""What a word to someone does not settle."""


@queue.command(Command("queue", "What needs a human", need=Need.READ))
async def show(turn: Turn) -> Reply:
    return Private(await _page(turn, 0))


@queue.at_home
async def waits_for_officers(turn: Turn) -> Message | None:
    if not turn.may(Need.READ):
        return None
    waiting = len(await turn.records.queue.items())
    return message(_headline(waiting), *([buttons(Button("Open the queue", act("queue.open")))] if waiting else []))


@queue.press("queue.open", need=Need.READ)
async def open_queue(turn: Turn) -> Reply:
    return Private(await _page(turn, 0))


@queue.press("queue.page", need=Need.READ)
async def page(turn: Turn, first: int) -> Reply:
    return Update(await _page(turn, first))


@queue.promise(Open.QUEUE)
async def something_waits(turn: Turn, subject: int) -> None:
    """What was put before the officers outside a member's turn: by the courier, by an import."""
    await turn.call_officers()
    await turn.records.diary.set(Open.QUEUE, subject, None)


# ── one tap for each ──────────────────────────────────────────────────────────────────────────────────────────────


@queue.press("queue.approve", need=Need.ACT)
async def approve(turn: Turn, item_id: int) -> Reply:
    item = await item_of(turn, item_id)
    mentor = await turn.records.people.mentor(item.person or 0)
    if mentor is None or item.reason is not QueueReason.APPROVE or not complete_mentor(mentor):
        raise Stale
    await see_to(turn, item)
    await turn.records.people.save_mentor(mentor.person.id, approved_at=turn.now)
    await turn.tell(mentor.person.id, _approved(mentor.person.name), topic=f"approved:{mentor.person.id}")
    await turn.audit("mentor.approved", f"person:{mentor.person.id}")
    return await _what_is_left(turn, item)


@queue.press("queue.match", need=Need.ACT)
async def match(turn: Turn, item_id: int, mentor_id: int) -> Reply:
    """Someone without a mentor gets the one who was named, if no rule has come between them since."""
    item = await item_of(turn, item_id)
    people = turn.records.people
    mentee, mentor = await people.mentee(item.person or 0), await people.mentor(mentor_id)
    if mentee is None or mentor is None or item.reason not in WITHOUT:
        raise Stale
    await see_to(turn, item)
    free = not bars_between(turn, mentee, mentor, await past_of(turn, mentee.person.id))
    pair = await begin(turn, mentee, mentor, None, by=turn.who.id) if free else None
    if pair is None:
        raise Sorry(say("They can't be paired any more. Who could be instead: {queue}", queue=Slash("queue")))
    await turn.audit("pair.made", f"pair:{pair.id}", item.reason)
    return await _what_is_left(turn, item)


@queue.press("queue.done", need=Need.ACT)
async def done(turn: Turn, item_id: int) -> Reply:
    """An officer has seen to it; for a pair, its clock starts afresh from here."""
    item = await item_of(turn, item_id)
    await see_to(turn, item)
    if item.pair is not None:
        await turn.happened(item.pair, Happened.OFFICER_WROTE)
    await turn.audit("queue.done", f"queue:{item.id}", item.reason)
    return await _what_is_left(turn, item)


@queue.press("queue.pause", need=Need.ACT)
async def pause_pair(turn: Turn, item_id: int) -> Reply:
    item = await item_of(turn, item_id)
    pair = await _live(turn, item)
    await see_to(turn, item)
    await pause(turn, pair, turn.now + 28 * DAY)
    await turn.audit("pair.paused", f"pair:{pair.id}")
    return await _what_is_left(turn, item)


@queue.press("queue.end", need=Need.ACT)
async def end_pair(turn: Turn, item_id: int) -> Reply:
    item = await item_of(turn, item_id)
    pair = await _live(turn, item)
    await see_to(turn, item)
    await end(turn, pair)
    return await _what_is_left(turn, item)


async def _live(turn: Turn, item: QueueItem) -> Pair:
    pair = await turn.records.pairs.get(item.pair or 0)
    if pair is None or not pair.live:
        raise Stale
    return pair


async def _what_is_left(turn: Turn, seen_to: QueueItem) -> Reply:
    return Update(await _page(turn, page_of(await turn.records.queue.items(), PAGE, seen_to)))


# ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────


async def _page(turn: Turn, first: int) -> Message:
    items = sorted(await turn.records.queue.items(), key=urgency)
    shown = [await _described(turn, item) for item in items[first : first + PAGE]]
    first_words = _headline(len(items)) + (" The most urgent comes first." if len(items) > 1 else "")
    parts = [message(first_words), *shown]
    return together([*parts, _turned(first, len(items))] if len(items) > PAGE else parts)


async def _described(turn: Turn, item: QueueItem) -> Message:
    if item.pair is not None:
        facts = await turn.facts(item.pair)
        return _of_pair(item, facts, _how_long(turn, facts)) if facts else _of_nobody(item.id)
    person = await turn.records.people.get(item.person or 0)
    if person is None:
        return _of_nobody(item.id)
    match item.reason:
        case QueueReason.REMATCH | QueueReason.NEEDS_MENTOR:
            again = item.reason is QueueReason.REMATCH
            best, minor = await _best(turn, person.id), person.adult is False
            return _of_mentee(item.id, person.name, best, again=again, minor=minor)
        case QueueReason.APPROVE:
            return _of_mentor(item.id, person.name, *await _who_offers(turn, person.id))
        case QueueReason.CLAIM:
            claimed = await turn.records.people.get(await turn.records.links.claimed(person.id) or 0)
            return _of_claim(item.id, person.name, claimed.name if claimed else "")
        case _:
            return _of_person(item.id, person.name)


def _how_long(turn: Turn, facts: PairFacts) -> Text | None:
    """How long one of a pair has waited, once that is longer than was promised them."""
    waits = who_waits(facts, still(facts), turn.pace)
    if waits is None or not waits.late(turn.now):
        return None
    promise = reply_time(facts, waits.side.other).label
    return _waits(waits.side, (turn.now - waits.since).days, promise, agreed=facts.agreement is not None)


async def _best(turn: Turn, mentee_id: int) -> Best | None:
    """Whom someone without a mentor could have, at once and by every rule."""
    mentee = await turn.records.people.mentee(mentee_id)
    found = await candidates(turn, mentee) if mentee else []
    past = await past_of(turn, mentee_id)
    could = (each for each in found if mentee and not bars_between(turn, mentee, each.mentor, past))
    if mentee is None or (fit := next(could, None)) is None:
        return None
    return Best(fit.mentor.person.id, fit.mentor.person.name, mentor_line(fit.mentor), fit.score)


async def _who_offers(turn: Turn, mentor_id: int) -> tuple[str, str]:
    """What a mentor is, and by whose invitation they came."""
    mentor = await turn.records.people.mentor(mentor_id)
    line = mentor_line(mentor) if mentor else ""
    came_by = await turn.records.roads.came_by(mentor_id)
    if came_by is None:
        return line, ""
    inviter = await turn.records.people.get(came_by.inviter)
    vouch, by = "vouched for" if came_by.vouched else "invited", first_name(inviter.name) if inviter else "?"
    return line, f"{vouch} by {by} ({came_by.how_met.label.lower()})"


# ── words to be sent ──────────────────────────────────────────────────────────────────────────────────────────────


@queue.press("queue.words", need=Need.ACT)
async def words_to_send(turn: Turn, item_id: int) -> Reply:
    """What an officer could write as their own: the bot sends none of it."""
    item = await item_of(turn, item_id)
    names = {"officer": first_name(turn.who.name), "society": turn.society.name[:80]}
    if item.pair is not None and (facts := await turn.facts(item.pair)) is not None:
        side, mentor = _whom(item.reason, facts), await turn.records.people.mentor(facts.mentor.id)
        to = facts.mentee if side is Side.MENTEE else facts.mentor
        mentors = addressed(mentor) if mentor else first_name(facts.mentor.name)
        pair = {Side.MENTEE: first_name(facts.mentee.name), Side.MENTOR: mentors}
        names |= {"name": pair[side], "other": pair[side.other]}
    elif found := await turn.records.people.get(item.person or 0):
        to, names = found, names | {"name": first_name(found.name), "other": ""}
    else:
        raise Stale
    where = next(iter(await turn.records.people.addresses(to.id)), "")
    return Private(_to_send(item.id, item.reason, Mention(to.id, to.name[:60], where), **names))


def _whom(reason: QueueReason, facts: PairFacts) -> Side:
    """To whom of a pair an officer would write."""
    match reason:
        case QueueReason.NEEDS_HAND:
            return _who_asked(facts)
        case QueueReason.MENTOR_QUIET:
            return Side.MENTOR
        case QueueReason.LEFT if facts.mentee.left_at:
            return Side.MENTOR
        case _:
            return Side.MENTEE


def _who_asked(facts: PairFacts) -> Side:
    asked = latest(facts.events, Happened.HANDED_OVER)
    return (asked.side if asked else None) or Side.MENTEE


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

REASONS = {
    QueueReason.SLOW_START: "paired a while ago, and no first word yet.",
    QueueReason.MENTEE_QUIET: "the mentee has gone quiet and was asked twice.",
    QueueReason.MENTOR_CHASING: "the mentor wrote twice and more; the mentee was asked, and is quiet.",
    QueueReason.MENTOR_QUIET: "the mentee wrote; the mentor has not answered us either.",
    QueueReason.NEEDS_HAND: "the {side} asked for a hand.",
    QueueReason.NOT_A_FIT: "wishes for someone else.",
    QueueReason.NO_ROOM: "the mentor has no room now; the mentee needs someone.",
    QueueReason.UNREACHABLE: "my messages don't reach them.",
    QueueReason.LEFT: "one of the two is no longer here.",
    QueueReason.CLAIM: "says that they filled in your form. Is this account really that person's?",
    QueueReason.APPROVE: "would like to mentor. Mentees can't see them until you approve.",
    QueueReason.REMATCH: "had a mentor and looks for someone new; first in line.",
    QueueReason.NEEDS_MENTOR: "found no mentor with a free place and asks you to look.",
}

_ME = "Hi {name}, {officer} here from {society}. "
WORDS = {
    QueueReason.SLOW_START: _ME + "You and {other} are a pair, and nobody has written yet. The first line is the "
    "hardest, so here is one: “Hi {other}, I'm {name}. Could we talk for twenty minutes next week?” Is anything in "
    "the way? I'm glad to help, or to find you someone else.",
    QueueReason.MENTEE_QUIET: _ME + "You and {other} haven't been in touch for a while, which happens every term. "
    "Two lines are enough to pick it up again. If it is too much just now, tell me: the two of you can rest for four "
    "weeks, and nobody minds.",
    QueueReason.MENTOR_CHASING: _ME + "{other} has written to you and would still be glad to hear from you: two lines "
    "are enough, even “not before next week”. If it is too much just now, tell me: the two of you can rest for four "
    "weeks, and nobody minds.",
    QueueReason.MENTOR_QUIET: _ME + "{other} has written to you and would be glad of a line, even “not before next "
    "week”. If you have no room just now, one word to me is enough, and I'll find {other} someone else.",
    QueueReason.NEEDS_HAND: _ME + "You asked for a hand with your mentoring. What would help? A line or two is "
    "enough, and we can talk if that is easier.",
    QueueReason.NO_ROOM: _ME + "{other} has no room for mentoring just now, which has nothing to do with you. I'm "
    "looking for someone else for you. Is there anything that should be different this time?",
    QueueReason.NOT_A_FIT: _ME + "You wish for another mentor, which is quite all right. I'm looking for someone. "
    "Is there anything that should be different this time?",
    QueueReason.LEFT: _ME + "{other} is no longer in our society, so your mentoring with them ends here; it has "
    "nothing to do with you. Would you like to go on with someone new?",
    QueueReason.UNREACHABLE: _ME + "Preceptor's messages don't reach you. Could you allow direct messages from members "
    "here, or tell me how we reach you best?",
    QueueReason.APPROVE: _ME + "Thank you for offering to mentor! Before mentees can see you: how did you hear of us, "
    "and whom of us do you know?",
    QueueReason.CLAIM: _ME + "You say that you filled in our form. Could you send me one line from the e-mail address "
    "you gave there? Then what you filled in is yours.",
    QueueReason.REMATCH: _ME + "I'm looking for a new mentor for you. Is there anything that should be different this "
    "time?",
    QueueReason.NEEDS_MENTOR: _ME + "I'm looking for a mentor for you. Is there anything they should know, or anything "
    "you would rather not have?",
}


@dataclass(frozen=True)
class Best:
    """The mentor who fits best of those someone could have."""

    id: int
    name: str
    line: str
    score: int


def _of_pair(item: QueueItem, facts: PairFacts, waits: Text | None) -> Message:
    who = f"{facts.mentee.name[:60]} and {facts.mentor.name[:60]}"
    taps = [
        Button("I've written to them", act("queue.done", item.id)),
        Button("Pause 4 weeks", act("queue.pause", item.id)),
        Button("End the pair", act("queue.end", item.id), Style.DANGER),
    ]
    if item.reason in (QueueReason.LEFT, QueueReason.NO_ROOM):
        taps.reverse()
    why = say(REASONS[item.reason], side=_who_asked(facts).value)
    return message(
        say("{who}: {why}", who=who, why=why), *([Line(waits, quiet=True)] if waits else []), _taps(item.id, *taps)
    )


def _of_mentee(number: int, mentee: str, best: Best | None, *, again: bool, minor: bool) -> Message:
    """Someone who is without a mentor, and whom they could have. `again`: they had one."""
    reason = QueueReason.REMATCH if again else QueueReason.NEEDS_MENTOR
    seen = Button("Seen to", act("queue.done", number))
    if best is None:
        nobody = (
            say("They are under 18, so officers decide who suits them: {pair}", pair=Slash("pair"))
            if minor
            else say("No mentor with a place free can be paired with them now. {ways}", ways=Slash("other-ways"))
        )
        return message(_why(mentee, reason), Line(nobody, quiet=True), _taps(number, seen))
    fits = f"{best.name[:60]} ({best.line[:80]}) fits best of those with a place free: {best.score} of 100."
    pair = Button(f"Pair with {first_name(best.name)}", act("queue.match", number, best.id))
    return message(_why(mentee, reason), Line((fits,), quiet=True), _taps(number, pair, seen))


def _of_mentor(number: int, mentor: str, line: str, came_by: str) -> Message:
    """Someone who would like to mentor."""
    who = f"{mentor[:60]} ({line[:80]})" if line else mentor[:60]
    taps = Button("Approve", act("queue.approve", number)), Button("Not yet", act("queue.done", number))
    why = _why(f"{who}, {came_by[:120]}" if came_by else who, QueueReason.APPROVE)
    return message(why, _taps(number, *taps))


def _of_claim(number: int, name: str, other: str) -> Message:
    who = f"{name[:60]}, as {other[:60]}" if other else name[:60]
    yes, no = Button("Yes, that's them", act("claim.confirm", number)), Button("No", act("claim.refuse", number))
    return message(_why(who, QueueReason.CLAIM), _taps(number, yes, no))


def _of_person(number: int, name: str) -> Message:
    return message(_why(name, QueueReason.UNREACHABLE), _taps(number, Button("Seen to", act("queue.done", number))))


def _of_nobody(number: int) -> Message:
    """About someone of whom nothing is known any more."""
    return message(
        "Somebody who is no longer here.", buttons(Button("Seen to", act("queue.done", number), Style.PRIMARY))
    )


def _why(who: str, reason: QueueReason) -> Text:
    return say("{who}: {why}", who=who, why=REASONS[reason])


def _taps(number: int, first: Button, *others: Button) -> Buttons:
    """What resolves it, the likeliest first, and beside it the words that an officer may want."""
    return buttons(replace(first, style=Style.PRIMARY), Button("Words to send", act("queue.words", number)), *others)


def _to_send(
    number: int, reason: QueueReason, whom: Mention, *, name: str, other: str, officer: str, society: str
) -> Message:
    words = say(WORDS[reason], name=name, other=other, officer=officer, society=society)
    return message(
        say("For {whom}, to copy and send as your own:", whom=whom),
        Quote(plain(words, UTC_ZONE)),
        Line(("It stays in the queue until you decide.",), quiet=True)
        if reason in DECIDED
        else buttons(Button("I've sent it", act("queue.done", number), Style.PRIMARY)),
    )


def _waits(side: Side, days: int, promise: str, *, agreed: bool) -> Text:
    return say(
        "The {side} wrote {days} ago; {promise} {was}.",
        side=side.value,
        days="a day" if days == 1 else f"{days} days",
        promise=promise,
        was="was agreed" if agreed else "is usual",
    )


def _approved(mentor: str) -> Message:
    return message(
        say("{name}, you're in: mentees can find you now. I'll write when one asks.", name=first_name(mentor))
    )


def _headline(items: int) -> str:
    if not items:
        return "Nothing needs you. Every pair is on its way."
    return "One thing needs a human." if items == 1 else f"{items} things need a human."


def _turned(first: int, items: int) -> Message:
    last = min(items, first + PAGE)
    nav = [
        *([Button("Earlier", act("queue.page", max(0, first - PAGE)))] if first else []),
        *([Button("More", act("queue.page", last))] if last < items else []),
    ]
    return message(Line((f"{first + 1} to {last} of {items}",), quiet=True), buttons(*nav))
