"""Debian's Chromium for Playwright, which would otherwise want to download a browser of its own."""

import shutil
from typing import TypedDict


class LaunchOptions(TypedDict):
    executable_path: str
    args: list[str]


def chromium() -> tuple[LaunchOptions | None, str]:
    """What Playwright's `chromium.launch(**options)` takes, or None and why there is none."""
    path = shutil.which("chromium", path="/usr/bin") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        return None, "Chromium is not installed: apt install chromium"
    return {"executable_path": path, "args": ARGS}, ""


ARGS = [
    # Root in a container has no sandbox to use; the pages are our own.
    "--no-sandbox",
    "--disable-gpu",
    # A test must not depend on what the browser has to say to the world.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
