"""A private concern: for one reader whom the writer chooses, never the one concerned, and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.feature import Feature, Stale, Turn
from bot.model import DAY, Concern, Need, Open, Pair, PairState, Person, Role
from bot.pairs import pause
from bot.portrait import first_name
from bot.questions import NO, YES, Question, Screen
from bot.roles import YEAR, give, take
from bot.rules.concern import next_moment
from bot.ui import (
    OPTION_LABEL,
    OPTIONS,
    Bold,
    Button,
    Command,
    Kind,
    Line,
    Menu,
    Message,
    Option,
    Param,
    Private,
    Quote,
    Reply,
    Slash,
    Style,
    Update,
    act,
    bullets,
    buttons,
    day_words,
    message,
    say,
    shortened,
    together,
)

concerns = Feature("concerns")

NOBODY = 0
"""In a control, for "nobody in particular": no person has this number."""
REST = 4 * 7 * DAY

WORDS = Screen(
    "words",
    "In confidence",
    (
        Question("words", "What happened, or what worries you?", limit=1000,
                 hint="As much or as little as you like. Nothing about patients, please."),
        Question("reachable", "May they write to you about it?",
                 options=(Option(YES, "Yes"), Option(NO, "No, just read it"))),
    ),
)  # fmt: skip


@concerns.command(Command("concern", "Tell one person you choose, in confidence, that something is wrong"))
async def concern(turn: Turn) -> Reply:
    known = {}
    for pair in await turn.records.pairs.all_of(turn.who.id):
        other = pair.mentor if pair.mentee == turn.who.id else pair.mentee
        if person := await turn.records.people.get(other):
            known[other] = person
    return Private(_before(list(known.values())))


@concerns.press("concern.about")
async def about(turn: Turn) -> Reply:
    person = int(turn.values[0]) if turn.values and turn.values[0].isdigit() else NOBODY
    if not await _readers(turn, person):
        return Private(_nobody_here())
    return WORDS.form(act("concern.write", person), None, "Keep it")


@concerns.form("concern.write")
async def write(turn: Turn, person: int) -> Reply:
    given = WORDS.read(turn.filled)
    met = {p.mentor if p.mentee == turn.who.id else p.mentee for p in await turn.records.pairs.all_of(turn.who.id)}
    about_whom, reachable = person if person in met else None, given["reachable"] == YES
    readers = await _readers(turn, about_whom or NOBODY)
    if not readers:  # the last of them has left while it was written
        return Private(_nobody_here())
    kept = await turn.records.concerns.write(turn.who.id, about_whom, given["words"], reachable=reachable, now=turn.now)
    await _plan(turn, kept)
    return Private(_kept(kept, readers))


@concerns.press("concern.to")
async def to(turn: Turn, number: int) -> Reply:
    mine = await _written_by_me(turn, number)
    chosen = next((r for r in await _readers(turn, mine.about or NOBODY) if (str(r.id),) == turn.values), None)
    if chosen is None or not await turn.records.concerns.send(mine.id, chosen.id, turn.now):
        raise Stale
    await turn.records.post.withdraw(f"concern:{mine.id}")
    await turn.tell(chosen.id, _waits(mine), topic=f"concern:{mine.id}")
    await turn.audit("concern.sent", f"concern:{mine.id}")
    await _plan(turn, mine)
    resting = mine.about is not None and await _live_with(turn, mine.about)
    return Update(_sent(mine, first_name(chosen.name), pausable=bool(resting)))


@concerns.press("concern.pause")
async def pause_it(turn: Turn, number: int) -> Reply:
    """The other hears what everyone hears of a pause, and nothing of the concern."""
    mine = await _written_by_me(turn, number)
    for pair in await _live_with(turn, mine.about or NOBODY):
        await pause(turn, pair, turn.now + REST)
    return Update(message("Your pair rests for four weeks. Nobody is told why."))


@concerns.press("concern.other")
async def other(turn: Turn, number: int) -> Reply:
    mine = await _written_by_me(turn, number)
    readers = [r for r in await _readers(turn, mine.about or NOBODY) if r.id != mine.reader]
    if mine.read_at is not None or not readers:
        raise Stale
    return Private(_choose(mine, readers))


@concerns.press("concern.read")
async def read(turn: Turn, number: int) -> Reply:
    theirs = await _for_me(turn, number)
    writer = await turn.records.people.get(theirs.writer)
    about_whom = await turn.records.people.get(theirs.about) if theirs.about else None
    assert writer is not None
    if theirs.read_at is None:
        await turn.records.concerns.mark(theirs.id, read_at=turn.now)
        await turn.tell(theirs.writer, _was_read(first_name(turn.who.name)), topic=f"concern:{theirs.id}")
        await turn.audit("concern.read", f"concern:{theirs.id}")
        await _plan(turn, theirs)
    return Private(_letter(theirs, writer.name, about_whom.name if about_whom else ""))


@concerns.press("concern.close")
async def close(turn: Turn, number: int) -> Reply:
    theirs = await _for_me(turn, number)
    if theirs.read_at is None:
        raise Stale
    if theirs.closed_at is None:
        await turn.records.concerns.mark(theirs.id, closed_at=turn.now)
        await turn.audit("concern.closed", f"concern:{theirs.id}")
        await _plan(turn, theirs)
    return Update(message("Closed. The words are forgotten in 90 days."))


@concerns.at_home
async def waits_for_me(turn: Turn) -> Message | None:
    waiting = await turn.records.concerns.open_for(turn.who.id) if _trusted(turn.who) else []
    return together([_open(each) for each in waiting[:3]]) if waiting else None


@concerns.promise(Open.CONCERN)
async def in_time(turn: Turn, number: int) -> None:
    """Remind its reader, then tell its writer, then, one day, forget it."""
    each = await turn.records.concerns.get(number)
    if each is None or (due := next_moment(each)) is None or due > turn.now:
        await turn.records.diary.set(Open.CONCERN, number, due if each else None)
        return
    if each.sent_at is None or each.closed_at or each.read_at or each.delayed_at:
        await turn.records.concerns.wipe(number)
        await _plan(turn, each)
        return
    reader = await turn.records.people.get(each.reader or NOBODY)
    assert reader is not None  # what was sent has a reader; without one it is unsent again
    if each.reminded_at is None and _trusted(reader):
        await turn.records.concerns.mark(number, reminded_at=turn.now)
        await turn.records.post.withdraw(f"concern:{number}")
        await turn.tell(reader.id, _waits(each), topic=f"concern:{number}")
    else:
        await turn.records.concerns.mark(number, delayed_at=turn.now)
        await turn.tell(each.writer, _not_read(each, first_name(reader.name)))
    await _plan(turn, each)


@concerns.command(
    Command(
        "safeguarding",
        "Choose who can be asked to read private concerns",
        (Param("member", "who should, for a year", Kind.MEMBER, required=False),),
        need=Need.GOVERN,
    )
)
async def safeguarding(turn: Turn, member: str | None = None) -> Reply:
    if member is not None:
        await give(turn, int(member), Role.SAFEGUARDING, turn.today() + YEAR)
    return Private(await _who_reads(turn))


@concerns.press("safeguarding.off", need=Need.GOVERN)
async def take_off(turn: Turn) -> Reply:
    """Whom another has taken off meanwhile is off: the list says so."""
    if not turn.values or not turn.values[0].isdigit():
        raise Stale
    await take(turn, int(turn.values[0]), Role.SAFEGUARDING)
    return Update(await _who_reads(turn))


async def _who_reads(turn: Turn) -> Message:
    until = {held.person: held.until for held in await turn.records.power.held() if held.role is Role.SAFEGUARDING}
    people = await turn.records.people.holding(Role.SAFEGUARDING)
    return _named([(person.id, person.name, until.get(person.id)) for person in people])


# ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _readers(turn: Turn, about_whom: int) -> list[Person]:
    """Those who can read it: the society's safeguarding people, or else its officers; never the one concerned."""
    for role in (Role.SAFEGUARDING, Role.OFFICER):
        fit = [r for r in await turn.records.people.holding(role) if r.id not in (about_whom, turn.who.id)]
        if fit:
            return fit[:25]
    return []


def _trusted(reader: Person) -> bool:
    """Whether they can be asked to read a concern: who no longer has a role reads none, not even those given before."""
    return reader.officer or Role.SAFEGUARDING in reader.roles


async def _written_by_me(turn: Turn, number: int) -> Concern:
    found = await turn.records.concerns.get(number)
    if found is None or found.writer != turn.who.id or not found.words:
        raise Stale
    return found


async def _for_me(turn: Turn, number: int) -> Concern:
    """What was given to the one who asks, while they still are someone to give it to. Raises Stale for any other."""
    found = await turn.records.concerns.get(number)
    if found is None or found.reader != turn.who.id or not found.words or not _trusted(turn.who):
        raise Stale
    return found


async def _live_with(turn: Turn, person: int) -> list[Pair]:
    live = await turn.records.pairs.live_of(turn.who.id)
    return [pair for pair in live if person in (pair.mentee, pair.mentor) and pair.state is PairState.ACTIVE]


async def _plan(turn: Turn, each: Concern) -> None:
    now = await turn.records.concerns.get(each.id)
    await turn.records.diary.set(Open.CONCERN, each.id, next_moment(now) if now else None)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

HELP = (
    "In danger now: 911. To talk to someone now: 988, by call or text. Your campus counselling is there for this, too."
)


def _before(known: Sequence[Person]) -> Message:
    options = [Option(str(person.id), shortened(person.name, OPTION_LABEL)) for person in known[:23]]
    return message(
        HELP,
        "What you write goes to one person, whom you choose. Nobody else here reads it: not the other officers, and "
        "never the one it is about.",
        "I can't promise more than that: where someone is in danger they may have to act, and staff and advisers often "
        "must report what they hear.",
        Menu("Whom is it about?", act("concern.about"), (*options, Option(str(NOBODY), "Someone or something else"))),
    )


def _nobody_here() -> Message:
    return message(
        HELP,
        "There is nobody in this society whom I could give it to. Your school's dean of students, or its Title IX "
        "office, will listen.",
    )


def _kept(concern: Concern, readers: Sequence[Person]) -> Message:
    return message("Kept, and nobody has read it.", *_choose(concern, readers).blocks)


def _choose(concern: Concern, readers: Sequence[Person]) -> Message:
    options = tuple(Option(str(reader.id), shortened(reader.name, OPTION_LABEL)) for reader in readers)
    return message(Menu("Who should read it?", act("concern.to", concern.id), options))


def _sent(concern: Concern, reader: str, *, pausable: bool) -> Message:
    rest = [buttons(Button("Pause my pair now", act("concern.pause", concern.id)))] if pausable else []
    return message(
        say(
            "It is with {reader} now. You'll hear within two days that it was read. It was right to say it.",
            reader=reader,
        ),
        *rest,
        Line((HELP,), quiet=True),
    )


def _waits(concern: Concern) -> Message:
    return message(
        "Someone trusts you with a private concern. Please read it today, where nobody looks over your shoulder.",
        buttons(Button("Read it", act("concern.read", concern.id), Style.PRIMARY)),
    )


def _letter(concern: Concern, writer: str, about_whom: str) -> Message:
    how = "You may write to them." if concern.reachable else "They would rather not be written to about it."
    return message(
        say("From {writer}", writer=Bold(writer)),
        *([say("About {whom}", whom=Bold(about_whom))] if about_whom else []),
        Quote(concern.words),
        say("{how} Nobody else has seen this.", how=how),
        buttons(Button("It is seen to", act("concern.close", concern.id))),
    )


def _open(concern: Concern) -> Message:
    words = (
        "A private concern waits for you." if concern.read_at is None else "A private concern is still open with you."
    )
    return message(words, buttons(Button("Read it", act("concern.read", concern.id), Style.PRIMARY)))


def _was_read(reader: str) -> Message:
    return message(say("{reader} has read what you wrote.", reader=reader))


def _not_read(concern: Concern, reader: str) -> Message:
    return message(
        say("{reader} has not read it yet. You can give it to someone else instead.", reader=reader),
        buttons(Button("Choose someone else", act("concern.other", concern.id), Style.PRIMARY)),
    )


def _named(people: Sequence[tuple[int, str, date | None]]) -> Message:
    if not people:
        return message("Nobody is named to read private concerns, so members choose among all officers.")
    lines = [
        say("{name}{until}", name=name[:60], until=f", until {day_words(day)} {day.year}" if day else "")
        for _, name, day in people[:20]
    ]
    options = tuple(Option(str(number), shortened(name, OPTION_LABEL)) for number, name, _ in people[:OPTIONS])
    return message(
        "Whom members can ask to read a private concern:",
        bullets(*lines),
        Menu("Take someone off…", act("safeguarding.off"), options),
        Line(say("For longer, or until another day: {officers}", officers=Slash("officers")), quiet=True),
    )
