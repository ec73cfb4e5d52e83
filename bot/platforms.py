"""Discord and Slack as the settings want them.

Their libraries take a second to load on a small computer, so each is loaded only for a society that is there.
"""

from __future__ import annotations

from pydantic import SecretStr

from bot.app import App
from bot.config import DiscordSection, Settings, SlackSection
from bot.ports import Answer, Connected


def platforms_of(settings: Settings, app: App, answer: Answer) -> list[Connected]:
    """Those that the settings name, not connected yet."""
    platforms: list[Connected] = []
    if settings.discord:
        platforms.append(_discord(settings, settings.discord, app, answer))
    if settings.slack:
        platforms.append(_slack(settings, settings.slack, app, answer))
    return platforms


def places_of(settings: Settings) -> list[str]:
    """The addresses of the server and the workspace that the settings name."""
    places = []
    if settings.discord:
        from adapters.discord_render import place_address as server

        places.append(server(settings.discord.server))
    if settings.slack and settings.slack.workspace:
        from adapters.slack_render import place_address as workspace

        places.append(workspace(settings.slack.workspace))
    return places


def _discord(settings: Settings, chosen: DiscordSection, app: App, answer: Answer) -> Connected:
    from adapters.discord import Discord
    from adapters.discord_commands import Scope

    return Discord(
        token(settings.discord_token),
        answer,
        app.commands,
        suggest=app.suggest,
        known=app.known,
        members=chosen.watch_members,
        scope=Scope(chosen.commands),
        hourly=chosen.new_conversations,
    )


def _slack(settings: Settings, chosen: SlackSection, app: App, answer: Answer) -> Connected:
    """Slack as the settings want it: called by Socket Mode or by HTTP, in one workspace or in several."""
    from adapters.slack import Slack
    from adapters.slack_http import Http
    from adapters.slack_install import Installed, States, flow
    from adapters.slack_manifest import scopes
    from adapters.slack_socket import SocketMode
    from adapters.slack_web import OneWorkspace, Web

    way: SocketMode | Http
    workspaces: OneWorkspace | Installed
    door = chosen.host, chosen.port
    if chosen.several:
        kept, client = app.store.installations, (chosen.client_id, token(settings.slack_client_secret))
        workspaces = Installed(kept, app.clock, *client, settings.society.zone)
        asked = scopes(user_groups=chosen.user_groups)
        installing = flow(workspaces, States(kept, app.clock), *client, chosen.address, asked)
        way = Http(*door, token(settings.slack_signing_secret), installing)
    else:
        web = Web(token(settings.slack_bot_token))
        workspaces = OneWorkspace(web, chosen.workspace)
        if chosen.mode == "http":
            way = Http(*door, token(settings.slack_signing_secret))
        else:
            way = SocketMode(token(settings.slack_app_token), web)
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


def token(secret: SecretStr | None) -> str:
    """A secret that the settings are refused without."""
    assert secret is not None  # the settings are refused without the tokens they need
    return secret.get_secret_value()
