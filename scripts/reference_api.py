"""The calls of the API and the codes of its refusals, read from the site's own registry for the reference page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from typing import Any


def calls() -> Iterator[tuple[str, list[list[str]]]]:
    """Each group of calls: method, path, what it does, its parameters, the right it wants."""
    _set_up()
    from dishu.site.accounts.roles import MAY
    from dishu.site.api.calls import CALLS
    from dishu.site.api.document import in_language

    paths = in_language("zh-hans")["paths"]
    rights = {(method, f"/api{path}".replace("{int:", "{")): right for method, path, right in CALLS}
    found = [
        (one["tags"][0], [method.upper(), f"`{path}`", one["summary"], _named(one),
                          str(MAY.get(rights[method.upper(), path], "有令牌即可"))])
        for path, methods in paths.items() for method, one in methods.items()
    ]  # fmt: skip
    for tag, rows in groupby(sorted(found, key=lambda row: (row[0], row[1][1])), key=lambda row: row[0]):
        yield tag, [row for _, row in rows]


def _named(operation: dict[str, Any]) -> str:
    return " ".join(f"`{one['name']}`" for one in operation["parameters"] if one["in"] != "path")


def refusals() -> list[tuple[str, ...]]:
    """Every way of being refused."""
    _set_up()
    from dishu.site.api.errors import catalogue

    return [(f"`{e.code}`", str(e.status), e.zh, e.en, e.do_zh) for e in catalogue().values()]


def _set_up() -> None:
    """The site without a database: nothing is asked of one."""
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dishu.site.settings")
        os.environ.setdefault("DATABASE_URL", "postgres://nobody@localhost/none")
        django.setup()
