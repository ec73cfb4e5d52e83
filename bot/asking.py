"""A request to a mentor: who may ask whom, and the letter that it is, the same wherever it is read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.feature import Sorry, Stale, Turn
from bot.matching import bars_between, candidates, past_of
from bot.model import Intro, IntroState, Mentee, Mentor, Open
from bot.portrait import candidate, first_name, mentee_line
from bot.rules.fit import Bar, Fit
from bot.ui import (
    Bold,
    Button,
    Buttons,
    Line,
    Message,
    Quote,
    Slash,
    Style,
    Text,
    act,
    buttons,
    joined,
    message,
    plain,
    say,
)
from bot.vocabulary import ZONES, Academics, School, spoken


async def both(turn: Turn, mentee_id: int, mentor_id: int) -> tuple[Mentee, Mentor]:
    """The two of a request. Raises Sorry for a mentee without a profile, Stale for no mentor."""
    mentee = await turn.records.people.mentee(mentee_id)
    mentor = await turn.records.people.mentor(mentor_id)
    if mentee is None:
        raise Sorry(say("First a few things about you: {join}", join=Slash("sign-up")))
    if mentor is None:
        raise Stale
    return mentee, mentor


async def may_ask(turn: Turn, mentee: Mentee, mentor: Mentor) -> None:
    """Raises Sorry, with what to do instead, where this mentee cannot ask this mentor now."""
    waiting = await turn.records.intros.waiting_of(mentee.person.id)
    if waiting is not None:
        raise Sorry(one_at_a_time())
    found = bars_between(turn, mentee, mentor, await past_of(turn, mentee.person.id))
    if found == [Bar.ENOUGH]:
        raise Sorry("You have as many mentors as we give one person. Make the most of them.")
    if Bar.NO_PROFILE in found:
        raise Sorry(say("First finish your own profile: {join}", join=Slash("sign-up")))
    if found:
        raise Sorry(say("They can't take a request just now. See who else fits: {find}", find=Slash("find-mentor")))


async def mine(turn: Turn, intro_id: int) -> Intro:
    """An introduction that the one who asks wrote. Raises Stale for any other."""
    intro = await turn.records.intros.get(intro_id)
    if intro is None or intro.mentee != turn.who.id:
        raise Stale
    return intro


async def close(turn: Turn, intro: Intro, state: IntroState) -> bool:
    """A request is open no more. False if it was not."""
    if not await turn.records.intros.close(intro.id, state, turn.now):
        return False
    await turn.records.diary.set(Open.INTRO, intro.id, None)
    await turn.records.post.withdraw(f"intro:{intro.id}")
    return True


async def tell_next(turn: Turn, intro: Intro) -> None:
    """The mentee hears that it comes to nothing: the same words whether the mentor said no or nothing."""
    mentee, mentor = await both(turn, intro.mentee, intro.mentor)
    fits = await candidates(turn, mentee)
    await turn.tell(mentee.person.id, _not_this_time(mentor, fits[:3]), topic=f"next:{mentee.person.id}")


async def let_lapse(turn: Turn, one: int, other: int) -> None:
    """Whatever one of the two asks of the other comes to nothing, as if it had been waited for in vain."""
    for mentee, mentor in ((one, other), (other, one)):
        intro = await turn.records.intros.waiting_of(mentee)
        if intro is None or intro.mentor != mentor:
            continue
        own = turn.person is not None and turn.person.id == mentee
        if await close(turn, intro, IntroState.WITHDRAWN if own else IntroState.EXPIRED) and not own:
            await tell_next(turn, intro)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def one_at_a_time() -> Text:
    return say(
        "You have asked someone already. Once they answer, you can ask the next. To see it or take it back: {home}",
        home=Slash("home"),
    )


def letter(intro: Intro, mentee: Mentee, zone: ZoneInfo, *, accepted: bool = False) -> Message:
    """The introduction itself, to the letter: what is asked comes first, for it may be all that is read.

    `zone`: the mentee's. `accepted`: whether the mentor has said yes, and so reads a school that waited for it.
    """
    school = intro.school in (None, School.SHOW) or (accepted and intro.school is School.LATER)
    line = mentee_line(mentee, school=school)
    lines: list[Line | Quote] = [
        *([Line((intro.opening,))] if intro.opening else []),
        Line((Bold("What I ask"),)),
        Quote(intro.ask),
        Line(say("{name} · {line}", name=Bold(mentee.person.name[:60]), line=line[:80])),
    ]
    for heading, words in (
        ("What I need", intro.need),
        ("Why medicine", intro.motivation),
        ("Why you", intro.why),
        ("What I will do", intro.effort),
    ):
        if words:
            lines += [Line((Bold(heading),)), Quote(words)]
    lines.append(Line((_hopes(intro, mentee, zone),), quiet=True))
    if intro.links:
        lines.append(Line(say("To read more: {links}", links=intro.links), quiet=True))
    if intro.closing:
        lines.append(Line((intro.closing,)))
    return Message(tuple(lines))


def _hopes(intro: Intro, mentee: Mentee, zone: ZoneInfo) -> str:
    profile, windows = mentee.profile, spoken(mentee.person.windows)
    how = [joined(spoken(profile.formats[:3]), "or"), profile.rhythm.label.lower() if profile.rhythm else ""]
    when = f"{joined(windows, 'or')}, {ZONES.get(zone.key, zone.key)}"
    grades = WILLING.get(intro.academics, "") if intro.academics else ""
    hopes = ", ".join(part for part in how if part)
    return f"I hope for: {hopes}. Best: {when}. Help with: {joined(spoken(profile.wants))}.{grades}"


WILLING = {
    # Whoever would rather not says nothing of it.
    Academics.ON_REQUEST: " I can share grades and scores if you ask.",
    Academics.RANGE: " I can share a range of my grades and scores once we work together.",
    Academics.EXACT: " I can share my grades and scores once we work together.",
}


def to_copy(whole: Message) -> Message:
    """The same words without their form, to be copied into an e-mail."""
    words = [block.words if isinstance(block, Quote) else _bare(block) for block in whole.blocks]
    return message(*(Line((each,)) for each in words if each))


def _bare(block: object) -> str:
    # Nothing in a letter depends on the reader's time zone.
    return plain(block.text, ZoneInfo("UTC")) if isinstance(block, Line) else ""


def answers(intro: Intro) -> Buttons:
    return buttons(
        Button("Accept", act("intro.accept", intro.id), Style.PRIMARY),
        Button("Not now", act("intro.not-now", intro.id)),
        Button("Not for me", act("intro.not-for-me", intro.id)),
    )


def _not_this_time(mentor: Mentor, fits: list[Fit]) -> Message:
    name = first_name(mentor.person.name)
    said = say("{name} can't take this on at the moment. That is about time, not about you.", name=name)
    if not fits:
        return message(said, say("Look again with {find}, or ask an officer there.", find=Slash("find-mentor")))
    return message(said, "Your words are kept. These would fit as well:", *(candidate(fit) for fit in fits))
