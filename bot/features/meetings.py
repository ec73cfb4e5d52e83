"""Finding a time to meet: a few are proposed, and one tap takes one. Moving a meeting is the same again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.appointments import (
    WHERE,
    Appointment,
    mine,
    note_if_late,
    plan,
    proposing,
    replan,
    seen_by,
    short_notice,
    tell_both,
    terms_of,
    unsay,
)
from bot.feature import Feature, Sorry, Stale, Turn, spoke
from bot.model import DAY, Meeting, MeetingState, Open, Pair, PairState, Side, Urgency
from bot.openings import CHOSEN, Openings, busy_of, chosen, openings
from bot.portrait import first_name
from bot.rules.meeting_times import clear
from bot.ui import (
    Action,
    Button,
    Buttons,
    ChoiceField,
    Command,
    Form,
    Kind,
    Line,
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
    clock_words,
    message,
    say,
    together,
)

meetings = Feature("meetings")
meetings.offer("Meet: propose or change a time", "meet.open")

DAYS = 25
"""Days to choose from by oneself."""
HOURS = [time(hour, minute) for hour in range(9, 22) for minute in (0, 30)][:25]
NOTE = 300


@meetings.command(
    Command(
        "meet",
        "Find a time to meet your mentor or mentee",
        (
            Param("whom", "whom, if you have several pairs", Kind.PAIR, required=False),
            Param("note", "what it is about, for the other to read", required=False),
        ),
    )
)
async def meet(turn: Turn, whom: str | None = None, note: str | None = None) -> Reply:
    pair, side = await turn.my_pair(whom)
    return await _open(turn, pair, side, clean(note or "", NOTE))


@meetings.press("meet.open")
async def open_for(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    return await _open(turn, pair, side)


async def _open(turn: Turn, pair: Pair, side: Side, note: str = "") -> Reply:
    """What is open between the two, or a sheet to propose times on."""
    if pair.state is not PairState.ACTIVE:
        raise Sorry(say("You two are resting. {pairs} lets you go on.", pairs=Slash("my-pairs")))
    meeting = await turn.records.meetings.open_of(pair.id)
    if meeting is not None and not meeting.begun(turn.now):
        return Private(_shown(await seen_by(turn, meeting, pair, side), turn.now, _zone(turn)))
    if meeting is not None:
        # Nobody has said how it was. That need not keep them from meeting again.
        await turn.records.meetings.close(meeting.id, MeetingState.OVER, turn.now)
        await turn.records.diary.set(Open.MEETING, meeting.id, None)
    agreed = await terms_of(turn, pair)
    found = await openings(turn, pair, side, agreed)
    if not found.times and found.full_until:
        raise Sorry(await _full(turn, pair, found.full_until))
    return _sheet(found, turn.now, _zone(turn), act("meet.propose", pair.id), note=note)


@meetings.form("meet.propose")
async def propose(turn: Turn, pair_id: int) -> Reply:
    pair, side = await turn.pair_of_mine(pair_id)
    agreed = await terms_of(turn, pair)
    found = await openings(turn, pair, side, agreed)
    times = chosen(turn, found, agreed)
    minutes = int(agreed.length.total_seconds() // 60)
    meeting = await turn.records.meetings.propose(pair.id, side, minutes, times, found.within(times), turn.now)
    if meeting is None:
        return await _not_now(turn, pair, side, found, times)
    await _say_more(turn, meeting)
    await spoke(turn, pair, side)
    return await _asked(turn, await seen_by(turn, meeting, pair, side))


@meetings.press("meet.take")
async def take(turn: Turn, meeting_id: int, minute: int) -> Reply:
    seen = await mine(turn, meeting_id)
    at = _moment(minute)
    if not seen.meeting.open:
        raise Sorry("Those times are no longer on the table. Nothing was changed.")
    if seen.meeting.at == at:
        return Update(_taken(at))
    if at not in seen.meeting.times and seen.meeting.state is MeetingState.BOOKED:
        raise Sorry(say("You two meet {when}. Nothing was changed.", when=When(seen.at)))
    if seen.meeting.by is seen.side:
        raise Stale
    was = seen.meeting.at
    if (
        at <= turn.now
        or seen.meeting.begun(turn.now)
        or not clear(at, seen.meeting.length, await busy_of(turn, seen.pair))
    ):
        raise Sorry(NO_LONGER)
    meeting = await turn.records.meetings.take(meeting_id, seen.side, at, turn.now)
    if meeting is None:
        raise Sorry(NO_LONGER)
    await unsay(turn, meeting)
    await plan(turn, meeting, seen.terms)
    await spoke(turn, seen.pair, seen.side)
    await tell_both(turn, meeting, seen.pair, _booked(*await _both(turn, seen.pair), meeting, moved=was is not None))
    await turn.audit("meeting.moved" if was else "meeting.booked", f"meeting:{meeting_id}")
    return Update(_taken(at))


@meetings.press("meet.move")
async def move(turn: Turn, meeting_id: int) -> Reply:
    """Other times, from either side: instead of those proposed, or to move what is booked."""
    seen = await mine(turn, meeting_id)
    if not seen.meeting.open or seen.meeting.begun(turn.now):
        raise Stale
    found = await openings(turn, seen.pair, seen.side, seen.terms, seen.meeting)
    if not found.times and found.full_until:
        raise Sorry(await _full(turn, seen.pair, found.full_until))
    return _sheet(found, turn.now, _zone(turn), act("meet.offer", meeting_id), seen.meeting.note, seen.meeting.place)


@meetings.form("meet.offer")
async def offer(turn: Turn, meeting_id: int) -> Reply:
    seen = await mine(turn, meeting_id)
    if not seen.meeting.open or seen.meeting.begun(turn.now):
        raise Stale
    found = await openings(turn, seen.pair, seen.side, seen.terms, seen.meeting)
    times = chosen(turn, found, seen.terms)
    if not await turn.records.meetings.offer(meeting_id, seen.side, times, found.within(times), turn.now):
        return await _not_now(turn, seen.pair, seen.side, found, times)
    answers = bool(seen.meeting.times) and seen.meeting.by is not seen.side  # and begins nothing
    late = not answers and await note_if_late(turn, seen)
    await turn.records.post.withdraw(proposing(seen.meeting))
    await _say_more(turn, seen.meeting)
    await spoke(turn, seen.pair, seen.side)
    return await _asked(turn, await mine(turn, meeting_id), late=late)


@meetings.standing
async def next_meeting(turn: Turn, pair: Pair, side: Side) -> Text | None:
    meeting = await turn.records.meetings.open_of(pair.id)
    if meeting is None or meeting.begun(turn.now):
        return None
    return _in_a_line(meeting, side)


@meetings.at_home
async def ahead(turn: Turn) -> Message | None:
    """The meetings someone has, and the times that wait for their answer."""
    parts = []
    for pair in await turn.records.pairs.live_of(turn.who.id):
        meeting, side = await turn.records.meetings.open_of(pair.id), pair.side(turn.who.id)
        if meeting is None or side is None or meeting.begun(turn.now):
            continue
        if meeting.state is MeetingState.BOOKED or meeting.by is not side:
            parts.append(_shown(await seen_by(turn, meeting, pair, side), turn.now, _zone(turn)))
    return together(parts[:3]) if parts else None


# ── inside ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _zone(turn: Turn) -> ZoneInfo:
    return turn.zone_of(turn.who)


async def _both(turn: Turn, pair: Pair) -> tuple[str, str]:
    """What mentee and mentor are called."""
    mentee, mentor = await turn.records.people.get(pair.mentee), await turn.records.people.get(pair.mentor)
    assert mentee is not None
    assert mentor is not None
    return first_name(mentee.name), first_name(mentor.name)


async def _not_now(turn: Turn, pair: Pair, side: Side, found: Openings, times: Sequence[datetime]) -> Reply:
    """Why the times could not be proposed: someone was faster, or the mentor's time is given away."""
    meeting = await turn.records.meetings.open_of(pair.id)
    if meeting is not None and meeting.by is not side:
        return Private(_shown(await seen_by(turn, meeting, pair, side), turn.now, _zone(turn)))
    ends = [limit.end for limit in found.within(times)]
    if not ends:
        raise Stale
    raise Sorry(await _full(turn, pair, max(ends)))


async def _full(turn: Turn, pair: Pair, until: datetime) -> Text:
    mentor = await turn.records.people.mentor(pair.mentor)
    assert mentor is not None
    hours = mentor.profile.hours
    return _no_room(first_name(mentor.person.name), hours.label if hours else "a little time", until)


async def _say_more(turn: Turn, meeting: Meeting) -> None:
    """Keep what the sheet says beside the times."""
    where = WHERE.read(turn.filled)
    note = clean(" ".join(turn.filled.get("note", ())), NOTE)
    await turn.records.meetings.change(meeting.id, place=where, note=note)


async def _asked(turn: Turn, seen: Appointment, *, late: bool = False) -> Reply:
    """The other is asked to take one of the times."""
    meeting = await replan(turn, seen)
    theirs = await seen_by(turn, meeting, seen.pair, seen.side.other)
    # A move has to arrive before the old time does.
    urgency = Urgency.APPOINTMENT if meeting.at else Urgency.NEWS
    said = _proposal(theirs, turn.zone_of(seen.other))
    await turn.tell(seen.other.id, said, proposing(meeting), urgency, until=meeting.at or meeting.times[-1])
    return Private(_proposed(seen, late=late, moves=meeting.at is not None))


def _moment(minute: int) -> datetime:
    """The moment a button stands for. Raises Stale for one no calendar has."""
    try:
        return datetime.fromtimestamp(minute * 60, UTC)
    except (OverflowError, ValueError, OSError):
        raise Stale from None


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────

NO_LONGER = "That time no longer works for one of you. Please take another."


def _sheet(found: Openings, now: datetime, zone: ZoneInfo, action: Action, note: str = "", place: str = "") -> Form:
    city = _city(zone)
    times = tuple(Option(at.isoformat(), clock_words(at, "moment", zone)) for at in found.times)
    today = now.astimezone(zone).date()
    days = [today + n * DAY for n in range(1, DAYS + 1)]
    suggested = (
        ChoiceField("times", "Times you can both make", times, f"Up to three. Your time, {city}."[:100], most=CHOSEN,
                    required=False),
    ) if times else ()  # fmt: skip
    return Form(
        "When to meet",
        action,
        (
            *suggested,
            ChoiceField("day", "Or a day of your own", tuple(Option(each.isoformat(), _day(each)) for each in days),
                        "" if times else "Your usual times don't meet, so suggest one.", required=False),
            ChoiceField("hour", "… and an hour", tuple(Option(f"{each:%H:%M}", f"{each:%H:%M}") for each in HOURS),
                        f"Your time, {city}."[:100], required=False),
            WHERE.field(place),
            TextField("note", "What it is about", value=note, required=False, limit=NOTE),
        ),
        "Propose",
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _city(zone: ZoneInfo) -> str:
    return zone.key.rpartition("/")[2].replace("_", " ")


def _proposal(seen: Appointment, zone: ZoneInfo) -> Message:
    """The times as the one reads them who takes one."""
    meeting = seen.meeting
    if meeting.state is MeetingState.BOOKED:
        opening = say("{other} would like to move your meeting of {when}. Does one of these suit you?",
                      other=seen.name, when=When(seen.at))  # fmt: skip
        print_ = "If none does, the old time stands."
    else:
        opening = say("{other} would like to meet, {minutes} minutes. Which suits you?",
                      other=seen.name, minutes=str(meeting.minutes))  # fmt: skip
        print_ = "One tap, and it is in both your calendars."
    return message(
        opening,
        *([Quote(meeting.note)] if meeting.note else []),
        buttons(
            *(_take(meeting, at, zone) for at in meeting.times),
            Button("None of these", act("meet.move", meeting.id)),
        ),
        Line((f"Your time, {_city(zone)}. {print_}",), quiet=True),
    )


def _take(meeting: Meeting, at: datetime, zone: ZoneInfo) -> Button:
    minute = int(at.timestamp()) // 60
    return Button(clock_words(at, "moment", zone), act("meet.take", meeting.id, minute), Style.PRIMARY)


def _proposed(seen: Appointment, *, late: bool, moves: bool) -> Message:
    words = say("{other} has your times, and takes one with a tap.", other=seen.name)
    if not moves:
        return message(words)
    stands = Line(("Until then the old time stands.",), quiet=True)
    return message(words, *([short_notice(seen)] if late else []), stands)


def _taken(at: datetime) -> Message:
    return message(say("Settled: {when}. The calendar entry is on its way to both of you.", when=When(at)))


def _booked(mentee: str, mentor: str, meeting: Meeting, *, moved: bool) -> Message:
    words = "Moved. {mentee} and {mentor} now meet {when}." if moved else "{mentee} and {mentor} meet {when}."
    assert meeting.at is not None
    return message(
        say(words, mentee=mentee, mentor=mentor, when=When(meeting.at)),
        *_whereabouts(meeting),
        _changes(meeting),
        Line(("I remind each of you a day and an hour before.",), quiet=True),
    )


def _whereabouts(meeting: Meeting) -> tuple[Line | Quote, ...]:
    return (Line(("Where:",)), Quote(meeting.place)) if meeting.place else ()


def _changes(meeting: Meeting) -> Buttons:
    return buttons(
        Button("Change where" if meeting.place else "Say where", act("meet.place", meeting.id)),
        Button("Move it", act("meet.move", meeting.id)),
        Button("Cancel", act("meet.cancel", meeting.id)),
    )


def _shown(seen: Appointment, now: datetime, zone: ZoneInfo) -> Message:
    """An open meeting, with all that can be done about it."""
    meeting, name = seen.meeting, seen.name
    if meeting.state is MeetingState.PROPOSED:
        if meeting.by is not seen.side:
            return _proposal(seen, zone)
        return message(
            say("{other} has these times from you, and takes one with a tap:", other=name),
            bullets(*(When(at) for at in meeting.times)),
            buttons(Button("Other times", act("meet.move", meeting.id)),
                    Button("Take it back", act("meet.cancel", meeting.id))),
        )  # fmt: skip
    yes = " {other} will be there." if meeting.comes(seen.side.other) else ""
    questions = "Change my questions" if meeting.questions else "Write my questions"
    mentees = [Button(questions, act("meet.questions", meeting.id))] if seen.side is Side.MENTEE else []
    whole = message(
        say("You and {other} meet {when}." + yes, other=name, when=When(seen.at)),
        *_whereabouts(meeting),
        Buttons((*mentees, *_changes(meeting).buttons)),
    )
    asks_to_move = meeting.times and meeting.by is not seen.side and any(at > now for at in meeting.times)
    if not asks_to_move:
        return whole
    return message(*whole.blocks[:-1], *_proposal(seen, zone).blocks)


def _in_a_line(meeting: Meeting, side: Side) -> Text:
    if meeting.at:
        return say("Next: {when}", when=When(meeting.at))
    mine_ = meeting.by is side
    return say("Times are proposed; the other takes one." if mine_ else "Times wait for you to take one.")


def _no_room(mentor: str, hours: str, until: datetime) -> Text:
    return say("{mentor} gives {hours} a month, and that is spoken for. There is room again from {day}; ask then.",
               mentor=mentor, hours=hours, day=When(until, "day"))  # fmt: skip
