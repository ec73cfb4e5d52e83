"""What becomes of a request: the mentor's answer, or their silence, and what the mentee hears."""

from __future__ import annotations

from datetime import datetime

from bot.asking import answers, both, close, letter, mine, tell_next
from bot.feature import Feature, Sorry, Stale, Turn
from bot.matching import bars_between, past_of
from bot.model import Intro, IntroState, Mentee, Open, Urgency
from bot.pairs import begin
from bot.portrait import first_name
from bot.rules.fit import Bar
from bot.rules.timing import after
from bot.ui import Button, Message, Quote, Reply, Slash, Update, When, act, buttons, message, say, together

intros = Feature("intros")

OVER = (IntroState.WITHDRAWN, IntroState.EXPIRED)
"""Closed without the mentor, whose buttons still stand."""


@intros.press("intro.withdraw")
async def withdraw(turn: Turn, intro_id: int) -> Reply:
    intro = await mine(turn, intro_id)
    if not await close(turn, intro, IntroState.WITHDRAWN):
        raise Stale
    return Update(message(say("Taken back. See who else fits: {find}", find=Slash("find-mentor"))))


@intros.press("intro.accept")
async def accept(turn: Turn, intro_id: int) -> Reply:
    intro = await _for_me(turn, intro_id)
    mentee, mentor = await both(turn, intro.mentee, intro.mentor)
    if intro.state is IntroState.ACCEPTED:
        return Update(_accepted(mentee))
    if intro.state in OVER:
        return Update(_over(intro, mentee))
    past = await past_of(turn, intro.mentee)
    hard = set(bars_between(turn, mentee, mentor, past)) & {Bar.FULL, Bar.CONFLICT, Bar.WISH, Bar.ALREADY, Bar.ENOUGH}
    if hard:
        raise Sorry(_cannot_accept(hard, mentee))
    if not await close(turn, intro, IntroState.ACCEPTED):
        raise Stale
    said = letter(intro, mentee, turn.zone_of(mentee.person), accepted=True)
    pair = await begin(turn, mentee, mentor, said, by=turn.who.id)
    if pair is None:
        raise Sorry(_cannot_accept({Bar.FULL}, mentee))
    await turn.audit("intro.accepted", f"intro:{intro.id}")
    return Update(_accepted(mentee))


@intros.press("intro.not-now")
async def not_now(turn: Turn, intro_id: int) -> Reply:
    return await _decline(turn, intro_id, IntroState.NOT_NOW)


@intros.press("intro.not-for-me")
async def not_for_me(turn: Turn, intro_id: int) -> Reply:
    return await _decline(turn, intro_id, IntroState.NOT_FOR_ME)


async def _decline(turn: Turn, intro_id: int, state: IntroState) -> Reply:
    intro = await _for_me(turn, intro_id)
    if intro.state in OVER:
        mentee, _ = await both(turn, intro.mentee, intro.mentor)
        return Update(_over(intro, mentee))
    if await close(turn, intro, state):
        await tell_next(turn, intro)
    elif intro.state is not state:
        raise Stale
    return Update(message("Thank you for saying so. They get a kind word and other names, and no reason."))


@intros.promise(Open.INTRO)
async def due(turn: Turn, intro_id: int) -> None:
    """A request nobody answered: the mentor is reminded once, then it lapses and the mentee moves on."""
    intro, diary = await turn.records.intros.get(intro_id), turn.records.diary
    if intro is None or intro.state is not IntroState.WAITING or intro.sent_at is None:
        await diary.set(Open.INTRO, intro_id, None)
    elif turn.now >= (lapses := after(intro.sent_at, turn.pace.intro_expiry, turn.stopped)):
        await close(turn, intro, IntroState.EXPIRED)
        await tell_next(turn, intro)
    elif turn.now < (reminds := after(intro.sent_at, turn.pace.intro_reminder, turn.stopped)):
        await diary.set(Open.INTRO, intro_id, reminds)
    else:
        if intro.reminded_at is None:
            mentee, mentor = await both(turn, intro.mentee, intro.mentor)
            await turn.records.intros.reminded(intro.id, turn.now)
            reminder = _reminder(intro, mentee)
            await turn.tell(mentor.person.id, reminder, f"intro:{intro.id}", Urgency.PROMPT)
        await diary.set(Open.INTRO, intro_id, lapses)


@intros.at_home
async def open_requests(turn: Turn) -> Message | None:
    """The request someone waits on, and those that wait for them."""
    people, intros_ = turn.records.people, turn.records.intros
    lines = []
    if (own := await intros_.waiting_of(turn.who.id)) and own.sent_at:
        mentor = await people.get(own.mentor)
        assert mentor is not None
        until = after(own.sent_at, turn.pace.intro_expiry, turn.stopped)
        lines.append(_waits(own, first_name(mentor.name), until))
    for each in (await intros_.waiting_for(turn.who.id))[:3]:
        mentee = await people.mentee(each.mentee)
        assert mentee is not None
        lines.append(_reminder(each, mentee))
    return together(lines) if lines else None


async def _for_me(turn: Turn, intro_id: int) -> Intro:
    intro = await turn.records.intros.get(intro_id)
    if intro is None or intro.mentor != turn.who.id:
        raise Stale
    return intro


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _waits(intro: Intro, mentor: str, until: datetime) -> Message:
    return message(
        say("{mentor} has your request, and until {day} to answer.", mentor=mentor, day=When(until, "day")),
        buttons(Button("Take it back", act("intro.withdraw", intro.id))),
    )


def _reminder(intro: Intro, mentee: Mentee) -> Message:
    return message(
        say(
            "{name} is still hoping for a word from you. One tap is enough:",
            name=first_name(mentee.person.name),
        ),
        Quote(intro.ask),
        answers(intro),
    )


def _accepted(mentee: Mentee) -> Message:
    name = first_name(mentee.person.name)
    return message(say("Wonderful. You and {name} are a pair, and {name} writes first.", name=name))


def _over(intro: Intro, mentee: Mentee) -> Message:
    name = first_name(mentee.person.name)
    if intro.state is IntroState.WITHDRAWN:
        return message(say("{name} has taken this request back. Nothing for you to do.", name=name))
    # It lapses with its week, or where officers noted meanwhile that the two are not to be paired: it reads the same.
    return message(
        say("This request is over, and {name} was shown other names. Who still looks can ask you again.", name=name)
    )


def _cannot_accept(found: set[Bar], mentee: Mentee) -> str:
    if Bar.FULL in found:
        return "Your places are all taken. You can raise the number in /profile, then accept."
    name = first_name(mentee.person.name)
    if Bar.ENOUGH in found:
        return f"{name} has found other mentors meanwhile. Thank you for being willing."
    return "This pair can't be made just now. An officer can help."
