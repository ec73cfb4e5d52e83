"""The store as the port describes it: transactions on a society, the tick's and the courier's work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, inspect, or_, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Happened, Open, Pace, PairState, Promise, Society
from bot.ports import Address
from bot.records import Envelope, Installations, Office, Records, Waiting
from storage import backup, courier, links, retention
from storage.engine import choose_journal, engine_for, for_reading
from storage.installations import SqlInstallations
from storage.office import SqlOffice
from storage.part import insert, made
from storage.places import one_by_one, read_societies
from storage.records import SqlRecords
from storage.seal import Seal, WrongKeyError
from storage.tables import (
    addresses,
    deliveries,
    pairs,
    places,
    promises,
    sealed_with,
    societies,
)

MIGRATING = 7_366_312
"""The lock that processes starting at once queue for on PostgreSQL: any number, but always the same."""


class NotReachedError(Exception):
    """The database cannot be opened. The words say why."""


async def open_store(url: str, key: bytes, backups: Path | None = None) -> SqlStore:
    """The store at `url`, brought to the newest shape.

    `backups`: the folder that its copies go to; None for no copies.
    Raises NotReachedError if there is no opening it, and WrongKeyError if another key sealed it.
    """
    try:
        store = SqlStore(url, key, backups)
        async with store.engine.connect():
            pass
    except Exception as error:  # each driver has kinds of its own: no such folder, no server, another password
        raise NotReachedError(str(error).partition("\n")[0]) from error
    try:
        await store.prepare()
    except BaseException:
        await store.close()
        raise
    return store


class SqlStore:
    def __init__(self, url: str, key: bytes, backups: Path | None = None) -> None:
        self._backups = backups
        self.engine = engine_for(url)
        self._reading = for_reading(self.engine)
        self._seal = Seal(key)
        # SQLite has one writer at a time. Waiting for a lock here is fair and wakes at once; waiting inside
        # SQLite means asking again and again until a time runs out.
        self._lock = asyncio.Lock() if self.engine.dialect.name == "sqlite" else None
        self._writer: asyncio.Task[object] | None = None
        self.installations: Installations = SqlInstallations(self._write, self._reading, self._seal)
        self.office: Office = SqlOffice(self._write, self._seal)

    async def prepare(self) -> None:
        if self._lock:
            await choose_journal(self.engine)
        async with self._write() as connection:
            # Two processes may start at once: the second waits, then finds nothing left to do. On SQLite the
            # write transaction itself does that.
            if not self._lock:
                await connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            await connection.run_sync(_migrate)
            first = insert(connection, sealed_with).values(one=1, key_id=self._seal.key_id)
            await connection.execute(first.on_conflict_do_nothing())
            if (await connection.execute(select(sealed_with.c.key_id))).scalar_one() != self._seal.key_id:
                raise WrongKeyError("this database was sealed with another key; nothing was changed")

    async def close(self) -> None:
        await self.engine.dispose()

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[AsyncConnection]:
        if self._lock is None:
            async with self.engine.begin() as connection:
                yield connection
            return
        task = asyncio.current_task()
        if self._writer is task:
            raise RuntimeError("a transaction was begun inside another of the same task")
        async with self._lock:
            self._writer = task
            try:
                async with self.engine.begin() as connection:
                    yield connection
            finally:
                self._writer = None

    @asynccontextmanager
    async def records(self, society: int, *, in_turn: bool = False) -> AsyncIterator[Records]:
        async with self._write() as connection:
            if in_turn:
                await one_by_one(connection, society)
            known = await read_societies(connection, societies.c.id == society)
            if not known:
                raise LookupError(f"no society {society}")
            records = SqlRecords(connection, known[0], self._seal)
            yield records
        if records.forgot:
            await self._clear_the_log()

    async def _clear_the_log(self) -> None:
        """What was deleted on SQLite is gone from its write-ahead log, too, unless someone reads just now."""
        if self._lock is None:
            return
        async with self._lock, self.engine.connect() as connection:
            autocommit = await connection.execution_options(begin="")
            await autocommit.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def society_at(self, place: Address) -> Society | None:
        async with self._reading.connect() as connection:
            here = select(places.c.society).where(places.c.address == place)
            found = await read_societies(connection, societies.c.id == here.scalar_subquery())
        return found[0] if found else None

    async def found(self, name: str, zone: str, place: Address, officers_channel: Address | None) -> Society:
        values = {"name": name, "zone": ZoneInfo(zone)}
        async with self._write() as connection:
            # A place that was linked with another society's is found there, and its own settings hold no more.
            society = (await connection.execute(select(places.c.society).where(places.c.address == place))).scalar()
            if society is None:
                row = insert(connection, societies).values(place=place, **values)
                new = row.on_conflict_do_update(index_elements=["place"], set_=values).returning(societies.c.id)
                society = (await connection.execute(new)).scalar_one()
            own = (societies.c.id == society, societies.c.place == place)
            await connection.execute(update(societies).where(*own).values(**values))
            here = insert(connection, places).values(society=society, address=place, officers=officers_channel)
            kept = {"officers": func.coalesce(here.excluded.officers, places.c.officers)}
            await connection.execute(here.on_conflict_do_update(index_elements=["address"], set_=kept))
            return (await read_societies(connection, societies.c.id == society))[0]

    async def join(self, society: int, place: Address) -> None:
        async with self._write() as connection:
            row = insert(connection, places).values(society=society, address=place)
            await connection.execute(row.on_conflict_do_nothing())

    async def admit(self, place: Address, code: str, now: datetime) -> Society | None:
        async with self._write() as connection:
            society = await links.admit(connection, self._seal, place, code, now)
            return None if society is None else (await read_societies(connection, societies.c.id == society))[0]

    # ── the tick ────────────────────────────────────────────────────────────────────────────────────────────

    async def claim_due(self, now: datetime, lease: timedelta, limit: int) -> list[Promise]:
        key = (promises.c.society, promises.c.what, promises.c.subject)
        due = (
            select(promises)
            .where(promises.c.at <= now)
            .where(or_(promises.c.leased_until.is_(None), promises.c.leased_until <= now))
            .order_by(promises.c.at, *key)
            .limit(limit)
            # PostgreSQL: two processes asking at once get different ones.
            .with_for_update(skip_locked=True)
        )
        async with self._write() as connection:
            found = [made(Promise, row) for row in (await connection.execute(due)).mappings()]
            if found:
                taken = tuple_(*key).in_([(one.society, one.what, one.subject) for one in found])
                await connection.execute(update(promises).where(taken).values(leased_until=now + lease))
        return found

    async def put_off(self, promise: Promise, until: datetime) -> None:
        # Only the step that was tried: one that was set anew meanwhile stands as it is.
        tried = update(promises).where(
            promises.c.society == promise.society,
            promises.c.what == promise.what,
            promises.c.subject == promise.subject,
            promises.c.at == promise.at,
        )
        async with self._write() as connection:
            await connection.execute(tried.values(at=until, tries=promises.c.tries + 1, leased_until=None))

    async def next_moment(self, after: datetime) -> datetime | None:
        step = select(func.min(promises.c.at)).where(promises.c.at > after)
        word = select(func.min(deliveries.c.not_before)).where(courier.UNSENT, deliveries.c.not_before > after)
        async with self._reading.connect() as connection:
            moments = [(await connection.execute(statement)).scalar() for statement in (step, word)]
        return min((moment for moment in moments if moment), default=None)

    # ── the courier ─────────────────────────────────────────────────────────────────────────────────────────

    async def waiting(self, now: datetime) -> list[Waiting]:
        async with self._reading.connect() as connection:
            return await courier.waiting(connection, now)

    async def put_off_deliveries(self, deliveries_: Sequence[int], until: datetime) -> None:
        async with self._write() as connection:
            await connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(deliveries_), courier.UNSENT)
                .values(not_before=until, leased_until=None)
            )

    async def hand_back(self, key: str, until: datetime) -> None:
        async with self._write() as connection:
            await courier.hand_back(connection, key, until)

    async def drop(self, deliveries_: Sequence[int], now: datetime) -> None:
        async with self._write() as connection:
            await connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(deliveries_), courier.UNSENT)
                .values(done_at=now, arrived=False, leased_until=None)
            )

    async def claim(self, deliveries: Sequence[int], key: str, now: datetime, lease: timedelta) -> Envelope | None:
        async with self._write() as connection:
            return await courier.claim(connection, deliveries, key, now, lease)

    async def delivered(self, key: str, now: datetime) -> None:
        async with self._write() as connection:
            await courier.delivered(connection, key, now)

    async def undeliverable(self, key: str, now: datetime) -> None:
        async with self._write() as connection:
            await courier.undeliverable(connection, key, now, self._seal)

    async def room_of(self, pair: int) -> Address | None:
        async with self._reading.connect() as connection:
            return (await connection.execute(select(pairs.c.room).where(pairs.c.id == pair))).scalar()

    async def rooms_of(self, society: int, person: int) -> list[Address]:
        mine = or_(pairs.c.mentee == person, pairs.c.mentor == person)
        live = (pairs.c.society == society, mine, pairs.c.state != PairState.ENDED, pairs.c.room.is_not(None))
        async with self._reading.connect() as connection:
            rooms = await connection.execute(select(pairs.c.room).where(*live).order_by(pairs.c.id.desc()))
            return list(rooms.scalars())

    async def keep_room(self, society: int, pair: int, room: Address, now: datetime) -> None:
        async with self.records(society) as records:
            await records.pairs.set_room(pair, room)
            await records.pairs.happened(pair, Happened.OPENED, now)
            await records.diary.set(Open.PAIR, pair, now)

    async def reach(self, society: int, person: int) -> list[Address]:
        theirs = select(addresses.c.address).where(addresses.c.society == society, addresses.c.person == person)
        async with self._reading.connect() as connection:
            return list((await connection.execute(theirs.order_by(addresses.c.address))).scalars())

    # ── daily ───────────────────────────────────────────────────────────────────────────────────────────────

    async def tidy(self, now: datetime, pace: Pace) -> None:
        async with self._write() as connection:
            await retention.tidy(connection, now, pace)
        await self._clear_the_log()

    async def back_up(self, now: datetime) -> None:
        if self._backups is not None and self._lock is not None:
            await backup.back_up(self.engine, self._seal, self._backups, now)

    async def live_pairs(self) -> list[tuple[int, int]]:
        live = select(pairs.c.society, pairs.c.id).where(pairs.c.state != PairState.ENDED)
        async with self._reading.connect() as connection:
            return [(society, pair) for society, pair in await connection.execute(live.order_by(pairs.c.id))]


def newest() -> str:
    """The last step of the schema, by which a database knows that it is up to date."""
    steps = files("storage.migrations.versions").iterdir()
    return max(step.name for step in steps if step.name[0].isdigit()).partition("_")[0]


def _migrate(connection: Connection) -> None:
    known = inspect(connection).has_table("alembic_version")
    if known and connection.scalar(text("SELECT version_num FROM alembic_version")) == newest():
        return
    # Loaded only where there is a step to take: on a small computer it takes longer than everything else here.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
