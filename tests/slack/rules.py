"""What Slack takes and what it refuses, and how someone answers what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aiohttp import web
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, Any]


class Wrong(Exception):
    """Something the real Slack would not take."""


_BLOCKS = {"header", "context", "rich_text", "actions", "divider", "input", "section", "image"}


def check_blocks(made: list[Json], most: int = 50) -> None:
    """Raise Wrong for blocks that Slack refuses."""
    if not 1 <= len(made) <= most:
        raise Wrong(f"{len(made)} blocks")
    ids: list[str] = []
    for block in made:
        if block["type"] not in _BLOCKS:
            raise Wrong(f"block {block['type']}")
        try:
            parsed = Block.parse(block)
            assert parsed is not None
            parsed.validate_json()
        except Exception as error:
            raise Wrong(str(error)) from error
        ids += [element["action_id"] for element in block.get("elements", ()) if "action_id" in element]
        _check_parts(block)
    if len(ids) != len(set(ids)) or any(not 1 <= len(each) <= 255 for each in ids):
        raise Wrong(f"action ids {ids}")


_LIMITS = {"text": 3000, "placeholder": 150, "value": 150, "description": 75}


def _check_parts(part: Any) -> None:  # noqa: ANN401
    """No part is empty, and none too long."""
    if isinstance(part, list):
        for each in part:
            _check_parts(each)
    if not isinstance(part, dict):
        return
    for key, each in part.items():
        if key in ("text", "fallback") and each == "":
            raise Wrong(f"empty {key} in {part.get('type')}")
        if key in ("elements", "options") and not each:
            raise Wrong(f"no {key} in {part.get('type')}")
        if isinstance(each, str) and len(each) > _LIMITS.get(key, 3000):
            raise Wrong(f"{key} too long in {part.get('type')}")
        _check_parts(each)


def check_modal(view: Json) -> None:
    """Raise Wrong for a modal that Slack refuses."""
    if extra := view.keys() - {
        "type", "title", "callback_id", "submit", "close", "private_metadata", "blocks",
    }:  # fmt: skip
        raise Wrong(f"modal: {extra}")
    try:
        View(**view).validate_json()
    except Exception as error:
        raise Wrong(str(error)) from error
    for key in ("title", "submit", "close"):
        if not 1 <= len(view[key]["text"]) <= 24:
            raise Wrong(f"modal's {key}")
    if len(view["private_metadata"]) > 3000 or len(view["callback_id"]) > 255:
        raise Wrong("modal's memory")
    check_blocks(view["blocks"], 100)


def check_home(view: Json) -> None:
    """Raise Wrong for an App Home that Slack refuses."""
    if view.keys() != {"type", "blocks"} or view["type"] != "home":
        raise Wrong(f"home: {sorted(view)}")
    check_blocks(view["blocks"], 100)


def controls(shown: Json) -> Iterator[Json]:
    """The buttons and menus of a message or an App Home."""
    for block in shown["blocks"]:
        if block["type"] == "actions":
            yield from block["elements"]


def labels(element: Json) -> tuple[str | None, str | None]:
    """What a button or a menu reads."""
    return element.get("text", {}).get("text"), element.get("placeholder", {}).get("text")


def pressed(element: Json, value: str = "") -> Json:
    """What Slack says of a pressed button, or of a menu in which this or the first option was chosen."""
    action = {"action_id": element["action_id"], "block_id": "b", "type": element["type"]}
    if element["type"] == "static_select":
        action["selected_option"] = {"value": value or element["options"][0]["value"]}
    return action


def known(args: Json, *names: str) -> None:
    if extra := args.keys() - {*names, "token", "team_id"}:
        raise Wrong(f"unknown arguments {sorted(extra)}")


async def arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    return dict(await request.post()) | dict(request.query)


def answered(element: Json, given: Any, optional: bool) -> Json:  # noqa: ANN401
    kind, options = element["type"], element.get("options", ())
    if kind in ("radio_buttons", "static_select"):
        held = (element.get("initial_option") or {}).get("value")
        chosen = given if given is not None else held or (None if optional else options[0]["value"])
        return {"type": kind, "selected_option": {"value": chosen} if chosen else None}
    if kind in ("checkboxes", "multi_static_select"):
        kept = tuple(option["value"] for option in element.get("initial_options") or ())
        several = given if given is not None else kept or (() if optional else (options[0]["value"],))
        several = several if isinstance(several, tuple) else (several,)
        return {"type": kind, "selected_options": [{"value": value} for value in several]}
    if kind == "users_select":
        return {"type": kind, "selected_user": given}
    if kind == "channels_select":
        return {"type": kind, "selected_channel": given}
    if kind == "datepicker":
        return {"type": kind, "selected_date": given or "2026-10-12"}
    if kind == "file_input":
        return {"type": kind, "files": list(given or ())}
    if kind == "plain_text_input":
        return {"type": kind, "value": given or element.get("initial_value") or (None if optional else "A few words")}
    raise Wrong(f"nobody can answer a {kind}")
