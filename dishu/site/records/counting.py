"""What the register holds of places on a day: three questions for any number of places, with the borders of today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection

from dishu.engine.facts import LOOKED
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
_MEMBERS = f"""
SELECT r.node_id AS node, count(*) AS members FROM membership_standing s {_HERE.format("s")}
WHERE {_ON.format("s")} GROUP BY r.node_id
"""
_ORGS = f"""
SELECT r.node_id AS node, count(*) AS orgs FROM membership_organizationstate s {_HERE.format("s")}
WHERE {_ON.format("s")} GROUP BY r.node_id
"""
_NOTHING: Row = dict.fromkeys(
    (*UNIT_KINDS, "units", "employees", "surveyed", "verified", "covered", "members", "orgs"), 0
)


def counts(places: Iterable[Place], day: date) -> dict[int, Row]:
    """For each place: units by kind, their employees, those surveyed, verified and covered; members; organizations.

    Units with a state, members with a standing on the day; the database's own wall keeps to the scope.
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
