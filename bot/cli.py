"""The composition root: the command line, and with `bot.demo` the only place where everything meets."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from adapters.playground import serve_screens
from bot import gallery, logs, running
from bot.clock import SystemClock
from bot.config import ConfigError, Settings, load
from bot.demo import playground_demo, story_demo
from bot.feature import Turn
from bot.intake.columns import List
from bot.intake.report import described
from bot.intake.rows import read
from bot.intake.saving import preview, take_in
from bot.model import DAY
from bot.report import term_report
from bot.restore import restore
from bot.rounds import as_facts, cohort_now
from bot.rules.board import board
from bot.rules.cohort import possible, propose
from bot.running import founded, interrupted, key_of, opened
from bot.society import commands as every_command
from bot.ui import File

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
    asyncio.run(running.run(load(config)))


@cli.command()
def doctor(config: ConfigOption = Path("config.toml")) -> None:
    """Look at everything a society needs, and say what is wrong and how to mend it."""
    from bot.doctor import examined

    logs.set_up()
    findings = asyncio.run(examined(load(config), SystemClock().now()))
    for finding in findings:
        console.print(f"{'ok  ' if finding.good else 'no  '} {finding.what}", markup=False, highlight=False)
        if finding.mend:
            console.print(f"       {finding.mend}", markup=False, highlight=False)
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


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
    from adapters.discord import invite

    print(invite(application))


@cli.command("slack-manifest")
def slack_manifest(
    rooms_activity: Annotated[bool, typer.Option(help="Note who wrote when in pairs' rooms.")] = False,
    user_groups: Annotated[bool, typer.Option(help="Let a user group decide who is an officer.")] = False,
    address: Annotated[str, typer.Option(help="For HTTP: where Slack reaches you, https://… without a path.")] = "",
    several: Annotated[bool, typer.Option(help="Other workspaces may install the app, at --address.")] = False,
) -> None:
    """Print the Slack app: paste it at api.slack.com/apps, Create New App, From a manifest."""
    from adapters.slack_manifest import manifest

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
    sheets: Annotated[list[Path], typer.Argument(help="CSV or XLSX files, as a Google Form gives them.")],
    config: ConfigOption = Path("config.toml"),
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would change.")] = False,
    approve: Annotated[bool, typer.Option("--approve", help="These mentors are approved already.")] = False,
    of: Annotated[List | None, typer.Option("--as", help="What the sheets are lists of, if they don't tell.")] = None,
) -> None:
    """Bring in officers, mentors and mentees from spreadsheets. Importing a sheet twice changes nothing."""
    logs.set_up()
    asyncio.run(_import(load(config), sheets, of, dry=preview, approve=approve))


async def _import(settings: Settings, sheets: list[Path], of: List | None, *, dry: bool, approve: bool) -> None:
    async with opened(settings.database.url, key_of(settings)) as store:
        society = await founded(store, settings)
        for path in sheets:
            try:
                data = path.read_bytes()
            except OSError as error:
                raise ConfigError(f"{path}: {error.strerror}") from None
            with console.status(f"Reading {path.name}"):
                async with store.records(society.id) as records:
                    now = SystemClock().now()
                    sheet = read(path.name, data, society.zone, await records.sheets.corrections(), of)
                    report = await (preview if dry else take_in)(sheet, records, now, approve=approve)
                    if sheet.of and not dry:
                        await records.audit(now, None, "import", sheet.of, report.counts)
            for line in described(report):
                console.print(line, markup=False, highlight=False)


@cli.command()
def match(
    config: ConfigOption = Path("config.toml"),
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with names.")] = False,
    all_scores: Annotated[bool, typer.Option("--all-scores", help="With every possible pair and its score.")] = False,
    here: Annotated[bool, typer.Option("--here", help="Only those who have come already, as /match-cohort.")] = False,
) -> None:
    """Propose pairs for everyone who waits, here or on your sheets. Nothing is changed, and nobody hears of it."""
    logs.set_up()
    told = asyncio.run(_matched(load(config), all_scores=all_scores, unmet_too=not here))
    if as_json or all_scores:
        print(json.dumps(told, indent=1, ensure_ascii=False))
        return
    for pair in told["pairs"]:
        print(f"{pair['score']:4}  {pair['mentee']['name']} → {pair['mentor']['name']}")
    if not told["pairs"] and not told["alone"]:
        print("Nobody waits for a mentor yet. Bring in your sheets with `preceptor import`, or wait for /sign-up.")
        return
    print(f"{told['matched']} pairs, {told['total']} points; {len(told['alone'])} get nobody. --json says why.")
    if not_here := sum(not pair["both_here"] for pair in told["pairs"]):
        print(f"In {not_here} of them somebody has not come yet. Invite them to /sign-up, then use /match-cohort.")


async def _matched(settings: Settings, *, all_scores: bool, unmet_too: bool) -> dict[str, Any]:
    async with opened(settings.database.url, key_of(settings)) as store:
        society = await founded(store, settings)
        async with store.records(society.id) as records:
            turn = Turn(records, None, SystemClock().now(), settings.as_pace())
            cohort = await cohort_now(turn, unmet_too=unmet_too)
    scores = possible(cohort)
    return as_facts(cohort, scores, propose(cohort, scores), all_scores=all_scores)


@cli.command()
def claim(config: ConfigOption = Path("config.toml")) -> None:
    """Print a code, good for a day and once, that makes whoever enters it in /claim the president of your society."""
    logs.set_up()
    print(asyncio.run(_claim(load(config))))


async def _claim(settings: Settings) -> str:
    code, now = secrets.token_hex(8), SystemClock().now()
    async with opened(settings.database.url, key_of(settings)) as store:
        society = await founded(store, settings)
        async with store.records(society.id) as records:
            await records.power.make_claim(code, now + DAY)
            await records.audit(now, None, "claim.made", "society")
    return code


@cli.command()
def report(
    config: ConfigOption = Path("config.toml"),
    folder: Annotated[Path, typer.Option("--to", help="The folder to write to.")] = Path(),
) -> None:
    """Write the term's report as PDF and HTML: nobody is named in it, and nothing counts fewer than five."""
    logs.set_up()
    for file in asyncio.run(_reported(load(config))):
        try:
            (folder / file.name).write_bytes(file.data)
        except OSError as error:
            raise ConfigError(f"{folder}: {error.strerror}. Choose another folder with --to.") from None
        print(folder / file.name)


async def _reported(settings: Settings) -> tuple[File, File]:
    async with opened(settings.database.url, key_of(settings)) as store:
        society = await founded(store, settings)
        async with store.records(society.id) as records:
            chronicle = await records.board.chronicle()
    return term_report(board(chronicle, society, SystemClock().now(), settings.as_pace()), society)


@cli.command("restore")
def restore_copy(
    copy: Annotated[Path, typer.Argument(help="One of the daily copies: backups/….backup")],
    config: ConfigOption = Path("config.toml"),
) -> None:
    """Bring back a copy of the database. Stop Preceptor first; whoever was forgotten since stays forgotten."""
    logs.set_up()
    done = asyncio.run(restore(load(config), copy, SystemClock().now()))
    console.print(f"{copy} is the database now.", highlight=False)
    if done.forgotten:
        console.print(f"Forgotten again, as they had asked since: {done.forgotten}.", highlight=False)
    if done.aside:
        console.print(f"The database as it was is {done.aside}. Delete it once all is well.", highlight=False)


@config_cli.command("check")
def check(config: ConfigOption = Path("config.toml")) -> None:
    """Say whether the settings are good, and what is wrong if not."""
    settings = load(config)
    key_of(settings)
    console.print(f"{config} is good: {settings.society.name}, {settings.society.zone}.")


@cli.command()
def key() -> None:
    """Make a key for PRECEPTOR_KEY. Keep it away from the database and its backups."""
    print(secrets.token_hex(32))
