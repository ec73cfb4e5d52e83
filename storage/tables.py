"""Every table. What must never happen is a constraint here, whatever the code above believes.

Each row says which society it belongs to, and a reference includes it: a row of one society cannot even
point to another society's person or pair.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.schema import SchemaItem

from bot.model import (
    Disclosed,
    Happened,
    IntroState,
    Linking,
    MeetingState,
    Open,
    PairState,
    ProjectHappened,
    ProjectState,
    QueueReason,
    Report,
    Role,
    RoundState,
    Side,
    Urgency,
)
from bot.vocabulary import (
    Academics,
    Channel,
    Credit,
    Format,
    Help,
    Hours,
    HowMet,
    MentorKind,
    Milestone,
    Often,
    Part,
    Phase,
    ReplyTime,
    Rest,
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
from storage.columns import Day, Flag, Moment, Several, Slug, Slugs, Zone

METADATA = MetaData(
    naming_convention={
        "ix": "%(table_name)s_by_%(column_0_N_name)s",
        "uq": "%(table_name)s_one_%(column_0_N_name)s",
        "ck": "%(table_name)s_%(constraint_name)s",
        "fk": "%(table_name)s_%(column_0_N_name)s",
        "pk": "%(table_name)s_key",
    }
)


def _numbered(name: str, *items: SchemaItem) -> Table:
    """A table of one society's things, each with a number that is never given again."""
    return Table(
        name,
        METADATA,
        Column("id", Integer, primary_key=True),
        Column("society", Integer, ForeignKey("societies.id"), nullable=False),
        *items,
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


def _keyed(name: str, key: tuple[str, ...], *items: SchemaItem) -> Table:
    """A table of one society's facts, each known by what it is about."""
    society = Column("society", Integer, ForeignKey("societies.id"), nullable=False)
    return Table(name, METADATA, society, *items, PrimaryKeyConstraint(*key), sqlite_strict=True)


def _to(table: str, name: str, optional: bool = False) -> tuple[SchemaItem, ...]:
    """A column that points to a row of the same society."""
    return (
        Column(name, Integer, nullable=optional),
        ForeignKeyConstraint(["society", name], [f"{table}.society", f"{table}.id"]),
    )


def _words(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="")


def _later_words(name: str) -> Column[str]:
    """The same in a table that had rows before it had the column."""
    return Column(name, Text, nullable=False, default="", server_default=text("''"))


def _only(name: str, where: str, *columns: str) -> Index:
    """At most one row with these columns among those that match."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


societies = Table(
    "societies",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("place", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("zone", Zone, nullable=False),
    # What officers chose holds over what the settings file says.
    Column("chosen_zone", Zone),
    Column("term_first", Day),
    Column("term_last", Day),
    Column("recruitment_first", Day),
    Column("recruitment_last", Day),
    Column("kickoff", Day),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)

places = _keyed(
    "places",
    ("address",),
    Column("address", Text, nullable=False),
    Column("rooms", Text),
    Column("officers", Text),
    Column("role", Text),
)

breaks = _keyed(
    "breaks",
    ("society", "first"),
    Column("first", Day, nullable=False),
    Column("last", Day, nullable=False),
    Column("what", Slug(Rest), nullable=False, server_default=text("'break'")),
    CheckConstraint("first <= last", name="in_order"),
)

# Of the programme's settings those a society chose for itself, as they would stand in the settings file.
settings = _keyed(
    "settings",
    ("society", "name"),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
)

# What lets us into places where others installed an app of ours. A place may change its society; this stays.
installations = Table(
    "installations",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("place", Text, nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)

begun_installations = Table(
    "begun_installations",
    METADATA,
    Column("state", Text, primary_key=True),
    Column("until", Moment, nullable=False),
    sqlite_strict=True,
)

sealed_with = Table(
    "sealed_with",
    METADATA,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("key_id", Text, nullable=False),
    CheckConstraint("one = 1", name="row_is_the_only_one"),
    sqlite_strict=True,
)

# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────

people = _numbered(
    "people",
    Column("name", Text, nullable=False),
    Column("zone", Zone),
    _words("school"),
    Column("windows", Slugs(Window), nullable=False, default=()),
    Column("associations", Several, nullable=False, default=(), server_default=text("'[]'")),
    Column("handle", Text, nullable=False, default="", server_default=text("''")),
    Column("adult", Flag),
    Column("away_until", Day),
    Column("away_since", Moment),
    Column("seen_at", Moment),
    Column("noticed_at", Moment),
    Column("left_at", Moment),
    Column("email_sealed", LargeBinary),
    Column("email_mark", LargeBinary),
    # The row of someone forgotten says nothing any more; what is others' own still points to it.
    Column("forgotten_at", Moment),
    UniqueConstraint("society", "id"),
    UniqueConstraint("society", "email_mark"),
)

roles = _keyed(
    "roles",
    ("person", "role"),
    *_to("people", "person"),
    Column("role", Slug(Role), nullable=False),
    Column("until", Day),
    Column("reminded", Flag, nullable=False, default=False, server_default=text("0")),
)

claim_codes = _keyed(
    "claim_codes",
    ("society",),
    Column("mark", LargeBinary, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

offers = _numbered(
    "offers",
    *_to("people", "by"),
    *_to("people", "to"),
    Column("offered_at", Moment, nullable=False),
)

addresses = _keyed(
    "addresses",
    ("society", "address"),
    Column("address", Text, nullable=False),
    *_to("people", "person"),
    Index(None, "person"),
)

# The marks of addresses whose people were forgotten.
forgotten = _keyed(
    "forgotten",
    ("society", "mark"),
    Column("mark", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

mentee_profiles = _keyed(
    "mentee_profiles",
    ("person",),
    *_to("people", "person"),
    Column("phase", Slug(Phase)),
    Column("phase_holds_until", Moment),
    Column("season_told_at", Moment),
    Column("season_off_at", Moment),
    Column("interests", Slugs(Specialty), nullable=False, default=()),
    Column("wants", Slugs(Help), nullable=False, default=()),
    Column("formats", Slugs(Format), nullable=False, default=()),
    Column("hours", Slug(Hours)),
    Column("rhythm", Slug(Rhythm)),
    Column("reply", Slug(ReplyTime)),
)

mentor_profiles = _keyed(
    "mentor_profiles",
    ("person",),
    *_to("people", "person"),
    Column("kind", Slug(MentorKind)),
    Column("phase", Slug(Phase)),
    Column("fields", Slugs(Specialty), nullable=False, default=()),
    Column("offers", Slugs(Help), nullable=False, default=()),
    Column("wont", Slugs(Help), nullable=False, default=()),
    Column("formats", Slugs(Format), nullable=False, default=()),
    Column("capacity", Integer),
    Column("hours", Slug(Hours)),
    Column("reply", Slug(ReplyTime)),
    Column("channels", Slugs(Channel), nullable=False, default=()),
    Column("approved_at", Moment),
    CheckConstraint("capacity >= 0", name="capacity_not_negative"),
)

conflicts = _keyed(
    "conflicts",
    ("low", "high"),
    *_to("people", "low"),
    *_to("people", "high"),
    # Noted by officers, with a reason for officers; or the wish of one of the two, or of both, for nobody to see.
    Column("noted", Flag, nullable=False, default=True, server_default=text("1")),
    Column("reason_sealed", LargeBinary),
    Column("low_wish", Flag, nullable=False, default=False, server_default=text("0")),
    Column("high_wish", Flag, nullable=False, default=False, server_default=text("0")),
    CheckConstraint("low < high", name="in_order"),
)

link_codes = _numbered(
    "link_codes",
    Column("mark", LargeBinary, nullable=False),
    Column("purpose", Slug(Linking), nullable=False),
    *_to("people", "person"),
    Column("expires_at", Moment, nullable=False),
    # Whoever entered it first: perhaps someone of another society.
    Column("entered_by", Integer),
    UniqueConstraint("mark"),
    _only("link_codes_one_of_each", "entered_by IS NULL", "person", "purpose"),
)

link_guesses = _numbered(
    "link_guesses",
    *_to("people", "person"),
    Column("at", Moment, nullable=False),
    Index(None, "person", "at"),
)

# ── introductions and pairs ─────────────────────────────────────────────────────────────────────────────────

intros = _numbered(
    "intros",
    *_to("people", "mentee"),
    *_to("people", "mentor"),
    Column("state", Slug(IntroState), nullable=False),
    _words("need"),
    _words("ask"),
    _words("motivation"),
    _words("why"),
    Column("academics", Slug(Academics)),
    Column("sent_at", Moment),
    Column("reminded_at", Moment),
    Column("closed_at", Moment),
    _later_words("opening"),
    _later_words("effort"),
    _later_words("links"),
    _later_words("closing"),
    Column("school", Slug(School)),
    CheckConstraint("mentee <> mentor", name="of_two_people"),
    _only("intros_one_waiting", "state = 'waiting'", "mentee"),
    _only("intros_one_draft", "state = 'draft'", "mentee", "mentor"),
    Index(None, "mentee"),
    Index(None, "mentor"),
)

pairs = _numbered(
    "pairs",
    *_to("people", "mentee"),
    *_to("people", "mentor"),
    # The same two in order, so that neither way round can be live twice.
    Column("low", Integer, nullable=False),
    Column("high", Integer, nullable=False),
    Column("state", Slug(PairState), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("paused_until", Moment),
    Column("ended_at", Moment),
    Column("changed_by", Integer),
    Column("room", Text),
    UniqueConstraint("society", "id"),
    CheckConstraint("mentee <> mentor", name="of_two_people"),
    CheckConstraint(
        "(low = mentee AND high = mentor OR low = mentor AND high = mentee) AND low < high", name="in_order"
    ),
    _only("pairs_one_live", "state <> 'ended'", "low", "high"),
    Index(None, "mentee"),
    Index(None, "mentor"),
    Index(None, "society", "room"),
)

events = _numbered(
    "events",
    *_to("pairs", "pair"),
    Column("at", Moment, nullable=False),
    Column("what", Slug(Happened), nullable=False),
    Column("side", Slug(Side)),
    Index(None, "pair", "at"),
)

answers = _keyed(
    "answers",
    ("pair", "side", "term"),
    *_to("pairs", "pair"),
    Column("side", Slug(Side), nullable=False),
    Column("term", Slug(Term), nullable=False),
    Column("chosen", Several, nullable=False),
)

answered = _keyed(
    "answered",
    ("pair", "side"),
    *_to("pairs", "pair"),
    Column("side", Slug(Side), nullable=False),
    Column("at", Moment, nullable=False),
)

agreements = _keyed(
    "agreements",
    ("pair", "version"),
    *_to("pairs", "pair"),
    Column("version", Integer, nullable=False),
    Column("mentee_confirmed_at", Moment),
    Column("mentor_confirmed_at", Moment),
)

terms = _keyed(
    "terms",
    ("pair", "version", "term"),
    *_to("pairs", "pair"),
    Column("version", Integer, nullable=False),
    Column("term", Slug(Term), nullable=False),
    Column("chosen", Several, nullable=False),
    ForeignKeyConstraint(["pair", "version"], ["agreements.pair", "agreements.version"]),
)

plans = _keyed(
    "plans",
    ("pair",),
    *_to("pairs", "pair"),
    Column("at", Moment, nullable=False),
    Column("said_at", Moment, nullable=False),
)

news = _keyed(
    "news",
    ("pair",),
    *_to("pairs", "pair"),
    Column("often", Slug(Often), nullable=False),
    Column("said_at", Moment, nullable=False),
)

updates = _numbered(
    "updates",
    *_to("pairs", "pair"),
    Column("milestone", Slug(Milestone)),
    Column("written_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("words_sealed", LargeBinary),
    _only("updates_one_waiting", "sent_at IS NULL", "pair"),
    Index(None, "pair", "sent_at"),
)

# No column of it holds words: what one sees of patients is written nowhere.
shadowed = _numbered(
    "shadowed",
    *_to("pairs", "pair"),
    Column("day", Day, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("specialty", Slug(Specialty), nullable=False),
    Column("site", Slug(Site), nullable=False),
    *_to("people", "confirmed_by", optional=True),
    CheckConstraint("hours BETWEEN 1 AND 24", name="hours_of_a_day"),
    Index(None, "pair"),
)

checkins = _numbered(
    "checkins",
    *_to("pairs", "pair"),
    Column("side", Slug(Side), nullable=False),
    Column("asked_at", Moment, nullable=False),
    UniqueConstraint("society", "id"),
)

checkin_answers = _keyed(
    "checkin_answers",
    ("checkin", "question"),
    *_to("checkins", "checkin"),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# ── what two of a pair let each other see ────────────────────────────────────────────────────────────────────

grants = _keyed(
    "grants",
    ("pair", "side", "channel"),
    *_to("pairs", "pair"),
    Column("side", Slug(Side), nullable=False),
    Column("channel", Slug(Channel), nullable=False),
    # Null for a way that needs no number and no address.
    Column("value_sealed", LargeBinary),
    Column("wording", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

disclosures = _keyed(
    "disclosures",
    ("pair",),
    *_to("pairs", "pair"),
    Column("words_sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

looks = _numbered(
    "looks",
    *_to("pairs", "pair"),
    Column("side", Slug(Side), nullable=False),
    Column("what", Slug(Disclosed), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "pair"),
)

# ── meetings ────────────────────────────────────────────────────────────────────────────────────────────────

meetings = _numbered(
    "meetings",
    *_to("pairs", "pair"),
    Column("state", Slug(MeetingState), nullable=False),
    Column("by", Slug(Side), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("at", Moment),
    Column("ends", Moment),
    Column("booked_at", Moment),
    Column("sequence", Integer, nullable=False, default=0),
    _words("place"),
    _words("note"),
    _words("questions"),
    Column("asked", Integer, nullable=False, default=0),
    Column("sent_at", Moment),
    Column("reminded", Integer, nullable=False, default=0),
    Column("mentee_comes", Flag, nullable=False, default=False),
    Column("mentor_comes", Flag, nullable=False, default=False),
    Column("mentee_report", Slug(Report)),
    Column("mentor_report", Slug(Report)),
    Column("after_at", Moment),
    _words("outcome"),
    _words("next_step"),
    UniqueConstraint("society", "id"),
    CheckConstraint("state <> 'booked' OR at IS NOT NULL", name="booked_has_a_time"),
    _only("meetings_one_open", "state IN ('proposed', 'booked')", "pair"),
    Index(None, "pair"),
    Index(None, "at"),
)

meeting_times = _keyed(
    "meeting_times",
    ("meeting", "at"),
    *_to("meetings", "meeting"),
    Column("at", Moment, nullable=False),
)

# ── endings, and other roads to a mentor ────────────────────────────────────────────────────────────────────

farewells = _keyed(
    "farewells",
    ("pair",),
    *_to("pairs", "pair"),
    Column("mentee_stays", Flag),
    Column("mentor_stays", Flag),
    Column("thanked_at", Moment),
)

reasons = _keyed(
    "reasons",
    ("pair", "side"),
    *_to("pairs", "pair"),
    Column("side", Slug(Side), nullable=False),
    Column("why", Slug(Why), nullable=False),
    Column("words_sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

asked_to_mentor = _keyed("asked_to_mentor", ("person",), *_to("people", "person"), Column("at", Moment, nullable=False))

line = _keyed(
    "line",
    ("person",),
    *_to("people", "person"),
    Column("since", Moment, nullable=False),
    Column("first", Flag, nullable=False),
)

line_told = _keyed(
    "line_told",
    ("person", "mentor"),
    *_to("people", "person"),
    *_to("people", "mentor"),
    Column("at", Moment, nullable=False),
)

invitations = _keyed(
    "invitations",
    ("society", "code"),
    Column("code", Text, nullable=False),
    *_to("people", "inviter"),
    Column("how_met", Slug(HowMet), nullable=False),
    Column("vouched", Flag, nullable=False),
    Column("made_at", Moment, nullable=False),
    *_to("people", "used_by", optional=True),
    # Who was invited twice came by the first.
    _only("invitations_one_used", "used_by IS NOT NULL", "used_by"),
)

own_mentors = _numbered(
    "own_mentors",
    *_to("people", "mentee"),
    Column("name_sealed", LargeBinary),
    Column("how_met", Slug(HowMet), nullable=False),
    Column("rhythm", Slug(Rhythm), nullable=False),
    Column("since", Moment, nullable=False),
    Index(None, "mentee"),
)

associations = _keyed(
    "associations",
    ("society", "short"),
    Column("short", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("checked_on", Day),
    Column("published", Flag, nullable=False),
    CheckConstraint("published = 0 OR checked_on IS NOT NULL AND url <> ''", name="published_when_checked"),
)

# ── projects and small steps ────────────────────────────────────────────────────────────────────────────────

projects = _numbered(
    "projects",
    *_to("pairs", "pair"),
    Column("by", Slug(Side), nullable=False),
    Column("state", Slug(ProjectState), nullable=False),
    Column("began_at", Moment),
    Column("closed_at", Moment),
    # What whoever finished or left wanted to hand over.
    _words("note"),
    UniqueConstraint("society", "id"),
    Index(None, "pair"),
)

commitments = _numbered(
    "commitments",
    *_to("projects", "project"),
    Column("by", Slug(Side), nullable=False),
    _words("title"),
    _words("scope"),
    Column("part", Slug(Part)),
    Column("hours", Integer),
    Column("until", Day),
    Column("updates", Slug(Updates), nullable=False),
    Column("slipping", Slug(Slipping), nullable=False),
    Column("credit", Slug(Credit)),
    Column("proposed_at", Moment),
    Column("mentee_confirmed_at", Moment),
    Column("mentor_confirmed_at", Moment),
    UniqueConstraint("society", "id"),
    CheckConstraint("hours > 0", name="some_hours"),
    _only("commitments_one_draft", "proposed_at IS NULL", "project", "by"),
    Index(None, "project"),
)

milestones = _keyed(
    "milestones",
    ("commitment", "place"),
    *_to("commitments", "commitment"),
    Column("place", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("due", Day, nullable=False),
    CheckConstraint("place BETWEEN 1 AND 5", name="few"),
)

project_events = _numbered(
    "project_events",
    *_to("projects", "project"),
    Column("at", Moment, nullable=False),
    Column("what", Slug(ProjectHappened), nullable=False),
    Column("place", Integer),
    Column("due", Day),
    # What is said of a milestone is said once, however many work on it at the same time.
    _only("project_events_once", "place IS NOT NULL", "project", "what", "place", "due"),
    Index(None, "project", "at"),
)

project_updates = _numbered(
    "project_updates",
    *_to("projects", "project"),
    Column("at", Moment, nullable=False),
    _words("title"),
    _words("done"),
    _words("next"),
    _words("blocked"),
    Index(None, "project", "at"),
)

hours_to_give = _keyed(
    "hours_to_give",
    ("person",),
    *_to("people", "person"),
    Column("hours", Integer, nullable=False),
    CheckConstraint("hours > 0", name="some"),
)

small_steps = _numbered(
    "small_steps",
    *_to("pairs", "pair"),
    _words("goal"),
    Column("what", Text, nullable=False),
    Column("due", Day, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("let_go_at", Moment),
    Column("told_at", Moment),
    Index(None, "pair"),
)

# ── pairs for a whole cohort ────────────────────────────────────────────────────────────────────────────────

rounds = _numbered(
    "rounds",
    Column("version", Integer, nullable=False, default=1),
    Column("state", Slug(RoundState), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("closed_at", Moment),
    UniqueConstraint("society", "id"),
    _only("rounds_one_open", "state = 'open'", "society"),
)

round_pairs = _keyed(
    "round_pairs",
    ("round", "mentee"),
    *_to("rounds", "round"),
    *_to("people", "mentee"),
    *_to("people", "mentor"),
    Column("score", Integer, nullable=False),
    Column("locked", Flag, nullable=False),
    CheckConstraint("mentee <> mentor", name="of_two_people"),
)

round_apart = _keyed(
    "round_apart",
    ("round", "mentee", "mentor"),
    *_to("rounds", "round"),
    *_to("people", "mentee"),
    *_to("people", "mentor"),
)

round_out = _keyed("round_out", ("round", "mentee"), *_to("rounds", "round"), *_to("people", "mentee"))

# ── the season ──────────────────────────────────────────────────────────────────────────────────────────────

# What officers made of the lines for a month; those that are as they came are not here.
season_lines = _keyed(
    "season_lines",
    ("society", "name"),
    Column("name", Text, nullable=False),
    Column("month", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("usually", Text, nullable=False),
    Column("verified_on", Day, nullable=False),
)

# ── announcements ───────────────────────────────────────────────────────────────────────────────────────────

announcements = _numbered(
    "announcements",
    *_to("people", "author"),
    Column("whom", Slug(Whom), nullable=False),
    Column("phases", Slugs(Phase), nullable=False),
    Column("fields", Slugs(Specialty), nullable=False),
    Column("words", Text, nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("sent_at", Moment),
)

# ── what is due, what is to be said, what waits for an officer ──────────────────────────────────────────────

promises = _keyed(
    "promises",
    ("society", "what", "subject"),
    Column("what", Slug(Open), nullable=False),
    Column("subject", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("tries", Integer, nullable=False, default=0),
    Index(None, "at"),
)

deliveries = _numbered(
    "deliveries",
    *_to("people", "to_person", optional=True),
    *_to("pairs", "pair", optional=True),
    Column("channel", Text),
    Column("message", Text, nullable=False),
    Column("urgency", Slug(Urgency), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("by_person", Integer),
    _words("topic"),
    Column("envelope", Text),
    Column("first_try_at", Moment),
    Column("not_before", Moment),
    Column("leased_until", Moment),
    Column("tries", Integer, nullable=False, default=0),
    Column("done_at", Moment),
    Column("arrived", Flag),
    Column("until", Moment),
    CheckConstraint(
        "(CASE WHEN to_person IS NULL THEN 0 ELSE 1 END) + (CASE WHEN pair IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN channel IS NULL THEN 0 ELSE 1 END) = 1",
        name="to_one_recipient",
    ),
    Index(None, "envelope"),
    Index(
        "deliveries_unsent",
        "created_at",
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    ),
)

told = _numbered(
    "told",
    *_to("people", "person"),
    Column("at", Moment, nullable=False),
    Column("nudge", Integer, nullable=False),
    Column("announcement", Integer, nullable=False, default=0, server_default=text("0")),
    Index(None, "person", "at"),
)

queue_items = _numbered(
    "queue_items",
    Column("reason", Slug(QueueReason), nullable=False),
    Column("opened_at", Moment, nullable=False),
    *_to("pairs", "pair", optional=True),
    *_to("people", "person", optional=True),
    # NULLs never equal one another, so the unique index needs a number for "none".
    Column("pair_or_0", Integer, nullable=False),
    Column("person_or_0", Integer, nullable=False),
    Column("resolved_at", Moment),
    Column("resolved_by", Integer),
    _only("queue_items_one_open", "resolved_at IS NULL", "society", "reason", "pair_or_0", "person_or_0"),
)

concerns = _numbered(
    "concerns",
    *_to("people", "writer"),
    *_to("people", "about", optional=True),
    *_to("people", "reader", optional=True),
    Column("words_sealed", LargeBinary),
    Column("reachable", Flag, nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("reminded_at", Moment),
    Column("delayed_at", Moment),
    Column("read_at", Moment),
    Column("closed_at", Moment),
    CheckConstraint("reader <> about", name="not_read_by_the_one_concerned"),
    CheckConstraint("reader <> writer", name="not_read_by_its_writer"),
    Index(None, "reader"),
)

# ── officers' spreadsheets ──────────────────────────────────────────────────────────────────────────────────

kept_sheets = _numbered(
    "kept_sheets",
    *_to("people", "person"),
    Column("table_sealed", LargeBinary),
    _words("of"),
    Column("at", Moment, nullable=False),
)

sheet_columns = _keyed(
    "sheet_columns",
    ("society", "head", "title"),
    Column("head", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("meaning", Text, nullable=False),
)

claims = _keyed(
    "claims",
    ("society", "person"),
    *_to("people", "person"),
    *_to("people", "claimed"),
    Column("at", Moment, nullable=False),
)

# ── requests, forms, who did what ───────────────────────────────────────────────────────────────────────────

requests = _keyed(
    "requests",
    ("society", "key"),
    Column("key", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

held_forms = _numbered(
    "held_forms",
    *_to("people", "person"),
    Column("form", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

audit = _numbered(
    "audit",
    Column("at", Moment, nullable=False),
    Column("actor", Integer),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    _words("detail"),
)

# ── the officers' page ──────────────────────────────────────────────────────────────────────────────────────

office_links = _keyed(
    "office_links",
    ("mark",),
    Column("mark", LargeBinary, nullable=False),
    *_to("people", "person"),
    Column("place", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

office_sessions = _keyed(
    "office_sessions",
    ("mark",),
    Column("mark", LargeBinary, nullable=False),
    *_to("people", "person"),
    Column("place", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
)
