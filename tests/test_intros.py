"""The introduction: prepared, previewed, sent, answered or left, always in kind words."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import DAY
from bot.ports import Pressed
from bot.ui import Form, TextField
from bot.vocabulary import Format, Help, Window
from tests.society import LETTER, Society, harborview, words
from tests.stores import open_sqlite


@pytest.mark.sr("SR-14.a", "SR-14.b")
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


@pytest.mark.sr("SR-16.a")
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


@pytest.mark.sr("SR-18.a", "SR-40.a")
async def test_what_the_mentor_would_rather_not_do_or_does_not_offer_is_said_beforehand(harbor: Society) -> None:
    ana = await harbor.mentee(wants=(Help.STRATEGY, Help.SHADOWING, Help.MCAT))
    await harbor.mentor(wont=(Help.SHADOWING, Help.LETTERS))
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    preview = words(await ana.fills(**LETTER))
    assert "Ben has said they would rather not help with shadowing." in preview
    assert "They don't list MCAT among what they offer." in preview
    limits = "about 2 hours a month, by video call or chat only, answers within 3 days; not shadowing or letters."
    assert f"What they can give: {limits}" in preview


@pytest.mark.sr("SR-39.a", "SR-19.a")
async def test_the_mentor_reads_where_the_mentee_is_and_what_they_hope_for(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    (request,) = harbor.heard(ben)
    assert "Ana Ruiz · Second year · Harborview" in request
    assert "video call, every month. Best: weekday evenings, Eastern (New York)." in request


@pytest.mark.sr("SR-17.a")
async def test_the_ask_stands_in_the_first_third_however_short_the_rest_is(harbor: Society) -> None:
    ana, ben = await harbor.mentee("A" * 60, school="S" * 80), await harbor.mentor("Dr. " + "B" * 50 + " " + "O" * 50)
    await ana.calls("find-mentor")
    await ana.presses("Ask " + "B" * 40)
    short = {"need": "Which of two summers, lab or clinic, to take", "ask": "Lab or clinic first?", "why": ""}
    await ana.fills(**short, motivation="I like being of use.", academics="not_now")
    await ana.presses("Send to " + "B" * 40)
    await harbor.settle()
    (request,) = harbor.heard(ben)
    letter = request.partition("as a mentor.\n")[2].partition("\n[Accept]")[0]
    assert letter.index("Lab or clinic first?") < len(letter) / 3


@pytest.mark.sr("SR-14.a")
async def test_the_copy_for_an_email_is_what_the_mentor_reads_word_for_word(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor("Dr. Ben Okafor")
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    await ana.fills(**LETTER)
    await ana.presses("Greeting, links, more")
    assert "linkedin.com/in/ana" in words(
        await ana.fills(effort="Questions the day before.", links="https://linkedin.com/in/ana")
    )
    before = words(await ana.presses("Copy for an e-mail"))
    await ana.presses("Send to Ben")
    after = words(await ana.presses("Copy for an e-mail"))
    await harbor.settle()
    (request,) = harbor.heard(ben)
    first, _, copied = before.partition("\n")
    delivered = request.partition("as a mentor.\n")[2].partition("\n[Accept]")[0]
    assert before == after
    assert first == "The same words, for an e-mail:"
    assert copied == delivered.replace("> ", "")
    assert copied.startswith("Dear Dr. Okafor,\nWhat I ask\nWhich of my two")


async def test_a_poor_draft_may_be_sent_after_a_word_about_it_and_a_good_one_is_ready(harbor: Society) -> None:
    ana, _ = await harbor.mentee(), await harbor.mentor()
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    almost = words(await ana.fills(**LETTER | {"why": ""}))
    assert "Almost ready for Ben." in almost
    assert "Say why this mentor and not another." in almost
    assert "[Send to Ben]" in almost
    await ana.presses("Change it")
    await ana.fills(**LETTER)
    await ana.presses("Greeting, links, more")
    ready = words(await ana.fills(effort="My questions come the day before, and I answer within two days."))
    assert "This is what Ben will read." in ready
    assert "Better still" not in ready


@pytest.mark.sr("SR-20.a")
async def test_a_school_can_wait_for_the_yes(harbor: Society) -> None:
    ana, ben = await harbor.mentee(school="Lakeside College"), await harbor.mentor()
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    await ana.fills(**LETTER)
    await ana.presses("Greeting, links, more")
    await ana.fills(school="later")
    await ana.presses("Send to Ben")
    await harbor.settle()
    assert "Lakeside" not in harbor.heard(ben)[0]
    await ben.presses("Accept")
    await harbor.settle()
    assert "Lakeside College" in harbor.heard(ben)[-1]


@pytest.mark.sr("SR-21.a")
async def test_the_same_words_to_a_second_mentor_are_noticed_kindly(harbor: Society) -> None:
    ana, ben, _ = await harbor.mentee(), await harbor.mentor("Ben"), await harbor.mentor("Cai")
    await harbor.asked(ana, ben)
    await ben.presses("Not now")
    await harbor.settle()
    await ana.presses("Ask Cai")
    same = words(await ana.fills(why=LETTER["why"]))
    assert "Ben got nearly the same words. One line meant for this mentor alone goes further." in same
    assert "[Send to Cai]" in same
    await ana.presses("Change it")
    own = await ana.fills(why="Your talk on rural clinics is why I want to spend this whole summer in one of them.")
    assert "the same words" not in words(own)


async def test_the_longest_words_still_make_one_message_for_everyone(harbor: Society) -> None:
    swollen = "&<*_" * 100
    ana = await harbor.mentee(
        swollen[:60], school=swollen[:80], wants=(Help.SHADOWING, Help.SPECIALTY, Help.STRATEGY), windows=tuple(Window)
    )
    ben = await harbor.mentor(
        "Ben " + swollen[:56], offers=(Help.MCAT,), wont=tuple(Help)[:12], formats=tuple(Format), channels=()
    )
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    await ana.fills(need=swollen, ask=swollen, motivation=swollen, why=swollen, academics="range")
    await ana.presses("Greeting, links, more")
    preview = words(await ana.fills(opening=swollen, effort=swollen, links=swollen, closing=swollen, school="show"))
    assert "would rather not help with" in preview
    assert "Better still" in preview
    await ana.presses("Copy for an e-mail")
    await ana.presses("Send to Ben")
    await harbor.settle()
    await ben.presses("Accept")
    await harbor.settle()
    assert "you are a pair" in harbor.heard(ana)[-1]
    assert not [reply for reply in ana.replies if not isinstance(reply, Form) and "went wrong" in words(reply)]


@pytest.mark.sr("SR-21.a")
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


async def test_what_is_sent_is_what_was_seen(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await ana.calls("find-mentor")
    await ana.presses("Ask Ben")
    await ana.fills(**LETTER)
    sends_the_older = ana.button("Send to Ben")
    await ana.presses("Change it")
    await ana.fills(**LETTER | {"ask": "May I send you one page of my essay to look at?"})
    assert "one page of my essay" in words(await ana.asks(Pressed(sends_the_older)))
    await harbor.settle()
    assert harbor.heard(ben) == []
    await ana.presses("Send to Ben")
    await harbor.settle()
    assert "one page of my essay" in harbor.heard(ben)[-1]


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
    late = words(await ben.presses("Accept"))
    assert late == "This request is over, and Ana was shown other names. Who still looks can ask you again."
    assert await harbor.pairs(ana) == []


async def test_a_request_can_be_taken_back_from_home(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    await ana.calls("find-mentor")
    assert "To see it or take it back: /home" in words(await ana.presses("Ask Ben"))
    await ana.calls("home")
    assert "Taken back. See who else fits: /find-mentor" in words(await ana.presses("Take it back"))
    assert words(await ben.presses("Accept")) == "Ana has taken this request back. Nothing for you to do."
    assert await harbor.pairs(ana) == []


async def test_an_answered_request_is_not_reminded_of(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    await ben.presses("Not now")
    await harbor.later(14 * DAY)
    assert len(harbor.heard(ben)) == 1


@pytest.mark.sr("SR-23.a")
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
    kept = {field.name: field.value for field in form.fields if isinstance(field, TextField)}
    assert kept == {name: LETTER[name] for name in ("need", "ask", "motivation")} | {"why": ""}
    await ana.fills()
    await ana.presses("Greeting, links, more")
    more = ana.replies[-1]
    assert isinstance(more, Form)
    assert next(field.value for field in more.fields if isinstance(field, TextField)) == "Dear Cai,"


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
