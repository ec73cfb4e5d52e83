"""Files both ways: what the bot sends along, and what people send with a form."""

from __future__ import annotations

import base64

import pytest
from aiohttp import web

from adapters.slack_answer import Back
from adapters.slack_files import NotTaken, fetch
from adapters.slack_render import Origin
from bot.app import App
from bot.feature import Feature, Turn
from bot.ports import Upload
from bot.ui import FILE, Button, File, FileField, Form, Private, Reply, act, buttons, message
from tests.slack.loopback import Loopback, too_many
from tests.slack.workspace import PLACE, Workspace, until
from tests.slack.workspace import web as web_of

PICTURE = File("term.png", "How the term went", base64.b64encode(b"\x89PNG not really"))
MEETING = File("meeting.ics", "The meeting, for your calendar", base64.b64encode(b"BEGIN:VCALENDAR"))
SAID = message("Here it is.", PICTURE, MEETING)


def kinds(post: dict[str, object]) -> list[str]:
    return [block["type"] for block in post["blocks"]]  # type: ignore[attr-defined]


async def test_a_picture_is_shown_and_a_file_comes_before_its_words(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    await harborview.bot.send(f"{PLACE}/u/UANA", SAID, "k1")
    file, words = slack.posts["DUANA"]
    assert [(each["name"], each["title"]) for each in file["files"]] == [("meeting.ics", MEETING.alt)]
    assert kinds(words) == ["rich_text", "image", "context"]
    assert [each["data"] for each in slack.files.values()] == [PICTURE.data, MEETING.data]


async def test_a_picture_that_slack_has_not_seen_yet_is_waited_for(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.unready = 2
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Look:", PICTURE), "k1")
    assert kinds(slack.posts["DUANA"][-1]) == ["rich_text", "image"]
    slack.unready = 9
    await harborview.bot.send(f"{PLACE}/u/UANA", message("Look:", PICTURE), "k2")
    assert kinds(slack.posts["DUANA"][-1]) == ["rich_text", "context"], "the words are worth more"


@pytest.mark.parametrize("method", ["files.completeUploadExternal", "chat.postMessage"])
async def test_a_file_whose_answer_was_lost_is_sent_once(harborview: Workspace, method: str) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.cut_after.add(method)
    said = message("For your calendar.", MEETING)
    with pytest.raises(Exception, match="isconnected"):
        await harborview.bot.send(f"{PLACE}/u/UANA", said, "k1")
    await harborview.bot.send(f"{PLACE}/u/UANA", said, "k1", again=True)
    assert len([post for post in slack.posts["DUANA"] if post.get("files")]) == 1
    assert len([post for post in slack.posts["DUANA"] if post["text"]]) == 1


async def test_where_slack_asks_to_wait_between_a_file_and_its_words_the_file_is_sent_once(
    harborview: Workspace,
) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.faults["chat.postMessage"] += [too_many] * 3
    said = message("For your calendar.", MEETING)
    with pytest.raises(RuntimeError, match="only the files"):  # not as if nothing had been sent
        await harborview.bot.send(f"{PLACE}/u/UANA", said, "k1")
    await harborview.bot.send(f"{PLACE}/u/UANA", said, "k1", again=True)
    assert len([post for post in slack.posts["DUANA"] if post.get("files")]) == 1


async def test_where_files_are_not_allowed_the_words_still_arrive(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    slack.faults["files.getUploadURLExternal"] += [lacks_scope] * 2
    await harborview.bot.send(f"{PLACE}/u/UANA", SAID, "k1")
    assert kinds(slack.posts["DUANA"][0]) == ["rich_text", "context", "context"]


def lacks_scope() -> web.StreamResponse:
    return web.json_response({"ok": False, "error": "missing_scope"})


async def test_a_file_in_an_answer_is_theirs_alone(harborview: Workspace) -> None:
    slack = harborview.slack
    slack.meet("UANA", "Ana Ruiz")
    bot = harborview.bot
    back = Back(bot._workspaces, bot._post, "T1", "UANA", "", Origin("C1", response_url=slack._way("UANA", None)))
    await back.reply(Private(SAID))
    assert kinds(slack.whispers["UANA"][0]) == ["rich_text", "image", "context"]
    assert [post["files"][0]["name"] for post in slack.posts["DUANA"]] == ["meeting.ics"]


# ── what people send ──────────────────────────────────────────────────────────────────────────────────────────────


def given(slack: Loopback, name: str, data: bytes, **more: object) -> dict[str, object]:
    """A file as Slack tells of it in a sent modal."""
    number = f"F{name}"
    slack.files[number] = {"data": data}
    there = {"id": number, "name": name, "size": len(data), "url_private_download": f"{slack.url}/files/{number}"}
    return there | more


async def test_a_file_sent_with_a_form_reaches_the_feature(harborview: Workspace) -> None:
    slack, taken = harborview.slack, dict[str, Upload]()
    sheets = Feature("sheets")

    @sheets.press("sheet.open")
    async def open_sheet(turn: Turn) -> Reply:
        return Form("A sheet", act("sheet.send"), (FileField("sheet", "The sheet", accepts=(".csv",)),))

    @sheets.form("sheet.send")
    async def send_sheet(turn: Turn) -> Reply:
        taken.update(turn.files)
        return Private(message("Thank you."))

    app = App(harborview.store, harborview.clock, harborview.app.pace, (sheets,))
    bot = harborview.bot
    bot._answer = app.answer
    slack.meet("UANA", "Ana Ruiz")
    await bot.send(f"{PLACE}/u/UANA", message("Bring it in.", buttons(Button("Send a sheet", act("sheet.open")))), "k1")
    await slack.presses("UANA", "Send a sheet")
    await until(lambda: slack.modals["UANA"])
    (block,) = slack.modals["UANA"][-1]["blocks"]
    assert block["element"] == {"type": "file_input", "action_id": "sheet", "filetypes": ["csv"], "max_files": 1}
    await slack.fills("UANA", sheet=(given(slack, "people.csv", b"name\nAna\n"),))
    await until(lambda: taken)
    assert taken == {"sheet": Upload("people.csv", b"name\nAna\n")}


async def test_a_file_that_is_too_large_is_not_taken(harborview: Workspace) -> None:
    slack = harborview.slack
    for size in ({}, {"size": 1}):
        with pytest.raises(NotTaken, match="up to 1 MB"):
            await fetch(web_of(slack), given(slack, "big.csv", b"x" * (FILE + 1), **size))


@pytest.mark.parametrize(
    "address", ["https://evil.example/x", "", "file:///etc/passwd", "http://localhost.evil.example/"]
)
async def test_the_token_goes_to_slack_and_nowhere_else(harborview: Workspace, address: str) -> None:
    slack = harborview.slack
    with pytest.raises(NotTaken, match="once more"):
        await fetch(web_of(slack), given(slack, "a.csv", b"x", url_private_download=address))


async def test_a_file_that_slack_does_not_hand_over_is_asked_for_again(harborview: Workspace) -> None:
    slack = harborview.slack
    with pytest.raises(NotTaken, match="once more"):
        await fetch(web_of(slack, "xoxb-other"), given(slack, "a.csv", b"x"))
