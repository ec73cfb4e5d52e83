"""Linking places: a code from an officer here, entered by whoever manages the place there, makes one society of two."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.courier import Courier
from bot.model import DAY, Pair, Urgency
from bot.ports import Called, Pressed, Request
from bot.rehearsal import Actor, Paper
from bot.ui import message, plain_message
from tests.society import NEW_YORK, Society, harborview, words
from tests.stores import open_sqlite
from tests.test_links import code_of

LAKESIDE = "slate:lakeside"


@dataclass
class Two:
    """Harborview, and people on another platform who may be a society of their own."""

    society: Society
    slate: Paper

    def there(self, name: str) -> Actor:
        return Actor(self.society.app, self.slate, LAKESIDE, f"{LAKESIDE}/u/{name.split(maxsplit=1)[0].lower()}", name)

    async def manages(self, actor: Actor, what: Called | Pressed) -> str:
        """What someone is answered who administers the place."""
        key = f"{actor.address}-manages-{len(actor.replies)}"
        request = Request(key, actor.place, actor.address, actor.name, what, manager=True)
        await self.society.app.answer(request, actor)
        return words(actor.replies[-1])

    async def lakeside_is_a_society(self) -> Pair:
        """… of two who are a pair."""
        found = await self.society.store.found("Lakeside", "America/Chicago", LAKESIDE, None)
        async with self.society.store.records(found.id) as records:
            gil = (await records.people.meet(f"{LAKESIDE}/u/gil", "Gil Oster")).id
            hana = (await records.people.meet(f"{LAKESIDE}/u/hana", "Hana Sato")).id
            await records.people.save_mentee(gil)
            await records.people.save_mentor(hana, capacity=1, approved_at=self.society.clock.now())
            pair = await records.pairs.make(gil, hana, self.society.clock.now())
        assert pair is not None
        return pair


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with open_sqlite(tmp_path / "society.db") as store, harborview(store) as society:
        slate = Paper(society.clock.now, "slate")
        society.courier = Courier(store, society.clock, society.app.pace, [society.paper, slate])
        yield Two(society, slate)


async def test_a_place_of_no_society_joins_by_a_code_and_its_people_can_sign_up(two: Two) -> None:
    olu, pat = await two.society.officer(), two.there("Pat")
    assert "not been set up" in words(await pat.calls("sign-up"))
    code = code_of(await olu.calls("link-society"))
    assert "Whoever administers it can link it" in words(await pat.calls("link-society", code=code))
    assert "Ask an officer of your society for a code" in await two.manages(pat, Called("link-society", {}))
    assert "this place is Harborview's, too" in await two.manages(pat, Called("link-society", {"code": code}))
    assert "I don't know that code" in await two.manages(two.there("Eve"), Called("link-society", {"code": code}))
    assert "Welcome to mentorship at Harborview" in words(await pat.calls("sign-up"))


async def test_a_society_of_its_own_is_carried_over_with_everyone_in_it(two: Two) -> None:
    pair = await two.lakeside_is_a_society()
    olu, pat = await two.society.officer(), two.there("Pat")
    code = code_of(await olu.calls("link-society"))
    said = await two.manages(pat, Called("link-society", {"code": code}))
    assert "Make Lakeside one society with Harborview?" in said.replace("**", "")
    assert "all 3 people I know here, with pairs" in said
    said = await two.manages(pat, Pressed(pat.button("Make them one")))
    assert "this place is Harborview's now" in said.replace("**", "")
    async with two.society.store.records(two.society.id) as records:
        names = {person.name for person in await records.people.all()}
        assert await records.pairs.all_live() == [pair]
    assert names == {"Olu Mensah", "Pat", "Gil Oster", "Hana Sato"}
    # Their pair goes on, with its room and its clock, in the society that it belongs to now.
    async with two.society.store.records(two.society.id) as records:
        await records.post.say(message("Hello"), Urgency.NEWS, two.society.clock.now(), pair=pair.id)
    await two.society.later(4 * DAY)
    gil = two.there("Gil Oster")
    heard = [plain_message(shown.message, NEW_YORK) for shown in two.slate.seen_by(gil.address)]
    assert any("waiting for your first hello" in said for said in heard)


async def test_what_is_one_society_already_is_not_linked_again(two: Two) -> None:
    olu = await two.society.officer()
    code = code_of(await olu.calls("link-society"))
    assert "belong to one society already" in words(await olu.calls("link-society", code=code))


async def test_members_link_no_places_and_a_code_for_accounts_links_none(two: Two) -> None:
    await two.lakeside_is_a_society()
    ana, pat = await two.society.mentee(), two.there("Pat")
    assert "for the society's officers" in words(await ana.calls("link-society"))
    code = code_of(await ana.calls("link"))
    assert "I don't know that code" in await two.manages(pat, Called("link-society", {"code": code}))


async def test_a_yes_of_somebody_else_links_nothing(two: Two) -> None:
    await two.lakeside_is_a_society()
    olu, pat, eve = await two.society.officer(), two.there("Pat"), two.there("Eve")
    await two.manages(pat, Called("link-society", {"code": code_of(await olu.calls("link-society"))}))
    yes = Pressed(pat.button("Make them one"))
    assert "has had its day" in await two.manages(eve, yes)
    assert "for the society's officers" in words(await pat.asks(yes))
    found = await two.society.store.society_at(LAKESIDE)
    assert found is not None
    assert found.name == "Lakeside"
