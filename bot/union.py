"""Two people who turn out to be one: what becomes of all that is theirs, said before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.feature import Sorry, Stale, Turn, about_room
from bot.model import Happened, Intro, IntroState, Member, Open, Pair, Person, QueueReason, Urgency
from bot.pairs import fold
from bot.ports import share_a_place
from bot.rules.one_person import combined, doubled, in_order, same_person_twice, taken_back
from bot.rules.timing import first_moment
from bot.rules.waiting import last_contact
from bot.ui import Message, message


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


async def union_of(turn: Turn, one: int, other: int) -> Union:
    """What would become of these two. Raises Sorry for two who are no one person, Stale where one is no more."""
    records = turn.records
    kept, gone = in_order(await _member(turn, one), await _member(turn, other))
    both = frozenset({kept.person.id, gone.person.id})
    pairs = {pair.id: pair for person in both for pair in await records.pairs.all_of(person)}
    if same_person_twice(pairs.values(), both) or gone.person.id in await records.apart.noted_of(kept.person.id):
        raise Sorry("I know these two as different people who have to do with each other. An officer can help.")
    facts = {pair.id: await records.pairs.facts(pair.id) for pair in pairs.values() if pair.live}
    contact = {number: at for number, each in facts.items() if each and (at := last_contact(each))}
    intros = {i.id: i for person in both for i in await records.intros.all_of(person)}
    intros |= {i.id: i for person in both for i in await records.intros.waiting_for(person)}
    folded = doubled(list(pairs.values()), both, contact)
    back = taken_back(intros.values(), pairs.values(), both)
    return Union(kept, gone, tuple(pairs.values()), tuple(folded), tuple(back))


async def make_one(turn: Turn, union: Union) -> Person:
    """One person from here on: one profile, one capacity, and everything of both. Both are held before."""
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
    one = await records.people.get(kept)
    assert one is not None
    if turn.person and turn.person.id in (kept, gone):
        turn.person = one
    await turn.audit("person.linked", f"person:{kept}", f"was person:{gone}, too")
    await _rest_together(turn, union, one)
    await _meet_in_one_place(turn, union, one)
    approved = union.mentor is not None and "approved_at" in union.mentor
    for item in await records.queue.items():
        if approved and (item.reason, item.person) == (QueueReason.APPROVE, kept):
            await records.queue.resolve(item.id, None, turn.now)
    return one


async def _rest_together(turn: Turn, union: Union, one: Person) -> None:
    """An absence that one account knew of holds for the pairs of both."""
    if (back := one.away_until) is None:
        return
    for member in (union.kept, union.gone):
        if member.person.away_until is not None:
            continue
        for pair in await _going_on(turn, union, one, member.person):
            await turn.happened(pair.id, Happened.PAUSED, pair.side(one.id))
    await turn.records.diary.set(Open.AWAY, one.id, first_moment(back, turn.zone_of(one)))


async def _meet_in_one_place(turn: Turn, union: Union, one: Person) -> None:
    """A pair that had no place in common and has one now gets its room."""
    here = await turn.records.people.addresses(one.id)
    for member in (union.kept, union.gone):
        for pair in await _going_on(turn, union, one, member.person):
            side = pair.side(one.id)
            theirs = await turn.records.people.addresses(pair.person(side.other)) if side else []
            if pair.room is None and share_a_place(here, theirs) and not share_a_place(member.addresses, theirs):
                here_now, topic = _your_room(), about_room(pair.id)
                await turn.records.post.say(here_now, Urgency.NEWS, turn.now, pair=pair.id, by=one.id, topic=topic)


async def _going_on(turn: Turn, union: Union, one: Person, was: Person) -> list[Pair]:
    """The live pairs that one of the two brought along, as they are now."""
    theirs = {pair.id for pair in union.pairs if pair.side(was.id) is not None}
    return [pair for pair in await turn.records.pairs.live_of(one.id) if pair.id in theirs]


async def _member(turn: Turn, person: int) -> Member:
    people = turn.records.people
    found = await people.get(person)
    if found is None:
        raise Stale
    addresses = tuple(await people.addresses(person))
    return Member(found, addresses, await people.mentee(person), await people.mentor(person))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────


def _your_room() -> Message:
    return message("You two are in one place now, and this is your room: what you write here, the other reads at once.")
