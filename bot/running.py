"""A society put together and kept running: the store, the door, the courier, the jobs and the platforms."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from rich.console import Console

from adapters import office
from adapters.playground import Playground, channel_address, serve, slug_of
from bot.app import App
from bot.clock import SystemClock
from bot.config import ConfigError, Settings
from bot.courier import Courier
from bot.model import Place, Society
from bot.office import OfficeDoor
from bot.platforms import places_of, platforms_of
from bot.ports import Answer, Connected, NotAccepted, Request, Responder
from bot.records import Store
from bot.schedule import scheduled
from bot.society import society as put_together
from bot.stage import Stage
from storage.alone import NotAloneError, alone
from storage.seal import WrongKeyError
from storage.store import NotReachedError, SqlStore, open_store

console = Console()

SENDING = 4.0
"""Seconds that a message in hand may take once we are to stop. Of the ten there are, answers have five, jobs one."""


@asynccontextmanager
async def opened(url: str, key: bytes, backups: Path | None = None) -> AsyncIterator[SqlStore]:
    """A store, brought up to date and closed again. Raises ConfigError if it cannot be opened with this key."""
    try:
        store = await open_store(url, key, backups)
    except NotReachedError as error:
        raise ConfigError(f"database.url: it cannot be opened: {error}. Check the folder, or the server.") from None
    except WrongKeyError:
        raise ConfigError(
            "PRECEPTOR_KEY: not the key this database was sealed with. Nothing was changed; use the first one."
        ) from None
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def held(settings: Settings) -> AsyncIterator[None]:
    """The database, for one running Preceptor. Raises ConfigError where another has it."""
    try:
        async with alone(settings.database.url):
            yield
    except NotAloneError:
        raise ConfigError("database.url: another Preceptor runs on this database. Stop that one first.") from None


async def founded(store: Store, settings: Settings) -> Society:
    """The society of the settings, made or brought up to date."""
    place, connected = place_of(settings), settings.discord is not None or settings.slack is not None
    officers = None if connected else channel_address("officers")
    society = await store.found(settings.society.name, settings.society.zone, place, officers)
    if connected and society.place(place).officers is not None:
        # Begun on the playground, or by a sheet before there was a platform: nobody is in that channel any more.
        async with store.records(society.id) as records:
            await records.settle(Place(place))
    for address in places_of(settings):
        await store.join(society.id, address)
    return society


async def run(settings: Settings) -> None:
    """The society on every platform that the settings name, until interrupted. Raises ConfigError for what is wrong."""
    clock, place = SystemClock(), place_of(settings)
    async with opened(settings.database.url, key_of(settings), backups_of(settings)) as store, held(settings):
        society = await founded(store, settings)
        app = put_together(store, clock, settings.as_pace(), office_of(settings))
        courier = Courier(store, clock, app.pace, [])
        answer = answering(app, courier)
        if platforms := platforms_of(settings, app, answer):
            courier.platforms = platforms
            async with office_open(settings, app, answer):
                await keep_connected(platforms, app, courier, interrupted())
            return
        stage = Stage(store, society.id, society.name, place, settings.society.zone, app.commands, clock)
        playground = Playground(answer, app.suggest, stage, Path("playground.jsonl"))
        courier.platforms = [playground]
        async with office_open(settings, app, answer):
            await play(playground, app, courier, settings.playground.port)


@asynccontextmanager
async def office_open(settings: Settings, app: App, answer: Answer) -> AsyncIterator[None]:
    """The officers' page, where it is switched on. Raises ConfigError when nobody can listen there."""
    if not app.office:
        yield
        return
    chosen = settings.office
    async with AsyncExitStack() as open_until:
        try:
            served = office.serve(OfficeDoor(app), answer, chosen.host, chosen.port, app.office)
            await open_until.enter_async_context(served)
        except OSError as error:
            raise ConfigError(f"office.port = {chosen.port}: {error.strerror}. Choose another.") from None
        console.print(f"  The officers' page is at {app.office}: /office lets an officer in.\n")
        yield


async def keep_connected(
    platforms: Sequence[Connected], app: App, courier: Courier, interruption: asyncio.Event
) -> None:
    """Stay connected and do what is due, until interrupted; then finish what is in hand, and begin nothing more.

    Raises ConfigError for a token that is not accepted.
    """
    stop = asyncio.create_task(interruption.wait())
    running = [asyncio.create_task(platform.run()) for platform in platforms]
    try:
        async with scheduled(app, courier):
            await asyncio.wait({stop, *running}, return_when=asyncio.FIRST_COMPLETED)
            await courier.finish(SENDING)  # while there are connections to send by
            await asyncio.gather(*(platform.close() for platform in platforms))
    finally:
        stop.cancel()
    for end in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(end, NotAccepted):
            raise ConfigError(str(end))
        if isinstance(end, Exception):
            raise end


# ── what is running ───────────────────────────────────────────────────────────────────────────────────────────────


def answering(app: App, courier: Courier) -> Answer:
    """The door, with the courier called after each visit."""

    async def answer(request: Request, responder: Responder) -> None:
        try:
            await app.answer(request, responder)
        finally:
            courier.call()  # and not waited for: to Slack, an event is acknowledged when this is done

    return answer


def interrupted() -> asyncio.Event:
    """Set once someone asks this program to stop."""
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    return stop


async def play(playground: Playground, app: App, courier: Courier, port: int) -> None:
    """The playground and the recurring jobs, until interrupted. Raises ConfigError when the port is taken."""
    stop = interrupted()
    try:
        async with scheduled(app, courier), serve(playground, port) as address:
            console.print(f"\n  [bold]Preceptor is open at {address}[/bold]\n  Ctrl-C closes it; nothing is lost.\n")
            await stop.wait()
    except OSError as error:
        raise ConfigError(f"port {port}: {error.strerror}. Choose another.") from None


# ── of the settings ───────────────────────────────────────────────────────────────────────────────────────────────


def place_of(settings: Settings) -> str:
    """The society's own place, which it has before any platform's: on the playground."""
    return f"playground:{slug_of(settings.society.name)}"


def office_of(settings: Settings) -> str:
    """Where officers reach their page; empty where it is switched off."""
    chosen = settings.office
    return (chosen.address or f"http://127.0.0.1:{chosen.port}") if chosen.enabled else ""


def key_of(settings: Settings) -> bytes:
    """Raises ConfigError when there is none."""
    if settings.key is None:
        raise ConfigError("PRECEPTOR_KEY: missing from the environment. `preceptor key` makes one; keep it safe.")
    return bytes.fromhex(settings.key.get_secret_value())


def backups_of(settings: Settings) -> Path | None:
    """The folder of the daily copies; None where they are switched off."""
    return Path(settings.database.backups) if settings.database.backups else None
