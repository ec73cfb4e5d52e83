"""What lets us into places where others installed an app of ours: kept sealed, given up, begun once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.store import SqlStore
from storage.tables import installations
from tests.stores import NOW

PLACE = "slack:T1"


async def test_a_place_nobody_knows_gets_a_society_of_its_own_once(store: SqlStore) -> None:
    for what in ("one", "other"):
        await store.installations.keep(PLACE, "Premeds", "Europe/Berlin", what, NOW)
        assert await store.installations.at(PLACE) == what
    society = await store.society_at(PLACE)
    assert society is not None
    assert (society.name, society.zone.key) == ("Premeds", "Europe/Berlin")
    assert [place.address for place in society.places] == [PLACE]


async def test_a_place_of_a_society_stays_with_it(store: SqlStore) -> None:
    harborview = await store.found("Harborview", "America/New_York", "discord:1", None)
    await store.join(harborview.id, PLACE)
    await store.installations.keep(PLACE, "Premeds", "Europe/Berlin", "what", NOW)
    society = await store.society_at(PLACE)
    assert society is not None
    assert (society.id, society.name) == (harborview.id, "Harborview")


async def test_who_has_the_database_cannot_get_in(store: SqlStore) -> None:
    await store.installations.keep(PLACE, "Premeds", "Europe/Berlin", "xoxb-secret", NOW)
    async with store.engine.connect() as connection:
        sealed = (await connection.execute(select(installations.c.sealed))).scalar_one()
    assert b"secret" not in sealed


async def test_what_was_given_up_is_gone_and_the_society_is_not(store: SqlStore) -> None:
    await store.installations.keep(PLACE, "Premeds", "Europe/Berlin", "what", NOW)
    await store.installations.forget(PLACE)
    await store.installations.renew(PLACE, "a token that came too late")
    assert await store.installations.at(PLACE) is None
    assert await store.society_at(PLACE) is not None


@pytest.mark.parametrize(("late", "good"), [(timedelta(minutes=9), True), (timedelta(minutes=10), False)])
async def test_what_was_begun_can_be_finished_once_and_in_time(store: SqlStore, late: timedelta, good: bool) -> None:
    await store.installations.begin("state", NOW + timedelta(minutes=10))
    assert await store.installations.begun("state", NOW + late) == good
    assert not await store.installations.begun("state", NOW)
