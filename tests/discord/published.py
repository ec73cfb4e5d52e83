"""What Discord publishes of its requests, where it lies beside this checkout."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

CONTRACT = Path(__file__).resolve().parents[2].parent / "shared" / "contracts" / "raw" / "discord-openapi.json"


@cache
def published() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(CONTRACT.read_text())
    return whole


def schema(name: str) -> Draft202012Validator:
    """One of Discord's published schemas."""
    return _checker({"$ref": f"#/components/schemas/{name}"})


def unlike_published(method: str, path: str, body: Any) -> str:  # noqa: ANN401
    """What is wrong with the body of a request, by what Discord publishes of that route; empty if nothing is."""
    for template, doings in published()["paths"].items():
        if method.lower() in doings and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            asked = doings[method.lower()]["requestBody"]["content"]["application/json"]["schema"]
            wrong = best_match(_checker(asked).iter_errors(body))
            return f"{method} {template}: {wrong.message}" if wrong else ""
    return f"{method} {path}: Discord has no such route"


def _checker(asked: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**asked, "components": published()["components"]})
