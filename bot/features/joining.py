"""Joining as mentee, mentor or both; editing a profile; being away and coming back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agreed import moved_on
from bot.feature import Feature, Stale, Turn
from bot.model import Happened, Mentee, MenteeProfile, Mentor, MentorProfile, Open, Person, QueueReason
from bot.portrait import first_name
from bot.questions import NO, YES, Question, Screen, day_ahead
from bot.rules.fit import complete_mentee, complete_mentor
from bot.rules.season import next_term
from bot.rules.timing import first_moment
from bot.ui import (
    Button,
    Command,
    Form,
    Kind,
    Menu,
    Message,
    Option,
    Param,
    Private,
    Reply,
    Slash,
    Style,
    When,
    act,
    buttons,
    day_words,
    message,
    say,
    together,
)
from bot.vocabulary import (
    ZONES,
    Channel,
    Format,
    Help,
    Hours,
    MentorKind,
    Phase,
    ReplyTime,
    Rhythm,
    Specialty,
    Window,
)

joining = Feature("joining")

YOU = Screen(
    "you",
    "About you",
    (
        Question("name", "What should people call you?", limit=60),
        Question("school", "School or hospital", required=False, hint="Leave empty to keep it to yourself."),
        Question("zone", "Your time zone", options=tuple(Option(zone, label) for zone, label in ZONES.items())),
        Question("windows", "When can you usually meet?", Window, most=4),
        Question("adult", "Are you 18 or over?", options=(Option(YES, "Yes"), Option(NO, "Not yet"))),
    ),
)
ROAD = Screen(
    "road",
    "Where you are",
    (
        Question("phase", "Where are you on the road?", Phase),
        Question(
            "interests",
            "What interests you?",
            Specialty,
            most=3,
            hint="Up to three. “Undecided” is an answer.",
        ),
        Question("wants", "What would you like help with?", Help, most=3, hint="Up to three."),
        Question("formats", "How would you like to meet?", Format, most=6),
    ),
)
HOPES = Screen(
    "hopes",
    "What you hope for",
    (
        Question("hours", "How much time a month?", Hours),
        Question("rhythm", "How often?", Rhythm),
        Question("reply", "How soon do you need an answer?", ReplyTime),
    ),
)
WORK = Screen(
    "work",
    "What you do and offer",
    (
        Question("kind", "What are you?", MentorKind),
        Question("phase", "If a premed yourself: where on the road?", Phase, required=False),
        Question("fields", "Your field or interest", Specialty, most=3),
        Question("offers", "What can you help with?", Help, most=13),
        Question("formats", "How could you meet?", Format, most=6),
    ),
)
LIMITS = Screen(
    "limits",
    "Your limits",
    (
        Question("capacity", "How many mentees at most?", options=tuple(Option(str(n), str(n)) for n in range(1, 9))),
        Question("hours", "Time you can give a month", Hours),
        Question("reply", "You usually answer", ReplyTime),
        Question("channels", "How may your mentees reach you?", Channel, most=4,
                 leave_out=(Channel.TEXT, Channel.PHONE)),
        Question("wont", "What would you rather not do?", Help, most=13, required=False),
    ),
)  # fmt: skip
SCREENS = {screen.name: screen for screen in (YOU, ROAD, HOPES, WORK, LIMITS)}


@dataclass(frozen=True)
class Joined:
    """Who someone is in the society so far."""

    person: Person
    mentee: Mentee | None
    mentor: Mentor | None

    def record(self, screen: Screen) -> Person | MenteeProfile | MentorProfile:
        """What a screen's answers are part of."""
        if screen in (ROAD, HOPES):
            return self.mentee.profile if self.mentee else MenteeProfile(self.person.id)
        if screen in (WORK, LIMITS):
            return self.mentor.profile if self.mentor else MentorProfile(self.person.id)
        return self.person

    @property
    def screens(self) -> list[Screen]:
        return [YOU, *([ROAD, HOPES] if self.mentee else []), *([WORK, LIMITS] if self.mentor else [])]

    @property
    def open(self) -> Screen | None:
        """The first screen that is not finished."""
        return next((screen for screen in self.screens if not screen.answered(self.record(screen))), None)


async def joined_as(turn: Turn) -> Joined:
    people, who = turn.records.people, turn.who.id
    person = await people.get(who)
    assert person is not None
    return Joined(person, await people.mentee(who), await people.mentor(who))


def _filled_form(screen: Screen, joined: Joined, home: ZoneInfo) -> Form:
    """A screen with what they said so far; whoever has said nothing of a time zone is taken to live at `home`."""
    record = joined.record(screen)
    if isinstance(record, Person) and record.zone is None:
        record = replace(record, zone=home)
    return screen.form(act("join.save", screen.name), record)


@joining.command(
    Command(
        "sign-up",
        "Join as a mentee, a mentor or both",
        (Param("as", "mentee, mentor or both", Kind.CHOICE, required=False,
               options=(Option("mentee", "Mentee"), Option("mentor", "Mentor"), Option("both", "Both"))),),
    )
)  # fmt: skip
async def join(turn: Turn, **given: str | None) -> Reply:
    if role := given.get("as"):
        return await join_as(turn, role)
    joined = await joined_as(turn)
    if joined.mentee or joined.mentor:
        return await _go_on(turn, joined)
    asked = [part for feature in turn.features for greet in feature.greetings if (part := await greet(turn))]
    return Private(together([*asked, _welcome(turn.society.name)]))


@joining.press("join.as")
async def join_as(turn: Turn, role: str) -> Reply:
    if role not in ("mentee", "mentor", "both"):
        raise Stale
    before = await joined_as(turn)
    if role in ("mentee", "both") and before.mentee is None:
        await turn.records.people.save_mentee(turn.who.id)
    if role in ("mentor", "both") and before.mentor is None:
        await turn.records.people.save_mentor(turn.who.id)
    return await _go_on(turn, await joined_as(turn))


@joining.press("join.next")
async def join_next(turn: Turn) -> Reply:
    return await _go_on(turn, await joined_as(turn))


async def _go_on(turn: Turn, joined: Joined) -> Reply:
    if joined.open is not None and joined.screens != [YOU]:
        return _filled_form(joined.open, joined, turn.society.zone)
    return Private(_welcome(turn.society.name) if joined.screens == [YOU] else _profile(joined))


@joining.form("join.save")
async def save(turn: Turn, name: str) -> Reply:
    screen = SCREENS.get(name)
    before = await joined_as(turn)
    if screen is None or screen not in before.screens:
        raise Stale
    answers, people, who = screen.read(turn.filled), turn.records.people, turn.who.id
    if screen is YOU:
        await people.change(who, **answers | {"zone": ZoneInfo(answers["zone"]), "adult": answers["adult"] == YES})
    elif screen in (ROAD, HOPES):
        if screen is ROAD:
            answers["phase_holds_until"] = next_term(turn.now, turn.zone_of(turn.who), turn.society.term)
        await people.save_mentee(who, **answers)
        was = before.mentee.profile.phase if before.mentee else None
        if was and answers.get("phase", was) is not was:
            await moved_on(turn, who)
    else:
        if screen is LIMITS:
            answers["capacity"] = int(answers["capacity"])
        await people.save_mentor(who, **answers)
    after = await joined_as(turn)
    if after.open is not None:
        step = after.screens.index(after.open) + 1
        return Private(_saved(step, len(after.screens)))
    if before.open is None:
        return Private(_profile(after))
    if after.mentor and after.mentor.profile.approved_at is None:
        await turn.hand_to_officers(QueueReason.APPROVE, person=who)
    return Private(_joined(after))


@joining.command(Command("profile", "See and change what you told us"))
async def profile(turn: Turn) -> Reply:
    joined = await joined_as(turn)
    if joined.screens == [YOU]:
        return Private(_welcome(turn.society.name))
    return Private(_profile(joined))


@joining.press("join.edit")
async def edit(turn: Turn, name: str) -> Reply:
    joined, screen = await joined_as(turn), SCREENS.get(name)
    if screen is None or screen not in joined.screens:
        raise Stale
    return _filled_form(screen, joined, turn.society.zone)


@joining.at_home
async def begins_here(turn: Turn) -> Message | None:
    """For those who have not joined yet, or not to the end."""
    joined = await joined_as(turn)
    if joined.screens == [YOU]:
        return None if turn.who.officer else _welcome(turn.society.name)
    return _unfinished(joined, joined.open) if joined.open else None


# ── away and back ─────────────────────────────────────────────────────────────────────────────────────────────────


@joining.command(
    Command("time-off", "Be left in peace until a date", (Param("until", "The day you are back", Kind.DATE),))
)
async def away(turn: Turn, until: str) -> Reply:
    back = day_ahead(until, turn.today(turn.who))
    if turn.who.away_until is None:
        await _mark(turn, turn.who.id, Happened.PAUSED)
    await turn.records.people.change(turn.who.id, away_until=back, away_since=turn.who.away_since or turn.now)
    returns = first_moment(back, turn.zone_of(turn.who))
    await turn.records.diary.set(Open.AWAY, turn.who.id, returns)
    await turn.audit("away", f"person:{turn.who.id}")
    return Private(_away(returns))


@joining.command(Command("back", "You are back"))
async def back(turn: Turn) -> Reply:
    if turn.who.away_until is None:
        return Private(message("You weren't away. Good to see you all the same."))
    await _come_back(turn, turn.who.id)
    return Private(message("Welcome back. Everything goes on from where it stood."))


@joining.promise(Open.AWAY)
async def returned(turn: Turn, person: int) -> None:
    await _come_back(turn, person)


async def _come_back(turn: Turn, person: int) -> None:
    await turn.records.people.change(person, away_until=None, away_since=None)
    await _mark(turn, person, Happened.RESUMED)
    await turn.records.post.release(person, turn.now)
    await turn.records.diary.set(Open.AWAY, person, None)


async def _mark(turn: Turn, person: int, what: Happened) -> None:
    """Note in each of someone's pairs that their absence begins or ends: its clock stands still between."""
    for pair in await turn.records.pairs.live_of(person):
        await turn.happened(pair.id, what, pair.side(person))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _welcome(society: str) -> Message:
    others = (
        Option(act("join.as", "mentor").token, "I'd like to mentor"),
        Option(act("join.as", "both").token, "Both"),
    )
    return message(
        say("Welcome to mentorship at {society}.", society=society),
        "A mentor is a few steps ahead and tells you what they wish they had known.",
        "You bring the questions; I find someone who fits and keep you two in touch.",
        buttons(Button("I'd like a mentor", act("join.as", "mentee"), Style.PRIMARY)),
        Menu("Or give what you know…", act("go", "join"), others),
    )


def _saved(step: int, steps: int) -> Message:
    return message(
        say(
            "Saved. Next is screen {step} of {steps}; you can also stop here and go on later.",
            step=str(step),
            steps=str(steps),
        ),
        buttons(Button("Go on", act("join.next"), Style.PRIMARY)),
    )


def _unfinished(joined: Joined, screen: Screen) -> Message:
    """Who is found already, as from a sheet, has a gap; the others are still on their way in."""
    found = joined.mentor.profile.approved_at if joined.mentor else joined.mentee and complete_mentee(joined.mentee)
    gap = say("There is a gap in your profile, under “{title}”. It takes a minute.", title=screen.title)
    return message(
        gap if found else "Your profile isn't finished yet. Two minutes, and you can stop anywhere.",
        buttons(Button("Go on", act("join.next"), Style.PRIMARY)),
    )


def _joined(joined: Joined) -> Message:
    lines = [say("That's all, {name}. Thank you.", name=first_name(joined.person.name))]
    if joined.mentee:
        lines.append(say("Next: see who fits with {find}.", find=Slash("find-mentor")))
    if joined.mentor and joined.mentor.profile.approved_at is None:
        lines.append(say("An officer will say hello before mentees can find you. There is nothing else to do."))
    return message(*lines)


def _away(returns: datetime) -> Message:
    return message(
        say("Enjoy the time. Until {day} nobody can ask you, and your pairs rest.", day=When(returns, "day")),
        say("Back earlier? {back}", back=Slash("back")),
    )


def _profile(joined: Joined) -> Message:
    lines = []
    if joined.mentee:
        state = "complete" if complete_mentee(joined.mentee) else "not finished yet"
        lines.append(say("As a mentee: {state}", state=state))
    if joined.mentor:
        shown = joined.mentor.profile.approved_at is not None
        state = (
            "mentees can find you"
            if shown
            else "waiting for an officer"
            if complete_mentor(joined.mentor)
            else "not finished yet"
        )
        lines.append(say("As a mentor: {state}", state=state))
    if joined.person.away_until:
        words = "Away until {day}: until then nobody can ask you. Back earlier? {back}"
        lines.append(say(words, day=day_words(joined.person.away_until), back=Slash("back")))
    return message(
        say("{name}, this is what you can change.", name=first_name(joined.person.name)),
        *lines,
        buttons(*(Button(screen.title, act("join.edit", screen.name)) for screen in joined.screens)),
        buttons(Button("Your associations", act("association.mine"))),
    )
