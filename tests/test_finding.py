"""Finding a mentor: the best five, why they fit, who is never offered, and no dead end."""

from typing import Any

import pytest

from bot.model import DAY
from bot.ui import Card, Private, Reply
from bot.vocabulary import Format, Help, Hours, MentorKind, Phase, ReplyTime, Specialty, Window
from tests.society import Society, words


def cards(reply: Reply | None) -> list[Card]:
    assert isinstance(reply, Private), reply
    return [block for block in reply.message.blocks if isinstance(block, Card)]


def names(reply: Reply | None) -> list[str]:
    return [card.title.split()[0] for card in cards(reply)]


async def test_the_five_who_fit_best_are_shown(harbor: Society) -> None:
    ana = await harbor.mentee()
    for name in ("Bo", "Cy", "Di", "Ed", "Fay", "Gus", "Hal"):
        await harbor.mentor(name)
    assert len(cards(await ana.calls("find-mentor"))) == 5


async def test_a_mentor_comes_with_three_plain_reasons_an_offer_limits_and_free_places(harbor: Society) -> None:
    ana = await harbor.mentee()
    await harbor.mentor("Ben Okafor", wont=(Help.LETTERS,))
    (card,) = cards(found := await ana.calls("find-mentor"))
    shown = words(found)
    assert shown.count("✓") == 3
    assert "Helps with application strategy and shadowing" in shown
    assert "Offers application strategy, essays and shadowing; not letters" in shown
    assert "about 2 hours a month · answers within 3 days · 2 places free" in shown
    assert card.button is not None


async def test_who_covers_more_of_the_wishes_comes_first(harbor: Society) -> None:
    ana = await harbor.mentee()
    await harbor.mentor("Bo", offers=(Help.LETTERS,))
    await harbor.mentor("Cy")
    assert names(await ana.calls("find-mentor")) == ["Cy", "Bo"]


async def test_of_two_equals_the_one_with_more_room_comes_first_and_it_stays_so(harbor: Society) -> None:
    ana, bea = await harbor.mentee(), await harbor.mentee("Bea")
    bo, _ = await harbor.mentor("Bo"), await harbor.mentor("Cy")
    await harbor.paired(bea, bo)
    assert [names(await ana.calls("find-mentor")) for _ in range(3)] == [["Cy", "Bo"]] * 3


@pytest.mark.parametrize(
    ("wish", "changes"),
    [
        ({"field": "surgery"}, {"fields": (Specialty.SURGERY,)}),
        ({"help": "letters"}, {"offers": (Help.LETTERS,)}),
        ({"format": "in_person"}, {"formats": (Format.IN_PERSON,)}),
    ],
)
async def test_a_filter_leaves_only_those_who_pass(
    harbor: Society, wish: dict[str, str], changes: dict[str, Any]
) -> None:
    ana = await harbor.mentee()
    await harbor.mentor("Bo")
    await harbor.mentor("Cy", **changes)
    assert names(await ana.calls("find-mentor", **wish)) == ["Cy"]


@pytest.mark.parametrize(
    "changes",
    [
        {"approved": False},
        {"adult": False},
        {"kind": MentorKind.PREMED_UPPER, "phase": Phase.FRESHMAN},
        {"kind": MentorKind.PREMED_UPPER, "phase": Phase.SOPHOMORE},
    ],
    ids=["unapproved", "under 18", "less far along", "just as far along"],
)
@pytest.mark.sr("SR-2.a", "SR-2.b")
async def test_never_offered(harbor: Society, changes: dict[str, Any]) -> None:
    ana = await harbor.mentee(phase=Phase.SOPHOMORE)
    await harbor.mentor("Ben", **changes)
    assert names(await ana.calls("find-mentor")) == []


async def test_a_mentee_under_18_is_not_shown_anyone_but_told_who_brings_them_together(harbor: Society) -> None:
    ana = await harbor.mentee(adult=False)
    await harbor.mentor()
    shown = await ana.calls("find-mentor")
    assert names(shown) == []
    assert "an officer brings you together with a mentor" in words(shown)
    assert "An officer will look" in words(await ana.presses("Ask an officer to look"))


async def test_a_mentee_who_is_away_is_not_told_that_every_mentor_is_taken(harbor: Society) -> None:
    ana = await harbor.mentee(away_until=(harbor.clock.now() + 9 * DAY).date())
    await harbor.mentor()
    assert words(await ana.calls("find-mentor")) == "You are away just now. When you are back: /back"


async def test_a_mentor_at_capacity_is_not_offered(harbor: Society) -> None:
    ana, bea, ben = await harbor.mentee(), await harbor.mentee("Bea"), await harbor.mentor(capacity=1)
    await harbor.paired(bea, ben)
    assert names(await ana.calls("find-mentor")) == []


async def test_someone_who_said_not_for_me_is_not_offered_to_that_mentee_again(harbor: Society) -> None:
    ana, bea, ben = await harbor.mentee(), await harbor.mentee("Bea"), await harbor.mentor()
    await harbor.asked(ana, ben)
    await ben.presses("Not for me")
    await harbor.later(365 * DAY)
    assert names(await ana.calls("find-mentor")) == []
    assert names(await bea.calls("find-mentor")) == ["Ben"]


async def test_someone_who_said_not_now_is_offered_again_after_sixty_days(harbor: Society) -> None:
    ana, ben = await harbor.mentee(), await harbor.mentor()
    await harbor.asked(ana, ben)
    await ben.presses("Not now")
    await harbor.later(59 * DAY)
    assert names(await ana.calls("find-mentor")) == []
    await harbor.later(2 * DAY)
    assert names(await ana.calls("find-mentor")) == ["Ben"]


async def test_one_is_never_offered_to_oneself(harbor: Society) -> None:
    kim = await harbor.mentee("Kim", phase=Phase.PRE_FRESHMAN)
    async with harbor.store.records(harbor.id) as records:
        person = await records.people.at(kim.address)
        assert person is not None
        await records.people.save_mentor(
            person.id,
            kind=MentorKind.MS1,
            offers=(Help.MCAT,),
            formats=(Format.VIDEO,),
            capacity=2,
            hours=Hours.ONE,
            reply=ReplyTime.DAY,
            approved_at=harbor.clock.now(),
        )
    assert names(await kim.calls("find-mentor")) == []


async def test_when_nobody_is_free_there_are_still_two_ways_on(harbor: Society) -> None:
    ana, olu = await harbor.mentee(), await harbor.officer()
    nobody = words(await ana.calls("find-mentor"))
    assert "[Ask an officer to look]" in nobody
    assert "/profile" in nobody
    assert "An officer will look" in words(await ana.presses("Ask an officer to look"))
    assert "found no mentor with a free place" in words(await olu.calls("queue"))


async def test_a_filter_that_nobody_passes_can_be_taken_off(harbor: Society) -> None:
    ana, _ = await harbor.mentee(), await harbor.mentor("Ben")
    assert "Nobody with a free place matches" in words(await ana.calls("find-mentor", field="urology"))
    assert names(await ana.presses("Look without filters")) == ["Ben"]


async def test_who_has_no_profile_is_shown_the_way_to_one(harbor: Society) -> None:
    kim, eva = await harbor.visitor("Kim"), await harbor.mentee("Eva", windows=())
    for someone in (kim, eva):
        assert "/sign-up" in words(await someone.calls("find-mentor"))


async def test_windows_are_compared_in_real_hours(harbor: Society) -> None:
    from zoneinfo import ZoneInfo

    ana = await harbor.mentee(windows=(Window.WEEKDAY_EVENING,), wants=(Help.MCAT,), interests=())
    await harbor.mentor("Cy", windows=(Window.WEEKDAY_EVENING,), zone=ZoneInfo("Asia/Tokyo"))
    assert "both free" not in words(await ana.calls("find-mentor"))
