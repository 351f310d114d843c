"""Calls that read Party organizations."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Schema

from dishu.site.api.calls import call
from dishu.site.api.lists import Page, Paging, listed, of_list
from dishu.site.api.places import my_place
from dishu.site.membership.actions import version_of
from dishu.site.membership.models import Affiliation, Coverage, Organization, OrganizationState
from dishu.site.records import organizations as pages
from dishu.site.records.record_views import my_organization

OrgKind = Literal[*pages.ORG_KINDS]  # type: ignore[valid-type]
System = Literal[*pages.SYSTEMS]  # type: ignore[valid-type]


class OrganizationRow(Schema):
    """An organization with its last state; one that a roster only names has none."""

    id: int
    name: str
    place: str | None
    kind: OrgKind | None
    system: System | None
    superior: int | None
    since: date | None
    until: date | None
    members: int
    units: int


class OrganizationQuery(Paging):
    """What may be asked of organizations; as on the page."""

    q: str = Field("", max_length=100, description="Part of the name")
    place: str | None = None
    kind: OrgKind | None = None
    system: System | None = None
    state: Literal["present", "named", "dissolved"] = "present"


@call("GET", "/organizations", "members.read", Page[OrganizationRow], csv=True)
def organizations(request: HttpRequest, query: Query[OrganizationQuery]) -> HttpResponse:
    """Party organizations of the token's place."""
    if query.place:
        my_place(request, query.place)
    return listed(request, query, of_list(pages.LISTING, request, OrganizationRow, rows))


def rows(found: Sequence[Organization]) -> list[dict[str, Any]]:
    """Organizations as rows."""
    pks = [org.pk for org in found]
    last = OrganizationState.objects.filter(org__in=pks).order_by("org_id", "-since").distinct("org_id")
    states = {state.org_id: state for state in last}
    members, units = pages.counts(Affiliation, pks, "member"), pages.counts(Coverage, pks, "unit")
    return [
        {"id": org.pk, "name": org.name, "place": org.place.code if org.place else None,
         "superior": getattr(states.get(org.pk), "superior_id", None),
         **{name: getattr(states.get(org.pk), name, None) for name in ("kind", "system", "since", "until")},
         "members": members.get(org.pk, 0), "units": units.get(org.pk, 0)}
        for org in found
    ]  # fmt: skip


class OrganizationPast(Schema):
    """What an organization was for a time."""

    place: str
    kind: str
    system: str
    superior: int | None
    since: date
    until: date | None


class OrganizationWhole(OrganizationRow):
    """An organization with its history. `version` is wanted by those who change it."""

    states: list[OrganizationPast]
    version: int


@call("GET", "/organizations/{int:organization}", "members.read", OrganizationWhole)
def organization(request: HttpRequest, organization: int) -> Any:
    """One organization with all its states."""
    one = my_organization(request, organization)
    past = one.states.select_related("place").order_by("since")
    return rows([one])[0] | {
        "version": version_of(one),
        "states": [
            {"place": s.place.code, "kind": s.kind, "system": s.system, "superior": s.superior_id, "since": s.since,
             "until": s.until} for s in past
        ],
    }  # fmt: skip
