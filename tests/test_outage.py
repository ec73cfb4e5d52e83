"""Three weeks switched off: no flood, nothing lost, and everything goes on from the facts."""

from bot.app import App
from bot.model import DAY
from bot.rehearsal import Actor
from tests.society import Society, words


async def a_lively_term(harbor: Society) -> list[Actor]:
    """Requests, silences, rests and absences, all of which come due while nobody is there."""
    mentors = [await harbor.mentor(f"Mentor{n} Okafor") for n in range(4)]
    mentees = [await harbor.mentee(f"Mentee{n} Ruiz") for n in range(8)]
    olu = await harbor.officer()
    for number, mentee in enumerate(mentees[:4]):
        mentor = mentors[number % 2]
        await olu.calls("pair", mentor=mentor.address, mentee=mentee.address)
    await harbor.later(4 * DAY)
    await mentees[0].speaks()
    await mentees[1].presses("Pause")
    await mentees[1].presses("4 weeks")
    await mentors[2].calls("time-off", until="2026-10-15")
    for mentee in mentees[4:]:
        await mentee.calls("find-mentor")
        await mentee.presses("Ask Mentor3")
        await mentee.fills(
            need="I can't weigh research against shadowing this summer.",
            ask="Which one would you choose?",
            motivation="I translated for my grandmother.",
            academics="range",
        )
        await mentee.presses("Send to Mentor3")
    return [*mentors, *mentees, olu]


async def test_the_first_tick_after_three_weeks_sends_each_person_at_most_one_message(harbor: Society) -> None:
    everyone = await a_lively_term(harbor)
    harbor.clock.move_to(harbor.clock.now() + 21 * DAY)
    since = harbor.clock.now()
    await harbor.app.keep_promises()
    await harbor.courier.deliver()
    heard = [len(harbor.heard(actor, since)) for actor in everyone]
    assert max(heard) == 1
    assert sum(heard) >= 5


async def test_the_ticks_of_the_following_hour_add_nothing_for_a_mentor(harbor: Society) -> None:
    everyone = await a_lively_term(harbor)
    harbor.clock.move_to(harbor.clock.now() + 21 * DAY)
    since = harbor.clock.now()
    for _ in range(20):
        await harbor.app.keep_promises()
        await harbor.courier.deliver()
    assert all(len(harbor.heard(actor, since)) <= 1 for actor in everyone)


async def test_a_request_that_lapsed_meanwhile_is_told_to_the_mentee_and_not_reminded_of(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    harbor.clock.move_to(harbor.clock.now() + 21 * DAY)
    await harbor.settle()
    assert "Ben can't take this on" in harbor.heard(ana)[-1]
    assert len(harbor.heard(ben)) == 1


async def test_a_silence_of_three_weeks_begins_with_a_kind_word_not_with_an_officer(harbor: Society) -> None:
    ana, ben, olu = await harbor.mentee(), await harbor.mentor(), await harbor.officer()
    await harbor.paired(ana, ben)
    harbor.clock.move_to(harbor.clock.now() + 21 * DAY)
    await harbor.settle()
    assert "[I wrote]" in harbor.heard(ana)[-1]
    assert "Nothing needs you" in words(await olu.calls("queue"))
    await harbor.later(2 * DAY)
    assert sum("[I wrote]" in said for said in harbor.heard(ana)) == 1


async def test_a_restart_takes_up_every_promise(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    harbor.app = App(harbor.store, harbor.clock, harbor.app.pace, harbor.app.features)
    await harbor.app.plan_everything()
    await harbor.later(4 * DAY)
    assert sum("first hello" in said for said in harbor.heard(ana)) == 1
