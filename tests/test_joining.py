"""Joining in short screens, editing, waiting for an officer's yes, being away and coming back."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.model import DAY
from bot.rehearsal import Actor
from bot.ui import ChoiceField, Form, Reply, TextField
from tests.society import Society, words


async def joins(actor: Actor, wish: str, **answers: str) -> Reply | None:
    """Goes through every screen, to the last answer."""
    await actor.calls("sign-up")
    reply = await actor.presses(wish)
    while isinstance(reply, Form):
        said = await actor.fills(**answers)
        if "Go on" not in words(said):
            return said
        reply = await actor.presses("Go on")
    return reply


def titled(reply: Reply | None) -> str:
    assert isinstance(reply, Form), reply
    return reply.title


async def test_a_mentee_joins_in_three_saved_screens_and_is_sent_to_find_a_mentor(harbor: Society) -> None:
    ana = await harbor.visitor("Ana Ruiz")
    assert "Welcome to mentorship at Harborview" in words(await ana.calls("sign-up"))
    about_you = await ana.presses("I'd like a mentor")
    assert titled(about_you) == "About you"
    assert isinstance(about_you, Form)
    zone = next(each for each in about_you.fields if isinstance(each, ChoiceField) and each.name == "zone")
    assert zone.values == ("America/New_York",)
    assert "screen 2 of 3" in words(await ana.fills(zone="America/Denver"))
    assert titled(await ana.presses("Go on")) == "Where you are"
    assert "screen 3 of 3" in words(await ana.fills(phase="sophomore"))
    assert titled(await ana.presses("Go on")) == "What you hope for"
    done = words(await ana.fills())
    assert "That's all, Ana" in done
    assert "/find-mentor" in done


async def test_who_joins_as_both_fills_five_screens_the_common_one_once(harbor: Society) -> None:
    kim = await harbor.visitor("Kim Lee")
    await kim.calls("sign-up")
    await kim.presses("Both")
    assert "screen 2 of 5" in words(await kim.fills())
    done = words(await joins(kim, "Both"))
    assert "/find-mentor" in done
    assert "An officer will say hello" in done


async def test_the_command_itself_can_say_as_what(harbor: Society) -> None:
    kim = await harbor.visitor("Kim Lee")
    assert titled(await kim.calls("sign-up", **{"as": "mentor"})) == "About you"
    assert "I don't know" in words(await kim.calls("sign-up", **{"as": "king"}))


async def test_an_unfinished_profile_is_resumed_where_it_was_left(harbor: Society) -> None:
    ana = await harbor.visitor("Ana Ruiz")
    await ana.calls("sign-up")
    await ana.presses("I'd like a mentor")
    await ana.fills()
    await harbor.later(9 * DAY)
    assert titled(await ana.calls("sign-up")) == "Where you are"


async def test_an_open_question_is_asked_for_by_name_and_what_was_saved_stays(harbor: Society) -> None:
    ana = await harbor.visitor("Ana Ruiz")
    await ana.calls("sign-up")
    await ana.presses("I'd like a mentor")
    await ana.fills()
    await ana.presses("Go on")
    assert "“What would you like help with?” needs a choice" in words(await ana.fills(wants=()))
    assert titled(await ana.calls("sign-up")) == "Where you are"


async def test_a_profile_shows_what_was_said_and_keeps_what_is_changed(harbor: Society) -> None:
    ana = await harbor.mentee("Ana Ruiz")
    assert "As a mentee: complete" in words(await ana.calls("profile"))
    await ana.presses("About you")
    assert "this is what you can change" in words(await ana.fills(name="Anita", school="Eastfield", adult="yes"))
    form = await ana.presses("About you")
    assert isinstance(form, Form)
    assert [field.value for field in form.fields if isinstance(field, TextField)] == ["Anita", "Eastfield"]


async def test_a_screen_opened_again_needs_no_answer_twice(harbor: Society) -> None:
    ana = await harbor.mentee("Ana Ruiz")
    await ana.calls("profile")
    await ana.presses("About you")
    assert "needs a choice" not in words(await ana.fills(name="Anita"))


async def test_a_visitor_with_no_profile_is_welcomed_instead(harbor: Society) -> None:
    assert "Welcome to mentorship" in words(await (await harbor.visitor("Kim Lee")).calls("profile"))


async def test_mentees_cannot_see_a_mentor_until_an_officer_approves(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.visitor("Ben Okafor")
    assert "An officer will say hello" in words(
        await joins(ben, "I'd like to mentor", kind="ms2", formats="video", offers="strategy")
    )
    await harbor.settle()
    assert "One thing waits for an officer" in harbor.heard(olu)[0]
    assert "Ben" not in words(await ana.calls("find-mentor"))
    assert "Mentees can't see them until you approve" in words(await olu.calls("queue"))
    assert "Nothing needs you" in words(await olu.presses("Approve"))
    await harbor.settle()
    assert "mentees can find you now" in harbor.heard(ben)[0]
    assert "Ben" in words(await ana.calls("find-mentor"))


async def test_two_presses_on_approve_welcome_the_mentor_once(harbor: Society) -> None:
    olu, ben = await harbor.officer(), await harbor.visitor("Ben Okafor")
    await joins(ben, "I'd like to mentor")
    await olu.calls("queue")
    for _ in range(2):
        await olu.presses("Approve")
    await harbor.later(2 * DAY)
    assert len(harbor.heard(ben)) == 1


async def test_nobody_finds_a_mentor_who_is_away_until_they_are_back(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    assert "Enjoy the time" in words(await ben.calls("time-off", until="2026-10-20"))
    assert "Ben" not in words(await ana.calls("find-mentor"))
    assert "Away until Tue 20 Oct: until then nobody can ask you." in words(await ben.calls("profile"))
    assert "Welcome back" in words(await ben.calls("back"))
    assert "Ben" in words(await ana.calls("find-mentor"))


async def test_on_their_date_they_are_back_by_themselves(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await ben.calls("time-off", until="2026-10-20")
    await harbor.later(14 * DAY)
    assert "Ben" not in words(await ana.calls("find-mentor"))
    await harbor.later(DAY)
    assert "Ben" in words(await ana.calls("find-mentor"))
    assert "You weren't away" in words(await ben.calls("back"))


async def test_away_lasts_to_the_morning_of_their_own_calendar(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor(zone=ZoneInfo("Pacific/Honolulu"))
    await ben.calls("time-off", until="2026-10-07")
    await harbor.later(timedelta(hours=39))  # the 7th has begun in New York; in Honolulu it is still the 6th
    assert "Ben" not in words(await ana.calls("find-mentor"))


@pytest.mark.parametrize("date", ["soon", "2026-10-05", "2020-01-01", "2031-01-01", "2026-02-30"])
async def test_an_impossible_date_is_explained(harbor: Society, date: str) -> None:
    ana = await harbor.mentee()
    said = words(await ana.calls("time-off", until=date))
    assert "date like 2026-12-15" in said or "between tomorrow and a year from now" in said
    assert "You weren't away" in words(await ana.calls("back"))
