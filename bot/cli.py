"""The composition root: the command line, and the only place where core, storage and platforms meet."""

from __future__ import annotations

import asyncio
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import track

from adapters.playground.platform import Playground
from adapters.playground.server import serve
from adapters.playground.talk import channel_address, person_address, slug_of
from adapters.playground.wire import Face
from bot import logs
from bot.app import App
from bot.clock import MovableClock, SystemClock
from bot.config import ConfigError, Settings, load
from bot.courier import Courier
from bot.intake import Report, UnreadableError, read, take_in
from bot.model import Pace, Society
from bot.portrait import mentee_line, mentor_line
from bot.ports import Address, Clock, Platform, Records
from bot.rehearsal import Actor, Paper
from bot.rules.fit import best
from bot.schedule import scheduler
from bot.simulation import Simulation
from bot.society import society as put_together
from bot.story import tell
from bot.ui import Command
from storage.store import SqlStore, open_store

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Mentorship that stays alive, for premed societies.",
)
config_cli = typer.Typer(no_args_is_help=True, help="About the settings.")
cli.add_typer(config_cli, name="config")
console = Console()

HARBORVIEW = Path(__file__).parent.parent / "examples" / "harborview"
DEMO_NAME, DEMO_ZONE, DEMO_PLACE = (
    "Harborview Pre-Health Society",
    "America/New_York",
    "playground:harborview",
)
DEMO_START = datetime(2026, 10, 5, 13, 0, tzinfo=UTC)
"""A Monday morning at Harborview."""

ConfigOption = Annotated[Path, typer.Option("--config", help="The settings file.")]


def main() -> None:
    """The `preceptor` command."""
    try:
        cli()
    except ConfigError as error:
        typer.echo(error, err=True)
        sys.exit(2)


# ── the playground ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Stage:
    """The society as the playground shows it, and its clock."""

    store: SqlStore
    society_id: int
    society: str
    place: Address
    zone: str
    commands: Sequence[Command]
    clock: Clock
    simulation: Simulation | None = None
    """None where the clock is the real one."""

    async def people(self) -> list[Face]:
        async with self.store.records(self.society_id) as records:
            faces = []
            for person in await records.people.all():
                address = next(
                    (a for a in await records.people.addresses(person.id) if a.startswith("playground:")),
                    None,
                )
                if address is None:
                    continue
                mentee, mentor = (
                    await records.people.mentee(person.id),
                    await records.people.mentor(person.id),
                )
                roles = [
                    name for name, has in (("officer", person.officer), ("mentor", mentor), ("mentee", mentee)) if has
                ]
                line = mentor_line(mentor) if mentor else mentee_line(mentee) if mentee else "Officer"
                zone = person.zone or records.society.zone
                faces.append(Face(address, person.id, person.name, tuple(roles), line, zone.key))
            return faces

    def now(self) -> datetime:
        return self.clock.now()

    async def advance(self, step: Literal["day", "week", "next"]) -> None:
        if self.simulation is None:
            return
        if step == "next":
            await self.simulation.run_to_next()
        else:
            await self.simulation.run_until(self.now() + timedelta(days=1 if step == "day" else 7))

    async def next_moment(self) -> datetime | None:
        return await self.store.next_moment(self.now())


@cli.command()
def demo(
    story: Annotated[bool, typer.Option("--story", help="Play one term of one pair in the terminal.")] = False,
    port: Annotated[int, typer.Option(help="Where the playground listens, on this machine only.")] = 8787,
    folder: Annotated[Path, typer.Option("--data", help="Where the demo society lives.")] = Path("demo-data"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin again.")] = False,
) -> None:
    """Try Preceptor with an invented society: a page in your browser, no account, no token."""
    logs.set_up("WARNING" if story else "INFO")
    asyncio.run(_story() if story else _demo(folder, port, fresh))


async def _demo(folder: Path, port: int, fresh: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    database, talk, time = folder / "society.db", folder / "talk.jsonl", folder / "clock"
    if fresh:
        for file in (database, talk, time, *folder.glob("society.db-*")):
            file.unlink(missing_ok=True)
    clock = MovableClock(datetime.fromisoformat(time.read_text()) if time.exists() else DEMO_START)
    async with _opened(f"sqlite+aiosqlite:///{database}", _key_in(folder)) as store:
        society = await store.found(DEMO_NAME, DEMO_ZONE, DEMO_PLACE, channel_address("officers"))
        await _harborview(
            store, society, clock.now(), lambda _, name, number: person_address(f"{slug_of(name)}-{number}")
        )
        app = put_together(store, clock, Pace())
        courier = Courier(store, clock, app.pace, [])
        simulation = Simulation(app, courier, clock)
        stage = Stage(store, society.id, society.name, DEMO_PLACE, DEMO_ZONE, app.commands, clock, simulation)
        playground = Playground(_answering(app, courier), stage, talk)
        courier.platforms = [playground]
        try:
            await _serve(playground, app, courier, port)
        finally:
            time.write_text(clock.now().isoformat())


def _answering(app: App, courier: Courier):  # type: ignore[no-untyped-def]
    """The door, with the courier sent out at once after each visit."""

    async def answer(request, responder) -> None:  # type: ignore[no-untyped-def]
        await app.answer(request, responder)
        await courier.deliver()

    return answer


async def _serve(playground: Playground, app: App, courier: Courier, port: int) -> None:
    """The playground and the recurring jobs, until interrupted."""
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    jobs = scheduler(app, courier)
    jobs.start()
    try:
        async with serve(playground, port) as address:
            console.print(f"\n  [bold]Preceptor is open at {address}[/bold]\n  Ctrl-C closes it; nothing is lost.\n")
            await stop.wait()
    except OSError as error:
        raise ConfigError(f"port {port}: {error.strerror}. Choose another with --port.") from None
    finally:
        jobs.shutdown(wait=False)


async def _harborview(store: SqlStore, society: Society, now: datetime, address_of) -> None:  # type: ignore[no-untyped-def]
    """Import the example society, and give everyone an address where the demo plays."""
    async with store.records(society.id) as records:
        if await records.people.all():
            return
    console.print(f"Importing {DEMO_NAME} from {HARBORVIEW.name}/")
    for name in ("officers.csv", "mentors.csv", "mentees.csv"):
        async with store.records(society.id) as records:
            report = await take_in(read(name, (HARBORVIEW / name).read_bytes()), records, now, approve=True)
        console.print(f"  {name}: {report.new} people, {len(report.problems)} notes on the sheet")
    async with store.records(society.id) as records:
        for person in track(await records.people.all(), "Giving everyone a seat", console=console, transient=True):
            await records.people.link(person.id, address_of(records, person.name, person.id))


async def _story() -> None:
    clock = MovableClock(DEMO_START)
    with tempfile.TemporaryDirectory() as folder:
        await _play(clock, f"sqlite+aiosqlite:///{folder}/story.db")


async def _play(clock: MovableClock, url: str) -> None:
    async with _opened(url, secrets.token_bytes(32)) as store:
        paper = Paper(clock.now)
        society = await store.found(DEMO_NAME, DEMO_ZONE, "paper:harborview", None)
        await _harborview(store, society, clock.now(), lambda _, name, number: f"paper:{number}")
        app = put_together(store, clock, Pace())
        simulation = Simulation(app, Courier(store, clock, app.pace, [paper]), clock)
        async with store.records(society.id) as records:
            cast = await _cast(records, clock.now(), society.zone)
        actors = [Actor(app, paper, "paper:harborview", f"paper:{number}", name) for number, name in cast]
        await tell(simulation, paper, actors[0], actors[1], actors[2], print)


async def _cast(records: Records, now: datetime, zone: ZoneInfo) -> list[tuple[int, str]]:
    """A mentee, the mentor who fits them best, and an officer."""
    mentors = [m for m in await records.people.mentors() if m.person.zone == zone]
    for person in await records.people.all():
        mentee = await records.people.mentee(person.id)
        if mentee and mentee.profile.phase == "sophomore" and await records.people.mentor(person.id) is None:
            fits = best(mentee, mentors, today=now.date(), zone=zone)
            officer = (await records.people.officers())[0]
            return [(p.id, p.name) for p in (person, fits[0].mentor.person, officer)]
    raise LookupError("Harborview has no sophomore")


# ── for real ──────────────────────────────────────────────────────────────────────────────────────────────────────


@cli.command()
def run(config: ConfigOption = Path("config.toml")) -> None:
    """Run your society. Discord and Slack are not in this version yet: it is served on the local playground."""
    logs.set_up()
    asyncio.run(_run(load(config)))


async def _run(settings: Settings) -> None:
    clock, place = SystemClock(), f"playground:{slug_of(settings.society.name)}"
    async with _opened(settings.database.url, _key_of(settings)) as store:
        society = await store.found(settings.society.name, settings.society.zone, place, channel_address("officers"))
        app = put_together(store, clock, settings.as_pace())
        courier = Courier(store, clock, app.pace, [])
        stage = Stage(store, society.id, society.name, place, settings.society.zone, app.commands, clock)
        playground = Playground(_answering(app, courier), stage, Path("playground.jsonl"))
        platforms: list[Platform] = [playground]
        courier.platforms = platforms
        await _serve(playground, app, courier, settings.playground.port)


@cli.command("import")
def import_(
    sheets: Annotated[list[Path], typer.Argument(help="CSV files, as a Google Form gives them.")],
    config: ConfigOption = Path("config.toml"),
    approve: Annotated[bool, typer.Option("--approve", help="These mentors are approved already.")] = False,
) -> None:
    """Bring in mentors and mentees from spreadsheets. Importing the same sheet twice changes nothing."""
    logs.set_up("WARNING")
    asyncio.run(_import(load(config), sheets, approve))


async def _import(settings: Settings, sheets: list[Path], approve: bool) -> None:
    place = f"playground:{slug_of(settings.society.name)}"
    async with _opened(settings.database.url, _key_of(settings)) as store:
        society = await store.found(settings.society.name, settings.society.zone, place, channel_address("officers"))
        for path in sheets:
            try:
                sheet = read(path.name, path.read_bytes())
            except (OSError, UnreadableError) as error:
                raise ConfigError(f"{path}: {error}") from None
            with console.status(f"Reading {path.name}"):
                async with store.records(society.id) as records:
                    report: Report = await take_in(sheet, records, SystemClock().now(), approve=approve)
            for line in report.lines():
                console.print(line, markup=False)


@config_cli.command("check")
def check(config: ConfigOption = Path("config.toml")) -> None:
    """Say whether the settings are good, and what is wrong if not."""
    settings = load(config)
    _key_of(settings)
    console.print(f"{config} is good: {settings.society.name}, {settings.society.zone}.")


@cli.command()
def key() -> None:
    """Make a key for PRECEPTOR_KEY. Keep it away from the database and its backups."""
    print(secrets.token_hex(32))


def _key_of(settings: Settings) -> bytes:
    if settings.key is None:
        raise ConfigError("PRECEPTOR_KEY: missing from the environment. `preceptor key` makes one; keep it safe.")
    return bytes.fromhex(settings.key.get_secret_value())


def _key_in(folder: Path) -> bytes:
    """The demo's own key, made on first use. (A real society keeps its key elsewhere.)"""
    file = folder / "key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return bytes.fromhex(file.read_text())


@asynccontextmanager
async def _opened(url: str, key: bytes) -> AsyncIterator[SqlStore]:
    store = await open_store(url, key)
    try:
        yield store
    finally:
        await store.close()
