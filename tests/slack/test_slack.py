"""The bot on Slack: the real Bolt and core, with a Slack that takes only what the real one takes."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from adapters import slack_people
from bot.model import QueueReason
from tests.slack.loopback import BOT_TOKEN, Loopback, broken, loopback
from tests.slack.workspace import PLACE, Workspace, settled, until
from tests.society import LETTER


async def test_someone_joins_by_buttons_and_forms_and_it_is_kept(harborview: Workspace) -> None:
    slack = harborview.slack
    ana = slack.meet("UANA", "Ana Ruiz", tz="America/New_York")
    await slack.calls_command(ana, "/sign-up", "mentee")
    await until(lambda: slack.modals[ana])
    assert slack.modals[ana][-1]["title"]["text"] == "About you"
    await slack.fills(ana, name="Ana", zone="Europe/Berlin")
    await until(lambda: slack.whispers[ana])
    async with harborview.store.records(harborview.id) as records:
        person = await records.people.at(f"{PLACE}/u/{ana}")
    assert person is not None
    assert (person.name, str(person.zone)) == ("Ana", "Europe/Berlin")


async def test_a_request_becomes_a_room_of_two(harborview: Workspace) -> None:
    slack = harborview.slack
    await harborview.mentee("Ana Ruiz")
    await harborview.mentor("Ben Okafor")
    await slack.calls_command("UANA", "/find-mentor")
    await until(lambda: "Ben Okafor" in slack.sees("UANA"))
    await slack.presses("UANA", "Ask Ben")
    await until(lambda: slack.modals["UANA"])
    await slack.fills("UANA", **LETTER)
    await until(lambda: LETTER["need"] in slack.sees("UANA"))
    await slack.presses("UANA", "Send to Ben")
    await settled(harborview, lambda: slack.posts["DUBEN"])
    asked = slack.posts["DUBEN"][-1]
    await slack.presses("UBEN", "Accept")
    await settled(harborview, lambda: slack.posts["GUANAUBEN"])
    assert slack.members["GUANAUBEN"] == ("UANA", "UBEN")
    assert LETTER["need"] in slack.posts["GUANAUBEN"][0]["text"]
    assert all(block["type"] != "actions" for block in asked["blocks"]), "the pressed message has changed in its place"


@pytest.mark.parametrize("action_id", ["of:another::age", "x" * 200, "intro.accept:1"])
async def test_a_button_of_another_age_says_so_kindly(harborview: Workspace, action_id: str) -> None:
    slack = harborview.slack
    ana = slack.meet("UANA", "Ana Ruiz")
    container = {"type": "message", "message_ts": "1.0", "channel_id": "DUANA", "is_ephemeral": False}
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": "x"}
    await slack.acts(ana, action, container, {"response_url": slack._way(ana, None)})
    await until(lambda: slack.whispers[ana])
    assert slack.sees(ana) == "That button has had its day. Nothing was changed. Where you stand: /home"


async def test_an_officers_command_is_refused_to_a_member(harborview: Workspace) -> None:
    slack = harborview.slack
    await harborview.mentee("Ana Ruiz")
    await slack.calls_command("UANA", "/queue")
    await until(lambda: slack.whispers["UANA"])
    assert slack.sees("UANA") == "That one is for the society's officers."


async def test_what_a_command_lacks_is_asked_in_a_modal(harborview: Workspace) -> None:
    slack = harborview.slack
    await harborview.mentee("Ana Ruiz")
    await harborview.mentor("Ben Okafor")
    await harborview.officer("Olu Mensah")
    await slack.calls_command("UOLU", "/pair", "<@UBEN|ben>")
    await until(lambda: slack.modals["UOLU"])
    assert [block["block_id"] for block in slack.modals["UOLU"][-1]["blocks"]] == ["mentee"]
    await slack.fills("UOLU", mentee="UANA")
    await settled(harborview, lambda: slack.posts["GUANAUBEN"])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"is_bot": True}, "here for people"),
        ({"deleted": True}, "deactivated"),
        ({"is_stranger": True}, "only help members of this workspace"),
        ({"team_id": "T2"}, "only help members of this workspace"),
    ],
)
async def test_who_is_no_member_is_told_so_kindly(harborview: Workspace, more: dict[str, object], words: str) -> None:
    slack = harborview.slack
    slack.meet("UX", "Someone", **more)
    await slack.calls_command("UX", "/sign-up")
    await until(lambda: slack.whispers["UX"])
    assert words in slack.sees("UX")


async def test_a_slow_profile_delays_no_answer(harborview: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_people, "WAIT", 0.0)
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    await slack.calls_command("UANA", "/my-pairs")
    await until(lambda: slack.whispers["UANA"])


async def test_an_event_sent_again_changes_nothing(harborview: Workspace) -> None:
    slack = harborview.slack
    ana = await harborview.mentee("Ana Ruiz")
    await harborview.mentor("Ben Okafor")
    await harborview.officer("Olu Mensah")
    await slack.calls_command("UOLU", "/pair", "<@UBEN|ben> <@UANA|ana>")
    await settled(harborview, lambda: slack.posts["GUANAUBEN"])
    pair = (await harborview.pairs(ana))[-1]
    spoke = {"type": "message", "channel_type": "mpim", "channel": "GUANAUBEN", "user": "UBEN", "text": "hi", "ts": "9"}
    async with harborview.store.records(harborview.id) as records:
        before = len(await records.pairs.events(pair.id))
    await slack.happens(spoke, "Ev1")
    async with harborview.store.records(harborview.id) as records:
        after = len(await records.pairs.events(pair.id))
    await slack.happens(spoke, "Ev1", retry=1)
    async with harborview.store.records(harborview.id) as records:
        again = len(await records.pairs.events(pair.id))
    assert (before < after, again) == (True, after)


async def test_the_officers_hear_of_someone_who_left_the_workspace(harborview: Workspace) -> None:
    await harborview.mentee("Ana Ruiz")
    await harborview.mentor("Ben Okafor")
    await harborview.officer("Olu Mensah")
    await harborview.slack.calls_command("UOLU", "/pair", "<@UBEN|ben> <@UANA|ana>")
    await settled(harborview, lambda: harborview.slack.posts["GUANAUBEN"])
    await harborview.slack.happens({"type": "user_change", "user": {"id": "UANA", "deleted": True}}, "Ev2")
    async with harborview.store.records(harborview.id) as records:
        assert [item.reason for item in await records.queue.items()] == [QueueReason.LEFT]


async def test_slacks_own_notes_in_a_room_are_nobodys_words(harborview: Workspace) -> None:
    note = {"type": "message", "channel_type": "mpim", "channel": "G1", "user": "UANA", "subtype": "channel_topic"}
    await harborview.slack.happens(note, "Ev3")
    async with harborview.store.records(harborview.id) as records:
        assert await records.first_time("Ev3", harborview.clock.now())


async def test_no_log_line_holds_what_a_member_wrote(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.faults["users.info"] += [broken]
    slack.faults["views.open"] += [broken]
    with capture_logs() as lines:
        await slack.calls_command("UANA", "/sign-up", "mentee")
        await until(lambda: slack.whispers["UANA"])
    assert {(line["event"], line["code"]) for line in lines} == {
        ("slack.no_profile", "status 503"),
        ("slack.no_form", "status 503"),
    }
    assert "Ana" not in str(lines)


async def test_the_loopback_refuses_what_slack_would() -> None:
    with pytest.raises(AssertionError, match="no such method"):
        async with loopback() as slack:
            await _asks_nonsense(slack)


async def _asks_nonsense(slack: Loopback) -> None:
    client = AsyncWebClient(BOT_TOKEN, base_url=f"{slack.url}/api/")
    with pytest.raises(SlackApiError):
        await client.api_call("chat.shout")
