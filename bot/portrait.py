"""How one member is shown to another. What is not here, nobody sees of anybody."""

from __future__ import annotations

from bot.model import Mentee, Mentor
from bot.rules.fit import Fit
from bot.ui import Button, Card, Style, Text, act, joined, say
from bot.vocabulary import MentorKind, Specialty, spoken


def mentor_line(mentor: Mentor) -> str:
    """ "Medical student, year 2 · Pediatrics"."""
    profile = mentor.profile
    fields = [field.label for field in profile.fields if field is not Specialty.UNDECIDED]
    kind = profile.kind.label if profile.kind else "Mentor"
    if profile.kind is MentorKind.PREMED_UPPER and profile.phase:
        kind = f"{kind}, {profile.phase.label.lower()}"
    return " · ".join([kind, *fields[:2]])


def mentee_line(mentee: Mentee, *, school: bool = True) -> str:
    phase = mentee.profile.phase.label if mentee.profile.phase else "Mentee"
    return " · ".join([phase, *([mentee.person.school] if mentee.person.school and school else [])])


def mentor_lines(mentor: Mentor) -> tuple[Text, ...]:
    """What they offer, their limits and their free places."""
    profile = mentor.profile
    limits = [
        profile.hours.label + " a month" if profile.hours else "",
        f"answers {profile.reply.label}" if profile.reply else "",
    ]
    wont = f"; not {joined(spoken(profile.wont), 'or')}" if profile.wont else ""
    places = "1 place free" if mentor.free == 1 else f"{mentor.free} places free"
    return (
        say("Offers {what}{wont}", what=joined(spoken(profile.offers)), wont=wont),
        say("{limits}", limits=" · ".join([*(part for part in limits if part), places])),
    )


def candidate(fit: Fit) -> Card:
    """A mentor to choose, with why they fit and a way to ask."""
    mentor = fit.mentor
    ask = Button(f"Ask {first_name(mentor.person.name)}", act("intro.ask", mentor.person.id), Style.PRIMARY)
    reasons = tuple(say("{reason}", reason=f"✓ {reason}") for reason in fit.reasons)
    return Card(f"{mentor.person.name[:60]} · {mentor_line(mentor)[:80]}", (*reasons, *mentor_lines(mentor)), ask)


def limits_of(mentor: Mentor) -> str:
    """What a mentor can give, and what not: "about 2 hours a month, by video call, answers within 3 days"."""
    profile = mentor.profile
    parts = [
        f"{profile.hours.label} a month" if profile.hours else "",
        f"by {joined(spoken(profile.formats), 'or')}" if profile.formats else "",
        f"answers {profile.reply.label}" if profile.reply else "",
    ]
    named, more = spoken(profile.wont[:6]), ["some other things"] if profile.wont[6:] else []
    wont = f"; not {joined([*named, *more], 'or')}" if named else ""
    return ", ".join(part for part in parts if part) + wont


def first_name(name: str) -> str:
    """What to call someone in a sentence: the first word that is no title, cut to fit a button."""
    words = [word for word in name.split() if not _is_title(word)]
    return (words[0] if words else name)[:40]


def addressed(mentor: Mentor) -> str:
    """How one writes to a mentor for the first time: a physician by title and last name, a student by the first."""
    words = mentor.person.name.partition(",")[0].split()
    titled = bool(words) and _is_title(words[0])
    if len(words) > 1 and (titled or mentor.profile.kind in DOCTORS):
        return f"{words[0] if titled else 'Dr.'} {words[-1]}"[:40]
    return first_name(mentor.person.name)


DOCTORS = frozenset({MentorKind.RESIDENT, MentorKind.FELLOW, MentorKind.ATTENDING, MentorKind.PI})


def _is_title(word: str) -> bool:
    return word.strip(".").casefold() in ("dr", "prof", "mr", "ms", "mrs")
