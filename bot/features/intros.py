"""Asking a mentor: the prepared introduction, its preview, and the mentor's answer."""

from __future__ import annotations

from datetime import datetime

from bot.feature import Feature, Sorry, Stale, Turn
from bot.matching import bars_between, candidates, past_of
from bot.model import Intro, IntroState, Mentee, Mentor, Open, Urgency
from bot.pairs import begin
from bot.portrait import candidate, first_name, mentee_line
from bot.questions import Question, Screen
from bot.rules.fit import Bar, Fit, uncovered
from bot.rules.readiness import CONCRETE, Readiness, readiness
from bot.ui import (
    Bold,
    Button,
    Buttons,
    Line,
    Message,
    Private,
    Quote,
    Reply,
    Slash,
    Style,
    Update,
    When,
    act,
    bullets,
    buttons,
    joined,
    message,
    say,
    together,
)
from bot.vocabulary import Academics, spoken

intros = Feature("intros")

LETTER = Screen(
    "letter",
    "Your introduction",
    (
        Question("need", "What do you need?", draft=True, limit=400,
                 hint=f"One concrete line, {CONCRETE} characters or more."),
        Question("ask", "What would you ask of them?", draft=True, limit=300,
                 hint="The one most useful thing, answerable in a sentence."),
        Question("motivation", "Why medicine?", draft=True, limit=500, hint="One to four sentences."),
        Question("why", "Why this mentor?", required=False, limit=300),
        Question("academics", "Would you share grades and scores?", Academics, draft=True,
                 hint="Only whether. The numbers themselves are never asked or kept."),
    ),
)  # fmt: skip


@intros.press("intro.ask")
async def ask(turn: Turn, mentor_id: int) -> Reply:
    mentee, mentor = await _both(turn, turn.who.id, mentor_id)
    await _may_ask(turn, mentee, mentor)
    mine = await turn.records.intros.all_of(mentee.person.id)
    draft = next((i for i in mine if i.mentor == mentor_id and i.state is IntroState.DRAFT), None)
    earlier = draft or next(iter(mine), None) or Intro(0, mentee.person.id, mentor_id, IntroState.DRAFT)
    return LETTER.form(act("intro.write", mentor_id), earlier, "See it")


@intros.form("intro.write")
async def write(turn: Turn, mentor_id: int) -> Reply:
    mentee, mentor = await _both(turn, turn.who.id, mentor_id)
    intro = await turn.records.intros.draft(turn.who.id, mentor_id, **LETTER.read(turn.filled))
    return Private(_preview(intro, mentee, mentor, readiness(intro, mentee)))


@intros.press("intro.send")
async def send(turn: Turn, intro_id: int) -> Reply:
    intro = await _mine(turn, intro_id)
    if intro.state is IntroState.WAITING:
        return Update(_sent((await _both(turn, intro.mentee, intro.mentor))[1]))
    if intro.state is not IntroState.DRAFT:
        raise Stale
    mentee, mentor = await _both(turn, intro.mentee, intro.mentor)
    await _may_ask(turn, mentee, mentor)
    if not readiness(intro, mentee).ready:
        return Update(_preview(intro, mentee, mentor, readiness(intro, mentee)))
    if not await turn.records.intros.send(intro.id, turn.now):
        raise Sorry("You have asked someone already. Once they answer, you can ask the next.")
    await turn.records.diary.set(Open.INTRO, intro.id, turn.now + turn.pace.intro_reminder)
    await turn.tell(mentor.person.id, _request(intro, mentee), topic=f"intro:{intro.id}")
    await turn.audit("intro.sent", f"intro:{intro.id}")
    return Update(_sent(mentor))


@intros.press("intro.discard")
async def discard(turn: Turn, intro_id: int) -> Reply:
    await _mine(turn, intro_id)
    return Update(message("Put away. Nothing was sent, and your words are kept for next time."))


@intros.press("intro.withdraw")
async def withdraw(turn: Turn, intro_id: int) -> Reply:
    intro = await _mine(turn, intro_id)
    if not await _close(turn, intro, IntroState.WITHDRAWN):
        raise Stale
    return Update(message(say("Taken back. See who else fits: {find}", find=Slash("find-mentor"))))


@intros.press("intro.accept")
async def accept(turn: Turn, intro_id: int) -> Reply:
    intro = await _for_me(turn, intro_id)
    mentee, mentor = await _both(turn, intro.mentee, intro.mentor)
    if intro.state is IntroState.ACCEPTED:
        return Update(_accepted(mentee))
    past = await past_of(turn, intro.mentee)
    hard = set(bars_between(turn, mentee, mentor, past)) & {Bar.FULL, Bar.CONFLICT, Bar.ALREADY, Bar.ENOUGH}
    if hard:
        raise Sorry(_cannot_accept(hard, mentee))
    if not await _close(turn, intro, IntroState.ACCEPTED):
        raise Stale
    pair = await begin(turn, mentee, mentor, _letter(intro, mentee), by=turn.who.id)
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
    if await _close(turn, intro, state):
        await _tell_next(turn, intro)
    elif intro.state is not state:
        raise Stale
    return Update(message("Thank you for saying so. They get a kind word and other names, and no reason."))


@intros.promise(Open.INTRO)
async def due(turn: Turn, intro_id: int) -> None:
    """A request nobody answered: the mentor is reminded once, then it lapses and the mentee moves on."""
    intro, diary = await turn.records.intros.get(intro_id), turn.records.diary
    if intro is None or intro.state is not IntroState.WAITING or intro.sent_at is None:
        await diary.set(Open.INTRO, intro_id, None)
    elif turn.now >= intro.sent_at + turn.pace.intro_expiry:
        await _close(turn, intro, IntroState.EXPIRED)
        await _tell_next(turn, intro)
    else:
        if intro.reminded_at is None:
            mentee, mentor = await _both(turn, intro.mentee, intro.mentor)
            await turn.records.intros.reminded(intro.id, turn.now)
            reminder = _reminder(intro, mentee)
            await turn.tell(mentor.person.id, reminder, f"intro:{intro.id}", Urgency.PROMPT)
        await diary.set(Open.INTRO, intro_id, intro.sent_at + turn.pace.intro_expiry)


async def _close(turn: Turn, intro: Intro, state: IntroState) -> bool:
    if not await turn.records.intros.close(intro.id, state, turn.now):
        return False
    await turn.records.diary.set(Open.INTRO, intro.id, None)
    await turn.records.post.withdraw(f"intro:{intro.id}")
    return True


async def _tell_next(turn: Turn, intro: Intro) -> None:
    """The same words whether the mentor said no or nothing."""
    mentee, mentor = await _both(turn, intro.mentee, intro.mentor)
    fits = await candidates(turn, mentee)
    await turn.tell(mentee.person.id, _not_this_time(mentor, fits[:3]), topic=f"next:{mentee.person.id}")


@intros.at_home
async def open_requests(turn: Turn) -> Message | None:
    """The request someone waits on, and those that wait for them."""
    people, intros_ = turn.records.people, turn.records.intros
    lines = []
    if (mine := await intros_.waiting_of(turn.who.id)) and mine.sent_at:
        mentor = await people.get(mine.mentor)
        assert mentor is not None
        lines.append(_waits(first_name(mentor.name), mine.sent_at + turn.pace.intro_expiry))
    for each in (await intros_.waiting_for(turn.who.id))[:3]:
        mentee = await people.mentee(each.mentee)
        assert mentee is not None
        lines.append(_reminder(each, mentee))
    return together(lines) if lines else None


async def _both(turn: Turn, mentee_id: int, mentor_id: int) -> tuple[Mentee, Mentor]:
    mentee = await turn.records.people.mentee(mentee_id)
    mentor = await turn.records.people.mentor(mentor_id)
    if mentee is None:
        raise Sorry(say("First a few things about you: {join}", join=Slash("sign-up")))
    if mentor is None:
        raise Stale
    return mentee, mentor


async def _may_ask(turn: Turn, mentee: Mentee, mentor: Mentor) -> None:
    waiting = await turn.records.intros.waiting_of(mentee.person.id)
    if waiting is not None:
        raise Sorry("You have asked someone already. Once they answer, you can ask the next.")
    found = bars_between(turn, mentee, mentor, await past_of(turn, mentee.person.id))
    if found == [Bar.ENOUGH]:
        raise Sorry("You have as many mentors as we give one person. Make the most of them.")
    if Bar.NO_PROFILE in found:
        raise Sorry(say("First finish your own profile: {join}", join=Slash("sign-up")))
    if found:
        raise Sorry(say("They can't take a request just now. See who else fits: {find}", find=Slash("find-mentor")))


async def _mine(turn: Turn, intro_id: int) -> Intro:
    intro = await turn.records.intros.get(intro_id)
    if intro is None or intro.mentee != turn.who.id:
        raise Stale
    return intro


async def _for_me(turn: Turn, intro_id: int) -> Intro:
    intro = await turn.records.intros.get(intro_id)
    if intro is None or intro.mentor != turn.who.id:
        raise Stale
    return intro


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _letter(intro: Intro, mentee: Mentee) -> Message:
    """The introduction itself: what the mentor reads, to the letter."""
    profile = mentee.profile
    how = spoken(profile.formats[:2])
    hopes = f"{joined(how, 'or')}, {profile.rhythm.label.lower()}" if profile.rhythm else joined(how, "or")
    lines: list[Line | Quote] = [
        Line(say("{name} · {line}", name=Bold(mentee.person.name[:60]), line=mentee_line(mentee)[:100])),
        Line((Bold("The ask"),)),
        Quote(intro.ask),
        Line((Bold("What they need"),)),
        Quote(intro.need),
        Line((Bold("Why medicine"),)),
        Quote(intro.motivation),
    ]
    if intro.why:
        lines += [Line((Bold("Why you"),)), Quote(intro.why)]
    wants = joined(spoken(profile.wants))
    lines.append(Line(say("Hopes for: {hopes}. Topics: {wants}.", hopes=hopes, wants=wants), quiet=True))
    return Message(tuple(lines))


def _preview(intro: Intro, mentee: Mentee, mentor: Mentor, state: Readiness) -> Message:
    name = first_name(mentor.person.name)
    edit = Button("Change it", act("intro.ask", mentor.person.id), Style.PLAIN if state.ready else Style.PRIMARY)
    if not state.ready:
        return message(
            say("Not ready for {name} yet. It still needs:", name=name),
            bullets(*state.missing),
            Line(("Your draft is kept.",), quiet=True),
            buttons(edit),
        )
    wont = uncovered(mentee, mentor)
    warning = f"{name} has said they would rather not help with {joined(spoken(wont))}."
    notes = [*([warning] if wont else []), *state.advice]
    return message(
        say("This is what {name} will read. Nothing is sent until you say so.", name=name),
        *_letter(intro, mentee).blocks,
        *([bullets(*notes)] if notes else []),
        buttons(
            Button(f"Send to {name}", act("intro.send", intro.id), Style.PRIMARY),
            edit,
            Button("Not now", act("intro.discard", intro.id)),
        ),
    )


def _sent(mentor: Mentor) -> Message:
    return message(
        say(
            "Sent. {name} has a week to answer, and I'll tell you either way.",
            name=first_name(mentor.person.name),
        )
    )


def _waits(mentor: str, until: datetime) -> Message:
    return message(say("{mentor} has your request, and until {day} to answer.", mentor=mentor, day=When(until, "day")))


def _answers(intro: Intro) -> Buttons:
    return buttons(
        Button("Accept", act("intro.accept", intro.id), Style.PRIMARY),
        Button("Not now", act("intro.not-now", intro.id)),
        Button("Not for me", act("intro.not-for-me", intro.id)),
    )


def _request(intro: Intro, mentee: Mentee) -> Message:
    return message(
        say("{name} would like you as a mentor.", name=first_name(mentee.person.name)),
        *_letter(intro, mentee).blocks,
        _answers(intro),
        Line(
            ("Any answer is fine, and no reason is needed. Silence for a week counts as “not now”.",),
            quiet=True,
        ),
    )


def _reminder(intro: Intro, mentee: Mentee) -> Message:
    return message(
        say(
            "{name} is still hoping for a word from you. One tap is enough:",
            name=first_name(mentee.person.name),
        ),
        Quote(intro.ask),
        _answers(intro),
    )


def _accepted(mentee: Mentee) -> Message:
    name = first_name(mentee.person.name)
    return message(say("Wonderful. You and {name} are a pair, and {name} writes first.", name=name))


def _cannot_accept(found: set[Bar], mentee: Mentee) -> str:
    if Bar.FULL in found:
        return "Your places are all taken. You can raise the number in /profile, then accept."
    name = first_name(mentee.person.name)
    if Bar.ENOUGH in found:
        return f"{name} has found other mentors meanwhile. Thank you for being willing."
    return "This pair can't be made just now. An officer can help."


def _not_this_time(mentor: Mentor, fits: list[Fit]) -> Message:
    name = first_name(mentor.person.name)
    said = say("{name} can't take this on at the moment. That is about time, not about you.", name=name)
    if not fits:
        return message(said, say("Look again with {find}, or ask an officer there.", find=Slash("find-mentor")))
    return message(said, "Your words are kept. These would fit as well:", *(candidate(fit) for fit in fits))
