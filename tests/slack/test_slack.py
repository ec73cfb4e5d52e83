"""The bot on Slack: the real Bolt, Socket Mode and core, with a Slack that takes only what the real one takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from adapters import slack as adapter
from adapters.slack import Slack, examine
from bot.app import App
from bot.clock import MovableClock
from bot.courier import Courier
from bot.model import QueueReason
from bot.ports import Departed, Later, NotAccepted, Refused, Store
from bot.rehearsal import Actor, Paper
from bot.society import society as put_together
from bot.ui import message
from tests.slack.loopback import APP_TOKEN, BOT_TOKEN, TEAM, Loopback, broken, loopback, too_many
from tests.society import LETTER, MONDAY, USUAL, Society
from tests.stores import open_sqlite

PLACE = f"slack:{TEAM}"


@dataclass
class Workspace(Society):
    """A society whose members are people of the workspace."""

    slack: Loopback = field(kw_only=True)
    bot: Slack = field(kw_only=True)

    async def visitor(self, name: str) -> Actor:
        user = self.slack.meet(f"U{name.partition(' ')[0].upper()}", name)
        return Actor(self.app, self.paper, PLACE, f"{PLACE}/u/{user}", name)


async def settled(harborview: Workspace, happened: Callable[[], object]) -> None:
    """Let the society do what is due, until something has happened."""
    async with asyncio.timeout(5):
        while not happened():
            await harborview.settle()
            await asyncio.sleep(0.01)


async def until(happened: Callable[[], object]) -> None:
    """Wait until something has happened, for a few seconds at most."""
    async with asyncio.timeout(5):
        while not happened():  # noqa: ASYNC110 - it happens elsewhere, and nobody says so
            await asyncio.sleep(0.01)


def connected_bot(slack: Loopback, app: App, *, bot_token: str = BOT_TOKEN, app_token: str = APP_TOKEN) -> Slack:
    return Slack(bot_token, app_token, app.answer, app.commands, rooms_activity=True, base_url=f"{slack.url}/api/")


@asynccontextmanager
async def workspace(slack: Loopback, store: Store) -> AsyncIterator[Workspace]:
    clock = MovableClock(MONDAY)
    found = await store.found("Harborview", "America/New_York", PLACE, None)
    app = put_together(store, clock, USUAL)
    bot = connected_bot(slack, app)
    serving = asyncio.create_task(bot.run())
    courier = Courier(store, clock, USUAL, [bot])
    try:
        await asyncio.wait_for(slack.connected.wait(), 5)
        yield Workspace(store, app, courier, clock, Paper(clock.now), found.id, slack=slack, bot=bot)
    finally:
        await bot.close()
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


@pytest.fixture
async def harborview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Workspace]:
    """Harborview's workspace with the bot connected, and nobody in the society yet."""
    for pace in ("PING", "FIRST_WAIT", "SAME_CHANNEL", "WORKSPACE", "TIER_3"):
        monkeypatch.setattr(adapter, pace, 0.3 if pace == "PING" else 0.01)
    async with loopback() as slack, open_sqlite(tmp_path / "society.db") as store, workspace(slack, store) as place:
        yield place


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
    monkeypatch.setattr(adapter, "PROFILE_WAIT", 0.0)
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


@pytest.mark.parametrize("end", ["renews", "cuts"])
async def test_a_lost_connection_comes_back_by_itself(harborview: Workspace, end: str) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    await (slack.renews() if end == "renews" else slack.cuts())
    await asyncio.wait_for(slack.connected.wait(), 5)
    await slack.calls_command("UANA", "/my-pairs")
    await until(lambda: slack.whispers["UANA"])


async def test_a_connection_whose_ticket_was_spent_is_made_from_the_beginning(
    harborview: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "STUCK", 0.5)
    harborview.slack.refused_sockets = 1
    await harborview.slack.renews()
    await asyncio.wait_for(harborview.slack.connected.wait(), 5)


async def test_the_first_connection_may_be_refused(harborview: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    async with loopback() as slack:
        slack.faults["auth.test"] += [broken]
        slack.faults["apps.connections.open"] += [broken]
        slack.refused_sockets = 1
        bot = connected_bot(slack, harborview.app)
        serving = asyncio.create_task(bot.run())
        await asyncio.wait_for(slack.connected.wait(), 5)
        await bot.close()
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


@pytest.mark.parametrize("tokens", [("xoxb-wrong", APP_TOKEN), (BOT_TOKEN, "xapp-wrong")])
async def test_a_bad_token_is_said_at_once(harborview: Workspace, tokens: tuple[str, str]) -> None:
    bot = connected_bot(harborview.slack, harborview.app, bot_token=tokens[0], app_token=tokens[1])
    with pytest.raises(NotAccepted, match="invalid_auth"):
        await asyncio.wait_for(bot.run(), 5)


async def test_a_message_whose_answer_was_lost_is_shown_once(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.cut_after.add("chat.postMessage")
    with pytest.raises(Exception, match="isconnected"):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Again"), "k2")
    assert [post["text"] for post in slack.posts["DUANA"]] == ["Hello", "Again"]


async def test_another_process_finds_what_the_one_before_has_sent(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    await connected_bot(slack, harborview.app).send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    assert len(slack.posts["DUANA"]) == 1


async def test_where_history_may_not_be_read_messages_still_arrive(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.faults["conversations.history"] += [_lacks_scope]
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    assert len(slack.posts["DUANA"]) == 1


async def test_slack_asks_to_wait_and_the_message_waits(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.faults["chat.postMessage"] += [too_many] * 2
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    slack.faults["chat.postMessage"] += [too_many] * 3
    with pytest.raises(Later):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("More"), "k2")
    assert len(slack.posts["DUANA"]) == 1


async def test_a_broken_slack_is_the_couriers_to_try_again(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.faults["chat.postMessage"] += [broken]
    with pytest.raises(Exception, match="unavailable"):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    assert len(slack.posts["DUANA"]) == 1


async def test_one_conversation_hears_the_bot_once_a_second(
    harborview: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "SAME_CHANNEL", 30.0)
    harborview.slack.meet("UANA", "Ana Ruiz")
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k1")
    with pytest.raises(Later):
        await harborview.bot.send(f"{PLACE}/u/UANA", message("Hello"), "k2")


async def test_who_is_gone_or_nowhere_is_never_written_to_again(harborview: Workspace) -> None:
    with pytest.raises(Departed):
        await harborview.bot.send(f"{PLACE}/u/UNOBODY", message("Hello"), "k1")
    with pytest.raises(Departed):
        await harborview.bot.send(f"{PLACE}/r/GNOWHERE", message("Hello"), "k2")
    with pytest.raises(Refused):
        await harborview.bot.send("discord:1:2", message("Hello"), "k3")
    with pytest.raises(Refused):
        await harborview.bot.open_room([f"{PLACE}/u/U1", "slack:T2/u/U2"], "", "k4", None)


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


async def test_the_doctor_sees_tokens_and_scopes(harborview: Workspace) -> None:
    base = f"{harborview.slack.url}/api/"
    good = await examine(BOT_TOKEN, APP_TOKEN, base_url=base)
    assert [finding.good for finding in good] == [True, True, True]
    bad = await examine("xoxb-wrong", "xapp-wrong", base_url=base)
    assert [(finding.good, finding.what) for finding in bad] == [
        (False, "Slack's bot token: invalid_auth"),
        (False, "Slack's app token: invalid_auth"),
    ]
    harborview.slack.scopes = "chat:write,commands,im:write,mpim:write,users:read"
    lacking = await examine(BOT_TOKEN, APP_TOKEN, base_url=base)
    assert "im:history, mpim:history" in lacking[1].what


async def test_the_loopback_refuses_what_slack_would() -> None:
    with pytest.raises(AssertionError, match="no such method"):
        async with loopback() as slack:
            await _asks_nonsense(slack)


async def _asks_nonsense(slack: Loopback) -> None:
    client = AsyncWebClient(BOT_TOKEN, base_url=f"{slack.url}/api/")
    with pytest.raises(SlackApiError):
        await client.api_call("chat.shout")


def _lacks_scope() -> web.StreamResponse:
    return web.json_response({"ok": False, "error": "missing_scope"})
