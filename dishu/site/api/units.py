"""Calls that read units."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Schema

from dishu.site.api.calls import call
from dishu.site.api.lists import Page, Paging, listed, of_list
from dishu.site.api.places import my_place
from dishu.site.membership.models import Coverage, Employment
from dishu.site.records import units as pages
from dishu.site.records.lists import by_key
from dishu.site.records.record_views import my_unit
from dishu.site.registry.actions import DATED
from dishu.site.registry.models import CHANNELS, CONTROLS, SURVEYED, UNIT_KINDS, Unit, UnitState
from dishu.site.territory.models import on

YES_NO = Literal["yes", "no"]


class Attributes(Schema):
    """What is known of a unit for a time."""

    control: Literal[*CONTROLS] | None  # type: ignore[valid-type]
    industry: str | None
    employees: int | None
    assets: int | None = Field(description="Yuan")
    turnover: int | None = Field(description="Yuan")
    legal_rep_member: bool | None
    legal_rep_secretary: bool | None
    surveyed: Literal[*SURVEYED] | None  # type: ignore[valid-type]
    verified_on: date | None
    channel: Literal[*CHANNELS] | None  # type: ignore[valid-type]


class UnitRow(Attributes):
    """A unit with its last state, how many members work there and which organizations cover it."""

    id: int
    name: str
    kind: Literal[*UNIT_KINDS]  # type: ignore[valid-type]
    code: str | None
    place: str
    address: str
    opened_on: date | None
    closed_on: date | None
    members: int
    organizations: list[int]
    version: int


class UnitQuery(Paging):
    """What may be asked of units; as on the page."""

    q: str = Field("", max_length=100, description="Part of the name, initials, beginning or end of the code")
    place: str | None = None
    kind: Literal[*UNIT_KINDS] | None = None  # type: ignore[valid-type]
    industry: Literal[*pages.INDUSTRIES] | None = None  # type: ignore[valid-type]
    surveyed: Literal[*SURVEYED, "none"] | None = None  # type: ignore[valid-type]
    verified: YES_NO | None = None
    covered: YES_NO | None = None
    members: YES_NO | None = None
    state: Literal["open", "closed", "all"] = "open"


@call("GET", "/units", "units.read", Page[UnitRow], csv=True)
def units(request: HttpRequest, query: Query[UnitQuery]) -> HttpResponse:
    """Units of the token's place."""
    if query.place:
        my_place(request, query.place)
    return listed(request, query, of_list(pages.LISTING, request, UnitRow, rows))


def rows(found: Sequence[Unit]) -> list[dict[str, Any]]:
    """Units as rows."""
    pks = [unit.pk for unit in found]
    today = on(timezone.localdate())
    last = UnitState.objects.filter(unit__in=pks).order_by("unit_id", "-since").distinct("unit_id")
    states = {state.unit_id: state for state in last}
    jobs = by_key(Employment.objects.filter(today, unit__in=pks), "unit_id")
    covers = by_key(Coverage.objects.filter(today, unit__in=pks), "unit_id")
    return [
        {"id": unit.pk, "name": unit.name, "kind": unit.kind, "code": unit.code, "place": unit.place.code,
         "address": unit.address, "opened_on": unit.opened_on, "closed_on": unit.closed_on,
         "members": len({job.member_id for job in jobs.get(unit.pk, [])}), "version": unit.version,
         "organizations": sorted({cover.org_id for cover in covers.get(unit.pk, [])}),
         **{name: getattr(states.get(unit.pk), name, None) for name in DATED}}
        for unit in found
    ]  # fmt: skip


class UnitPast(Attributes):
    """A state of a unit with where it was read."""

    place: str
    since: date
    until: date | None
    upload: int | None
    sheet: str
    row: int | None


class Covered(Schema):
    """Which organization covers a unit, and how. `id` is the tie, by which it is ended."""

    id: int
    organization: int
    mode: str
    since: date
    until: date | None


class UnitWhole(UnitRow):
    """A unit with its history."""

    states: list[UnitPast]
    coverages: list[Covered]


@call("GET", "/units/{int:unit}", "units.read", UnitWhole)
def unit(request: HttpRequest, unit: int) -> Any:
    """One unit with all its states and coverages."""
    one = my_unit(request, unit)
    past = one.states.select_related("place").order_by("since")
    return rows([one])[0] | {
        "states": [
            {name: getattr(s, name) for name in (*DATED, "since", "until", "sheet", "row")}
            | {"place": s.place.code, "upload": s.upload_id} for s in past
        ],
        "coverages": [
            {"id": c.pk, "organization": c.org_id, "mode": c.mode, "since": c.since, "until": c.until}
            for c in one.coverages.order_by("since")
        ],
    }  # fmt: skip
