"""A phone number, a score and a note, followed through everything people do: nobody else ever comes across them."""

import json
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.logs import set_up
from bot.model import DAY
from bot.ports import Called, Pressed
from bot.rehearsal import Actor
from bot.ui import File, Form, act, form_json, message_json
from storage.store import SqlStore
from storage.tables import METADATA
from tests.society import Society

PHONE, MENTEES_PHONE, SCORE, NOTE = "+1 646 555 0182", "+1 917 555 0133", "523", "canary-note-7c1f"
EMAIL = "canary-7c1f@harborview.example.org"
VALUES = (PHONE, MENTEES_PHONE, f"MCAT {SCORE}", NOTE, EMAIL)


@pytest.fixture
def loud() -> Iterator[None]:
    """Logging as a society's own, at its most talkative."""
    root, before = logging.getLogger(), logging.getLogger().level
    set_up("DEBUG")
    yield
    root.setLevel(before)


def found_in(text: str) -> list[str]:
    return [value for value in VALUES if value in text]


def read_by(harbor: Society, actor: Actor) -> str:
    """All that someone was answered, and all that was sent to them, privately, in rooms and in channels."""
    forms = [form_json(reply) for reply in actor.replies if isinstance(reply, Form)]
    answers = [reply.message for reply in actor.replies if not isinstance(reply, Form)]
    messages = [*answers, *(shown.message for shown in harbor.paper.seen_by(actor.address))]
    files = [block.data.decode() for said in messages for block in said.blocks if isinstance(block, File)]
    return "\n".join([*forms, *map(message_json, messages), *files])


async def stored(harbor: Society) -> str:
    """Every row of every table, with what is to be said, on record and in the queue, as bare text."""
    assert isinstance(harbor.store, SqlStore)
    async with harbor.store.engine.connect() as connection:
        rows = [
            [str(value) for value in row]
            for table in METADATA.tables.values()
            for row in (await connection.execute(select(table))).all()
        ]
    return json.dumps(rows)


async def looks_everywhere(actor: Actor, pair: int) -> None:
    """Everything someone could try to come across what is not theirs."""
    for command in ("home", "my-pairs", "queue", "find-mentor", "profile", "agreements", "my-data"):
        await actor.asks(Called(command, {}))
    await actor.asks(Pressed(act("privacy.all")))
    for press in ("reach.show", "reach.look", "reach.looks", "grades.open", "grades.write", "pair.show"):
        await actor.asks(Pressed(act(press, pair)))


@pytest.mark.sr("SR-15.a", "SR-20.b")
@pytest.mark.usefixtures("loud")
async def test_what_is_private_is_nowhere_but_before_the_eyes_it_was_given_to(
    harbor: Society, capfd: pytest.CaptureFixture[str]
) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    cai, eve, olu = await harbor.mentor("Cai Moreau"), await harbor.mentee("Eve Lund"), await harbor.officer()
    pair, other = await harbor.paired(ana, ben), await harbor.paired(ana, cai)

    await ben.asks(Pressed(act("reach.allow", pair.id)))
    await ben.fills(ways=("text", "phone", "email"), number=PHONE, email=EMAIL)
    await ana.asks(Pressed(act("reach.allow", pair.id)))
    await ana.fills(ways=("phone",), number=MENTEES_PHONE)
    await ana.asks(Pressed(act("grades.write", pair.id)))
    await ana.fills(words=f"MCAT {SCORE}, and {NOTE}.")
    for actor, press in ((ana, "reach.look"), (ben, "reach.look"), (ben, "grades.open")):
        await actor.asks(Pressed(act(press, pair.id)))
    await ben.asks(Pressed(act("privacy.all")))
    assert set(found_in(read_by(harbor, ana))) == {PHONE, EMAIL}
    # The mentor's own export holds their own number, and what the mentee showed only as it was shown.
    assert set(found_in(read_by(harbor, ben))) == set(VALUES)
    handed = read_by(harbor, ben).rpartition("about you")[2]
    assert set(found_in(handed)) == {PHONE, EMAIL}

    for stranger in (cai, eve, olu):
        await looks_everywhere(stranger, pair.id)
    await looks_everywhere(cai, other.id)
    await ben.asks(Pressed(act("reach.allow", pair.id)))
    await ben.fills(ways=("text",), number="not a number " + PHONE)
    await harbor.later(20 * DAY)
    await ben.asks(Pressed(act("reach.revoke", pair.id)))
    await ana.asks(Pressed(act("grades.withdraw", pair.id)))
    await olu.calls("unpair", mentor=ben.address, mentee=ana.address)
    await olu.presses("End it")
    await harbor.later(2 * DAY)

    for stranger in (cai, eve, olu):
        assert found_in(read_by(harbor, stranger)) == []
    sent = "\n".join(message_json(shown.message) for shown in harbor.paper.shown)
    assert found_in(sent) == []  # every channel, room and private message that the bot began
    assert found_in(await stored(harbor)) == []
    written = capfd.readouterr()
    assert found_in(written.out + written.err) == []


@pytest.mark.sr("SR-15.a", "SR-20.b")
async def test_while_it_is_shared_the_database_holds_it_only_under_seal(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    pair = await harbor.paired(ana, ben)
    await ben.asks(Pressed(act("reach.allow", pair.id)))
    await ben.fills(ways=("text", "email"), number=PHONE, email=EMAIL)
    await ana.asks(Pressed(act("grades.write", pair.id)))
    await ana.fills(words=f"MCAT {SCORE}, and {NOTE}.")
    assert found_in(await stored(harbor)) == []
