"""Matching a whole cohort: pairs proposed for everyone who waits, looked at by officers, and published in one tap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.feature import Feature, Sorry, Turn
from bot.model import Mentee, Mentor, Need, Proposed, Round, RoundState
from bot.portrait import first_name
from bot.rounds import as_seen, board, cohort_now, couple, current, keep, publish, reason, reason_alone, wishes_of
from bot.rules.cohort import Cohort, Help, Wishes, against, what_helps, why_alone
from bot.rules.fit import Bar
from bot.ui import (
    Bullets,
    Button,
    Card,
    Command,
    Line,
    Message,
    Private,
    Reply,
    Slash,
    Style,
    Text,
    Title,
    Update,
    When,
    Words,
    act,
    bullets,
    buttons,
    message,
    say,
    shortened,
)

cohort = Feature("cohort")

PAGE = 5


@cohort.command(
    Command(
        "match-cohort",
        "Propose pairs for everyone who waits; nobody hears of them before you publish",
        need=Need.READ,
    )
)
async def match_cohort(turn: Turn) -> Reply:
    return Private(await _page(turn, await turn.records.rounds.current() or await _propose(turn), 0))


async def _propose(turn: Turn) -> Round:
    """A new round. Raises Sorry when there is nobody to pair, and for those who only read."""
    turn.must(Need.ACT)
    now = await board(turn)
    found = await now.propose(Wishes())
    if not found.pairs:
        raise Sorry(_nobody(len(now.cohort.mentees), sum(now.cohort.places.values())))
    opened = await turn.records.rounds.open(found.pairs, turn.now)
    if opened is None:
        raise Sorry(say("Another officer has just begun a round. Look again: {match}", match=Slash("match-cohort")))
    await turn.audit("round.proposed", f"round:{opened.id}", f"{len(opened.pairs)} pairs")
    return opened


@cohort.at_home
async def waits_to_be_published(turn: Turn) -> Message | None:
    found = await turn.records.rounds.current() if turn.may(Need.READ) else None
    return _open_round(found) if found else None


@cohort.press("cohort.page", need=Need.READ)
async def page(turn: Turn, number: int, first: int) -> Reply:
    return Update(await _page(turn, await current(turn, number), first))


@cohort.press("cohort.again", need=Need.ACT)
async def again(turn: Turn, number: int, version: int) -> Reply:
    """Work it out afresh from what is known now, around what officers have decided."""
    seen = await as_seen(turn, number, version)
    wishes, now = wishes_of(seen), await board(turn)
    found = await now.propose(wishes)
    changed = await keep(turn, seen, found.pairs, wishes)
    return Update(await _page(turn, changed, 0, let_go=found.unlocked))


@cohort.press("cohort.alone", need=Need.READ)
async def without(turn: Turn, number: int, first: int) -> Reply:
    """Who gets nobody, why, and what would help."""
    seen, now = await current(turn, number), await board(turn)
    paired = {pair.mentee for pair in seen.pairs}
    longest_first = sorted(now.cohort.mentees, key=lambda each: (-now.cohort.waited(each), each))
    alone = [why_alone(now.cohort, now.scores, each) for each in longest_first if each not in paired | seen.out]
    helps = what_helps(now.cohort, seen.pairs, alone)
    people = {person.id: person.name for person in await turn.records.people.all()}
    why = [
        *((each.mentee, reason_alone(each), True) for each in alone),
        *((each, TAKEN_OUT, True) for each in longest_first if each in seen.out),
        *((each, reason(found), False) for each, found in now.cohort.outside.items()),
    ]
    left = [Left(each, people[each], told, now.cohort.waited(each), look) for each, told, look in why]
    return Update(_without(seen, left[first : first + PAGE], first, len(left), _what_helps(helps)))


# ── publishing ────────────────────────────────────────────────────────────────────────────────────────────────────


@cohort.press("cohort.publish", need=Need.ACT)
async def ask_to_publish(turn: Turn, number: int, version: int) -> Reply:
    return Update(_sure(await as_seen(turn, number, version)))


@cohort.press("cohort.go", need=Need.ACT)
async def go(turn: Turn, number: int, version: int) -> Reply:
    made, unmade = await publish(turn, await as_seen(turn, number, version))
    people = {person.id: person.name for person in await turn.records.people.all()}
    told = [
        Lost(people.get(each.pair.mentee, "?"), people.get(each.pair.mentor, "?"), reason(each.why)) for each in unmade
    ]
    return Update(_published(made, told))


@cohort.press("cohort.drop", need=Need.ACT)
async def drop(turn: Turn, number: int, version: int) -> Reply:
    return Update(_sure_to_drop(await as_seen(turn, number, version)))


@cohort.press("cohort.gone", need=Need.ACT)
async def gone(turn: Turn, number: int, version: int) -> Reply:
    seen = await as_seen(turn, number, version)
    if await turn.records.rounds.close(seen, RoundState.DROPPED, turn.now):
        await turn.audit("round.dropped", f"round:{seen.id}")
    return Update(message(say("Dropped. Nobody was paired, and nobody has heard. {m}", m=Slash("match-cohort"))))


# ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Couple:
    """Two who are proposed for one another, with why."""

    mentee: Mentee
    mentor: Mentor
    pair: Proposed
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Left:
    """A mentee who gets nobody."""

    person: int
    name: str
    why: str
    waited: int
    """Days, where it is known since when."""
    look: bool
    """Whether officers can still do something about it in the round."""


@dataclass(frozen=True)
class Lost:
    """Two who can't be paired any more."""

    mentee: str
    mentor: str
    why: str


async def _page(turn: Turn, seen: Round, first: int, let_go: tuple[Proposed, ...] = ()) -> Message:
    """Some of the pairs, those that fit least first."""
    now = await cohort_now(turn)
    worst_first = sorted(seen.pairs, key=lambda pair: (pair.score, pair.mentee))
    holds = [pair for pair in worst_first if pair.mentee in now.mentees and pair.mentor in now.mentors]
    stale = len(seen.pairs) - sum(against(now, pair.mentee, pair.mentor) is None for pair in holds)
    shown = [Couple(*couple(now, pair)) for pair in holds[first : first + PAGE]]
    alone = len(now.mentees) + len(now.outside) - sum(pair.mentee in now.mentees for pair in seen.pairs)
    lost = [Lost(*_names(now, pair), reason(against(now, pair.mentee, pair.mentor))) for pair in let_go]
    return _proposed(seen, shown, first, stale, alone, lost[:3])


def _names(now: Cohort, pair: Proposed) -> tuple[str, str]:
    mentee, mentor = now.mentees.get(pair.mentee), now.mentors.get(pair.mentor)
    return (mentee.person.name if mentee else "?", mentor.person.name if mentor else "?")


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

TAKEN_OUT = "Left out of this round by an officer."


def _proposed(seen: Round, shown: list[Couple], first: int, stale: int, alone: int, let_go: list[Lost]) -> Message:
    count = len(seen.pairs)
    points = [pair.score for pair in seen.pairs]
    least, mean = min(points, default=0), sum(points) // max(1, count)
    last = min(count, first + PAGE)
    nav = [
        *([Button("Earlier", act("cohort.page", seen.id, max(0, first - PAGE)))] if first else []),
        *([Button("More", act("cohort.page", seen.id, first + PAGE))] if last < count else []),
    ]
    return message(
        Title(f"{_pairs(count)} proposed"),
        *(_let_go(each) for each in let_go),
        say("They fit at {mean} of 100 on average, the least at {least}.", mean=str(mean), least=str(least)),
        *([Line((_stale(stale),))] if stale else []),
        Line(
            say("Nobody has heard of it. Worked out {when}; those that fit least come first:", when=When(seen.made_at)),
            quiet=True,
        ),
        *(_couple(seen, each) for each in shown),
        *([Line((f"{first + 1} to {last} of {count}",), quiet=True)] if nav else []),
        *([buttons(*nav)] if nav else []),
        buttons(
            *(
                [Button(f"Publish {_pairs(count)}…", act("cohort.publish", seen.id, seen.version), Style.PRIMARY)]
                if count
                else []
            ),
            *([Button(f"Who gets nobody ({alone})", act("cohort.alone", seen.id, 0))] if alone else []),
            Button("Propose again", act("cohort.again", seen.id, seen.version)),
            Button("Drop it…", act("cohort.drop", seen.id, seen.version)),
        ),
    )


def _couple(seen: Round, each: Couple) -> Card:
    names = f"{each.mentee.person.name[:40]} → {each.mentor.person.name[:40]}"
    score = f"Fit: {each.pair.score} of 100{', locked' if each.pair.locked else ''}"
    why = Button(f"Look at {first_name(each.mentee.person.name)}", act("cohort.look", seen.id, each.mentee.person.id))
    return Card(names, ((score,), (shortened(" · ".join(each.reasons), 220),)), why)


def _let_go(lost: Lost) -> Line:
    return Line(
        say(
            "No longer locked: {mentee} with {mentor}. {why}",
            mentee=lost.mentee[:40],
            mentor=lost.mentor[:40],
            why=lost.why,
        )
    )


def _stale(stale: int) -> str:
    some = "One of them does" if stale == 1 else f"{stale} of them do"
    return f"{some} not hold any more, as something has changed since. “Propose again” puts that right."


def _open_round(seen: Round) -> Message:
    return message(
        say("{pairs} proposed, and nobody has heard of it yet.", pairs=_pairs(len(seen.pairs))),
        buttons(Button("Look at the round", act("cohort.page", seen.id, 0))),
    )


def _nobody(waiting: int, places: int) -> Text:
    if not waiting:
        return say("Nobody waits for a mentor whom I could pair just now.")
    who = "One mentee waits" if waiting == 1 else f"{waiting} mentees wait"
    if not places:
        return say(
            "{who}, and no approved mentor has a place free. More mentors: {ways}", who=who, ways=Slash("other-ways")
        )
    free = "one place is free" if places == 1 else f"{places} places are free"
    return say("{who} and {free}, but no rule lets any two of them be paired.", who=who, free=free)


def _without(seen: Round, shown: list[Left], first: int, count: int, helps: list[str]) -> Message:
    last = min(count, first + PAGE)
    nav = [
        *([Button("Earlier", act("cohort.alone", seen.id, max(0, first - PAGE)))] if first else []),
        *([Button("More", act("cohort.alone", seen.id, first + PAGE))] if last < count else []),
        Button("Back to the pairs", act("cohort.page", seen.id, 0)),
    ]
    return message(
        Title("Nobody waits in vain" if not count else f"{'One gets' if count == 1 else f'{count} get'} nobody yet"),
        *_under("What would help:", helps),
        *(_left(seen, each) for each in shown),
        *([Line((f"{first + 1} to {last} of {count}",), quiet=True)] if count > PAGE else []),
        buttons(*nav),
    )


def _left(seen: Round, left: Left) -> Card:
    see = Button(f"Look at {first_name(left.name)}", act("cohort.look", seen.id, left.person)) if left.look else None
    days = "a day" if left.waited == 1 else f"{left.waited} days"
    waits = [(f"Has been waiting for {days}.",)] if left.waited else []
    return Card(left.name[:60], ((left.why,), *waits), see)


def _what_helps(helps: Help) -> list[str]:
    told = []
    if helps.short:
        told.append(f"More places: {helps.short} could be paired with mentors who would be full.")
    told += [f"No {field.label} mentor with a place left: {count} waiting." for field, count in helps.fields[:4]]
    told += [f"{HINDERED[bar]}: {count}." for bar, count in helps.bars if bar in HINDERED]
    return told


HINDERED = {
    Bar.NO_TIME: "Have no time in common with any mentor who has a place",
    Bar.NO_WAY: "Have no way of meeting in common with any mentor who has a place",
    Bar.NOT_FURTHER: "Are as far along as every mentor who has a place",
    Bar.PAIRED_BEFORE: "Were paired before with every mentor who would do",
}


def _sure(seen: Round) -> Message:
    count = len(seen.pairs)
    return message(
        say("Publish {pairs}?", pairs=_pairs(count)),
        "Each gets a room with a hello and the reasons why the two fit. The mentee writes first. "
        "I write at decent hours, and to no mentor twice a day, so the last may hear some days from now.",
        Line(("There is no taking back all at once; /unpair ends one pair at a time.",), quiet=True),
        buttons(
            Button(f"Yes, publish {_pairs(count)}", act("cohort.go", seen.id, seen.version), Style.PRIMARY),
            Button("Not yet", act("cohort.page", seen.id, 0)),
        ),
    )


def _published(made: int, unmade: list[Lost]) -> Message:
    lost = [
        say("{mentee} and {mentor}: {why}", mentee=each.mentee[:40], mentor=each.mentor[:40], why=each.why)
        for each in unmade[:10]
    ]
    more = len(unmade) - len(lost)
    return message(
        say("Published: {pairs}. Each hears it in their own room.", pairs=_pairs(made)),
        *_under("Not made, as something has changed since:", lost),
        *([Line((f"… and {more} more.",), quiet=True)] if more else []),
        *([say("Who still waits can be in the next round: {match}", match=Slash("match-cohort"))] if lost else []),
    )


def _sure_to_drop(seen: Round) -> Message:
    return message(
        say(
            "Drop this round of {pairs}? What you locked and changed is gone; nobody has heard of it.",
            pairs=_pairs(len(seen.pairs)),
        ),
        buttons(
            Button("Drop it", act("cohort.gone", seen.id, seen.version), Style.DANGER),
            Button("Keep it", act("cohort.page", seen.id, 0)),
        ),
    )


def _under(head: str, items: Sequence[Words]) -> list[Line | Bullets]:
    return [Line((head,)), bullets(*items)] if items else []


def _pairs(count: int) -> str:
    return "1 pair" if count == 1 else f"{count} pairs"
