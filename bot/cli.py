"""The composition root: the command line, and with `bot.demo` the only place where everything meets."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.console import Console

from adapters import discord, discord_render, slack_render
from adapters.discord_commands import Scope
from adapters.playground import Playground, channel_address, serve_screens, slug_of
from adapters.slack import Slack
from adapters.slack_doctor import examine as examine_slack
from adapters.slack_http import Http
from adapters.slack_install import Installed, States, flow
from adapters.slack_manifest import manifest, scopes
from adapters.slack_socket import SocketMode
from adapters.slack_web import OneWorkspace, Web
from bot import gallery, logs
from bot.app import App
from bot.clock import SystemClock
from bot.config import ConfigError, DiscordSection, Settings, SlackSection, load
from bot.courier import Courier
from bot.demo import Stage, answering, interrupted, opened, play, playground_demo, story_demo
from bot.intake import UnreadableError, read, take_in
from bot.model import Society
from bot.ports import Answer, Connected, Finding, NotAccepted
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
    """Run your society: on Discord, on Slack or on both, as the settings say, and else on the local playground."""
    logs.set_up()
    asyncio.run(_run(load(config)))


async def _run(settings: Settings) -> None:
    clock, place = SystemClock(), _place(settings)
    connected = settings.discord is not None or settings.slack is not None
    async with opened(settings.database.url, _key_of(settings)) as store:
        officers = None if connected else channel_address("officers")
        society = await store.found(settings.society.name, settings.society.zone, place, officers)
        for address in _places(settings):
            await store.join(society.id, address)
        app = put_together(store, clock, settings.as_pace())
        courier = Courier(store, clock, app.pace, [])
        answer = answering(app, courier)
        await app.plan_everything()
        if connected:
            platforms = _platforms(settings, app, answer)
            courier.platforms = platforms
            await _serve(platforms, app, courier)
            return
        stage = Stage(store, society.id, society.name, place, settings.society.zone, app.commands, clock)
        playground = Playground(answer, app.suggest, stage, Path("playground.jsonl"))
        courier.platforms = [playground]
        await play(playground, app, courier, settings.playground.port)


def _places(settings: Settings) -> list[str]:
    """The addresses of the server and the workspace that the settings name."""
    there = [discord_render.place_address(settings.discord.server)] if settings.discord else []
    workspace = settings.slack.workspace if settings.slack else ""
    return there + ([slack_render.place_address(workspace)] if workspace else [])


def _platforms(settings: Settings, app: App, answer: Answer) -> list[Connected]:
    platforms: list[Connected] = []
    if settings.discord:
        platforms.append(_discord(settings, settings.discord, app, answer))
    if settings.slack:
        platforms.append(_slack(settings, settings.slack, app, answer))
    return platforms


def _discord(settings: Settings, chosen: DiscordSection, app: App, answer: Answer) -> discord.Discord:
    return discord.Discord(
        _token(settings.discord_token),
        answer,
        app.commands,
        suggest=app.suggest,
        known=app.known,
        members=chosen.watch_members,
        scope=Scope(chosen.commands),
        hourly=chosen.new_conversations,
    )


def _slack(settings: Settings, chosen: SlackSection, app: App, answer: Answer) -> Slack:
    """Slack as the settings want it: called by Socket Mode or by HTTP, in one workspace or in several."""
    way: SocketMode | Http
    workspaces: OneWorkspace | Installed
    door = chosen.host, chosen.port
    if chosen.several:
        kept, client = app.store.installations, (chosen.client_id, _token(settings.slack_client_secret))
        workspaces = Installed(kept, app.clock, *client, settings.society.zone)
        asked = scopes(user_groups=chosen.user_groups)
        installing = flow(workspaces, States(kept, app.clock), *client, chosen.address, asked)
        way = Http(*door, _token(settings.slack_signing_secret), installing)
    else:
        web = Web(_token(settings.slack_bot_token))
        workspaces = OneWorkspace(web, chosen.workspace)
        if chosen.mode == "http":
            way = Http(*door, _token(settings.slack_signing_secret))
        else:
            way = SocketMode(_token(settings.slack_app_token), web)
    return Slack(
        way,
        workspaces,
        answer,
        app.suggest,
        app.known,
        app.commands,
        team="" if chosen.several else chosen.workspace,
        rooms_activity=chosen.rooms_activity,
        user_groups=chosen.user_groups,
    )


async def _serve(platforms: Sequence[Connected], app: App, courier: Courier) -> None:
    """Stay connected and do what is due, until interrupted. Raises ConfigError for a token that is not accepted."""
    stop = asyncio.create_task(interrupted().wait())
    jobs = scheduler(app, courier)
    jobs.start()
    running = [asyncio.create_task(platform.run()) for platform in platforms]
    try:
        await asyncio.wait({stop, *running}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        jobs.shutdown(wait=False)
        stop.cancel()
        await asyncio.gather(*(platform.close() for platform in platforms))
    ended = await asyncio.gather(*running, return_exceptions=True)
    for end in ended:
        if isinstance(end, NotAccepted):
            raise ConfigError(str(end))
        if isinstance(end, Exception):
            raise end


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
    society = None
    try:
        async with opened(settings.database.url, _key_of(settings)) as store:
            findings.append(Finding(True, "database: opened, and its key fits"))
            society = await store.society_at(_place(settings))
    except (ConfigError, OSError) as error:
        findings.append(Finding(False, f"database: {error}", "Check database.url and PRECEPTOR_KEY."))
    if settings.discord:
        server, members = int(settings.discord.server), settings.discord.watch_members
        place = society.place(discord_render.place_address(server)) if society else None
        findings += await discord.examine(_token(settings.discord_token), server, members=members, place=place)
    if settings.slack:
        findings += await _examined_slack(settings, settings.slack, society)
    return findings


async def _examined_slack(settings: Settings, chosen: SlackSection, society: Society | None) -> list[Finding]:
    if chosen.several:
        where = f"{chosen.address}/slack/install"
        return [Finding(True, f"Slack: workspaces install the app at {where}; each one's token is made there")]
    app_token = _token(settings.slack_app_token) if chosen.mode == "socket" else None
    here = society.place(slack_render.place_address(chosen.workspace)) if society else None
    channels = [here.officers] if here and here.officers else []
    web = Web(_token(settings.slack_bot_token))
    return await examine_slack(web, chosen.workspace, app_token, channels, user_groups=chosen.user_groups)


@cli.command()
def messages(
    plain: Annotated[bool, typer.Option("--plain", help="As words in the terminal, to be read aloud.")] = False,
    port: Annotated[int, typer.Option(help="Where the page listens, on this machine only.")] = 8788,
) -> None:
    """Show every screen a member can see, with sample data, on one page."""
    screens = gallery.gallery()
    if plain:
        print(gallery.as_words(screens))
    else:
        asyncio.run(_show(gallery.as_json(screens), port))


async def _show(screens: str, port: int) -> None:
    async with serve_screens(screens, port) as address:
        console.print(f"\n  [bold]Every screen is at {address}[/bold]\n  Ctrl-C closes it.\n")
        await interrupted().wait()


@cli.command("discord-invite")
def discord_invite(
    application: Annotated[int, typer.Argument(help="The application's id, from Discord's developer portal.")],
) -> None:
    """Print the address at which an admin adds the bot to a server, with the least permissions."""
    print(discord.invite(application))


@cli.command("slack-manifest")
def slack_manifest(
    rooms_activity: Annotated[bool, typer.Option(help="Note who wrote when in pairs' rooms.")] = False,
    user_groups: Annotated[bool, typer.Option(help="Let a user group decide who is an officer.")] = False,
    address: Annotated[str, typer.Option(help="For HTTP: where Slack reaches you, https://… without a path.")] = "",
    several: Annotated[bool, typer.Option(help="Other workspaces may install the app, at --address.")] = False,
) -> None:
    """Print the Slack app: paste it at api.slack.com/apps, Create New App, From a manifest."""
    if address and not address.startswith("https://"):
        raise typer.BadParameter("it begins with https://", param_hint="--address")
    if several and not address:
        raise typer.BadParameter(
            "several workspaces need --address, where people install the app", param_hint="--several"
        )
    made = manifest(
        every_command(),
        rooms_activity=rooms_activity,
        user_groups=user_groups,
        address=address.rstrip("/"),
        several=several,
    )
    print(json.dumps(made, indent=2))


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


def _token(secret: SecretStr | None) -> str:
    assert secret is not None  # the settings are refused without the tokens they need
    return secret.get_secret_value()
