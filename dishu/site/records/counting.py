"""What the register holds of places on a day: three questions for any number of places, with the borders of today.

Members and organizations are those of the figures: a member counts where they work, without work where their roster says.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection

from dishu.engine.facts import LOOKED
from dishu.engine.state import SECTOR
from dishu.site.records.lists import Row
from dishu.site.registry.fresh import oldest
from dishu.site.registry.models import UNIT_KINDS
from dishu.site.territory.models import Place

_ON = "{0}.since <= %(day)s AND ({0}.until IS NULL OR {0}.until > %(day)s)"
_COVERED = f"EXISTS (SELECT FROM membership_coverage c WHERE c.unit_id = s.unit_id AND {_ON.format('c')})"
_KINDS = ", ".join(f"count(*) FILTER (WHERE u.kind = '{kind}') AS {kind}" for kind in UNIT_KINDS)
_HERE = "JOIN territory_reach r ON r.place_id = {0}.place_id AND r.node_id = ANY (%(nodes)s)"
_UNITS = f"""
SELECT r.node_id AS node, {_KINDS}, count(*) AS units, coalesce(sum(s.employees), 0)::bigint AS employees,
    count(*) FILTER (WHERE s.surveyed = 'known') AS surveyed, count(*) FILTER (WHERE s.verified_on BETWEEN %(oldest)s AND %(day)s AND s.channel = ANY (%(looked)s)) AS verified,
    count(*) FILTER (WHERE {_COVERED}) AS covered
FROM registry_unitstate s JOIN registry_unit u ON u.id = s.unit_id {_HERE.format("s")}
WHERE {_ON.format("s")} GROUP BY r.node_id
"""
_FIRST = f"""NOT EXISTS (SELECT FROM membership_employment o
    WHERE o.member_id = w.member_id AND o.unit_id < w.unit_id AND {_ON.format("o")})"""
#: Who and what is at the places, as (node, key), by what it is.
_AT = {
    "unit": f"SELECT r.node_id AS node, s.unit_id AS key FROM registry_unitstate s {_HERE.format('s')} WHERE {_ON.format('s')}",
    "member": f"""
        SELECT r.node_id AS node, m.member_id AS key FROM registry_unitstate s {_HERE.format("s")}
            JOIN membership_employment w ON w.unit_id = s.unit_id AND {_ON.format("w")} AND {_FIRST}
            JOIN membership_standing m ON m.member_id = w.member_id AND {_ON.format("m")} WHERE {_ON.format("s")}
        UNION
        SELECT r.node_id, m.member_id FROM membership_standing m {_HERE.format("m")} WHERE {_ON.format("m")} AND NOT EXISTS (
            SELECT FROM membership_employment w JOIN registry_unitstate s ON s.unit_id = w.unit_id AND {_ON.format("s")}
            WHERE w.member_id = m.member_id AND {_ON.format("w")} AND {_FIRST})""",
    "org": f"""SELECT r.node_id AS node, s.org_id AS key FROM membership_organizationstate s {_HERE.format("s")}
        WHERE {_ON.format("s")} AND s.system IN ({", ".join(f"'{system}'" for system in SECTOR)})""",
}
_MEMBERS, _ORGS = (
    f"SELECT node, count(*) AS {name} FROM ({_AT[what]}) here GROUP BY node"
    for what, name in (("member", "members"), ("org", "orgs"))
)
_NOTHING: Row = dict.fromkeys(
    (*UNIT_KINDS, "units", "employees", "surveyed", "verified", "covered", "members", "orgs"), 0
)


def counts(places: Iterable[Place], day: date) -> dict[int, Row]:
    """For each place: units by kind, their employees, those surveyed, verified and covered; members; organizations.

    Units with a state, members with a standing on the day, organizations of the sector; the database's own wall keeps to
    the scope.
    """
    nodes = [place.pk for place in places]
    found = {node: dict(_NOTHING) for node in nodes}
    with connection.cursor() as cursor:
        for question in (_UNITS, _MEMBERS, _ORGS):
            cursor.execute(question, {"nodes": nodes, "day": day, "oldest": oldest(day), "looked": list(LOOKED)})
            names = [column.name for column in cursor.description or ()]
            for line in cursor.fetchall():
                said = dict(zip(names, line, strict=True))
                found[said.pop("node")] |= said
    return found


def at(what: str, place: Place, day: date) -> list[int]:
    """The keys of what is counted at the place on the day, in order; `what`: `unit`, `member` or `org`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key FROM ({_AT[what]}) here ORDER BY key", {"nodes": [place.pk], "day": day})
        return [row[0] for row in cursor.fetchall()]
