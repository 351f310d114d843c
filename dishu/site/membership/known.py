"""What is already known of units, members and organizations, in the shape the matching of rosters wants."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from dishu.engine.baseline.keys import Keyring, org_name
from dishu.engine.baseline.orgs import org_key
from dishu.engine.baseline.people import RECORD
from dishu.engine.baseline.places import Map
from dishu.engine.baseline.units import Units, market_key
from dishu.site import bulk, crypto
from dishu.site.intake import owners
from dishu.site.membership.models import Member, Organization
from dishu.site.registry.models import Unit
from dishu.site.registry.preview import RING, markets
from dishu.site.territory.models import Place

_UNITS = pa.schema(
    [("unit", pa.int64()), ("cluster", pa.string()), ("name", pa.string()), ("unit_code", pa.string()),
     ("address", pa.string()), ("place", pa.string()), ("control", pa.string())]
)  # fmt: skip
PUBLIC = ("state", "collective")


def units(place: Place) -> Units:
    """The register below a place as the engine's matching wants it; owners only as far as they are still held."""
    table = bulk.fetch(
        """SELECT u.id, u.id, u.name, u.code, nullif(u.address, ''), p.code,
            (SELECT control FROM registry_unitstate s WHERE s.unit_id = u.id ORDER BY since DESC LIMIT 1)
        FROM registry_unit u JOIN territory_place p ON p.id = u.place_id
        JOIN territory_reach r ON r.place_id = u.place_id AND r.node_id = %s
        WHERE u.kind <> 'market' ORDER BY u.id""",
        _UNITS, [place.pk],
    )  # fmt: skip
    nothing = pa.nulls(table.num_rows, pa.string())
    for name in ("source_file", "owner", "owner_id", "owner_phone"):
        table = table.append_column(name, nothing)
    public = [u for u, c in zip(table["unit"].to_pylist(), table["control"].to_pylist(), strict=True) if c in PUBLIC]
    return Units(owners.held(place), table, pa.table({}), frozenset(public))


def map_of(place: Place, day: object) -> Map:
    """The places below, with the markets known there."""
    where = Map(place.code, day)  # type: ignore[arg-type]
    where.markets.update(markets(place))
    return where


@dataclass(frozen=True)
class Translator:
    """From the engine's keys to the register's: units are already the register's, markets and organizations are not."""

    markets: dict[int, int]
    orgs: dict[int, int]

    def unit(self, key: int) -> int:
        """The register's unit."""
        return self.markets.get(key, key)


def translator(where: Map) -> Translator:
    """The keys that the engine will use for what is known here."""
    places = {code: market_key(RING, name, code) for (_, name), code in where.markets.items()}
    ids = dict(Unit.objects.filter(kind="market", place__code__in=places).values_list("place__code", "pk"))
    orgs = {org_key(RING, name): pk for pk, name in Organization.objects.values_list("pk", "name")}
    return Translator({key: ids[code] for code, key in places.items() if code in ids}, orgs)  # type: ignore[arg-type]


def plain(name: str) -> str:
    """An organization's name as it is compared."""
    return org_name(name) or name


def records(place: Place) -> pa.Table:
    """Members known below a place, as the matching of people wants them. In memory only: the numbers are readable here."""
    rows = [
        {"rec_id": str(m.pk), "source": "known", "name": m.name, "sex": m.sex or None,
         "id_no": crypto.show(m.citizen_id) if m.citizen_id else None, "birth": str(m.birth) if m.birth else None,
         "phone": crypto.show(m.phone) if m.phone else None, "employer": employer, "address": None}
        for m, employer in _members(place)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in RECORD]))


def _members(place: Place) -> list[tuple[Member, str | None]]:
    members = Member.objects.filter(place__in=Place.objects.under(place)).prefetch_related("employments__unit")
    return [(m, next((e.unit.name for e in m.employments.all() if e.until is None), None)) for m in members]


def ring() -> Keyring:
    """The keys of one preview."""
    return RING
