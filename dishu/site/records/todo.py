"""What is still to be done about one record today: why, and the page where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.site.membership.models import Member, Organization
from dishu.site.registry.fresh import is_fresh
from dishu.site.registry.models import Unit

#: Full members without whom there is no branch.
BRANCH = 3


@dataclass(frozen=True)
class Task:
    """One thing to do; without an address it is done outside the system first."""

    text: str
    address: str = ""
    button: str = ""


def of_unit(unit: Unit, found: dict[str, Any], scope: Any) -> list[Task]:
    """Not surveyed, not verified, members and no organization, a plan that is due."""
    if unit.closed_on or found["now"] is None:
        return []
    tasks, now = [], found["now"]
    correct = reverse("unit_act", args=[unit.pk, "correct"]) if scope.allows("units.edit") else ""
    if now.surveyed != "known":
        said = _("摸底时情况没有问清") if now.surveyed == "unclear" else _("还没有摸底")
        tasks.append(Task(_("%s：电话或上门问清有几名党员、组织关系在哪里。") % said, correct, _("登记摸底")))
    elif not is_fresh(now, timezone.localdate()):
        said = _("摸底结果还没有核实。") if now.verified_on is None else _("上次核实已过有效期，要再核实一次。")
        tasks.append(Task(said, correct, _("登记核实")))
    covered = any(tie.holds for tie in found["covers"])
    cover = reverse("cover", args=[unit.pk]) if scope.allows("members.edit") else ""
    if not covered and any(tie.holds for tie in found["jobs"]):
        tasks.append(Task(_("有党员而没有党组织：单独组建，或就近联合、依托组建。"), cover, _("登记组建")))
    today = timezone.localdate()
    if not covered and any(tie.holds and tie.deadline and tie.deadline < today for tie in found["plans"]):
        tasks.append(Task(_("组建计划已过期限，还没有建立党组织。"), cover, _("登记组建")))
    return tasks


def of_member(member: Member, found: dict[str, Any], scope: Any) -> list[Task]:
    """Affiliation to settle, work unknown, corrections the member asks for."""
    if found["now"] is None or not scope.allows("members.edit"):
        return []
    tasks = []
    for one in member.corrections.filter(state="open"):
        said = _("本人申请更正：%s。") % one.get_field_display()
        tasks.append(Task(said, reverse("correction", args=[one.pk]), _("办理")))
    settle = reverse("settle", args=[member.pk])
    if found["contradicting"]:
        tasks.append(Task(_("组织关系几处说法不一：向本人和两边党组织核实，定下一处。"), settle, _("核定")))
    elif not found["claimed"]:
        tasks.append(Task(_("组织关系不明：请本人说明，向那个党组织核实。"), settle, _("核定")))
    elif not found["held"]:
        tasks.append(Task(_("组织关系只是名册所说，还没有确认。"), settle, _("确认")))
    if not found["fresh"]:
        verify = reverse("member_act", args=[member.pk, "verify"])
        tasks.append(Task(_("登记没有向本人核实，或者核实已过有效期。"), verify, _("登记核实")))
    if not any(job.holds for job in found["jobs"]):
        employ = reverse("member_act", args=[member.pk, "employ"])
        tasks.append(Task(_("没有登记在哪里工作。"), employ, _("登记工作")))
    return tasks


def of_organization(org: Organization, found: dict[str, Any], scope: Any) -> list[Task]:
    """A branch too small, closed units still covered."""
    if found["now"] is None or not scope.allows("members.edit"):
        return []
    tasks: list[Task] = []
    full = len({tie.member_id for tie in found["members"] if tie.standing == "full"})
    if found["now"].kind == "branch" and full < BRANCH:
        said = _("正式党员 %d 名，不足 3 名：补充党员，并入联合党支部，或者按程序撤销。") % full
        tasks.append(Task(said, reverse("organization_act", args=[org.pk, "dissolve"]), _("登记撤销")))
    for tie in found["covers"]:
        if tie.holds and tie.unit.closed_on:
            end = f"{reverse('coverage_act', args=[tie.unit_id, 'end_cover'])}?tie={tie.pk}"
            tasks.append(Task(_("还覆盖着已注销的%s。") % tie.unit, end, _("结束覆盖")))
    return tasks
