"""What is kept, and how it is asked for: `storage` implements it, on SQLite and PostgreSQL.

Everything of one society is reached through `Records`, a transaction; what concerns all of them, through `Store`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeAlias

from bot.model import (
    Agreement,
    Announcement,
    Answers,
    Association,
    Chronicle,
    Commitment,
    Concern,
    Conflict,
    Deed,
    Delivery,
    Disclosed,
    Event,
    Farewell,
    Handover,
    Happened,
    Held,
    History,
    InLine,
    Intro,
    IntroState,
    Invitation,
    Life,
    Limit,
    Linking,
    Meeting,
    MeetingState,
    Member,
    Mentee,
    Mentor,
    News,
    Open,
    OwnMentor,
    Pace,
    Pair,
    PairFacts,
    PairState,
    Person,
    Place,
    Project,
    ProjectHappened,
    ProjectState,
    ProjectUpdate,
    Promise,
    Proposed,
    QueueItem,
    QueueReason,
    Reason,
    Role,
    Round,
    RoundState,
    Said,
    SeasonLine,
    Segment,
    Shadowed,
    Shared,
    Side,
    SmallStep,
    Society,
    Thanks,
    Unsent,
    Urgency,
    Wish,
)
from bot.ports import Address
from bot.ui import Form, Message
from bot.vocabulary import Channel, HowMet, Milestone, Often, Rhythm, Why


class People(Protocol):
    async def at(self, address: Address) -> Person | None:
        """The person behind an address, if we have met."""

    async def get(self, person: int) -> Person | None: ...
    async def meet(self, address: Address, name: str) -> Person:
        """The person behind an address, made on first meeting."""

    async def add(self, name: str, **fields: Any) -> Person:  # noqa: ANN401
        """Someone known without an address yet, as from a spreadsheet. Fields are those of Person, and `email`."""

    async def by_email(self, email: str) -> Person | None: ...
    async def by_emails(self, emails: Collection[str]) -> dict[str, int]:
        """Who is behind each of these addresses; those of nobody are left out."""

    async def unmet(self, handle: str) -> list[Person]:
        """Those with this handle, as a form had it, whom nobody has met at any address yet, by id."""

    async def anyone_unmet(self) -> bool:
        """Whether a form waits for anybody whom nobody has met yet."""

    async def link(self, person: int, address: Address) -> None: ...
    async def unlink(self, address: Address) -> None:
        """Nobody is known at this address any more."""

    async def addresses(self, person: int) -> list[Address]: ...
    async def all(self) -> list[Person]: ...
    async def roster(self) -> list[Member]:
        """Everyone with their profiles and addresses, by person id, in a handful of queries however many they are."""

    async def change(self, person: int, **fields: Any) -> None:  # noqa: ANN401
        """Set fields of Person by name. Setting `away_until` touches all of the person's live pairs."""

    async def give_role(self, person: int, role: Role) -> None: ...
    async def take_role(self, person: int, role: Role) -> None: ...
    async def officers(self) -> list[Person]: ...
    async def holding(self, role: Role) -> list[Person]:
        """Everyone who holds a role and can be written to, by id."""

    async def mentee(self, person: int) -> Mentee | None:
        """The person as mentee, if they began a mentee profile."""

    async def mentor(self, person: int) -> Mentor | None:
        """The person as mentor, if they began a mentor profile; approved or not."""

    async def save_mentee(self, person: int, **fields: Any) -> None:  # noqa: ANN401
        """Create or change a mentee profile: fields of MenteeProfile by name."""

    async def save_mentor(self, person: int, **fields: Any) -> None: ...  # noqa: ANN401
    async def mentors(self) -> list[Mentor]:
        """Every approved mentor who can be written to, with their load, in one query, by person id."""


class Intros(Protocol):
    async def get(self, intro: int) -> Intro | None: ...
    async def draft(self, mentee: int, mentor: int, **fields: Any) -> Intro:  # noqa: ANN401
        """The one draft of this mentee to this mentor, made or changed."""

    async def waiting_of(self, mentee: int) -> Intro | None:
        """The mentee's open request. The database holds that there is at most one."""

    async def all_of(self, mentee: int) -> list[Intro]:
        """Every intro of a mentee, newest first."""

    async def waiting_for(self, mentor: int) -> list[Intro]: ...

    async def send(self, intro: int, now: datetime) -> bool:
        """Draft → waiting. False if it was no draft, or the mentee has another open request."""

    async def close(self, intro: int, state: IntroState, now: datetime) -> bool:
        """Waiting → `state`. False if it was not waiting any more (someone was faster, or it is a second press)."""

    async def reminded(self, intro: int, now: datetime) -> None: ...


class Pairs(Protocol):
    touched: set[int]
    """Pairs whose facts this transaction changed; their next step is worked out before it commits."""

    async def get(self, pair: int) -> Pair | None: ...
    async def live_of(self, person: int) -> list[Pair]:
        """The active and paused pairs someone is in, oldest first."""

    async def all_live(self) -> list[Pair]: ...
    async def all_of(self, person: int) -> list[Pair]:
        """Every pair someone ever was in, on either side, newest first."""

    async def in_room(self, room: Address) -> Pair | None: ...

    async def make(self, mentee: int, mentor: int, now: datetime) -> Pair | None:
        """A new active pair; None if the mentor has no place left, or the two are a pair already or not to be one.

        One conditional write that holds under concurrency: two at once never exceed capacity.
        """

    async def set_state(
        self, pair: int, state: PairState, now: datetime, until: datetime | None = None, by: int | None = None
    ) -> bool:
        """Pause, resume or end. False if the pair was in that state already, or has ended. Records no event."""

    async def set_room(self, pair: int, room: Address | None) -> None: ...
    async def happened(self, pair: int, what: Happened, now: datetime, side: Side | None = None) -> None:
        """Add one event to the pair's history."""

    async def events(self, pair: int) -> list[Event]: ...
    async def plan(self, pair: int, at: datetime, now: datetime) -> None:
        """When the mentee means to be in touch next, in place of what they said before."""

    async def facts(self, pair: int) -> PairFacts | None:
        """All that decides the next step. `breaks` are those officers chose; the settings' own come on top."""

    async def start_checkin(self, pair: int, side: Side, now: datetime) -> int: ...
    async def checkin(self, checkin: int) -> Checkin | None: ...
    async def answer_checkin(self, checkin: int, now: datetime, **answers: str) -> None:
        """Add answers by question."""


class Shadowing(Protocol):
    async def of(self, pair: int) -> list[Shadowed]:
        """Every entry, oldest day first."""

    async def add(self, pair: int, entry: Shadowed) -> Shadowed:
        """Keep an entry; it gets a number of its own."""

    async def confirm(self, pair: int, up_to: int, by: int) -> int:
        """Vouch for every entry that has a number up to this one and nobody's word yet; how many those were."""

    async def take_back(self, pair: int, entry: int) -> bool:
        """Forget an entry that nobody else has vouched for. False where there is none such."""


class Expectations(Protocol):
    async def answers(self, pair: int, side: Side) -> Answers: ...
    async def answered(self, pair: int) -> Mapping[Side, datetime]:
        """When each side was through with what has to be answered first; sides that are not are left out."""

    async def latest(self, person: int, side: Side) -> Answers:
        """What someone last said on this side of any pair; nothing, if they never did."""

    async def answer(self, pair: int, side: Side, said: Said) -> None:
        """Keep answers of one side, in place of earlier ones to the same questions."""

    async def give(self, pair: int, side: Side, now: datetime) -> None:
        """One side is through with what has to be answered first. A second time changes nothing."""

    async def proposal(self, pair: int) -> Agreement | None:
        """The newest agreement, confirmed or not."""

    async def in_force(self, pair: int) -> Agreement | None:
        """The newest that both have confirmed."""

    async def propose(self, pair: int, terms: Said) -> Agreement:
        """Keep a new version, confirmed by nobody yet."""

    async def confirm(self, pair: int, version: int, side: Side, now: datetime) -> Agreement | None:
        """One side's yes to the newest version; the agreement as it stands after. None for a stale version."""


class Updates(Protocol):
    async def wish(self, pair: int) -> Wish | None:
        """How often the mentor likes to hear news from this mentee, if they said."""

    async def set_wish(self, pair: int, often: Often, now: datetime) -> None: ...
    async def last_sent(self, pair: int) -> datetime | None:
        """When the last update went out. Of two turns at once, one waits here for the other to end."""

    async def sent(self, pair: int, milestone: Milestone | None, now: datetime) -> None:
        """One goes out now. Its words are not kept."""

    async def wait(self, pair: int, milestone: Milestone | None, news: News, now: datetime) -> int:
        """One has to wait, in place of any that waits already; its number."""

    async def unsent(self, number: int) -> Unsent | None:
        """The update, while it waits."""

    async def send(self, number: int, now: datetime) -> bool:
        """One that waited goes out now, and its words are forgotten here. False if it did not wait."""

    async def drop(self, number: int) -> None:
        """One that waited never goes out."""


@dataclass(frozen=True)
class Checkin:
    """One check-in asked of one side, with the answers so far."""

    id: int
    pair: int
    side: Side
    asked_at: datetime
    answers: Mapping[str, str]


class Meetings(Protocol):
    """A pair has at most one meeting that is open: proposed, or booked. The database holds that."""

    async def get(self, meeting: int) -> Meeting | None: ...
    async def open_of(self, pair: int) -> Meeting | None: ...
    async def last_of(self, pair: int) -> Meeting | None:
        """The newest meeting of a pair that is over."""

    async def booked(self, people: Collection[int], first: datetime, end: datetime) -> list[Meeting]:
        """The booked meetings of any of these people that touch this stretch, in order."""

    async def minutes(self, mentor: int, limit: Limit, *, without: int = 0) -> int:
        """What is asked of a mentor in this stretch already: booked, held, or proposed with a time in it."""

    async def propose(
        self, pair: int, by: Side, minutes: int, times: Sequence[datetime], limits: Sequence[Limit], now: datetime
    ) -> Meeting | None:
        """A new meeting with times for the other to take; None if the pair has an open one, or a limit is reached.

        One conditional write that holds under concurrency, as do the two below.
        """

    async def offer(
        self, meeting: int, by: Side, times: Sequence[datetime], limits: Sequence[Limit], now: datetime
    ) -> bool:
        """Other times, in place of those that were open. False if it is not open, or a limit is reached."""

    async def take(self, meeting: int, by: Side, at: datetime, now: datetime) -> Meeting | None:
        """`by` takes one of the times the other proposed: it is booked, and the others are gone.

        None if that time is not open to them (any more), or one of the two has another meeting then.
        """

    async def close(self, meeting: int, state: MeetingState, now: datetime) -> bool:
        """Open → `state`. False if it was not open any more."""

    async def change(self, meeting: int, **fields: Any) -> None:  # noqa: ANN401
        """Set fields of Meeting by name, other than those the above set."""


class Projects(Protocol):
    """Projects of pairs. Every change touches the pair, so the project's next step is worked out afresh."""

    async def get(self, project: int) -> Project | None: ...
    async def open_of(self, pair: int) -> list[Project]:
        """The pair's projects that are not over, oldest first; drafts of either side among them."""

    async def start(self, pair: int, by: Side) -> int:
        """A new project, which only its writer sees as yet."""

    async def draft(self, project: int, by: Side) -> Commitment:
        """The one version this side is writing, begun from the newest where there is none."""

    async def commitment(self, commitment: int) -> Commitment | None: ...
    async def write(self, commitment: int, **fields: Any) -> None:  # noqa: ANN401
        """Change a draft: fields of Commitment by name. What was proposed is never changed."""

    async def discard(self, commitment: int) -> None:
        """Throw a draft away, and its project if nobody else ever saw that."""

    async def propose(self, commitment: int, now: datetime) -> bool:
        """Show a draft to the other, with its writer's yes. False if it was shown already."""

    async def confirm(self, commitment: int, side: Side, now: datetime) -> Commitment | None:
        """One side's yes to the newest version; as it stands after. None for a stale one.

        With both, drafts that were begun before are gone.
        """

    async def move(self, project: int, state: ProjectState, now: datetime, note: str = "") -> bool:
        """Change the state. False if it was that already, or the project is over."""

    async def end_with(self, pair: int, now: datetime) -> None:
        """Whatever projects this pair has are over."""

    async def happened(
        self, project: int, what: ProjectHappened, now: datetime, place: int | None = None, due: date | None = None
    ) -> bool:
        """Add one event. False if the same was said of the same milestone and date before: the database holds that."""

    async def add_update(self, project: int, update: ProjectUpdate) -> None: ...
    async def updates(self, pair: int, most: int) -> list[ProjectUpdate]:
        """The pair's latest updates, newest first."""

    async def hours_of(self, person: int) -> int | None:
        """The hours a week that someone can surely give in all, if they said."""

    async def say_hours(self, person: int, hours: int) -> None: ...
    async def hours_promised(self, mentee: int, besides: int) -> int:
        """The hours a week that a mentee's running projects ask for together, one left out."""


class Steps(Protocol):
    """The small next steps of mentees."""

    async def add(self, pair: int, goal: str, what: str, due: date, now: datetime) -> None: ...
    async def get(self, step: int) -> SmallStep | None: ...
    async def open_of(self, pair: int) -> list[SmallStep]:
        """What is not done and not let go of, the next first."""

    async def done(self, step: int, now: datetime) -> bool:
        """False if it was done or let go of already."""

    async def put_off(self, step: int, due: date) -> None: ...
    async def let_go(self, step: int, now: datetime) -> bool: ...
    async def take_news(self, pair: int, now: datetime) -> list[SmallStep]:
        """What was done and not told of yet; from now on it counts as told."""


@dataclass(frozen=True)
class Outcome:
    """How many deliveries still wait, and how many arrived."""

    waiting: int
    arrived: int


class Post(Protocol):
    """What is to be said. A row is written in the transaction that gave the reason; the courier sends it later."""

    async def say(
        self,
        message: Message,
        urgency: Urgency,
        now: datetime,
        *,
        to: int | None = None,
        pair: int | None = None,
        channel: Address | None = None,
        by: int | None = None,
        topic: str = "",
        until: datetime | None = None,
    ) -> None:
        """Write to a person, into a pair's room, or into a channel: exactly one of `to`, `pair` and `channel`.

        What could not be sent before `until` is not sent at all.
        """

    async def withdraw(self, topic: str) -> int:
        """Unsay everything under this topic that no send was begun for; how much that was."""

    async def outcome(self, topic: str) -> Outcome:
        """What became of everything under this topic, as far as it is still known."""

    async def to_each(self, pair: int) -> None:
        """Whatever waits for a pair's room is to be said to each of the two by themselves instead."""

    async def letters(self, envelope: str, person: int) -> list[Message]:
        """What was sent to this person, and nobody else, under one key."""

    async def release(self, person: int | None, now: datetime) -> None:
        """Whatever was put off for someone may be considered again: they are back. None: for everyone."""


class Announcements(Protocol):
    async def draft(self, author: int, to: Segment, words: str, now: datetime) -> Announcement:
        """Keep what is written, in place of what its author wrote before and did not send."""

    async def get(self, announcement: int) -> Announcement | None: ...
    async def all(self) -> list[Announcement]:
        """The newest first, sent or not."""

    async def lately(self, now: datetime) -> Mapping[int, datetime]:
        """When an announcement last reached each person; now, for whom one still waits."""

    async def send(self, announcement: int, now: datetime) -> bool:
        """It goes out now. False if it is gone, or did so already.

        Of two turns that send anything, one waits here for the other to end.
        """

    async def drop(self, announcement: int) -> bool:
        """Throw one away that was not sent. False where there is none."""


class Seasons(Protocol):
    async def lines(self) -> list[SeasonLine]:
        """Those that officers changed, by name."""

    async def keep(self, line: SeasonLine) -> None: ...
    async def restore(self, name: str) -> None:
        """It is as it came."""


class Board(Protocol):
    async def chronicle(self, *, live: bool = False) -> Chronicle:
        """All that the numbers of any term are made from, in a handful of queries however large the society is.

        `live`: of the pairs only those that go on.
        """


class Diary(Protocol):
    """The one next step of every open thing."""

    async def set(self, what: Open, subject: int, at: datetime | None) -> None:
        """The next step is at this moment; None when there is none."""

    async def begin(self, what: Open, subject: int, at: datetime) -> None:
        """The first step is at this moment, unless there is a next step already."""

    async def again(self, what: Open, at: datetime) -> None:
        """Everything of a kind that has a next step is looked at anew at this moment."""


class Queue(Protocol):
    async def open(
        self, reason: QueueReason, now: datetime, *, pair: int | None = None, person: int | None = None
    ) -> bool:
        """Put before the officers. False if the same is there already."""

    async def items(self) -> list[QueueItem]:
        """What is open, oldest first."""

    async def get(self, item: int) -> QueueItem | None: ...
    async def resolve(self, item: int, by: int | None, now: datetime) -> bool:
        """Done. False if it was done already."""

    async def resolved(self, item: int) -> tuple[int | None] | None:
        """Who has seen to it (None for nobody in particular); None for what is open, or never was."""

    async def resolve_pair(self, pair: int, now: datetime, *reasons: QueueReason) -> None:
        """What waits about this pair for one of these reasons (for any, if none is given) is done."""

    async def resolve_person(self, person: int, now: datetime, *reasons: QueueReason) -> None:
        """What waits about this person for one of these reasons is done."""


class Endings(Protocol):
    """How pairs part."""

    async def complete(self, pair: int) -> bool:
        """The pair came to its planned end. False if that is known already."""

    async def farewell(self, pair: int) -> Farewell | None:
        """How a pair that came to its planned end parted; None for any other."""

    async def stays(self, pair: int, side: Side, wish: bool) -> Farewell | None:
        """Whether one side would like to stay in touch; how it stands after. None for a pair with no planned end."""

    async def to_thank(self) -> list[Thanks]:
        """The mentors of completed pairs whom no officer has thanked for them yet, longest ago first."""

    async def thanked(self, mentor: int, now: datetime) -> bool:
        """The officers have thanked a mentor. False if they had already."""

    async def give_reason(self, pair: int, side: Side, why: Why, words: str, now: datetime) -> None:
        """Why it ended, by one side's own choice to say so. The words are sealed."""

    async def reasons(self, since: datetime) -> list[Reason]:
        """What was said so since then, newest first. For officers who are not of the pair."""

    async def ask_to_mentor(self, person: int, now: datetime) -> bool:
        """Someone is asked whether they would mentor. False if they ever were before."""


class Roads(Protocol):
    """Other roads to a mentor."""

    async def join_line(self, person: int, now: datetime, *, first: bool = False) -> None:
        """Wait for a mentor who fits. Who waits already keeps their time; `first` puts them before those who begin."""

    async def leave_line(self, person: int) -> bool:
        """Wait no longer. False if they did not."""

    async def line(self) -> list[InLine]: ...
    async def in_line(self, person: int) -> bool: ...
    async def told_of(self, person: int, mentor: int, now: datetime) -> None:
        """Someone in line was told of this mentor's free place."""

    async def invite(self, invitation: Invitation) -> None: ...
    async def use_invitation(self, code: str, person: int, made_after: datetime) -> Invitation | None:
        """The invitation someone came by. None for an unknown, used, old or own one, and for who came by another."""

    async def came_by(self, person: int) -> Invitation | None: ...

    async def keep_own(self, mentee: int, name: str, how_met: HowMet, rhythm: Rhythm, now: datetime) -> OwnMentor:
        """A mentor of the mentee's own, known to nobody else. What they call them is sealed."""

    async def own_mentors(self, mentee: int) -> list[OwnMentor]: ...
    async def own_mentor(self, number: int) -> OwnMentor | None: ...
    async def let_own_go(self, number: int) -> None: ...
    async def with_own_mentor(self) -> int:
        """How many mentees have a mentor of their own: a count apart from all pairs."""

    async def associations(self) -> list[Association]:
        """Those that this society's officers have looked at or added."""

    async def keep_association(self, association: Association) -> None:
        """Add or change one. The database refuses to publish one whose link was never checked."""


@dataclass(frozen=True)
class KeptSheet:
    """A spreadsheet that waits for an officer's word, as the import wrote it."""

    table: str
    of: str
    """What the officer says it is a list of; empty where they did not."""


class Sheets(Protocol):
    """What officers said of their spreadsheets' columns, and sheets that wait for their word."""

    async def corrections(self) -> Mapping[str, Mapping[str, str]]:
        """By the mark of a sheet's head: each column's meaning by its title."""

    async def correct(self, head: str, title: str, meaning: str) -> None:
        """What a column of every sheet with this head means, in place of what was said before."""

    async def keep(self, person: int, table: str, of: str, now: datetime) -> int:
        """Keep a sheet for the officer who sent it, sealed; a day later it is forgotten."""

    async def kept(self, number: int, person: int) -> KeptSheet | None: ...
    async def forget(self, number: int) -> bool:
        """False where it is forgotten already."""


@dataclass(frozen=True)
class LinkCode:
    """A code as it is kept: who made it, and who entered it. The code itself is not kept."""

    id: int
    purpose: Linking
    society: int
    person: int
    """Who made it, in that society."""
    entered_by: int | None = None


class Links(Protocol):
    """Codes that show that two accounts, or two places, belong together; and making one of the two."""

    async def make(self, purpose: Linking, code: str, person: int, until: datetime) -> None:
        """Keep a new code of someone's. It replaces one that nobody entered."""

    async def enter(self, purpose: Linking, code: str, person: int, now: datetime) -> LinkCode | None:
        """The code, which from now on only this person can use; None if there is none, or another entered it.

        A code for people is only known in its society. One's own is found, and can still be entered by another.
        """

    async def guesses(self, person: int, since: datetime) -> int:
        """How many codes someone entered that there are not. No other of their guesses is counted meanwhile."""

    async def guessed(self, person: int, now: datetime) -> None: ...

    async def entered(self, number: int, person: int, now: datetime) -> LinkCode | None:
        """A code this person entered, while it can be used."""

    async def use(self, number: int, person: int, now: datetime) -> LinkCode | None:
        """Use up a code that this person entered: the second of two uses finds none."""

    async def one_person(self, kept: int, gone: int, now: datetime) -> None:
        """All that was `gone`'s is `kept`'s, and there is no `gone` any more.

        What is both people's own to decide comes before, within `hold`: their profiles are combined, and of what one
        person has only once (an open request, a live pair with the same other) only one is left.
        """

    async def claim(self, person: int, claimed: int, now: datetime) -> None:
        """Someone says that they are a person nobody has met yet. It counts once an officer says so, too."""

    async def claimed(self, person: int) -> int | None:
        """Who someone says that they are."""

    async def drop_claim(self, person: int) -> None: ...
    async def hold(self, *people: int) -> None:
        """From here to the end of the transaction nobody else begins anything with these people."""

    async def made_in(self, number: int) -> Society:
        """The society a code was made in."""

    async def one_society(self, into: int, now: datetime) -> None:
        """All of this society is that one's, and this one is no more: nothing else is to be done in this turn."""


class Power(Protocol):
    """Who holds which role, how it is handed on, and who did what."""

    async def held(self) -> list[Held]:
        """Every role that someone holds, by role and person."""

    async def name(self, person: int, role: Role, until: date | None) -> None:
        """Give a role until the end of a day, or change how long someone holds it."""

    async def end(self, person: int, role: Role) -> bool:
        """Take a role away. False if they do not hold it, or are the only president there is."""

    async def reminded(self, person: int, role: Role) -> None: ...

    async def make_claim(self, code: str, until: datetime) -> None:
        """Keep a code that makes whoever enters it president, in place of any earlier one."""

    async def use_claim(self, code: str, now: datetime) -> bool:
        """Use up such a code. False for any other, and for the second of two uses."""

    async def offer(self, by: int, to: int, now: datetime) -> Handover:
        """Offer the presidency, in place of any earlier offer."""

    async def open_offer(self) -> Handover | None:
        """The offer that waits for its answer, if there is one."""

    async def offered(self, handover: int) -> Handover | None: ...
    async def close(self, handover: int) -> bool:
        """The offer is accepted or taken back. False if it was already."""

    async def deeds(
        self,
        actions: Collection[str],
        *,
        by: int | None = None,
        about: str | None = None,
        before: int | None = None,
        most: int,
    ) -> list[Deed]:
        """What was done, newest first: of these actions, by one person, about one thing, and older than a line."""


class Apart(Protocol):
    """Who is not to be paired with whom. The database makes no pair of them, whoever asks for it."""

    async def note(self, one: int, other: int, reason: str | None = None) -> None:
        """Officers say so. The reason is sealed; without one (None) an earlier one stays."""

    async def lift(self, one: int, other: int) -> bool:
        """Officers say so no more. False if they did not. What one of the two wishes stays."""

    async def noted(self) -> list[Conflict]:
        """What officers noted."""

    async def wish(self, who: int, other: int) -> None:
        """One member wishes so, for nobody else to see."""

    async def forget_wish(self, who: int, other: int) -> bool:
        """They wish so no more. False if they did not."""

    async def wishes_of(self, who: int) -> list[int]:
        """With whom someone wishes never to be paired."""

    async def noted_of(self, person: int) -> set[int]:
        """With whom officers do not want this person paired."""

    async def wished_about(self, person: int) -> set[int]:
        """With whom this person is not to be paired by the wish of either of the two. Whose, nobody is told."""


class Concerns(Protocol):
    async def write(self, writer: int, about: int | None, words: str, *, reachable: bool, now: datetime) -> Concern:
        """Keep what someone wrote; nobody reads it before it is sent."""

    async def get(self, concern: int) -> Concern | None: ...
    async def send(self, concern: int, reader: int, now: datetime) -> bool:
        """Give it to its reader. False if it was read or closed already. The person concerned is refused as reader."""

    async def mark(self, concern: int, **moments: datetime) -> None:
        """Set what has happened to it: fields of Concern that are moments."""

    async def open_for(self, reader: int) -> list[Concern]:
        """What waits for a reader or is still open with them, oldest first."""

    async def wipe(self, concern: int) -> None:
        """Forget the words."""


Kept: TypeAlias = Mapping[str, Sequence[Mapping[str, object]]]
"""What is kept of someone, table by table, as JSON has it: moments as ISO text, other people by their names."""


class Privacy(Protocol):
    """A member's own data."""

    async def own(self, person: int, now: datetime) -> Kept:
        """All that is theirs, and nothing that is another's or was noted by officers."""

    async def forget(self, person: int, now: datetime) -> None:
        """Forget someone: what is theirs is gone, and what is others' own says nothing of them any more.

        Their pairs and requests are ended before. Whoever was forgotten is not met again by chance.
        """

    async def was_forgotten(self, address: Address) -> bool:
        """Whether whoever has this address, on a platform or by e-mail, was forgotten here."""

    async def begin_again(self, address: Address) -> None:
        """They may be met again: by their own wish they begin anew."""


class OfficeLinks(Protocol):
    """One-time links to the officers' page."""

    async def make(self, code: str, person: int, place: Address, address: Address, until: datetime) -> None:
        """Keep a new link of an officer's, in place of an earlier one. Of the code only a mark.

        `place`, `address`: where they asked for it, and from where they will act.
        """

    async def end(self, person: int) -> int:
        """End every session of someone's, and take back a link not used yet; how many sessions that were."""


class Rounds(Protocol):
    """Pairs proposed for a whole cohort, of which a society looks at one set at a time. The database holds that."""

    async def history(self) -> History:
        """What there was between any two, in a handful of queries however many they are."""

    async def current(self) -> Round | None:
        """The round that officers are looking at."""

    async def open(self, pairs: Sequence[Proposed], now: datetime) -> Round | None:
        """A new round; None while another is open."""

    async def change(
        self,
        looked_at: Round,
        pairs: Sequence[Proposed],
        *,
        apart: Collection[tuple[int, int]],
        out: Collection[int],
    ) -> Round | None:
        """The round with other content, as it is then; None if it is not as it was when it was looked at."""

    async def close(self, looked_at: Round, state: RoundState, now: datetime) -> bool:
        """Published or dropped. False if it is not as it was when it was looked at."""


class Permissions(Protocol):
    """What one of a pair lets the other see. All of it is sealed, and gone with the permission or with the pair."""

    async def ways(self, pair: int, side: Side) -> list[Channel]:
        """How a side lets the other reach them; nothing of where."""

    async def contact(self, pair: int, side: Side) -> dict[Channel, str]:
        """The same with the number or the address of each; empty where a way needs none."""

    async def grant(self, pair: int, side: Side, channel: Channel, value: str, wording: str, now: datetime) -> bool:
        """Let the other reach this side so, in place of what was granted before. False if the pair has ended.

        `wording`: under which words the permission was given.
        """

    async def revoke(self, pair: int, side: Side, channels: Collection[Channel]) -> list[Channel]:
        """Take these back, with what lay in them; those that had been granted."""

    async def share(self, pair: int, words: str, now: datetime) -> bool:
        """What the mentee shows this mentor of their grades, in place of earlier words. False if the pair has ended."""

    async def shared(self, pair: int) -> Shared | None: ...
    async def withdraw(self, pair: int) -> bool:
        """Forget what the mentee has shown. False if there was nothing."""

    async def looked(self, pair: int, side: Side, what: Disclosed, now: datetime) -> None:
        """The other looked at what is this side's."""

    async def looks(self, pair: int, side: Side, what: Disclosed) -> list[datetime]:
        """When the other looked at what is this side's, newest first."""

    async def forget(self, pair: int) -> bool:
        """All of it, of both sides, is over. When someone looked stays known. False if there was nothing."""


class Numbers(Protocol):
    """What officers' numbers are made of."""

    async def asked(self) -> set[tuple[int, int]]:
        """Mentee and mentor of every request that was ever sent."""

    async def lives(self) -> list[Life]:
        """Every pair there ever was, oldest first, in a handful of queries."""


class Records(Protocol):
    """One society's records inside one transaction. All of it is kept, or nothing."""

    society: Society
    people: People
    intros: Intros
    pairs: Pairs
    expectations: Expectations
    meetings: Meetings
    updates: Updates
    shadowing: Shadowing
    rounds: Rounds
    sheets: Sheets
    post: Post
    diary: Diary
    queue: Queue
    links: Links
    concerns: Concerns
    permissions: Permissions
    endings: Endings
    roads: Roads
    projects: Projects
    steps: Steps
    power: Power
    apart: Apart
    privacy: Privacy
    numbers: Numbers
    announcements: Announcements
    seasons: Seasons
    office_links: OfficeLinks
    board: Board

    async def first_time(self, key: str, now: datetime) -> bool:
        """Remember a request by its key. False if it was remembered before."""

    async def audit(self, now: datetime, actor: int | None, action: str, subject: str, detail: str = "") -> None:
        """One line of who did what to whom. Never personal content."""

    async def settle(self, place: Place) -> None:
        """Keep what was chosen for one of the society's places."""

    async def decide(self, chosen: Society) -> None:
        """Keep the zone and the year of the society as they are in `chosen`; what is as before is not written.

        It shows from the next turn on.
        """

    async def choose(self, chosen: Mapping[str, str | None]) -> None:
        """Keep some of the programme's settings, as in the settings file; None goes back to the file's. As above."""

    async def hold(self, form: Form, person: int, now: datetime) -> int:
        """Keep a form that came too late to be shown at once."""

    async def held(self, form: int, person: int) -> Form | None: ...


class Installations(Protocol):
    """The places in which others installed an app of ours, and what lets us in there, which nobody else may read."""

    async def keep(self, place: Address, name: str, zone: str, what: str, now: datetime) -> None:
        """The app was installed. A place that is no society's yet gets one of its own, of this name and zone."""

    async def renew(self, place: Address, what: str) -> None:
        """What lets us in has changed, where we are let in at all."""

    async def at(self, place: Address) -> str | None:
        """What lets us in; None where the app is not installed, or not any more."""

    async def places(self) -> list[Address]:
        """Everywhere the app is installed."""

    async def forget(self, place: Address) -> None:
        """The app was taken out. The society and all it has stay."""

    async def begin(self, state: str, until: datetime) -> None:
        """An installation was begun under a secret that is good until then."""

    async def begun(self, state: str, now: datetime) -> bool:
        """Whether one was begun under this secret, which works once."""


@dataclass(frozen=True)
class Session:
    """Someone who came by a one-time link. What they may do is asked afresh each time."""

    society: int
    person: int
    place: Address
    address: Address
    """Theirs, where they asked for the link."""


class Office(Protocol):
    """Who is signed in to the officers' page. Of codes and tokens only marks are kept."""

    async def enter(self, code: str, token: str, now: datetime) -> Session | None:
        """Use up a link, and begin a session under this token. None for a code that is unknown, used or too old."""

    async def session(self, token: str, idle_since: datetime, begun_since: datetime, now: datetime) -> Session | None:
        """The session, which counts as used now. None if there is none, it lay idle, or it began too long ago."""

    async def leave(self, token: str) -> None:
        """End a session. A second time changes nothing."""


@dataclass(frozen=True)
class Envelope:
    """Deliveries to one recipient under one key, claimed for sending."""

    key: str
    deliveries: tuple[Delivery, ...]
    first_try_at: datetime


@dataclass(frozen=True)
class Waiting:
    """One recipient's unsent deliveries with what decides when they may be sent."""

    society: Society
    deliveries: tuple[Delivery, ...]
    """Oldest first, all with the same `to`, `pair` or `channel`."""
    listeners: tuple[Listener, ...]
    """Whom it would reach: the person, both of a pair, or nobody in particular for a channel."""


@dataclass(frozen=True)
class Listener:
    person: Person
    mentor: bool
    """Whether they are an approved mentor, who is interrupted least of all."""
    told: tuple[datetime, ...]
    """When something was last sent to them, privately or in a room, newest first (8 days)."""
    nudged: datetime | None
    """When they were last nudged."""
    announced: datetime | None
    """When an announcement last reached them."""


class Store(Protocol):
    installations: Installations
    office: Office

    def records(self, society: int, *, in_turn: bool = False) -> AbstractAsyncContextManager[Records]:
        """A write transaction on one society: committed at the end, undone by an exception.

        `in_turn`: it begins when every other that is in turn is over.
        """

    async def society_at(self, place: Address) -> Society | None: ...
    async def found(self, name: str, zone: str, place: Address, officers_channel: Address | None) -> Society:
        """The society at a place, made or brought up to date."""

    async def join(self, society: int, place: Address) -> None:
        """Let a society be in one more place. A place that belongs to a society stays with it."""

    async def admit(self, place: Address, code: str, now: datetime) -> Society | None:
        """Let a place that is no society's join the one where an officer made this code; None for a code of nobody."""

    # The tick
    async def claim_due(self, now: datetime, lease: timedelta, limit: int) -> list[Promise]:
        """Promises that are due and nobody works on, leased to the caller until `now + lease`."""

    async def put_off(self, promise: Promise, until: datetime) -> None:
        """Try again later, and count the try."""

    async def next_moment(self, after: datetime) -> datetime | None:
        """The next stored moment at which something is due: a promise or a delivery put off."""

    # The courier
    async def waiting(self, now: datetime) -> list[Waiting]:
        """What could be sent now: unsent, not leased, not put off beyond `now`."""

    async def put_off_deliveries(self, deliveries: Sequence[int], until: datetime) -> None: ...
    async def hand_back(self, key: str, until: datetime) -> None:
        """This try of an envelope sent nothing, and is as if it had not been: what no other try may have sent waits
        until then like what was never begun, and can be withdrawn."""

    async def drop(self, deliveries: Sequence[int], now: datetime) -> None:
        """Their moment has passed: done, without having arrived, and nobody need know."""

    async def claim(self, deliveries: Sequence[int], key: str, now: datetime, lease: timedelta) -> Envelope | None:
        """Lease deliveries for sending under one key, or None if someone else has one of them.

        A delivery that was claimed before keeps its first envelope: the answer is then that whole envelope again.
        """

    async def delivered(self, key: str, now: datetime) -> None:
        """The envelope arrived: its deliveries are done, and its listeners' `told` and `nudged` move."""

    async def undeliverable(self, key: str, now: datetime) -> None:
        """The envelope never will arrive: its deliveries are done; a person's loss is put in the officers' queue."""

    async def room_of(self, pair: int) -> Address | None: ...
    async def keep_room(self, society: int, pair: int, room: Address, now: datetime) -> None:
        """The pair's room is open; its next step is to be worked out afresh."""

    async def reach(self, society: int, person: int) -> list[Address]:
        """Where a person can be written to."""

    async def rooms_of(self, society: int, person: int) -> list[Address]:
        """The rooms of a person's live pairs, newest first."""

    # Daily
    async def tidy(self, now: datetime, pace: Pace) -> None:
        """Forget what has served: request keys and held forms of over a week, and the rest as `pace` says."""

    async def back_up(self, now: datetime) -> None:
        """Write the day's copy of everything, where copies are ours to make and are wanted."""

    async def live_pairs(self) -> list[tuple[int, int]]:
        """(society, pair) of every live pair, to work out its next step afresh."""
