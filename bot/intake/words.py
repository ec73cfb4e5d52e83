"""What people write in a cell, as the vocabulary's choices and numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from difflib import get_close_matches
from zoneinfo import available_timezones

from bot.vocabulary import (
    ALIASES,
    C,
    Channel,
    Choice,
    Format,
    Help,
    Hours,
    MentorKind,
    Phase,
    ReplyTime,
    Rhythm,
    Specialty,
    Window,
    folded,
)

MORE: tuple[tuple[Choice, tuple[str, ...]], ...] = (
    # How sign-up forms word what the vocabulary has no alias for.
    (MentorKind.PREMED_UPPER, ("junior", "senior", "premedjunior", "premedsenior", "undergraduate")),
    (MentorKind.RESIDENT, ("residentphysician",)),
    (MentorKind.APP, ("physicianassistant", "nursepractitioner")),
    (Specialty.UNDECIDED, ("undecidednotsure", "notsure", "notsureyet", "unsure")),
    (Specialty.ORTHOPEDICS, ("orthosports", "orthopaedicsurgery", "orthopedicsurgery")),
    (Specialty.PRIMARY, ("familyprimarycare",)),
    (Specialty.PUBLIC_HEALTH, ("preventivemedicine",)),
    (Help.STRATEGY, ("applicationstrategyandtimeline",)),
    (Help.COURSEWORK, ("courseworkandstudyskills",)),
    (Help.SPECIALTY, ("specialties", "specialtyadvice")),
    (Help.LETTERS, ("lettersofrecommendation",)),
    (Help.NETWORKING, ("networking",)),
    (Format.PROJECT, ("researchorproject", "research", "project")),
    (Format.VIDEO, ("video", "videochat")),
    (Format.VOICE, ("phone", "call")),
    (Rhythm.FORTNIGHTLY, ("everytwoweeks",)),
    (Rhythm.BIMONTHLY, ("everytwomonths",)),
    (Rhythm.TERMLY, ("oncepersemester", "everysemester")),
    (ReplyTime.DAY, ("24hours", "within1day", "1day", "sameday")),
    (ReplyTime.TWO_DAYS, ("2days", "48hours", "within48hours")),
    (ReplyTime.THREE_DAYS, ("3days", "72hours", "within72hours")),
    (ReplyTime.WEEK, ("aweek", "1week", "within1week", "7days")),
    (Window.WEEKDAY_DAY, ("weekdays", "weekdaymornings", "weekdayafternoons")),
    (Window.WEEKDAY_EVENING, ("evenings", "weekdaysevenings")),
    (Channel.DIRECT, ("dm", "discord", "slack", "discorddm", "slackdm")),
    (Channel.VIDEO, ("zoom", "video")),
    (Channel.TEXT, ("text",)),
    (Channel.PHONE, ("phone",)),
    (Phase.SENIOR, ("senioryear",)),
    (Phase.PRE_FRESHMAN, ("highschoolstudent", "incomingfreshman")),
    (Phase.GAP_YEAR, ("graduated", "graduate", "recentgraduate")),
    (Phase.EXPLORING, ("notsure", "exploring")),
)

KNOWN: dict[type[Choice], dict[str, Choice]] = {
    kind: {
        **{alias: choice for alias, choice in ALIASES.items() if isinstance(choice, kind)},
        **{alias: choice for choice, aliases in MORE if isinstance(choice, kind) for alias in aliases},
        **{folded(word): choice for choice in kind for word in (choice.value, choice.label)},
    }
    for kind in (Channel, Format, Help, Hours, MentorKind, Phase, ReplyTime, Rhythm, Specialty, Window)
}

ZONES = {
    **{
        alias: f"America/{city}"
        for city, aliases in {
            "New_York": ("eastern", "et", "est", "edt"),
            "Chicago": ("central", "ct", "cst", "cdt"),
            "Denver": ("mountain", "mt", "mst", "mdt"),
            "Phoenix": ("arizona",),
            "Los_Angeles": ("pacific", "pt", "pst", "pdt"),
            "Anchorage": ("alaska", "akst", "akdt"),
            "Halifax": ("atlantic", "ast", "adt"),
        }.items()
        for alias in aliases
    },
    **dict.fromkeys(("hawaii", "hst"), "Pacific/Honolulu"),
    **{folded(key): key for key in available_timezones() if "/" in key or key == "UTC"},
}

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
NOTHING = {"", "no", "none", "noone", "nobody", "na", "nope", "notreally", "notthatiknowof"}

NEVER = datetime.min.replace(tzinfo=UTC)
"""When somebody answered who does not say when."""

MAIL = ("gmail.com", "yahoo.com", "outlook.com", "hotmail.com", "icloud.com", "aol.com", "proton.me",
        "mail.com", "ymail.com")  # fmt: skip


def one_of(kind: type[C], words: str) -> C | None:
    """The choice someone means: label, slug or alias, with or without words in brackets or after a comma."""
    bare, inner = re.sub(r"\([^()]*\)", " ", words), re.findall(r"\(([^()]*)\)", words)
    for attempt in (words, bare, *inner, *bare.split(",")):
        found = KNOWN[kind].get(folded(attempt))
        if isinstance(found, kind):
            return found
    return None


def chosen(kind: type[C], words: str) -> tuple[tuple[C, ...], list[str]]:
    """All that is ticked in a cell, and the pieces that are no choice. Options may hold commas themselves."""
    pieces = [piece.strip() for piece in re.split(r"[,;\n](?![^()]*\))", words) if piece.strip()]
    found: list[C] = []
    strange: list[str] = []
    while pieces:
        for length in range(min(4, len(pieces)), 0, -1):
            run = ", ".join(pieces[:length])
            bare = re.sub(r"\([^()]*\)", " ", run)
            choice = KNOWN[kind].get(folded(run)) or KNOWN[kind].get(folded(bare))
            if isinstance(choice, kind):
                found.append(choice)
                del pieces[:length]
                break
        else:
            strange.append(pieces.pop(0))
    return tuple(dict.fromkeys(found)), strange


def phase_of(year: str, mcat: str, plan: str, when: datetime | None) -> Phase | None:
    """Where on the road someone is, from the three questions forms ask: class year, MCAT, plan to apply.

    What happened in an application says most; then a place beside the road (gap year, post-bacc); then the
    MCAT being studied for; then an application planned for the next year with the MCAT behind them; then the
    class year.
    """
    said = plan.casefold()
    for phase, pattern in (
        (Phase.ACCEPTED, r"^(?!.*\bnot\b).*\baccepted"),
        (Phase.WAITLIST, r"wait-?\s?list|on hold"),
        (Phase.INTERVIEWING, r"interview"),
        (Phase.REAPPLICANT, r"apply(ing)? again|re-?appl"),
        (Phase.APPLYING, r"\bapplied|this cycle|applying now"),
    ):
        if re.search(pattern, said):
            return phase
    stage = one_of(Phase, year)
    if stage not in (None, Phase.FRESHMAN, Phase.SOPHOMORE, Phase.JUNIOR, Phase.SENIOR, Phase.EXPLORING):
        return stage
    test = mcat.casefold()
    if re.search(r"\bstud|scheduled|registered", test) and not re.search(r"\bnot\b|n't", test):
        return Phase.MCAT
    planned = re.search(r"\b20\d\d\b", said)
    if planned and when and re.search(r"\bhave\b|taken|score|await|done", test):
        years = int(planned.group()) - when.year
        if years in (0, 1):
            return Phase.PREPARING if years else Phase.APPLYING
    return stage or one_of(Phase, plan)


def numbers(words: str) -> list[float]:
    found = re.findall(r"\d{1,4}(?:\.\d{1,2})?|[a-z]+", words.casefold())
    return [float(NUMBERS.get(word, word)) for word in found if word in NUMBERS or word[0].isdigit()]


def zone_key(words: str) -> str | None:
    """The IANA name of a zone, however it is called."""
    bare = re.sub(r"\([^()]*\)|\b(standard|daylight)?\s*time\b", " ", words.casefold())
    return ZONES.get(folded(words)) or ZONES.get(folded(bare))


def handle_of(words: str) -> str:
    """A handle as it is compared: "@Ada#0001" is "ada"."""
    return re.sub(r"#\d{4}$", "", words.strip().lstrip("@")).strip().casefold()


def mistyped(domain: str) -> str | None:
    """The great mail provider that an address's domain is nearly, as "gmial.com" is."""
    near = get_close_matches(domain, MAIL, 1, 0.85)
    return near[0] if near and near[0] != domain else None
