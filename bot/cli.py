"""The composition root: the command line, and with `bot.demo` the only place where everything meets."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from adapters import slack
from adapters.playground import Playground, channel_address, slug_of
from adapters.slack_render import place_address
from bot import logs
from bot.app import App
from bot.clock import SystemClock
from bot.config import ConfigError, Settings, load
from bot.courier import Courier
from bot.demo import Stage, answering, interrupted, opened, play, playground_demo, story_demo
from bot.intake import UnreadableError, read, take_in
from bot.ports import Finding
from bot.schedule import scheduler
from bot.society import commands as every_command
from bot.society import society as put_together

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, and those hold members' words
    help="Mentorship that stays alive, for premed societies.",
)
config_cli = typer.Typer(no_args_is_help=True, help="About the settings.")
cli.add_typer(config_cli, name="config")
console = Console()

ConfigOption = Annotated[Path, typer.Option("--config", help="The settings file.")]


def main() -> None:
    """The `preceptor` command."""
    try:
        cli()
    except ConfigError as error:
        typer.echo(error, err=True)
        sys.exit(2)


@cli.command()
def demo(
    story: Annotated[bool, typer.Option("--story", help="Play one term of one pair in the terminal.")] = False,
    port: Annotated[int, typer.Option(help="Where the playground listens, on this machine only.")] = 8787,
    folder: Annotated[Path, typer.Option("--data", help="Where the demo society lives.")] = Path("demo-data"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin again.")] = False,
) -> None:
    """Try Preceptor with an invented society: a page in your browser, no account, no token."""
    logs.set_up()
    asyncio.run(story_demo(print) if story else playground_demo(folder, port, fresh=fresh))


@cli.command()
def run(config: ConfigOption = Path("config.toml")) -> None:
    """Run your society, on Slack if the settings name a workspace, and else on the local playground."""
    logs.set_up()
    asyncio.run(_run(load(config)))


async def _run(settings: Settings) -> None:
    clock, place = SystemClock(), _place(settings)
    async with opened(settings.database.url, _key_of(settings)) as store:
        officers = None if settings.slack else channel_address("officers")
        society = await store.found(settings.society.name, settings.society.zone, place, officers)
        app = put_together(store, clock, settings.as_pace())
        courier = Courier(store, clock, app.pace, [])
        answer = answering(app, courier)
        await app.plan_everything()
        if settings.slack:
            await store.join(society.id, place_address(settings.slack.workspace))
            connected = slack.Slack(
                *_slack_tokens(settings), answer, app.commands, rooms_activity=settings.slack.rooms_activity
            )
            courier.platforms = [connected]
            await _serve(connected, app, courier)
            return
        stage = Stage(store, society.id, society.name, place, settings.society.zone, app.commands, clock)
        playground = Playground(answer, stage, Path("playground.jsonl"))
        courier.platforms = [playground]
        await play(playground, app, courier, settings.playground.port)


async def _serve(platform: slack.Slack, app: App, courier: Courier) -> None:
    """Stay connected and do what is due, until interrupted. Raises ConfigError for a token that is not accepted."""
    stop = asyncio.create_task(interrupted().wait())
    jobs = scheduler(app, courier)
    jobs.start()
    running = asyncio.create_task(platform.run())
    try:
        await asyncio.wait({stop, running}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        jobs.shutdown(wait=False)
        await platform.close()
        stop.cancel()
    try:
        await running
    except slack.BadToken as error:
        raise ConfigError(str(error)) from None


@cli.command()
def doctor(config: ConfigOption = Path("config.toml")) -> None:
    """Look at everything a society needs, and say what is wrong and how to mend it."""
    logs.set_up()
    findings = asyncio.run(_examined(load(config)))
    for finding in findings:
        console.print(f"{'ok  ' if finding.good else 'no  '} {finding.what}", markup=False, highlight=False)
        if finding.mend:
            console.print(f"       {finding.mend}", markup=False, highlight=False)
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


async def _examined(settings: Settings) -> list[Finding]:
    findings = [Finding(True, f"settings: {settings.society.name}, {settings.society.zone}")]
    try:
        async with opened(settings.database.url, _key_of(settings)):
            findings.append(Finding(True, "database: opened, and its key fits"))
    except (ConfigError, OSError) as error:
        findings.append(Finding(False, f"database: {error}", "Check database.url and PRECEPTOR_KEY."))
    if settings.slack:
        findings += await slack.examine(*_slack_tokens(settings))
    return findings


@cli.command("slack-manifest")
def slack_manifest(
    rooms_activity: Annotated[bool, typer.Option(help="Note who wrote when in pairs' rooms.")] = False,
) -> None:
    """Print the Slack app: paste it at api.slack.com/apps, Create New App, From a manifest."""
    print(json.dumps(slack.manifest(every_command(), rooms_activity=rooms_activity), indent=2))


@cli.command("import")
def import_(
    sheets: Annotated[list[Path], typer.Argument(help="CSV files, as a Google Form gives them.")],
    config: ConfigOption = Path("config.toml"),
    approve: Annotated[bool, typer.Option("--approve", help="These mentors are approved already.")] = False,
) -> None:
    """Bring in officers, mentors and mentees from spreadsheets. Importing a sheet twice changes nothing."""
    logs.set_up()
    asyncio.run(_import(load(config), sheets, approve=approve))


async def _import(settings: Settings, sheets: list[Path], *, approve: bool) -> None:
    async with opened(settings.database.url, _key_of(settings)) as store:
        name, zone = settings.society.name, settings.society.zone
        society = await store.found(name, zone, _place(settings), channel_address("officers"))
        for path in sheets:
            try:
                sheet = read(path.name, path.read_bytes())
            except (OSError, UnreadableError) as error:
                raise ConfigError(f"{path}: {error}") from None
            with console.status(f"Reading {path.name}"):
                async with store.records(society.id) as records:
                    now = SystemClock().now()
                    report = await take_in(sheet, records, now, approve=approve)
                    await records.audit(now, None, "import", f"{report.new} new, {report.changed} changed")
            for line in report.lines():
                console.print(line, markup=False, highlight=False)


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


def _place(settings: Settings) -> str:
    return f"playground:{slug_of(settings.society.name)}"


def _key_of(settings: Settings) -> bytes:
    if settings.key is None:
        raise ConfigError("PRECEPTOR_KEY: missing from the environment. `preceptor key` makes one; keep it safe.")
    return bytes.fromhex(settings.key.get_secret_value())


def _slack_tokens(settings: Settings) -> tuple[str, str]:
    bot, app = settings.slack_bot_token, settings.slack_app_token
    assert bot is not None
    assert app is not None
    return bot.get_secret_value(), app.get_secret_value()
