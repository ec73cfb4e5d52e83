"""What a society had before a step of the schema is still there after it."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.model import Agreement, Answers, Break, Side
from bot.vocabulary import Term
from storage.engine import engine_for
from storage.store import newest, open_store
from tests import postgres
from tests.stores import KEY, NOW


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'society.db'}"
        return
    async with postgres.fresh_database(request.getfixturevalue("server")) as fresh:
        yield fresh


def test_the_newest_step_is_the_one_that_alembic_ends_at() -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == newest()


def _up_to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def _as_it_was(url: str, revision: str, *statements: str) -> None:
    """A database of an earlier shape, with something in it."""
    engine = engine_for(url)
    async with engine.begin() as connection:
        await connection.run_sync(_up_to, revision)
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def test_answers_and_agreements_of_the_short_form_are_carried_over(url: str) -> None:
    await _as_it_was(
        url,
        "0003",
        "INSERT INTO societies (place, name, zone) VALUES ('playground:home', 'Harborview', 'UTC')",
        "INSERT INTO people (society, name, school, windows) VALUES (1, 'Ana', '', '[]'), (1, 'Ben', '', '[]')",
        "INSERT INTO pairs (society, mentee, mentor, low, high, state, started_at)"
        " VALUES (1, 1, 2, 1, 2, 'active', '2026-10-05T15:00:00.000000+00:00')",
        "INSERT INTO answers (society, pair, side, in_person, shadowing, rhythm, reply_promise, reply_need, topics)"
        " VALUES (1, 1, 'mentee', 'office', 'either', 'weekly', 'day', 'week', '[\"mcat\", \"essays\"]'),"
        " (1, 1, 'mentor', 'office', NULL, 'monthly', 'three_days', NULL, '[]')",
        "INSERT INTO agreements (society, pair, version, rhythm, mentee_reply, mentor_reply, booker, in_person,"
        " shadowing, online, topics, mentee_confirmed_at, mentor_confirmed_at)"
        " VALUES (1, 1, 1, 'monthly', 'day', 'three_days', 'mentee', 'no', 'no', 'yes', '[\"mcat\"]',"
        " '2026-10-05T15:00:00.000000+00:00', '2026-10-05T15:00:00.000000+00:00')",
    )
    store = await open_store(url, KEY)
    async with store.records(1) as records:
        expectations = records.expectations
        assert await expectations.answers(1, Side.MENTEE) == Answers(
            {
                Term.IN_PERSON: ("maybe",),
                Term.SHADOWING: ("either",),
                Term.RHYTHM: ("weekly",),
                Term.MENTEE_REPLY: ("day",),
                Term.MENTOR_REPLY: ("week",),
                Term.TOPICS: ("mcat", "essays"),
            }
        )
        assert await expectations.answers(1, Side.MENTOR) == Answers(
            {Term.IN_PERSON: ("office",), Term.RHYTHM: ("monthly",), Term.MENTOR_REPLY: ("three_days",)}
        )
        assert await expectations.in_force(1) == Agreement(
            1,
            {
                Term.IN_PERSON: ("no",),
                Term.SHADOWING: ("no",),
                Term.ONLINE: ("yes",),
                Term.RHYTHM: ("monthly",),
                Term.MENTEE_REPLY: ("day",),
                Term.MENTOR_REPLY: ("three_days",),
                Term.BOOKER: ("mentee",),
                Term.TOPICS: ("mcat",),
            },
            NOW,
            NOW,
        )
        facts = await records.pairs.facts(1)
        assert facts is not None
        assert facts.agreement is not None
    await store.close()


async def test_breaks_and_what_was_told_are_carried_into_the_year(url: str) -> None:
    await _as_it_was(
        url,
        "0017",
        "INSERT INTO societies (place, name, zone, term_first, term_last)"
        " VALUES ('playground:home', 'Harborview', 'UTC', '2026-08-31', '2026-12-18')",
        "INSERT INTO breaks (society, first, last) VALUES (1, '2026-11-25', '2026-11-29')",
        "INSERT INTO people (society, name, school, windows, associations) VALUES (1, 'Ana', '', '[]', '[]')",
        "INSERT INTO told (society, person, at, nudge) VALUES (1, 1, '2026-10-05T15:00:00.000000+00:00', 1)",
    )
    store = await open_store(url, KEY)
    try:
        async with store.records(1) as records:
            society, lately = records.society, await records.announcements.lately(NOW)
    finally:
        await store.close()
    assert society.term == Break(date(2026, 8, 31), date(2026, 12, 18))
    assert (society.breaks, society.kickoff, lately) == ((Break(date(2026, 11, 25), date(2026, 11, 29)),), None, {})
