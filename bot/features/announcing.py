"""Announcements: officers' words to some of the society, seen with the number of readers before they go."""

from __future__ import annotations

from types import SimpleNamespace

from bot.feature import Feature, Sorry, Stale, Turn
from bot.model import Announcement, Need, Segment, Urgency
from bot.questions import Question, Screen
from bot.records import Outcome
from bot.rules.segment import LIFE, Readers, members_of, readers
from bot.ui import (
    Button,
    Card,
    Command,
    Line,
    Message,
    Private,
    Quote,
    Reply,
    Slash,
    Style,
    Text,
    Update,
    When,
    act,
    buttons,
    joined,
    message,
    say,
    shortened,
)
from bot.vocabulary import Phase, Specialty, Whom

announcing = Feature("announcing")

DRAFTS = 5
"""How many unsent ones are listed."""

SCREEN = Screen(
    "announcement",
    "To some of the society",
    (
        Question("whom", "To whom?", Whom),
        Question("phases", "Only those who are…", Phase, most=len(Phase), required=False, hint="Nothing chosen: all."),
        Question("fields", "Only those in, or drawn to…", Specialty, most=len(Specialty), required=False,
                 hint="Nothing chosen: all."),
        Question("words", "What should they read?", hint="Just as you write it, under your name.", limit=800),
    ),
)  # fmt: skip


@announcing.command(Command("announce", "Write to everyone, or to some: mentors, mentees, by phase", need=Need.ACT))
async def announce(turn: Turn) -> Reply:
    every = await turn.records.announcements.all()
    drafts = [(await _name(turn, each), each) for each in every if each.sent_at is None][:DRAFTS]
    last = next((each for each in every if each.sent_at is not None), None)
    outcome = await turn.records.post.outcome(topic(last.id)) if last else None
    return Private(_start(drafts, last, outcome))


@announcing.press("announce.write", need=Need.ACT)
async def write(turn: Turn) -> Reply:
    return SCREEN.form(act("announce.keep"), SimpleNamespace(), "Show it to me first")


@announcing.press("announce.change", need=Need.ACT)
async def change(turn: Turn, number: int) -> Reply:
    draft = await _draft(turn, number)
    written = SimpleNamespace(**vars(draft.to), words=draft.words)
    return SCREEN.form(act("announce.keep"), written, "Show it to me first")


@announcing.form("announce.keep", need=Need.ACT)
async def keep(turn: Turn) -> Reply:
    given = SCREEN.read(turn.filled)
    to = Segment(given["whom"], given["phases"], given["fields"])
    draft = await turn.records.announcements.draft(turn.who.id, to, given["words"], turn.now)
    return Private(await _preview(turn, draft))


@announcing.press("announce.show", need=Need.ACT)
async def show(turn: Turn, number: int) -> Reply:
    return Private(await _preview(turn, await _draft(turn, number)))


@announcing.press("announce.send", need=Need.ACT)
async def send(turn: Turn, number: int, seen: int) -> Reply:
    """The one tap, for exactly as many readers as were `seen`. Of two at once, one sends."""
    sent = await turn.records.announcements.send(number, turn.now)
    announcement = await turn.records.announcements.get(number)
    if announcement is None:
        raise Stale
    if sent:
        people = (await _readers(turn, announcement)).reached
        if len(people) != seen:
            raise Sorry(_changed(seen, len(people)))
        said = _letter(await _name(turn, announcement), turn.society.name, announcement.words)
        for person in people:
            await turn.tell(person, said, topic(number), Urgency.ANNOUNCEMENT, until=turn.now + LIFE)
        await turn.audit("announcement.sent", f"announcement:{number}", f"{announcement.to.whom}, {len(people)}")
    return Update(_on_its_way(announcement, await turn.records.post.outcome(topic(number))))


@announcing.press("announce.withdraw", need=Need.ACT)
async def withdraw(turn: Turn, number: int) -> Reply:
    left = await turn.records.post.withdraw(topic(number))
    if not left:
        raise Sorry("Nobody waits for it any more: whoever was to read it has it.")
    await turn.audit("announcement.withdrawn", f"announcement:{number}", str(left))
    return Update(_withdrawn(left))


@announcing.press("announce.drop", need=Need.ACT)
async def drop(turn: Turn, number: int) -> Reply:
    """What another officer has thrown away meanwhile is thrown away; what they have sent is not."""
    if not await turn.records.announcements.drop(number) and await turn.records.announcements.get(number):
        raise Sorry(say("It was sent meanwhile. How far it is: {announce}", announce=Slash("announce")))
    return Update(message("Thrown away. Nobody has read it."))


def topic(number: int) -> str:
    """Under which an announcement's deliveries stand."""
    return f"announcement:{number}"


async def _draft(turn: Turn, number: int) -> Announcement:
    found = await turn.records.announcements.get(number)
    if found is None or found.sent_at is not None:
        raise Stale
    return found


async def _name(turn: Turn, announcement: Announcement) -> str:
    author = await turn.records.people.get(announcement.author)
    return author.name if author else turn.society.name


async def _readers(turn: Turn, announcement: Announcement) -> Readers:
    """Everyone it is for but its author, who knows it."""
    live = await turn.records.pairs.all_live()
    meant = members_of(announcement.to, await turn.records.people.roster(), live)
    others = [member for member in meant if member.person.id != announcement.author]
    lately = await turn.records.announcements.lately(turn.now)
    return readers(others, lately, turn.now, turn.society.zone, turn.pace)


async def _preview(turn: Turn, draft: Announcement) -> Message:
    return _before(draft, await _name(turn, draft), turn.society.name, await _readers(turn, draft))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _letter(author: str, society: str, words: str) -> Message:
    head = say("From {author}, for the officers of {society}:", author=author[:60], society=society[:60])
    return message(head, Quote(words))


def _start(drafts: list[tuple[str, Announcement]], last: Announcement | None, outcome: Outcome | None) -> Message:
    cards = [
        Card(
            f"{author[:60]}: written, not sent",
            ((shortened(draft.words, 100),),),
            Button("See it", act("announce.show", draft.id)),
        )
        for author, draft in drafts
    ]
    before = list(_on_its_way(last, outcome).blocks) if last and outcome else []
    return message(
        "Words of yours to everyone, or to some. You see them, and how many will read them, before they go.",
        *before,
        *cards,
        buttons(Button("Write one", act("announce.write"), Style.PRIMARY)),
    )


def _before(draft: Announcement, author: str, society: str, found: Readers) -> Message:
    reached = len(found.reached)
    send = Button(f"Send to {_people(reached)}", act("announce.send", draft.id, reached), Style.PRIMARY)
    rest = (
        Button("Change it", act("announce.change", draft.id)),
        Button("Throw it away", act("announce.drop", draft.id)),
    )
    return message(
        say("This is what they will read. {whom}: {many}.", whom=_whom(draft.to), many=_people(reached)),
        *_letter(author, society, draft.words).blocks,
        Line(_rest(found), quiet=True),
        buttons(*([send] if reached else []), *rest),
    )


def _rest(found: Readers) -> Text:
    """Who else it is for, and when it is read."""
    others = []
    if found.spared:
        others.append(f"{_people(found.spared)} had an announcement less than a week ago and will not get this one.")
    if found.away:
        others.append(f"{_people(found.away)} {'is' if found.away == 1 else 'are'} away for longer.")
    if found.unmet:
        others.append(f"{_people(found.unmet)} on your sheets never came by, so I can't write to them.")
    if found.reached:
        others.append("Each gets it at an hour that suits them, within a week or not at all.")
    return (" ".join(others or ["Nobody here fits that just now."]),)


def _changed(seen: int, now: int) -> Text:
    return say(
        "Since you looked, it would be {now} instead of {seen}. Nothing was sent; see it again: {announce}",
        now=_people(now),
        seen=_people(seen),
        announce=Slash("announce"),
    )


def _on_its_way(announcement: Announcement, outcome: Outcome) -> Message:
    stop = buttons(Button("Withdraw what is unsent", act("announce.withdraw", announcement.id)))
    return message(
        say(
            "Sent {day}. {whom}: {arrived} so far, {waiting} still to come.",
            day=When(announcement.sent_at or announcement.written_at),
            whom=_whom(announcement.to),
            arrived=_people(outcome.arrived),
            waiting=str(outcome.waiting),
        ),
        *([stop] if outcome.waiting else []),
    )


def _withdrawn(left: int) -> Message:
    return message(f"Withdrawn for {_people(left)}.")


def _whom(to: Segment) -> str:
    only = [joined([each.label for each in several], "or") for several in (to.phases, to.fields) if several]
    return shortened(" · ".join([to.whom.label, *only]), 300)


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
