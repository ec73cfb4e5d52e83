"""The society as plain facts: members, profiles, introductions, pairs and what happened in them.

Everything here is frozen: storage makes it, rules read it, features decide with it. Moments are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.vocabulary import (
    Academics,
    Booker,
    C,
    Channel,
    Credit,
    Format,
    Help,
    Hours,
    HowMet,
    Length,
    MentorKind,
    Milestone,
    Notice,
    Often,
    Part,
    Phase,
    Prepare,
    ReplyTime,
    Rest,
    Review,
    Rhythm,
    School,
    Site,
    Slipping,
    Specialty,
    Term,
    Updates,
    Whom,
    Why,
    Window,
)

UTC_ZONE = ZoneInfo("UTC")

# ── the society and its people ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Break:
    """Days (inclusive) on which a silence does not count: finals, holidays."""

    first: date
    last: date
    what: Rest = Rest.BREAK


@dataclass(frozen=True)
class Place:
    """One Discord server or Slack workspace of a society, and what was chosen there (all of them addresses)."""

    address: str
    rooms: str | None = None
    """The channel under which pairs' rooms are opened."""
    officers: str | None = None
    """The officers' channel."""
    role: str | None = None
    """Who holds it is an officer."""


@dataclass(frozen=True)
class Society:
    id: int
    name: str
    zone: ZoneInfo
    places: tuple[Place, ...] = ()
    term: Break | None = None
    """The days of the term, where an officer has said."""
    recruitment: Break | None = None
    """The days on which newcomers sign up."""
    kickoff: date | None = None
    """The day on which pairs begin together."""
    breaks: tuple[Break, ...] = ()
    """Those officers added to the settings' own."""
    led: bool = False
    """Whether it has a president."""
    chosen: tuple[tuple[str, str], ...] = ()
    """Of the programme's settings those it chose for itself, as they would stand in the settings file."""

    def place(self, address: str) -> Place:
        """What was chosen in a place; nothing yet, where nothing was."""
        return next((place for place in self.places if place.address == address), Place(address))

    @property
    def officers_channel(self) -> str | None:
        """The address of the officers' channel, where one is set."""
        return next((place.officers for place in self.places if place.officers), None)


class Role(StrEnum):
    PRESIDENT = "president"  # governs
    OFFICER = "officer"
    SAFEGUARDING = "safeguarding"  # reads private concerns
    ADVISOR = "advisor"  # sees what officers see, and changes nothing


class Need(StrEnum):
    """What it takes to do something. Which roles have it: bot/rules/power.py."""

    MEMBER = "member"  # nothing: whose thing it is decides
    READ = "read"
    ACT = "act"
    GOVERN = "govern"
    HAND_OVER = "hand_over"


@dataclass(frozen=True)
class Held:
    """A role that someone holds, and how long."""

    person: int
    role: Role
    until: date | None = None
    """The last day of it, on the society's calendar; None for no end."""
    reminded: bool = False
    """Whether officers have heard that it ends soon."""


@dataclass(frozen=True)
class Conflict:
    """Two people whom officers do not want paired, and why, for officers alone."""

    one: int
    other: int
    reason: str


@dataclass(frozen=True)
class Handover:
    """The presidency, offered to someone who has not said yes yet."""

    id: int
    by: int
    """The president, or the advisor in their place."""
    to: int
    offered_at: datetime


@dataclass(frozen=True)
class Deed:
    """One line of who did what."""

    id: int
    at: datetime
    actor: int | None
    """None for what nobody in particular did: the bot by itself, or whoever runs it."""
    action: str
    subject: str


@dataclass(frozen=True)
class Person:
    """One member, whichever platforms they use, in one society."""

    id: int
    name: str
    zone: ZoneInfo | None = None
    """Their time zone; the society's holds until they say."""
    school: str = ""
    windows: tuple[Window, ...] = ()
    associations: tuple[str, ...] = ()
    """Those they name as theirs, by their short names."""
    handle: str = ""
    """What they called themselves on a platform when they filled in a form; never shown, it only helps to find them."""
    adult: bool | None = None
    """What they said when asked whether they are 18 or over. No birth date is kept."""
    away_until: date | None = None
    """The first day they are back, in their own zone."""
    away_since: datetime | None = None
    seen_at: datetime | None = None
    """When they last did anything, to the day; None for those who never came by."""
    noticed_at: datetime | None = None
    """When they were told that they are forgotten unless they come by."""
    left_at: datetime | None = None
    """When they left the last of the society's places they were in."""
    roles: frozenset[Role] = frozenset()

    @property
    def officer(self) -> bool:
        return not self.roles.isdisjoint((Role.PRESIDENT, Role.OFFICER))


@dataclass(frozen=True)
class MenteeProfile:
    """What a mentee said of themselves; saved screen by screen, so any field can still be open."""

    person: int
    phase: Phase | None = None
    interests: tuple[Specialty, ...] = ()
    wants: tuple[Help, ...] = ()
    formats: tuple[Format, ...] = ()
    hours: Hours | None = None
    rhythm: Rhythm | None = None
    reply: ReplyTime | None = None
    phase_holds_until: datetime | None = None
    """When to ask again where they are: a new term, or a milestone since."""
    season_told_at: datetime | None = None
    """When they last read what this month is usually about."""
    season_off_at: datetime | None = None
    """When they asked to be spared that."""


@dataclass(frozen=True)
class MentorProfile:
    person: int
    kind: MentorKind | None = None
    phase: Phase | None = None
    """Of a mentor who is a premed themselves: where on the road."""
    fields: tuple[Specialty, ...] = ()
    offers: tuple[Help, ...] = ()
    wont: tuple[Help, ...] = ()
    formats: tuple[Format, ...] = ()
    capacity: int | None = None
    hours: Hours | None = None
    reply: ReplyTime | None = None
    channels: tuple[Channel, ...] = ()
    approved_at: datetime | None = None


@dataclass(frozen=True)
class Mentee:
    person: Person
    profile: MenteeProfile


@dataclass(frozen=True)
class Mentor:
    """A mentor with the load they carry now."""

    person: Person
    profile: MentorProfile
    load: int = 0
    """Pairs that are active or paused."""

    @property
    def free(self) -> int:
        return max(0, (self.profile.capacity or 0) - self.load)


@dataclass(frozen=True)
class Member:
    """Someone with all that the society knows them as."""

    person: Person
    addresses: tuple[str, ...]
    mentee: Mentee | None
    mentor: Mentor | None


class Linking(StrEnum):
    """What a code shows to belong together."""

    PERSON = "person"  # two accounts of one person
    SOCIETY = "society"  # two places of one society


# ── introductions ─────────────────────────────────────────────────────────────────────────────────────────────────


class IntroState(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    NOT_NOW = "not_now"
    NOT_FOR_ME = "not_for_me"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Intro:
    """A mentee's prepared request to one mentor."""

    id: int
    mentee: int
    mentor: int
    state: IntroState
    need: str = ""
    ask: str = ""
    motivation: str = ""
    why: str = ""
    academics: Academics | None = None
    opening: str = ""
    """How the mentor is greeted."""
    effort: str = ""
    """What the mentee will do for their part."""
    links: str = ""
    closing: str = ""
    school: School | None = None
    sent_at: datetime | None = None
    reminded_at: datetime | None = None
    closed_at: datetime | None = None


# ── pairs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Side(StrEnum):
    MENTEE = "mentee"
    MENTOR = "mentor"

    @property
    def other(self) -> Side:
        return Side.MENTOR if self is Side.MENTEE else Side.MENTEE


class PairState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True)
class Pair:
    id: int
    mentee: int
    mentor: int
    state: PairState
    started_at: datetime
    paused_until: datetime | None = None
    ended_at: datetime | None = None
    room: str | None = None
    """The address of the room where the two talk, once it is open."""

    @property
    def live(self) -> bool:
        return self.state is not PairState.ENDED

    def side(self, person: int) -> Side | None:
        """Which side of this pair someone is; None for anyone else."""
        return {self.mentee: Side.MENTEE, self.mentor: Side.MENTOR}.get(person)

    def person(self, side: Side) -> int:
        return self.mentee if side is Side.MENTEE else self.mentor


class Happened(StrEnum):
    """What can happen in a pair. `side` says whose doing it was, or who was spoken to."""

    OPENED = "opened"  # their room is open: from here on a silence is one
    WROTE = "wrote"  # they wrote to the other, by their own word or by activity in the room
    MET = "met"
    UPDATED = "updated"  # they told the other how it goes: contact that asks for no answer
    NO_ANSWER = "no_answer"  # they say the other has not answered
    CHECKIN_ASKED = "checkin_asked"
    CHECKIN_ANSWERED = "checkin_answered"
    EXPECTATIONS_REMINDED = "expectations_reminded"
    REVIEW_ASKED = "review_asked"  # the mentee was asked whether what was agreed still suits
    REVIEWED = "reviewed"  # … and said that it does
    PHASE_CHANGED = "phase_changed"  # the mentee is elsewhere on the road
    REPLY_REMINDED = "reply_reminded"  # the mentee was told that half of their reply time is over
    INVITED = "invited"  # the mentee was invited to write, before any silence
    NUDGED = "nudged"
    ANSWER_ASKED = "answer_asked"  # a mentee was asked whether the mentor has answered
    ROOM_ASKED = "room_asked"  # a mentor was asked whether they still have room
    STAYS = "stays"  # a mentor said they still have room and will write
    HANDED_OVER = "handed_over"  # it is in the officers' queue
    OFFICER_WROTE = "officer_wrote"
    SLOWED = "slowed"  # they asked for less often, which is an answer too
    MOVED_LATE = "moved_late"  # they moved or cancelled a meeting with less notice than was agreed
    PAUSED = "paused"
    RESUMED = "resumed"
    CLOSING_ASKED = "closing_asked"  # a mentee was asked whether the pair comes to its end
    LAST_PLANNED = "last_planned"  # the next meeting is to be their last one
    LAST_ASKED = "last_asked"  # a mentee was asked whether it took place


@dataclass(frozen=True)
class Event:
    at: datetime
    what: Happened
    side: Side | None = None


Said: TypeAlias = Mapping[Term, tuple[str, ...]]
"""What was chosen, question by question, as slugs of the choices each question has."""


@dataclass(frozen=True)
class Plan:
    """When a mentee means to be in touch next, by their own word."""

    at: datetime
    said_at: datetime


@dataclass(frozen=True)
class Answers:
    """One side's expectations, given alone."""

    said: Said = field(default_factory=dict)
    given_at: datetime | None = None
    """When everything that has to be answered first was in; until then nothing of it is shown to anyone."""


@dataclass(frozen=True)
class Agreement:
    """What both settled on, version by version. In force once both have confirmed the same version."""

    version: int
    terms: Said = field(default_factory=dict)
    mentee_confirmed_at: datetime | None = None
    mentor_confirmed_at: datetime | None = None

    @property
    def in_force(self) -> bool:
        return self.since is not None

    @property
    def since(self) -> datetime | None:
        """When the later of the two said yes."""
        if self.mentee_confirmed_at is None or self.mentor_confirmed_at is None:
            return None
        return max(self.mentee_confirmed_at, self.mentor_confirmed_at)

    def confirmed_by(self, side: Side) -> bool:
        return (self.mentee_confirmed_at if side is Side.MENTEE else self.mentor_confirmed_at) is not None

    def chosen(self, term: Term, choices: type[C]) -> C | None:
        """What was agreed on a question that has one answer; None where it was not asked."""
        return next((choices.of(slug) for slug in self.terms.get(term, ())), None)

    def reply(self, side: Side) -> ReplyTime:
        """In what time a side has promised to answer."""
        term = Term.MENTEE_REPLY if side is Side.MENTEE else Term.MENTOR_REPLY
        return self.chosen(term, ReplyTime) or ReplyTime.THREE_DAYS

    @property
    def rhythm(self) -> Rhythm:
        return self.chosen(Term.RHYTHM, Rhythm) or Rhythm.MONTHLY

    @property
    def booker(self) -> Booker:
        """Who starts contact and books: the mentee, unless both said otherwise."""
        return self.chosen(Term.BOOKER, Booker) or Booker.MENTEE

    @property
    def length(self) -> Length:
        return self.chosen(Term.LENGTH, Length) or Length.HALF

    @property
    def notice(self) -> Notice:
        return self.chosen(Term.NOTICE, Notice) or Notice.DAY

    @property
    def prepare(self) -> Prepare:
        return self.chosen(Term.QUESTIONS, Prepare) or Prepare.DAY_BEFORE

    @property
    def review(self) -> Review:
        return self.chosen(Term.REVIEW, Review) or Review.SIXTY_DAYS


@dataclass(frozen=True)
class News:
    """An update note: three lines from a mentee to one of their mentors, any of which may be empty."""

    done: str = ""
    now: str = ""
    question: str = ""


@dataclass(frozen=True)
class Unsent:
    """An update that waits for its day."""

    pair: int
    milestone: Milestone | None
    news: News


@dataclass(frozen=True)
class Wish:
    """What a mentor said of how often they like to hear news from one mentee."""

    often: Often
    said_at: datetime


@dataclass(frozen=True)
class Shadowed:
    """Hours that a mentee shadowed. Nothing else is kept of them: no words, no case, no name of a place."""

    id: int
    pair: int
    day: date
    hours: int
    specialty: Specialty
    site: Site
    confirmed_by: int | None = None
    """The person who vouches for it."""


@dataclass(frozen=True)
class PairFacts:
    """All that decides what a pair's next step is."""

    pair: Pair
    mentee: Person
    mentor: Person
    mentor_kind: MentorKind | None
    events: tuple[Event, ...]
    """Oldest first."""
    mentee_answered: bool = False
    mentor_answered: bool = False
    agreement: Agreement | None = None
    """The one in force, if any."""
    meeting_ends: datetime | None = None
    """The end of the meeting that is booked, until it is known what came of it."""
    plan: Plan | None = None
    """The newest, kept or not."""
    breaks: tuple[Break, ...] = ()
    zone: ZoneInfo = UTC_ZONE
    """The society's, for breaks and for people who gave none."""


# ── meetings ──────────────────────────────────────────────────────────────────────────────────────────────────────


class MeetingState(StrEnum):
    PROPOSED = "proposed"
    BOOKED = "booked"
    OVER = "over"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"  # none of the times was taken


class Report(StrEnum):
    """How a meeting went, by the word of one side."""

    ATTENDED = "attended"
    LATE = "late"
    MISSED = "missed"


@dataclass(frozen=True)
class Meeting:
    """One meeting of a pair, from the first times proposed to what came of it."""

    id: int
    pair: int
    state: MeetingState
    by: Side
    """Who proposed the times that are open; the other side takes one."""
    minutes: int
    made_at: datetime
    """When those times were proposed."""
    times: tuple[datetime, ...] = ()
    """What is open for the other to take. Of a booked meeting: where it is asked to move to."""
    at: datetime | None = None
    booked_at: datetime | None = None
    """When the two settled on `at`."""
    sequence: int = 0
    """Rises with each change that calendars have to learn of."""
    place: str = ""
    note: str = ""
    questions: str = ""
    asked: int = 0
    """How often the mentee was asked for questions."""
    sent_at: datetime | None = None
    """When the questions went to the mentor."""
    reminded: int = 0
    """How many of the two reminders are behind it."""
    mentee_comes: bool = False
    mentor_comes: bool = False
    mentee_report: Report | None = None
    mentor_report: Report | None = None
    after_at: datetime | None = None
    """When the mentee was asked how it was."""
    outcome: str = ""
    next_step: str = ""

    @property
    def open(self) -> bool:
        return self.state in (MeetingState.PROPOSED, MeetingState.BOOKED)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def ends(self) -> datetime | None:
        return self.at + self.length if self.at else None

    def begun(self, now: datetime) -> bool:
        """Whether its time has come, so that nothing about that can change any more."""
        return self.at is not None and self.at <= now

    def report(self, side: Side) -> Report | None:
        return self.mentee_report if side is Side.MENTEE else self.mentor_report

    def comes(self, side: Side) -> bool:
        """Whether a side has said, of this time, that they will be there."""
        return self.mentee_comes if side is Side.MENTEE else self.mentor_comes


@dataclass(frozen=True)
class Limit:
    """So many minutes, and no more, may be asked of a mentor in this stretch of time."""

    first: datetime
    end: datetime
    minutes: int
    pair: int | None = None
    """Of one pair alone, where the two agreed on that; of all the mentor's pairs together otherwise."""


# ── private concerns ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Concern:
    """What someone wrote in confidence, for one reader whom they chose."""

    id: int
    writer: int
    about: int | None
    """The person concerned, if it is one of the writer's pairs; never the reader."""
    words: str
    """Sealed at rest; empty once wiped."""
    reachable: bool
    """Whether the reader may write to them."""
    written_at: datetime
    reader: int | None = None
    """None until they chose one."""
    sent_at: datetime | None = None
    reminded_at: datetime | None = None
    """When the reader was reminded."""
    delayed_at: datetime | None = None
    """When the writer heard that it has not been read yet."""
    read_at: datetime | None = None
    closed_at: datetime | None = None


# ── what two of a pair let each other see ─────────────────────────────────────────────────────────────────────────


class Disclosed(StrEnum):
    """What one of a pair can look at that is the other's own."""

    CONTACT = "contact"
    ACADEMICS = "academics"


@dataclass(frozen=True)
class Shared:
    """What a mentee shows one mentor of their grades and scores, in their own words."""

    words: str = field(repr=False)
    at: datetime


# ── endings ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Farewell:
    """A pair that came to its planned end, and what follows."""

    pair: int
    mentee_stays: bool | None = None
    """Whether they would like to stay in touch; None until they say."""
    mentor_stays: bool | None = None
    thanked_at: datetime | None = None
    """When an officer thanked the mentor."""

    @property
    def in_touch(self) -> bool:
        return bool(self.mentee_stays and self.mentor_stays)


@dataclass(frozen=True)
class Reason:
    """Why a pair ended, as one of the two told the officers."""

    pair: int
    side: Side
    why: Why
    words: str
    at: datetime


@dataclass(frozen=True)
class Thanks:
    """A mentor with pairs that came to their planned end and were not thanked for yet."""

    mentor: int
    pairs: int
    newest: datetime


@dataclass(frozen=True)
class Life:
    """A pair from beginning to end, as far as it is counted."""

    pair: Pair
    met: bool = False
    completed: bool = False
    """Whether it came to its planned end."""
    whys: frozenset[Why] = frozenset()
    """What either said it ended for."""
    queued: frozenset[QueueReason] = frozenset()
    """What officers ever had before them about it."""
    mentee: Answers = field(default_factory=Answers)
    mentor: Answers = field(default_factory=Answers)


# ── other roads to a mentor ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Told:
    """Someone in line was told of a mentor with a free place."""

    mentor: int
    at: datetime


@dataclass(frozen=True)
class InLine:
    """A mentee who waits until a mentor who fits is free."""

    person: int
    since: datetime
    first: bool = False
    """They had a mentor before, and come before those who only begin."""
    told: tuple[Told, ...] = ()


@dataclass(frozen=True)
class Invitation:
    """An invitation to mentor that a member passes on themselves. It says nothing about whom they have in mind."""

    code: str
    inviter: int
    how_met: HowMet
    vouched: bool
    """Whether they say that they know the person well."""
    made_at: datetime
    used_by: int | None = None


@dataclass(frozen=True)
class OwnMentor:
    """A mentor found elsewhere, kept by the mentee alone and never written to."""

    id: int
    mentee: int
    name: str
    how_met: HowMet
    rhythm: Rhythm
    since: datetime


@dataclass(frozen=True)
class Association:
    """An association outside the society. It is shown as a road to a mentor once an officer has checked its link."""

    short: str
    name: str
    url: str
    checked_on: date | None = None
    published: bool = False


# ── projects, and small next steps ────────────────────────────────────────────────────────────────────────────────


class ProjectState(StrEnum):
    DRAFT = "draft"  # only whoever writes it has seen it
    PROPOSED = "proposed"  # one of the two has said yes
    ACTIVE = "active"
    AT_RISK = "at_risk"  # the mentee said that it slips; the mentor has not answered yet
    DONE = "done"
    LEFT = "left"
    ENDED = "ended"  # with its pair

    @property
    def running(self) -> bool:
        return self in (ProjectState.ACTIVE, ProjectState.AT_RISK)

    @property
    def over(self) -> bool:
        return self in (ProjectState.DONE, ProjectState.LEFT, ProjectState.ENDED)


@dataclass(frozen=True)
class ProjectMilestone:
    place: int
    """From 1; 0 is the finish of the project itself."""
    what: str
    due: date


@dataclass(frozen=True)
class Commitment:
    """One version of what a project is, who gives how much, and by when. It holds once both have confirmed it."""

    id: int
    project: int
    by: Side
    title: str = ""
    scope: str = ""
    """What will be there when it is done."""
    part: Part | None = None
    hours: int | None = None
    """Hours a week that the mentee can surely give."""
    until: date | None = None
    updates: Updates = Updates.WEEKLY
    slipping: Slipping = Slipping.TWO_DAYS
    credit: Credit | None = None
    milestones: tuple[ProjectMilestone, ...] = ()
    proposed_at: datetime | None = None
    mentee_confirmed_at: datetime | None = None
    mentor_confirmed_at: datetime | None = None

    @property
    def in_force(self) -> bool:
        return self.mentee_confirmed_at is not None and self.mentor_confirmed_at is not None

    def confirmed_by(self, side: Side) -> datetime | None:
        return self.mentee_confirmed_at if side is Side.MENTEE else self.mentor_confirmed_at

    @property
    def dates(self) -> tuple[ProjectMilestone, ...]:
        """Every milestone, and the finish."""
        return (*self.milestones, *([ProjectMilestone(0, self.title, self.until)] if self.until else []))


class ProjectHappened(StrEnum):
    ASKED = "asked"  # the mentee was asked how it goes
    OFFERED = "offered"  # after two silences they were offered ways out instead
    TOLD = "told"  # the mentee said how it goes, or that it slips
    SOON = "soon"  # the mentee was reminded of a milestone, some days before
    TODAY = "today"  # … and on the day
    LATE = "late"  # … and asked, once it was over
    SHOWN = "shown"  # the mentor was told that it is over
    REACHED = "reached"


@dataclass(frozen=True)
class ProjectEvent:
    at: datetime
    what: ProjectHappened
    place: int | None = None
    """The milestone it is about."""
    due: date | None = None
    """… and the date that it had: with a new date it is reminded of afresh."""


@dataclass(frozen=True)
class Project:
    """Work that a mentee does with a mentor."""

    id: int
    pair: int
    by: Side
    """Who wrote it first."""
    state: ProjectState
    began_at: datetime | None = None
    """When both had first said yes."""
    closed_at: datetime | None = None
    commitments: tuple[Commitment, ...] = ()
    """Every version that was proposed, oldest first."""
    events: tuple[ProjectEvent, ...] = ()
    """Oldest first."""

    @property
    def newest(self) -> Commitment | None:
        return self.commitments[-1] if self.commitments else None

    @property
    def agreed(self) -> Commitment | None:
        """What holds."""
        return next((each for each in reversed(self.commitments) if each.in_force), None)

    @property
    def promised(self) -> Commitment | None:
        """What the mentee said last, answered or not: its dates are the ones to ask about."""
        return next((each for each in reversed(self.commitments) if each.mentee_confirmed_at), None)

    @property
    def open_dates(self) -> tuple[ProjectMilestone, ...]:
        """What the mentee has promised and not reached yet, the next first."""
        reached = {(e.place, e.due) for e in self.events if e.what is ProjectHappened.REACHED}
        dates = self.promised.dates if self.promised else ()
        return tuple(sorted((each for each in dates if (each.place, each.due) not in reached), key=lambda m: m.due))


@dataclass(frozen=True)
class ProjectUpdate:
    at: datetime
    title: str
    """Of the project, as it was called then."""
    done: str = ""
    next: str = ""
    blocked: str = ""


@dataclass(frozen=True)
class SmallStep:
    """Something small that a mentee set themselves, with a date."""

    id: int
    pair: int
    goal: str
    what: str
    due: date
    done_at: datetime | None = None


# ── pairs for a whole cohort ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class History:
    """What there was between any two members."""

    intros: tuple[Intro, ...]
    """Without drafts, which nobody else knows of."""
    pairs: tuple[Pair, ...]
    conflicts: frozenset[tuple[int, int]]
    """Whom officers do not want paired, each two in order of their numbers."""
    wishes: frozenset[tuple[int, int]] = frozenset()
    """Who is not to be paired by the wish of one of the two, likewise."""

    def read_by(self, person: int | None) -> History:
        """As one of the members may know it: what officers noted about themselves looks like a wish to them."""
        own = frozenset(two for two in self.conflicts if person in two)
        return replace(self, conflicts=self.conflicts - own, wishes=self.wishes | own)


class RoundState(StrEnum):
    OPEN = "open"
    PUBLISHED = "published"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Proposed:
    """Two who would be a pair if a round were published. Neither knows."""

    mentee: int
    mentor: int
    score: int
    locked: bool = False
    """Whether it stays when the rest is worked out again."""


@dataclass(frozen=True)
class Round:
    """Pairs proposed for everyone who waits, while officers look at them."""

    id: int
    version: int
    """Rises with each change, so that two officers at once never undo one another's."""
    state: RoundState
    made_at: datetime
    pairs: tuple[Proposed, ...] = ()
    """By mentee."""
    apart: frozenset[tuple[int, int]] = frozenset()
    """Mentee and mentor who are not to be paired in this round."""
    out: frozenset[int] = frozenset()
    """Mentees who are not to be paired in it at all."""


# ── the season ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SeasonLine:
    """What officers made of one of the lines that a check-in may say in a month."""

    name: str
    month: int
    words: str
    """Empty: it is not said at all."""
    usually: str
    """What usually happens around then, or nothing."""
    verified_on: date


# ── announcements ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Segment:
    """A part of the society that officers write to."""

    whom: Whom
    phases: tuple[Phase, ...] = ()
    """Only those who are at one of these points of the road; empty for all."""
    fields: tuple[Specialty, ...] = ()
    """Only those in one of these, or drawn to it; empty for all."""


@dataclass(frozen=True)
class Announcement:
    """An officer's words to a part of the society. Nobody reads them before they are sent."""

    id: int
    author: int
    to: Segment
    words: str
    written_at: datetime
    sent_at: datetime | None = None


# ── the term in numbers ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Chronicle:
    """All that a society's numbers are made from. None of it is anybody's words."""

    members: tuple[Member, ...]
    asked: Mapping[int, datetime]
    """When each mentee last sent a request to a mentor."""
    pairs: tuple[PairFacts, ...]
    """Every pair there ever was, oldest first."""
    completed: frozenset[int]
    """The pairs that came to their planned end."""
    reasons: Mapping[int, tuple[Why, ...]]
    """Why pairs ended, as far as one of the two, or both, said so."""
    meetings: tuple[Meeting, ...]
    """Those that had a time, oldest first; without what was written about them."""


# ── what is due, and what is to be said ───────────────────────────────────────────────────────────────────────────


class Open(StrEnum):
    """The kinds of open thing that know their own next step."""

    PAIR = "pair"
    INTRO = "intro"
    MEETING = "meeting"
    AWAY = "away"
    QUEUE = "queue"
    UPDATE = "update"
    CONCERN = "concern"
    LINE = "line"  # those who wait for a mentor; one for the whole society, with the subject 0
    OWN_MENTOR = "own_mentor"
    IN_TOUCH = "in_touch"  # two who stay in touch after their pair has ended
    PERSON = "person"  # someone who has not been here for long, or left
    DISCLOSURE = "disclosure"  # what a mentee shows of their grades; known by the pair's number
    MENTOR_TOO = "mentor_too"  # someone who could mentor now
    PROJECT = "project"
    ROLES = "roles"  # the terms of all who hold a role; one for the whole society, with the subject 0
    DIGEST = "digest"  # the officers' weekly five lines; one for the whole society, with the subject 0
    CALENDAR = "calendar"  # the next date that officers are told of; one for the whole society, with the subject 0


@dataclass(frozen=True)
class Promise:
    """The one next step of one open thing."""

    society: int
    what: Open
    subject: int
    at: datetime
    tries: int = 0


class Urgency(StrEnum):
    """Why something is said, which decides how it may interrupt. All keep quiet hours."""

    NEWS = "news"  # another person did something this one waits for
    PROMPT = "prompt"  # the bot asks by itself
    NUDGE = "nudge"  # the bot asks because of a silence: at most one in three days
    NOTE = "note"  # one of a pair writes to the other: theirs to decide how often, and no budget's
    APPOINTMENT = "appointment"  # what the two booked, its reminders: asked for, so no budget's either
    ANNOUNCEMENT = "announcement"  # officers write to many: to each of them at most one in a week

    @property
    def counted(self) -> bool:
        """Whether it waits for a person's budget, and uses it up."""
        return self not in (Urgency.NOTE, Urgency.APPOINTMENT)

    @property
    def asks(self) -> bool:
        """Whether the bot asks by itself, which it does to nobody in the society's breaks."""
        return self in (Urgency.PROMPT, Urgency.NUDGE)


@dataclass(frozen=True)
class Delivery:
    """One thing to be said to one person or in one room, as stored."""

    id: int
    society: int
    to: int | None
    """The person, or None for a room or channel."""
    pair: int | None
    """The pair in whose room it is said."""
    channel: str | None
    """The address of a channel, for neither."""
    message: str
    """JSON of the ui.Message."""
    urgency: Urgency
    created_at: datetime
    by: int | None = None
    """Who caused it: someone who just acted is present, whatever the hour."""
    envelope: str | None = None
    """The key under which it was, or is being, sent; several deliveries may share one."""
    tries: int = 0
    until: datetime | None = None
    """From then on it is not worth saying any more."""


class QueueReason(StrEnum):
    """Why something waits for an officer."""

    SLOW_START = "slow_start"
    MENTEE_QUIET = "mentee_quiet"
    MENTOR_CHASING = "mentor_chasing"
    MENTOR_QUIET = "mentor_quiet"
    NEEDS_HAND = "needs_hand"
    NOT_A_FIT = "not_a_fit"
    NO_ROOM = "no_room"
    UNREACHABLE = "unreachable"
    LEFT = "left"
    APPROVE = "approve"
    NEEDS_MENTOR = "needs_mentor"
    REMATCH = "rematch"
    CLAIM = "claim"  # someone says that a row of a spreadsheet is theirs


@dataclass(frozen=True)
class QueueItem:
    id: int
    reason: QueueReason
    opened_at: datetime
    pair: int | None = None
    person: int | None = None


DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pace:
    """A society's clock: when the bot speaks, and when it does not. Ours, not a published standard; all settings."""

    first_words: timedelta = 3 * DAY  # a new pair without a word: the mentee is asked
    first_words_again: timedelta = 7 * DAY
    slow_start: timedelta = 10 * DAY  # … and an officer sees it
    expectations_reminder: timedelta = 3 * DAY
    review_again: timedelta = 60 * DAY  # after a "still right", at the earliest
    first_checkin: timedelta = 14 * DAY
    checkin_least: timedelta = 14 * DAY  # never ask a mentee more often, however often the two meet
    checkin_mentor_least: timedelta = 30 * DAY
    checkin_missed: timedelta = 7 * DAY  # unanswered for so long counts as missed
    checkin_after_silence: timedelta = 7 * DAY  # from the word that ended a silence to the next "how is it going?"
    plan_kept: timedelta = 3 * DAY  # so long after the day a mentee named, their silence counts again
    later: timedelta = 7 * DAY  # what "later" means
    news_apart: timedelta = 30 * DAY  # between two updates to a mentor who asked for no more
    seasonal: bool = True  # whether a check-in may say what the month is usually about
    amber_least: timedelta = 14 * DAY  # no silence shorter than this is one
    again: timedelta = 4 * DAY  # from the first nudge to the second
    to_officers: timedelta = 5 * DAY  # from the second nudge to an officer
    chased: int = 2  # a mentor's unanswered tries that count as chasing
    intro_reminder: timedelta = 3 * DAY
    intro_expiry: timedelta = 7 * DAY
    not_now: timedelta = 60 * DAY  # a mentor who said "not now" is not shown to that mentee before
    quiet_from: int = 21  # hours of the local day in which nobody is written to
    quiet_until: int = 8
    mentor_daily: int = 1  # messages the bot begins, a local day
    mentee_daily: int = 3
    apart: timedelta = timedelta(hours=1)  # between two of them
    nudge_apart: timedelta = 3 * DAY
    announcements_apart: timedelta = 7 * DAY  # between two announcements that reach one person
    patience: float = 1.5  # residents and clinical students have this much longer to answer
    mentors_each: int = 2  # live mentors one mentee may have
    room_reply: timedelta = 5 * DAY  # from "still room?" to an officer
    closing: bool = True  # whether mentees are asked, once a year, if their pair comes to its end
    closing_month: int = 4  # when the year comes to its end, and with it most pairs
    closing_day: int = 15
    closing_least: timedelta = 90 * DAY  # a pair younger than this goes on through it
    last_meeting: timedelta = 21 * DAY  # from planning it to asking whether it took place
    in_touch: timedelta = 182 * DAY  # between two reminders to those who stay in touch
    mentor_too: timedelta = 3 * DAY  # from good news to the question whether they would mentor now
    line_look: timedelta = DAY  # how often the line is gone through while somebody waits
    line_hold: timedelta = 3 * DAY  # so long a free place is one person's to ask for, before the next is told
    milestone_ahead: timedelta = 2 * DAY  # so long before a milestone its mentee is reminded
    milestone_shown: timedelta = 3 * DAY  # from asking the mentee about an overdue one to showing the mentor
    keep_answers: timedelta = 365 * DAY  # what someone answered, and the words of their requests and reasons
    keep_ended: timedelta = 90 * DAY  # … and no longer than this after their pair ended
    keep_sent: timedelta = 30 * DAY  # a message that was sent
    keep_audit: timedelta = 730 * DAY
    keep_inactive: timedelta = 365 * DAY  # from the last sign of someone to the question whether to keep them
    keep_notice: timedelta = 30 * DAY  # … and from there to forgetting them
    keep_left: timedelta = 30 * DAY  # someone who left, should they return
    digest: bool = True  # whether the officers' channel gets five lines and a picture on Mondays
    updates_unanswered: int = 2  # after so many the mentee is offered ways out, and asked no more
    breaks: tuple[Break, ...] = ()
