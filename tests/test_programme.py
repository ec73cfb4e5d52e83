"""The programme's settings: shown with what they do, changed in saved screens, within the settings file's limits."""

import pytest

from bot.config import PaceSection, as_written, paced
from bot.features.programme import SCREENS
from bot.model import DAY, Pace
from bot.ports import Sent
from bot.questions import YES
from bot.ui import act
from tests.society import Society, words


def filled(group: str, **given: str) -> dict[str, tuple[str, ...]]:
    """A screen as it is sent, with these answers in place of the usual ones."""
    usual = as_written(Pace())
    return {q.name: (given.get(q.name, YES if usual[q.name] is True else str(usual[q.name])),)
            for q in SCREENS[group].questions}  # fmt: skip


def test_every_setting_of_the_file_is_on_a_screen() -> None:
    shown = {question.name for screen in SCREENS.values() for question in screen.questions}
    assert shown == set(PaceSection.model_fields)


def test_the_defaults_are_those_of_the_rules_and_whatever_is_chosen_only_changes_itself() -> None:
    assert PaceSection.model_validate(as_written(Pace())) == PaceSection()
    assert paced(Pace(), ()) == Pace()
    assert paced(Pace(), [("not_now_days", "30")]) == Pace(not_now=30 * DAY)


async def test_what_is_changed_holds_at_once(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    await olu.calls("settings")
    await olu.asks(Sent(act("settings.keep", "start"), {
        "first_words_days": ("1",), "first_words_again_days": ("7",), "slow_start_days": ("10",),
        "first_checkin_days": ("14",), "seasonal": ("no",),
    }))  # fmt: skip
    said = words(olu.replies[-1])
    assert "First words (days): 1 (yours)" in said
    assert "… asked again (days): 7\n" in said
    assert "Say what the month usually brings: no (yours)" in said
    heard = len(harbor.heard(ana))
    await harbor.later(1.5 * DAY)
    assert len(harbor.heard(ana)) == heard + 1


async def test_a_change_of_the_usual_hours_is_kept_by_the_courier(harbor: Society) -> None:
    olu, ana, ben = await harbor.officer(), await harbor.mentee(), await harbor.mentor()
    await olu.asks(Sent(act("settings.keep", "quiet"), {
        "quiet_from": ("9",), "quiet_until": ("23",), "mentor_daily": ("1",), "mentee_daily": ("3",),
        "mentors_each": ("2",),
    }))  # fmt: skip
    await harbor.asked(ana, ben)
    assert harbor.heard(ben) == []
    await harbor.later(DAY)
    (shown,) = harbor.paper.seen_by(ben.address)
    assert f"{shown.at:%H}" == "03"  # 23:00 in New York


@pytest.mark.parametrize(
    ("group", "given", "said"),
    [
        ("quiet", {"quiet_from": "25"}, "“Quiet from (hour)” takes a number from 0 to 23."),
        ("quiet", {"mentor_daily": "soon"}, "“Messages a day to a mentor” takes a number from 1 to 5."),
        ("quiet", {"quiet_from": "9", "quiet_until": "8"}, "quiet hours last at most 16 hours"),
        ("start", {"first_words_days": "8"}, "each later than the last"),
        ("requests", {"intro_reminder_days": "7"}, "a request lapses after its reminder"),
    ],
)
async def test_what_the_settings_file_would_refuse_is_refused_here_too(
    harbor: Society, group: str, given: dict[str, str], said: str
) -> None:
    olu = await harbor.officer()
    answer = words(await olu.asks(Sent(act("settings.keep", group), filled(group, **given))))
    assert said in answer
    assert "Nothing was changed" in answer
    async with harbor.store.records(harbor.id) as records:
        assert records.society.chosen == ()


async def test_back_to_the_default_is_one_tap_and_all_of_it_is_written_down(harbor: Society) -> None:
    olu, ana = await harbor.officer(), await harbor.mentee()
    await olu.calls("settings")
    assert "[Back to the default…" not in words(olu.replies[-1])
    sent = Sent(act("settings.keep", "requests"), filled("requests", not_now_days="30"))
    await olu.asks(sent)
    async with harbor.store.records(harbor.id) as records:
        assert records.society.chosen == (("not_now_days", "30.0"),)
    assert "After “not now” (days): 30 (yours)" in words(olu.replies[-1])
    assert "(yours)" not in words(await olu.presses("Requests to mentors"))
    async with harbor.store.records(harbor.id) as records:
        assert records.society.chosen == ()
    assert words(await olu.calls("audit")).count("Olu Mensah: changed the settings") == 2
    assert words(await ana.asks(sent)).startswith("That one is for")
    assert words(await ana.calls("settings")) == "That one is for the society's officers."
