"""Several workspaces: each installs the app by itself, by Bolt's own flow, and its token is kept in our database."""

from __future__ import annotations

import asyncio
import json
import math
import secrets
from collections import defaultdict
from datetime import datetime, timedelta
from logging import Logger
from zoneinfo import available_timezones

import structlog
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from adapters.slack_manifest import INSTALL, INSTALLED
from adapters.slack_render import place_address, team_of
from adapters.slack_web import API, FAILED, QUIET, Web, name_of
from adapters.turns import Turns
from bot.ports import Clock, Later
from bot.records import Installations

_log = structlog.get_logger(__name__)

ABSENT = timedelta(minutes=15)
"""For how long something to say waits where the app is not installed, before it is tried again."""
EARLY = 120
"""Minutes before its end at which a token is changed for a new one."""
STATE = timedelta(minutes=10)
"""How long someone may take for the installation."""


class Installed(AsyncInstallationStore):
    """The `Workspaces` that have installed the app, and Bolt's store of them.

    A workspace that nobody knew yet gets a society of its own, which /link may join to another later.
    """

    def __init__(
        self,
        kept: Installations,
        clock: Clock,
        client_id: str,
        client_secret: str,
        zone: str,
        base_url: str = API,
    ) -> None:
        """`zone`: a new society's, where Slack does not know its founder's."""
        self._kept, self._clock, self._zone, self._base_url = kept, clock, zone, base_url
        self.client = Web(None, base_url)
        """Without a token: for what is asked before there is one."""
        self._rotator = AsyncTokenRotator(client_id=client_id, client_secret=client_secret, client=self.client)
        self._turns: dict[str, Turns] = defaultdict(Turns)
        self._webs: dict[str, Web] = {}
        self._looking: dict[str, asyncio.Task[Installation | None]] = {}

    # The workspaces

    async def ready(self, closing: asyncio.Event) -> None:
        """Whoever installed the app is known by then."""

    async def teams(self) -> list[str]:
        return [team_of(place) for place in await self._kept.places()]

    async def web(self, team: str) -> Web:
        """The client of a workspace, with a token that is good. Raises Later where the app is not installed."""
        if team not in self._looking:
            self._looking[team] = asyncio.create_task(self._fresh(team))
            self._looking[team].add_done_callback(lambda _: self._looking.pop(team))
        # A change of tokens is seen through, whoever stops waiting for it: the old one is no use any more.
        found = await asyncio.shield(self._looking[team])
        if found is None:
            raise Later(ABSENT)
        web = self._webs.get(team)
        if web is None or web.token != found.bot_token:
            web = self._webs[team] = Web(found.bot_token, self._base_url, self._turns[team])
        return web

    async def left(self, team: str, at: float) -> None:
        found = await self.async_find_installation(enterprise_id=None, team_id=team)
        if found is None or found.installed_at > at:
            return  # it is back already
        await self._kept.forget(place_address(team))
        self._webs.pop(team, None)
        _log.warning("slack.uninstalled", team=team)

    async def _fresh(self, team: str) -> Installation | None:
        """The installation, its token changed if that is due, which it is two hours before it must be."""
        found = await self.async_find_installation(enterprise_id=None, team_id=team)
        if found is None:
            return None
        try:
            changed = await self._rotator.perform_token_rotation(installation=found, minutes_before_expiration=EARLY)
        except (SlackTokenRotationError, *FAILED) as error:
            _log.warning("slack.token_not_changed", code=name_of(error), team=team)
            # Another process may have been faster: then what it was given is there now.
            return await self.async_find_installation(enterprise_id=None, team_id=team)
        if changed is not None:
            await self._kept.renew(place_address(team), _written(changed))
        return changed or found

    # Bolt's store

    @property
    def logger(self) -> Logger:
        return QUIET

    async def async_save(self, installation: Installation) -> None:
        """Keep who installed the app; a workspace that is new to us gets a society. Raises BoltError for a whole
        organisation, which has no one society."""
        team = installation.team_id
        if installation.is_enterprise_install or not team or not installation.bot_token:
            raise BoltError("the app is installed in one workspace at a time")
        name = installation.team_name or "Mentorship"
        zone = await self._zone_of(installation)
        await self._kept.keep(place_address(team), name, zone, _written(installation), self._clock.now())
        _log.info("slack.installed", team=team)

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        kept = await self._kept.at(place_address(team_id)) if team_id else None
        return None if kept is None else Installation(**json.loads(kept))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        found = await self.async_find_installation(enterprise_id=enterprise_id, team_id=team_id)
        return found.to_bot() if found else None

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        if team_id:
            await self.left(team_id, math.inf)

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Nothing more: no token of a person is asked for."""

    async def _zone_of(self, installation: Installation) -> str:
        """The time zone of who installed it, or else the settings'."""
        try:
            said = await Web(installation.bot_token, self._base_url).users_info(user=installation.user_id)
        except FAILED as error:
            _log.warning("slack.no_profile", code=name_of(error))
            return self._zone
        zone = str(said["user"].get("tz") or "")
        return zone if zone in available_timezones() else self._zone


class States(AsyncOAuthStateStore):
    """What makes sure that who comes back from Slack is who went there: each works once, and not for long."""

    def __init__(self, kept: Installations, clock: Clock) -> None:
        self._kept, self._clock = kept, clock

    @property
    def logger(self) -> Logger:
        return QUIET

    async def async_issue(self, *args: object, **more: object) -> str:
        state = secrets.token_urlsafe(24)
        await self._kept.begin(state, self._clock.now() + STATE)
        return state

    async def async_consume(self, state: str) -> bool:
        return await self._kept.begun(state, self._clock.now())


def flow(
    installed: Installed, states: States, client_id: str, client_secret: str, address: str, asked: list[str]
) -> AsyncOAuthFlow:
    """Bolt's way through an installation. `address`: the public one, https://… without a path."""
    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=asked,
        user_scopes=[],
        redirect_uri=address + INSTALLED,
        install_path=INSTALL,
        redirect_uri_path=INSTALLED,
        installation_store=installed,
        state_store=states,
        state_expiration_seconds=int(STATE.total_seconds()),
        logger=QUIET,
    )
    return AsyncOAuthFlow(client=installed.client, logger=QUIET, settings=settings)


def _written(installation: Installation) -> str:
    return json.dumps(installation.to_dict_for_copying(), default=datetime.isoformat)
