"""What has served, and is forgotten day by day without anyone asking for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import DAY, IntroState, Open, Pace
from storage.part import insert
from storage.tables import (
    announcements,
    answered,
    answers,
    audit,
    checkin_answers,
    checkins,
    deliveries,
    held_forms,
    intros,
    kept_sheets,
    link_codes,
    link_guesses,
    office_links,
    office_sessions,
    pairs,
    people,
    promises,
    reasons,
    requests,
    told,
)

WEEK, YEAR = 7 * DAY, 365 * DAY


async def tidy(connection: AsyncConnection, now: datetime, pace: Pace) -> None:
    for moment, kept in (
        (requests.c.at, WEEK),
        (held_forms.c.at, WEEK),
        (kept_sheets.c.at, DAY),
        (link_codes.c.expires_at, WEEK),
        (link_guesses.c.at, WEEK),
        (office_links.c.expires_at, DAY),
        (office_sessions.c.began_at, DAY),
        (deliveries.c.done_at, pace.keep_sent),
        (deliveries.c.created_at, YEAR),
        (told.c.at, YEAR),
        (announcements.c.written_at, pace.keep_sent),
        (reasons.c.at, pace.keep_answers),
        (audit.c.at, pace.keep_audit),
    ):
        await connection.execute(delete(moment.table).where(moment < now - kept))
    await _answers(connection, now, pace)
    await _letters(connection, now, pace)
    await _newly_known(connection, now)


async def _answers(connection: AsyncConnection, now: datetime, pace: Pace) -> None:
    """What someone answered: so long after they did, or after their pair ended, whichever comes first."""
    old, long_over = now - pace.keep_answers, select(pairs.c.id).where(pairs.c.ended_at < now - pace.keep_ended)
    given = exists().where(answered.c.pair == answers.c.pair, answered.c.side == answers.c.side, answered.c.at < old)
    await connection.execute(delete(answers).where(or_(given, answers.c.pair.in_(long_over))))
    over = checkin_answers.c.checkin.in_(select(checkins.c.id).where(checkins.c.pair.in_(long_over)))
    await connection.execute(delete(checkin_answers).where(or_(checkin_answers.c.at < old, over)))


async def _letters(connection: AsyncConnection, now: datetime, pace: Pace) -> None:
    """The words of requests that were answered long ago. That there was one stays: nobody is asked twice."""
    long_over: ColumnElement[bool] = and_(
        intros.c.closed_at < now - pace.keep_answers, intros.c.state.not_in((IntroState.DRAFT, IntroState.WAITING))
    )
    words = {column.name: "" for column in intros.c if type(column.type) is Text}
    await connection.execute(update(intros).where(long_over).values(**words, academics=None))


async def _newly_known(connection: AsyncConnection, now: datetime) -> None:
    """Whoever never came by, as from a spreadsheet, counts as seen from today on, and is forgotten in time as well."""
    unseen = update(people).where(people.c.seen_at.is_(None), people.c.forgotten_at.is_(None))
    found = await connection.execute(unseen.values(seen_at=now).returning(people.c.society, people.c.id))
    for society, person in found.all():
        row = insert(connection, promises).values(society=society, what=Open.PERSON, subject=person, at=now)
        await connection.execute(row.on_conflict_do_nothing())
