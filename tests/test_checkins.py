"""Asking how it goes: a few taps in private, at the pair's own rhythm, with a line if they like."""

from datetime import timedelta

from bot.model import DAY
from bot.ports import Pressed
from bot.rehearsal import Actor
from tests.society import Society, words

MENTEE, MENTOR = "Have you and Ben been in touch", "Have you heard from Ana"


async def in_touch(harbor: Society) -> tuple[Actor, Actor]:
    """A pair in touch from the first day, on the day before its first check-in."""
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben)
    for wait in (timedelta(), 12 * DAY):
        await harbor.later(wait)
        await ana.speaks()
        await ben.speaks()
    return ana, ben


async def test_a_mentee_answers_in_three_taps(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    assert MENTEE in harbor.heard(ana)[-1]
    assert "Was it useful?" in words(await ana.presses("Yes"))
    assert "Anything to sort out?" in words(await ana.presses("Very"))
    assert "That's all" in words(await ana.presses("All good"))


async def test_a_mentor_answers_in_two(harbor: Society) -> None:
    _, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    assert MENTOR in harbor.heard(ben)[-1]
    assert "Room as agreed?" in words(await ben.presses("Yes"))
    assert "That's all" in words(await ben.presses("Same"))


async def test_what_does_not_apply_is_not_asked(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    assert "Anything to sort out?" in words(await ana.presses("Not lately"))
    assert "Are you having to chase?" in words(await ben.presses("Not lately"))


async def test_a_free_line_is_optional_and_private(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    for tap in ("Yes", "Very", "All good"):
        await ana.presses(tap)
    await ana.presses("Add a line")
    assert "for you alone" in words(await ana.fills(line="I passed orgo."))
    await harbor.later(30 * DAY)
    assert "orgo" not in "".join(harbor.heard(ben))


async def test_the_same_tap_twice_counts_once(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    yes, no = ana.button("Yes"), ana.button("Not lately")
    await ana.asks(Pressed(yes))
    assert "Was it useful?" in words(await ana.asks(Pressed(yes)))
    assert "Was it useful?" in words(await ana.asks(Pressed(no)))


async def test_nobody_answers_for_another(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    assert "Nothing was changed" in words(await ben.asks(Pressed(ana.button("Not lately"))))
    assert "Was it useful?" in words(await ana.presses("Yes"))


async def test_the_other_never_reads_an_answer(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    before = len(harbor.heard(ben))
    for tap in ("Yes", "Not really", "Topics"):
        await ana.presses(tap)
    await harbor.later(DAY)
    assert len(harbor.heard(ben)) == before


async def test_who_wants_an_officer_gets_one(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    await ana.presses("Not lately")
    assert "An officer will write to you" in words(await ana.presses("Talk to an officer"))
    assert "asked for a hand" in words(await olu.calls("queue"))


async def test_a_mentor_who_needs_a_pause_reaches_an_officer(harbor: Society) -> None:
    olu = await harbor.officer()
    _, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    await ben.presses("Yes")
    await ben.presses("I need a pause")
    assert "Ana Ruiz and Ben Okafor" in words(await olu.calls("queue"))


async def test_a_mentor_who_has_to_chase_is_relieved_and_the_mentee_is_asked(harbor: Society) -> None:
    ana, ben = await in_touch(harbor)
    await harbor.later(3 * DAY)
    await ben.presses("Not lately")
    await ben.presses("Yes")
    assert "I'll ask them; there is nothing for you to do" in words(await ben.presses("Same"))
    quiet_since, before = harbor.clock.now(), len(harbor.heard(ben))
    await harbor.later(4 * DAY)
    assert any("Ben wrote on" in said and "[I need a hand]" in said for said in harbor.heard(ana, quiet_since))
    assert len(harbor.heard(ben)) == before


async def test_a_missed_check_in_counts_and_the_mentee_is_asked_after(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    asked = harbor.clock.now()
    await harbor.later(8 * DAY)
    assert any("It has been quiet with Ben" in said for said in harbor.heard(ana, asked))


async def test_an_answered_check_in_is_no_silence(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    asked = harbor.clock.now()
    for tap in ("Yes", "Very", "All good"):
        await ana.presses(tap)
    await harbor.later(14 * DAY)
    assert not any("quiet with Ben" in said for said in harbor.heard(ana, asked))


async def test_a_mentor_is_asked_at_most_once_a_month(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await harbor.agreed(ana, ben, rhythm="weekly")
    for _ in range(80):
        await ana.speaks()
        await ben.speaks()
        await harbor.later(DAY)
    said = zip(harbor.paper.seen_by(ben.address), harbor.heard(ben), strict=True)
    first, second, *more = [shown.at for shown, text in said if MENTOR in text]
    assert second - first >= 30 * DAY
    assert len(more) <= 1


async def test_a_tap_on_an_ended_pairs_question_says_so_kindly(harbor: Society) -> None:
    ana, _ = await in_touch(harbor)
    await harbor.later(3 * DAY)
    tap = ana.button("Not lately")
    await ana.calls("my-pairs")
    await ana.presses("Not a fit")
    await ana.presses("End it")
    assert "Nothing was changed" in words(await ana.asks(Pressed(tap)))
