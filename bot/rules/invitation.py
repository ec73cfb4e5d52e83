"""A meeting as every calendar reads it."""

from __future__ import annotations

from datetime import datetime

from bot.model import Meeting, MeetingState, Pair
from bot.ui import File

NAME = "meeting.ics"
NOBODY = "invalid:nomail"
"""Calendars want to know whose meeting it is; nobody's address is given away for that."""


def invitation(meeting: Meeting, pair: Pair, title: str, society: str, now: datetime) -> File:
    """The calendar file of a booked meeting, or of one that was: the same entry, newer or struck out.

    Raises ValueError for a meeting that never had a time.
    """
    from icalendar import Calendar, Event, vCalAddress  # it knows the zones of the world, and loads slowly

    if meeting.at is None or meeting.ends is None:
        raise ValueError(f"meeting {meeting.id} has no time yet")
    off = meeting.state is MeetingState.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", "-//Preceptor//Mentorship//EN")
    calendar.add("version", "2.0")
    # REQUEST would have calendars mail answers to an organizer. Nobody here has an address to answer to; PUBLISH
    # keeps entry, changes and cancellation together by UID and SEQUENCE all the same.
    calendar.add("method", "CANCEL" if off else "PUBLISH")
    entry = Event()
    entry.add("uid", f"meeting-{meeting.id}-{pair.started_at:%Y%m%dT%H%M%S%f}@preceptor")
    entry.add("sequence", meeting.sequence)
    entry.add("dtstamp", now)
    entry.add("dtstart", meeting.at)
    entry.add("dtend", meeting.ends)
    entry.add("summary", title)
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    if meeting.place:
        entry.add("location", meeting.place)
    organizer = vCalAddress(NOBODY)
    organizer.params["CN"] = society
    entry.add("organizer", organizer)
    calendar.add_component(entry)
    return File(NAME, "The meeting, struck out" if off else "The meeting, for your calendar", calendar.to_ical())
