"""Changes of units by hand: added, corrected, moved, closed, reopened, verified; each with its day and reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dishu.site.registry.changing import Impossible, end, grounds, locked, present, turn
from dishu.site.registry.models import Unit, UnitState
from dishu.site.territory.models import Place
from dishu.site.trail import lines as trail
from dishu.site.ui.words import said
from dishu.standards import ids

#: What belongs to a unit itself, and what is dated: an empty code or opening day stays unknown.
OWN = ("name", "code", "address", "opened_on")
DATED = (
    "control", "industry", "employees", "assets", "turnover", "legal_rep_member", "legal_rep_secretary", "surveyed",
    "verified_on", "channel",
)  # fmt: skip


@transaction.atomic
def add(*, by: trail.Actor, place: Place, day: date, reason: str, kind: str, name: str, **values: Any) -> Unit:
    """A unit that no roster named: met on the street, reported by an association."""
    grounds(day, reason)
    own = {key: values.pop(key) for key in OWN if key in values}
    own["code"] = _code(own.get("code"), None)
    unit = Unit.objects.create(kind=kind, name=_name(name), place=place, **_without_none(own))
    UnitState.objects.create(unit=unit, place=place, since=own.get("opened_on") or day, **values)
    trail.write(by=by, verb="created", subject=unit, place=place, reason=reason, details={"day": str(day)})
    return unit


@transaction.atomic
def correct(*, by: trail.Actor, unit: Unit, version: int, day: date, reason: str, **values: Any) -> Unit:
    """What is known of the unit is different from that day on; name, code and address are its own and not dated."""
    grounds(day, reason)
    unit = locked(unit, version)
    own = {key: values.pop(key) for key in OWN if key in values}
    if "code" in own:
        own["code"] = _code(own["code"], unit)
    if "name" in own:
        own["name"] = _name(own["name"])
    changes = {key: [str(getattr(unit, key) or ""), str(value or "")] for key, value in own.items()
               if (getattr(unit, key) or "") != (value or "")}  # fmt: skip
    for key in changes:
        setattr(unit, key, own[key])
    if values:
        _, dated = turn(present(unit.states, day, unit.name), day, **values)
        changes |= dated
    if changes:
        _done(by, "changed", unit, unit.place, day, reason, changes=changes)
    return unit


@transaction.atomic
def move(*, by: trail.Actor, unit: Unit, version: int, place: Place, day: date, reason: str) -> Unit:
    """The unit lies at another place from that day on; earlier days count where it lay then."""
    grounds(day, reason)
    unit = locked(unit, version)
    before = unit.place
    if before.pk == place.pk:
        raise Impossible(_("{unit}本来就在{place}。").format(unit=unit.name, place=place.name))
    turn(present(unit.states, day, unit.name), day, place=place)
    unit.place = place
    places = {"from": before.code, "to": place.code}
    trail.write(by=by, verb="moved", subject=unit, place=before, reason=reason, details={"day": str(day)} | places)
    _done(by, "moved", unit, place, day, reason, **places)
    return unit


@transaction.atomic
def close(*, by: trail.Actor, unit: Unit, version: int, day: date, reason: str) -> Unit:
    """The unit ended on that day; it stays in the register and counts for the days before."""
    grounds(day, reason)
    unit = locked(unit, version)
    end(present(unit.states, day, unit.name), day, unit.name)
    unit.closed_on = day
    _done(by, "closed", unit, unit.place, day, reason)
    return unit


@transaction.atomic
def reopen(*, by: trail.Actor, unit: Unit, version: int, day: date, reason: str) -> Unit:
    """A closed unit works again from that day on, as it was last known."""
    grounds(day, reason)
    unit = locked(unit, version)
    last = unit.states.order_by("-since").first()
    if unit.closed_on is None or last is None:
        raise Impossible(_("{unit}没有注销，不需要恢复。").format(unit=unit.name))
    if last.until is not None and day < last.until:
        raise Impossible(_("{unit}于 {until} 注销，恢复日期不能早于这一天。").format(unit=unit.name, until=last.until))
    last.pk, last.since, last.until, last.upload, last.row, last.sheet = None, day, None, None, None, ""
    last._state.adding = True
    last.save()
    before, unit.closed_on = unit.closed_on, None
    _done(by, "changed", unit, unit.place, day, reason, changes={"closed_on": [str(before), ""]})
    return unit


@transaction.atomic
def verify(*, by: trail.Actor, units: Iterable[Unit], channel: str, day: date, reason: str) -> tuple[int, list[str]]:
    """Mark units verified on a day by a channel. Returns how many, and why others could not be."""
    grounds(day, reason)
    refused = []
    done = 0
    for unit in Unit.objects.select_for_update(of=("self",)).filter(pk__in=[u.pk for u in units]).order_by("pk"):
        try:
            state = present(unit.states, day, unit.name)
        except Impossible as problem:
            refused.append(str(problem))
            continue
        _, changes = turn(state, day, verified_on=day, channel=channel)
        _done(by, "changed", unit, unit.place, day, reason, changes=changes)
        done += 1
    return done, refused


def _name(name: str) -> str:
    if not name.strip():
        raise Impossible(_("单位名称不能为空。"))
    return name.strip()


def _code(code: str | None, unit: Unit | None) -> str | None:
    """The code in order, or none."""
    if not code or not code.strip():
        return None
    verdict = ids.unit_code(code)
    if not verdict.ok:
        raise Impossible(
            _("代码 {code} 不对：{reason}。请对照执照核对。").format(code=code, reason=said(verdict.reason))
        )
    other = Unit.objects.filter(code=verdict.value).exclude(pk=unit.pk if unit else None).first()
    if other is not None:
        raise Impossible(
            _("代码 {value} 已经登记在{other}名下，请核对是不是同一家。").format(value=verdict.value, other=other.name)
        )
    return verdict.value


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _done(by: trail.Actor, verb: str, unit: Unit, place: Place, day: date, reason: str, **details: Any) -> None:
    unit.version += 1
    unit.save()
    trail.write(by=by, verb=verb, subject=unit, place=place, reason=reason, details={"day": str(day)} | details)
