"""Coming to a good end: the last meeting is said ahead, thanks are carried, and who wishes to stays in touch."""

from __future__ import annotations

from datetime import datetime

from bot.feature import Feature, Stale, Turn
from bot.model import DAY, Happened, Need, Open, Pair, PairFacts, PairState, Side, Urgency
from bot.pairs import about_touch, end, lose_touch, past_of_mine
from bot.portrait import first_name
from bot.questions import Question, Screen
from bot.rules.agenda import Do, Step
from bot.rules.closing import agreed_end
from bot.ui import (
    Bold,
    Button,
    Buttons,
    Command,
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
    message,
    say,
)
from bot.vocabulary import Often, Phase

farewells = Feature("farewells")

LATE = 45 * DAY
"""After so long the season is over, and the question would come out of nowhere."""

COULD_MENTOR = (Phase.ACCEPTED, Phase.GAP_YEAR)

THANKS = Screen(
    "thanks",
    "Thanks",
    (
        Question("words", "A few words of thanks", required=False, limit=600,
                 hint="Sent as you write them, once. What did they do that mattered?"),
    ),
)  # fmt: skip

farewells.offer("Plan our last meeting", "farewell.plan")


@farewells.step(Do.PLAN_LAST)
async def closing(turn: Turn, facts: PairFacts, step: Step) -> None:
    await turn.happened(facts.pair.id, Happened.CLOSING_ASKED, Side.MENTEE)
    if turn.now < step.at + LATE:
        over = agreed_end(facts)
        said = _closing(facts.pair, first_name(facts.mentor.name), agreed=over is not None and over <= step.at)
        await turn.tell(facts.mentee.id, said, f"pair:{facts.pair.id}", Urgency.PROMPT)


@farewells.step(Do.ASK_LAST)
async def took_place(turn: Turn, facts: PairFacts, _: Step) -> None:
    await turn.happened(facts.pair.id, Happened.LAST_ASKED, Side.MENTEE)
    said = _took_place(facts.pair, first_name(facts.mentor.name))
    await turn.tell(facts.mentee.id, said, f"pair:{facts.pair.id}", Urgency.PROMPT)


@farewells.press("farewell.plan")
async def plan(turn: Turn, pair_id: int) -> Reply:
    """Either says that the next meeting is the last; both read it, and what it is good for."""
    pair, side = await _active(turn, pair_id)
    before = await turn.records.pairs.events(pair.id)
    if not any(
        event.what is Happened.LAST_PLANNED and turn.now - event.at < turn.pace.last_meeting for event in before
    ):
        await turn.happened(pair.id, Happened.LAST_PLANNED, side)
        await turn.tell_room(pair.id, _planned(first_name(turn.who.name)), by=turn.who.id)
    return Update(_plan(pair, side))


@farewells.press("farewell.on")
async def go_on(turn: Turn, pair_id: int) -> Reply:
    await _active(turn, pair_id)
    return Update(message("Good. Everything stays as it is."))


@farewells.press("farewell.later")
async def later(turn: Turn, pair_id: int) -> Reply:
    pair, side = await _active(turn, pair_id)
    await turn.happened(pair.id, Happened.LAST_PLANNED, side)
    return Update(message("No hurry. I'll ask again in a while."))


@farewells.press("farewell.close")
async def close(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    if side is not Side.MENTEE:
        raise Stale
    return THANKS.form(act("farewell.thank", pair.id), None, "Finish")


@farewells.form("farewell.thank")
async def thank(turn: Turn, pair_id: int) -> Reply:
    """The pair has come to its planned end: the mentee's own words go to the mentor, once, and the place is free."""
    pair, side = await turn.pair_of_mine(pair_id)
    if side is not Side.MENTEE:
        raise Stale
    mentor = await turn.records.people.get(pair.mentor)
    assert mentor is not None
    await turn.records.endings.complete(pair.id)
    await end(turn, pair, _farewell(pair, first_name(turn.who.name), THANKS.read(turn.filled)["words"]))
    return Private(_closed(pair, first_name(mentor.name)))


async def _active(turn: Turn, pair_id: int) -> tuple[Pair, Side]:
    pair, side = await turn.pair_of_mine(pair_id)
    if pair.state is not PairState.ACTIVE:
        raise Stale
    return pair, side


# ── staying in touch ──────────────────────────────────────────────────────────────────────────────────────────────


@farewells.press("farewell.stay")
async def stay(turn: Turn, pair_id: int, wish: str) -> Reply:
    """One side's wish is told to nobody; only when both have it, both hear."""
    pair, side = await past_of_mine(turn, pair_id)
    before = await turn.records.endings.farewell(pair.id)
    if before is None:
        raise Stale
    if wish != "yes":
        await lose_touch(turn, pair, side)
        return Update(message("That's fine."))
    after = await turn.records.endings.stays(pair.id, side, True)
    if after is not None and after.in_touch and not before.in_touch:
        await turn.records.updates.set_wish(pair.id, Often.MONTHLY, turn.now)
        await turn.records.diary.set(Open.IN_TOUCH, pair.id, turn.now + turn.pace.in_touch)
        for person, other in ((pair.mentee, pair.mentor), (pair.mentor, pair.mentee)):
            known = await turn.records.people.get(other)
            assert known is not None
            said = _both(first_name(known.name), mentee=person == pair.mentee)
            await turn.tell(person, said, about_touch(pair.id, person))
    return Update(message("Noted. If you both wish it, you'll both hear so."))


@farewells.promise(Open.IN_TOUCH)
async def half_yearly(turn: Turn, pair_id: int) -> None:
    """The mentee is reminded; the mentor never is."""
    pair, farewell = await turn.records.pairs.get(pair_id), await turn.records.endings.farewell(pair_id)
    mentor = await turn.records.people.get(pair.mentor) if pair else None
    goes_on = pair is not None and mentor is not None and farewell is not None and farewell.in_touch
    if goes_on and pair is not None and mentor is not None:
        said = _line_due(pair, first_name(mentor.name))
        await turn.tell(pair.mentee, said, about_touch(pair.id, pair.mentee), Urgency.PROMPT)
    await turn.records.diary.set(Open.IN_TOUCH, pair_id, turn.now + turn.pace.in_touch if goes_on else None)


# ── mentoring in turn ─────────────────────────────────────────────────────────────────────────────────────────────


@farewells.promise(Open.MENTOR_TOO)
async def mentor_too(turn: Turn, person: int) -> None:
    """Who was accepted, or has graduated, is asked whether they would mentor now; once in their life."""
    await turn.records.diary.set(Open.MENTOR_TOO, person, None)
    mentee = await turn.records.people.mentee(person)
    if (
        mentee is None
        or mentee.profile.phase not in COULD_MENTOR
        or await turn.records.people.mentor(person) is not None
    ):
        return
    if await turn.records.endings.ask_to_mentor(person, turn.now):
        accepted = mentee.profile.phase is Phase.ACCEPTED
        await turn.tell(person, _mentor_too(accepted=accepted), f"mentor-too:{person}", Urgency.PROMPT)


@farewells.press("farewell.not-now")
async def rather_not(turn: Turn) -> Reply:
    return Update(
        message("That's fine, and I won't ask again. Should you ever wish to: ", say("{join}", join=Slash("sign-up")))
    )


# ── whom officers thank ───────────────────────────────────────────────────────────────────────────────────────────


@farewells.command(Command("to-thank", "Mentors whose pairs came to a good end", need=Need.READ))
async def to_thank(turn: Turn) -> Reply:
    return Private(await _to_thank(turn))


@farewells.press("farewell.thanked", need=Need.ACT)
async def thanked(turn: Turn, mentor: int) -> Reply:
    if await turn.records.endings.thanked(mentor, turn.now):
        await turn.audit("mentor.thanked", f"person:{mentor}")
    return Update(await _to_thank(turn))


async def _to_thank(turn: Turn) -> Message:
    found = []
    for thanks in (await turn.records.endings.to_thank())[:8]:
        mentor = await turn.records.people.get(thanks.mentor)
        assert mentor is not None
        found.append((mentor.id, mentor.name, thanks.pairs, thanks.newest))
    return _thanks_due(found)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

LAST_MEETING = (
    "Look back: what did you set out to do, and what came of it?",
    "Say thanks, for one thing in particular.",
    "Name what comes next, and whether you'd like to stay in touch.",
)


def _choices(pair: Pair) -> Buttons:
    return buttons(
        Button("Plan our last meeting", act("farewell.plan", pair.id), Style.PRIMARY),
        Button("We go on", act("farewell.on", pair.id)),
        Button("We have said goodbye", act("farewell.close", pair.id)),
    )


def _closing(pair: Pair, mentor: str, *, agreed: bool) -> Message:
    over = "The time you two agreed on is over" if agreed else "The year comes to its end"
    return message(
        say(f"{over}. Do you and {{mentor}} go on, or is it time for a last meeting?", mentor=mentor),
        _choices(pair),
    )


def _planned(who: str) -> Message:
    return message(
        say("{who} says your next meeting is the last of this time together. It is good for three things:", who=who),
        bullets(*LAST_MEETING),
    )


def _plan(pair: Pair, side: Side) -> Message:
    said = "Said in your room, with what a last meeting is good for."
    if side is Side.MENTOR:
        return message(said)
    return message(
        f"{said} Propose a time; once it has taken place, finish here.",
        buttons(Button("It took place: finish", act("farewell.close", pair.id), Style.PRIMARY)),
    )


def _took_place(pair: Pair, mentor: str) -> Message:
    return message(
        say("Has your last meeting with {mentor} taken place?", mentor=mentor),
        buttons(
            Button("Yes: finish", act("farewell.close", pair.id), Style.PRIMARY),
            Button("Not yet", act("farewell.later", pair.id)),
            Button("We go on after all", act("farewell.on", pair.id)),
        ),
    )


def _in_touch(pair: Pair) -> Buttons:
    return buttons(
        Button("Yes, gladly", act("farewell.stay", pair.id, "yes")),
        Button("No need", act("farewell.stay", pair.id, "no")),
    )


def _farewell(pair: Pair, mentee: str, words: str) -> Message:
    return message(
        say("Your time with {mentee} has come to a good end. Thank you; your place is free again.", mentee=mentee),
        *((say("{mentee} writes:", mentee=mentee), Quote(words)) if words else ()),
        "Stay in touch, now and then? It counts only if you both wish it, and a “no” is told to nobody.",
        _in_touch(pair),
    )


def _closed(pair: Pair, mentor: str) -> Message:
    return message(
        say("Well done, both of you. {mentor} hears it from me.", mentor=mentor),
        "Stay in touch, now and then? It counts only if you both wish it, and a “no” is told to nobody.",
        _in_touch(pair),
    )


def _both(other: str, *, mentee: bool) -> Message:
    words = say("{other} would like to stay in touch as well.", other=other)
    if mentee:
        return message(words, "Twice a year I'll remind you to send two lines; nobody else is reminded.")
    return message(words, "There is nothing for you to do.")


def _line_due(pair: Pair, mentor: str) -> Message:
    return message(
        say("You and {mentor} stay in touch. Two lines of news would make a good day for them.", mentor=mentor),
        buttons(Button("No more reminders", act("farewell.stay", pair.id, "no"))),
    )


def _mentor_too(*, accepted: bool) -> Message:
    news = "You made it: congratulations." if accepted else "One stage is behind you: congratulations."
    return message(
        f"{news} Someone here stands where you stood. Would you mentor them? You set the limits.",
        buttons(
            Button("Yes, I'd like to", act("join.as", "mentor"), Style.PRIMARY),
            Button("Not for me", act("farewell.not-now")),
        ),
    )


def _thanks_due(found: list[tuple[int, str, int, datetime]]) -> Message:
    if not found:
        return message("Everyone whose pair came to its planned end has been thanked.")
    lines = [
        say(
            "{mentor}: {pairs}, the last on {day}",
            mentor=Bold(name[:60]),
            pairs="one pair" if pairs == 1 else f"{pairs} pairs",
            day=When(newest, "day"),
        )
        for _, name, pairs, newest in found
    ]
    row = [Button(f"Thanked {first_name(name)}", act("farewell.thanked", mentor)) for mentor, name, *_ in found]
    return message(
        "Mentors whose pairs came to their planned end, and whom nobody has thanked yet:",
        bullets(*lines),
        *(Buttons(tuple(row[start : start + 5])) for start in range(0, len(row), 5)),
        Line(("A personal line does more than a certificate.",), quiet=True),
    )
