"""Party organizations as a dated tree: what stood under what on a day, and putting one under another."""

from __future__ import annotations

from datetime import date

from django.db import connection

from dishu.site.membership.models import Organization, OrganizationState
from dishu.site.territory.actions import Impossible
from dishu.site.territory.models import on
from dishu.site.trail import lines as trail

_ONE_AT_A_TIME = 7203
_DEEPEST = 16


def above(org: Organization, day: date) -> list[Organization]:
    """The superiors of an organization on a day, the nearest first."""
    found: list[Organization] = []
    at: Organization | None = org
    while at is not None and len(found) < _DEEPEST:
        state = OrganizationState.objects.filter(on(day), org=at).select_related("superior").first()
        at = state.superior if state else None
        if at is None or at in found or at == org:
            break
        found.append(at)
    return found


@trail.action()
def change_superior(
    *, by: trail.Actor, org: Organization, superior: Organization | None, day: date, document: str
) -> Organization:
    """The organization stands under another (or none) from that day on; what stands under it goes along."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    state = org.states.filter(on(day), until__isnull=True).first()
    if state is None:
        raise Impossible(f"{org.name}在 {day} 没有登记，或者此后已有变更。请核对日期。", "day")
    if superior is not None:
        _may_stand_under(org, superior, day)
    if state.superior_id == (superior.pk if superior else None):
        raise Impossible("上级没有变化。", "superior")
    if state.since == day:
        OrganizationState.objects.filter(pk=state.pk).update(superior=superior)
    else:
        OrganizationState.objects.filter(pk=state.pk).update(until=day)
        OrganizationState.objects.create(
            org=org, place_id=state.place_id, kind=state.kind, system=state.system, superior=superior, since=day
        )
    trail.write(
        by=by, verb="moved", subject=org, place=org.place, reason=document,
        details={"day": str(day), "superior": superior.pk if superior else None},
    )  # fmt: skip
    return org


def _may_stand_under(org: Organization, superior: Organization, day: date) -> None:
    if superior == org or org in above(superior, day):
        raise Impossible(f"{org.name}不能隶属它自己或它的下级{superior.name}。", "superior")
    if not superior.states.filter(on(day)).exists():
        raise Impossible(f"{superior.name}在 {day} 没有登记。", "superior")
