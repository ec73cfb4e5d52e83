"""How long `preceptor run` takes from nothing to an open page, with Harborview in its database: prints JSON.

.venv/bin/python bench/start.py
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5


def measure() -> dict[str, object]:
    """Seconds to a page that answers, and from an interruption to the end."""
    ready, stopped = [], []
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        environment = os.environ | {"PRECEPTOR_KEY": secrets.token_hex(32), "PRECEPTOR_PLAYGROUND__PORT": str(port)}
        (Path(folder) / "config.toml").write_text('[society]\nname = "Harborview"\n')
        command = [str(Path(sys.executable).with_name("preceptor"))]
        sheets = [str(ROOT / "examples" / "harborview" / f"{name}.csv") for name in ("officers", "mentors", "mentees")]
        subprocess.run([*command, "import", *sheets], cwd=folder, env=environment, check=True, capture_output=True)
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            running = subprocess.Popen([*command, "run"], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
            _until_open(port)
            ready.append(round(time.perf_counter() - begun, 2))
            begun = time.perf_counter()
            running.send_signal(signal.SIGINT)
            running.wait(timeout=15)
            stopped.append(round(time.perf_counter() - begun, 2))
    return {
        "ready_s": ready,
        "ready_median_s": median(ready),
        "stopped_s": stopped,
        "stopped_median_s": median(stopped),
    }


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def _until_open(port: int) -> None:
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=1):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.01)


if __name__ == "__main__":
    print(json.dumps(measure()))
