"""Whatever members type is data: shown to the letter, without power, and nothing breaks on it."""

import pytest

from bot.model import DAY
from bot.rehearsal import Actor
from bot.ui import Form, TextField
from tests.society import LETTER, Society, words

LITERAL = {
    "ping": "@everyone @here <@123456> come to my talk, all of you",
    "channel": "<!channel> <!here> <#C123|general> hello to all of you",
    "markdown": "**bold** _it_ ~~no~~ `code` # title [me](https://evil.example) > x",
    "html": "<script>alert('x')</script> <b>hi</b> &amp; <img src=x onerror=y>",
    "emoji": "👩🏽‍⚕️ 🏳️‍🌈 🇺🇸 I care about children and their families 👨‍👩‍👧‍👦",
    "arabic": "أريد أن أصبح طبيبة أطفال وأخدم عائلتي والناس من حولي هنا",
    "template": "{name} {0} %s ${x} {{y}} and what else a format could eat",
    "colon": "a:b:c:d and ::: and more colons: than anyone would ever need",
}
LONG = {
    "letters": "x" * 10_000,
    "emoji": "👩🏽‍⚕️" * 2_500,
    "lines": "x\n" * 5_000,
    "pings": "@everyone " * 1_000,
    "markdown": "**_~`" * 2_000,
    "html": "<b>&</b>" * 1_250,
}
RTL = "I would like to \u202egnihtemos\u202c say \u2066here\u2069 with no\u200f tricks"
ZERO_WIDTH = "zero\u200bwidth\u200bwords, which one can read well enough, I think"
INVISIBLE = "\u200b\u2060\u200d\ufeff \u200b"


async def sends(mentee: Actor, text: str) -> str:
    """The preview of an introduction that says this everywhere; it is sent if it may be."""
    await mentee.calls("find-mentor")
    await mentee.presses("Ask Ben")
    preview = words(await mentee.fills(need=text, ask=text, motivation=text, why=text, academics="range"))
    if "[Send to Ben]" in preview:
        await mentee.presses("Send to Ben")
    return preview


async def renamed(actor: Actor, text: str) -> str:
    """Name and school say this."""
    await actor.calls("profile")
    await actor.presses("About you")
    return words(await actor.fills(name=text, school=text, adult="yes"))


@pytest.mark.parametrize("text", LITERAL.values(), ids=LITERAL.keys())
async def test_an_introduction_is_read_to_the_letter(harbor: Society, text: str) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    assert (await sends(ana, text)).count(text) == 4
    await harbor.settle()
    assert harbor.heard(ben)[0].count(text) == 4
    await ben.presses("Accept")
    await harbor.settle()
    assert harbor.heard(ana)[0].count(text) == 4


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
async def test_a_very_long_paste_is_cut_and_says_so_with_three_dots(harbor: Society, text: str) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    assert (await sends(ana, text)).count("…") >= 4
    await harbor.settle()
    assert "…" in harbor.heard(ben)[0]
    await ben.presses("Accept")
    await harbor.settle()
    assert "…" in harbor.heard(ana)[0]


async def test_marks_that_turn_text_around_are_taken_out(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await sends(ana, RTL)
    await harbor.settle()
    assert "I would like to gnihtemos say here with no tricks" in harbor.heard(ben)[0]


async def test_words_with_zero_width_marks_are_words(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await sends(ana, ZERO_WIDTH)
    await harbor.settle()
    assert "words, which one can read well enough" in harbor.heard(ben)[0]


async def test_text_that_nobody_can_see_is_no_text(harbor: Society) -> None:
    ana, _ = await harbor.mentee(), await harbor.mentor()
    assert "It still needs" in await sends(ana, INVISIBLE * 20)
    assert "needs a few words" in await renamed(ana, INVISIBLE)


@pytest.mark.parametrize("text", [*LITERAL.values(), *LONG.values(), RTL, ZERO_WIDTH])
async def test_a_name_and_a_school_may_read_like_anything(harbor: Society, text: str) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor("Ben")
    for someone in (ana, ben):
        assert "this is what you can change" in await renamed(someone, text)
    await ana.calls("find-mentor")
    await ana.presses(next(label for label in labels(ana) if label.startswith("Ask ")))
    await ana.fills(**LETTER)
    await ana.presses(next(label for label in labels(ana) if label.startswith("Send to ")))
    await harbor.settle()
    await ben.presses("Accept")
    await harbor.later(11 * DAY)
    assert "Nothing needs you" not in words(await olu.calls("queue"))
    assert "[I wrote]" in words(await ana.calls("my-pairs"))
    answers = [reply for actor in (olu, ana, ben) for reply in actor.replies]
    assert not any("went wrong" in words(reply) for reply in answers if not isinstance(reply, Form))


@pytest.mark.parametrize("text", [*LITERAL.values(), *LONG.values(), RTL, ZERO_WIDTH, INVISIBLE, ""])
async def test_a_platforms_own_name_for_someone_may_read_like_anything(harbor: Society, text: str) -> None:
    kim = await harbor.visitor(text)
    await kim.calls("sign-up")
    form = await kim.presses("I'd like to mentor")
    assert isinstance(form, Form)
    name = form.fields[0]
    assert isinstance(name, TextField)
    assert len(name.value) <= 60


@pytest.mark.parametrize("text", LITERAL.values(), ids=LITERAL.keys())
async def test_an_officers_note_is_read_to_the_letter(harbor: Society, text: str) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await olu.calls("pair", mentor=ben.address, mentee=ana.address, note=text)
    await harbor.settle()
    assert text in harbor.heard(ana)[0]


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
async def test_an_officers_long_note_is_cut(harbor: Society, text: str) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await olu.calls("pair", mentor=ben.address, mentee=ana.address, note=text)
    await harbor.settle()
    assert "…" in harbor.heard(ana)[0]


@pytest.mark.parametrize("text", [*LITERAL.values(), *LONG.values(), RTL, INVISIBLE])
async def test_a_line_after_a_check_in_may_be_anything(harbor: Society, text: str) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await ana.speaks()
    await ben.speaks()
    await harbor.later(15 * DAY)
    for tap in ("Yes", "Very", "All good"):
        await ana.presses(tap)
    await ana.presses("Add a line")
    assert "for you alone" in words(await ana.fills(line=text))


@pytest.mark.parametrize("text", [*LITERAL.values(), *LONG.values(), RTL, INVISIBLE])
async def test_a_commands_words_may_be_anything(harbor: Society, text: str) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    for reply in (
        await ana.calls("find-mentor", field=text),
        await ana.calls("time-off", until=text),
        await ana.calls("sign-up", **{"as": text}),
        await olu.calls("pair", mentor=text, mentee=text),
        await ana.calls(text),
    ):
        assert not isinstance(reply, Form)
        assert "went wrong" not in words(reply)


def labels(actor: Actor) -> list[str]:
    """The buttons of the newest answer."""
    from bot.rehearsal import controls

    return [label for label, *_ in controls(next(actor.sees()))]
