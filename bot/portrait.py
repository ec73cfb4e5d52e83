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


def mentee_line(mentee: Mentee) -> str:
    phase = mentee.profile.phase.label if mentee.profile.phase else "Mentee"
    return " · ".join([phase, *([mentee.person.school] if mentee.person.school else [])])


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


def first_name(name: str) -> str:
    """What to call someone in a sentence: the first word that is no title, cut to fit a button."""
    words = [word for word in name.split() if word.strip(".").casefold() not in ("dr", "prof", "mr", "ms", "mrs")]
    return (words[0] if words else name)[:40]
