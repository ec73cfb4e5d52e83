"""Rows compared with whom the society knows: first what would change, as often as one likes; then changing it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.intake.rows import AnyRow, MenteeRow, MentorRow, OfficerRow, Problem, Sheet
from bot.model import Member, MenteeProfile, MentorProfile, Open, Person, QueueReason, Role
from bot.records import Records
from bot.vocabulary import folded

ADDRESS = re.compile(r"[^\s,;()<>]+@[^\s,;()<>]+")


@dataclass(frozen=True)
class Known:
    """Whom the society knows, as far as a sheet is about them."""

    members: Mapping[int, Member]
    emails: Mapping[str, int]
    """Who is behind an address."""
    forgotten: frozenset[str] = frozenset()
    """The addresses of those who asked to be forgotten."""

    def whose(self, row: AnyRow) -> Member | None:
        """Whom a row is about: by address, or by handle and name together."""
        person = self.emails.get(row.email)
        return self._by_handle.get(_by_handle(row.handle, row.person)) if person is None else self.members[person]

    @cached_property
    def _by_handle(self) -> dict[tuple[str, str], Member]:
        with_handle = [member for member in self.members.values() if member.person.handle]
        return {_by_handle(member.person.handle, member.person): member for member in with_handle}


@dataclass(frozen=True)
class Change:
    """What one row changes."""

    row: AnyRow
    person: int | None
    """None for someone new."""
    person_news: Mapping[str, Any]
    profile_news: Mapping[str, Any]
    roles: frozenset[Role]
    begins: bool
    """Whether they are new on this list."""
    apart: tuple[int | str, ...]
    """Whom they must not be paired with: people, or addresses of others in the sheet."""

    @property
    def changes(self) -> bool:
        return bool(self.person_news or self.profile_news or self.roles)


@dataclass(frozen=True)
class Report:
    """What a sheet would change, or has changed."""

    sheet: Sheet
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def new(self) -> int:
        return sum(change.begins for change in self.changes)

    @property
    def changed(self) -> int:
        return sum(change.changes and not change.begins for change in self.changes)

    @property
    def unchanged(self) -> int:
        return len(self.changes) - self.new - self.changed

    @property
    def counts(self) -> str:
        """ "42 new, 3 changed, 0 unchanged, 2 to look at"."""
        looked = {problem.line for problem in self.problems}
        return f"{self.new} new, {self.changed} changed, {self.unchanged} unchanged, {len(looked)} to look at"


def _by_handle(handle: str, person: Person) -> tuple[str, str]:
    return handle, folded(person.name)


async def preview(sheet: Sheet, records: Records, now: datetime, *, approve: bool = False) -> Report:
    """What taking a sheet in would change. Changes nothing."""
    return compared(sheet, await _known(sheet, records), now, approve=approve)


async def take_in(sheet: Sheet, records: Records, now: datetime, *, approve: bool) -> Report:
    """Save a sheet's rows; doing so twice changes nothing.

    An empty cell takes nothing away, and what somebody said here themselves stands: for those who have come by, a
    sheet only fills what is open. `approve` says that this is the officers' own list of mentors, which counts as
    their approval.
    """
    report = await preview(sheet, records, now, approve=approve)
    ids = {change.row.email: await _save(change, records, now, approve=approve) for change in report.changes}
    for change in report.changes:
        person = ids[change.row.email]
        for other in {each if isinstance(each, int) else ids[each] for each in change.apart} - {person}:
            await records.apart.note(person, other)
    return report


async def _known(sheet: Sheet, records: Records) -> Known:
    asked = {row.email for row in sheet.rows}
    asked |= {address for row in sheet.rows for address in _addresses(row.conflicts)}
    emails = await records.people.by_emails(asked)
    unknown = [row.email for row in sheet.rows if row.email not in emails]
    gone = frozenset([email for email in unknown if await records.privacy.was_forgotten(email)])
    return Known({member.person.id: member for member in await records.people.roster()}, emails, gone)


def compared(sheet: Sheet, known: Known, now: datetime, *, approve: bool) -> Report:
    """What a sheet would change, and all that an officer should know of it."""
    problems = [*sheet.problems]
    rows = [row for row in sheet.rows if row.email not in known.forgotten]
    for row in sheet.rows:
        if row.email in known.forgotten:
            why, fix = "they were forgotten here", "If they are back, they join by themselves: /sign-up."
            problems.append(Problem(sheet.name, row.line, "", "", why, fix, saved=False))
    named = _Named(rows, known)
    changes = []
    for row in rows:
        apart = named.meant(row.conflicts)
        if row.conflicts and not apart:
            why = "whom they must not be paired with is nobody known"
            fix = "Import the list that person is on, then this one again."
            problems.append(Problem(sheet.name, row.line, "", "", why, fix))
        changes.append(_change(row, known.whose(row), apart, now if approve else None))
    # What is lost comes first.
    return Report(sheet, tuple(changes), tuple(sorted(problems, key=lambda each: (each.saved, each.line))))


def _change(row: AnyRow, member: Member | None, apart: tuple[int | str, ...], approved: datetime | None) -> Change:
    blank = Person(0, "")
    person = member.person if member else blank
    here = member is not None and bool(member.addresses)
    told = {"name": row.person.name, **_given(replace(row.person, handle=row.handle), blank)}
    roles: frozenset[Role] = frozenset()
    begins, news = True, {}
    match row:
        case MentorRow(profile=profile):
            stored = member.mentor.profile if member and member.mentor else MentorProfile(0)
            begins = member is None or member.mentor is None
            said = replace(profile, approved_at=stored.approved_at or approved)
            news = _news(_given(said, MentorProfile(0)), stored, only_open=here)
        case MenteeRow(profile=mentee_profile):
            stored_ = member.mentee.profile if member and member.mentee else MenteeProfile(0)
            begins = member is None or member.mentee is None
            news = _news(_given(mentee_profile, MenteeProfile(0)), stored_, only_open=here)
        case OfficerRow():
            begins = member is None
            roles = row.person.roles - person.roles
    person_news = _news(told, person, only_open=here)
    return Change(row, member.person.id if member else None, person_news, news, roles, begins, apart)


async def _save(change: Change, records: Records, now: datetime, *, approve: bool) -> int:
    people, row = records.people, change.row
    if change.person is None:
        news = {name: value for name, value in change.person_news.items() if name != "name"}
        person = (await people.add(row.person.name, email=row.email, **news)).id
    else:
        person = change.person
        if change.person_news:
            await people.change(person, **change.person_news)
    for role in sorted(change.roles):
        await people.give_role(person, role)
        await records.audit(now, None, f"{role}.made", f"person:{person}", "import")
    match row:
        case MentorRow():
            if change.begins or change.profile_news:
                await people.save_mentor(person, **change.profile_news)
            if approve:
                await records.queue.resolve_person(person, now, QueueReason.APPROVE)
            elif change.begins and await records.queue.open(QueueReason.APPROVE, now, person=person):
                await records.diary.set(Open.QUEUE, 0, now)
        case MenteeRow():
            if change.begins or change.profile_news:
                await people.save_mentee(person, **change.profile_news)
        case OfficerRow():
            pass
    return person


def _given(said: Person | MentorProfile | MenteeProfile, blank: object) -> dict[str, Any]:
    """The fields a row says something about. Names and roles have their own ways in."""
    values = {field.name: getattr(said, field.name) for field in fields(said)}
    own = {"id", "person", "name", "roles"}
    return {key: value for key, value in values.items() if key not in own and value != getattr(blank, key)}


def _news(said: Mapping[str, Any], stored: object, *, only_open: bool) -> dict[str, Any]:
    news = {key: value for key, value in said.items() if value != getattr(stored, key)}
    return {key: value for key, value in news.items() if not only_open or getattr(stored, key) in (None, "", ())}


# ── whom someone names ──────────────────────────────────────────────────────────────────────────────────────


class _Named:
    """Everyone whom a row could mean by an address or a full name: those we know, and those in the sheet."""

    def __init__(self, rows: Sequence[AnyRow], known: Known) -> None:
        self._emails: dict[str, int | str] = {**known.emails}
        self._names: dict[str, set[int | str]] = {}
        for member in known.members.values():
            self._add(member.person.name, member.person.id)
        for row in rows:
            member_ = known.whose(row)
            who = member_.person.id if member_ else row.email
            self._emails[row.email] = who
            self._add(row.person.name, who)

    def _add(self, name: str, who: int | str) -> None:
        if " " in name:
            self._names.setdefault(_as_words(name), set()).add(who)

    def meant(self, words: str) -> tuple[int | str, ...]:
        """Whom someone names in their own words: by address, or by a full name that is one person's."""
        if not words:
            return ()
        found = {self._emails[address] for address in _addresses(words) if address in self._emails}
        text = _as_words(words)
        for name, people in self._names.items():
            if name in text and len(people) == 1:
                found |= people
        return tuple(sorted(found, key=str))


def _addresses(words: str) -> list[str]:
    return [address.casefold().rstrip(".") for address in ADDRESS.findall(words)]


def _as_words(words: str) -> str:
    letters_only = " ".join(re.findall(r"[^\W_]+", words.casefold()))
    return f" {letters_only} "
