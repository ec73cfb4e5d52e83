"""What `preceptor doctor` looks at on Slack: tokens, scopes, the way in, and the channels that officers chose."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from slack_sdk.errors import SlackApiError

from adapters.slack_manifest import GROUPS_SCOPE, SCOPES, scopes
from adapters.slack_render import parse_address
from adapters.slack_web import FAILED, Web, Workspaces, code_of, name_of
from bot.ports import Address, Finding

_COPY = "Copy the token that begins with xoxb- from “OAuth & Permissions” of the app's page on Slack."
_AGAIN = "Give the app the printed manifest again (preceptor slack-manifest) and reinstall it."


async def examine(
    web: Web, team: str, app_token: str | None, channels: Sequence[Address], *, user_groups: bool = False
) -> list[Finding]:
    """Whether Slack accepts the tokens, and whether the app may do what it has to.

    `team`: the workspace of the settings. `app_token`: Socket Mode's; None where Slack calls us. `channels`: those
    that officers chose.
    """
    findings = await _workspace(web, team, _COPY, user_groups=user_groups)
    if app_token is not None:
        findings.append(await _socket(web, app_token))
    return findings + [await _channel(web, channel) for channel in channels]


async def examine_all(
    workspaces: Workspaces, chosen: Callable[[str], Awaitable[Sequence[Address]]], at: str, *, user_groups: bool
) -> list[Finding]:
    """The same for every workspace that installed the app, as others can `at` an address. `chosen`: its channels."""
    teams = await workspaces.teams()
    findings = [Finding(True, f"Slack: workspaces install the app at {at}, and so did {len(teams)}")]
    for team in teams:
        again = f"Have an admin of the workspace {team} install the app again at {at}"
        try:
            web = await workspaces.web(team)
        except FAILED as error:
            findings.append(Finding(False, f"Slack's workspace {team}: {name_of(error)}", again))
            continue
        findings += await _workspace(web, team, again, user_groups=user_groups)
        findings += [await _channel(web, channel) for channel in await chosen(team)]
    return findings


async def _workspace(web: Web, team: str, mend: str, *, user_groups: bool) -> list[Finding]:
    try:
        said = await web.auth_test()
    except FAILED as error:
        return [Finding(False, f"Slack's bot token: {name_of(error)}", mend)]
    if said["team_id"] != team:
        what = f"Slack's bot token is of {said['team']} ({said['team_id']}), and the settings say {team}"
        return [Finding(False, what, "Set slack.workspace to the workspace of the token, or take the other's token.")]
    granted = {scope.strip() for scope in said.headers.get("x-oauth-scopes", "").split(",")}
    lacking = [scope for scope in scopes(user_groups=user_groups) if scope not in granted]
    what_for = {**SCOPES, GROUPS_SCOPE: "see who is in the officers' user group"}
    return [
        Finding(True, f"Slack's bot token works in {said['team']}"),
        *(Finding(False, f"Slack's scope {each} is missing: to {what_for[each]}", _AGAIN) for each in lacking),
        *([] if lacking else [Finding(True, "Slack's scopes are all there")]),
    ]


async def _socket(web: Web, app_token: str) -> Finding:
    try:
        await web.apps_connections_open(app_token=app_token)
    except FAILED as error:
        if name_of(error) in ("socket_mode_disabled", "forbidden_for_http_apps"):
            return Finding(
                False, "Slack's Socket Mode is off", 'Turn it on in the app\'s settings, or use mode = "http".'
            )
        mend = "Make an app-level token with the scope connections:write under “Basic Information”."
        return Finding(False, f"Slack's app token: {name_of(error)}", mend)
    return Finding(True, "Slack's app token works, and Socket Mode is on")


async def _channel(web: Web, channel: Address) -> Finding:
    try:
        _, _, where = parse_address(channel)
        there = (await web.conversations_info(channel=where))["channel"]
    except (ValueError, *FAILED) as error:
        code = code_of(error) if isinstance(error, SlackApiError) else name_of(error)
        mend = "Choose another with /setup; a private channel is seen only by those in it: /invite @Preceptor."
        return Finding(False, f"Slack's channel that officers chose: {code}", mend)
    name = there.get("name", where)
    if there.get("is_archived"):
        return Finding(False, f"Slack's channel #{name} is archived", "Unarchive it, or choose another with /setup.")
    if not there.get("is_member"):
        return Finding(
            False, f"Slack's channel #{name}: the bot is not in it", f"In #{name}, write: /invite @Preceptor"
        )
    return Finding(True, f"Slack's channel #{name} is there, and the bot is in it")
