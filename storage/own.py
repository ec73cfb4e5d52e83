"""What of every table is one member's own: what they read when they ask for it, and what becomes of it when they go.

Whoever adds a table, a column that means a person, or one that holds someone's words decides here whose it is; a test
compares these lists with the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, Select, Table, and_, or_, select

from bot.model import Side
from storage.apart import reason_of
from storage.tables import (
    addresses,
    agreements,
    announcements,
    answered,
    answers,
    asked_to_mentor,
    associations,
    audit,
    begun_installations,
    breaks,
    checkin_answers,
    checkins,
    claim_codes,
    claims,
    commitments,
    concerns,
    conflicts,
    deliveries,
    disclosures,
    events,
    farewells,
    forgotten,
    grants,
    held_forms,
    hours_to_give,
    installations,
    intros,
    invitations,
    kept_sheets,
    line,
    line_told,
    link_codes,
    link_guesses,
    looks,
    meeting_times,
    meetings,
    mentee_profiles,
    mentor_profiles,
    milestones,
    news,
    offers,
    office_links,
    office_sessions,
    own_mentors,
    pairs,
    people,
    places,
    plans,
    project_events,
    project_updates,
    projects,
    promises,
    queue_items,
    reasons,
    requests,
    roles,
    round_apart,
    round_out,
    round_pairs,
    rounds,
    sealed_with,
    season_lines,
    settings,
    shadowed,
    sheet_columns,
    small_steps,
    societies,
    terms,
    told,
    updates,
)
from storage.union import ABOUT_PEOPLE

NOBODY = "Someone who has left"
"""The name of whoever was forgotten, where something of others' still points to them."""


@dataclass(frozen=True)
class Me:
    """Whoever asks for what is theirs, or goes."""

    person: int
    name: str
    now: datetime

    def pairs(self, *sides: Side) -> Select[Any]:
        """The pairs in which they are, or were, on one of these sides."""
        return select(pairs.c.id).where(or_(*(pairs.c[side] == self.person for side in sides)))


Whose: TypeAlias = Callable[[Me], ColumnElement[bool]]


@dataclass(frozen=True)
class Gone:
    """The rows are deleted."""


@dataclass(frozen=True)
class Emptied:
    """The rows stay, for they are someone else's too, without these."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class Stays:
    """What stays says nothing of them: it is another's own, or points to somebody without a name."""


@dataclass(frozen=True)
class Own:
    table: Table
    whose: Whose
    then: Gone | Emptied | Stays
    shows: tuple[str, ...] | None = None
    """The columns they read; None for all."""
    by: tuple[Column[Any], ...] = ()
    """The columns that say whose it is."""
    sealed: Mapping[str, Callable[[Any], tuple[int, str]]] = field(default_factory=dict)
    """The sealed columns: for which row and under which name each was sealed."""


GONE, STAYS, NOTHING = Gone(), Stays(), ()
BOTH = tuple(Side)


def emptied(**values: object) -> Emptied:
    return Emptied(values)


def _direct(*columns: Column[Any]) -> Whose:
    return lambda me: or_(*(column == me.person for column in columns))


def _as(side: Side, pair: Column[Any]) -> Whose:
    """Of pairs in which they are on this side."""
    return lambda me: pair.in_(me.pairs(side))


def _in_pair(pair: Column[Any]) -> Whose:
    return lambda me: pair.in_(me.pairs(*BOTH))


def _my_side(pair: Column[Any], side: Column[Any]) -> Whose:
    return lambda me: or_(*(and_(side == each, pair.in_(me.pairs(each))) for each in Side))


def _of(parent: Table, column: Column[Any], whose: Whose) -> Whose:
    """What hangs on something that is theirs."""
    return lambda me: column.in_(select(parent.c.id).where(whose(me)))


def _mine(column: Column[Any], then: Gone | Emptied | Stays, shows: tuple[str, ...] | None = None, **more: Any) -> Own:  # noqa: ANN401
    return Own(column.table, _direct(column), then, shows, (column,), **more)


def _by_number(column: str) -> Mapping[str, Callable[[Any], tuple[int, str]]]:
    """Sealed with the row's own number."""
    return {f"{column}_sealed": lambda row: (row["id"], column)}


def _commitments(me: Me) -> ColumnElement[bool]:
    """The versions they wrote, on whichever side of the project's pair."""
    sides = (and_(commitments.c.by == side, projects.c.pair.in_(me.pairs(side))) for side in Side)
    theirs = select(commitments.c.id).join(projects, projects.c.id == commitments.c.project).where(or_(*sides))
    return commitments.c.id.in_(theirs.correlate(None))


def _wishes(who: Column[Any], wish: Column[Any]) -> Whose:
    return lambda me: and_(who == me.person, wish == 1)


def _named_in(me: Me) -> ColumnElement[bool]:
    """What was said before now and has their name in it; of what was sent, any part of the name."""
    before = deliveries.c.created_at < me.now
    parts = [part for part in me.name.split() if len(part) > 3] or [me.name]
    part = or_(*(deliveries.c.message.contains(each, autoescape=True) for each in parts))
    whole = deliveries.c.message.contains(me.name, autoescape=True)
    return and_(before, or_(whole, and_(deliveries.c.done_at.is_not(None), part)))


def _about_me(me: Me) -> ColumnElement[bool]:
    return and_(promises.c.subject == me.person, promises.c.what.in_(ABOUT_PEOPLE))


OWN: tuple[Own, ...] = (
    # who they are
    _mine(
        people.c.id,
        emptied(name=NOBODY, zone=None, school="", windows=(), associations=(), handle="", adult=None, away_until=None,
                away_since=None, seen_at=None, noticed_at=None, left_at=None, email_sealed=None, email_mark=None),
        ("name", "zone", "school", "windows", "associations", "handle", "adult", "away_until", "away_since", "seen_at",
         "noticed_at", "left_at", "email_sealed"),
        sealed=_by_number("email"),
    ),
    _mine(roles.c.person, GONE),
    _mine(offers.c.by, GONE, NOTHING),
    _mine(announcements.c.author, GONE),
    _mine(offers.c.to, GONE, ("offered_at",)),
    # A sheet is about others; a day later it is gone anyhow.
    _mine(kept_sheets.c.person, GONE, NOTHING, sealed=_by_number("table")),
    _mine(claims.c.person, GONE, ("at",)),
    _mine(claims.c.claimed, GONE, NOTHING),
    _mine(addresses.c.person, GONE),
    _mine(mentee_profiles.c.person, GONE),
    _mine(mentor_profiles.c.person, GONE),
    # Noted by officers, and about another as well; or wished by one of the two, who reads of their own wish alone.
    Own(
        conflicts,
        _direct(conflicts.c.low, conflicts.c.high),
        GONE,
        NOTHING,
        (conflicts.c.low, conflicts.c.high),
        {"reason_sealed": lambda row: (row["low"], reason_of(row["high"]))},
    ),
    Own(conflicts, _wishes(conflicts.c.low, conflicts.c.low_wish), GONE, ("high",)),
    Own(conflicts, _wishes(conflicts.c.high, conflicts.c.high_wish), GONE, ("low",)),
    _mine(link_codes.c.person, GONE, NOTHING),
    _mine(link_codes.c.entered_by, GONE, NOTHING),
    _mine(link_guesses.c.person, GONE, ("at",)),
    _mine(office_links.c.person, GONE, NOTHING),
    _mine(office_sessions.c.person, GONE, ("began_at", "used_at")),
    _mine(hours_to_give.c.person, GONE),
    # requests: the words are the mentee's
    _mine(intros.c.mentee, GONE),
    _mine(intros.c.mentor, STAYS, ("mentee", "state", "sent_at", "closed_at")),
    # pairs, and what was said and agreed in them
    Own(
        pairs,
        _direct(pairs.c.mentee, pairs.c.mentor),
        emptied(room=None),
        ("id", "mentee", "mentor", "state", "started_at", "paused_until", "ended_at"),
        (pairs.c.mentee, pairs.c.mentor, pairs.c.low, pairs.c.high, pairs.c.changed_by),
    ),
    Own(events, _in_pair(events.c.pair), STAYS),
    Own(answers, _my_side(answers.c.pair, answers.c.side), GONE),
    Own(answered, _my_side(answered.c.pair, answered.c.side), GONE),
    Own(agreements, _in_pair(agreements.c.pair), STAYS),
    Own(terms, _in_pair(terms.c.pair), STAYS),
    Own(plans, _as(Side.MENTEE, plans.c.pair), GONE),
    Own(news, _as(Side.MENTOR, news.c.pair), GONE),
    Own(updates, _as(Side.MENTEE, updates.c.pair), GONE, sealed=_by_number("words")),
    Own(shadowed, _as(Side.MENTEE, shadowed.c.pair), GONE),
    _mine(shadowed.c.confirmed_by, STAYS, NOTHING),
    Own(checkins, _my_side(checkins.c.pair, checkins.c.side), GONE),
    Own(
        checkin_answers, _of(checkins, checkin_answers.c.checkin, _my_side(checkins.c.pair, checkins.c.side)), GONE
    ),
    # what they let the other see, and when the other looked
    Own(
        grants,
        _my_side(grants.c.pair, grants.c.side),
        GONE,
        sealed={"value_sealed": lambda row: (row["pair"], f"{row['side']}.{row['channel']}")},
    ),
    Own(
        disclosures,
        _as(Side.MENTEE, disclosures.c.pair),
        GONE,
        sealed={"words_sealed": lambda row: (row["pair"], "words")},
    ),
    Own(looks, _my_side(looks.c.pair, looks.c.side), GONE),
    # meetings: that they took place is both's, what was written of them is not
    Own(
        meetings,
        _as(Side.MENTEE, meetings.c.pair),
        emptied(questions="", outcome="", next_step="", mentee_report=None),
        ("id", "pair", "state", "at", "minutes", "questions", "mentee_report", "outcome", "next_step"),
    ),
    Own(
        meetings,
        _as(Side.MENTOR, meetings.c.pair),
        emptied(mentor_report=None),
        ("id", "pair", "state", "at", "minutes", "mentor_report"),
    ),
    Own(meetings, _my_side(meetings.c.pair, meetings.c.by), emptied(place="", note=""), ("id", "place", "note")),
    Own(meeting_times, _of(meetings, meeting_times.c.meeting, _in_pair(meetings.c.pair)), STAYS),
    # endings, thanks, and other roads
    Own(farewells, _as(Side.MENTEE, farewells.c.pair), emptied(mentee_stays=None), ("pair", "mentee_stays")),
    Own(
        farewells,
        _as(Side.MENTOR, farewells.c.pair),
        emptied(mentor_stays=None),
        ("pair", "mentor_stays", "thanked_at"),
    ),
    Own(
        reasons,
        _my_side(reasons.c.pair, reasons.c.side),
        GONE,
        sealed={"words_sealed": lambda row: (row["pair"], row["side"])},
    ),
    _mine(asked_to_mentor.c.person, GONE),
    _mine(line.c.person, GONE),
    _mine(line_told.c.person, GONE),
    _mine(line_told.c.mentor, GONE, NOTHING),
    _mine(invitations.c.inviter, GONE, ("code", "how_met", "vouched", "made_at")),
    _mine(invitations.c.used_by, GONE, NOTHING),
    _mine(own_mentors.c.mentee, GONE, sealed=_by_number("name")),
    # projects and steps
    Own(
        projects,
        _in_pair(projects.c.pair),
        emptied(note=""),
        ("id", "pair", "by", "state", "began_at", "closed_at"),
    ),
    Own(commitments, _commitments, emptied(title="", scope="")),
    Own(milestones, _of(commitments, milestones.c.commitment, _commitments), emptied(what="")),
    Own(project_events, _of(projects, project_events.c.project, _in_pair(projects.c.pair)), STAYS),
    Own(
        project_updates,
        _of(projects, project_updates.c.project, _as(Side.MENTEE, projects.c.pair)),
        GONE,
    ),
    Own(small_steps, _as(Side.MENTEE, small_steps.c.pair), GONE),
    # what officers think of before they pair them: nobody has heard of it
    _mine(round_pairs.c.mentee, GONE, NOTHING),
    _mine(round_pairs.c.mentor, GONE, NOTHING),
    _mine(round_apart.c.mentee, GONE, NOTHING),
    _mine(round_apart.c.mentor, GONE, NOTHING),
    _mine(round_out.c.mentee, GONE, NOTHING),
    # what was said to them, by them and of them: the messages themselves are in their chats
    _mine(deliveries.c.to_person, GONE, NOTHING),
    _mine(deliveries.c.by_person, GONE, NOTHING),
    Own(deliveries, _in_pair(deliveries.c.pair), GONE, NOTHING),
    Own(deliveries, _named_in, GONE, NOTHING),
    _mine(told.c.person, GONE, ("at",)),
    _mine(held_forms.c.person, GONE, NOTHING),
    Own(promises, _about_me, GONE, NOTHING),
    # what waits for officers, and what is for one reader only
    _mine(queue_items.c.person, GONE, NOTHING),
    _mine(queue_items.c.person_or_0, GONE, NOTHING),
    _mine(queue_items.c.resolved_by, STAYS, NOTHING),
    _mine(
        concerns.c.writer,
        GONE,
        ("about", "words_sealed", "reachable", "written_at", "sent_at", "read_at", "closed_at"),
        sealed=_by_number("words"),
    ),
    _mine(concerns.c.about, STAYS, NOTHING),
    _mine(concerns.c.reader, emptied(reader=None), NOTHING),
    # Who did what stays, done by somebody without a name: officers answer for what was done.
    _mine(audit.c.actor, STAYS, ("at", "action", "subject", "detail")),
)  # fmt: skip

OF_NOBODY = (
    societies,
    places,
    breaks,
    settings,
    season_lines,
    associations,
    installations,
    begun_installations,
    sealed_with,
    rounds,
    claim_codes,
    sheet_columns,
    requests,  # for a week, by the platform's own number of what was asked
    forgotten,  # marks that tell nothing, by which whoever left is not met again by chance
)
"""Tables in which nothing is anybody's own."""
