"""Officers: pairing people by hand, ending pairs, and the queue of what needs a human."""

from __future__ import annotations

from bot.faster import done_by
from bot.feature import Feature, Sorry, Stale, Turn
from bot.matching import bars_between, past_of
from bot.model import Mentee, Mentor, Need, QueueReason
from bot.pairs import begin, end
from bot.portrait import first_name
from bot.rounds import NOT_NOW
from bot.rules.fit import OVERRIDABLE, Bar
from bot.ui import (
    Button,
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
    TextField,
    Update,
    act,
    bullets,
    buttons,
    clean,
    message,
    say,
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
    if Bar.NOT_APPROVED in against and Bar.NO_PROFILE not in against:
        # Somebody may have said "Not yet" before: it can be decided again.
        await turn.records.queue.open(QueueReason.APPROVE, turn.now, person=mentor_id)
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
    pair = await turn.records.pairs.get(pair_id)
    if pair is None:
        raise Stale
    if not pair.live:
        raise await done_by(turn, f"pair:{pair.id}", "pair.ended", but=(pair.mentee, pair.mentor))
    await end(turn, pair)
    return Update(message("Ended. Both get a kind word."))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

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
