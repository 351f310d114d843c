"""The list of Party organizations: asked by name, kind, system and place."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from dishu.site.membership.models import Affiliation, Coverage, Organization, OrganizationState
from dishu.site.records import choose
from dishu.site.records.lists import Column, Filter, Listing, Row
from dishu.site.territory.models import on
from dishu.site.ui.words import KINDS

ORG_KINDS, SYSTEMS = KINDS["org_kind"], KINDS["org_system"]
STATES = {"": lazy("现有"), "named": lazy("只在名册上提到"), "dissolved": lazy("已撤销")}
COLUMNS = (
    Column("name", lazy("党组织名称")),
    Column("kind", lazy("类别")),
    Column("system", lazy("隶属")),
    Column("place", lazy("所在地")),
    Column("superior", lazy("上级党组织")),
    Column("members", lazy("党员"), kind="int"),
    Column("units", lazy("覆盖单位"), kind="int"),
    Column("since", lazy("本状态起"), usual=False, kind="day"),
)
FILTERS = (
    Filter("place", lazy("区域"), {}),
    Filter("kind", lazy("类别"), ORG_KINDS),
    Filter("system", lazy("隶属"), SYSTEMS),
    Filter("state", lazy("存续"), STATES),
)


def find(request: HttpRequest) -> QuerySet[Organization]:
    """The organizations asked for."""
    asked = request.GET
    found = choose.organizations(request.scope).filter(name__icontains=asked.get("q", "").strip())
    states = OrganizationState.objects.filter(org=OuterRef("pk"))
    now = states.filter(on(timezone.localdate()))
    if asked.get("state") == "named":
        found = found.filter(~Exists(states))
    elif asked.get("state") == "dissolved":
        found = found.filter(Exists(states), ~Exists(now))
    else:
        says = {key: asked[key] for key, known in (("kind", ORG_KINDS), ("system", SYSTEMS)) if asked.get(key) in known}
        found = found.filter(Exists(now.filter(**says)))
    return choose.below(found, request).select_related("place")


def rows(orgs: list[Organization], day: date | None = None) -> list[Row]:
    """The organizations with their last state (or that of a day), members whose membership lies there, units covered."""
    pks = [org.pk for org in orgs]
    known = OrganizationState.objects.filter(org__in=pks)
    last = (known.filter(on(day)) if day else known).select_related("superior").order_by("org_id", "-since")
    states = {state.org_id: state for state in last.distinct("org_id")}
    members, units = counts(Affiliation, pks, "member", day), counts(Coverage, pks, "unit", day)
    return [_row(org, states.get(org.pk), members, units) for org in orgs]


def counts(model: Any, pks: list[int], what: str, day: date | None = None) -> dict[int, int]:
    """How many different ones of `what` are tied to each organization, today or on a day."""
    then = model.objects.filter(on(day or timezone.localdate()), org__in=pks)
    return dict(then.values_list("org").annotate(Count(what, distinct=True)).order_by())


def _row(org: Organization, state: OrganizationState | None, members: dict[int, int], units: dict[int, int]) -> Row:
    return {
        "pk": org.pk, "name": org.name, "place": org.place.name if org.place else "",
        "kind": state.get_kind_display() if state else "", "system": state.get_system_display() if state else "",
        "superior": str(state.superior or "") if state else "", "since": state.since if state else None,
        "members": members.get(org.pk, 0), "units": units.get(org.pk, 0),
    }  # fmt: skip


LISTING = Listing(
    "organizations",
    lazy("党组织"),
    "members.read",
    "organization",
    lazy("党组织名称的一部分"),
    COLUMNS,
    FILTERS,
    find,
    rows,
    table="membership_organization",
    loose=True,
)
