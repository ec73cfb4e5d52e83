"""Shadowing: both acknowledge the rules first, and of the hours nothing is kept that could tell of a patient."""

import pytest
from sqlalchemy import Integer

from bot.model import DAY
from bot.ports import Pressed, Sent
from bot.rehearsal import Actor
from bot.ui import ChoiceField, Filled, Form, act
from storage.columns import Day, Slug
from storage.tables import shadowed
from tests.society import Society, words

DAY_SEEN = {"day": "2026-10-05", "hours": "4", "specialty": "pediatrics", "site": "ward"}


async def couple(harbor: Society) -> tuple[Actor, Actor]:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.paired(ana, ben)
    return ana, ben


async def both_understand(harbor: Society, ana: Actor, ben: Actor) -> None:
    await ana.calls("shadowing")
    await ana.presses("I understand")
    await harbor.later(DAY)
    await ben.presses("I understand")


@pytest.mark.sr("SR-36.b", "SR-37.b", "SR-38.b")
async def test_it_cannot_start_before_both_have_said_yes_to_the_rules(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    (pair,) = await harbor.pairs(ana)
    filled: Filled = {name: (value,) for name, value in DAY_SEEN.items()}
    begin, send = Pressed(act("shadow.log", pair.id)), Sent(act("shadow.save", pair.id), filled)
    assert "The patient may say no" in words(await ana.calls("shadowing"))
    for step in (ana.presses("I understand"), ana.calls("shadowing")):
        for early in (begin, send):
            assert "Before anyone shadows, both of you say yes" in words(await ana.asks(early))
        await step
    assert "once Ben has said yes" in words(ana.replies[-1])
    await harbor.later(DAY)
    assert "would like to shadow you" in harbor.heard(ben)[-1]
    await ben.presses("I understand")
    assert isinstance(await ana.asks(begin), Form)


@pytest.mark.sr("SR-36.b", "SR-37.b", "SR-38.b")
async def test_no_case_can_be_written_down_anywhere(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await both_understand(harbor, ana, ben)
    await ana.calls("shadowing")
    form = await ana.presses("Write down hours")
    assert isinstance(form, Form)
    assert [each.name for each in form.fields if not isinstance(each, ChoiceField)] == ["day"]
    for column in shadowed.c:
        assert isinstance(column.type, (Integer, Day, Slug)), f"{column.name} could hold words"
    assert "I need a date" in words(await ana.fills(**DAY_SEEN | {"day": "Mr. K, 81"}))


async def test_hours_are_the_mentees_own_word_where_nothing_else_is_agreed(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await both_understand(harbor, ana, ben)
    heard = len(harbor.heard(ben))
    await ana.calls("shadowing")
    await ana.presses("Write down hours")
    shown = words(await ana.fills(**DAY_SEEN))
    assert "4 hours in all." in shown
    assert "Mon 5 Oct 2026: 4 hours, Pediatrics, Hospital ward" in shown
    assert "not confirmed" not in shown
    await harbor.later(DAY)
    assert len(harbor.heard(ben)) == heard
    assert "No hours yet" in words(await ana.presses("Take the last one back"))


async def test_where_the_mentor_confirms_they_are_asked_once_for_all_that_waits(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await harbor.agreed(ana, ben)
    for actor in (ana, ben):
        await actor.asks(Pressed(act("expect.ask", (await harbor.pairs(ana))[0].id, "shadowing")))
        await actor.fills(log="mentor")
    await harbor.later(DAY)
    for actor in (ana, ben):
        await actor.presses("Yes, let's do that")
    await both_understand(harbor, ana, ben)
    await harbor.later(DAY)
    heard = len(harbor.heard(ben))
    for day in ("2026-10-06", "2026-10-07"):
        await ana.calls("shadowing")
        await ana.presses("Write down hours")
        assert "not confirmed yet" in words(await ana.fills(**DAY_SEEN | {"day": day}))
    await harbor.later(DAY)
    (asked,) = harbor.heard(ben)[heard:]
    assert "Tue 6 Oct 2026: 4 hours" in asked
    assert "Wed 7 Oct 2026: 4 hours" in asked
    assert "Nothing was changed" in words(await ana.asks(Pressed(ben.button("Yes, confirm"))))
    await ben.presses("Yes, confirm")
    shown = words(await ana.calls("shadowing"))
    assert "8 hours in all." in shown
    assert "not confirmed" not in shown
    assert "Take the last one back" not in shown


async def test_a_stranger_sees_no_hours(harbor: Society) -> None:
    ana, ben = await couple(harbor)
    await both_understand(harbor, ana, ben)
    cai = await harbor.mentee("Cai Lund")
    (pair,) = await harbor.pairs(ana)
    for action in ("shadow.open", "shadow.understood", "shadow.log"):
        assert "Nothing was changed" in words(await cai.asks(Pressed(act(action, pair.id))))
