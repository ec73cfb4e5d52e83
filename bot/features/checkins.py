"""Asking after a pair at its own rhythm: a private question, answered in at most three taps."""

from __future__ import annotations

from dataclasses import replace

from bot.agreed import moved_on
from bot.feature import Feature, Stale, Turn, settled, spoke
from bot.model import Event, Happened, Pair, PairFacts, PairState, Person, QueueReason, Side, Urgency
from bot.portrait import first_name
from bot.questions import Question, Screen
from bot.records import Checkin
from bot.rules.agenda import Do, Step, still
from bot.rules.season import Seasonal, as_edited, next_term, phase_is_due, season_for
from bot.rules.waiting import contact_is_planned, last_word
from bot.ui import (
    Button,
    Line,
    Link,
    Menu,
    Message,
    Option,
    Private,
    Reply,
    Style,
    Text,
    Update,
    act,
    buttons,
    message,
    say,
    together,
)
from bot.vocabulary import Phase

checkins = Feature("checkins")

LINE = Screen("line", "A line, if you like", (Question("line", "Anything to add?", limit=500, required=False),))

# Each question with its answers (slug, label), by side.
QUESTIONS: dict[Side, dict[str, tuple[str, tuple[tuple[str, str], ...]]]] = {
    Side.MENTEE: {
        "touch": (
            "Have you and {other} been in touch since last time?",
            (("yes", "Yes"), ("booked", "Not yet, but booked"), ("no", "Not lately")),
        ),
        "phase": (
            "Where you are on the road: you said “{phase}”. Is that still so?",
            (("same", "Still so"), ("moved", "I've moved on")),
        ),
        "useful": (
            "Was it useful?",
            (("5", "Very"), ("4", "Good"), ("3", "So-so"), ("2", "A little"), ("1", "Not really")),
        ),
        "sort": (
            "Anything to sort out?",
            (("nothing", "All good"), ("rhythm", "How often"), ("topics", "Topics"), ("reply", "Reply times"),
             ("officer", "Talk to an officer")),
        ),
    },
    Side.MENTOR: {
        "touch": ("Have you heard from {other} since last time?", (("yes", "Yes"), ("no", "Not lately"))),
        "chasing": ("Are you having to chase?", (("no", "No"), ("little", "A little"), ("yes", "Yes"))),
        "room": (
            "Room as agreed?",
            (("same", "Same"), ("less", "Less, please"), ("more", "More is fine"), ("pause", "I need a pause")),
        ),
    },
}  # fmt: skip


def following(checkin: Checkin, *, phase_due: bool = False) -> str | None:
    """The next question of a check-in: what does not apply is not asked, and it is three at most.

    Where someone is on the road is asked instead of how useful it was, or last, when the topics no longer suit them.
    """
    answers = checkin.answers
    in_touch = answers.get("touch") == "yes"
    if checkin.side is Side.MENTOR:
        asked = ["touch", *([] if in_touch else ["chasing"]), "room"]
    else:
        middle = ["phase"] if phase_due else ["useful"] if in_touch else []
        asked = ["touch", *middle, "sort", *(["phase"] if answers.get("sort") == "topics" else [])]
    return next((name for name in asked if name not in answers), None)


@checkins.step(Do.CHECK_IN)
async def ask(turn: Turn, facts: PairFacts, step: Step) -> None:
    pair = facts.pair
    await turn.happened(pair.id, Happened.CHECKIN_ASKED, step.side)
    number = await turn.records.pairs.start_checkin(pair.id, step.side, turn.now)
    person, other = (facts.mentee, facts.mentor) if step.side is Side.MENTEE else (facts.mentor, facts.mentee)
    checkin = Checkin(number, pair.id, step.side, turn.now, {})
    await turn.records.post.withdraw(f"pair:{pair.id}:checkin:{step.side}")
    said = _question(checkin, "touch", first_name(other.name))
    if step.side is Side.MENTEE and (season := await _season(turn, person)):
        said = _with_season(said, season, pair)
    said = together([said, *await _in_passing(turn, pair, step.side)])
    await turn.tell(person.id, said, f"pair:{pair.id}:checkin:{step.side}", Urgency.PROMPT)


async def _season(turn: Turn, person: Person) -> Seasonal | None:
    """What this month may bring to mind, where the society and the mentee like to be told."""
    mentee = await turn.records.people.mentee(person.id)
    if mentee is None or not turn.pace.seasonal:
        return None
    lines = as_edited(await turn.records.seasons.lines())
    season = season_for(mentee.profile, turn.now, turn.zone_of(person), lines)
    if season is not None:
        await turn.records.people.save_mentee(person.id, season_told_at=turn.now)
    return season


@checkins.press("checkin.tap")
async def tap(turn: Turn, number: int, question: str, answer: str) -> Reply:
    checkin, pair = await _active(turn, number)
    if answer not in {slug for slug, _ in QUESTIONS[checkin.side].get(question, ("", ()))[1]}:
        raise Stale
    if question not in checkin.answers:
        checkin = await _answered(turn, checkin, question, answer)
        await _learn(turn, pair, checkin, question, answer)
    if (question, answer) == ("phase", "moved"):
        return Update(_where_now(checkin))
    return await _go_on(turn, checkin, pair)


@checkins.press("checkin.phase")
async def moved(turn: Turn, number: int) -> Reply:
    """Where the mentee is now, chosen from all phases."""
    checkin, pair = await _active(turn, number)
    mentee = await turn.records.people.mentee(turn.who.id)
    if checkin.side is not Side.MENTEE or mentee is None or len(turn.values) != 1 or turn.values[0] not in set(Phase):
        raise Stale
    phase = Phase.of(turn.values[0])
    holds = next_term(turn.now, turn.zone_of(turn.who), turn.society.term)
    await turn.records.people.save_mentee(turn.who.id, phase=phase, phase_holds_until=holds)
    if phase is not mentee.profile.phase:
        await moved_on(turn, turn.who.id)
    return await _go_on(turn, checkin, pair)


@checkins.press("checkin.season-off")
async def spare_me(turn: Turn) -> Reply:
    if await turn.records.people.mentee(turn.who.id) is None:
        raise Stale
    await turn.records.people.save_mentee(turn.who.id, season_off_at=turn.now)
    return Private(message(say("No more of those. Everything else stays as it was.")))


async def _go_on(turn: Turn, checkin: Checkin, pair: Pair) -> Reply:
    """The next question, or thanks."""
    other = await turn.records.people.get(pair.person(checkin.side.other))
    mentee = await turn.records.people.mentee(pair.mentee) if checkin.side is Side.MENTEE else None
    name, due = first_name(other.name) if other else "them", "phase" in checkin.answers
    if mentee is not None and not due:
        due = phase_is_due(mentee.profile, pair.started_at, checkin.asked_at, turn.zone_of(mentee.person))
    upcoming = following(checkin, phase_due=due)
    if upcoming is not None:
        phase = mentee.profile.phase if mentee else None
        return Update(_question(checkin, upcoming, name, phase))
    facts = await turn.facts(pair.id)
    assert facts is not None
    planned = contact_is_planned(facts, still(facts), turn.now, turn.pace)
    thanks = _thanks(checkin, name, planned=planned or checkin.side is Side.MENTOR)
    return Update(together([thanks, *await _in_passing(turn, pair, checkin.side)]))


async def _answered(turn: Turn, checkin: Checkin, question: str, answer: str) -> Checkin:
    await turn.records.pairs.answer_checkin(checkin.id, turn.now, **{question: answer})
    return replace(checkin, answers={**checkin.answers, question: answer})


async def _in_passing(turn: Turn, pair: Pair, side: Side) -> list[Message]:
    """What other features would like to know on this occasion, so that they need no message of their own."""
    asides = [aside for feature in turn.features for aside in feature.asides]
    return [part for aside in asides if (part := await aside(turn, pair, side))]


async def _learn(turn: Turn, pair: Pair, checkin: Checkin, question: str, answer: str) -> None:
    """What an answer means for the pair."""
    side = checkin.side
    if len(checkin.answers) == 1:
        await turn.happened(pair.id, Happened.CHECKIN_ANSWERED, side)
    match question, answer:
        case "touch", "yes" if side is Side.MENTEE:
            await spoke(turn, pair, None)
        case "touch", "yes" if await _known(turn, pair, checkin):
            await settled(turn, pair, Side.MENTEE)
        case "touch", "yes":
            # A mentor who has heard from them has not thereby answered.
            await spoke(turn, pair, Side.MENTEE)
        case "chasing", "yes":
            # They tried more than once and heard nothing: that is the mentee's to mend, at once.
            await turn.happened(pair.id, Happened.NO_ANSWER, Side.MENTOR)
            await turn.happened(pair.id, Happened.NO_ANSWER, Side.MENTOR)
        case "chasing", "little":
            await turn.happened(pair.id, Happened.NO_ANSWER, Side.MENTOR)
        case "phase", "same":
            holds = next_term(turn.now, turn.zone_of(turn.who), turn.society.term)
            await turn.records.people.save_mentee(turn.who.id, phase_holds_until=holds)
        case ("sort", "officer") | ("room", "pause"):
            await turn.happened(pair.id, Happened.HANDED_OVER, side)
            await turn.hand_to_officers(QueueReason.NEEDS_HAND, pair=pair.id)


async def _known(turn: Turn, pair: Pair, checkin: Checkin) -> bool:
    """Whether what a mentor has heard is on record already: their answer then tells of nothing new."""
    facts = await turn.facts(pair.id)
    word = last_word(facts) if facts else None
    before = [e.at for e in facts.events if _asks(e, checkin)] if facts else []
    return word is not None and word >= max(before, default=pair.started_at)


def _asks(event: Event, checkin: Checkin) -> bool:
    """Whether this is an earlier check-in with the same side."""
    return event.what is Happened.CHECKIN_ASKED and event.side is checkin.side and event.at < checkin.asked_at


@checkins.press("checkin.line")
async def line(turn: Turn, number: int) -> Reply:
    checkin = await _mine(turn, number)
    return LINE.form(act("checkin.write", checkin.id), None)


@checkins.form("checkin.write")
async def write(turn: Turn, number: int) -> Reply:
    checkin = await _mine(turn, number)
    await turn.records.pairs.answer_checkin(checkin.id, turn.now, **LINE.read(turn.filled))
    return Private(message("Noted, for you alone. Thank you."))


async def _mine(turn: Turn, number: int) -> Checkin:
    checkin = await turn.records.pairs.checkin(number)
    if checkin is None or (await turn.pair_of_mine(checkin.pair))[1] is not checkin.side:
        raise Stale
    return checkin


async def _active(turn: Turn, number: int) -> tuple[Checkin, Pair]:
    """A check-in of the one who asks, about a pair that does not rest."""
    checkin = await _mine(turn, number)
    pair, _ = await turn.pair_of_mine(checkin.pair)
    if pair.state is not PairState.ACTIVE:
        raise Stale
    return checkin, pair


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _question(checkin: Checkin, question: str, other: str, phase: Phase | None = None) -> Message:
    words, answers = QUESTIONS[checkin.side][question]
    return message(
        say(words, other=other, phase=phase.label if phase else "nothing yet"),
        buttons(*(Button(label, act("checkin.tap", checkin.id, question, slug)) for slug, label in answers)),
    )


def _with_season(said: Message, season: Seasonal, pair: Pair) -> Message:
    """A check-in with what the month may bring to mind: to be passed over, or to write to the mentor about."""
    words: list[Text] = [say("A thought for this month, if it fits: {words}", words=season.words)]
    if season.usually:
        seen = f"{season.verified_on:%b} {season.verified_on.year}"
        page = (Link("official page", season.link), ", ") if season.link else ("",)
        words.append(say(" {usually} ({page}as of {seen})", usually=season.usually, page=page, seen=seen))
    row = buttons(
        Button("Write about it", act("update.open", pair.id)),
        Button("Spare me these", act("checkin.season-off")),
    )
    return Message((*said.blocks, Line(tuple(span for line in words for span in line), quiet=True), row))


def _where_now(checkin: Checkin) -> Message:
    options = tuple(Option(each.value, each.label) for each in Phase)
    return message("Where are you now?", Menu("Choose…", act("checkin.phase", checkin.id), options))


def _thanks(checkin: Checkin, other: str, *, planned: bool) -> Message:
    answers, pair = checkin.answers, checkin.pair
    more = [Button("Add a line", act("checkin.line", checkin.id))]
    if answers.get("sort") == "officer" or answers.get("room") == "pause":
        words = "Thank you. An officer will write to you."
    elif answers.get("chasing") in ("yes", "little"):
        words = "Thank you. I'll ask them; there is nothing for you to do."
    elif checkin.side is Side.MENTEE and answers.get("touch") == "no":
        words = "Thank you. Two lines to them today are enough to begin again."
        more.insert(0, Button("Write an update", act("update.open", pair), Style.PRIMARY))
    else:
        words = "Thank you. That's all."
    if answers.get("sort") in ("rhythm", "topics", "reply"):
        more.append(Button("What we expect of each other", act("expect.open", pair)))
    if answers.get("room") == "less":
        more.append(Button("Less often", act("quiet.rarer", pair)))
    if planned:
        return message(words, buttons(*more))
    days = ((3, "In a few days"), (7, "In a week"), (14, "In two weeks"), (30, "In a month"))
    return message(
        words,
        say("When will you be in touch with {other} next?", other=other),
        buttons(*(Button(label, act("quiet.plan", pair, number)) for number, label in days)),
        buttons(*more),
    )
