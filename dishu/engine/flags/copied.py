"""Cells that should be each unit's own and are not: the same sentence, the same photo, one telephone for several people."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import pyarrow as pa

from dishu.engine.flags.answers import Role, columns
from dishu.engine.flags.model import Asked, Look

_SENTENCE: Final = 8  # characters: 无 and 情况属实 are everybody's
_PHRASE: Final = 3  # collectors who write the same sentence have learnt it somewhere


def texts(visits: pa.Table, asked: Asked) -> list[Look]:
    """The same sentence of at least eight characters about different units; one that three collectors use is a phrase."""
    return _equal(visits, asked, "text")


def photos(visits: pa.Table, asked: Asked) -> list[Look]:
    """The same photo (equal hash) for different units."""
    return _equal(visits, asked, "photo")


def phones(visits: pa.Table, asked: Asked) -> list[Look]:
    """The same telephone for different units."""
    return _equal(visits, asked, "phone")


def _equal(visits: pa.Table, asked: Asked, role: Role) -> list[Look]:
    """Collectors with cells that `limit` different units or more share; `least`: records of that collector among them.

    Without unit numbers each record counts as a unit of its own.
    """
    ids, units, who = (visits[name].to_pylist() for name in ("visit_id", "unit_id", "collector"))
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for name in columns(visits, role):
        groups: dict[str, list[int]] = defaultdict(list)
        for at, cell in enumerate(visits[name].to_pylist()):
            if cell and (role != "text" or len(cell) >= _SENTENCE):
                groups["".join(cell.split())].append(at)
        for cell, rows in groups.items():
            phrase = role == "text" and len({who[at] for at in rows}) >= _PHRASE
            if not phrase and len({units[at] or ids[at] for at in rows}) >= asked.limit:
                for at in rows:
                    found[who[at]][at] = cell
    looks = []
    for collector, rows_of in sorted(found.items()):
        visited = tuple(ids[at] for at in sorted(rows_of))
        said = {"k": len(visited), "groups": len(set(rows_of.values())), "first": "、".join(visited[:4])}
        share = len(visited) / who.count(collector)
        looks.append(Look(collector, None, share, said, visited[:5], met=len(visited) >= asked.least))
    return looks
