"""Beginning, pausing and ending a pair, and carrying words within it: what every road to these has in common."""

from __future__ import annotations

from datetime import datetime

from bot.feature import Stale, Turn, about_room, about_silence
from bot.model import Happened, IntroState, Mentee, Mentor, Open, Pair, PairState, QueueReason, Side, Urgency
from bot.portrait import first_name
from bot.projects import quieten
from bot.ui import Button, Line, Mention, Message, Slash, Style, When, act, buttons, message, say, shortened
from bot.vocabulary import Often


async def begin(turn: Turn, mentee: Mentee, mentor: Mentor, letter: Message | None, by: int | None) -> Pair | None:
    """Make the pair and open its room with the letter; None when the mentor has no place or they are a pair already."""
    pair = await turn.records.pairs.make(mentee.person.id, mentor.person.id, turn.now)
    if pair is not None:
        await turn.tell_room(pair.id, _opening(pair, mentee, mentor, letter), by=by)
        await turn.records.roads.leave_line(pair.mentee)
        await turn.records.queue.resolve_person(pair.mentee, turn.now, QueueReason.REMATCH, QueueReason.NEEDS_MENTOR)
    return pair


async def pause(turn: Turn, pair: Pair, until: datetime) -> None:
    """Let a pair rest; both hear it once, in their room."""
    if not await turn.records.pairs.set_state(pair.id, PairState.PAUSED, turn.now, until=until):
        return
    await turn.happened(pair.id, Happened.PAUSED)
    await _quieten(turn, pair)
    await turn.tell_room(
        pair.id,
        message(say("This pair rests until {day}. Nothing is due until then.", day=When(until, "day"))),
    )


async def resume(turn: Turn, pair: Pair) -> None:
    if await turn.records.pairs.set_state(pair.id, PairState.ACTIVE, turn.now):
        await turn.happened(pair.id, Happened.RESUMED)


async def end(turn: Turn, pair: Pair, farewell: Message | None = None) -> None:
    """End a pair, whoever wished it: both hear the same, no reason is asked, the place is free again.

    `farewell`: what the other reads instead, where the end was planned.
    """
    by = turn.person.id if turn.person else None
    known = await _known_of(turn, pair)
    if not await turn.records.pairs.set_state(pair.id, PairState.ENDED, turn.now, by=by):
        return
    await _quieten(turn, pair)
    await turn.records.projects.end_with(pair.id, turn.now)
    await _forget(turn, pair)
    for person in (pair.mentee, pair.mentor):
        if person != by and known:
            other = await turn.records.people.get(pair.mentor if person == pair.mentee else pair.mentee)
            name = first_name(other.name) if other else "the other"
            said = farewell or _ended(pair, name, mentee=person == pair.mentee)
            await turn.tell(person, said, topic=f"ended:{pair.id}")
    await turn.records.diary.set(Open.LINE, 0, turn.now)  # somebody may be waiting for the place
    await turn.audit("pair.ended", f"pair:{pair.id}")


async def _known_of(turn: Turn, pair: Pair) -> bool:
    """Whether the two know that they are a pair: one accepted the other, or the word of it has arrived."""
    asked = any(
        intro.mentor == pair.mentor and intro.state is IntroState.ACCEPTED
        for intro in await turn.records.intros.all_of(pair.mentee)
    )
    opened = any(event.what is Happened.OPENED for event in await turn.records.pairs.events(pair.id))
    return asked or opened or pair.room is not None


async def carry(turn: Turn, pair: Pair, side: Side, said: Message, topic: str) -> None:
    """Hand on what one side says to the other: into their room where there is one, else to the other alone.

    It is theirs to decide how often, so it counts against nobody's budget.
    """
    if pair.room:
        await turn.tell_room(pair.id, said, pair.person(side), Urgency.NOTE)
    else:
        await turn.tell(pair.person(side.other), said, topic, Urgency.NOTE)


async def fold(turn: Turn, pair: Pair) -> None:
    """End a pair of two who go on as another pair. Nobody hears of it, for nothing ends."""
    if await turn.records.pairs.set_state(pair.id, PairState.ENDED, turn.now):
        await _quieten(turn, pair)
        await turn.records.projects.end_with(pair.id, turn.now)
        await _forget(turn, pair)
        await turn.audit("pair.folded", f"pair:{pair.id}")


async def past_of_mine(turn: Turn, pair_id: int) -> tuple[Pair, Side]:
    """An ended pair of the one who asks, and their side of it. Raises Stale for any other."""
    pair = await turn.records.pairs.get(pair_id)
    side = pair.side(turn.who.id) if pair else None
    if pair is None or side is None or pair.live:
        raise Stale
    return pair, side


async def lose_touch(turn: Turn, pair: Pair, side: Side) -> None:
    """One side would rather not stay in touch after their pair has ended. The other hears nothing of it."""
    endings = turn.records.endings
    before, after = await endings.farewell(pair.id), await endings.stays(pair.id, side, False)
    if before is not None and after is not None and before.in_touch:
        await turn.records.updates.set_wish(pair.id, Often.NONE, turn.now)
        for person in (pair.mentee, pair.mentor):
            await turn.records.post.withdraw(about_touch(pair.id, person))
    await turn.records.diary.set(Open.IN_TOUCH, pair.id, None)


def about_touch(pair: int, person: int) -> str:
    """The topic of whatever someone reads of staying in touch."""
    return f"touch:{pair}:{person}"


async def steps_done(turn: Turn, pair: Pair) -> list[Line]:
    """The small steps a mentee has done since their mentor last read of any, to stand in an update; told once."""
    steps = await turn.records.steps.take_news(pair.id, turn.now)
    done = "; ".join(shortened(step.what, 80) for step in steps[:5])
    return [Line(("Steps done since last time: ", done), quiet=True)] if done else []


async def _quieten(turn: Turn, pair: Pair) -> None:
    """Unsay what was still to be said about the pair, and take it off the officers' list."""
    for topic in ("pair:{}", "room:{}", "columns:{}"):
        await turn.records.post.withdraw(topic.format(pair.id))
    await turn.records.post.withdraw(about_room(pair.id))
    for side in Side:
        for topic in (about_silence(pair.id, side), f"pair:{pair.id}:checkin:{side}"):
            await turn.records.post.withdraw(topic)
    for project in await turn.records.projects.open_of(pair.id):
        await quieten(turn, project.id)
    await turn.records.queue.resolve_pair(pair.id, turn.now)


async def _forget(turn: Turn, pair: Pair) -> None:
    """What the two let each other see was for this pair: numbers, addresses and grades are gone with it."""
    if await turn.records.permissions.forget(pair.id):
        await turn.audit("permissions.ended", f"pair:{pair.id}")
    await turn.records.diary.set(Open.DISCLOSURE, pair.id, None)
    for side in Side:
        await turn.records.post.withdraw(about_reach(pair.id, side))


def about_reach(pair: int, side: Side) -> str:
    """The topic of whatever is said of how one side may be reached."""
    return f"pair:{pair}:reach:{side}"


def _opening(pair: Pair, mentee: Mentee, mentor: Mentor, letter: Message | None) -> Message:
    who = {
        "mentee": Mention(mentee.person.id, first_name(mentee.person.name)),
        "mentor": Mention(mentor.person.id, first_name(mentor.person.name)),
    }
    return message(
        say("{mentee}, {mentor}: you are a pair.", **who),
        *(letter.blocks if letter else ()),
        say(
            "{mentee}, you write first: say hello and propose two times. {mentor}, nothing to do until then.",
            **who,
        ),
        buttons(Button("What I expect (2 minutes)", act("expect.open", pair.id), Style.PRIMARY)),
        Line(("Both answer that alone; neither sees the other's answers before both are in.",), quiet=True),
    )


def _ended(pair: Pair, other: str, *, mentee: bool) -> Message:
    words = say("Your mentoring with {other} has come to its end. It happens, and it is nobody's fault.", other=other)
    if mentee:
        return message(
            words,
            say("When you are ready for someone new: {find}", find=Slash("find-mentor")),
            buttons(Button("Find me someone new", act("ending.again", pair.id), Style.PRIMARY)),
        )
    return message(words, "Thank you for the time you gave. Your place is free again.")
