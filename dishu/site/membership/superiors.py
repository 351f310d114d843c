"""Party organizations as a dated tree: what stood under what on a day, and whether one may stand under another."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from dishu.site.membership.models import Organization, OrganizationState
from dishu.site.registry.changing import Impossible
from dishu.site.territory.models import on

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


def below(org: Organization) -> set[int]:
    """The organization and all that is under it now."""
    found, new = {org.pk}, {org.pk}
    while new:
        juniors = OrganizationState.objects.filter(superior__in=new, until__isnull=True)
        new = set(juniors.values_list("org_id", flat=True)) - found
        found |= new
    return found


def may_stand_under(org: Organization, superior: Organization, day: date) -> None:
    """Raises `Impossible` where a ring would close, then or now. One asks after the other: what is true stays true."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    if superior.pk in below(org) or org in above(superior, day):
        raise Impossible(
            _("{superior}是{org}自己或它的下级，不能作上级。").format(superior=superior.name, org=org.name)
        )
    if not superior.states.filter(on(day)).exists():
        raise Impossible(_("{superior}在 {day} 没有登记，不能从那天起作上级。").format(superior=superior.name, day=day))
