"""What a profile already answers of the expectations checklist, so that nobody is asked twice."""

from __future__ import annotations

from bot.model import MenteeProfile, MentorProfile, Said
from bot.vocabulary import Academics, Format, Help, Openness, Term

ONLINE = (Format.VIDEO, Format.VOICE, Format.CHAT)
WILLING = {
    # What the introduction said of grades and scores.
    Academics.NOT_NOW: Openness.NONE,
    Academics.ON_REQUEST: Openness.GENERAL,
    Academics.RANGE: Openness.RANGES,
    Academics.EXACT: Openness.EXACT,
}


def of_mentee(profile: MenteeProfile, academics: Academics | None) -> Said:
    """What a mentee said in their profile, and of grades and scores in their introduction to this mentor."""
    shadowing = ("yes",) if Help.SHADOWING in profile.wants else ()
    return _given(
        {
            Term.SHADOWING: shadowing,
            **_ways(profile.formats),
            Term.TOPICS: profile.wants,
            Term.RHYTHM: (profile.rhythm,),
            Term.HOURS: (profile.hours,),
            Term.MENTOR_REPLY: (profile.reply,),
            Term.ACADEMICS: (WILLING.get(academics) if academics else None,),
        }
    )


def of_mentor(profile: MentorProfile) -> Said:
    return _given(
        {
            **_ways(profile.formats),
            Term.CHANNELS: profile.channels,
            Term.TOPICS: profile.offers,
            Term.HOURS: (profile.hours,),
            Term.MENTOR_REPLY: (profile.reply,),
        }
    )


def _ways(formats: tuple[Format, ...]) -> dict[Term, tuple[str, ...]]:
    """Only what was ticked is an answer: that something was not says little."""
    online = tuple(each for each in formats if each in ONLINE)
    said: dict[Term, tuple[str, ...]] = {Term.WAYS: online, Term.ONLINE: ("yes",) if online else ()}
    for way, term in ((Format.IN_PERSON, Term.IN_PERSON), (Format.SHADOWING, Term.SHADOWING)):
        if way in formats:
            said[term] = ("yes",)
    return said


def _given(said: dict[Term, tuple[str | None, ...]] | dict[Term, tuple[str, ...]]) -> Said:
    """Without what was left open."""
    return {term: slugs for term, chosen in said.items() if (slugs := tuple(each for each in chosen if each))}
