"""The list of units: asked by name, code, place, industry, survey, verification, cover and members."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from dishu.site.membership.models import Coverage, Employment
from dishu.site.records.choose import below
from dishu.site.records.lists import Column, Filter, Listing, Row, by_key, names
from dishu.site.registry import finding
from dishu.site.registry.fresh import fresh, oldest, why_not
from dishu.site.registry.models import CHANNELS, CONTROLS, SURVEYED, UNIT_KINDS, Unit, UnitState
from dishu.site.territory.models import on
from dishu.site.ui.words import INDUSTRIES

YES_NO = {"yes": lazy("是"), "no": lazy("否")}
COLUMNS = (
    Column("name", lazy("名称")),
    Column("kind", lazy("类型")),
    Column("code", lazy("代码")),
    Column("place", lazy("所在地")),
    Column("address", lazy("经营地址"), usual=False),
    Column("opened_on", lazy("成立日期"), usual=False, kind="day"),
    Column("control", lazy("控股类型"), usual=False),
    Column("industry", lazy("行业"), usual=False),
    Column("employees", lazy("从业人员"), kind="int"),
    Column("assets", lazy("资产总额（元）"), usual=False, kind="int"),
    Column("turnover", lazy("营业收入（元）"), usual=False, kind="int"),
    Column("members", lazy("党员"), kind="int"),
    Column("orgs", lazy("覆盖的党组织")),
    Column("surveyed", lazy("摸底")),
    Column("channel", lazy("核实方式"), usual=False),
    Column("verified_on", lazy("核实日期"), kind="day"),
    Column("closed_on", lazy("注销日期"), usual=False, kind="day"),
)
FILTERS = (
    Filter("place", lazy("区域"), {}),
    Filter("kind", lazy("类型"), UNIT_KINDS),
    Filter("industry", lazy("行业"), INDUSTRIES),
    Filter("surveyed", lazy("摸底"), SURVEYED | {"none": lazy("未摸底")}),
    Filter("verified", lazy("已核实"), YES_NO),
    Filter("covered", lazy("有党组织覆盖"), YES_NO),
    Filter("members", lazy("有党员"), YES_NO),
    Filter("state", lazy("存续"), {"": lazy("存续"), "closed": lazy("已注销"), "all": lazy("全部")}),
)


def find(request: HttpRequest, among: list[int] | None = None) -> QuerySet[Unit]:
    """The units asked for; `among` those that are found by the text already."""
    asked = request.GET
    known = Unit.objects.matching(asked.get("q", "")) if among is None else Unit.objects.filter(pk__in=among)
    found = request.scope.narrow(known).select_related("place")
    if asked.get("state") == "closed":
        found = found.filter(closed_on__isnull=False)
    elif asked.get("state") != "all":
        found = found.open()
    if asked.get("kind") in UNIT_KINDS:
        found = found.filter(kind=asked["kind"])
    today = on(timezone.localdate())
    found = _yes_no(found, asked.get("covered"), Coverage.objects.filter(today, unit=OuterRef("pk")))
    found = _yes_no(found, asked.get("members"), Employment.objects.filter(today, unit=OuterRef("pk")))
    return _by_state(below(found, request), request)


def _yes_no(found: QuerySet[Any], answer: str | None, ties: QuerySet[Any]) -> QuerySet[Any]:
    if answer == "yes":
        return found.filter(Exists(ties))
    return found.filter(~Exists(ties)) if answer == "no" else found


def _by_state(found: QuerySet[Unit], request: HttpRequest) -> QuerySet[Unit]:
    """By what the present state says: all of it in one question."""
    asked = request.GET
    # the place for speed alone: a unit's present state lies where the unit does, and is in an index by place
    states = UnitState.objects.filter(unit=OuterRef("pk"), place=OuterRef("place"), until__isnull=True)
    says: dict[str, Any] = {}
    if asked.get("industry") in INDUSTRIES:
        says["industry__startswith"] = asked["industry"]
    if asked.get("surveyed") in SURVEYED:
        says["surveyed"] = asked["surveyed"]
    if says and asked.get("surveyed") == "none":  # a unit has one present state: asked once for both
        says["surveyed__isnull"] = True
    if says:
        found = found.filter(Exists(states.filter(**says)))
    elif asked.get("surveyed") == "none":
        found = found.filter(~Exists(states.filter(surveyed__isnull=False)))
    return _yes_no(found, asked.get("verified"), states.filter(fresh(timezone.localdate())))


def rows(units: list[Unit], day: date | None = None) -> list[Row]:
    """The units with their last state (or that of a day), their members and who covers them then."""
    pks = [unit.pk for unit in units]
    today = day or timezone.localdate()
    then, since = on(today), oldest(today)
    known = UnitState.objects.filter(then, unit__in=pks) if day else UnitState.objects.filter(unit__in=pks)
    states = {s.unit_id: s for s in known.order_by("unit_id", "-since").distinct("unit_id")}
    jobs = by_key(Employment.objects.filter(then, unit__in=pks), "unit_id")
    covers = by_key(Coverage.objects.filter(then, unit__in=pks).select_related("org"), "unit_id")
    found = [(unit, states.get(unit.pk)) for unit in units]
    return [
        _row(unit, state, jobs.get(unit.pk, []), covers.get(unit.pk, [])) | {"why_not": why_not(state, today, since)}
        for unit, state in found
    ]


def _row(unit: Unit, state: UnitState | None, jobs: list[Employment], covers: list[Coverage]) -> Row:
    row: Row = {
        "pk": unit.pk, "name": unit.name, "kind": unit.get_kind_display(), "code": unit.code or "", "place": unit.place.name,
        "address": unit.address, "opened_on": unit.opened_on, "closed_on": unit.closed_on, "members": len(jobs),
        "orgs": names(cover.org for cover in covers),
    }  # fmt: skip
    for key in ("employees", "assets", "turnover", "verified_on"):
        row[key] = getattr(state, key, None)
    row["control"] = CONTROLS.get(getattr(state, "control", None) or "", "")
    industry = getattr(state, "industry", None) or ""
    row["industry"] = INDUSTRIES.get(industry, industry)
    row["surveyed"] = SURVEYED.get(getattr(state, "surveyed", None) or "", "")
    row["channel"] = CHANNELS.get(getattr(state, "channel", None) or "", "")
    return row


LISTING = Listing(
    "units",
    lazy("单位"),
    "units.read",
    "unit",
    lazy("名称、拼音首字母、代码的开头或结尾"),
    COLUMNS,
    FILTERS,
    find,
    rows,
    partial(finding.after, "registry_unit"),
    "registry_unit",
)
