"""A society that runs: it finishes what is in hand when it is stopped, and its doctor finds what is wrong."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, web
from aiohttp.test_utils import unused_port
from pydantic import SecretStr

from adapters.office import serve
from bot.config import ConfigError, DiscordSection, OfficeSection, Settings, SocietySection
from bot.doctor import clock, page, zones
from bot.model import DAY, Open, Place, Urgency
from bot.office import OfficeDoor
from bot.ports import Address, Called, NotAccepted, Request
from bot.rehearsal import Actor, Paper
from bot.running import answering, founded, keep_connected, office_of, office_open
from bot.schedule import scheduled
from bot.ui import Message, message
from storage.engine import on_network
from tests.society import MONDAY, PLACE, Society
from tests.stores import KEY, open_sqlite


@dataclass
class Line(Paper):
    """Paper that keeps a connection, and on which a message takes as long as it is held."""

    up: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    held: asyncio.Event = field(default_factory=asyncio.Event)
    closed_down: asyncio.Event = field(default_factory=asyncio.Event)
    refuses: bool = False

    async def run(self) -> None:
        if self.refuses:
            raise NotAccepted("the token is not good")
        self.up.set()
        await self.closed_down.wait()

    async def close(self) -> None:
        self.closed_down.set()

    async def send(self, to: Address, message: Message, key: str, *, again: bool = False) -> None:
        self.begun.set()
        await self.held.wait()
        await super().send(to, message, key)


async def with_words_for(harbor: Society, people: Sequence[Actor]) -> None:
    async with harbor.store.records(harbor.id) as records:
        for actor in people:
            person = await records.people.at(actor.address)
            assert person is not None
            await records.post.say(message(f"For {actor.name}"), Urgency.NEWS, harbor.clock.now(), to=person.id)


@pytest.fixture
def line(harbor: Society) -> Line:
    line = Line(harbor.clock.now)
    harbor.courier.platforms = [line]
    return line


async def test_what_is_in_hand_is_finished_and_the_rest_waits_for_the_next_start(harbor: Society, line: Line) -> None:
    people = [await harbor.mentee(name) for name in ("Ana Ruiz", "Bo Lind", "Cy Park")]
    await with_words_for(harbor, people)
    stop = asyncio.Event()
    running = asyncio.create_task(keep_connected([line], harbor.app, harbor.courier, stop))
    await line.up.wait()
    sending = asyncio.create_task(harbor.courier.deliver())
    await line.begun.wait()
    stop.set()
    await asyncio.sleep(0.05)
    assert not line.closed_down.is_set(), "there is still something to send by it"
    line.held.set()
    await asyncio.wait_for(asyncio.gather(running, sending), 5)
    assert len(line.shown) == 1
    harbor.courier.stopping = False
    await harbor.courier.deliver()
    assert sorted(harbor_said(line)) == ["For Ana Ruiz", "For Bo Lind", "For Cy Park"]


def harbor_said(line: Line) -> list[str]:
    return [str(block.text[0]) for shown in line.shown for block in shown.message.blocks if block.kind == "line"]


async def test_what_is_held_for_ever_is_left_for_the_next_start_before_ten_seconds_are_over(
    harbor: Society, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.running.SENDING", 0.1)
    await with_words_for(harbor, [await harbor.mentee()])
    stop = asyncio.Event()
    kept = asyncio.create_task(keep_connected([line], harbor.app, harbor.courier, stop))
    await line.up.wait()
    harbor.courier.call()
    await line.begun.wait()
    stop.set()
    await asyncio.wait_for(kept, 2)
    assert line.shown == []
    line.held.set()
    await harbor.courier.finish(2)


async def test_an_answer_waits_for_nothing_that_is_said_to_others(harbor: Society, line: Line) -> None:
    ana = await harbor.mentee()
    await with_words_for(harbor, [ana])
    answer = answering(harbor.app, harbor.courier)
    await asyncio.wait_for(answer(Request("1", PLACE, ana.address, ana.name, Called("home", {})), ana), 2)
    await line.begun.wait()
    line.held.set()
    await harbor.courier.finish(2)
    assert harbor_said(line) == ["For Ana Ruiz"]


async def test_a_token_that_is_not_accepted_ends_it_with_a_word(harbor: Society, line: Line) -> None:
    line.refuses = True
    with pytest.raises(ConfigError, match="the token is not good"):
        await keep_connected([line], harbor.app, harbor.courier, asyncio.Event())


async def test_at_the_start_each_pairs_next_step_is_worked_out_while_members_are_served(harbor: Society) -> None:
    pair = await harbor.paired(await harbor.mentee(), await harbor.mentor())
    due = await harbor.store.next_moment(harbor.clock.now())
    async with harbor.store.records(harbor.id) as records:
        await records.diary.set(Open.PAIR, pair.id, harbor.clock.now() + 400 * DAY)
    async with scheduled(harbor.app, harbor.courier), asyncio.timeout(5):
        while await harbor.store.next_moment(harbor.clock.now()) != due:  # noqa: ASYNC110 - nobody says so
            await asyncio.sleep(0.01)


async def test_a_stop_just_after_the_start_is_nothing_to_log(
    harbor: Society, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    async with scheduled(harbor.app, harbor.courier):
        await asyncio.sleep(0.01)  # the first job is in hand by now
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_stop_with_nothing_in_hand_is_at_once(harbor: Society, line: Line) -> None:
    stop = asyncio.Event()
    stop.set()
    await asyncio.wait_for(keep_connected([line], harbor.app, harbor.courier, stop), 2)


async def test_officers_are_told_where_the_society_is_now_and_not_on_the_playground_it_began_on(tmp_path: Path) -> None:
    society = SocietySection(name="Harborview", zone="America/New_York")
    elsewhere = Settings(
        society=society,
        discord=DiscordSection(server="900000000000000009"),
        discord_token=SecretStr("t"),
        key=SecretStr(KEY.hex()),
    )
    async with open_sqlite(tmp_path / "society.db") as store:
        begun = await founded(store, Settings(society=society))  # a sheet is brought in, or someone looks around
        assert begun.officers_channel is not None
        again = await founded(store, elsewhere)
        assert again.id == begun.id
        async with store.records(again.id) as records:
            assert records.society.officers_channel is None
            await records.settle(Place("discord:900000000000000009", officers="discord:900000000000000009/c/7"))
        async with store.records((await founded(store, elsewhere)).id) as records:
            assert records.society.officers_channel == "discord:900000000000000009/c/7"


# ── the doctor ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def platform() -> AsyncIterator[str]:
    """A platform whose clock says noon."""

    async def say(_: web.Request) -> web.Response:
        return web.Response(headers={"Date": "Mon, 05 Oct 2026 12:00:00 GMT"})

    app = web.Application()
    app.router.add_get("/", say)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("off", "said"),
    [(0, "agrees"), (59, "agrees"), (-61, "61 s behind"), (300, "300 s ahead")],
)
async def test_a_clock_that_is_off_is_named(platform: str, off: int, said: str) -> None:
    finding = await clock(platform, NOON + timedelta(seconds=off))
    assert said in finding.what
    assert finding.good == (said == "agrees")


async def test_a_platform_that_cannot_be_reached_says_nothing_of_the_clock() -> None:
    finding = await clock("http://127.0.0.1:9/", NOON)
    assert not finding.good
    assert "nothing to compare" in finding.what


def test_old_rules_of_time_zones_are_named() -> None:
    assert zones("2026.1", MONDAY).good
    assert not zones("2023.4", MONDAY).good


def test_a_database_on_a_network_disk_is_noticed(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\nserver:/home /home nfs4 rw 0 0\ntmpfs /home/here tmpfs rw 0 0\n")
    assert on_network(Path("/home/ana/society"), mounts) == "nfs4"
    assert on_network(Path("/home/here/society"), mounts) == ""
    assert on_network(Path("/srv"), mounts) == ""
    assert on_network(Path("/home"), tmp_path / "none") == ""


async def test_the_officers_page_is_there_once_it_is_switched_on(harbor: Society) -> None:
    port = unused_port()
    settings = Settings(society=SocietySection(name="Harborview"), office=OfficeSection(enabled=True, port=port))
    assert office_of(Settings(society=SocietySection(name="Harborview"))) == ""
    harbor.app.office = office_of(settings)
    async with office_open(settings, harbor.app, harbor.app.answer), ClientSession() as browser:
        async with browser.get(harbor.app.office) as answer:
            assert "Preceptor · officers" in await answer.text()
        with pytest.raises(ConfigError, match=f"office.port = {port}"):
            async with office_open(settings, harbor.app, harbor.app.answer):
                pass
    async with ClientSession() as browser:
        with pytest.raises(ClientError):
            await browser.get(harbor.app.office)


async def test_the_doctor_finds_a_proxy_that_hides_where_the_officers_page_is(harbor: Society) -> None:
    port = unused_port()
    here = f"http://127.0.0.1:{port}"
    door, answer = OfficeDoor(harbor.app), harbor.app.answer
    assert (await page(here)).what.endswith("just now it is not")
    async with serve(door, answer, "127.0.0.1", port):
        assert (await page(here)).what == f"officers' page: open at {here}"
    async with serve(door, answer, "127.0.0.1", port, "https://officers.example.org"):
        found = await page(here)
    assert not found.good
    assert "Host header" in found.mend
