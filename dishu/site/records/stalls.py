"""A market with its stalls, page by page; and from a stall back to its market."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.site.membership.models import Employment
from dishu.site.records import units
from dishu.site.records.lists import names
from dishu.site.registry.fresh import fresh
from dishu.site.registry.models import Unit, UnitState
from dishu.site.territory.models import on
from dishu.site.ui.numbers import number

PAGE = 20


def of_market(request: HttpRequest, market: Unit) -> dict[str, Any]:
    """The stalls of a market: how many in which state, and a page of them after a key."""
    found = request.scope.narrow(Unit.objects.filter(place=market.place_id).exclude(kind="market"))
    after = request.GET.get("stalls", "")
    page = list(found.open().filter(pk__gt=number(after) or 0).order_by("pk")[: PAGE + 1])
    rows = units.rows(_placed(page[:PAGE], market))
    if request.scope.allows("members.read"):
        _owned(rows)
    return {"counts": _counts(found), "rows": rows, "more": page[PAGE - 1].pk if len(page) > PAGE else None}


def _placed(page: list[Unit], market: Unit) -> list[Unit]:
    for unit in page:
        unit.place = market.place
    return page


def _counts(found: Any) -> list[tuple[int, str, str]]:
    """How many stalls there are, with members, surveyed, verified, closed; and what the list is to be asked for each."""
    today = on(timezone.localdate())
    working = Exists(Employment.objects.filter(today, unit=OuterRef("pk")))
    state = UnitState.objects.filter(unit=OuterRef("pk"), until__isnull=True)
    here = Q(closed_on__isnull=True)
    said = found.annotate(
        working=working, is_known=Exists(state.filter(surveyed="known")), is_sure=Exists(state.filter(fresh(timezone.localdate())))
    ).aggregate(
        open=Count("pk", filter=here), members=Count("pk", filter=here & Q(working=True)),
        known=Count("pk", filter=here & Q(is_known=True)), sure=Count("pk", filter=here & Q(is_sure=True)),
        closed=Count("pk", filter=~here),
    )  # fmt: skip
    return [
        (said["open"], _("户存续"), ""), (said["members"], _("户有党员"), "&members=yes"),
        (said["known"], _("户已摸清"), "&surveyed=known"), (said["sure"], _("户已核实"), "&verified=yes"),
        (said["closed"], _("户已注销"), "&state=closed"),
    ]  # fmt: skip


def _owned(rows: list[dict[str, Any]]) -> None:
    """Owners who are members, by surname: the record has the rest, and there the look is written down."""
    jobs = Employment.objects.filter(on(timezone.localdate()), unit__in=[row["pk"] for row in rows], role="owner")
    for row in rows:
        row["owner"] = ""
    owners: dict[int, list[str]] = {}
    for job in jobs.select_related("member"):
        owners.setdefault(job.unit_id, []).append(job.member.name[:1] + _("＊") * (len(job.member.name) - 1))
    for row in rows:
        row["owner"] = names(owners.get(row["pk"], []))


def market_of(request: HttpRequest, unit: Unit) -> Unit | None:
    """The market a stall lies in."""
    if unit.kind == "market" or unit.place.level != "market":
        return None
    return request.scope.narrow(Unit.objects.filter(kind="market", place=unit.place_id)).first()
