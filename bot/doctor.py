"""What `preceptor doctor` looks at: everything a society needs, what is wrong, and how to mend it."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version

import aiohttp

from adapters import discord, discord_render, slack_render
from adapters.slack_doctor import examine as examine_slack
from adapters.slack_doctor import examine_all
from adapters.slack_install import Installed
from adapters.slack_manifest import INSTALL
from adapters.slack_web import Web
from bot.clock import SystemClock
from bot.config import ConfigError, Settings, SlackSection
from bot.model import Society
from bot.platforms import token
from bot.ports import Address, Finding
from bot.records import Store
from bot.running import backups_of, key_of, office_of, opened, place_of
from storage.backup import examine as examine_backups
from storage.engine import examine as examine_database

ADRIFT = timedelta(seconds=60)
"""So far a clock may be off: reminders come late by as much, and Slack's signatures are refused at five minutes."""
OLD_ZONES = 2
"""Years after which the rules of time zones ought to be renewed."""


async def examined(settings: Settings, now: datetime) -> list[Finding]:
    """Everything, in the order in which it is mended."""
    findings = [
        Finding(True, f"settings: {settings.society.name}, {settings.society.zone}"),
        zones(version("tzdata"), now),
        *examine_database(settings.database.url),
        *examine_backups(settings.database.url, backups_of(settings), now),
    ]
    society, installed = None, list[Finding]()
    try:
        async with opened(settings.database.url, key_of(settings)) as store:
            findings.append(Finding(True, "database: opened, and its key fits"))
            society = await store.society_at(place_of(settings))
            if settings.slack and settings.slack.several:
                installed = await _examined_workspaces(settings, settings.slack, store)
    except (ConfigError, OSError) as error:
        findings.append(Finding(False, f"database: {error}", "Check database.url and PRECEPTOR_KEY."))
    if settings.discord or settings.slack:
        platform = "https://discord.com/api/v10/gateway" if settings.discord else "https://slack.com/api/api.test"
        findings.append(await clock(platform, now))
    if settings.discord:
        server, members = int(settings.discord.server), settings.discord.watch_members
        place = society.place(discord_render.place_address(server)) if society else None
        findings += await discord.examine(token(settings.discord_token), server, members=members, place=place)
    if settings.slack and not settings.slack.several:
        findings += await _examined_slack(settings, settings.slack, society)
    findings += installed
    if settings.office.enabled:
        findings.append(await page(office_of(settings)))
    return findings


async def _examined_slack(settings: Settings, chosen: SlackSection, society: Society | None) -> list[Finding]:
    app_token = token(settings.slack_app_token) if chosen.mode == "socket" else None
    channels = _officers_channel(society, slack_render.place_address(chosen.workspace))
    web = Web(token(settings.slack_bot_token))
    return await examine_slack(web, chosen.workspace, app_token, channels, user_groups=chosen.user_groups)


async def _examined_workspaces(settings: Settings, chosen: SlackSection, store: Store) -> list[Finding]:
    async def channels(team: str) -> list[Address]:
        place = slack_render.place_address(team)
        return _officers_channel(await store.society_at(place), place)

    client = chosen.client_id, token(settings.slack_client_secret)
    workspaces = Installed(store.installations, SystemClock(), *client, settings.society.zone)
    at = f"{chosen.address}{INSTALL}"
    return await examine_all(workspaces, channels, at, user_groups=chosen.user_groups)


def _officers_channel(society: Society | None, place: Address) -> list[Address]:
    here = society.place(place) if society else None
    return [here.officers] if here and here.officers else []


def zones(tzdata: str, now: datetime) -> Finding:
    """Whether the rules of time zones (`tzdata`: their version, as 2026.1) are of these years."""
    if now.year - int(tzdata.partition(".")[0]) > OLD_ZONES:
        return Finding(False, f"time zones: their rules are of {tzdata}", "Install a newer Preceptor.")
    return Finding(True, f"time zones: their rules are of {tzdata}")


async def clock(platform: str, now: datetime) -> Finding:
    """Whether this machine's clock agrees with a platform's, to a minute."""
    try:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(platform) as said:
            off = now - parsedate_to_datetime(said.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError) as error:
        return Finding(False, f"clock: nothing to compare it with: {type(error).__name__}", "Try again in a while.")
    if abs(off) > ADRIFT:
        behind = "ahead" if off > timedelta() else "behind"
        mend = "Let the machine set its clock by the network (on Linux: timedatectl set-ntp true)."
        return Finding(False, f"clock: {round(abs(off).total_seconds())} s {behind}", mend)
    return Finding(True, "clock: agrees with the platform's")


async def page(address: str) -> Finding:
    """Whether the officers' page is reached at its address; it is there only while the society runs."""
    try:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address) as said:
            status = said.status
    except (aiohttp.ClientError, TimeoutError):
        status = 0
    match status:
        case 200:
            return Finding(True, f"officers' page: open at {address}")
        case 403:
            mend = "Have the web server at that address pass on the Host header as it came."
            return Finding(False, f"officers' page: at {address} it does not know its own address", mend)
        case _:
            return Finding(True, f"officers' page: while the society runs it is at {address}; just now it is not")
