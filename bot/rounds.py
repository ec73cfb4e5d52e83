"""A round of pairs for everyone who waits: worked out beside the event loop, kept for officers, and published."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event
from typing import TypeVar

from bot.feature import Sorry, Turn
from bot.model import Mentee, Mentor, Proposed, QueueReason, Round, RoundState
from bot.pairs import begin
from bot.portrait import first_name
from bot.rules.cohort import (
    Alone,
    Cohort,
    Outside,
    Proposal,
    Scores,
    Wishes,
    against,
    gathered,
    possible,
    propose,
    why_alone,
)
from bot.rules.fit import Bar, fit
from bot.ui import Line, Message, Slash, Text, bullets, message, say

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds after which the best pairs are no longer looked for. A society of 500 needs a third of one."""
WAITING = (QueueReason.REMATCH, QueueReason.NEEDS_MENTOR)


@dataclass(frozen=True)
class Board:
    """Everything a round is worked out from, at one moment."""

    cohort: Cohort
    scores: Scores

    async def propose(self, wishes: Wishes) -> Proposal:
        return await beside(lambda stop: propose(self.cohort, self.scores, wishes, stop))


async def cohort_now(turn: Turn, *, unmet_too: bool = False) -> Cohort:
    """Everyone who waits. `unmet_too`: as if all who are on a sheet had come, of which nothing can be published."""
    records = turn.records
    return gathered(
        await records.people.roster(),
        (await records.rounds.history()).read_by(turn.person.id if turn.person else None),
        await records.roads.line(),
        [item for item in await records.queue.items() if item.reason in WAITING],
        zone=turn.society.zone,
        pace=turn.pace,
        now=turn.now,
        unmet_too=unmet_too,
    )


def couple(cohort: Cohort, pair: Proposed) -> tuple[Mentee, Mentor, Proposed, tuple[str, ...]]:
    """Two of the cohort who are proposed for one another, with the reasons."""
    mentee, mentor = cohort.mentees[pair.mentee], cohort.mentors[pair.mentor]
    found = fit(mentee, mentor, today=cohort.today, zone=cohort.zone)
    return mentee, mentor, pair, found.reasons


async def board(turn: Turn) -> Board:
    cohort = await cohort_now(turn)
    return Board(cohort, await beside(lambda stop: possible(cohort, stop)))


async def beside(work: Callable[[Callable[[], bool]], T]) -> T:
    """The result of long work, done in a thread; it is told when to stop. Raises Sorry after `PATIENCE`."""
    over = Event()
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.to_thread(work, over.is_set)
    except TimeoutError:
        raise Sorry(TOO_LONG) from None
    finally:
        over.set()


# ── the round that officers look at ───────────────────────────────────────────────────────────────────────────────


def wishes_of(looked_at: Round) -> Wishes:
    """What officers have decided so far."""
    locked = {pair.mentee: pair.mentor for pair in looked_at.pairs if pair.locked}
    return Wishes(locked, looked_at.apart, looked_at.out)


async def current(turn: Turn, number: int) -> Round:
    """The open round, whatever has changed in it: enough to look at it. Raises Sorry when it is over."""
    now = await turn.records.rounds.current()
    if now is None or now.id != number:
        done = ("round.published", "round.dropped")
        deeds = await turn.records.power.deeds(done, about=f"round:{number}", most=1)
        by = await turn.records.people.get(deeds[0].actor or 0) if deeds else None
        raise Sorry(_over(first_name(by.name) if by and by.id != turn.who.id else None))
    return now


async def as_seen(turn: Turn, number: int, version: int) -> Round:
    """The open round, just as it was when the button was shown. Raises Sorry when another officer was quicker."""
    now = await current(turn, number)
    if now.version != version:
        raise Sorry(say(CHANGED, match=Slash("match-cohort")))
    return now


async def keep(turn: Turn, looked_at: Round, pairs: tuple[Proposed, ...], wishes: Wishes) -> Round:
    """The round with other pairs and wishes. Raises Sorry when another officer was quicker."""
    changed = await turn.records.rounds.change(looked_at, pairs, apart=wishes.apart, out=wishes.out)
    if changed is None:
        raise Sorry(say(CHANGED, match=Slash("match-cohort")))
    return changed


# ── publishing ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Unmade:
    """Two of a round who are no pair after all."""

    pair: Proposed
    why: Bar | Outside


async def publish(turn: Turn, looked_at: Round) -> tuple[int, list[Unmade]]:
    """Make every pair of a round that still holds: how many those are, and what could not be made.

    All in this turn's transaction. The rules are looked at again, pair by pair, and the place is taken by the one
    conditional write that every road to a pair uses. Raises Sorry when another officer was quicker.
    """
    if not await turn.records.rounds.close(looked_at, RoundState.PUBLISHED, turn.now):
        raise Sorry(say(CHANGED, match=Slash("match-cohort")))
    cohort = await cohort_now(turn)
    unmade: list[Unmade] = []
    places = dict(cohort.places)
    # Where a mentor has fewer places by now, those whom officers locked come first, then those who fit best.
    for pair in sorted(looked_at.pairs, key=lambda pair: (not pair.locked, -pair.score, pair.mentee)):
        if why := against(replace(cohort, places=places), pair.mentee, pair.mentor):
            unmade.append(Unmade(pair, why))
            continue
        mentee, mentor, _, reasons = couple(cohort, pair)
        made = await begin(turn, mentee, mentor, _why(mentee, mentor, reasons), by=turn.who.id)
        if made is None:
            unmade.append(Unmade(pair, Bar.FULL))
            continue
        places[pair.mentor] -= 1
        await turn.audit("pair.made", f"pair:{made.id}", f"round:{looked_at.id}")
    count = len(looked_at.pairs) - len(unmade)
    await turn.audit("round.published", f"round:{looked_at.id}", f"{count} of {len(looked_at.pairs)} pairs")
    return count, unmade


# ── for a program, or a solver of one's own ───────────────────────────────────────────────────────────────────────


def as_facts(cohort: Cohort, scores: Scores, found: Proposal, *, all_scores: bool) -> dict[str, object]:
    """A proposal as JSON has it, with every pair that would have been possible if `all_scores`.

    With these and `places` anyone can check, with a solver of their own, that no more could be paired and none better.
    """
    people = [each.person for each in cohort.mentees.values()] + [each.person for each in cohort.mentors.values()]
    names = {person.id: person.name for person in people}
    alone = [why_alone(cohort, scores, mentee) for mentee in found.alone]
    told: dict[str, object] = {
        "aims": AIMS,
        "matched": len(found.pairs),
        "total": found.total,
        "least": found.least,
        "pairs": [
            {
                "mentee": {"id": pair.mentee, "name": names[pair.mentee]},
                "mentor": {"id": pair.mentor, "name": names[pair.mentor]},
                "both_here": cohort.unmet.isdisjoint((pair.mentee, pair.mentor)),
                "score": pair.score,
                "waited": cohort.waited(pair.mentee),
                "reasons": couple(cohort, pair)[3],
            }
            for pair in found.pairs
        ],
        "alone": [
            {
                "mentee": {"id": each.mentee, "name": names[each.mentee]},
                "possible": each.could,
                "waited": cohort.waited(each.mentee),
                "why": reason_alone(each),
            }
            for each in alone
        ],
        "outside": [{"mentee": {"id": mentee}, "why": reason(why)} for mentee, why in cohort.outside.items()],
        "places": {str(mentor): free for mentor, free in cohort.places.items()},
    }
    if all_scores:
        told["possible"] = [
            {"mentee": mentee, "mentor": mentor, "score": points}
            for mentee, could in scores.items()
            for mentor, points in could.items()
        ]
    return told


AIMS = (
    "no hard rule is broken",
    "as many as possible get a mentor",
    "the sum of all scores is the highest",
    "the least score is the highest, then the next to least, and so on",
    "those who get a mentor have waited the most days in all",
)
"""One after another: a later one never counts against an earlier."""

# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

CHANGED = "Another officer has changed the round meanwhile, so I have not. How it stands now: {match}"
TOO_LONG = (
    "That took longer than I may think about it, so I stopped and changed nothing. "
    "Please try again when it is quiet here."
)


def _over(by: str | None) -> Text:
    faster = f": {by} was faster" if by else ""
    return say("That round is over{faster}. {match} begins another.", faster=faster, match=Slash("match-cohort"))


def reason(why: Bar | Outside | None) -> str:
    """Why two can't be paired, or someone is not in a round, for officers."""
    return REASONS[why] if why else "Nothing speaks against it any more."


NOT_NOW = "These two can't be paired just now."
"""One of them said no to the other, or wishes never to be asked. Whose no it is, is nobody's to find out."""
REASONS: dict[Bar | Outside, str] = {
    Bar.SELF: "They are one and the same person.",
    Bar.NO_PROFILE: "One of the two has not finished their profile.",
    Bar.NOT_APPROVED: "That mentor has not been approved, or is not here.",
    Bar.ALREADY: "They are a pair already.",
    Bar.FULL: "The mentor's places are all taken, or held for those who have asked.",
    Bar.CONFLICT: "A conflict of interest is on record for the two; see /conflict.",
    Bar.WISH: NOT_NOW,
    Bar.REFUSED: NOT_NOW,
    Bar.AWAY: "One of them is away.",
    Bar.NOT_FURTHER: "The mentor is not further along than the mentee.",
    Bar.UNDER_AGE: "One of them is under 18; your society's rule for that has to be met.",
    Bar.PAIRED_BEFORE: "They were a pair before.",
    Bar.ENOUGH: "The mentee has as many mentors as you give one person.",
    Bar.NO_WAY: "They have no way of meeting in common.",
    Bar.NO_TIME: "They have no usual time in common.",
    Outside.NOT_WAITING: "They don't wait for a mentor any more.",
    Outside.UNFINISHED: "Their profile is not finished.",
    Outside.NOT_HERE: "They are on a sheet, but have not come here yet.",
    Outside.UNDER_AGE: "Under 18; your society's rule for that has to be met, then /pair.",
    Outside.AWAY: "Away just now.",
    Outside.ASKED: "Has asked a mentor, who has not answered yet.",
    Outside.TOLD: "Has just been told of a free place, and may still ask for it.",
}


def reason_alone(alone: Alone) -> str:
    """Why someone gets nobody."""
    if alone.could:
        who = "The one mentor who is" if alone.could == 1 else f"All {alone.could} mentors who are"
        return f"{who} possible would be taken by others, so that as many as can be get someone."
    if not alone.bars:
        return "No mentor has a place free."
    return " ".join(reason(bar) for bar in alone.bars) + " That is as near as any mentor comes."


def _why(mentee: Mentee, mentor: Mentor, reasons: tuple[str, ...]) -> Message:
    """What a new pair reads of why the officers have brought them together."""
    names = {"mentee": first_name(mentee.person.name), "mentor": first_name(mentor.person.name)}
    return message(
        Line(say("The officers looked at everyone who waits. {mentee}, why {mentor}:", **names)),
        *([bullets(*reasons)] if reasons else []),
    )
