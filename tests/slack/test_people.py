"""People as Slack knows them: guests, strangers, those who left, groups, and whom a command means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.slack_people import _profile_of
from bot.model import Place
from bot.ports import Called
from bot.ui import Command, Kind, Param
from tests.slack.loopback import TEAM
from tests.slack.workspace import PLACE, Workspace, until


def person(**more: object) -> dict[str, object]:
    return {"id": "U1", "team_id": TEAM, "profile": {"real_name": "Ana"}} | more


@pytest.mark.parametrize(
    ("more", "served", "manages"),
    [
        ({}, True, False),
        ({"is_admin": True}, True, True),
        ({"is_restricted": True, "is_admin": True}, True, False),
        ({"is_restricted": True, "is_ultra_restricted": True}, True, False),
        ({"team_id": "T9", "enterprise_user": {"teams": ["T9", TEAM]}}, True, False),
        ({"team_id": "T9"}, False, False),
        ({"is_stranger": True}, False, False),
        ({"is_bot": True}, False, False),
        ({"deleted": True}, False, False),
    ],
)
def test_whom_the_bot_serves_and_who_may_set_it_up(more: dict[str, object], served: bool, manages: bool) -> None:
    profile = _profile_of(person(**more), TEAM)
    assert (not profile.sorry, profile.manager) == (served, manages)


async def test_a_profile_that_changed_is_asked_for_again(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    await slack.calls_command("UANA", "/my-pairs")
    await until(lambda: slack.whispers["UANA"])
    slack.users["UANA"]["tz"] = "Europe/Berlin"
    await slack.happens({"type": "user_change", "user": slack.users["UANA"]}, "Ev1")
    await slack.calls_command("UANA", "/my-pairs")
    await until(lambda: len(slack.whispers["UANA"]) == 2)
    assert await zone_of_ana(harborview) == "Europe/Berlin"


async def test_who_travels_is_written_to_by_the_clock_of_where_they_are(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz", tz="America/New_York")
    for zone, kept in (("Europe/Berlin", "Europe/Berlin"), ("Asia/Tokyo", "America/Chicago")):
        await slack.calls_command("UANA", "/my-pairs")
        await until(lambda: slack.whispers["UANA"])
        slack.whispers.clear()
        slack.users["UANA"]["tz"] = zone
        await slack.happens({"type": "user_change", "user": slack.users["UANA"]}, f"Ev-{zone}")
        assert await zone_of_ana(harborview) == kept
        async with harborview.store.records(harborview.id) as records:
            ana = await records.people.at(f"{PLACE}/u/UANA")
            assert ana is not None
            await records.people.change(ana.id, zone=ZoneInfo("America/Chicago"))  # her own choice


async def test_who_travels_there_and_back_is_followed_both_ways(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz", tz="America/New_York")
    await slack.calls_command("UANA", "/my-pairs")
    await until(lambda: slack.whispers["UANA"])
    for zone in ("Europe/Berlin", "America/New_York"):
        slack.users["UANA"]["tz"] = zone
        await slack.happens({"type": "user_change", "user": slack.users["UANA"]}, f"Ev-{zone}")
        assert await zone_of_ana(harborview) == zone


async def zone_of_ana(harborview: Workspace) -> str:
    async with harborview.store.records(harborview.id) as records:
        ana = await records.people.at(f"{PLACE}/u/UANA")
    assert ana is not None
    return str(ana.zone)


# ── whom a command means ──────────────────────────────────────────────────────────────────────────────────────────

MEET = Command("meet", "Meet", (Param("with", "whom you want to meet", Kind.PAIR),))


@pytest.fixture
async def with_three(harborview: Workspace) -> tuple[Workspace, list[Called]]:
    """A mentor of three, and what the core is called with."""
    calls: list[Called] = []
    slack = harborview.slack
    await harborview.mentor("Ben Okafor", capacity=3)
    await harborview.officer("Olu Mensah")
    for name in ("Ana Ruiz", "Anna Lee", "Kavya Desai"):
        await harborview.mentee(name)
        await slack.calls_command("UOLU", "/pair", f"<@UBEN|ben> <@U{name.split()[0].upper()}|x>")
    await until(lambda: len(slack.whispers["UOLU"]) == 3)

    async def answer(request: Any, responder: Any) -> None:  # noqa: ANN401
        calls.append(request.what)

    harborview.bot._answer = answer
    harborview.bot._commands["meet"] = MEET
    return harborview, calls


@pytest.mark.parametrize("text", ["kavya", "Kavya Desai", "@kavya", "with:kavya", "<@UKAVYA|kd>"])
async def test_a_pair_is_found_by_the_others_name(with_three: tuple[Workspace, list[Called]], text: str) -> None:
    harborview, calls = with_three
    await harborview.slack.calls_command("UBEN", "/meet", text)
    await until(lambda: calls)
    (pair,) = await harborview.pairs(await harborview.visitor("Kavya Desai"))
    assert calls == [Called("meet", {"with": str(pair.id)})]


@pytest.mark.parametrize(("text", "offered"), [("", 3), ("an", 2), ("zoe", 3)])
async def test_which_pair_is_meant_is_asked_where_it_is_not_clear(
    with_three: tuple[Workspace, list[Called]], text: str, offered: int
) -> None:
    harborview, calls = with_three
    slack = harborview.slack
    await slack.calls_command("UBEN", "/meet", text)
    await until(lambda: slack.modals["UBEN"])
    element = slack.modals["UBEN"][-1]["blocks"][0]["element"]
    assert (element["type"], len(element["options"])) == ("static_select", offered)
    await slack.fills("UBEN", **{"with": element["options"][1]["value"]})
    await until(lambda: calls)
    assert calls == [Called("meet", {"with": element["options"][1]["value"]})]


async def test_who_has_no_pair_is_told_so_by_the_core(with_three: tuple[Workspace, list[Called]]) -> None:
    harborview, calls = with_three
    await harborview.slack.calls_command("UOLU", "/meet", "kavya")
    await until(lambda: calls)
    assert calls == [Called("meet", {"with": "kavya"})]


# ── who is an officer ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_officer_is_named_where_groups_are_not_seen(harborview: Workspace) -> None:
    slack = harborview.slack
    await harborview.mentee("Ana Ruiz")
    slack.meet("UADA", "Ada", is_admin=True)
    await slack.calls_command("UADA", "/setup", "role:<!subteam^S1|@officers>")
    await until(lambda: "Name each officer instead" in slack.sees("UADA"))
    await slack.calls_command("UADA", "/setup", "officer:<@UANA|ana>")
    await until(lambda: len(slack.whispers["UADA"]) == 2)
    await slack.calls_command("UANA", "/queue")
    await until(lambda: slack.whispers["UANA"])
    assert "for the society's officers" not in slack.sees("UANA")


async def test_a_user_group_decides_who_is_an_officer(harborview: Workspace) -> None:
    slack = harborview.slack
    harborview.bot._people._user_groups = True
    slack.groups["S1"] = ("UANA",)
    await harborview.mentee("Ana Ruiz")
    async with harborview.store.records(harborview.id) as records:
        await records.settle(replace(Place(PLACE), role=f"{PLACE}/g/S1"))
    await slack.calls_command("UANA", "/queue")
    await until(lambda: slack.whispers["UANA"])
    assert "for the society's officers" not in slack.sees("UANA")
    slack.groups["S1"] = ()
    await slack.happens({"type": "subteam_members_changed", "subteam_id": "S1"}, "Ev1")
    await slack.calls_command("UANA", "/queue")
    await until(lambda: "for the society's officers" in slack.sees("UANA"))


async def test_an_officers_channel_that_the_bot_is_not_in_is_said_at_once(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UADA", "Ada", is_admin=True)
    slack.channels |= {"C1": {"is_member": True}, "C2": {"is_member": False}}
    for number, channel in enumerate(("C1", "C2", "C3"), start=1):
        await slack.calls_command("UADA", "/setup", f"officers:<#{channel}|officers>")
        await until(lambda number=number: len(slack.whispers["UADA"]) == number)  # type: ignore[misc]
    said = [post["text"] for post in slack.whispers["UADA"]]
    assert ["/invite @Preceptor" in words for words in said] == [False, True, True]
