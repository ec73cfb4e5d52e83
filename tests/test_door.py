"""The one door: an answer in time or a sign that it is coming, once for each request, and nothing half done."""

import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

import pytest
import structlog
from sqlalchemy.exc import StatementError

from bot import logs
from bot.app import App
from bot.feature import Feature, Turn
from bot.model import DAY, Urgency
from bot.ports import Called, Pressed, Sent, Spoke
from bot.rehearsal import Actor
from bot.ui import Command, Form, Param, Private, Reply, Update, act, message
from tests.society import LETTER, Society, words

SECRET = "My grandmother's clinic"


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """The log as operators read it."""
    before, lines = structlog.get_config(), StringIO()
    logs.set_up()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(lines))
    yield lines
    structlog.configure(**before)


def with_a_bug(harbor: Society) -> None:
    """A feature that does half of its work and then breaks."""
    broken = Feature("broken")

    @broken.command(Command("break", "Breaks", (Param("words", "anything"),)))
    async def break_(turn: Turn, words: str) -> Reply:
        await turn.records.people.save_mentee(turn.who.id)
        await turn.tell(turn.who.id, message("You have been told."))
        raise ValueError(f"cannot use {words}")

    harbor.app = App(harbor.store, harbor.clock, harbor.app.pace, (*harbor.app.features, broken))


async def hurried(harbor: Society, actor: Actor) -> Actor:
    """The same member on a platform that waits for nothing."""
    return replace(actor, app=replace(harbor.app, patience=0))


# ── in time ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_quick_answer_needs_no_sign(harbor: Society) -> None:
    ana = await harbor.mentee()
    await ana.calls("find-mentor")
    assert ana.deferred == 0


async def test_a_slow_answer_is_announced_once_and_then_given(harbor: Society) -> None:
    ana = await hurried(harbor, await harbor.mentee())
    assert "Every mentor who fits is taken" in words(await ana.calls("find-mentor"))
    assert ana.deferred == 1


async def test_a_form_that_comes_too_late_waits_behind_a_button(harbor: Society) -> None:
    ana = await harbor.visitor("Ana Ruiz")
    await ana.calls("sign-up")
    slow = await hurried(harbor, ana)
    assert "Ready when you are" in words(await slow.presses("I'd like a mentor"))
    form = await ana.presses("Open")
    assert isinstance(form, Form)
    assert "screen 2 of 3" in words(await ana.fills())


async def test_a_waiting_form_opens_for_its_own_member_only(harbor: Society) -> None:
    ana, kim = await harbor.visitor("Ana Ruiz"), await harbor.visitor("Kim Lee")
    slow = await hurried(harbor, ana)
    await slow.calls("sign-up", **{"as": "mentee"})
    assert "Nothing was changed" in words(await kim.asks(Pressed(slow.button("Open"))))


async def test_a_name_the_platform_was_too_slow_to_say_is_learnt_the_next_time(harbor: Society) -> None:
    kim = await harbor.visitor("")
    await kim.calls("home")
    await replace(kim, name="Kim Lee").calls("home")
    assert (await harbor.person(kim)).name == "Kim Lee"


# ── once ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_same_request_again_is_not_done_again(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    await ana.fills(**LETTER)
    send = Pressed(ana.button("Send to Ben"))
    assert "Sent." in words(await ana.asks(send, key="event-7"))
    assert await ana.asks(send, key="event-7") is None
    await harbor.later(2 * DAY)
    assert len(harbor.heard(ben)) == 1


async def test_the_same_words_in_a_room_count_once(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    (room,) = harbor.paper.rooms
    for _ in range(2):
        assert await ana.asks(Spoke(room), key="event-8") is None


async def test_a_request_that_was_declined_may_come_again(harbor: Society) -> None:
    ana = await harbor.visitor("Ana Ruiz")
    for _ in range(2):
        assert "/sign-up" in words(await ana.asks(Called("find-mentor", {}), key="event-9"))


# ── nothing half done ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_bug_is_an_apology_and_leaves_nothing_half_done(harbor: Society, logged: StringIO) -> None:
    with_a_bug(harbor)
    kim = await harbor.visitor("Kim Lee")
    said = words(await kim.calls("break", words=SECRET))
    assert "Something went wrong on our side, and nothing was changed" in said
    assert SECRET not in said
    await harbor.later(DAY)
    assert harbor.heard(kim) == []
    assert "Welcome to mentorship" in words(await kim.calls("profile"))


async def test_the_log_names_the_action_the_place_and_the_code_but_no_members_words(
    harbor: Society, logged: StringIO
) -> None:
    with_a_bug(harbor)
    kim = await harbor.visitor("Kim Lee")
    said = words(await kim.calls("break", words=SECRET))
    line = logged.getvalue()
    assert '"action": "/break"' in line
    assert "ValueError" in line
    assert "test_door.py" in line
    assert said.rsplit(": ", 1)[1].rstrip(".") in line
    for private in (SECRET, "Kim", kim.address):
        assert private not in line


def test_what_libraries_log_of_an_exception_is_where_it_was_and_not_what_it_says() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        quoted = f"Task exception was never retrieved\nexception={error!r}"
        record = logging.LogRecord("asyncio", logging.ERROR, "", 0, quoted, None, sys.exc_info())
    line = logs.PlacesOnly().format(record)
    assert SECRET not in line
    assert line.startswith("ERROR:asyncio:ValueError < ")
    assert "test_door.py" in line


async def test_an_error_of_the_database_quotes_nobody(harbor: Society) -> None:
    with pytest.raises(StatementError) as error:
        async with harbor.store.records(harbor.id) as records:
            await records.post.say(message(SECRET), Urgency.NEWS, harbor.clock.now(), to=999)
    assert SECRET not in str(error.value)


async def test_after_a_bug_the_same_request_may_be_tried_again(harbor: Society, logged: StringIO) -> None:
    with_a_bug(harbor)
    kim = await harbor.visitor("Kim Lee")
    for _ in range(2):
        reply = await kim.asks(Called("break", {"words": "x"}), key="event-10")
        assert "Something went wrong" in words(reply)


# ── what nobody sent in good order ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "token",
    [
        "of.another.age:1",
        "intro.accept",
        "intro.accept:99999",
        "intro.accept:ben",
        "intro.accept:1:2:3",
        "form.open:1",
        "form.open:x",
        "form.open",
        "join.as:king",
        "join.edit:secrets",
        "ending.end:-1",
        "checkin.tap:1:touch:perhaps",
        "intro.accept:" + "9" * 40,
    ],
)
async def test_a_button_we_never_made_says_so_kindly(harbor: Society, token: str) -> None:
    ana = await harbor.mentee()
    name, *args = token.split(":")
    for what in (Pressed(act(name, *args)), Pressed(act(name, *args), ("a", "b"))):
        assert words(await ana.asks(what)) == "That button has had its day. Nothing was changed. Where you stand: /home"


async def test_a_form_we_never_showed_says_so_kindly(harbor: Society) -> None:
    ana = await harbor.mentee()
    for action in (act("join.save", "limits"), act("intro.write", 99), act("nothing.here")):
        assert "Nothing was changed" in words(await ana.asks(Sent(action, {"need": ("x",), "x": ()})))


async def test_a_press_sent_as_a_form_is_no_way_around(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    assert "Nothing was changed" in words(await ben.asks(Sent(ben.button("Accept"), {})))
    assert "Nothing was changed" in words(await olu.asks(Sent(act("officer.end", 1), {})))
    assert await harbor.pairs(ana) == []


async def test_an_unknown_command_is_named_as_one(harbor: Society) -> None:
    assert "I don't know that command" in words(await (await harbor.mentee()).calls("dance"))


async def test_a_place_nobody_set_up_says_so(harbor: Society) -> None:
    lost = replace(await harbor.visitor("Kim"), place="paper:elsewhere")
    assert "has not been set up" in words(await lost.calls("sign-up"))


async def test_words_in_a_room_that_is_not_theirs_count_for_nothing(harbor: Society) -> None:
    ana, ben, kim = await harbor.mentee(), await harbor.mentor(), await harbor.visitor("Kim")
    await harbor.paired(ana, ben)
    (room,) = harbor.paper.rooms
    assert await kim.asks(Spoke(room)) is None
    assert await ana.asks(Spoke("paper:room/nowhere")) is None
    await harbor.later(4 * DAY)
    assert any("first hello" in said for said in harbor.heard(ana))


async def test_a_press_answers_on_the_message_that_was_pressed(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    assert isinstance(await ana.calls("find-mentor"), Private)
    assert isinstance(await ben.presses("Not now"), Update)
