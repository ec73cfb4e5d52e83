"""Linking: two accounts of one person, or two places of one society, by a code that is given here and entered there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.feature import Feature, Sorry, Stale, Turn, about_room
from bot.model import (
    Happened,
    Intro,
    IntroState,
    Linking,
    Member,
    Need,
    Open,
    Pair,
    Person,
    QueueReason,
    Society,
    Urgency,
)
from bot.pairs import fold
from bot.ports import Called, LinkCode, Request, Store, share_a_place
from bot.rules.one_person import combined, doubled, in_order, same_person_twice, taken_back
from bot.rules.timing import first_moment
from bot.rules.waiting import last_contact
from bot.ui import (
    Bold,
    Button,
    Command,
    Line,
    Message,
    Param,
    Private,
    Reply,
    Slash,
    Style,
    Text,
    Update,
    act,
    bullets,
    buttons,
    joined,
    message,
    say,
)

links = Feature("links")

GOOD_FOR = timedelta(minutes=15)
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look like another: eight of them are one of a million million."""
LENGTH = 8
GUESSES, MEANWHILE = 5, timedelta(hours=1)
"""So many wrong codes in that time, and no more is looked at."""

_CODE = (Param("code", "the code you were given on the other side", required=False),)


# ── two accounts of one person ────────────────────────────────────────────────────────────────────────────────────


@links.command(Command("link", "Be one person here and on your other platform", _CODE))
async def link(turn: Turn, code: str | None = None) -> Reply:
    if code is None:
        return Private(_made(await _new(turn, Linking.PERSON), "link"))
    entered = await _enter(turn, Linking.PERSON, code)
    if entered is None:
        return Private(_unknown())
    if entered.person == turn.who.id:
        raise Sorry("That is the code you got here. Enter it where your other account is.")
    return Private(_to_join(await _union(turn, entered), turn.who.id, entered))


@links.press("link.join")
async def join(turn: Turn, number: int) -> Reply:
    code = await turn.records.links.use(number, turn.who.id, turn.now)
    if code is None or code.purpose is not Linking.PERSON:
        raise Stale
    await turn.records.links.hold(code.person, turn.who.id)
    await _make_one(turn, await _union(turn, code))
    return Update(_joined())


@links.press("link.leave")
async def leave(turn: Turn, number: int) -> Reply:
    if await turn.records.links.use(number, turn.who.id, turn.now) is None:
        raise Stale
    return Update(message("Left as it was. The code is used up."))


@dataclass(frozen=True)
class Union:
    """All that becomes of two people who are one."""

    kept: Member
    gone: Member
    pairs: tuple[Pair, ...]
    folded: tuple[Pair, ...]
    """Live pairs that are the double of another."""
    back: tuple[Intro, ...]
    """Open requests that are taken back."""

    @property
    def mentees(self) -> int:
        both = {self.kept.person.id, self.gone.person.id}
        return sum(pair.live and pair.mentor in both for pair in self.pairs) - sum(
            p.mentor in both for p in self.folded
        )

    @property
    def mentee(self) -> dict[str, Any] | None:
        """The profile of the two together, field by field."""
        profiles = [member.mentee.profile for member in (self.kept, self.gone) if member.mentee]
        return combined(profiles[0], profiles[-1]) if profiles else None

    @property
    def mentor(self) -> dict[str, Any] | None:
        profiles = [member.mentor.profile for member in (self.kept, self.gone) if member.mentor]
        return combined(profiles[0], profiles[-1]) if profiles else None


async def _union(turn: Turn, code: LinkCode) -> Union:
    """What would become of who made a code and who entered it. Raises Sorry for two who are no one person."""
    people, records = turn.records.people, turn.records
    if await people.get(code.person) is None:
        raise Stale
    kept, gone = in_order(await _member(turn, code.person), await _member(turn, turn.who.id))
    both = frozenset({kept.person.id, gone.person.id})
    pairs = {pair.id: pair for person in both for pair in await records.pairs.all_of(person)}
    if same_person_twice(pairs.values(), both) or gone.person.id in await people.conflicts_of(kept.person.id):
        raise Sorry("I know these two as different people who have to do with each other. An officer can help.")
    facts = {pair.id: await records.pairs.facts(pair.id) for pair in pairs.values() if pair.live}
    contact = {number: at for number, each in facts.items() if each and (at := last_contact(each))}
    intros = {i.id: i for person in both for i in await records.intros.all_of(person)}
    intros |= {i.id: i for person in both for i in await records.intros.waiting_for(person)}
    folded = doubled(list(pairs.values()), both, contact)
    back = taken_back(intros.values(), pairs.values(), both)
    return Union(kept, gone, tuple(pairs.values()), tuple(folded), tuple(back))


async def _make_one(turn: Turn, union: Union) -> None:
    """One person from here on: one profile, one capacity, and everything of both."""
    records, kept, gone = turn.records, union.kept.person.id, union.gone.person.id
    for pair in union.folded:
        await fold(turn, pair)
    for intro in union.back:
        if await records.intros.close(intro.id, IntroState.WITHDRAWN, turn.now):
            await records.diary.set(Open.INTRO, intro.id, None)
            await records.post.withdraw(f"intro:{intro.id}")
    if union.mentee is not None:
        await records.people.save_mentee(kept, **union.mentee)
    if union.mentor is not None:
        await records.people.save_mentor(kept, **union.mentor)
    await records.links.one_person(kept, gone, turn.now)
    await records.people.change(kept, **combined(union.kept.person, union.gone.person))
    turn.person = await records.people.get(kept)
    await turn.audit("person.linked", f"person:{kept}", f"was person:{gone}, too")
    await _rest_together(turn, union)
    await _meet_in_one_place(turn, union)
    approved = union.mentor is not None and "approved_at" in union.mentor
    for item in await records.queue.items():
        if approved and (item.reason, item.person) == (QueueReason.APPROVE, kept):
            await records.queue.resolve(item.id, None, turn.now)


async def _rest_together(turn: Turn, union: Union) -> None:
    """An absence that one account knew of holds for the pairs of both."""
    if (back := turn.who.away_until) is None:
        return
    for member in (union.kept, union.gone):
        if member.person.away_until is not None:
            continue
        for pair in await _going_on(turn, union, member.person):
            await turn.happened(pair.id, Happened.PAUSED, pair.side(turn.who.id))
    await turn.records.diary.set(Open.AWAY, turn.who.id, first_moment(back, turn.zone_of(turn.who)))


async def _meet_in_one_place(turn: Turn, union: Union) -> None:
    """A pair that had no place in common and has one now gets its room."""
    here = await turn.records.people.addresses(turn.who.id)
    for member in (union.kept, union.gone):
        for pair in await _going_on(turn, union, member.person):
            side = pair.side(turn.who.id)
            theirs = await turn.records.people.addresses(pair.person(side.other)) if side else []
            if pair.room is None and share_a_place(here, theirs) and not share_a_place(member.addresses, theirs):
                here_now, topic = _your_room(), about_room(pair.id)
                await turn.records.post.say(here_now, Urgency.NEWS, turn.now, pair=pair.id, by=turn.who.id, topic=topic)


async def _going_on(turn: Turn, union: Union, person: Person) -> list[Pair]:
    """The live pairs that one of the two brought along, as they are now."""
    theirs = {pair.id for pair in union.pairs if pair.side(person.id) is not None}
    return [pair for pair in await turn.records.pairs.live_of(turn.who.id) if pair.id in theirs]


async def _member(turn: Turn, person: int) -> Member:
    people = turn.records.people
    found = await people.get(person)
    assert found is not None
    addresses = tuple(await people.addresses(person))
    return Member(found, addresses, await people.mentee(person), await people.mentor(person))


# ── two places of one society ─────────────────────────────────────────────────────────────────────────────────────


@links.command(Command("link-society", "Be one society here and elsewhere", _CODE, need=Need.GOVERN))
async def link_society(turn: Turn, code: str | None = None) -> Reply:
    if code is None:
        return Private(_made(await _new(turn, Linking.SOCIETY), "link-society"))
    entered = await _enter(turn, Linking.SOCIETY, code)
    if entered is None:
        return Private(_unknown())
    if entered.society == turn.society.id:
        raise Sorry("These two belong to one society already. There is nothing to link.")
    there = await turn.records.links.made_in(entered.society)
    return Private(_to_carry(turn.society, there, len(await turn.records.people.all()), entered))


@links.press("link.carry", need=Need.GOVERN)
async def carry(turn: Turn, number: int) -> Reply:
    code = await turn.records.links.use(number, turn.who.id, turn.now)
    if code is None or code.purpose is not Linking.SOCIETY or code.society == turn.society.id:
        raise Stale
    there = await turn.records.links.made_in(code.society)
    await turn.audit("society.linked", f"society:{there.id}", f"was society:{turn.society.id}, {turn.place}")
    await turn.records.links.one_society(there.id, turn.now)
    return Update(_carried(there))


@links.in_no_society("link-society")
async def admit(store: Store, request: Request, now: datetime) -> Reply:
    """A place where nobody is known yet: there is nothing to carry, so there is nothing to ask."""
    if not request.manager:
        raise Sorry("This place belongs to no society yet. Whoever administers it can link it.")
    code = _plain(request.what.args.get("code", "")) if isinstance(request.what, Called) else ""
    if not code:
        raise Sorry("Ask an officer of your society for a code, and enter it here: /link-society, then the code.")
    there = await store.admit(request.place, code, now)
    return Private(_admitted(there) if there else _unknown())


# ── codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _new(turn: Turn, purpose: Linking) -> str:
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    await turn.records.links.make(purpose, code, turn.who.id, turn.now + GOOD_FOR)
    return f"{code[:4]}-{code[4:]}"


async def _enter(turn: Turn, purpose: Linking, given: str) -> LinkCode | None:
    """The code that was entered; what is none is counted. Raises Sorry for who guessed too often."""
    if await turn.records.links.guesses(turn.who.id, turn.now - MEANWHILE) >= GUESSES:
        raise Sorry("That were too many codes that I don't know. Please try again in an hour.")
    entered = await turn.records.links.enter(purpose, _plain(given), turn.who.id, turn.now)
    if entered is None:
        await turn.records.links.guessed(turn.who.id, turn.now)
    return entered


def _plain(code: str) -> str:
    """A code as it is kept, however it was typed."""
    return "".join(letter for letter in code.upper() if letter in LETTERS)


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _made(code: str, command: str) -> Message:
    return message(
        say("Your code: {code}", code=Bold(code)),
        say("Within 15 minutes, on the other side: {link} {code}", link=Slash(command), code=code),
        Line(("It works once. Give it to nobody you wouldn't link with.",), quiet=True),
    )


def _unknown() -> Message:
    return message(
        "I don't know that code here. A code works once, for 15 minutes, and for what it was made for.",
        say("For another, on the other side: {link}", link=Slash("link")),
    )


def _to_join(union: Union, asks: int, code: LinkCode) -> Message:
    notes: list[Text] = []
    if union.folded:
        notes.append(say("You are a pair with the same person on both sides: one of the two pairs goes on."))
    if union.back:
        notes.append(say("You have one open request at a time: the one you sent first stays, the other is taken back."))
    places = union.mentor.get("capacity", 0) if union.mentor else 0
    if union.mentees > places:
        room = "one place" if places == 1 else f"{places} places"
        words = "You have {mentees} mentees and {room}: all of them stay, and nobody new can ask you for now."
        notes.append(say(words, mentees=str(union.mentees), room=room))
    return message(
        "Is each of these you? Then from now on you are one person, with one profile:",
        bullets(_described(union.kept, union, asks), _described(union.gone, union, asks)),
        *([bullets(*notes)] if notes else []),
        Line(("Where both say something, the fuller profile counts; /profile changes it. No way back.",), quiet=True),
        buttons(
            Button("Yes, both are me", act("link.join", code.id), Style.PRIMARY),
            Button("No, leave it", act("link.leave", code.id)),
        ),
    )


def _described(member: Member, union: Union, asks: int) -> Text:
    live = sum(pair.live and pair.side(member.person.id) is not None for pair in union.pairs)
    roles = {"mentee": member.mentee, "mentor": member.mentor, "officer": member.person.officer}
    known = joined([role for role, has in roles.items() if has]) or "not joined yet"
    pairs = "no pair" if not live else "1 pair" if live == 1 else f"{live} pairs"
    where = "this account" if member.person.id == asks else "the other account"
    return say(
        "{where}: {name} ({known}, {pairs})", where=where, name=member.person.name[:60], known=known, pairs=pairs
    )


def _joined() -> Message:
    return message(say("You are one person now, wherever you write. All you have: {home}", home=Slash("home")))


def _your_room() -> Message:
    return message("You two are in one place now, and this is your room: what you write here, the other reads at once.")


def _to_carry(here: Society, there: Society, people: int, code: LinkCode) -> Message:
    others = f"all {people} people" if people != 1 else "the one person"
    return message(
        say("Make {here} one society with {there}?", here=Bold(here.name[:80]), there=Bold(there.name[:80])),
        bullets(
            say("{others} I know here come along, with their pairs and requests.", others=others),
            say(
                "Officers of either are officers of both. Name, time zone and term are {there}'s.",
                there=there.name[:80],
            ),
            say("Channels and roles chosen here stay as they are."),
        ),
        Line(("No way back.",), quiet=True),
        buttons(
            Button("Make them one", act("link.carry", code.id), Style.PRIMARY),
            Button("No, leave it", act("link.leave", code.id)),
        ),
    )


def _carried(there: Society) -> Message:
    return message(say("Done: this place is {society}'s now, and so is everyone in it.", society=Bold(there.name[:80])))


def _admitted(there: Society) -> Message:
    return message(
        say("Done: this place is {society}'s, too.", society=Bold(there.name[:80])),
        say("Next, choose its channels: {setup}", setup=Slash("setup")),
    )
