"""What is already known of units, members and organizations, in the shape the matching of rosters wants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dishu.engine.baseline.keys import org_name
from dishu.engine.baseline.orgs import org_key
from dishu.engine.baseline.people import RECORD
from dishu.engine.baseline.places import Map
from dishu.engine.baseline.units import PUBLIC, Units, market_key
from dishu.site import bulk, crypto
from dishu.site.intake import owners
from dishu.site.membership.models import Member, Organization
from dishu.site.registry import again
from dishu.site.registry.models import Unit
from dishu.site.registry.preview import RING, markets
from dishu.site.territory.models import Place

_UNITS = pa.schema(
    [("unit", pa.int64()), ("cluster", pa.string()), ("name", pa.string()), ("unit_code", pa.string()),
     ("address", pa.string()), ("place", pa.string()), ("control", pa.string())]
)  # fmt: skip


def units(place: Place) -> Units:
    """The register below a place as the engine's matching wants it; owners only as far as they are still held."""
    table = bulk.fetch(
        """SELECT u.id, u.id, u.name, u.code, nullif(u.address, ''), p.code, s.control
        FROM registry_unit u JOIN territory_place p ON p.id = u.place_id
        JOIN territory_reach r ON r.place_id = u.place_id AND r.node_id = %s
        LEFT JOIN LATERAL (SELECT control FROM registry_unitstate s WHERE s.unit_id = u.id
            ORDER BY since DESC LIMIT 1) s ON true
        WHERE u.kind <> 'market' ORDER BY u.id""",
        _UNITS, [place.pk],
    )  # fmt: skip
    nothing = pa.nulls(table.num_rows, pa.string())
    for name in ("source_file", "owner", "owner_id", "owner_phone"):
        table = table.append_column(name, nothing)
    table = again.with_old_names(table)
    public = [u for u, c in zip(table["unit"].to_pylist(), table["control"].to_pylist(), strict=True) if c in PUBLIC]
    return Units(again.as_now(owners.held(place), "unit"), table, pa.table({}), frozenset(public))


def map_of(place: Place, day: Any) -> Map:
    """The places below, with the markets known there."""
    where = Map(place.code, day)
    where.markets.update(markets(place))
    return where


@dataclass(frozen=True)
class Translator:
    """From the engine's keys to the register's: units are already the register's, markets are not."""

    markets: dict[int, int]

    def unit(self, key: int) -> int:
        """The register's unit."""
        return self.markets.get(key, key)


def translator(where: Map) -> Translator:
    """The keys that the engine will use for the markets known here."""
    places = {code: market_key(RING, name, code) for (_, name), code in where.markets.items()}
    ids = dict(Unit.objects.filter(kind="market", place__code__in=places).values_list("place__code", "pk"))
    return Translator({key: ids[code] for code, key in places.items() if code in ids})


def plain(name: str) -> str:
    """An organization's name as it is compared."""
    return org_name(name) or name


def organizations() -> dict[int, int]:
    """The register's organizations by the engine's key."""
    return {org_key(RING, name): pk for pk, name in Organization.objects.values_list("pk", "name")}  # type: ignore[misc]


def by_hand(place: Place, but: Iterable[int]) -> list[dict[str, Any]]:
    """Members that no roster speaks of, as rows for the matching. In memory only: the numbers are readable here."""
    members = Member.objects.filter(place__in=Place.objects.under(place)).exclude(pk__in=list(but))
    nothing = dict.fromkeys(RECORD)
    return [
        {**nothing, "rec_id": f"known:{m.pk}", "source_file": "known", "name": m.name, "sex": m.sex or None,
         "citizen_id": crypto.show(m.citizen_id) if m.citizen_id else None, "birth": m.birth,
         "phone": crypto.show(m.phone) if m.phone else None, "employer": _employer(m), "place": place.code}
        for m in members.prefetch_related("employments__unit")
    ]  # fmt: skip


def _employer(member: Member) -> str | None:
    return next((e.unit.name for e in member.employments.all() if e.until is None), None)
