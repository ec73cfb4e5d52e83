"""`preceptor doctor` on Slack: what is wrong is named, with how to mend it."""

from __future__ import annotations

from adapters.slack_doctor import examine
from adapters.slack_manifest import SCOPES
from bot.ports import Finding
from tests.slack.loopback import APP_TOKEN, TEAM
from tests.slack.workspace import PLACE, Workspace, web


def bad(findings: list[Finding]) -> list[str]:
    assert all(finding.mend for finding in findings if not finding.good)
    return [finding.what for finding in findings if not finding.good]


async def test_all_is_well(harborview: Workspace) -> None:
    harborview.slack.channels["C1"] = {"name": "officers", "is_member": True}
    findings = await examine(web(harborview.slack), TEAM, APP_TOKEN, [f"{PLACE}/c/C1"])
    assert [finding.what for finding in findings] == [
        "Slack's bot token works in Harborview",
        "Slack's scopes are all there",
        "Slack's app token works, and Socket Mode is on",
        "Slack's channel #officers is there, and the bot is in it",
    ]
    assert not bad(findings)


async def test_tokens_that_slack_does_not_take(harborview: Workspace) -> None:
    findings = await examine(web(harborview.slack, "xoxb-wrong"), TEAM, "xapp-wrong", [])
    assert bad(findings) == ["Slack's bot token: invalid_auth", "Slack's app token: invalid_auth"]


async def test_a_token_of_another_workspace(harborview: Workspace) -> None:
    findings = await examine(web(harborview.slack), "T9", None, [])
    assert bad(findings) == ["Slack's bot token is of Harborview (T1), and the settings say T9"]


async def test_each_scope_that_is_missing_is_named_with_what_it_is_for(harborview: Workspace) -> None:
    harborview.slack.scopes = ",".join(set(SCOPES) - {"im:history"})
    (missing,) = bad(await examine(web(harborview.slack), TEAM, None, [], user_groups=False))
    assert missing.startswith("Slack's scope im:history is missing: to look whether a private message")
    groups = bad(await examine(web(harborview.slack), TEAM, None, [], user_groups=True))
    assert any("usergroups:read" in what for what in groups)


async def test_channels_that_officers_chose_and_cannot_be_used(harborview: Workspace) -> None:
    harborview.slack.channels |= {
        "C1": {"name": "old", "is_archived": True},
        "C2": {"name": "officers", "is_member": False},
    }
    chosen = [f"{PLACE}/c/C1", f"{PLACE}/c/C2", f"{PLACE}/c/C3"]
    assert bad(await examine(web(harborview.slack), TEAM, None, chosen)) == [
        "Slack's channel #old is archived",
        "Slack's channel #officers: the bot is not in it",
        "Slack's channel that officers chose: channel_not_found",
    ]
