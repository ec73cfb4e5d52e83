"""Every screen of every feature, as each platform would get it: within its limits, and as it publishes them."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

from adapters import discord_render, slack_render
from bot import gallery
from bot.gallery import Shown
from bot.ui import (
    Button,
    Form,
    Message,
    act,
    buttons,
    form_from_json,
    form_json,
    message,
    message_from_json,
    message_json,
)
from tests.discord.published import CONTRACT as DISCORDS
from tests.discord.published import schema
from tests.slack.rules import Wrong, check_blocks, check_modal

SLACKS = DISCORDS.with_name("slack-from-ts.schema.json")
GUILD = 123456789012345678
SCREENS: dict[str, list[Shown]] = {}
for each in (*gallery.gallery(gallery.usual), *gallery.gallery(gallery.longest)):
    SCREENS.setdefault(each.feature, []).append(each)

every_feature = pytest.mark.parametrize("feature", SCREENS)
published = pytest.mark.skipif(not DISCORDS.exists(), reason="the platforms' published contracts are not here")


def on_slack(what: Message | Form) -> Any:  # noqa: ANN401
    if isinstance(what, Form):
        return slack_render.modal(what, slack_render.Origin("C0123456789"))
    return slack_render.blocks(what)


def on_discord(what: Message | Form) -> dict[str, Any]:
    return discord_render.modal(what, GUILD) if isinstance(what, Form) else discord_render.payload(what, GUILD, {})


@cache
def slacks(definition: str) -> Draft7Validator:
    whole = json.loads(SLACKS.read_text())
    return Draft7Validator(whole | {"$ref": f"#/definitions/{definition}"})


def wrong(feature: str, problem: Callable[[Message | Form], object]) -> dict[str, object]:
    """The feature's screens that have this problem."""
    return {shown.screen: found for shown in SCREENS[feature] if (found := problem(shown.what))}


# ── the limits, as documented ─────────────────────────────────────────────────────────────────────────────────────


@every_feature
def test_it_is_kept_and_read_back_as_it_was(feature: str) -> None:
    def changed(what: Message | Form) -> bool:
        if isinstance(what, Form):
            return form_from_json(form_json(what)) != what
        return message_from_json(message_json(what)) != what

    assert not wrong(feature, changed)


@every_feature
def test_slack_has_room_for_it(feature: str) -> None:
    def too_much(what: Message | Form) -> str:
        try:
            (check_modal if isinstance(what, Form) else check_blocks)(on_slack(what))
        except Wrong as found:
            return str(found)
        return ""

    assert not wrong(feature, too_much)


@every_feature
def test_discord_has_room_for_it(feature: str) -> None:
    assert not wrong(feature, lambda what: list(too_much_for_discord(on_discord(what), modal=isinstance(what, Form))))


def too_much_for_discord(made: dict[str, Any], *, modal: bool) -> Iterator[str]:
    """What Discord's documentation forbids and its published schema lets pass."""
    parts = list(_parts(made["components"]))
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    if len(ids) != len(set(ids)) or any(not 1 <= len(each) <= 100 for each in ids):
        yield f"custom ids {ids}"
    if modal:
        if not 1 <= len(made["components"]) <= 5 or not 1 <= len(made["title"]) <= 45:
            yield "a modal has a title and one to five components"
        return
    if not 1 <= len(parts) <= 40:
        yield f"{len(parts)} components"
    if sum(len(part["content"]) for part in parts if part["type"] == 10) > 4000:
        yield "over 4000 characters"
    for part in parts:
        if part["type"] == 2 and not 1 <= len(part["label"]) <= 80:
            yield f"button {part['label']!r}"
        if part["type"] == 1 and not 1 <= len(part["components"]) <= 5:
            yield f"{len(part['components'])} in a row"


def _parts(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in components:
        yield each
        inner = [*each.get("components", ()), *([each[k] for k in ("accessory", "component") if k in each])]
        yield from _parts(inner)


# ── as published ──────────────────────────────────────────────────────────────────────────────────────────────────


@published
@every_feature
def test_slack_publishes_it_so(feature: str) -> None:
    def otherwise(what: Message | Form) -> object:
        if isinstance(what, Form):
            return best_match(slacks("ModalView").iter_errors(on_slack(what)))
        return [found for block in on_slack(what) if (found := best_match(slacks("KnownBlock").iter_errors(block)))]

    assert not wrong(feature, otherwise)


@published
@every_feature
def test_discord_publishes_it_so(feature: str) -> None:
    def otherwise(what: Message | Form) -> object:
        name = "ModalInteractionCallbackRequestData" if isinstance(what, Form) else "MessageCreateRequest"
        return best_match(schema(name).iter_errors(on_discord(what)))

    assert not wrong(feature, otherwise)


# ── that they can fail ────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_too_much_is_found() -> None:
    made = on_discord(message("Hello", buttons(Button("Yes", act("yes")))))
    assert not list(too_much_for_discord(made, modal=False))
    twice = made | {"components": made["components"] * 2}
    assert list(too_much_for_discord(twice, modal=False))
    assert list(too_much_for_discord(made | {"title": "x" * 46}, modal=True))


@published
def test_what_is_not_as_published_is_found() -> None:
    discords, slack = on_discord(message("Hello")), on_slack(message("Hello"))
    discords["components"][0]["content"] = 7
    assert best_match(schema("MessageCreateRequest").iter_errors(discords))
    assert best_match(slacks("KnownBlock").iter_errors(slack[0] | {"colour": "red"}))


def test_every_feature_shows_something() -> None:
    shown = {each.feature for each in gallery.gallery()}
    assert {"joining", "intros", "finding", "home", "checkins", "quiet", "officers", "pairs", "courier"} <= shown
