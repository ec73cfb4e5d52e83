"""The introduction: prepared, previewed, sent, answered or left, always in kind words."""

from datetime import timedelta
from pathlib import Path

from bot.model import DAY
from bot.ports import Pressed
from bot.ui import Form, TextField
from bot.vocabulary import Help
from tests.society import LETTER, Society, harborview, words
from tests.stores import open_sqlite


async def test_the_mentee_sees_every_word_before_the_mentor_does(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    preview = words(await ana.fills(**LETTER))
    assert "Nothing is sent until you say so" in preview
    await harbor.later(DAY)
    assert harbor.heard(ben) == []

    assert "Ben has a week to answer" in words(await ana.presses("Send to Ben"))
    await harbor.later(timedelta(hours=1))
    (request,) = harbor.heard(ben)
    for field in ("need", "ask", "motivation", "why"):
        assert LETTER[field] in preview
        assert LETTER[field] in request


async def test_what_is_missing_is_named_and_the_draft_is_kept(harbor: Society) -> None:
    ana, _ = await harbor.mentee(), await harbor.mentor()
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    said = words(await ana.fills(**LETTER | {"need": "help me", "academics": ""}))
    assert "your need in one concrete line" in said
    assert "whether you would share grades and scores" in said
    assert "[Send to Ben]" not in said
    form = await ana.presses("Change it")
    assert isinstance(form, Form)
    assert [field.value for field in form.fields if isinstance(field, TextField)][:2] == ["help me", LETTER["ask"]]


async def test_what_the_mentor_would_rather_not_do_is_said_beforehand(harbor: Society) -> None:
    ana, _ = await harbor.mentee(), await harbor.mentor(wont=(Help.SHADOWING,))
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    assert "Ben has said they would rather not help with shadowing" in words(await ana.fills(**LETTER))


async def test_one_open_request_at_a_time(harbor: Society) -> None:
    ana, ben, cai = await harbor.mentee(), await harbor.mentor("Ben"), await harbor.mentor("Cai")
    await harbor.asked(ana, ben)
    await ana.calls("find-mentor")
    assert "You have asked someone already" in words(await ana.presses("Ask Cai"))
    await harbor.later(DAY)
    assert harbor.heard(cai) == []


async def test_two_drafts_at_once_are_one_request(harbor: Society) -> None:
    ana, ben, cai = await harbor.mentee(), await harbor.mentor("Ben"), await harbor.mentor("Cai")
    for name in ("Ben", "Cai"):
        await ana.calls("find-mentor")
        await ana.presses(f"Ask {name}")
        await ana.fills(**LETTER)
    await ana.presses("Send to Cai")
    assert "You have asked someone already" in words(await ana.presses("Send to Ben"))
    await harbor.later(DAY)
    assert (len(harbor.heard(ben)), len(harbor.heard(cai))) == (0, 1)


async def test_a_double_press_on_send_asks_once(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    await ana.fills(**LETTER)
    send = ana.button("Send to Ben")
    for _ in range(2):
        assert "Sent." in words(await ana.asks(Pressed(send)))
    await harbor.later(timedelta(days=2))
    assert len(harbor.heard(ben)) == 1


async def test_acceptance_posts_the_introduction_in_the_room_and_says_who_writes_first(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    room = harbor.heard(ana)[-1]
    assert room == harbor.heard(ben)[-1]
    assert LETTER["need"] in room
    assert "Ana, you write first" in room


async def test_an_accept_pressed_by_someone_else_is_refused_kindly(harbor: Society) -> None:
    ana, ben, cai = await harbor.mentee(), await harbor.mentor("Ben"), await harbor.mentor("Cai")
    await harbor.asked(ana, ben)
    for stranger in (cai, ana):
        assert "Nothing was changed" in words(await stranger.asks(Pressed(ben.button("Accept"))))
    assert await harbor.pairs(ana) == []
    assert "You and Ana are a pair" in words(await ben.presses("Accept"))


async def test_a_send_pressed_by_someone_else_is_refused_kindly(harbor: Society) -> None:
    ana, bea, ben = await harbor.mentee(), await harbor.mentee("Bea"), await harbor.mentor()
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    await ana.fills(**LETTER)
    assert "Nothing was changed" in words(await bea.asks(Pressed(ana.button("Send to Ben"))))
    await harbor.settle()
    assert harbor.heard(ben) == []


async def test_the_mentor_is_reminded_after_72_hours_and_it_lapses_after_7_days(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    start = harbor.clock.now()
    await harbor.asked(ana, ben)
    await harbor.later(21 * DAY)
    _, reminder = harbor.paper.seen_by(ben.address)
    assert reminder.at == start + timedelta(hours=72)
    assert "Ana is still hoping for a word" in harbor.heard(ben)[1]
    (lapsed,) = harbor.paper.seen_by(ana.address)
    assert lapsed.at == start + 7 * DAY
    assert "had its day" in words(await ben.presses("Accept"))
    assert await harbor.pairs(ana) == []


async def test_an_answered_request_is_not_reminded_of(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    await ben.presses("Not now")
    await harbor.later(14 * DAY)
    assert len(harbor.heard(ben)) == 1


async def test_the_mentee_cannot_tell_not_now_from_not_for_me_from_silence(tmp_path: Path) -> None:
    async def heard_after(answer: str) -> list[str]:
        async with open_sqlite(tmp_path / f"{answer}.db") as store, harborview(store) as harbor:
            ana, ben = await harbor.mentee(), await harbor.mentor("Ben")
            await harbor.mentor("Cai")
            await harbor.asked(ana, ben)
            if answer != "silence":
                assert "no reason" in words(await ben.presses(answer))
            await harbor.later(8 * DAY)
            return harbor.heard(ana)

    said = [await heard_after(answer) for answer in ("Not now", "Not for me", "silence")]
    assert said[0] == said[1] == said[2]
    (only,) = said[0]
    assert "Ben can't take this on at the moment. That is about time, not about you." in only
    assert "[Ask Cai]" in only


async def test_the_words_are_kept_for_the_next_mentor(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor("Ben")
    await harbor.mentor("Cai")
    await harbor.asked(ana, ben)
    await ben.presses("Not now")
    await harbor.settle()
    form = await ana.presses("Ask Cai")
    assert isinstance(form, Form)
    assert LETTER["need"] in [field.value for field in form.fields if isinstance(field, TextField)]


async def test_a_mentor_whose_places_are_gone_is_told_how_to_make_one(harbor: Society) -> None:
    ana, bea, ben = await harbor.mentee(), await harbor.mentee("Bea"), await harbor.mentor(capacity=1)
    await harbor.asked(ana, ben)
    accept = ben.button("Accept")
    await harbor.asked(bea, ben)
    await harbor.later(DAY)
    await ben.presses("Accept")
    assert "Your places are all taken" in words(await ben.asks(Pressed(accept)))
    assert await harbor.pairs(ana) == []

    await ben.calls("profile")
    await ben.presses("Your limits")
    await ben.fills(capacity="2")
    assert "You and Ana are a pair" in words(await ben.asks(Pressed(accept)))


async def test_not_now_after_accepting_changes_nothing(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    refuse = ben.button("Not now")
    await ben.presses("Accept")
    assert "Nothing was changed" in words(await ben.asks(Pressed(refuse)))
    assert len(await harbor.pairs(ana)) == 1
