"""One mentee in a round: whom they would have and why, whom they could have instead, and what that would change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.feature import Feature, Sorry, Turn
from bot.model import Mentee, Mentor, Need, Proposed, Round
from bot.portrait import first_name, mentee_line, mentor_line
from bot.rounds import Board, as_seen, board, couple, current, keep, reason, wishes_of
from bot.rules.cohort import Change, Proposal, Wishes, against, changes
from bot.ui import (
    OPTION_LABEL,
    OPTIONS,
    Button,
    Command,
    Kind,
    Line,
    Menu,
    Message,
    Option,
    Param,
    Private,
    Reply,
    Slash,
    Style,
    Title,
    Update,
    act,
    bullets,
    buttons,
    joined,
    message,
    say,
    shortened,
)

cohort_one = Feature("cohort_one")


@cohort_one.command(
    Command(
        "match-why",
        "In the round you look at: why this mentor for a mentee, and why not another",
        (
            Param("mentee", "the mentee", Kind.MEMBER),
            Param("mentor", "the mentor you would have thought of", Kind.MEMBER, required=False),
        ),
        need=Need.READ,
    )
)
async def match_why(turn: Turn, mentee: str, mentor: str | None = None) -> Reply:
    seen = await turn.records.rounds.current()
    if seen is None:
        raise Sorry(say("There is no round just now. {match} begins one.", match=Slash("match-cohort")))
    now = await board(turn)
    found = await _compared(now, seen, int(mentee), int(mentor)) if mentor else _look(now, seen, int(mentee))
    return Private(found.message)


@cohort_one.press("cohort.look", need=Need.READ)
async def look(turn: Turn, number: int, mentee: int) -> Reply:
    seen = await current(turn, number)
    return _look(await board(turn), seen, mentee)


@cohort_one.press("cohort.other", need=Need.READ)
async def other(turn: Turn, number: int, mentee: int) -> Reply:
    """Somebody else was chosen from the list: what would that change?"""
    seen, chosen = await current(turn, number), turn.values[0] if turn.values else ""
    if not chosen.isdigit():
        raise Sorry("Choose somebody from the list.")
    return await _compared(await board(turn), seen, mentee, int(chosen))


# ── changing the round ────────────────────────────────────────────────────────────────────────────────────────────


@cohort_one.press("cohort.lock", need=Need.ACT)
async def lock(turn: Turn, number: int, version: int, mentee: int) -> Reply:
    """Lock a pair, or let go of it again. Nothing else changes by that."""
    seen = await as_seen(turn, number, version)
    pairs = tuple(replace(each, locked=not each.locked) if each.mentee == mentee else each for each in seen.pairs)
    return _look(await board(turn), await keep(turn, seen, pairs, wishes_of(seen)), mentee)


@cohort_one.press("cohort.swap", need=Need.ACT)
async def swap(turn: Turn, number: int, version: int, mentee: int, mentor: int) -> Reply:
    """Somebody else for a mentee, locked, and the rest worked out around it."""
    seen, now = await as_seen(turn, number, version), await board(turn)
    if mentor not in now.scores.get(mentee, {}):
        raise Sorry(reason(against(now.cohort, mentee, mentor)))
    return await _reworked(turn, seen, now, _with(wishes_of(seen), mentee, mentor), mentee)


@cohort_one.press("cohort.apart", need=Need.ACT)
async def keep_apart(turn: Turn, number: int, version: int, mentee: int, mentor: int) -> Reply:
    seen, now = await as_seen(turn, number, version), await board(turn)
    wishes = _unlocked(wishes_of(seen), mentee)
    if mentor not in now.cohort.mentors:
        raise Sorry(reason(against(now.cohort, mentee, mentor)))
    return await _reworked(turn, seen, now, replace(wishes, apart=wishes.apart | {(mentee, mentor)}), mentee)


@cohort_one.press("cohort.out", need=Need.ACT)
async def take_out(turn: Turn, number: int, version: int, mentee: int) -> Reply:
    """Leave a mentee out of this round, or take them in again."""
    seen, now = await as_seen(turn, number, version), await board(turn)
    wishes = _unlocked(wishes_of(seen), mentee)
    return await _reworked(turn, seen, now, replace(wishes, out=wishes.out ^ {mentee}), mentee)


async def _reworked(turn: Turn, seen: Round, now: Board, wishes: Wishes, mentee: int) -> Reply:
    _known(now, mentee)
    found = await now.propose(wishes)
    return _look(now, await keep(turn, seen, found.pairs, wishes), mentee)


def _with(wishes: Wishes, mentee: int, mentor: int) -> Wishes:
    """The wishes with these two locked, whatever was said of them before."""
    locked = {**wishes.locked, mentee: mentor}
    return Wishes(locked, wishes.apart - {(mentee, mentor)}, wishes.out - {mentee})


def _unlocked(wishes: Wishes, mentee: int) -> Wishes:
    return replace(wishes, locked={one: other for one, other in wishes.locked.items() if one != mentee})


# ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Other:
    """Somebody else a mentee could have."""

    mentor: Mentor
    score: int
    free: bool
    """Whether they would have a place for this one, too."""
    with_whom: tuple[str, ...]
    """The first names of those they are proposed for."""


def _known(now: Board, mentee: int) -> Mentee:
    """A mentee of the cohort. Raises Sorry for who is none."""
    found = now.cohort.mentees.get(mentee)
    if found is None:
        raise Sorry(reason(against(now.cohort, mentee, 0)))
    return found


def _look(now: Board, seen: Round, mentee: int) -> Update:
    who = _known(now, mentee)
    pair = next((pair for pair in seen.pairs if pair.mentee == mentee), None)
    if pair is not None and pair.mentor not in now.cohort.mentors:
        pair = None
    with_whom: dict[int, list[str]] = {}
    for each in seen.pairs:
        if each.mentee in now.cohort.mentees:
            with_whom.setdefault(each.mentor, []).append(first_name(now.cohort.mentees[each.mentee].person.name))
    others = [
        Other(
            now.cohort.mentors[mentor],
            points,
            len(with_whom.get(mentor, ())) < now.cohort.places[mentor],
            tuple(with_whom.get(mentor, ())),
        )
        for mentor, points in sorted(now.scores[mentee].items(), key=lambda each: (-each[1], each[0]))
        if pair is None or mentor != pair.mentor
    ]
    if pair is None:
        return Update(_nobody(seen, who, others, out=mentee in seen.out))
    _, mentor_, _, reasons = couple(now.cohort, pair)
    return Update(_pair(seen, who, mentor_, pair, reasons, others))


async def _compared(now: Board, seen: Round, mentee: int, mentor: int) -> Update:
    """What would change if a mentee had this mentor, with everything else worked out around it."""
    who = _known(now, mentee)
    if mentor not in now.cohort.mentors:
        raise Sorry("That person is no mentor who has been approved and is here.")
    whom = now.cohort.mentors[mentor]
    if mentor not in now.scores[mentee]:
        bar = against(now.cohort, mentee, mentor)
        return Update(_barred(seen, who, whom, reason(bar)))
    before = Proposal(seen.pairs, ())
    after = await now.propose(_with(wishes_of(seen), mentee, mentor))
    if (has := before.mentor_of(mentee)) and has.mentor == mentor:
        return _look(now, seen, mentee)
    if mentor not in {pair.mentor for pair in after.pairs if pair.mentee == mentee}:
        return Update(_barred(seen, who, whom, LOCKED_FULL))
    moved = changes(before, after)
    own = next(change for change in moved if change.mentee == mentee)
    rest = [_told(now, change) for change in moved if change.mentee != mentee and change.mentee in now.cohort.mentees]
    return Update(_would(seen, who, whom, _own(now, own), rest, _sum(before, after)))


def _own(now: Board, change: Change) -> str:
    assert change.now is not None
    names = {each: first_name(now.cohort.mentors[each].person.name) for each in now.cohort.mentors}
    new, mentee = names[change.now.mentor], first_name(now.cohort.mentees[change.mentee].person.name)
    if change.was is None:
        return f"{new} would be someone for {mentee}, who has nobody now."
    return f"{new} fits {mentee} {_better(change.better)} {names.get(change.was.mentor, 'their mentor')}."


def _told(now: Board, change: Change) -> str:
    """What becomes of another mentee."""
    name = first_name(now.cohort.mentees[change.mentee].person.name)
    mentor = {
        each.mentor: first_name(now.cohort.mentors[each.mentor].person.name)
        for each in (change.was, change.now)
        if each and each.mentor in now.cohort.mentors
    }
    if change.now is None:
        was = mentor.get(change.was.mentor, "their mentor") if change.was else "their mentor"
        only = len(now.scores[change.mentee]) == 1
        return (
            f"{was} is the only mentor {name} could have: {name} would get nobody."
            if only
            else (f"{name} would lose {was} and get nobody.")
        )
    if change.was is None:
        return f"{name}, who has nobody now, would get {mentor[change.now.mentor]}."
    was = mentor.get(change.was.mentor, "their mentor")
    return f"{name} would get {mentor[change.now.mentor]}, who fits {_better(change.better)} {was}."


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

LOCKED_FULL = "All places of this mentor are locked for others in this round."


def _pair(
    seen: Round, mentee: Mentee, mentor: Mentor, pair: Proposed, reasons: tuple[str, ...], others: list[Other]
) -> Message:
    one, two = first_name(mentee.person.name), first_name(mentor.person.name)
    better = [each for each in others if each.score > pair.score]
    at = (seen.id, seen.version, pair.mentee)
    return message(
        Title(f"{mentee.person.name[:40]} → {mentor.person.name[:40]}"),
        say("{mentee}: {about}", mentee=one, about=mentee_line(mentee)[:120]),
        say("{mentor}: {about}", mentor=two, about=mentor_line(mentor)[:120]),
        say(
            "Why {mentor} ({score}{locked}):",
            mentor=two,
            score=str(pair.score),
            locked=", locked" if pair.locked else "",
        ),
        bullets(*(reason[:150] for reason in reasons)),
        *([Line((_why_not(one, better),))] if better else [Line((f"Nobody fits {one} better.",))]),
        *_instead(seen, mentee, others, pair.score),
        buttons(
            Button("Unlock" if pair.locked else "Lock", act("cohort.lock", *at), Style.PRIMARY),
            Button("Not these two", act("cohort.apart", *at, pair.mentor)),
            Button(f"Leave {one[:30]} out", act("cohort.out", *at)),
            Button("Back", act("cohort.page", seen.id, 0)),
        ),
    )


def _why_not(mentee: str, better: list[Other]) -> str:
    names = joined([f"{first_name(each.mentor.person.name)[:30]} ({each.score})" for each in better[:3]])
    more = f" and {len(better) - 3} more" if len(better) > 3 else ""
    return f"{names}{more} would fit {mentee} better by themselves. Choose one to see what it would cost the others."


def _nobody(seen: Round, mentee: Mentee, others: list[Other], *, out: bool) -> Message:
    one, at = first_name(mentee.person.name), (seen.id, seen.version, mentee.person.id)
    why = (
        f"You have left {one} out of this round."
        if out
        else "Nobody in this round. Choose someone to see what it would cost the others."
        if others
        else "No rule lets any mentor with a free place be paired with them."
    )
    return message(
        Title(mentee.person.name[:60]),
        mentee_line(mentee)[:120],
        Line((why,)),
        *_instead(seen, mentee, others, None),
        buttons(
            Button(f"Take {one[:30]} in again" if out else f"Leave {one[:30]} out", act("cohort.out", *at)),
            Button("Back", act("cohort.page", seen.id, 0)),
        ),
    )


def _instead(seen: Round, mentee: Mentee, others: list[Other], score: int | None) -> list[Menu]:
    """A menu of those they could have instead, if there are any."""
    options = tuple(_option(each, score) for each in others[:OPTIONS])
    action = act("cohort.other", seen.id, mentee.person.id)
    return [Menu("Someone else…", action, options)] if options else []


def _option(other: Other, score: int | None) -> Option:
    points = f" ({other.score - score:+d})" if score is not None else ""
    label = f"{other.mentor.person.name[:50]} · {other.score}{points}"
    hint = f"proposed for {joined(other.with_whom[:3])}" if other.with_whom else "proposed for nobody"
    if other.free:
        hint = f"has a place left; {hint}"
    return Option(str(other.mentor.person.id), shortened(label, OPTION_LABEL), shortened(hint, OPTION_LABEL))


def _would(seen: Round, mentee: Mentee, mentor: Mentor, own: str, rest: list[str], in_all: str) -> Message:
    one, two = first_name(mentee.person.name), first_name(mentor.person.name)
    at = (seen.id, seen.version, mentee.person.id)
    more = [f"… and {len(rest) - 8} more would change."] if len(rest) > 8 else []
    return message(
        Title(f"{two} for {one}?"),
        own,
        *([bullets(*rest[:8], *more)] if rest else [Line(("Nobody else's pair would change.",))]),
        Line((f"All in all: {in_all}.",)),
        buttons(
            Button(
                f"Yes, and lock {one[:20]} with {two[:20]}", act("cohort.swap", *at, mentor.person.id), Style.PRIMARY
            ),
            Button("Back", act("cohort.look", seen.id, mentee.person.id)),
        ),
    )


def _barred(seen: Round, mentee: Mentee, mentor: Mentor, why: str) -> Message:
    return message(
        Title(f"{first_name(mentor.person.name)} for {first_name(mentee.person.name)}?"),
        say("That can't be. {why}", why=why),
        buttons(Button("Back", act("cohort.look", seen.id, mentee.person.id))),
    )


def _better(points: int) -> str:
    if not points:
        return "just as well as"
    many = "1 point" if abs(points) == 1 else f"{abs(points)} points"
    return f"{many} {'better' if points > 0 else 'worse'} than"


def _sum(before: Proposal, after: Proposal) -> str:
    """What becomes of the aims, in their order."""
    fewer, points = len(before.pairs) - len(after.pairs), after.total - before.total
    told = ["as many pairs"]
    if fewer:
        told = [f"{'1 pair' if abs(fewer) == 1 else f'{abs(fewer)} pairs'} {'fewer' if fewer > 0 else 'more'}"]
    told.append(f"{abs(points)} points {'more' if points > 0 else 'less'}" if points else "the same total")
    if after.least != before.least:
        told.append(f"the pair that fits least at {after.least} instead of {before.least}")
    return ", ".join(told)
