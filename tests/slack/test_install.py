"""Several workspaces: each installs the app, and has a society of its own until that is joined to another."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession

from adapters.slack import Slack
from adapters.slack_doctor import examine_all
from adapters.slack_http import Http
from adapters.slack_install import Installed, States, flow
from adapters.slack_manifest import INSTALL, INSTALLED, scopes
from bot.app import App
from bot.clock import MovableClock
from bot.courier import Courier
from bot.model import QueueReason, Urgency
from bot.ports import Later
from bot.records import Store
from bot.society import society as put_together
from bot.ui import message
from tests.slack.loopback import CLIENT, SIGNING_SECRET, Loopback, loopback
from tests.slack.workspace import bot_with, serving, until
from tests.society import MONDAY, USUAL
from tests.stores import open_sqlite

ADDRESS = "https://mentors.example.org"


@dataclass
class Installing:
    slack: Loopback
    store: Store
    app: App
    bot: Slack
    courier: Courier
    clock: MovableClock
    installed: Installed

    async def begins(self) -> tuple[str, str]:
        """Someone opens the page; the state it sends to Slack, and the cookie it leaves."""
        async with ClientSession() as session:
            page = await session.get(f"{self.slack.door}{INSTALL}")
            link = html.unescape(re.findall(r'https://slack.com/oauth[^"]*', await page.text())[0])
        asked = parse_qs(urlsplit(link).query)
        assert asked["scope"] == [",".join(scopes())]
        assert asked["redirect_uri"] == [ADDRESS + INSTALLED]
        return asked["state"][0], page.headers["Set-Cookie"].split(";")[0]

    async def comes_back(self, state: str, cookie: str, team: str) -> int:
        """Slack sends them back, after their yes."""
        code = f"code-{len(self.slack.called)}"
        self.slack.codes[code] = team
        way = f"{self.slack.door}{INSTALLED}?state={state}&code={code}"
        async with ClientSession() as session:
            return (await session.get(way, headers={"Cookie": cookie})).status

    async def installs(self, team: str) -> None:
        assert await self.comes_back(*await self.begins(), team) == HTTPStatus.OK


@asynccontextmanager
async def installing_app(slack: Loopback, store: Store) -> AsyncIterator[Installing]:
    clock = MovableClock(MONDAY)
    app = put_together(store, clock, USUAL)
    installed = Installed(store.installations, clock, *CLIENT, "America/New_York", f"{slack.url}/api/")
    states = States(store.installations, clock)
    door = Http("127.0.0.1", 0, SIGNING_SECRET, flow(installed, states, *CLIENT, ADDRESS, scopes()))
    bot = bot_with(door, installed, app)
    async with serving(bot):
        await until(lambda: door.port)
        slack.door = f"http://127.0.0.1:{door.port}"
        slack.meet("UFOUNDER", "Fay", tz="Europe/Berlin")
        yield Installing(slack, store, app, bot, Courier(store, clock, USUAL, [bot]), clock, installed)


@pytest.fixture
async def anyone(tmp_path: Path) -> AsyncIterator[Installing]:
    async with (
        loopback() as slack,
        open_sqlite(tmp_path / "society.db") as store,
        installing_app(slack, store) as there,
    ):
        yield there


async def test_a_workspace_that_installs_the_app_gets_a_society_and_is_answered(anyone: Installing) -> None:
    await anyone.installs("T1")
    society = await anyone.store.society_at("slack:T1")
    assert society is not None
    assert (society.name, society.zone.key) == ("Team T1", "Europe/Berlin")
    anyone.slack.meet("UANA", "Ana Ruiz")
    await anyone.slack.calls_command("UANA", "/my-pairs")
    await until(lambda: anyone.slack.whispers["UANA"])
    await anyone.slack.opens_home("UANA", "Ev1")
    await until(lambda: anyone.slack.homes.get("UANA"))


async def test_a_workspace_of_a_known_society_stays_with_it(anyone: Installing) -> None:
    known = await anyone.store.found("Harborview", "America/New_York", "discord:1", None)
    await anyone.store.join(known.id, "slack:T1")
    await anyone.installs("T1")
    there = await anyone.store.society_at("slack:T1")
    assert there is not None
    assert there.name == "Harborview"


async def test_tokens_are_kept_so_that_nobody_reads_them(anyone: Installing, tmp_path: Path) -> None:
    await anyone.installs("T1")
    token = (await anyone.installed.web("T1")).token
    assert token
    assert token.encode() not in (tmp_path / "society.db").read_bytes()


@pytest.mark.parametrize("wrong", ["used", "late", "another browser", "made up"])
async def test_who_comes_back_is_who_went(anyone: Installing, wrong: str) -> None:
    state, cookie = await anyone.begins()
    match wrong:
        case "used":
            await anyone.comes_back(state, cookie, "T1")
        case "late":
            anyone.clock.move_to(MONDAY + timedelta(minutes=11))
        case "another browser":
            cookie = "slack-app-oauth-state=other"
        case _:
            state, cookie = "made-up", "slack-app-oauth-state=made-up"
    assert await anyone.comes_back(state, cookie, "T2") in (400, 401)
    assert await anyone.store.society_at("slack:T2") is None


async def test_a_whole_organisation_is_told_to_install_in_one_workspace(anyone: Installing) -> None:
    assert await anyone.comes_back(*await anyone.begins(), "E1") == HTTPStatus.INTERNAL_SERVER_ERROR
    assert await anyone.store.society_at("slack:E1") is None


@pytest.mark.parametrize(
    "event",
    [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"], "oauth": []}}],
    ids=["uninstalled", "revoked"],
)
async def test_where_the_app_was_taken_out_nothing_is_said_until_it_is_back(
    anyone: Installing, event: dict[str, object]
) -> None:
    slack = anyone.slack
    await anyone.installs("T1")
    slack.meet("UANA", "Ana Ruiz")
    await slack.happens(event, "Ev1")
    await _hello(anyone, "slack:T1")
    await anyone.courier.deliver()
    assert "chat.postMessage" not in slack.called
    with pytest.raises(Later):
        await anyone.bot.send("slack:T1/u/UANA", message("Hello"), "k9")
    await anyone.installs("T1")
    anyone.clock.move_to(MONDAY + timedelta(hours=1))
    await anyone.courier.deliver()
    assert [post["text"] for post in slack.posts["DUANA"]] == ["Hello"]


async def test_that_the_app_was_taken_out_says_nothing_once_it_is_back(anyone: Installing) -> None:
    slack = anyone.slack
    await anyone.installs("T1")
    slack.meet("UANA", "Ana Ruiz")
    await slack.happens({"type": "app_uninstalled"}, "Ev1", retry=2, ago=300)
    await anyone.bot.send("slack:T1/u/UANA", message("Hello"), "k1")
    assert len(slack.posts["DUANA"]) == 1


async def _hello(there: Installing, place: str) -> None:
    society = await there.store.society_at(place)
    assert society is not None
    async with there.store.records(society.id) as records:
        ana = await records.people.meet(f"{place}/u/UANA", "Ana")
        await records.post.say(message("Hello"), Urgency.PROMPT, there.clock.now(), to=ana.id)


async def test_a_refused_token_stops_all_that_its_workspace_would_hear(anyone: Installing) -> None:
    slack = anyone.slack
    await anyone.installs("T1")
    slack.meet("UANA", "Ana Ruiz")
    slack.tokens.clear()
    for key in ("k1", "k2", "k3"):
        with pytest.raises(Later):
            await anyone.bot.send("slack:T1/u/UANA", message("Hello"), key)
    assert slack.called.count("conversations.open") == 1


async def test_a_token_is_changed_before_it_ends_and_once_however_many_ask(
    anyone: Installing, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack = anyone.slack
    await anyone.installs("T1")
    slack.meet("UANA", "Ana Ruiz")
    first = (await anyone.installed.web("T1")).token
    monkeypatch.setattr("adapters.slack_install.EARLY", 13 * 60)  # it is good for twelve hours
    asked = slack.called.count("oauth.v2.access")
    several = await asyncio.gather(*(anyone.installed.web("T1") for _ in range(5)))
    assert slack.called.count("oauth.v2.access") == asked + 1
    assert {web.token for web in several} != {first}
    monkeypatch.setattr("adapters.slack_install.EARLY", 120)
    await anyone.bot.send("slack:T1/u/UANA", message("Hello"), "k1")
    assert slack.posts["DUANA"]


async def test_a_change_of_tokens_that_fails_leaves_the_old_one(
    anyone: Installing, monkeypatch: pytest.MonkeyPatch
) -> None:
    await anyone.installs("T1")
    before = (await anyone.installed.web("T1")).token
    monkeypatch.setattr("adapters.slack_install.EARLY", 13 * 60)
    anyone.slack.refreshes.clear()
    assert (await anyone.installed.web("T1")).token == before


async def test_who_left_any_of_the_workspaces_while_nobody_looked_is_found(anyone: Installing) -> None:
    slack = anyone.slack
    for team in ("T1", "T2"):
        await anyone.installs(team)
    slack.meet("UANA", "Ana Ruiz")
    slack.meet("UBEN", "Ben Okafor", deleted=True)
    society = await anyone.store.society_at("slack:T2")
    assert society is not None
    async with anyone.store.records(society.id) as records:
        ana = await records.people.meet("slack:T2/u/UANA", "Ana Ruiz")
        ben = await records.people.meet("slack:T2/u/UBEN", "Ben Okafor")
        await records.people.save_mentee(ana.id)
        await records.people.save_mentor(ben.id, capacity=1, approved_at=MONDAY)
        await records.pairs.make(ana.id, ben.id, MONDAY)
    async with installing_app(slack, anyone.store) as again:
        await until(lambda: again.bot._reconciling is not None and again.bot._reconciling.done())
    async with anyone.store.records(society.id) as records:
        assert [item.reason for item in await records.queue.items()] == [QueueReason.LEFT]


async def test_the_doctor_looks_at_every_workspace(anyone: Installing) -> None:
    async def chosen(team: str) -> list[str]:
        return [f"slack:{team}/c/C1"] if team == "T1" else []

    for team in ("T1", "T2"):
        await anyone.installs(team)
    del anyone.slack.tokens[(await anyone.installed.web("T2")).token or ""]
    findings = await examine_all(anyone.installed, chosen, ADDRESS, user_groups=False)
    assert [finding.what for finding in findings] == [
        f"Slack: workspaces install the app at {ADDRESS}, and so did 2",
        "Slack's bot token works in Harborview",
        "Slack's scopes are all there",
        "Slack's channel that officers chose: channel_not_found",
        "Slack's bot token: invalid_auth",
    ]
    assert findings[-1].mend == f"Have an admin of the workspace T2 install the app again at {ADDRESS}"


async def test_one_workspace_hears_nothing_of_another(anyone: Installing) -> None:
    slack = anyone.slack
    await anyone.installs("T1")
    await anyone.installs("T2")
    slack.meet("UANA", "Ana Ruiz")
    one, other = await anyone.store.society_at("slack:T1"), await anyone.store.society_at("slack:T2")
    assert one is not None
    assert other is not None
    assert one.id != other.id
    assert (await anyone.installed.web("T1")).token != (await anyone.installed.web("T2")).token
    await slack.happens({"type": "app_uninstalled"}, "Ev1", team="T2")
    await anyone.bot.send("slack:T1/u/UANA", message("Hello"), "k1")
    with pytest.raises(Later):
        await anyone.bot.send("slack:T2/u/UANA", message("Hello"), "k2")
