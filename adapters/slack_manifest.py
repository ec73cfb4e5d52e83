"""The app as Slack is to make it: its commands, what it may do, what it hears of."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from adapters.slack_render import Json
from bot.ui import Command, Kind, Param

SCOPES = MappingProxyType(
    {
        "channels:read": "see that the officers' channel is there, and when it is gone (not what is said in it)",
        "chat:write": "say something where it belongs",
        "commands": "hear slash commands",
        "files:read": "take a file that someone sends with a form",
        "files:write": "send calendar entries, tables and pictures",
        "groups:read": "the same for an officers' channel that is private",
        "im:history": "look whether a private message that perhaps arrived is there, before it is sent again",
        "im:write": "open a private conversation with someone who has joined",
        "mpim:history": "the same in a pair's room",
        "mpim:write": "open the room of a pair",
        "users:read": "know people's names and time zones, and who has left",
    }
)
"""What the bot has to be allowed, and no more, each with what for."""
GROUPS_SCOPE = "usergroups:read"
"""Asked for only where a user group decides who is an officer."""

EVENTS = "/slack/events"
INSTALL = "/slack/install"
INSTALLED = "/slack/oauth_redirect"
"""Where Slack and those who install the app find us, below the society's public address."""


def scopes(*, user_groups: bool = False) -> list[str]:
    return sorted([*SCOPES, *([GROUPS_SCOPE] if user_groups else [])])


def manifest(
    commands: Sequence[Command],
    *,
    rooms_activity: bool = False,
    user_groups: bool = False,
    address: str = "",
    several: bool = False,
) -> dict[str, object]:
    """The complete app manifest: what Slack needs to know to make the app.

    `address`: where Slack reaches us by HTTP (https://…, without a path); empty for Socket Mode. `several`: other
    workspaces may install the app at that address, and their tokens are changed every few hours.
    """
    events = ["app_home_opened", "app_uninstalled", "tokens_revoked", "user_change"]
    events += ["channel_archive", "channel_deleted", "group_archive", "group_deleted"]
    events += ["message.mpim"] if rooms_activity else []
    events += ["subteam_members_changed", "subteam_updated"] if user_groups else []
    url = {"request_url": address + EVENTS} if address else {}
    return {
        "display_information": {
            "name": "Preceptor",
            "description": "Mentorship for premed societies",
            "background_color": "#1f4e5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Preceptor", "always_online": True},
            "slash_commands": [_slash_command(command, address) for command in commands],
        },
        "oauth_config": {
            "scopes": {"bot": scopes(user_groups=user_groups)},
            **({"redirect_urls": [address + INSTALLED]} if several else {}),
        },
        "settings": {
            "event_subscriptions": {**url, "bot_events": sorted(events)},
            "interactivity": {"is_enabled": True, **url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": several,
        },
    }


def _slash_command(command: Command, address: str) -> Json:
    usage = " ".join(_usage(param) for param in command.params)
    return {
        "command": f"/{command.name}",
        "description": command.help,
        **({"url": address + EVENTS} if address else {}),
        **({"usage_hint": usage} if usage else {}),
        "should_escape": True,
    }


def _usage(param: Param) -> str:
    shown = {Kind.MEMBER: f"@{param.name}", Kind.CHANNEL: f"#{param.name}", Kind.ROLE: f"@{param.name}"}
    words = shown.get(param.kind, param.name)
    return words if param.required else f"[{words}]"
