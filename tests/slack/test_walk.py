"""All that features offer can be reached through Slack: each command called, each button pressed, each form sent."""

from __future__ import annotations

from functools import partial
from itertools import count, product

import pytest

from bot.gallery import Shown, gallery
from bot.ports import Called, Pressed, Request, Responder, Sent
from bot.ui import Form, Kind, Menu, Message, Private, Reply, message
from tests.slack.loopback import Loopback
from tests.slack.rules import Json, controls
from tests.slack.workspace import PLACE, Workspace, until

SCREENS: dict[str, list[Shown]] = {}
for each in gallery():
    SCREENS.setdefault(each.feature, []).append(each)


class Heard:
    """The core's door: what it was asked, and what it answers next."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.reply: Reply = Private(message("Heard."))

    async def answer(self, request: Request, responder: Responder) -> None:
        self.requests.append(request)
        await responder.reply(self.reply)


@pytest.fixture
def heard(harborview: Workspace) -> Heard:
    heard = Heard()
    harborview.slack.meet("UANA", "Ana Ruiz")
    harborview.slack.meet("UBEN", "Ben Okafor")
    harborview.bot._answer = heard.answer
    return heard


async def test_every_command_can_be_called(harborview: Workspace, heard: Heard) -> None:
    slack = harborview.slack
    given = {Kind.MEMBER: "UBEN", Kind.CHANNEL: "C1", Kind.ROLE: "S1"}
    for number, command in enumerate(harborview.app.commands, start=1):
        await slack.calls_command("UANA", f"/{command.name}")
        await until(lambda number=number: len(heard.requests) == number or slack.modals["UANA"])  # type: ignore[misc]
        if slack.modals["UANA"]:
            answers = {param.name: given[param.kind] for param in command.params if param.kind in given}
            await slack.fills("UANA", **answers)
        await until(lambda number=number: len(heard.requests) == number)  # type: ignore[misc]
        called = heard.requests[-1].what
        assert isinstance(called, Called)
        assert called.name == command.name
        # Of one's own pairs there is none to choose from here.
        assert {p.name for p in command.params if p.required and p.kind is not Kind.PAIR} <= called.args.keys()


@pytest.mark.parametrize("feature", SCREENS)
async def test_every_button_can_be_pressed_and_every_form_sent(
    harborview: Workspace, heard: Heard, feature: str
) -> None:
    keys = count()
    for shown in SCREENS[feature]:
        if isinstance(shown.what, Form):
            await _fill(harborview, heard, shown.what)
        else:
            await harborview.bot.send(f"{PLACE}/u/UANA", shown.what, f"k{next(keys)}")
            await _press_all(harborview, heard, shown.what, harborview.slack.posts["DUANA"][-1])


async def _press_all(harborview: Workspace, heard: Heard, what: Message, post: Json) -> None:
    pressed = []
    for control in controls(post):
        before = len(heard.requests)
        await harborview.slack.acts_on("UANA", post, control)
        await until(lambda before=before: len(heard.requests) > before)  # type: ignore[misc]
        pressed.append(heard.requests[-1].what)
    assert pressed == [
        Pressed(action, (menu.options[0].value,) if (menu := menus.get(action.token)) else ())
        for menus in [{block.action.token: block for block in what.blocks if isinstance(block, Menu)}]
        for action in what.actions()
    ]


async def _fill(harborview: Workspace, heard: Heard, form: Form) -> None:
    slack = harborview.slack
    heard.reply = form
    await slack.calls_command("UANA", "/home")
    await until(lambda: slack.modals["UANA"])
    heard.reply = Private(message("Saved."))
    await slack.fills("UANA")
    await until(lambda: isinstance(heard.requests[-1].what, Sent))
    sent = heard.requests[-1].what
    assert isinstance(sent, Sent)
    assert (sent.action, set(sent.filled)) == (form.action, {field.name for field in form.fields})
    heard.requests.clear()


async def test_whatever_a_button_or_a_form_claims_is_answered(harborview: Workspace) -> None:
    slack, app = harborview.slack, harborview.app
    await harborview.mentee("Ana Ruiz")
    await harborview.mentor("Ben Okafor")
    await harborview.officer("Olu Mensah")
    for user, name in product(("UANA", "UOLU"), [*app._presses, *app._forms]):
        for claim in ("", ":7", ":7:8"):
            slack.called.clear()
            if name in app._presses:
                post = {"ts": "0", "channel": f"D{user}", "only": user, "text": "", "blocks": []}
                await slack.acts_on(user, post, {"action_id": name + claim, "type": "button"})
            else:
                modal = {"type": "modal", "callback_id": name + claim, "private_metadata": "", "blocks": []}
                slack.modals[user].append(modal)
                await slack.fills(user)
            await until(partial(_answered, slack))
    assert "Something went wrong" not in slack.sees("UANA") + slack.sees("UOLU")


def _answered(slack: Loopback) -> bool:
    return bool({"response_url", "views.open", "chat.postEphemeral", "chat.postMessage"}.intersection(slack.called))
