"""Announcements: seen before they go, sent once, at everyone's own hour, and to nobody twice in a week."""

import asyncio
from datetime import date, timedelta

from bot.model import DAY, Urgency
from bot.rehearsal import Actor
from bot.ui import Form, message
from bot.vocabulary import Phase
from tests.society import Society, words

KICKOFF = "Kickoff is on *Friday* at 6 in <@everyone> hall.\n\nBring a friend, and [a question](https://x.example)."


async def written(officer: Actor, said: str = KICKOFF, **to: str | tuple[str, ...]) -> str:
    """An officer writes one; what they are shown."""
    await officer.calls("announce")
    assert isinstance(await officer.presses("Write one"), Form)
    return words(await officer.fills(words=said, **to))


async def test_what_officers_write_is_shown_with_its_number_of_readers_and_sent_with_one_tap(harbor: Society) -> None:
    olu, ana, cai, ben = (
        await harbor.officer(), await harbor.mentee(), await harbor.mentee("Cai Wu", phase=Phase.APPLYING),
        await harbor.mentor(),
    )  # fmt: skip
    async with harbor.store.records(harbor.id) as records:
        await records.people.save_mentee((await records.people.add("Dee Park")).id)
    shown = await written(olu, whom="mentees")
    assert shown.startswith(
        "This is what they will read. Mentees: 2 people.\nFrom Olu Mensah, for the officers of Harb"
    )
    assert [line for line in shown.split("\n") if line.startswith("> ")] == [
        f"> {line}" for line in KICKOFF.split("\n")
    ]
    assert "1 person on your sheets never came by" in shown
    assert harbor.heard(ana) == []
    await olu.presses("Change it")
    assert "Mentees · Applying this cycle: 1 person." in words(await olu.fills(whom="mentees", phases="applying"))
    assert "Mentees: 0 people so far" not in words(await olu.presses("Send to 1 person"))
    await harbor.settle()
    (heard,) = harbor.heard(cai)
    assert heard == "From Olu Mensah, for the officers of Harborview:\n" + "\n".join(
        f"> {line}" for line in KICKOFF.split("\n")
    )
    assert (harbor.heard(ana), harbor.heard(ben), harbor.heard(olu)) == ([], [], [])
    assert "1 person so far, 0 still to come" in words(await olu.calls("announce"))
    assert "Olu Mensah: sent an announcement" in words(await olu.calls("audit"))


async def test_nobody_reads_two_within_seven_days_and_the_preview_says_who_is_left_out(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await written(olu, whom="mentors")
    await olu.presses("Send to 1 person")
    assert "Mentors: 0 people." in await written(olu, "Another", whom="mentors")
    await harbor.settle()
    shown = await written(olu, "To all", whom="everyone")
    assert "Everyone: 1 person." in shown
    assert "1 person had an announcement less than a week ago and will not get this one." in shown
    await olu.presses("Send to 1 person")
    await harbor.later(6 * DAY)
    assert (len(harbor.heard(ana)), len(harbor.heard(ben))) == (1, 1)
    # A week after the first, within two days: it waits for the very hour.
    assert "Mentors: 1 person." in await written(olu, "Next week", whom="mentors")
    await olu.presses("Send to 1 person")
    await harbor.settle()
    assert len(harbor.heard(ben)) == 1
    await harbor.later(DAY)
    first, second = harbor.paper.seen_by(ben.address)
    assert second.at - first.at >= 7 * DAY


async def test_it_waits_for_the_morning_and_for_whoever_is_away_and_not_for_ever(harbor: Society) -> None:
    back, gone = harbor.clock.now().date() + 4 * DAY, harbor.clock.now().date() + 20 * DAY
    olu, ana = await harbor.officer(), await harbor.mentee(away_until=back, away_since=harbor.clock.now())
    await harbor.mentee("Cai Wu", away_until=gone, away_since=harbor.clock.now())
    dee = await harbor.mentee("Dee Park")
    await harbor.later(timedelta(hours=12))  # 22:00 in New York
    shown = await written(olu, whom="mentees")
    assert "Mentees: 2 people." in shown
    assert "1 person is away for longer." in shown
    await olu.presses("Send to 2 people")
    await harbor.settle()
    assert harbor.heard(dee) == []
    await harbor.later(DAY)
    assert len(harbor.heard(dee)) == 1
    assert "1 person so far, 1 still to come" in words(await olu.calls("announce"))
    await harbor.later(4 * DAY)
    (came,) = harbor.paper.seen_by(ana.address)
    assert came.at.date() >= date(2026, 10, 9)


async def test_two_officers_at_once_send_it_once_and_for_as_many_as_both_saw(harbor: Society) -> None:
    olu, pat, ana = await harbor.officer(), await harbor.officer("Pat Lin"), await harbor.mentee()
    await written(olu, whom="mentees")
    await pat.calls("announce")
    assert "Mentees: 1 person." in words(await pat.presses("See it"))
    await harbor.mentee("Cai Wu")
    said = words(await pat.presses("Send to 1 person"))
    assert (
        said == "Since you looked, it would be 2 people instead of 1 person. Nothing was sent; see it again: /announce"
    )
    for each in (olu, pat):
        await each.calls("announce")
        await each.presses("See it")
    for reply in await asyncio.gather(*(each.presses("Send to 2 people") for each in (olu, pat))):
        assert "0 people so far, 2 still to come" in words(reply)
    await harbor.settle()
    assert len(harbor.heard(ana)) == 1
    assert words(await olu.calls("audit")).count("sent an announcement") == 1


async def test_two_that_wait_for_one_reader_are_not_said_in_one_message(harbor: Society) -> None:
    ana = await harbor.mentee()
    person = await harbor.person(ana)
    async with harbor.store.records(harbor.id) as records:
        for said in ("One", "Two"):
            await records.post.say(message(said), Urgency.ANNOUNCEMENT, harbor.clock.now(), to=person.id)
    await harbor.settle()
    assert harbor.heard(ana) == ["One"]
    await harbor.later(7 * DAY)
    assert harbor.heard(ana) == ["One", "Two"]


async def test_what_is_unsent_can_be_withdrawn_and_what_is_unread_thrown_away(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    await written(olu, whom="everyone")
    await olu.presses("Send to 1 person")
    assert words(await olu.presses("Withdraw what is unsent")) == "Withdrawn for 1 person."
    await harbor.settle()
    assert harbor.heard(ana) == []
    # Nobody read it, so it spares nobody.
    assert "Everyone: 1 person." in await written(olu, "Anew", whom="everyone")
    assert words(await olu.presses("Throw it away")) == "Thrown away. Nobody has read it."
    assert "[See it]" not in words(await olu.calls("announce"))
    assert words(await ana.calls("announce")) == "That one is for the society's officers."


async def test_who_takes_no_private_messages_is_no_work_for_officers(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    harbor.paper.closed.add(ana.address)
    await written(olu, whom="mentees")
    await olu.presses("Send to 1 person")
    await harbor.later(DAY)
    assert "Nothing needs you" in words(await olu.calls("queue"))
