"""What Slack publishes of its payloads, where it is at hand."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, ValidationError
from jsonschema.exceptions import best_match

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "contracts"
published = pytest.mark.skipif(not FOLDER.is_dir(), reason="Slack's published contracts are not here")

ARGUMENTS = {
    "chat.postEphemeral": "ChatPostEphemeralArguments",
    "chat.postMessage": "ChatPostMessageArguments",
    "chat.update": "ChatUpdateArguments",
    "views.open": "ViewsOpenArguments",
    "views.publish": "ViewsPublishArguments",
}
"""The methods whose whole body is JSON, and what it is called there."""


@cache
def validator(definition: str) -> Draft7Validator:
    schema = json.loads((FOLDER / "raw" / "slack-from-ts.schema.json").read_text())
    return Draft7Validator(schema | {"$ref": f"#/definitions/{definition}"})


def complaint(method: str, args: dict[str, Any]) -> str:
    """What Slack's published shape of a method's arguments has against these; nothing where it is not at hand."""
    if not FOLDER.is_dir() or method not in ARGUMENTS:
        return ""
    sent = {name: value for name, value in args.items() if name != "team_id"}  # Bolt's own
    error: ValidationError | None = best_match(validator(ARGUMENTS[method]).iter_errors(sent))
    return error.message[:300] if error else ""
