"""The fixed choices of mentorship: phases, kinds of mentor, fields, kinds of help, rhythms, reply times.

Each choice is a slug for storage with a label for people, in the order people expect. Imports read spreadsheets
through the labels and `ALIASES`, screens offer the labels, rules compare the slugs.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self, TypeVar


class Choice(StrEnum):
    """A slug with the words people read for it."""

    label: str

    def __new__(cls, slug: str, label: str) -> Choice:
        self = str.__new__(cls, slug)
        self._value_ = slug
        self.label = label
        return self

    @classmethod
    def of(cls, slug: str) -> Self:
        """The choice with this slug. Raises ValueError where there is none."""
        return cls(slug)  # type: ignore[call-arg]


C = TypeVar("C", bound=Choice)


class Phase(Choice):
    """Where a mentee is on the road to medicine."""

    PRE_FRESHMAN = "pre_freshman", "Before college"
    FRESHMAN = "freshman", "First year"
    SOPHOMORE = "sophomore", "Second year"
    JUNIOR = "junior", "Third year"
    SENIOR = "senior", "Fourth year"
    MCAT = "mcat", "Studying for the MCAT"
    PREPARING = "preparing", "Getting the application ready"
    APPLYING = "applying", "Applying this cycle"
    INTERVIEWING = "interviewing", "Interviewing"
    WAITLIST = "waitlist", "On hold or waitlisted"
    ACCEPTED = "accepted", "Accepted"
    GAP_YEAR = "gap_year", "Gap year"
    POSTBACC = "postbacc", "Post-bacc or career changer"
    REAPPLICANT = "reapplicant", "Applying again"
    EXPLORING = "exploring", "Not sure yet"


class MentorKind(Choice):
    PREMED_UPPER = "premed_upper", "Upper-class premed"
    PREMED_ACCEPTED = "premed_accepted", "Accepted, before medical school"
    MS1 = "ms1", "Medical student, year 1"
    MS2 = "ms2", "Medical student, year 2"
    MS3 = "ms3", "Medical student, year 3"
    MS4 = "ms4", "Medical student, year 4"
    RESIDENT = "resident", "Resident"
    FELLOW = "fellow", "Fellow"
    ATTENDING = "attending", "Attending physician"
    PI = "pi", "Research PI or postdoc"
    APP = "app", "PA, NP or other clinician"
    ADVISOR = "advisor", "Pre-health advisor"


ROAD: dict[Phase | MentorKind, int] = {
    # How far along the same road someone is. Those beside the road stand where their needs put them: someone with a
    # degree but no application yet needs a mentor who has applied.
    Phase.PRE_FRESHMAN: 0,
    Phase.EXPLORING: 1,
    Phase.FRESHMAN: 1,
    Phase.SOPHOMORE: 2,
    Phase.JUNIOR: 3,
    Phase.SENIOR: 3,
    Phase.MCAT: 4,
    Phase.POSTBACC: 4,
    Phase.GAP_YEAR: 5,
    Phase.PREPARING: 5,
    Phase.APPLYING: 6,
    Phase.REAPPLICANT: 6,
    Phase.INTERVIEWING: 7,
    Phase.WAITLIST: 8,
    Phase.ACCEPTED: 9,
    MentorKind.PREMED_UPPER: 3,  # unless their own phase says more
    MentorKind.PREMED_ACCEPTED: 9,
    MentorKind.MS1: 10,
    MentorKind.MS2: 11,
    MentorKind.MS3: 12,
    MentorKind.MS4: 13,
    MentorKind.APP: 14,
    MentorKind.RESIDENT: 14,
    MentorKind.FELLOW: 15,
    MentorKind.ATTENDING: 16,
    MentorKind.PI: 16,
    MentorKind.ADVISOR: 16,
}


class Specialty(Choice):
    UNDECIDED = "undecided", "Undecided"
    PRIMARY = "primary", "Primary care"
    INTERNAL = "internal", "Internal medicine"
    FAMILY = "family", "Family medicine"
    PEDIATRICS = "pediatrics", "Pediatrics"
    MED_PEDS = "med_peds", "Med-Peds"
    EMERGENCY = "emergency", "Emergency medicine"
    SURGERY = "surgery", "Surgery"
    OBGYN = "obgyn", "OB/GYN"
    PSYCHIATRY = "psychiatry", "Psychiatry"
    NEUROLOGY = "neurology", "Neurology"
    NEUROSURGERY = "neurosurgery", "Neurosurgery"
    ORTHOPEDICS = "orthopedics", "Orthopedics"
    ANESTHESIOLOGY = "anesthesiology", "Anesthesiology"
    RADIOLOGY = "radiology", "Radiology"
    DERMATOLOGY = "dermatology", "Dermatology"
    CARDIOLOGY = "cardiology", "Cardiology"
    HEM_ONC = "hem_onc", "Hematology/Oncology"
    OPHTHALMOLOGY = "ophthalmology", "Ophthalmology"
    ENT = "ent", "ENT"
    UROLOGY = "urology", "Urology"
    PMR = "pmr", "PM&R"
    PATHOLOGY = "pathology", "Pathology"
    PUBLIC_HEALTH = "public_health", "Public health"
    OTHER = "other", "Other"


NEAR: dict[Specialty, frozenset[Specialty]] = {
    # A wish for the wide field is met by the narrow one, a little less well than by itself.
    Specialty.PRIMARY: frozenset({Specialty.FAMILY, Specialty.INTERNAL, Specialty.PEDIATRICS, Specialty.MED_PEDS}),
    Specialty.SURGERY: frozenset(
        {Specialty.ORTHOPEDICS, Specialty.NEUROSURGERY, Specialty.ENT, Specialty.UROLOGY, Specialty.OBGYN}
    ),
    Specialty.INTERNAL: frozenset({Specialty.CARDIOLOGY, Specialty.HEM_ONC, Specialty.MED_PEDS}),
    Specialty.PEDIATRICS: frozenset({Specialty.MED_PEDS}),
    Specialty.NEUROLOGY: frozenset({Specialty.NEUROSURGERY, Specialty.PSYCHIATRY}),
    Specialty.FAMILY: frozenset({Specialty.PRIMARY}),
}


class Rest(Choice):
    """Why nobody is asked for anything on some days."""

    MIDTERMS = "midterms", "Midterms"
    FINALS = "finals", "Finals"
    BREAK = "break", "Break"


class Whom(Choice):
    """Which part of the society officers write to."""

    EVERYONE = "everyone", "Everyone"
    MENTORS = "mentors", "Mentors"
    MENTEES = "mentees", "Mentees"
    UNPAIRED = "unpaired", "Mentees without a mentor"


class Help(Choice):
    """What a mentee wants help with, and what a mentor offers or will not do."""

    STRATEGY = "strategy", "Application strategy"
    SCHOOL_LIST = "school_list", "School list"
    ESSAYS = "essays", "Essays"
    INTERVIEW = "interview", "Interview practice"
    MCAT = "mcat", "MCAT"
    COURSEWORK = "coursework", "Coursework"
    RESEARCH = "research", "Research"
    SHADOWING = "shadowing", "Shadowing"
    SPECIALTY = "specialty", "Specialty insight"
    GAP_YEAR = "gap_year", "Gap year"
    LETTERS = "letters", "Letters"
    NETWORKING = "networking", "Meeting people"
    SUPPORT = "support", "Moral support"


class Format(Choice):
    VIDEO = "video", "Video call"
    VOICE = "voice", "Voice call"
    CHAT = "chat", "Chat only"
    IN_PERSON = "in_person", "In person"
    SHADOWING = "shadowing", "Shadowing"
    PROJECT = "project", "Project or research"


class Rhythm(Choice):
    """How often a pair means to be in touch."""

    WEEKLY = "weekly", "Every week"
    FORTNIGHTLY = "fortnightly", "Every 2 weeks"
    MONTHLY = "monthly", "Every month"
    BIMONTHLY = "bimonthly", "Every 2 months"
    TERMLY = "termly", "Once a term"
    AS_NEEDED = "as_needed", "As needed"

    @property
    def days(self) -> int:
        """Days between two contacts; "as needed" counts as a month, so that silence is noticed at all."""
        return {"weekly": 7, "fortnightly": 14, "monthly": 30, "bimonthly": 61, "termly": 120}.get(self, 30)


class ReplyTime(Choice):
    DAY = "day", "within 24 hours"
    TWO_DAYS = "two_days", "within 2 days"
    THREE_DAYS = "three_days", "within 3 days"
    WEEK = "week", "within a week"

    @property
    def days(self) -> int:
        return {"day": 1, "two_days": 2, "three_days": 3, "week": 7}[self]


class Often(Choice):
    """How often a mentor likes to hear news from one mentee."""

    ALWAYS = "always", "As often as they like"
    MONTHLY = "monthly", "Once a month at most"
    MILESTONES = "milestones", "Only milestones"
    NONE = "none", "None, please"


class Milestone(Choice):
    """A step on the road that is worth a line. Never how it turned out: that is the mentee's to say, or not."""

    TEST = "test", "A test taken"
    APPLICATION = "application", "An application sent"
    INTERVIEW = "interview", "An interview"
    DECISION = "decision", "A decision"
    ACCEPTANCE = "acceptance", "An acceptance"
    JOB = "job", "A new job or role"


class Hours(Choice):
    """Time a month: what a mentor can give, what a mentee hopes for."""

    HALF = "half", "up to 30 minutes"
    ONE = "one", "about 1 hour"
    TWO = "two", "about 2 hours"
    FOUR = "four", "3 to 4 hours"
    MORE = "more", "more than 4 hours"


class Window(Choice):
    """When someone can usually meet, in their own time zone."""

    WEEKDAY_DAY = "weekday_day", "Weekdays, daytime"
    WEEKDAY_EVENING = "weekday_evening", "Weekday evenings"
    WEEKEND_MORNING = "weekend_morning", "Weekend mornings"
    WEEKEND_AFTERNOON = "weekend_afternoon", "Weekend afternoons"


class Channel(Choice):
    """How a mentor may be reached. Text and phone count only once granted to one mentee."""

    HERE = "here", "Here, in our room"
    EMAIL = "email", "E-mail"
    VIDEO = "video", "Video link"
    DIRECT = "direct", "Direct message"
    TEXT = "text", "Text message"
    PHONE = "phone", "Phone call"


class Academics(Choice):
    """Whether a mentee would share grades and scores. Never the values themselves."""

    ON_REQUEST = "on_request", "If my mentor asks"
    RANGE = "range", "A range"
    EXACT = "exact", "Exact numbers"
    NOT_NOW = "not_now", "Not now"


class School(Choice):
    """Whether a mentor who is asked reads which school a mentee goes to."""

    SHOW = "show", "Yes"
    LATER = "later", "Once they accept"
    KEEP = "keep", "I'd rather not say"


# ── what two people expect of each other ──────────────────────────────────────────────────────────────────────────

EITHER = "either"
"""The neutral answer that every question of expectations has: I don't mind."""


class Term(Choice):
    """One thing that a mentee and a mentor settle between them."""

    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online"
    SHADOWING = "shadowing", "Shadowing"
    WAYS = "ways", "Ways to talk"
    RHYTHM = "rhythm", "How often"
    HOURS = "hours", "Time a month"
    CHANNELS = "channels", "Where you write"
    MENTOR_REPLY = "mentor_reply", "The mentor answers"
    MENTEE_REPLY = "mentee_reply", "The mentee answers"
    TOPICS = "topics", "Topics"
    WINDOWS = "windows", "Usual times"
    BOOKER = "booker", "Who books"
    LENGTH = "length", "Length of a meeting"
    NOTICE = "notice", "Notice to move a meeting"
    QUESTIONS = "questions", "Before a meeting"
    SPAN = "span", "For how long"
    REVIEW = "review", "When to look again"
    ACADEMICS = "academics", "Grades and scores"
    LETTERS = "letters", "Letters, introductions"
    GROUND = "ground", "Ground rules"

    AMOUNT = "amount", "How much shadowing"
    PAPERS = "papers", "Papers for the site"
    TRAVEL = "travel", "Getting there"
    LOG = "log", "Who confirms the hours"
    MANNERS = "manners", "Shadowing manners"

    ROLE = "role", "Part in the project"
    WEEKLY = "weekly", "Hours a week"
    UNTIL = "until", "Until when"
    SCOPE = "scope", "What “done” means"
    UPDATES = "updates", "Updates"
    SLIPPING = "slipping", "Word when slipping"
    CREDIT = "credit", "Credit"
    TERMS = "terms", "Pay and approvals"


class Wish(Choice):
    """One way of meeting as a mentee wishes for it."""

    YES = "yes", "Yes, please"
    VIRTUAL = "virtual", "Virtually"
    MAYBE = "maybe", "Perhaps later"
    NO = "no", "No, thanks"


class Stance(Choice):
    """One way of meeting as a mentor offers it: in person, shadowing, online. Most open first."""

    YES = "yes", "Yes"
    MAYBE = "maybe", "Perhaps later"
    OFFICE = "office", "Only through my institution"
    VIRTUAL = "virtual", "Virtually only"
    NO = "no", "Not offered"


class Booker(Choice):
    MENTEE = "mentee", "The mentee"
    MENTOR = "mentor", "The mentor"
    TURNS = "turns", "We take turns"


class Length(Choice):
    """Of one meeting."""

    QUARTER = "quarter", "15 minutes"
    HALF = "half", "30 minutes"
    THREE_QUARTERS = "three_quarters", "45 minutes"
    HOUR = "hour", "an hour"

    @property
    def minutes(self) -> int:
        return {"quarter": 15, "half": 30, "three_quarters": 45, "hour": 60}[self]


class Notice(Choice):
    """How long before a meeting one says that it has to move."""

    TWO_HOURS = "two_hours", "2 hours"
    SAME_DAY = "same_day", "the same day"
    DAY = "day", "a day"
    TWO_DAYS = "two_days", "2 days"

    @property
    def hours(self) -> int:
        return {"two_hours": 2, "same_day": 12, "day": 24, "two_days": 48}[self]


class Prepare(Choice):
    """How the mentee's questions come to a meeting."""

    DAY_BEFORE = "day_before", "Questions sent the day before"
    TWO_DAYS_BEFORE = "two_days_before", "Questions sent 2 days before"
    BRING = "bring", "Questions brought along"
    NONE = "none", "No agenda"

    @property
    def days(self) -> int | None:
        """How long before a meeting the questions are sent; None when they are not."""
        return {"day_before": 1, "two_days_before": 2}.get(self)


class Span(Choice):
    """How long the two mean to go on."""

    ONCE = "once", "One conversation"
    TERM = "term", "This term"
    YEAR = "year", "The academic year"
    GOAL = "goal", "Until a goal is reached"


class Review(Choice):
    """When to ask whether what was agreed still suits."""

    FOUR_WEEKS = "four_weeks", "After 4 weeks"
    MID_TERM = "mid_term", "At mid-term"
    SIXTY_DAYS = "sixty_days", "After 60 days"

    @property
    def days(self) -> int:
        return {"four_weeks": 28, "mid_term": 50, "sixty_days": 60}[self]


class Openness(Choice):
    """How much of one's grades and scores. Never the values themselves."""

    NONE = "none", "Nothing"
    GENERAL = "general", "The general picture"
    RANGES = "ranges", "Ranges"
    EXACT = "exact", "Exact numbers"
    DOCUMENTS = "documents", "Documents"


class LetterHope(Choice):
    NOT_EXPECTING = "not_expecting", "I'm not expecting any"
    LATER = "later", "Maybe later"
    HOPING = "hoping", "I'm hoping for one"


class LetterOffer(Choice):
    NO = "no", "No"
    AFTER_WORK = "after_work", "Only after real work together"
    OPEN = "open", "I'm open to it"


class Amount(Choice):
    """Of shadowing."""

    HALF_DAY = "half_day", "One half-day"
    FEW = "few", "Two to four half-days"
    MONTHLY = "monthly", "A half-day a month"
    BLOCK = "block", "A block of days"


class Paper(Choice):
    """What a site asks of those who shadow there. Whether it is there, never what it says."""

    IMMUNISATION = "immunisation", "Immunisation record"
    TB = "tb", "TB test"
    FLU = "flu", "Flu shot in season"
    HIPAA = "hipaa", "HIPAA course"
    BACKGROUND = "background", "Background check"
    ID = "id", "ID badge"
    FORM = "form", "The site's own form"
    NOTHING = "nothing", "None of these"


class Travel(Choice):
    OWN = "own", "Own transport"
    TRANSIT = "transit", "Public transport"
    CAMPUS = "campus", "On or near campus"


class Log(Choice):
    """Who vouches for the hours."""

    MENTOR = "mentor", "The mentor confirms"
    SELF = "self", "The mentee keeps them"
    NONE = "none", "Nobody needs to"


class Site(Choice):
    """Where someone shadowed: a kind of place, never which."""

    CLINIC = "clinic", "Clinic or practice"
    WARD = "ward", "Hospital ward"
    EMERGENCY = "emergency", "Emergency department"
    THEATRE = "theatre", "Operating room"
    LAB = "lab", "Laboratory or imaging"
    VIRTUAL = "virtual", "Virtual"


class Part(Choice):
    """In a project."""

    DATA = "data", "Data"
    LITERATURE = "literature", "Literature"
    CHARTS = "charts", "Chart review (needs IRB)"
    WRITING = "writing", "Writing"
    BENCH = "bench", "Bench work"
    QUALITY = "quality", "Quality improvement"


class Weekly(Choice):
    """Hours a week for a project."""

    TWO = "two", "1 to 2 hours"
    FIVE = "five", "3 to 5 hours"
    NINE = "nine", "6 to 9 hours"
    MORE = "more", "10 hours or more"


class Until(Choice):
    DATE = "date", "A date we set"
    TERM = "term", "The end of term"
    YEAR = "year", "A year"


class Scope(Choice):
    WRITTEN = "written", "Written down, and we both confirm it"


class Updates(Choice):
    """How often word of a project comes."""

    TWICE_WEEKLY = "twice_weekly", "Twice a week"
    WEEKLY = "weekly", "Every week"
    FORTNIGHTLY = "fortnightly", "Every 2 weeks"
    MILESTONES = "milestones", "At milestones"

    @property
    def days(self) -> float | None:
        """Days between two updates; None when only milestones ask for one."""
        return {"twice_weekly": 3.5, "weekly": 7, "fortnightly": 14}.get(self)


class Slipping(Choice):
    """How soon someone who falls behind says so."""

    DAY = "day", "within 24 hours"
    TWO_DAYS = "two_days", "within 2 days"
    WEEK = "week", "within a week"


class Credit(Choice):
    THANKS = "thanks", "Acknowledged by name"
    CO_AUTHOR = "co_author", "Co-author if the criteria are met"
    FIRST = "first", "First author possible"
    LATER = "later", "Decided in writing, by a date"


class Clearance(Choice):
    """What a project comes with, or asks for first."""

    PAY = "pay", "Pay"
    COURSE_CREDIT = "course_credit", "Course credit"
    VOLUNTARY = "voluntary", "It is voluntary"
    IRB = "irb", "IRB approval or training"
    HIPAA = "hipaa", "HIPAA course"
    LAB_SAFETY = "lab_safety", "Lab safety course"


class HowMet(Choice):
    """Where someone came across a mentor."""

    SOCIETY = "society", "Through the society"
    ASSOCIATION = "association", "A national association"
    FRIEND = "friend", "A friend or classmate"
    PHYSICIAN = "physician", "My own physician"
    ONLINE = "online", "Met online"
    FAMILY = "family", "Family"
    OFFICE = "office", "The pre-health office"
    OTHER = "other", "Somewhere else"


class Why(Choice):
    """Why a pair ended, for those who wish to say so. Only officers read it."""

    DONE = "done", "We did what we set out to do"
    TIME = "time", "Not enough time"
    FIT = "fit", "Not the right fit"
    OTHER = "other", "Something else"


ASSOCIATIONS: dict[str, tuple[str, str]] = {
    # Those everyone may name in a profile, with their full name and where their own pages were when this was written.
    # A society's officers check a link before it is shown to anyone, and add others.
    "SNMA / MAPS": ("Student National Medical Association and its premed arm", "https://snma.org"),
    "LMSA / PLUS": ("Latino Medical Student Association and its undergraduate chapters", "https://lmsa.net"),
    "AMA": ("American Medical Association", "https://www.ama-assn.org"),
    "AMWA": ("American Medical Women's Association", "https://www.amwa-doc.org"),
    "AMSA": ("American Medical Student Association", "https://www.amsa.org"),
    "APAMSA": ("Asian Pacific American Medical Student Association", "https://www.apamsa.org"),
    "ANAMS": ("Association of Native American Medical Students", "https://www.anamstudents.org"),
    "MSPA": ("Medical Student Pride Alliance", "https://www.medpride.org"),
    "AED": ("Alpha Epsilon Delta, the pre-health honor society", "https://aednational.org"),
    "PhiDE": ("Phi Delta Epsilon, the medical fraternity", "https://phide.org"),
}

ALIASES: dict[str, Choice] = {
    # What people type in a spreadsheet or a search, folded to lower-case letters and digits.
    **dict.fromkeys(("premed", "upperclass", "upperclasspremed", "peer", "junior", "senior"), MentorKind.PREMED_UPPER),
    **dict.fromkeys(("accepted", "incomingms1", "prems1"), MentorKind.PREMED_ACCEPTED),
    **{
        alias: kind
        for kind, year, roman in (
            (MentorKind.MS1, "1", "i"),
            (MentorKind.MS2, "2", "ii"),
            (MentorKind.MS3, "3", "iii"),
            (MentorKind.MS4, "4", "iv"),
        )
        for alias in (f"ms{year}", f"m{year}", f"oms{roman}", f"oms{year}", f"ms{roman}", f"medstudent{year}")
    },
    **{f"pgy{year}": MentorKind.RESIDENT for year in range(1, 8)},
    **dict.fromkeys(("attending", "physician", "doctor", "md", "do"), MentorKind.ATTENDING),
    **dict.fromkeys(("pi", "postdoc", "researchpi"), MentorKind.PI),
    **dict.fromkeys(("pa", "np", "app", "pac"), MentorKind.APP),
    **dict.fromkeys(("advisor", "adviser", "staff"), MentorKind.ADVISOR),
    **dict.fromkeys(("ob", "obgyn", "gyn"), Specialty.OBGYN),
    **dict.fromkeys(("peds", "paeds", "paediatrics"), Specialty.PEDIATRICS),
    **dict.fromkeys(("ortho", "orthopaedics", "sports", "sportsmedicine"), Specialty.ORTHOPEDICS),
    **dict.fromkeys(("em", "er", "emergency"), Specialty.EMERGENCY),
    **dict.fromkeys(("anes", "gas", "anesthesia"), Specialty.ANESTHESIOLOGY),
    **dict.fromkeys(("rads",), Specialty.RADIOLOGY),
    **dict.fromkeys(("psych",), Specialty.PSYCHIATRY),
    **dict.fromkeys(("im", "medicine", "internal"), Specialty.INTERNAL),
    **dict.fromkeys(("fm", "family"), Specialty.FAMILY),
    **dict.fromkeys(("hemeonc", "heme", "oncology", "hemonc"), Specialty.HEM_ONC),
    **dict.fromkeys(("cards",), Specialty.CARDIOLOGY),
    **dict.fromkeys(("oto", "otolaryngology"), Specialty.ENT),
    **dict.fromkeys(("physiatry",), Specialty.PMR),
    **dict.fromkeys(("neuro",), Specialty.NEUROLOGY),
    **dict.fromkeys(("derm",), Specialty.DERMATOLOGY),
    **dict.fromkeys(("generalsurgery", "ctsurgery", "cardiothoracic", "plasticsurgery"), Specialty.SURGERY),
    **dict.fromkeys(("essay", "personalstatement", "secondaries"), Help.ESSAYS),
    **dict.fromkeys(("interviews", "mockinterview", "interviewprep"), Help.INTERVIEW),
    **dict.fromkeys(("strategy", "applications", "timeline"), Help.STRATEGY),
    **dict.fromkeys(("mcatprep", "mcatstudy"), Help.MCAT),
    **dict.fromkeys(("courses", "classes", "studyskills"), Help.COURSEWORK),
    **dict.fromkeys(("zoom", "virtual", "online", "facetime"), Format.VIDEO),
    **dict.fromkeys(("chat", "texting", "messages"), Format.CHAT),
    **dict.fromkeys(("facetoface", "coffee", "oncampus"), Format.IN_PERSON),
    **dict.fromkeys(("biweekly", "every2weeks", "2weekly", "everyotherweek", "twiceamonth"), Rhythm.FORTNIGHTLY),
    **dict.fromkeys(("monthly", "onceamonth"), Rhythm.MONTHLY),
    **dict.fromkeys(("weekly", "onceaweek"), Rhythm.WEEKLY),
    **dict.fromkeys(("every2months", "2monthly", "everyothermonth"), Rhythm.BIMONTHLY),
    **dict.fromkeys(("termly", "onceasemester", "semesterly"), Rhythm.TERMLY),
    **dict.fromkeys(("freshman", "1styear"), Phase.FRESHMAN),
    **dict.fromkeys(("sophomore", "2ndyear"), Phase.SOPHOMORE),
    **dict.fromkeys(("junior", "3rdyear"), Phase.JUNIOR),
    **dict.fromkeys(("senior", "4thyear"), Phase.SENIOR),
    **dict.fromkeys(("highschool", "highschoolsenior", "incoming"), Phase.PRE_FRESHMAN),
    **dict.fromkeys(("postbac", "smp", "careerchanger"), Phase.POSTBACC),
}


def folded(words: str) -> str:
    """Words as aliases compare them: "OMS II" and "oms-ii" are the same."""
    return "".join(c for c in words.casefold() if c.isalnum())


def labels(chosen: tuple[C, ...]) -> list[str]:
    return [choice.label for choice in chosen]


def spoken(choices: tuple[C, ...]) -> list[str]:
    """The labels as they stand within a sentence: "essays", but "MCAT"."""
    return [label if label[1:2].isupper() else label[:1].lower() + label[1:] for label in labels(choices)]


ZONES = {
    "America/New_York": "Eastern (New York)",
    "America/Chicago": "Central (Chicago)",
    "America/Denver": "Mountain (Denver)",
    "America/Phoenix": "Arizona (Phoenix)",
    "America/Los_Angeles": "Pacific (Los Angeles)",
    "America/Anchorage": "Alaska (Anchorage)",
    "Pacific/Honolulu": "Hawaii (Honolulu)",
    "America/Puerto_Rico": "Atlantic (Puerto Rico)",
    "America/Toronto": "Toronto",
    "America/Vancouver": "Vancouver",
    "America/Mexico_City": "Mexico City",
    "America/Sao_Paulo": "São Paulo",
    "Europe/London": "London",
    "Europe/Dublin": "Dublin",
    "Europe/Berlin": "Central Europe (Berlin)",
    "Africa/Lagos": "Lagos",
    "Africa/Nairobi": "Nairobi",
    "Asia/Dubai": "Dubai",
    "Asia/Karachi": "Karachi",
    "Asia/Kolkata": "India (Kolkata)",
    "Asia/Manila": "Manila",
    "Asia/Seoul": "Seoul",
    "Asia/Tokyo": "Tokyo",
    "Australia/Sydney": "Sydney",
}
"""Those most members live in; the platform's own or a spreadsheet's may be any other."""
