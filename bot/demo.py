"""The invented society one can try: Harborview on the playground, and one term of it as a story."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from adapters.playground import Playground, channel_address, person_address, slug_of
from bot.clock import MovableClock
from bot.courier import Courier
from bot.intake.rows import read
from bot.intake.saving import take_in
from bot.model import Pace, Person, Society
from bot.ports import Address
from bot.records import Records
from bot.rehearsal import Actor, Paper
from bot.rules.fit import best
from bot.running import answering, opened, play
from bot.simulation import Simulation
from bot.society import society as put_together
from bot.stage import Stage
from bot.story import tell
from bot.vocabulary import Phase
from storage.store import SqlStore

console = Console()

SHEETS = Path(__file__).parent.parent / "examples" / "harborview"
NAME, ZONE = "Harborview Pre-Health Society", "America/New_York"
START = datetime(2026, 10, 5, 13, 0, tzinfo=UTC)
"""A Monday morning at Harborview."""


# ── the playground ────────────────────────────────────────────────────────────────────────────────────────────────


async def playground_demo(folder: Path, port: int, *, fresh: bool) -> None:
    """Harborview on the playground, as it was left last time unless `fresh`."""
    folder.mkdir(parents=True, exist_ok=True)
    database, talk, time = folder / "society.db", folder / "talk.jsonl", folder / "clock"
    if fresh:
        for file in (database, talk, time, *folder.glob("society.db-*")):
            file.unlink(missing_ok=True)

    def remember(moment: datetime) -> None:
        # Whole or not at all: after a crash the clock must not stand before what is stored.
        (folder / "clock.new").write_text(moment.isoformat())
        (folder / "clock.new").replace(time)

    clock = MovableClock(datetime.fromisoformat(time.read_text()) if time.exists() else START, remember)
    async with opened(f"sqlite+aiosqlite:///{database}", _key_in(folder)) as store:
        place = "playground:harborview"
        society = await store.found(NAME, ZONE, place, channel_address("officers"))
        await _settle_in(store, society, clock.now(), lambda p: person_address(f"{slug_of(p.name)}-{p.id}"))
        app = put_together(store, clock, Pace())
        courier = Courier(store, clock, app.pace, [])
        simulation = Simulation(app, courier, clock)
        stage = Stage(store, society.id, society.name, place, ZONE, app.commands, clock, simulation)
        playground = Playground(answering(app, courier), app.suggest, stage, talk)
        courier.platforms = [playground]
        await play(playground, app, courier, port)


async def _settle_in(store: SqlStore, society: Society, now: datetime, address_of: Callable[[Person], Address]) -> None:
    """Import the example society and give everyone an address, all of it or nothing."""
    async with store.records(society.id) as records:
        if await records.people.all():
            return
        console.print(f"Importing {NAME} from examples/harborview")
        for name in ("officers.csv", "mentors.csv", "mentees.csv"):
            with console.status(f"Reading {name}"):
                sheet = read(name, (SHEETS / name).read_bytes(), society.zone)
                report = await take_in(sheet, records, now, approve=True)
            console.print(f"  {name}: {report.new} people, {len(report.problems)} notes on the sheet")
        for person in await records.people.all():
            await records.people.link(person.id, address_of(person))


def _key_in(folder: Path) -> bytes:
    """The demo's own key, made on first use. (A real society keeps its key elsewhere.)"""
    file = folder / "key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return bytes.fromhex(file.read_text())


# ── the story ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def story_demo(say: Callable[[str], None]) -> None:
    """One term of one Harborview pair, line by line, on a database that is thrown away."""
    clock, place = MovableClock(START), "paper:harborview"
    with tempfile.TemporaryDirectory() as folder:
        async with opened(f"sqlite+aiosqlite:///{folder}/story.db", secrets.token_bytes(32)) as store:
            paper = Paper(clock.now)
            society = await store.found(NAME, ZONE, place, None)
            await _settle_in(store, society, clock.now(), lambda person: f"paper:{person.id}")
            app = put_together(store, clock, Pace())
            simulation = Simulation(app, Courier(store, clock, app.pace, [paper]), clock)
            async with store.records(society.id) as records:
                cast = await _cast(records, clock.now(), society.zone)
            mentee, mentor, officer = (Actor(app, paper, place, f"paper:{p.id}", p.name) for p in cast)
            await tell(simulation, society.zone, mentee, mentor, officer, say)


async def _cast(records: Records, now: datetime, zone: ZoneInfo) -> tuple[Person, Person, Person]:
    """A mentee, the mentor who fits them best, and an officer."""
    mentors = [m for m in await records.people.mentors() if m.person.zone == zone]
    officer = (await records.people.officers())[0]
    for person in await records.people.all():
        mentee = await records.people.mentee(person.id)
        if mentee and mentee.profile.phase is Phase.SOPHOMORE and await records.people.mentor(person.id) is None:
            fits = best(mentee, mentors, today=now.date(), zone=zone)
            return person, fits[0].mentor.person, officer
    raise LookupError("Harborview has no second-year mentee")
