"""Units of a roster that may be one that is known: kept with the preview, asked of a person once it is committed.

Of owners only that they are the same, or not, goes on from here: who they are leaves no trace.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dishu.engine.link import reasons
from dishu.site.doubts import memory
from dishu.site.intake import kept
from dishu.site.intake.models import Upload
from dishu.site.registry.models import Unit

FILE, MODEL = "pairs.parquet", "units-1"
FOUND = pa.schema(
    [("left", pa.int64()), ("right", pa.int64()), ("reasons", pa.string()), ("probability", pa.float64())]
)


def keep(upload: Upload, found: list[dict[str, Any]]) -> None:
    """Keep the pairs a preview found: `left` and `right` are the register's units, or negative for new ones."""
    rows = [{**pair, "reasons": reasons.of_no_owner(pair["reasons"])} for pair in found]
    pq.write_table(pa.Table.from_pylist(rows, schema=FOUND), upload.folder / FILE)


def new(upload: Upload) -> set[int]:
    """The units new to the register that may be one that is known."""
    pairs = pq.read_table(upload.folder / FILE)
    return {key for name in ("left", "right") for key in pairs[name].to_pylist() if key < 0}


def ask(upload: Upload, ids: dict[int, int]) -> int:
    """The roster was committed: a person is asked. Returns how many pairs are new."""
    kept_file = upload.folder / FILE
    pairs = pq.read_table(kept_file).to_pylist() if kept_file.exists() else []
    sides = [tuple(ids.get(pair[name], pair[name]) for name in ("left", "right")) for pair in pairs]
    units = Unit.objects.select_related("place").in_bulk({key for two in sides for key in two})
    found = [
        memory.Found(one, two, (units[one].place.code, units[two].place.code), upload.pk, pair["reasons"],
                     pair["probability"], MODEL, (marks(units[one]), marks(units[two])))
        for (one, two), pair in zip(sides, pairs, strict=True) if one in units and two in units
    ]  # fmt: skip
    return memory.add(kept.circle(upload.place), "unit", found)


def marks(unit: Unit) -> frozenset[str]:
    """By this a unit that went is known again when it comes back."""
    return frozenset([memory.mark(unit.code, unit.name, unit.address, unit.place.code.split("M")[0])])


def forget(units: list[int]) -> None:
    """These units are gone: nobody needs to be asked about them."""
    memory.forget("unit", units)
