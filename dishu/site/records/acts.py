"""Every way of changing a record: its words, its form, what it starts from, what a soft rule says to it, what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site.membership import actions as membership
from dishu.site.membership.models import (
    Affiliation,
    Coverage,
    Employment,
    Member,
    Organization,
    Participation,
    Standing,
)
from dishu.site.records import forms
from dishu.site.registry import actions as registry
from dishu.site.registry.models import Unit
from dishu.site.territory.models import on
from dishu.site.ui.words import said
from dishu.standards.qualify import qualify

Values = dict[str, Any]
#: Which organization a form of `qualify` means, and what a coverage by it is called.
_MODE = {"single": ("single",), "general_branch": ("single",), "committee": ("single",)}


def _nothing(subject: Any) -> Values:
    return {}


def _no_concern(subject: Any, values: Values) -> list[str]:
    return []


@dataclass(frozen=True)
class Act:
    """One way of changing a record."""

    title: str
    form: type[forms.Paper]
    run: Callable[..., Any]
    starts: Callable[[Any], Values] = _nothing
    concerns: Callable[[Any, Values], list[str]] = _no_concern
    tie: tuple[str, type[Any]] | None = None


def _unit_now(unit: Unit) -> Values:
    last = unit.states.order_by("-since").first()
    dated = {key: getattr(last, key) for key in registry.DATED} if last else {}
    return {key: getattr(unit, key) for key in registry.OWN} | dated


def _member_now(member: Member) -> Values:
    return {"name": member.name, "sex": member.sex, "birth": member.birth}


def _standing_now(member: Member) -> Values:
    last = member.standings.order_by("-since").first()
    return {"standing": last.standing} if last else {}


def _org_now(org: Organization) -> Values:
    last = org.states.select_related("superior").order_by("-since").first()
    if last is None:
        return {}
    superior = f"{last.superior} #{last.superior_id}" if last.superior else ""
    return {"kind": last.kind, "system": last.system, "superior": superior}


def _closing(unit: Unit, values: Values) -> list[str]:
    found = []
    working = Employment.objects.filter(unit=unit, until__isnull=True).count()
    if working:
        found.append(_("还有 {working} 名党员登记在这里工作，请随后逐一核实去向。").format(working=working))
    if Coverage.objects.filter(unit=unit, until__isnull=True).exists():
        found.append(_("还有党组织覆盖这家单位，请随后结束覆盖或撤销党组织。"))
    return found


def _covering(unit: Unit, values: Values) -> list[str]:
    """What the law of the day says to this organization covering this unit; all of it soft."""
    day, org, mode = values["day"], values["org"], values["mode"]
    full, members = _strength(unit, day)
    found = qualify(full, members, day)
    warned = []
    if mode == "single" and found.form not in _MODE:
        warned.append(_("登记的党员中{reason}。").format(reason=said(found.reason)))
    if mode == "joint" and found.form in _MODE:
        warned.append(_("{reason}，一般不再参加联合组建。").format(reason=said(found.reason)))
    others = org.coverages.filter(on(day)).exclude(unit=unit).count()
    if mode == "joint" and found.max_units and others + 1 > found.max_units:
        warned.append(
            _("{org}已覆盖 {others} 个单位；联合党支部一般不超过 {max_units} 个单位。").format(
                org=org, others=others, max_units=found.max_units
            )
        )
    return warned


def _strength(unit: Unit, day: date) -> tuple[int, int]:
    """Full members and all members working at the unit on the day."""
    working = Employment.objects.filter(on(day), unit=unit).values("member")
    standings = list(Standing.objects.filter(on(day), member__in=working).values_list("standing", flat=True))
    return standings.count("full"), len(standings)


def _dissolving(org: Organization, values: Values) -> list[str]:
    there = Affiliation.objects.filter(on(values["day"]), org=org).values("member").distinct().count()
    return [_("还有 {there} 名党员的组织关系在这里，请随后为他们转接。").format(there=there)] if there else []


def _leaving(member: Member, values: Values) -> list[str]:
    held = member.affiliations.filter(held=True, until__isnull=True).select_related("org").first()
    return [_("组织关系还在{org}，离开后要办理转接，不要只注销登记。").format(org=held.org)] if held else []


UNIT = {
    "correct": Act(lazy("修改登记资料"), forms.UnitPaper, registry.correct, _unit_now),
    "move": Act(lazy("迁移"), forms.MovePaper, registry.move),
    "close": Act(lazy("注销"), forms.Paper, registry.close, concerns=_closing),
    "reopen": Act(lazy("恢复"), forms.Paper, registry.reopen),
}
COVERAGE = {
    "cover": Act(lazy("登记党组织覆盖"), forms.CoverPaper, membership.cover, concerns=_covering),
    "end_cover": Act(lazy("结束覆盖"), forms.Paper, membership.end_cover, tie=("coverage", Coverage)),
}
MEMBER = {
    "correct": Act(lazy("修改党员资料"), forms.MemberPaper, membership.correct_member, _member_now),
    "standing": Act(lazy("变更党员类别"), forms.StandingPaper, membership.set_standing, _standing_now),
    "verify": Act(lazy("登记核实"), forms.VerifyPaper, membership.verify_member),
    "employ": Act(lazy("登记工作"), forms.JobPaper, membership.employ),
    "end_job": Act(lazy("结束工作"), forms.Paper, membership.end_employment, tie=("job", Employment)),
    "take_part": Act(lazy("登记参加活动"), forms.PartPaper, membership.take_part),
    "end_part": Act(lazy("结束参加活动"), forms.Paper, membership.end_part, tie=("part", Participation)),
    "show": Act(lazy("登记亮身份"), forms.ShowPaper, membership.show_identity),
    "leave": Act(lazy("离开"), forms.Paper, membership.leave, concerns=_leaving),
    "come_back": Act(lazy("恢复登记"), forms.ReturnPaper, membership.come_back, _standing_now),
}
ORGANIZATION = {
    "change": Act(lazy("变更"), forms.OrganizationPaper, membership.change, _org_now),
    "dissolve": Act(lazy("撤销"), forms.Paper, membership.dissolve, concerns=_dissolving),
}
NEW = {
    "unit": Act(lazy("登记单位"), forms.NewUnit, registry.add),
    "member": Act(lazy("登记党员"), forms.NewMember, membership.add_member),
    "organization": Act(lazy("登记党组织"), forms.NewOrganization, membership.found),
}
