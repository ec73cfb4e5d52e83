"""What each side expects, answered alone on short screens, then put side by side and confirmed by both."""

from __future__ import annotations

from types import SimpleNamespace

from bot.agreed import Standing, card, person_of, points_of, standing_of, topic
from bot.feature import Feature, Stale, Turn
from bot.model import Agreement, Happened, Pair, PairFacts, Said, Side, Urgency
from bot.portrait import first_name
from bot.questions import Question, Screen
from bot.rules.agenda import Do, Step
from bot.rules.checklist import (
    FIRST,
    FOLLOWING,
    GROUND,
    SCREENS,
    THEN,
    missing,
    wants_shadowing,
    worded,
)
from bot.rules.compare import NEUTRAL, Item, Point, terms_of
from bot.rules.known import of_mentee, of_mentor
from bot.ui import (
    Button,
    Columns,
    Form,
    Line,
    Menu,
    Message,
    Option,
    Private,
    Reply,
    Row,
    Style,
    Text,
    Update,
    act,
    bullets,
    buttons,
    joined,
    message,
    say,
    shortened,
)
from bot.vocabulary import EITHER, Term

expectations = Feature("expectations")
expectations.offer("What we expect of each other", "expect.open", resting=True)

PAGE = 6
"""So many rows of three columns fit into a message, whatever they hold."""
CELL = 80

TERMS = {term.value: term for term in Term}


def screen_of(name: str, side: Side) -> Screen:
    """A screen as one side is asked. Raises Stale for a name that is none."""
    if name not in SCREENS:
        raise Stale
    title, items = SCREENS[name]
    return Screen(name, title, tuple(_question(item, side) for item in items))


def _question(item: Item, side: Side) -> Question:
    ask = item.ask(side)
    options = (*(Option(choice.value, choice.label) for choice in ask.offered), Option(EITHER, NEUTRAL))
    return Question(item.term.value, ask.label, options=options, hint=item.phrase, most=ask.most)


# ── answering alone ───────────────────────────────────────────────────────────────────────────────────────────────


@expectations.press("expect.open")
async def open_expectations(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    answers = await turn.records.expectations.answers(pair.id, side)
    if answers.given_at is not None:
        return Private(await _where_it_stands(turn, pair, side))
    unanswered = {item.term for item in missing(answers)}
    name = next(name for name in FIRST if unanswered.intersection(item.term for item in SCREENS[name][1]))
    return await _form(turn, pair, side, name)


@expectations.press("expect.ask")
async def ask(turn: Turn, pair_id: int, name: str) -> Reply:
    """One screen, to fill in or to change: a few more questions, shadowing, a project."""
    pair, side = await turn.pair_of_mine(pair_id)
    return await _form(turn, pair, side, name)


async def _form(turn: Turn, pair: Pair, side: Side, name: str) -> Form:
    answers = await turn.records.expectations.answers(pair.id, side)
    return asked(pair, side, name, {**await _known(turn, pair, side), **answers.said})


@expectations.form("expect.save")
async def save(turn: Turn, pair_id: int, name: str) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    store = turn.records.expectations
    read = screen_of(name, side).read(turn.filled)
    said = {TERMS[field]: given if isinstance(given, tuple) else (given,) for field, given in read.items()}
    await store.answer(pair.id, side, said)
    answers = await store.answers(pair.id, side)
    if answers.given_at is None:
        if missing(answers):
            return Private(_half_way(pair))
        await store.give(pair.id, side, turn.now)
    changes = await _propose(turn, pair, side, set(said))
    if name in FOLLOWING and FOLLOWING[name] in await _unasked(turn, pair, side):
        return Private(_one_more(pair, FOLLOWING[name]))
    if changes or side.other in await store.answered(pair.id):
        return Private(await _columns(turn, pair, side))
    return Private(await _where_it_stands(turn, pair, side))


async def _propose(turn: Turn, pair: Pair, side: Side, asked: set[Term]) -> Said:
    """Put a new middle before both, where these answers make one. What neither touched stays as it was."""
    store = turn.records.expectations
    points = await points_of(turn, pair)
    if not points:
        return {}
    newest = await store.proposal(pair.id)
    before = newest.terms if newest else {}
    now = terms_of([point for point in points if point.term in asked or newest is None])
    changes = {term: chosen for term, chosen in now.items() if before.get(term) != chosen}
    if not changes:
        return {}
    proposal = await store.propose(pair.id, {**before, **changes})
    other = pair.person(side.other)
    await turn.records.post.withdraw(f"columns:{pair.id}")
    in_force = await store.in_force(pair.id)
    if in_force is None:
        said = await _columns(turn, pair, side.other)
    else:
        since = {term: chosen for term, chosen in proposal.terms.items() if in_force.terms.get(term) != chosen}
        said = _proposed(pair, proposal, since, in_force, first_name(turn.who.name))
    await turn.tell(other, said, topic=f"columns:{pair.id}", by=turn.who.id)
    return changes


async def _known(turn: Turn, pair: Pair, side: Side) -> Said:
    """What someone said elsewhere, offered where they have not answered yet: in another pair, in their profile."""
    who = pair.person(side)
    earlier = (await turn.records.expectations.latest(who, side)).said
    if side is Side.MENTOR:
        mentor = await turn.records.people.mentor(who)
        return {**(of_mentor(mentor.profile) if mentor else {}), **earlier}
    mentee = await turn.records.people.mentee(who)
    asked = [intro for intro in await turn.records.intros.all_of(who) if intro.mentor == pair.mentor]
    academics = next((intro.academics for intro in asked if intro.academics), None)
    return {**earlier, **(of_mentee(mentee.profile, academics) if mentee else {})}


async def _unasked(turn: Turn, pair: Pair, side: Side) -> list[str]:
    """The screens that someone could still fill in, beyond what has to be answered."""
    store = turn.records.expectations
    mine, theirs = await store.answers(pair.id, side), await store.answers(pair.id, side.other)
    names = list(THEN)
    if mine.given_at and theirs.given_at and wants_shadowing(mine, theirs):
        names.append("shadowing")
    if Term.ROLE in mine.said:  # they began on it from a project
        names.append("project-manners")
    return [name for name in names if not all(item.term in mine.said for item in SCREENS[name][1])]


@expectations.step(Do.REMIND_EXPECTATIONS)
async def remind(turn: Turn, facts: PairFacts, step: Step) -> None:
    await turn.happened(facts.pair.id, Happened.EXPECTATIONS_REMINDED, step.side)
    person, other = (facts.mentee, facts.mentor) if step.side is Side.MENTEE else (facts.mentor, facts.mentee)
    said = _reminder(facts.pair, first_name(other.name))
    await turn.tell(person.id, said, f"pair:{facts.pair.id}", Urgency.PROMPT)


# ── side by side, and agreed ──────────────────────────────────────────────────────────────────────────────────────


@expectations.press("expect.columns")
async def columns(turn: Turn, pair_id: int, page: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    return Private(await _columns(turn, pair, side, page))


@expectations.press("expect.agree")
async def agree(turn: Turn, pair_id: int, version: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    store = turn.records.expectations
    before = await store.in_force(pair.id)
    agreement = await store.confirm(pair.id, version, side, turn.now)
    if agreement is None:
        return Update(await _where_it_stands(turn, pair, side))
    await store.answer(pair.id, side, {Term.GROUND: tuple(GROUND)})
    mentee = first_name((await person_of(turn, pair, Side.MENTEE)).name)
    mentor = first_name((await person_of(turn, pair, Side.MENTOR)).name)
    if agreement.in_force and agreement != before:
        await turn.audit("expectations.agreed", f"pair:{pair.id}", f"version {version}")
        said = _changed(before, agreement, mentee, mentor) if before else await card(turn, pair)
        if said is not None:
            await turn.tell_room(pair.id, said, by=turn.who.id)
    if agreement.in_force:
        return Update(_agreed(agreement, mentee, mentor))
    return Update(message("That's your yes. It holds once the other has said theirs, too."))


async def _where_it_stands(turn: Turn, pair: Pair, side: Side) -> Message:
    if side.other in await turn.records.expectations.answered(pair.id):
        return await _columns(turn, pair, side)
    more = await _unasked(turn, pair, side)
    return _waiting(pair, more[0] if more else None)


async def _columns(turn: Turn, pair: Pair, side: Side, page: int = 0) -> Message:
    """A page of the three columns: what differs first."""
    proposal = await turn.records.expectations.proposal(pair.id)
    if proposal is None:
        raise Stale
    points = [point for point in await points_of(turn, pair) if not _for_the_mentee_first(point, proposal, side)]
    points.sort(key=lambda point: ("conflict", "talk", "match").index(point.verdict))
    other = first_name((await person_of(turn, pair, side.other)).name)
    unasked = await _unasked(turn, pair, side)
    return _side_by_side(pair, points, proposal, side, other, page, unasked)


def _for_the_mentee_first(point: Point, proposal: Agreement, side: Side) -> bool:
    """A mentor who would like to see more of someone's grades than they would show: theirs to think over first."""
    private = point.term is Term.ACADEMICS and point.verdict == "conflict"
    return private and side is Side.MENTOR and not proposal.confirmed_by(Side.MENTEE)


@expectations.standing
async def standing(turn: Turn, pair: Pair, side: Side) -> Text | None:
    found = await standing_of(turn, pair)
    mentee = first_name((await person_of(turn, pair, Side.MENTEE)).name)
    return _standing(found, side, mentee)


# ── does it still suit ────────────────────────────────────────────────────────────────────────────────────────────


@expectations.step(Do.REVIEW)
async def review(turn: Turn, facts: PairFacts, _: Step) -> None:
    await turn.happened(facts.pair.id, Happened.REVIEW_ASKED, Side.MENTEE)
    assert facts.agreement is not None
    said = _review(facts.pair, facts.agreement, first_name(facts.mentor.name))
    await turn.tell(facts.mentee.id, said, f"pair:{facts.pair.id}", Urgency.PROMPT)


@expectations.press("expect.fits")
async def still_fits(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    await turn.happened(pair.id, Happened.REVIEWED, side)
    return Update(message("Good. Nothing changes."))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def asked(pair: Pair, side: Side, screen: str, said: Said) -> Form:
    """A screen as a form, filled with what is known already. Raises Stale for a name that is none."""
    record = SimpleNamespace(**{term.value: slugs for term, slugs in said.items()})
    return screen_of(screen, side).form(act("expect.save", pair.id, screen), record)


def _half_way(pair: Pair) -> Message:
    return message("Saved. One more screen.", buttons(Button("Go on", act("expect.open", pair.id), Style.PRIMARY)))


def _one_more(pair: Pair, screen: str) -> Message:
    return message(
        "Saved. One more screen, if you like.",
        buttons(
            Button("Go on", act("expect.ask", pair.id, screen), Style.PRIMARY),
            Button("That's enough", act("expect.open", pair.id)),
        ),
    )


def _waiting(pair: Pair, more: str | None) -> Message:
    words = "Your answers are in. I'll show you both columns as soon as the other has answered, too."
    row = [Button("A few more, if you like", act("expect.ask", pair.id, more))] if more else []
    return message(words, buttons(*row, Button("Change how we meet", act("expect.ask", pair.id, "meeting"))))


def _side_by_side(
    pair: Pair, points: list[Point], proposal: Agreement, side: Side, other: str, page: int, unasked: list[str]
) -> Message:
    mentee, mentor = ("You", other) if side is Side.MENTEE else (other, "You")
    shown = points[page * PAGE : (page + 1) * PAGE] or points[:PAGE]
    rows = tuple(
        Row(
            topic(point.term, mentee, mentor).replace("You answers", "You answer"),
            shortened(point.said(side.other), CELL),
            shortened(point.said(side), CELL),
            shortened(point.middle, CELL),
            point.verdict,
        )
        for point in shown
    )
    further = len(points) > (page + 1) * PAGE
    yes = Button("Yes, let's do that", act("expect.agree", pair.id, proposal.version), Style.PRIMARY)
    row = [
        *([] if proposal.confirmed_by(side) else [yes]),
        *([Button("See the rest", act("expect.columns", pair.id, page + 1))] if further else []),
        *([Button("Back to the first", act("expect.columns", pair.id, 0))] if page else []),
    ]
    private = [_yours_first(other)] if any(_for_the_mentee_first(each, proposal, side.other) for each in shown) else []
    ground = [] if proposal.confirmed_by(side) else [Line(("With your yes you also say:",)), bullets(*GROUND.values())]
    names = [*FIRST, *(name for name in (*THEN, "shadowing") if name in unasked)]
    change = tuple(Option(act("expect.ask", pair.id, name).token, CHANGES[name]) for name in names)
    return message(
        _opening(points, page),
        Columns(other, "You", "Suggested", rows),
        *private,
        *(ground if not page else ()),
        *([buttons(*row)] if row else []),
        Menu("Change or add an answer…", act("go", pair.id, "change"), change),
    )


CHANGES = {
    "meeting": "Change how we meet",
    "answering": "Change time, answers, topics",
    "customs": "Add: booking, length, preparing, notice",
    "openness": "Add: when to look again, grades, letters",
    "shadowing": "Add: shadowing",
}


def _opening(points: list[Point], page: int) -> str:
    open_points = [point.term.label.lower() for point in points if point.verdict != "match"]
    if page:
        return "And the rest:"
    if not open_points:
        return "You two agree on everything. Is this right?"
    return f"Worth a word: {joined(open_points)}. The last column is a middle to start from; on the rest you agree."


def _yours_first(mentor: str) -> Line:
    words = "{mentor} hopes to see more of your grades than you would share. {mentor} doesn't see that yet."
    return Line(say(f"{words} Share as much as you like, or as little.", mentor=mentor))


def _proposed(pair: Pair, proposal: Agreement, changes: Said, before: Agreement, by: str) -> Message:
    lines = [
        say(
            "{topic}: {new}{old}",
            topic=term.label,
            new=worded(term, chosen)[:160],
            old=f" (so far: {worded(term, before.terms[term])[:80]})" if term in before.terms else "",
        )
        for term, chosen in list(changes.items())[:10]
    ]
    return message(
        say("{name} would like to change something. Until you both say yes, all stays as it is.", name=by),
        bullets(*lines),
        buttons(
            Button("Yes, let's do that", act("expect.agree", pair.id, proposal.version), Style.PRIMARY),
            Button("See it all", act("expect.columns", pair.id, 0)),
        ),
    )


def _agreed(agreement: Agreement, mentee: str, mentor: str) -> Message:
    booker = {"mentee": f"{mentee} books", "mentor": f"{mentor} books"}.get(agreement.booker, "you take turns to book")
    return message(
        say(
            "Agreed. You'll be in touch {rhythm}, and {booker}. I'll ask now and then how it goes.",
            rhythm=agreement.rhythm.label.lower(),
            booker=booker,
        )
    )


def _changed(before: Agreement, agreement: Agreement, mentee: str, mentor: str) -> Message:
    news = {term: chosen for term, chosen in agreement.terms.items() if before.terms.get(term) != chosen}
    lines = [
        say("{topic}: {what}", topic=topic(term, mentee, mentor), what=worded(term, chosen)[:160])
        for term, chosen in news.items()
    ]
    return message("Agreed by both, from now on:", bullets(*lines[:10]))


def _reminder(pair: Pair, other: str) -> Message:
    return message(
        say("Two minutes for you and {other}: what do you expect of each other?", other=other),
        buttons(Button("What I expect", act("expect.open", pair.id), Style.PRIMARY)),
    )


def _review(pair: Pair, agreement: Agreement, mentor: str) -> Message:
    return message(
        say(
            "You and {mentor} agreed on {rhythm}, and some more. Does it still suit you?",
            mentor=mentor,
            rhythm=agreement.rhythm.label.lower(),
        ),
        buttons(
            Button("Still right", act("expect.fits", pair.id), Style.PRIMARY),
            Button("Let me look", act("expect.columns", pair.id, 0)),
        ),
        Line(("{mentor} hears of it only if you change something.".replace("{mentor}", mentor),), quiet=True),
    )


def _standing(found: Standing, side: Side, mentee: str) -> Text:
    if found.agreement:
        books = {"mentee": "you book" if side is Side.MENTEE else f"{mentee} books"}.get(found.agreement.booker, "")
        rhythm = found.agreement.rhythm.label.lower()
        return say("Agreed: {what}", what=", ".join(each for each in (rhythm, books) if each))
    if side not in found.answered:
        return say("Getting to know each other. What you expect takes two minutes.")
    if side.other not in found.answered:
        return say("Getting to know each other. Your answers are in.")
    open_points = found.talk + found.conflicts
    if not open_points:
        return say("Getting to know each other. You agree on everything: a yes from both is left.")
    many = "one point" if open_points == 1 else f"{open_points} points"
    return say("Getting to know each other. {many} to talk about.", many=many.capitalize())
