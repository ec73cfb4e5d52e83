"""What an officer sees on their page, and what they do there: all of it through the one door."""

import io
import json
from typing import Any

import pytest

from bot.model import DAY, QueueReason, Role
from bot.vocabulary import Phase
from tests.office.conftest import Office, Visit


async def desk_of(visit: Visit) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await (await visit.looks()).text())
    return found


async def test_pairs_are_shown_with_how_they_stand_and_who_waits(office: Office) -> None:
    society = office.society
    ana, ben = await society.mentee("Ana Ruiz"), await society.mentor("Ben Okafor")
    await society.paired(ana, ben)
    await ana.speaks()
    await society.later(6 * DAY)
    (pair,) = (await desk_of(await office.entered(await society.officer())))["pairs"]
    assert (pair["mentee"], pair["mentor"], pair["standing"]) == ("Ana Ruiz", "Ben Okafor", "amber")
    assert (pair["waits"], pair["late"]) == ("mentee", True)


async def test_people_are_shown_as_others_may_see_them_and_not_more(office: Office) -> None:
    society = office.society
    ana = await society.mentee("Ana Ruiz", phase=Phase.SOPHOMORE)
    await society.mentor("Ben Okafor", capacity=3)
    async with society.store.records(society.id) as records:
        person = await records.people.at(ana.address)
        assert person is not None
        await records.people.change(person.id, email="ana.ruiz@example.org")
    visit = await office.entered(await society.officer())
    people = {row["name"]: row for row in (await desk_of(visit))["people"]}
    assert people["Ana Ruiz"] | {"line": ""} == {
        "name": "Ana Ruiz", "line": "", "roles": ["mentee"], "load": 0, "capacity": 0, "looks": True, "open": False,
        "away_until": None,
    }  # fmt: skip
    assert (people["Ben Okafor"]["load"], people["Ben Okafor"]["capacity"]) == (0, 3)
    said = await (await visit.looks()).text()
    for private in ("ana.ruiz@example.org", ana.address, "adult", "academics"):
        assert private not in said


async def test_what_was_written_between_two_is_nowhere_on_the_page(office: Office) -> None:
    society = office.society
    ana, ben = await society.mentee("Ana Ruiz"), await society.mentor("Ben Okafor")
    await society.asked(ana, ben)
    visit = await office.entered(await society.officer())
    assert "grandmother" not in await (await visit.looks()).text()


async def test_the_queue_is_worked_off_as_in_the_chat(office: Office) -> None:
    society = office.society
    jonas = await society.mentor("Jonas Weil", approved=False)
    person = await society.person(jonas)
    async with society.store.records(society.id) as records:
        await records.queue.open(QueueReason.APPROVE, society.clock.now(), person=person.id)
        (item,) = await records.queue.items()
    visit = await office.entered(await society.officer())
    queue = json.loads(await (await visit.asks(do="call", name="queue")).text())
    assert queue["is"] == "message"
    answer = json.loads(await (await visit.asks(do="press", token=f"queue.approve:{item.id}")).text())
    assert answer["is"] == "update"
    await society.settle()
    assert any("you're in" in said for said in society.heard(jonas))
    assert (await desk_of(visit))["queue"] == 0


async def test_what_is_sent_twice_counts_once(office: Office) -> None:
    visit = await office.entered(await office.society.officer())
    asked = {"call": "00000000-0000-0000-0000-00000000000a", "do": "call", "name": "queue"}
    first, second = await visit.posts("/ask", json=asked), await visit.posts("/ask", json=asked)
    assert json.loads(await first.text())["is"] == "message"
    assert json.loads(await second.text()) == {"is": "nothing"}


@pytest.mark.parametrize(
    "what",
    [
        {"do": "call", "name": "home"},
        {"do": "call", "name": "my-pairs"},
        {"do": "call", "name": "no-such-thing"},
        {"do": "press", "token": "line.leave"},
        {"do": "press", "token": "go", "values": ["line.leave"]},
        {"do": "send", "token": "join.about", "filled": {}},
    ],
)
async def test_what_an_officer_has_as_a_member_is_not_reached_from_here(office: Office, what: dict[str, Any]) -> None:
    """A session that fell into wrong hands is an officer's, and never the member's own."""
    visit = await office.entered(await office.society.officer())
    assert (await visit.asks(**what)).status == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"do": "call", "name": "queue"}',
        b'{"do": "press", "call": "00000000-0000-0000-0000-000000000001", "token": ""}',
        b'{"do": "press", "call": "00000000-0000-0000-0000-000000000001", "token": "go", "values": [":"]}',
    ],
)
async def test_what_our_page_cannot_have_said_is_refused(office: Office, body: bytes) -> None:
    visit = await office.entered(await office.society.officer())
    assert (await visit.posts("/ask", data=body)).status in (400, 403)


async def test_more_than_a_file_can_hold_is_refused(office: Office) -> None:
    visit = await office.entered(await office.society.officer())
    assert (await visit.posts("/ask", data=io.BytesIO(b"x" * 3_000_000))).status == 413


async def test_an_advisor_looks_and_changes_nothing(office: Office) -> None:
    society = office.society
    ada = await society.visitor("Ada Brandt")
    jonas = await society.mentor("Jonas Weil", approved=False)
    async with society.store.records(society.id) as records:
        advisor = await records.people.meet(ada.address, ada.name)
        await records.people.give_role(advisor.id, Role.ADVISOR)
        person = await records.people.at(jonas.address)
        assert person is not None
        await records.queue.open(QueueReason.APPROVE, society.clock.now(), person=person.id)
        (item,) = await records.queue.items()
    visit = await office.entered(ada)
    assert not (await desk_of(visit))["acts"]
    queue = json.loads(await (await visit.asks(do="call", name="queue")).text())
    assert "buttons" not in {block["kind"] for block in queue["message"]["blocks"]}
    await visit.asks(do="press", token=f"queue.approve:{item.id}")
    async with society.store.records(society.id) as records:
        assert await records.queue.items() == [item]
