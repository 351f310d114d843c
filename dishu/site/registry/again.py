"""Units that a person joined are known again in whatever roster names them: by their old key, code and name."""

from __future__ import annotations

import pyarrow as pa

from dishu.site import bulk
from dishu.site.registry.models import Joined

JOINED = pa.schema([("unit_id", pa.int64())] + [(name, pa.string()) for name in ("code", "name", "address", "place")])


def as_now(table: pa.Table, column: str) -> pa.Table:
    """The table with the unit that each one of `column` is by now."""
    now = dict(Joined.objects.filter(apart=False).values_list("was", "unit"))
    if not now:
        return table
    keys = pa.array([now.get(key, key) for key in table[column].to_pylist()], pa.int64())
    return table.set_column(table.schema.get_field_index(column), column, keys)


def own(rows: pa.Table) -> pa.Table:
    """What rosters said of units in the name of one that was split off from them again, as said of that one."""
    names = ("subject", "name", "unit_code", "address")
    asked = Joined.objects.filter(apart=True).values_list("unit", "name", "code", "address", "was")
    of = {(unit, name, code, address or None): was for unit, name, code, address, was in asked}
    if not of:
        return rows
    said = zip(*(rows[name].to_pylist() for name in names), strict=True)
    keys = pa.array([of.get((s, name, code, address or None), s) for s, name, code, address in said], pa.int64())
    return rows.set_column(rows.schema.get_field_index("subject"), "subject", keys)


def joined() -> pa.Table:
    """What joined units were called, with the unit they are now."""
    return bulk.fetch(
        "SELECT j.unit_id, j.code, j.name, j.address, p.code FROM registry_joined j"
        " JOIN territory_place p ON p.id = j.place_id WHERE NOT j.apart ORDER BY j.id",
        JOINED, [],
    )  # fmt: skip


def with_old_names(units: pa.Table) -> pa.Table:
    """The register's units (unit, cluster, name, unit_code, address, place, ...), and a row for each former name."""
    control = dict(zip(units["unit"].to_pylist(), units["control"].to_pylist(), strict=True))
    more = [
        {"unit": old["unit_id"], "cluster": f"{old['unit_id']}+{n}", "name": old["name"], "unit_code": old["code"],
         "address": old["address"] or None, "place": old["place"], "control": control[old["unit_id"]]}
        for n, old in enumerate(joined().to_pylist()) if old["unit_id"] in control
    ]  # fmt: skip
    return pa.concat_tables([units, pa.Table.from_pylist(more, schema=units.schema)]) if more else units
