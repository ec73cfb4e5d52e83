"""Update notes: three lines from a mentee to one or all of their mentors, each alone, and no more than is welcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.feature import Feature, Sorry, Stale, Turn, about_silence, spoke
from bot.model import Happened, News, Open, Pair, PairFacts, PairState, Person, Side, Urgency
from bot.pairs import carry, steps_done
from bot.portrait import first_name
from bot.rules.agenda import Do, Step
from bot.rules.news import may_hear_at, wished
from bot.ui import (
    Bold,
    Button,
    ChoiceField,
    Command,
    Form,
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
    Text,
    TextField,
    Update,
    When,
    act,
    bullets,
    buttons,
    clean,
    joined,
    message,
    say,
    shortened,
)
from bot.vocabulary import Milestone, Often, Phase

updates = Feature("updates")
updates.offer("Send an update", "update.open", sides={Side.MENTEE}, resting=True)
updates.offer("Tell of a step on the road", "milestone.open", sides={Side.MENTEE}, resting=True)
updates.offer("How often I hear news", "news.often", sides={Side.MENTOR}, resting=True)

LINE = 500
PLAIN = "news"
"""The kind of an update that is about no milestone, as it stands in a form's action."""


@dataclass(frozen=True)
class Reader:
    """One of a mentee's mentors, present or past, who likes to hear from them."""

    pair: Pair
    mentor: Person
    often: Often


async def readers(turn: Turn, milestone: Milestone | None) -> list[Reader]:
    """Everyone who would read this mentee's update, each once, present mentors first."""
    found: dict[int, Reader] = {}
    pairs = [pair for pair in await turn.records.pairs.all_of(turn.who.id) if pair.mentee == turn.who.id]
    for pair in sorted(pairs, key=lambda pair: not pair.live):
        mentor = await turn.records.people.get(pair.mentor)
        if mentor is not None and mentor.id not in found:
            often = wished(pair, await turn.records.updates.wish(pair.id))
            found[mentor.id] = Reader(pair, mentor, often)
    news = milestone is not None
    return [each for each in found.values() if may_hear_at(each.often, None, turn.now, turn.pace, milestone=news)]


# ── writing one ───────────────────────────────────────────────────────────────────────────────────────────────────


@updates.command(Command("update", "Send news to one or all of your mentors: done, now, one question"))
async def write(turn: Turn) -> Reply:
    return await _open(turn, None)


@updates.press("update.open")
async def write_to(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    if side is not Side.MENTEE:
        raise Stale
    return await _open(turn, None, pair)


@updates.command(
    Command(
        "milestone",
        "Tell your mentors of a step on the road; how it went is yours to say or not",
        (
            Param("what", "what happened", Kind.CHOICE, required=False,
                  options=tuple(Option(each.value, each.label) for each in Milestone)),
        ),
    )
)  # fmt: skip
async def milestone(turn: Turn, what: str | None = None) -> Reply:
    return await _reached(turn, Milestone.of(what)) if what else Private(_which())


@updates.press("milestone.open")
async def which(turn: Turn, pair_id: int) -> Reply:
    await turn.pair_of_mine(pair_id)
    return Private(_which())


@updates.press("milestone.reached")
async def reached(turn: Turn) -> Reply:
    if len(turn.values) != 1 or turn.values[0] not in set(Milestone):
        raise Stale
    return await _reached(turn, Milestone.of(turn.values[0]))


async def _reached(turn: Turn, what: Milestone) -> Reply:
    """A step like this may mean that they are elsewhere on the road: the next check-in asks."""
    if await turn.records.people.mentee(turn.who.id):
        await turn.records.people.save_mentee(turn.who.id, phase_holds_until=turn.now)
    return await _open(turn, what)


async def _open(turn: Turn, what: Milestone | None, pair: Pair | None = None) -> Form:
    reads = await readers(turn, what)
    chosen = tuple(str(each.pair.id) for each in reads if pair is None or each.pair.id == pair.id)
    if not chosen:
        raise Sorry(await _nobody(turn, what, pair))
    return _form(what, reads, chosen, await _phase(turn), News())


async def _phase(turn: Turn) -> Phase | None:
    mentee = await turn.records.people.mentee(turn.who.id)
    return mentee.profile.phase if mentee else None


async def _nobody(turn: Turn, what: Milestone | None, pair: Pair | None) -> Text:
    """Why there is nobody to write an update to."""
    if pair is not None:
        mentor = await turn.records.people.get(pair.mentor)
        often = wished(pair, await turn.records.updates.wish(pair.id))
        return _not_wished(first_name(mentor.name) if mentor else "They", often)
    if not await turn.records.pairs.live_of(turn.who.id):
        return say("No mentor yet to write to. See who fits: {find}", find=Slash("find-mentor"))
    return _not_wished("Your mentor", Often.MILESTONES if what is None else Often.NONE)


# ── sending it ────────────────────────────────────────────────────────────────────────────────────────────────────


@updates.form("update.send")
async def send(turn: Turn, kind: str) -> Reply:
    if kind not in (PLAIN, *Milestone):
        raise Stale
    what = None if kind == PLAIN else Milestone.of(kind)
    news = News(*(clean(" ".join(turn.filled.get(name, ())), LINE) for name in ("done", "now", "question")))
    reads, to = await readers(turn, what), turn.filled.get("to", ())
    chosen = [each for each in reads if str(each.pair.id) in to]
    if not chosen or sum(map(bool, (news.done, news.now, news.question))) < 2:
        again = _form(what, reads, tuple(to), await _phase(turn), news) if reads else None
        held = await turn.records.hold(again, turn.who.id, turn.now) if again else None
        return Private(_unfinished(held))
    sent, later = [], []
    for each in chosen:
        name = first_name(each.mentor.name)
        last = await turn.records.updates.last_sent(each.pair.id)
        at = may_hear_at(each.often, last, turn.now, turn.pace, milestone=what is not None)
        if at is not None and at > turn.now:
            number = await turn.records.updates.wait(each.pair.id, what, news, turn.now)
            await turn.records.diary.set(Open.UPDATE, number, at)
            later.append((name, at))
        else:
            await turn.records.updates.sent(each.pair.id, what, turn.now)
            await _deliver(turn, each.pair, each.mentor, turn.who, what, news)
            sent.append(name)
    return Private(_sent(sent, later))


@updates.promise(Open.UPDATE)
async def due(turn: Turn, number: int) -> None:
    """One that waited: it goes out, waits on, or never will, as the mentor wishes by now."""
    kept, diary = turn.records.updates, turn.records.diary
    waits = await kept.unsent(number)
    pair = await turn.records.pairs.get(waits.pair) if waits else None
    if waits is None or pair is None:
        await diary.set(Open.UPDATE, number, None)
        return
    mentee, mentor = await turn.records.people.get(pair.mentee), await turn.records.people.get(pair.mentor)
    assert mentee is not None
    assert mentor is not None
    often, last = wished(pair, await kept.wish(pair.id)), await kept.last_sent(pair.id)
    at = may_hear_at(often, last, turn.now, turn.pace, milestone=waits.milestone is not None)
    if at is None:
        await kept.drop(number)
        await turn.tell(mentee.id, _kept_back(first_name(mentor.name)), f"update:{pair.id}")
    elif at <= turn.now and await kept.send(number, turn.now):
        await _deliver(turn, pair, mentor, mentee, waits.milestone, waits.news)
    await diary.set(Open.UPDATE, number, at if at and at > turn.now else None)


async def _deliver(turn: Turn, pair: Pair, mentor: Person, mentee: Person, what: Milestone | None, news: News) -> None:
    """To this one mentor: in the room of the two, or to the mentor alone if they are away or no longer a pair."""
    said = _news(first_name(mentee.name), what, news, await steps_done(turn, pair), pair)
    if pair.live and mentor.away_until is None:
        await carry(turn, pair, Side.MENTEE, said, f"update:{pair.id}")
    else:
        await turn.tell(mentor.id, said, f"update:{pair.id}", Urgency.NOTE, by=mentee.id)
    if pair.state is PairState.ACTIVE:
        await spoke(turn, pair, Side.MENTEE, asks=bool(news.question))


# ── how often a mentor likes to hear ──────────────────────────────────────────────────────────────────────────────


@updates.press("news.often")
async def how_often(turn: Turn, pair_id: int) -> Reply:
    pair = await _mentored(turn, pair_id)
    mentee = await turn.records.people.get(pair.mentee)
    often = wished(pair, await turn.records.updates.wish(pair.id))
    return Private(_how_often(pair, first_name(mentee.name) if mentee else "them", often))


@updates.press("news.set")
async def set_often(turn: Turn, pair_id: int, often: str) -> Reply:
    pair = await _mentored(turn, pair_id)
    if often not in set(Often):
        raise Stale
    await turn.records.updates.set_wish(pair.id, Often.of(often), turn.now)
    return Update(_set(Often.of(often)))


async def _mentored(turn: Turn, pair_id: int) -> Pair:
    """A pair, live or not, in which the one who asks is the mentor."""
    pair = await turn.records.pairs.get(pair_id)
    if pair is None or pair.mentor != turn.who.id:
        raise Stale
    return pair


# ── inviting to write ─────────────────────────────────────────────────────────────────────────────────────────────


@updates.step(Do.INVITE)
async def invite(turn: Turn, facts: PairFacts, _: Step) -> None:
    """The agreed time since the mentee's last word is up, or the day has come that they named."""
    pair, kept = facts.pair, turn.records.updates
    await turn.happened(pair.id, Happened.INVITED, Side.MENTEE)
    mentee = await turn.records.people.mentee(pair.mentee)
    often, last = wished(pair, await kept.wish(pair.id)), await kept.last_sent(pair.id)
    at = may_hear_at(often, last, turn.now, turn.pace)
    said = _invitation(
        pair, first_name(facts.mentor.name), mentee.profile.phase if mentee else None, update=at == turn.now
    )
    await turn.tell(pair.mentee, said, about_silence(pair.id, Side.MENTEE), Urgency.PROMPT)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

_EARLY = (
    "I finished …   I tried …   I joined …",
    "This month I'm …   I'm deciding between …",
    "How did you choose …?   Is it worth …?",
)
_MIDDLE = (
    "I took …   I got through …   I spent a day with …",
    "I'm studying for …   I'm halfway through …",
    "What would you do first: … or …?",
)
_WRITING = (
    "I asked … for a letter   I have a draft of …",
    "I'm working on …   The slowest part is …",
    "Which of these two …?   Would you read one page of …?",
)
_APPLYING = (
    "I sent …   I finished … essays",
    "I'm waiting for …   I'm working on …",
    "How did you decide about …?   How would you answer …?",
)
_AFTER = (
    "Since we last spoke I …",
    "I'm getting ready for …   I'm deciding between …",
    "What do you wish you had known about …?",
)
STARTS: dict[Phase, tuple[str, str, str]] = {
    **dict.fromkeys((Phase.PRE_FRESHMAN, Phase.FRESHMAN, Phase.SOPHOMORE, Phase.EXPLORING), _EARLY),
    **dict.fromkeys((Phase.JUNIOR, Phase.SENIOR, Phase.MCAT, Phase.GAP_YEAR, Phase.POSTBACC), _MIDDLE),
    Phase.PREPARING: _WRITING,
    **dict.fromkeys((Phase.APPLYING, Phase.REAPPLICANT), _APPLYING),
    **dict.fromkeys((Phase.INTERVIEWING, Phase.WAITLIST, Phase.ACCEPTED), _AFTER),
}
"""For whoever sits before an empty page: how the three lines may begin."""


def _form(
    what: Milestone | None, reads: Sequence[Reader], chosen: tuple[str, ...], phase: Phase | None, news: News
) -> Form:
    done, now, question = STARTS.get(phase, _MIDDLE) if phase else _MIDDLE
    label = f"Done: {what.label.lower()}"[:45] if what else "Done"
    hint = "As much as you like to say; the outcome can stay yours." if what else done
    people = tuple(Option(str(each.pair.id), shortened(each.mentor.name, 75)) for each in reads[:25])
    return Form(
        "Your update",
        act("update.send", what or PLAIN),
        (
            TextField("done", label, hint, news.done, long=True, required=False, limit=LINE),
            TextField("now", "Now", now, news.now, long=True, required=False, limit=LINE),
            TextField("question", "One question", question, news.question, long=True, required=False, limit=LINE),
            ChoiceField("to", "To", people, "Each reads it alone.", chosen, most=len(people)),
        ),
        "Send",
    )


def _which() -> Message:
    return message(
        "What happened? Only that it did; how it went is yours to say, or not.",
        Menu(
            "Choose…",
            act("milestone.reached"),
            tuple(Option(each.value, each.label) for each in Milestone),
        ),
    )


def _not_wished(mentor: str, often: Often) -> Text:
    if often is Often.MILESTONES:
        return say(
            "{mentor} likes to hear at milestones: {milestone}. A hello in your room is always fine.",
            mentor=mentor,
            milestone=Slash("milestone"),
        )
    return say("{mentor} takes no updates just now. A hello in your room is always fine.", mentor=mentor)


def _unfinished(held: int | None) -> Message:
    go_on = [buttons(Button("Go on writing", act("form.open", held), Style.PRIMARY))] if held else []
    return message("Two of the three lines and someone to read them make an update. Your words are kept.", *go_on)


def _sent(sent: list[str], later: list[tuple[str, datetime]]) -> Message:
    lines: list[Text] = []
    if sent:
        lines.append(say("On its way to {names}.", names=joined(sent)))
    lines.extend(
        say(
            "{name} has had news from you lately, so this one follows on {day}. Sooner, in your own words: {write}",
            name=name,
            day=When(at, "day"),
            write=Slash("write"),
        )
        for name, at in later
    )
    return message(*lines)


def _kept_back(mentor: str) -> Message:
    return message(
        say(
            "Your last update to {mentor} stays with you: they take none just now. It is not about you.",
            mentor=mentor,
        )
    )


def _news(mentee: str, what: Milestone | None, news: News, steps: list[Line], pair: Pair) -> Message:
    about = f": {what.label.lower()}" if what else ""
    head = say("News from {mentee}{about}", mentee=mentee, about=about)
    lines: list[Line | Quote] = []
    for name, words in (("Done", news.done), ("Now", news.now), ("One question", news.question)):
        lines += [Line((Bold(name),)), Quote(words)] if words else []
    answer = [Button("Answer", act("write.open", pair.id))] if pair.live else []
    return message(head, *lines, *steps, buttons(*answer, Button("How often I hear news", act("news.often", pair.id))))


def _how_often(pair: Pair, mentee: str, often: Often) -> Message:
    return message(
        say("How often would you like news from {mentee}? Now: {often}.", mentee=mentee, often=often.label.lower()),
        buttons(*(Button(each.label, act("news.set", pair.id, each)) for each in Often if each is not often)),
    )


def _set(often: Often) -> Message:
    return message(say("Noted: {often}. Only the writer learns of it, when it matters.", often=often.label.lower()))


def _invitation(pair: Pair, mentor: str, phase: Phase | None, *, update: bool) -> Message:
    done, now, question = STARTS.get(phase, _MIDDLE) if phase else _MIDDLE
    wrote = Button("I wrote already", act("quiet.wrote", pair.id))
    later = Button("In a week", act("quiet.plan", pair.id, 7))
    if not update:
        return message(
            say("It's about time for a word to {mentor}. A hello in your room is enough.", mentor=mentor),
            buttons(wrote, later),
        )
    return message(
        say("It's about time for a word to {mentor}. Two lines are enough; they may begin like this:", mentor=mentor),
        bullets(done, now, question),
        buttons(Button("Write an update", act("update.open", pair.id), Style.PRIMARY), wrote, later),
    )
