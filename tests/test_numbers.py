"""Officers' numbers are those of the records."""

import pytest

from bot.model import DAY
from tests.society import Society, words


@pytest.mark.sr("SR-1.b")
async def test_officers_see_how_many_joined_asked_are_paired_and_meet(harbor: Society) -> None:
    olu = await harbor.officer()
    ana, cy, _ = await harbor.mentee(), await harbor.mentee("Cy Lund"), await harbor.mentee("Zoe Hart")
    await harbor.mentee("Una Done", phase=None)
    ben, dee = await harbor.mentor(), await harbor.mentor("Dee Park")
    await harbor.paired(ana, ben)
    await harbor.asked(cy, dee)
    said = words(await olu.calls("numbers"))
    assert "Mentees: 3 joined, 2 asked someone, 1 in a pair now, of these 0 met." in said
    assert "Mentors: 2 joined, 2 asked by someone, 1 in a pair now, of these 0 met." in said
    await ana.calls("my-pairs")
    await ana.presses("We met")
    assert "1 in a pair now, of these 1 met." in words(await olu.calls("numbers"))
    assert "for the society's officers" in words(await ana.calls("numbers"))


@pytest.mark.sr("SR-6.b")
async def test_officers_see_how_pairs_ended_and_which_questions_were_in_conflict(harbor: Society) -> None:
    olu = await harbor.officer()
    for name, other, ends in (("Ana Ruiz", "Ben", "fit"), ("Cy Lund", "Dee", "done"), ("Ida Roe", "Gil", "quiet")):
        mentee, mentor = await harbor.mentee(name), await harbor.mentor(f"{other} Okafor")
        await harbor.paired(mentee, mentor)
        if ends == "fit":
            await mentee.presses("What I expect (2 minutes)")
            await mentee.fills(rhythm="weekly", in_person="yes")
            await mentee.presses("Go on")
            await mentee.fills(topics=("strategy",))
            await mentor.presses("What I expect (2 minutes)")
            await mentor.fills(rhythm="monthly", in_person="no")
            await mentor.presses("Go on")
            await mentor.fills(topics=("strategy",))
        if ends == "quiet":
            await harbor.later(20 * DAY)
            assert "no first word yet" in words(await olu.calls("queue"))
        await mentee.calls("my-pairs")
        await mentee.presses("Not a fit")
        await mentee.presses("End it")
        if ends != "quiet":
            await mentee.presses("Tell an officer why")
            await mentee.fills(why=ends, words="A private word.")
        await harbor.later(DAY)
    said = words(await olu.calls("numbers"))
    for line in ("Pairs that ended: 3", "1 came to their planned end", "1 were not the right fit", "1 had gone quiet"):
        assert line in said
    assert "In person: in one pair" in said
    assert "A private word" not in said
    assert "Ana" not in said
