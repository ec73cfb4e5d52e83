"""A PostgreSQL of the tests' own: nobody's data is near it, and nothing of it stays.

PostgreSQL refuses to run as root, so where the tests are root (as in CI) an unprivileged user runs it.
"""

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import URL, make_url


@dataclass(frozen=True)
class Found:
    """Where to get a server from: Debian's programs and who may run them."""

    programs: Path
    user: str | None
    """None: ourselves."""


@contextmanager
def cluster() -> Iterator[tuple[str | None, str]]:
    """Start a server; give its URL, or None and why there is none.

    Only what is missing from the machine is a reason to skip. A server that will not start is an error.
    """
    found = _find()
    if isinstance(found, str):
        yield None, found
        return
    # Not under pytest's own folder: the unprivileged user could not get there.
    with tempfile.TemporaryDirectory(prefix="preceptor-postgres-") as name:
        folder = Path(name)
        if found.user:
            shutil.chown(folder, found.user)
        _run(found, folder, "initdb", "--username=preceptor", "--auth=trust", "--encoding=UTF8",
             "--no-locale", "--no-sync", "--pgdata=data")  # fmt: skip
        # A socket in a folder that only this user may enter: no port to choose, no password to invent.
        # The data is thrown away, so nothing waits for the disk.
        settings = f"-k '{folder}' -c listen_addresses= -c fsync=off -c full_page_writes=off"
        _run(found, folder, "pg_ctl", "start", "--wait", "--pgdata=data", "--log=log", "--options", settings)
        try:
            url = URL.create("postgresql+asyncpg", "preceptor", database="postgres", query={"host": name})
            yield url.render_as_string(), ""
        finally:
            _run(found, folder, "pg_ctl", "stop", "--pgdata=data", "--mode=immediate")


@asynccontextmanager
async def fresh_database(url: str, like: str = "template0") -> AsyncIterator[str]:
    """A copy of a database on that server, and its URL. It is dropped afterwards, whoever is still connected."""
    name = f"test_{next(_numbers)}"
    yield await make_database(url, name, like)
    await _execute(url, f"DROP DATABASE {name} WITH (FORCE)")


async def make_database(url: str, name: str, like: str = "template0") -> str:
    await _execute(url, f"CREATE DATABASE {name} TEMPLATE {like}")
    return make_url(url).set(database=name).render_as_string()


async def _execute(url: str, statement: str) -> None:
    server = make_url(url)
    connection = await asyncpg.connect(host=server.query["host"], user=server.username, database="postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


_numbers = itertools.count(1)


def _find() -> Found | str:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    initdb = versions[-1] if versions else shutil.which("initdb")
    if initdb is None:
        return "PostgreSQL is not installed: apt install postgresql"
    programs = Path(initdb).parent
    if os.geteuid() != 0:
        return Found(programs, None)
    for user in ("postgres", "nobody"):
        try:
            pwd.getpwnam(user)
        except KeyError:
            continue
        return Found(programs, user)
    return "PostgreSQL will not run as root, and there is no user postgres or nobody: run the tests as a user"


def _run(found: Found, folder: Path, program: str, *arguments: str) -> None:
    user = pwd.getpwnam(found.user) if found.user else None
    # The log is a file: a pipe would be held open by the server, and waiting for its end would never end.
    with (folder / f"{program}.out").open("w+") as out:
        done = subprocess.run(
            [found.programs / program, *arguments],
            cwd=folder,
            # Locale and PG… settings of whoever runs the tests would change what they test.
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            user=user and user.pw_uid,
            group=user and user.pw_gid,
            extra_groups=[] if user else None,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            out.seek(0)
            log = folder / "log"
            raise RuntimeError(f"{program} failed:\n{out.read()}{log.read_text() if log.exists() else ''}")
