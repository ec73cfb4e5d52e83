"""Officers: pairing people by hand, ending pairs, and the queue of what needs a human."""

from __future__ import annotations

from datetime import datetime

from bot.feature import Feature, Sorry, Stale, Turn
from bot.matching import bars_between, past_of
from bot.model import DAY, Happened, Mentee, Mentor, Need, Open, Pair, PairFacts, Person, QueueItem, QueueReason
from bot.pairs import begin, end, pause
from bot.portrait import first_name, mentor_line
from bot.rounds import NOT_NOW
from bot.rules.agenda import still
from bot.rules.fit import OVERRIDABLE, Bar, complete_mentor
from bot.rules.waiting import Waiting, reply_time, who_waits
from bot.ui import (
    Button,
    Buttons,
    Command,
    Form,
    Kind,
    Line,
    Message,
    Param,
    Private,
    Quote,
    Reply,
    Style,
    Text,
    TextField,
    Update,
    act,
    bullets,
    buttons,
    clean,
    message,
    say,
    together,
)

officers = Feature("officers")

NOTE = 300

_PEOPLE = (
    Param("mentor", "the mentor", Kind.MEMBER),
    Param("mentee", "the mentee", Kind.MEMBER),
)


@officers.command(
    Command(
        "pair",
        "Pair a mentor with a mentee",
        (*_PEOPLE, Param("note", "a line to both, shown in their room", required=False)),
        need=Need.ACT,
    )
)
async def pair_two(turn: Turn, mentor: str, mentee: str, note: str | None = None) -> Reply:
    return await _pair(turn, int(mentor), int(mentee), clean(note or "", NOTE), override=False)


@officers.form("officer.override", need=Need.ACT)
async def override(turn: Turn, mentor: int, mentee: int) -> Reply:
    return await _pair(turn, mentor, mentee, clean(" ".join(turn.filled.get("note", ())), NOTE), override=True)


async def _pair(turn: Turn, mentor_id: int, mentee_id: int, note: str, *, override: bool) -> Reply:
    mentee, mentor = await turn.records.people.mentee(mentee_id), await turn.records.people.mentor(mentor_id)
    if mentee is None or mentor is None:
        raise Sorry("One of the two has not joined in that role yet. /sign-up is their way in.")
    against = bars_between(turn, mentee, mentor, await past_of(turn, mentee_id))
    firm = [bar for bar in against if bar not in OVERRIDABLE]
    if firm or (against and not override):
        # What may be decided otherwise is offered as a form that keeps the note.
        held = None if firm else await turn.records.hold(_anyway(mentee, mentor, note), turn.who.id, turn.now)
        return Private(_refused(mentee, mentor, firm or against, held))
    letter = message(Line(("A word from the officers:",)), Quote(note)) if note else None
    pair = await begin(turn, mentee, mentor, letter, by=turn.who.id)
    if pair is None:  # something else was quicker: what speaks against it is another thing now
        against = bars_between(turn, mentee, mentor, await past_of(turn, mentee_id))
        firm = [bar for bar in against if bar not in OVERRIDABLE]
        return Private(_refused(mentee, mentor, firm or [Bar.FULL], None))
    await turn.audit("pair.made", f"pair:{pair.id}", ("overrode " + ", ".join(against)) if against else "")
    return Private(_paired(mentee, mentor))


@officers.command(Command("unpair", "End a pair", _PEOPLE, need=Need.ACT))
async def unpair(turn: Turn, mentor: str, mentee: str) -> Reply:
    pairs = [
        p for p in await turn.records.pairs.live_of(int(mentee)) if p.mentor == int(mentor) and p.mentee == int(mentee)
    ]
    if not pairs:
        raise Sorry("Those two are not a pair just now.")
    return Private(
        message(
            "End this pair? Both read one kind, neutral line, and the place is free again.",
            buttons(Button("End it", act("officer.end", pairs[0].id), Style.DANGER)),
        )
    )


@officers.press("officer.end", need=Need.ACT)
async def end_pair(turn: Turn, pair_id: int) -> Reply:
    await end(turn, await _live(turn, pair_id))
    return Update(message("Ended. Both get a kind word."))


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────────


@officers.command(Command("queue", "What needs a human", need=Need.READ))
async def queue(turn: Turn) -> Reply:
    return Private(await _queue(turn))


@officers.at_home
async def waits_for_officers(turn: Turn) -> Message | None:
    if not turn.may(Need.READ):
        return None
    waiting = len(await turn.records.queue.items())
    return message(_headline(waiting), *([buttons(Button("Open the queue", act("queue.open")))] if waiting else []))


@officers.press("queue.open", need=Need.READ)
async def open_queue(turn: Turn) -> Reply:
    return Private(await _queue(turn))


@officers.promise(Open.QUEUE)
async def something_waits(turn: Turn, subject: int) -> None:
    """What was put before the officers outside a member's turn: by the courier, by an import."""
    await turn.call_officers()
    await turn.records.diary.set(Open.QUEUE, subject, None)


@officers.press("queue.approve", need=Need.ACT)
async def approve(turn: Turn, item_id: int) -> Reply:
    item = await _item(turn, item_id)
    mentor = await turn.records.people.mentor(item.person or 0)
    if mentor is None or item.reason is not QueueReason.APPROVE or not complete_mentor(mentor):
        raise Stale
    await _see_to(turn, item)
    await turn.records.people.save_mentor(mentor.person.id, approved_at=turn.now)
    await turn.tell(mentor.person.id, _approved(mentor), topic=f"approved:{mentor.person.id}")
    await turn.audit("mentor.approved", f"person:{mentor.person.id}")
    return Update(await _queue(turn))


@officers.press("queue.done", need=Need.ACT)
async def done(turn: Turn, item_id: int) -> Reply:
    """An officer has seen to it; for a pair, its clock starts afresh from here."""
    item = await _item(turn, item_id)
    await _see_to(turn, item)
    if item.pair is not None:
        await turn.happened(item.pair, Happened.OFFICER_WROTE)
    await turn.audit("queue.done", f"queue:{item.id}", item.reason)
    return Update(await _queue(turn))


@officers.press("queue.pause", need=Need.ACT)
async def pause_pair(turn: Turn, item_id: int) -> Reply:
    item = await _item(turn, item_id)
    pair = await _live(turn, item.pair or 0)
    await _see_to(turn, item)
    await pause(turn, pair, turn.now + 28 * DAY)
    await turn.audit("pair.paused", f"pair:{pair.id}")
    return Update(await _queue(turn))


@officers.press("queue.end", need=Need.ACT)
async def end_from_queue(turn: Turn, item_id: int) -> Reply:
    item = await _item(turn, item_id)
    pair = await _live(turn, item.pair or 0)
    await _see_to(turn, item)
    await end(turn, pair)
    return Update(await _queue(turn))


async def _item(turn: Turn, item_id: int) -> QueueItem:
    """What waits under this number. Raises Sorry, with the name of whoever was faster, where it waits no more."""
    item = await turn.records.queue.get(item_id)
    if item is None:
        await _too_late(turn, item_id)
        raise Stale
    return item


async def _see_to(turn: Turn, item: QueueItem) -> None:
    """It is this officer who does it. Raises Sorry where another was faster."""
    if not await turn.records.queue.resolve(item.id, turn.who.id, turn.now):
        await _too_late(turn, item.id)
        raise Stale


async def _too_late(turn: Turn, item_id: int) -> None:
    if (seen := await turn.records.queue.resolved(item_id)) is not None:
        by = await turn.records.people.get(seen[0]) if seen[0] else None
        raise Sorry(_seen_to(by, turn.who.id))


async def _live(turn: Turn, pair_id: int) -> Pair:
    pair = await turn.records.pairs.get(pair_id)
    if pair is None or not pair.live:
        raise Stale
    return pair


async def _queue(turn: Turn) -> Message:
    items = await turn.records.queue.items()
    return together([message(_headline(len(items))), *[await _described(turn, item) for item in items[:6]]])


async def _described(turn: Turn, item: QueueItem) -> Message:
    people = turn.records.people
    if item.pair is not None:
        pair = await turn.records.pairs.get(item.pair)
        mentee = await people.get(pair.mentee) if pair else None
        mentor = await people.get(pair.mentor) if pair else None
        who = f"{mentee.name if mentee else '?'} and {mentor.name if mentor else '?'}"
        return message(
            say("{who}: {why}", who=who[:120], why=REASONS[item.reason]),
            *await _how_long(turn, item.pair),
            buttons(
                Button("I've written to them", act("queue.done", item.id), Style.PRIMARY),
                Button("Pause 4 weeks", act("queue.pause", item.id)),
                Button("End the pair", act("queue.end", item.id), Style.DANGER),
            ),
        )
    person = await people.get(item.person or 0)
    name = person.name[:60] if person else "?"
    seen = Button("Seen to", act("queue.done", item.id), Style.PRIMARY)
    row: Buttons = buttons(seen)
    if item.reason is QueueReason.APPROVE:
        mentor_ = await people.mentor(item.person or 0)
        name = f"{name} ({mentor_line(mentor_)[:80]})" if mentor_ else name
        if came_by := await turn.records.roads.came_by(item.person or 0):
            inviter = await people.get(came_by.inviter)
            vouch = "vouched for" if came_by.vouched else "invited"
            by = first_name(inviter.name) if inviter else "?"
            name = f"{name}, {vouch} by {by} ({came_by.how_met.label.lower()})"
        row = buttons(
            Button("Approve", act("queue.approve", item.id), Style.PRIMARY),
            Button("Not yet", act("queue.done", item.id)),
        )
    if item.reason is QueueReason.CLAIM:
        claimed = await people.get(await turn.records.links.claimed(item.person or 0) or 0)
        name = f"{name}, as {claimed.name[:60]}" if claimed else name
        row = buttons(
            Button("Yes, that's them", act("claim.confirm", item.id), Style.PRIMARY),
            Button("No", act("claim.refuse", item.id)),
        )
    return message(say("{who}: {why}", who=name, why=REASONS[item.reason]), row)


async def _how_long(turn: Turn, pair: int) -> list[Line]:
    """How long one of a pair has waited, once that is longer than was promised them."""
    facts = await turn.facts(pair)
    waits = who_waits(facts, still(facts), turn.pace) if facts else None
    if facts is None or waits is None or not waits.late(turn.now):
        return []
    return [Line(_waits(waits, turn.now, facts), quiet=True)]


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

REASONS = {
    QueueReason.SLOW_START: "paired ten days ago, and no first word yet.",
    QueueReason.MENTEE_QUIET: "the mentee has gone quiet and was asked twice.",
    QueueReason.MENTOR_CHASING: "the mentor wrote twice and more; the mentee was asked, and is quiet.",
    QueueReason.MENTOR_QUIET: "the mentee wrote; the mentor has not answered us either.",
    QueueReason.NEEDS_HAND: "asked for a hand.",
    QueueReason.NOT_A_FIT: "wishes for someone else.",
    QueueReason.NO_ROOM: "the mentor has no room now; the mentee needs someone.",
    QueueReason.UNREACHABLE: "my messages don't reach them.",
    QueueReason.LEFT: "one of the two is no longer here.",
    QueueReason.CLAIM: "says that they filled in your form. Is this account really that person's?",
    QueueReason.APPROVE: "would like to mentor. Mentees can't see them until you approve.",
    QueueReason.REMATCH: "had a mentor and looks for someone new; first in line.",
    QueueReason.NEEDS_MENTOR: "found no mentor with a free place and asks you to look.",
}


def _seen_to(by: Person | None, reader: int) -> str:
    if by is None:
        return "That has settled itself meanwhile."
    return "You have seen to it already." if by.id == reader else f"{first_name(by.name)} has seen to it already."


def _waits(waits: Waiting, now: datetime, facts: PairFacts) -> Text:
    days = (now - waits.since).days
    return say(
        "The {side} wrote {days} ago; {reply} {was}.",
        side=waits.side.value,
        days="a day" if days == 1 else f"{days} days",
        reply=reply_time(facts, waits.side.other).label,
        was="was agreed" if facts.agreement else "is usual",
    )


BARS = {
    Bar.SELF: "They are one and the same person.",
    Bar.NO_PROFILE: "One of the two has not finished their profile.",
    Bar.NOT_APPROVED: "The mentor has not been approved yet; see /queue.",
    Bar.ALREADY: "They are a pair already.",
    Bar.FULL: "The mentor's places are all taken. Only they can raise the number.",
    Bar.CONFLICT: "A conflict of interest is on record for the two; see /conflict.",
    Bar.WISH: NOT_NOW,
    Bar.REFUSED: NOT_NOW,
    Bar.AWAY: "One of them is away.",
    Bar.NOT_FURTHER: "The mentor is not further along than the mentee.",
    Bar.UNDER_AGE: "One of them is under 18; your society's rule for that has to be met.",
    Bar.PAIRED_BEFORE: "They were a pair before.",
    Bar.ENOUGH: "The mentee has as many mentors as you give one person.",
}


def _refused(mentee: Mentee, mentor: Mentor, against: list[Bar], held: int | None) -> Message:
    who = f"{mentor.person.name[:60]} and {mentee.person.name[:60]}"
    told = message(say("I have not paired {who}:", who=who), bullets(*dict.fromkeys(BARS[bar] for bar in against)))
    if held is None:
        return told
    anyway = Button("Pair them anyway", act("form.open", held), Style.DANGER)
    return Message((*told.blocks, Line(("You may decide otherwise; it is noted.",), quiet=True), buttons(anyway)))


def _anyway(mentee: Mentee, mentor: Mentor, note: str) -> Form:
    line = TextField("note", "A line to both", value=note, long=True, required=False, limit=NOTE)
    return Form("Pair them anyway", act("officer.override", mentor.person.id, mentee.person.id), (line,), "Pair them")


def _paired(mentee: Mentee, mentor: Mentor) -> Message:
    names = {"mentee": first_name(mentee.person.name), "mentor": first_name(mentor.person.name)}
    return message(say("{mentor} and {mentee} are a pair, and {mentee} writes first.", **names))


def _approved(mentor: Mentor) -> Message:
    return message(
        say(
            "{name}, you're in: mentees can find you now. I'll write when one asks.",
            name=first_name(mentor.person.name),
        )
    )


def _headline(items: int) -> str:
    if not items:
        return "Nothing needs you. Every pair is on its way."
    shown = " Here are the oldest six." if items > 6 else ""
    return f"{'One thing needs' if items == 1 else f'{items} things need'} a human.{shown}"
