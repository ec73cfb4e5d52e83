"""Making one of two: of two people found to be the same, and of two societies that belong together.

Every column that holds a person's number stands in one of the lists below, and a test compares them with the tables:
whoever adds such a column decides here what becomes of it when two people are found to be one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    and_,
    case,
    delete,
    exists,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import IntroState, Open, PairState, RoundState
from storage.apart import SqlApart, reason_of
from storage.part import Part
from storage.tables import (
    METADATA,
    addresses,
    announcements,
    asked_to_mentor,
    audit,
    claims,
    concerns,
    conflicts,
    deliveries,
    held_forms,
    hours_to_give,
    intros,
    invitations,
    kept_sheets,
    line,
    line_told,
    link_codes,
    link_guesses,
    mentee_profiles,
    mentor_profiles,
    offers,
    office_links,
    office_sessions,
    own_mentors,
    pairs,
    people,
    promises,
    queue_items,
    roles,
    round_apart,
    round_out,
    round_pairs,
    rounds,
    shadowed,
    societies,
    told,
)

MOVED: tuple[Column[Any], ...] = (
    addresses.c.person,
    announcements.c.author,
    audit.c.actor,
    deliveries.c.by_person,
    deliveries.c.to_person,
    held_forms.c.person,
    invitations.c.inviter,
    kept_sheets.c.person,
    link_guesses.c.person,
    offers.c.by,
    offers.c.to,
    office_links.c.person,
    office_sessions.c.person,
    own_mentors.c.mentee,
    pairs.c.changed_by,
    queue_items.c.resolved_by,
    shadowed.c.confirmed_by,
    told.c.person,
)
"""What was the one's is simply the other's."""

ONCE: tuple[tuple[Column[Any], Column[Any]], ...] = (
    (asked_to_mentor.c.person, asked_to_mentor.c.society),
    (invitations.c.used_by, invitations.c.society),
    (hours_to_give.c.person, hours_to_give.c.society),
    (line.c.person, line.c.society),
    (line_told.c.mentor, line_told.c.person),
    (line_told.c.person, line_told.c.mentor),
    (roles.c.person, roles.c.role),
)
"""What a person has only once of each: whose, and what. Where both have it, the one that stays keeps theirs."""

DROPPED: tuple[Column[Any], ...] = (
    claims.c.claimed,
    claims.c.person,
    link_codes.c.entered_by,
    link_codes.c.person,
    mentee_profiles.c.person,
    mentor_profiles.c.person,
    round_apart.c.mentee,
    round_apart.c.mentor,
    round_out.c.mentee,
    round_pairs.c.mentee,
    round_pairs.c.mentor,
)
"""What has no meaning any more, or was combined before."""

BY_HAND: tuple[Column[Any], ...] = (
    concerns.c.about,
    concerns.c.reader,
    concerns.c.writer,
    conflicts.c.high,
    conflicts.c.low,
    intros.c.mentee,
    intros.c.mentor,
    pairs.c.high,
    pairs.c.low,
    pairs.c.mentee,
    pairs.c.mentor,
    queue_items.c.person,
    queue_items.c.person_or_0,
)

ABOUT_PEOPLE = frozenset({Open.AWAY, Open.MENTOR_TOO, Open.PERSON})
"""The promises whose subject is a person."""
ABOUT_OTHERS = frozenset(
    {
        Open.PAIR, Open.INTRO, Open.QUEUE, Open.MEETING, Open.UPDATE, Open.CONCERN,
        Open.LINE, Open.OWN_MENTOR, Open.IN_TOUCH, Open.PROJECT, Open.ROLES, Open.DIGEST, Open.DISCLOSURE,
        Open.CALENDAR,
    }
)  # fmt: skip


async def one_person(part: Part, kept: int, gone: int, now: datetime) -> None:
    """The `Links.one_person` of the records."""
    here = await part.rows(select(people.c.id).where(part.mine(people), people.c.id.in_((kept, gone))))
    if len(here) != 2:
        raise LookupError(f"people {kept} and {gone} are not two of society {part.society.id}")
    await _email(part, kept, gone)
    await _intros(part, kept, gone)
    await _pairs(part, kept, gone)
    await _conflicts(part, kept, gone)
    await _concerns(part, kept, gone)
    await _queue(part, kept, gone, now)
    for column in DROPPED:
        both = (kept, gone) if column.table is link_codes else (gone,)
        await part.connection.execute(delete(column.table).where(column.in_(both)))
    for column, kind in ONCE:
        theirs = column.table.alias()
        has = exists().where(theirs.c[column.name] == kept, theirs.c[kind.name] == kind)
        await part.connection.execute(update(column.table).where(column == gone, ~has).values({column: kept}))
        await part.connection.execute(delete(column.table).where(column == gone))
    for column in MOVED:
        await part.connection.execute(update(column.table).where(column == gone).values({column: kept}))
    was = (part.mine(audit), audit.c.subject == f"person:{gone}")
    await part.connection.execute(update(audit).where(*was).values(subject=f"person:{kept}"))
    await _said_once(part, kept)
    await _promises(part, kept, gone)
    await part.connection.execute(delete(people).where(part.mine(people), people.c.id == gone))
    part.touched.update((await part.connection.execute(select(pairs.c.id).where(_live_pair_of(kept)))).scalars())


async def _email(part: Part, kept: int, gone: int) -> None:
    """The address of the one, sealed anew for the other who gave none: a seal is bound to its row."""
    found = await part.rows(select(people.c.id, people.c.email_sealed).where(people.c.id.in_((kept, gone))))
    sealed = {row["id"]: row["email_sealed"] for row in found}
    mark = select(people.c.email_mark).where(people.c.id == gone)
    old = (await part.connection.execute(mark)).scalar()
    await part.connection.execute(update(people).where(people.c.id == gone).values(email_mark=None, email_sealed=None))
    if sealed[gone] is not None and sealed[kept] is None:
        anew = part.seal.close(part.seal.open(sealed[gone], "people", gone, "email"), "people", kept, "email")
        values = {"email_sealed": anew, "email_mark": old}
        await part.connection.execute(update(people).where(people.c.id == kept).values(values))


async def _intros(part: Part, kept: int, gone: int) -> None:
    """Nobody asks themselves; and of two drafts to the same mentor the newer stays."""
    both = (kept, gone)
    await _forget_intros(part, intros.c.mentee.in_(both) & intros.c.mentor.in_(both))
    same = intros.alias()
    for mine, other in (("mentee", "mentor"), ("mentor", "mentee")):
        newer = exists().where(
            same.c[mine].in_(both),
            same.c[other] == intros.c[other],
            same.c.state == IntroState.DRAFT,
            same.c.id > intros.c.id,
        )
        await _forget_intros(part, intros.c[mine].in_(both) & (intros.c.state == IntroState.DRAFT) & newer)
        await part.connection.execute(update(intros).where(intros.c[mine] == gone).values({mine: kept}))


async def _forget_intros(part: Part, which: ColumnElement[bool]) -> None:
    taken = delete(intros).where(part.mine(intros), which).returning(intros.c.id)
    for intro in (await part.connection.execute(taken)).scalars().all():
        about = (promises.c.what == Open.INTRO, promises.c.subject == intro)
        await part.connection.execute(delete(promises).where(part.mine(promises), *about))
        unsaid = (deliveries.c.topic == f"intro:{intro}", deliveries.c.envelope.is_(None))
        await part.connection.execute(delete(deliveries).where(part.mine(deliveries), *unsaid))


async def _pairs(part: Part, kept: int, gone: int) -> None:
    for mine, other in ((pairs.c.mentee, pairs.c.mentor), (pairs.c.mentor, pairs.c.mentee)):
        first = other < kept
        moved = {
            mine: kept,
            pairs.c.low: case((first, other), else_=kept),
            pairs.c.high: case((first, kept), else_=other),
        }
        await part.connection.execute(update(pairs).where(part.mine(pairs), mine == gone).values(moved))


async def _conflicts(part: Part, kept: int, gone: int) -> None:
    """Whoever said, or wished, that one of the two is not paired with someone means the one that stays."""
    theirs = or_(conflicts.c.low == gone, conflicts.c.high == gone)
    taken = delete(conflicts).where(part.mine(conflicts), theirs).returning(conflicts)
    apart = SqlApart(part.connection, part.society, part.seal, part.touched)
    for row in await part.rows(taken):
        low, high = row["low"], row["high"]
        other = high if low == gone else low
        if other == kept:
            continue
        if row["noted"]:
            sealed = row["reason_sealed"]
            reason = part.seal.open(sealed, "conflicts", low, reason_of(high)) if sealed else ""
            await apart.note(kept, other, reason or None)
        for who, wished in ((low, row["low_wish"]), (high, row["high_wish"])):
            if wished:
                await apart.wish(kept if who == gone else other, other if who == gone else kept)


async def _concerns(part: Part, kept: int, gone: int) -> None:
    """Nobody reads what they wrote, or what is about them: such a concern waits for its writer to choose again."""
    both = (kept, gone)
    own = concerns.c.reader.in_(both) & or_(concerns.c.writer.in_(both), concerns.c.about.in_(both))
    await part.connection.execute(update(concerns).where(part.mine(concerns), own).values(reader=None, sent_at=None))
    for whose in (concerns.c.writer, concerns.c.about, concerns.c.reader):
        await part.connection.execute(update(concerns).where(part.mine(concerns), whose == gone).values({whose: kept}))


async def _queue(part: Part, kept: int, gone: int, now: datetime) -> None:
    """What waits about both for the same reason waits once."""
    theirs = queue_items.alias()
    same = exists().where(
        theirs.c.person == kept,
        theirs.c.resolved_at.is_(None),
        theirs.c.reason == queue_items.c.reason,
        theirs.c.pair_or_0 == queue_items.c.pair_or_0,
    )
    of_gone = (part.mine(queue_items), queue_items.c.person == gone)
    await part.connection.execute(
        update(queue_items).where(*of_gone, queue_items.c.resolved_at.is_(None), same).values(resolved_at=now)
    )
    await part.connection.execute(update(queue_items).where(*of_gone).values(person=kept, person_or_0=kept))


async def _said_once(part: Part, kept: int) -> None:
    """What both were to be told in the same words is told once."""
    first = deliveries.alias()
    unsent = deliveries.c.envelope.is_(None)
    said = exists().where(
        first.c.to_person == kept,
        first.c.envelope.is_(None),
        first.c.topic == deliveries.c.topic,
        first.c.message == deliveries.c.message,
        first.c.id < deliveries.c.id,
    )
    await part.connection.execute(delete(deliveries).where(deliveries.c.to_person == kept, unsent, said))


async def _promises(part: Part, kept: int, gone: int) -> None:
    about = (part.mine(promises), promises.c.subject == gone, promises.c.what.in_(ABOUT_PEOPLE))
    theirs = promises.alias()
    has = exists().where(
        theirs.c.society == promises.c.society, theirs.c.what == promises.c.what, theirs.c.subject == kept
    )
    await part.connection.execute(update(promises).where(*about, ~has).values(subject=kept))
    await part.connection.execute(delete(promises).where(*about))


def _live_pair_of(person: int) -> ColumnElement[bool]:
    return and_(or_(pairs.c.mentee == person, pairs.c.mentor == person), pairs.c.state != PairState.ENDED)


# ── societies ───────────────────────────────────────────────────────────────────────────────────────────────


async def one_society(part: Part, into: int, now: datetime) -> None:
    """The `Links.one_society` of the records: every row of this society becomes that one's, all or nothing.

    Numbers of rows are given once for all societies, so nothing else has to change; where both have something of
    which a society has only one, that one's stays.
    """
    this = part.society.id
    await part.connection.execute(
        select(societies.c.id).where(societies.c.id.in_((this, into))).order_by(societies.c.id).with_for_update()
    )
    await _emails(part, into)
    waits = queue_items.alias()
    same = exists().where(
        waits.c.society == into,
        waits.c.resolved_at.is_(None),
        *(waits.c[name] == queue_items.c[name] for name in ("reason", "pair_or_0", "person_or_0")),
    )
    of_this = (part.mine(queue_items), queue_items.c.resolved_at.is_(None))
    await part.connection.execute(update(queue_items).where(*of_this, same).values(resolved_at=now))
    # What was proposed for this society alone is worked out anew for all.
    await part.connection.execute(
        update(rounds)
        .where(part.mine(rounds), rounds.c.state == RoundState.OPEN)
        .values(state=RoundState.DROPPED, closed_at=now)
    )
    carried = [table for table in METADATA.sorted_tables if "society" in table.c]
    for table in carried:
        for key in _keys(table):
            theirs = table.alias()
            has = exists().where(theirs.c.society == into, *(theirs.c[name] == table.c[name] for name in key))
            await part.connection.execute(delete(table).where(table.c.society == this, has))
    await _carry(part.connection, carried, this, into)
    await part.connection.execute(delete(societies).where(societies.c.id == this))
    # Another zone and other breaks may hold there: every pair's next step is worked out afresh.
    await part.connection.execute(
        update(promises).where(promises.c.society == into, promises.c.what == Open.PAIR).values(at=now, tries=0)
    )


def _keys(table: Table) -> list[list[str]]:
    """What a society has only one of in this table: the other columns of each unique key with the society in it."""
    whole = [c.columns for c in table.constraints if isinstance(c, PrimaryKeyConstraint | UniqueConstraint)]
    keys = [[column.name for column in columns] for columns in whole]
    return [[name for name in key if name != "society"] for key in keys if "society" in key]


def partly_unique() -> set[str]:
    """The unique indexes with a condition that have the society in them: each needs a rule of its own above."""
    indexes: list[Index] = [index for table in METADATA.tables.values() for index in table.indexes]
    return {str(index.name) for index in indexes if index.unique and "society" in index.columns}


async def _emails(part: Part, into: int) -> None:
    """Marks are made for a society. One that is known there already stays theirs, and both keep their address."""
    known = await part.rows(
        select(people.c.id, people.c.email_sealed).where(part.mine(people), people.c.email_sealed.is_not(None))
    )
    for row in known:
        email = part.seal.open(row["email_sealed"], "people", row["id"], "email")
        mark = part.seal.mark(into, email.strip().casefold())
        taken = exists().where(people.c.society == into, people.c.email_mark == mark)
        there = (await part.connection.execute(select(taken))).scalar()
        values = {"email_mark": None if there else mark}
        await part.connection.execute(update(people).where(people.c.id == row["id"]).values(values))


async def _carry(connection: AsyncConnection, tables: Sequence[Table], this: int, into: int) -> None:
    """Change the society of every row at once, for the rows point to one another within it."""
    moves = [update(table).where(table.c.society == this).values(society=into) for table in tables]
    if connection.dialect.name == "sqlite":
        await connection.execute(text("PRAGMA defer_foreign_keys = ON"))  # until this transaction's end
        for move in moves:
            await connection.execute(move)
        return
    # PostgreSQL checks references at the end of a statement, so one statement does it all.
    together = [move.cte(f"carried_{number}") for number, move in enumerate(moves)]
    await connection.execute(select(literal(1)).add_cte(*together))
