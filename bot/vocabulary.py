"""The fixed choices of mentorship: phases, kinds of mentor, fields, kinds of help, rhythms, reply times.

Each choice is a slug for storage with a label for people, in the order people expect. Imports read spreadsheets
through the labels and `ALIASES`, screens offer the labels, rules compare the slugs.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar


class Choice(StrEnum):
    """A slug with the words people read for it."""

    label: str

    def __new__(cls, slug: str, label: str) -> Choice:
        self = str.__new__(cls, slug)
        self._value_ = slug
        self.label = label
        return self


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


class Stance(Choice):
    """One way of meeting, asked by itself: in person, shadowing, online."""

    YES = "yes", "Yes"
    MAYBE = "maybe", "Perhaps later"
    OFFICE = "office", "Only through my institution"
    NO = "no", "Not offered"
    EITHER = "either", "I don't mind"


class Booker(Choice):
    MENTEE = "mentee", "The mentee"
    MENTOR = "mentor", "The mentor"
    TURNS = "turns", "We take turns"
    EITHER = "either", "I don't mind"


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
