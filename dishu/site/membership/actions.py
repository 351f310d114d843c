"""Changes of members and organizations by hand: each with its day and reason, a tie ends and another begins."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from dishu.site.membership import superiors
from dishu.site.membership.known import plain
from dishu.site.membership.models import (
    Coverage,
    Employment,
    Member,
    Organization,
    OrganizationState,
    Participation,
    Shown,
    Standing,
)
from dishu.site.registry.changing import Impossible, Stale, end, grounds, locked, present, turn
from dishu.site.registry.models import Unit
from dishu.site.territory.models import Place, on
from dishu.site.trail import lines as trail
from dishu.site.ui.words import said
from dishu.standards import ids


@transaction.atomic
def add_member(
    *, by: trail.Actor, name: str, place: Place, standing: str, day: date, reason: str, sex: str = "",
    birth: date | None = None, citizen_id: str = "", phone: str = "", unit: Unit | None = None, role: str = "employee",
) -> Member:  # fmt: skip
    """A member whom no roster named. The citizen number, once known, tells who it is: it is never taken twice."""
    grounds(day, reason)
    member = Member(name=_needed(name, _("姓名")), sex=sex, birth=birth, place=place)
    _identify(member, citizen_id, phone)
    member.save()
    Standing.objects.create(member=member, place=place, standing=standing, since=day)
    if unit is not None:
        Employment.objects.create(member=member, unit=unit, role=role, since=day)
    trail.write(by=by, verb="created", subject=member, place=place, reason=reason, details={"day": str(day)})
    return member


@transaction.atomic
def correct_member(
    *, by: trail.Actor, member: Member, version: int, day: date, reason: str, citizen_id: str = "", phone: str = "",
    **values: Any,
) -> Member:  # fmt: skip
    """Name, sex, birth day, numbers: what was written wrong. An empty number leaves the known one."""
    grounds(day, reason)
    member = locked(member, version)
    values["name"] = _needed(values.get("name", member.name), _("姓名"))
    changed = [key for key, value in values.items() if getattr(member, key) != value]
    for key in changed:
        setattr(member, key, values[key])
    traces = member.citizen_trace, member.phone_trace
    _identify(member, citizen_id, phone)
    if (member.citizen_trace, member.phone_trace) != traces:
        changed.append("numbers")
    if changed:
        _done(by, "changed", member, day, reason, fields=changed)
    return member


@transaction.atomic
def set_standing(
    *, by: trail.Actor, member: Member, version: int, standing: str, day: date, reason: str, place: Place | None = None
) -> Member:
    """Full or probationary from that day on; or a member elsewhere in our places."""
    grounds(day, reason)
    member = locked(member, version)
    before = member.place
    values: dict[str, Any] = {"standing": standing} | ({"place": place} if place else {})
    _now, changes = turn(present(member.standings, day, member.name), day, **values)
    if place is not None and place.pk != before.pk:
        trail.write(by=by, verb="moved", subject=member, place=before, reason=reason, details={"to": place.code})
        member.place = place
    if changes:
        _done(by, "changed", member, day, reason, changes=changes)
    return member


@transaction.atomic
def verify_member(*, by: trail.Actor, member: Member, version: int, channel: str, day: date, reason: str) -> Member:
    """Somebody asked the member on that day, by this channel, and found what is registered to be so."""
    grounds(day, reason)
    member = locked(member, version)
    _now, changes = turn(present(member.standings, day, member.name), day, verified_on=day, channel=channel)
    if changes:
        _done(by, "changed", member, day, reason, changes=changes)
    return member


@transaction.atomic
def leave(*, by: trail.Actor, member: Member, version: int, day: date, reason: str) -> Member:
    """The member is here no longer: standing, work, affiliation and taking part all end on that day."""
    grounds(day, reason)
    member = locked(member, version)
    end(present(member.standings, day, member.name), day, member.name)
    for ties in (member.employments, member.affiliations, member.participations, member.shown):
        open_ties = ties.filter(until__isnull=True)
        late = open_ties.filter(since__gte=day).first()
        if late is not None:
            raise Impossible(
                _("{member}在 {since} 还有登记，离开日期应在其后。").format(member=member.name, since=late.since)
            )
        open_ties.update(until=day)
    _done(by, "closed", member, day, reason)
    return member


@transaction.atomic
def come_back(
    *, by: trail.Actor, member: Member, version: int, standing: str, day: date, reason: str, place: Place | None = None
) -> Member:
    """Somebody who had left is here again from that day on. Work and affiliation are asked anew: they may be others."""
    grounds(day, reason)
    member = locked(member, version)
    last = member.standings.order_by("-since").first()
    if last is not None and last.until is None:
        raise Impossible(_("{member}没有离开，不需要恢复登记。").format(member=member.name))
    if last is not None and day < last.until:
        raise Impossible(
            _("{member}于 {until} 离开，恢复登记的日期不能早于这一天。").format(member=member.name, until=last.until)
        )
    before, member.place = member.place, place or member.place
    Standing.objects.create(member=member, place=member.place, standing=standing, since=day)
    if member.place_id != before.pk:
        trail.write(by=by, verb="moved", subject=member, place=before, reason=reason, details={"to": member.place.code})
    _done(by, "changed", member, day, reason, changes={"standing": ["", standing]})
    return member


@transaction.atomic
def employ(
    *, by: trail.Actor, member: Member, version: int, unit: Unit, role: str, day: date, reason: str
) -> Employment:
    """The member works at a unit, or owns it, from that day on."""
    grounds(day, reason)
    member = locked(member, version)
    _not_yet(
        member.employments.filter(unit=unit), day, _("{member}在{unit}").format(member=member.name, unit=unit.name)
    )
    job = Employment.objects.create(member=member, unit=unit, role=role, since=day)
    _done(by, "changed", member, day, reason, employed=unit.pk, role=role)
    return job


@transaction.atomic
def end_employment(
    *, by: trail.Actor, member: Member, version: int, job: Employment, day: date, reason: str
) -> Employment:
    """The member works there no longer."""
    grounds(day, reason)
    member = locked(member, version)
    end(job, day, _("{member}在{unit}的工作").format(member=member.name, unit=job.unit.name))
    _done(by, "changed", member, day, reason, left=job.unit_id)
    return job


@transaction.atomic
def take_part(
    *, by: trail.Actor, member: Member, version: int, org: Organization, day: date, reason: str
) -> Participation:
    """The member takes part in organizational life here from that day on, wherever the membership lies."""
    grounds(day, reason)
    member = locked(member, version)
    present(member.standings, day, member.name)
    _not_yet(member.participations.filter(org=org), day, _("{member}在{org}").format(member=member.name, org=org.name))
    part = Participation.objects.create(member=member, org=org, since=day)
    _done(by, "changed", member, day, reason, takes_part=org.pk)
    return part


@transaction.atomic
def end_part(
    *, by: trail.Actor, member: Member, version: int, part: Participation, day: date, reason: str
) -> Participation:
    """The member takes part there no longer."""
    grounds(day, reason)
    member = locked(member, version)
    end(part, day, _("{member}在{org}的活动").format(member=member.name, org=part.org.name))
    _done(by, "changed", member, day, reason, took_part=part.org_id)
    return part


@transaction.atomic
def show_identity(
    *, by: trail.Actor, member: Member, version: int, shown: bool, day: date, paper: str, reason: str
) -> Member:
    """Whether the member shows their identity: their own act. An officer only records the paper they signed."""
    grounds(day, reason)
    if not paper.strip():
        raise Impossible(_("亮不亮身份由党员本人决定。请写明本人签字材料的名称和编号。"))
    member = locked(member, version)
    if member.users.filter(is_active=True).exists():
        raise Impossible(
            _("{member}已开通本人登录，亮不亮身份只能由本人在“我的登记”里决定。").format(member=member.name)
        )
    now = member.shown.filter(until__isnull=True).first()
    if now is None:
        Shown.objects.create(member=member, shown=shown, since=day)
    else:
        turn(present(member.shown, day, member.name), day, shown=shown)
    _done(by, "changed", member, day, reason, shown=shown, paper=paper)
    return member


@trail.action()
def show_oneself(*, by: trail.Actor, member: Member, shown: bool, day: date) -> None:
    """The member's own act: from that day on the identity is shown, or not. Done twice it is done once."""
    now = Shown.objects.select_for_update().filter(member=member, until__isnull=True).first()
    if now is not None and now.since > day:
        raise Impossible(_("已有从 {since} 起的登记，请在那天以后再改。").format(since=now.since))
    if now is not None and now.shown == shown:
        return
    if now is not None and now.since == day:
        Shown.objects.filter(pk=now.pk).update(shown=shown, upload=None, row=None, sheet="")
    else:
        Shown.objects.filter(member=member, until__isnull=True).update(until=day)
        Shown.objects.create(member=member, shown=shown, since=day)
    Member.objects.filter(pk=member.pk).update(version=models.F("version") + 1)
    trail.write(by=by, verb="changed", subject=member, place=member.place, reason=_("本人决定"),
                details={"day": str(day), "changes": {"shown": [str(now.shown) if now else "", str(shown)]}})  # fmt: skip


@transaction.atomic
def found(
    *, by: trail.Actor, name: str, place: Place, kind: str, system: str, day: date, reason: str,
    superior: Organization | None = None,
) -> Organization:  # fmt: skip
    """A new organization; one that rosters only named becomes known as what it is."""
    grounds(day, reason)
    name = _needed(name, _("党组织名称"))
    org, _made = Organization.objects.get_or_create(plain=plain(name), defaults={"name": name, "place": place})
    if org.place_id not in (None, place.pk):
        raise Impossible(_("“{org}”这个名称已有别处的党组织使用，请写全称。").format(org=org.name))
    if org.states.filter(until__isnull=True).exists():
        raise Impossible(_("{org}已经登记，没有撤销。").format(org=org.name))
    if org.states.filter(until__gt=day).exists():
        raise Impossible(_("{org}在 {day} 还没有撤销，成立日期应在撤销以后。").format(org=org.name, day=day))
    org.place = place
    org.save()
    OrganizationState.objects.create(org=org, place=place, kind=kind, system=system, superior=superior, since=day)
    trail.write(by=by, verb="founded", subject=org, place=place, reason=reason, details={"day": str(day)})
    return org


@transaction.atomic
def change(*, by: trail.Actor, org: Organization, version: int, day: date, reason: str, **values: Any) -> Organization:
    """Kind, system or superior are different from that day on."""
    grounds(day, reason)
    org = _held(org, version)
    superior = values.get("superior")
    if superior is not None:
        superiors.may_stand_under(org, superior, day)
    _now, changes = turn(present(org.states, day, org.name), day, **values)
    if changes:
        trail.write(by=by, verb="changed", subject=org, place=org.place, reason=reason,
                    details={"day": str(day), "changes": changes})  # fmt: skip
    return org


@transaction.atomic
def dissolve(*, by: trail.Actor, org: Organization, version: int, day: date, reason: str) -> Organization:
    """The organization ends, and what it covered is covered by it no longer. Its juniors must have another superior first."""
    grounds(day, reason)
    org = _held(org, version)
    if OrganizationState.objects.filter(superior=org, until__isnull=True).exists():
        raise Impossible(_("{org}还有下级党组织，请先为它们变更上级。").format(org=org.name))
    end(present(org.states, day, org.name), day, org.name)
    org.coverages.filter(until__isnull=True, since__lt=day).update(until=day)
    trail.write(by=by, verb="closed", subject=org, place=org.place, reason=reason, details={"day": str(day)})
    return org


@transaction.atomic
def cover(
    *, by: trail.Actor, unit: Unit, version: int, org: Organization, mode: str, day: date, reason: str
) -> Coverage:
    """The organization covers the unit from that day on."""
    grounds(day, reason)
    unit = locked(unit, version)
    if not org.states.filter(on(day)).exists():
        raise Impossible(_("{org}在 {day} 还没有成立或已经撤销，请先登记党组织。").format(org=org.name, day=day))
    _not_yet(unit.coverages.filter(org=org), day, _("{org}对{unit}的覆盖").format(org=org.name, unit=unit.name))
    made = Coverage.objects.create(unit=unit, org=org, mode=mode, since=day)
    _covered(by, unit, day, reason, covered=org.pk, mode=mode)
    return made


@transaction.atomic
def end_cover(*, by: trail.Actor, unit: Unit, version: int, coverage: Coverage, day: date, reason: str) -> Coverage:
    """The organization covers the unit no longer."""
    grounds(day, reason)
    unit = locked(unit, version)
    end(coverage, day, _("{org}对{unit}的覆盖").format(org=coverage.org.name, unit=unit.name))
    _covered(by, unit, day, reason, uncovered=coverage.org_id)
    return coverage


def version_of(org: Organization) -> int:
    """What tells one moment of an organization from another: the last line of the trail that changed it, and its last state.

    Rosters write states and no line; both numbers only grow, so that their sum is another after either.
    """
    last = trail.TrailLine.objects.filter(
        subject_type=org._meta.label_lower, subject_id=org.pk, verb__in=("founded", "changed", "moved", "closed")
    )
    states = org.states.aggregate(last=models.Max("id"))["last"] or 0
    return int(last.aggregate(last=models.Max("id"))["last"] or 0) + int(states)


def _held(org: Organization, version: int) -> Organization:
    now = Organization.objects.select_for_update(of=("self",)).get(pk=org.pk)
    if version_of(now) != version:
        raise Stale(now)
    return now


def _not_yet(ties: models.QuerySet[Any], day: date, what: str) -> None:
    later = ties.filter(models.Q(until__isnull=True) | models.Q(until__gt=day)).first()
    if later is not None:
        raise Impossible(_("{what}从 {since} 起已有登记，不用再登记一次。").format(what=what, since=later.since))


def _needed(text: str, what: str) -> str:
    if not text.strip():
        raise Impossible(_("{what}不能为空。").format(what=what))
    return text.strip()


def _identify(member: Member, citizen_id: str, phone: str) -> None:
    """Judge and set the numbers; a number that another member has is refused."""
    for text, judge in ((citizen_id, ids.citizen_id), (phone, ids.phone)):
        verdict = judge(text) if text else None
        if verdict is not None and not verdict.ok:
            raise Impossible(_("{reason}。").format(reason=said(verdict.reason)))
    if citizen_id:
        citizen_id = ids.citizen_id(citizen_id).value or ""
        member.birth, member.sex = ids.citizen_birth(citizen_id), ids.citizen_sex(citizen_id)
    member.identify(citizen_id or None, (ids.phone(phone).value if phone else None))
    if citizen_id:
        other = Member.objects.filter(citizen_trace=member.citizen_trace).exclude(pk=member.pk).first()
        if other is not None:
            raise Impossible(_("这个身份证号已经登记在{other}名下，请打开那条记录办理。").format(other=other.name))


def _done(by: trail.Actor, verb: str, member: Member, day: date, reason: str, **details: Any) -> None:
    member.version += 1
    member.save()
    trail.write(
        by=by, verb=verb, subject=member, place=member.place, reason=reason, details={"day": str(day)} | details
    )


def _covered(by: trail.Actor, unit: Unit, day: date, reason: str, **details: Any) -> None:
    unit.version += 1
    unit.save()
    trail.write(
        by=by, verb="changed", subject=unit, place=unit.place, reason=reason, details={"day": str(day)} | details
    )
