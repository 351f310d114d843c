"""Lists of trouble: whose affiliation is unknown, split or contradicting, which units have members and no organization.

Each says what to do next and leads to the page where it is done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from dishu.engine.baseline.keys import org_name
from dishu.site.accounts.guard import may
from dishu.site.membership import actions, settling
from dishu.site.membership.models import Affiliation, Member, Organization, OrganizationState, Standing
from dishu.site.registry import changing
from dishu.site.registry.models import Unit
from dishu.site.reports.asked import Asked, asked
from dishu.site.reports.soon import patient
from dishu.site.reports.views import bare, frame
from dishu.site.territory.models import on
from dishu.site.trail import lines as trail
from dishu.site.ui.back import back
from dishu.site.ui.numbers import number
from dishu.site.ui.words import KINDS
from dishu.standards.qualify import Qualification, qualify

NEAR = 8  # organizations offered to lean on or join


@dataclass(frozen=True)
class Trouble:
    """One list: the part of an indicator that needs work, what to do, and where (a URL's name, the button's word)."""

    code: str
    part: str
    title: str
    step: str
    view: str = ""
    button: str = ""
    right: str = "members.edit"


OPEN = ("organization", lazy("打开党组织"))
SETTLE = ("settle", lazy("核定组织关系"))
COVER = ("cover", lazy("登记组建"))
TROUBLES = (
    Trouble("affiliation_unknown", "held", lazy("组织关系不明"), lazy("请本人说明组织关系在哪个党组织，向该党组织核实后登记。"), *SETTLE),
    Trouble("affiliation_contradicting", "held", lazy("组织关系互相矛盾"), lazy("不同名册写着不同的党组织：以介绍信和接转凭证为准，定下一个，其余记载从核定之日起终止。"), *SETTLE),
    Trouble("affiliation_held", "failed", lazy("组织关系没有掌握"), lazy("记载矛盾，或者所在党组织不在名册里：先核实这个党组织是否存在，再核定。"), *SETTLE),
    Trouble("affiliation_clear", "failed", lazy("组织关系或活动归属不清楚"), lazy("组织关系不在本系统的，还要登记在哪个党组织参加活动；有矛盾的先核定。"), *SETTLE),
    Trouble("affiliation_split", "held", lazy("同一单位党员分属不同上级"), lazy("与几个上级党组织商定由哪一个统一管理，再逐人核定；不愿转接的说明原因。"), "split", lazy("看单位里的党员")),
    Trouble("single_formed", "failed", lazy("正式党员够3名而没有单建"), lazy("由上级党组织派人指导，批复后登记单独组建。"), *COVER),
    Trouble("joint_formed", "failed", lazy("有党员、不够单建，也没有被覆盖"), lazy("就近与其他单位联合，或依托街道、村、协会、市场的党组织组建，批复后登记。"), *COVER),
    Trouble("org_coverage_with_members", "failed", lazy("有党员而没有党组织"), lazy("正式党员达到3名的单独组建，不够的联合或依托组建，批复后登记。"), *COVER),
    Trouble("branches_below_minimum", "held", lazy("正式党员已不足3名的支部"), lazy("补充党员，或者并入联合党支部；确属应撤销的按程序撤销。"), *OPEN),
    Trouble("branches_at_risk", "held", lazy("正式党员只有3名左右的支部"), lazy("一人离开就不成支部：培养发展，或提前准备联合组建。"), *OPEN),
)  # fmt: skip
BY_LIST = {(one.code, one.part): one for one in TROUBLES}
#: Lists that are within another of the lists are not counted again on the overview.
SHOWN = tuple(
    one for one in TROUBLES if one.code not in ("affiliation_held", "affiliation_clear", "org_coverage_with_members")
)


def allowed(request: HttpRequest, one: Trouble) -> Trouble:
    """A list as this reader works on it: without the button where they may only look."""
    return one if request.scope.allows(one.right) else replace(one, view="")


def counted(question: Asked) -> list[tuple[Trouble, int]]:
    """All lists with how many rows each has."""
    here = question.place.code
    figures = question.of([here]).get(here, {}) if question.there else {}
    return [(one, figures.get(one.code, {}).get(one.part, 0)) for one in TROUBLES]


@may("members.read")
@patient
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """All lists of trouble of a place with their counts."""
    question = asked(request, code)
    empty = bare(question.of([code]).get(code, {}))
    context = {
        **frame(request, question),
        "bare": empty,
        "troubles": [(allowed(request, one), number) for one, number in counted(question)],
    }
    return render(request, "reports/trouble.html", context)


@may("members.read")
@patient
def counts(request: HttpRequest, code: str) -> HttpResponse:
    """The lists in small, for the work desk."""
    question = asked(request, code)
    found = [(one, number) for one, number in counted(question) if number and one in SHOWN]
    return render(request, "reports/_trouble.html", {"troubles": found, "place": question.place})


@may("members.read")
def mine(request: HttpRequest) -> HttpResponse:
    """The lists of my own place."""
    top = request.scope.tops().first()
    if top is None:
        raise Http404
    return redirect("trouble", top.code)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _org(request: HttpRequest) -> Organization:
    """The organization chosen or named; raises `Impossible` where there is none."""
    chosen, name = request.POST.get("org", ""), request.POST.get("org_name", "").strip()
    found = Organization.objects.filter(pk=number(chosen)).first()
    if found is None and name:
        found = Organization.objects.filter(plain=org_name(name) or name).first()
    if found is None:
        raise settling.Impossible(_("名册里没有这个党组织。请从提示中选，或先在党组织名册里登记它。"), "org")
    return found


@may("members.edit")
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle where one member's membership lies: the claims with their sources, one of them or another organization."""
    member = get_object_or_404(request.scope.narrow(Member.objects.select_related("place")), pk=pk)
    problem, field = "", ""
    if request.method == "POST":
        try:
            _settle(request, member)
        except settling.Impossible as why:
            problem, field = str(why), why.field
        else:
            messages.success(request, _("已核定{member}的组织关系，数字随即更新。").format(member=member.name))
            return redirect(back(request, "my_trouble"))
    trail.looked(by=request.user, at=[member])
    claims = member.affiliations.select_related("org", "upload").order_by("-since")
    today = timezone.localdate()
    return render(
        request, "reports/settle.html",
        {"member": member, "claims": claims, "now": [c for c in claims if c.until is None or c.until > today],
         "jobs": member.employments.filter(on(today)).select_related("unit"), "today": today, "problem": problem,
         "field": field, "back": back(request), "said": request.POST},
    )  # fmt: skip


def _settle(request: HttpRequest, member: Member) -> None:
    since, seen = _day(request.POST.get("since", "")), request.POST.get("seen", "")
    if since is None or since > timezone.localdate():
        raise settling.Impossible(_("请填写从哪天起，不晚于今天。"), "since")
    settling.settle_affiliation(
        by=request.user, member=member, org=_org(request), since=since, reason=request.POST.get("reason", ""),
        seen=number(seen),
    )  # fmt: skip


@may("members.edit")
def cover(request: HttpRequest, pk: int) -> HttpResponse:
    """Record which organization covers a unit, after the superior has approved it."""
    unit = get_object_or_404(request.scope.narrow(Unit.objects.select_related("place")), pk=pk)
    problem, field = "", ""
    if request.method == "POST":
        try:
            _cover(request, unit)
        except changing.Stale:
            problem = _("这个单位的资料刚被别人改过，请看过现在的记载后再登记。")
        except changing.Impossible as why:
            problem, field = str(why), getattr(why, "field", "")
        else:
            messages.success(request, _("已登记{unit}的组建，数字随即更新。").format(unit=unit.name))
            return redirect(back(request, "my_trouble"))
    members = _members(request, unit)
    said = request.POST or {key: request.GET.get(key, "") for key in ("org_name", "mode")}
    return render(
        request, "reports/cover.html",
        {"unit": unit, "members": members, "near": _near(request, unit), "qualifies": _qualifies(members), "coverages": unit.coverages.select_related("org").order_by("-since"),
         "modes": KINDS["coverage_mode"], "today": timezone.localdate(), "problem": problem, "field": field,
         "back": back(request), "said": said},
    )  # fmt: skip


def _near(request: HttpRequest, unit: Unit) -> list[Organization]:
    """Branches of the unit's own place, then of its street: what it could join or lean on."""
    kinds = OrganizationState.objects.filter(
        on(timezone.localdate()), kind__in=("branch", "general_branch"), org=OuterRef("pk")
    )
    found = request.scope.narrow(Organization.objects.filter(Exists(kinds)))
    here = list(found.filter(place=unit.place_id)[:NEAR])
    around = found.filter(place=unit.place.parent_id).exclude(pk__in=[org.pk for org in here])
    return [*here, *around[: NEAR - len(here)]]


def _qualifies(members: list[dict[str, Any]]) -> Qualification:
    """What the rules of today say these members can form."""
    full = sum(one["full"] for one in members)
    return qualify(full, len(members), timezone.localdate())


def _cover(request: HttpRequest, unit: Unit) -> None:
    since, mode = _day(request.POST.get("since", "")), request.POST.get("mode", "")
    if since is None or since > timezone.localdate():
        raise settling.Impossible(_("请填写批复日期，不晚于今天。"), "since")
    if mode not in KINDS["coverage_mode"]:
        raise settling.Impossible(_("请选择组建方式。"), "mode")
    seen = request.POST.get("seen", "")
    actions.cover(
        by=request.user, unit=unit, version=number(seen) or 0, org=_org(request), mode=mode, day=since,
        reason=request.POST.get("reason", ""),
    )  # fmt: skip


@may("members.read")
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """The members of one unit with their organizations and the superiors of these."""
    unit = get_object_or_404(request.scope.narrow(Unit.objects.select_related("place")), pk=pk)
    return render(
        request, "reports/split.html",
        {"unit": unit, "members": _members(request, unit), "back": back(request),
         "may_settle": request.scope.allows("members.edit")},
    )  # fmt: skip


def _members(request: HttpRequest, unit: Unit) -> list[dict[str, Any]]:
    """Who works in a unit today: the member, where the membership lies, under whom."""
    today = timezone.localdate()
    working = Member.objects.filter(employments__in=unit.employments.filter(on(today))).select_related("place")
    found = list(request.scope.narrow(working).distinct()[:200])
    trail.looked(by=request.user, at=found)
    standings = dict(Standing.objects.filter(on(today), member__in=found).values_list("member", "standing"))
    claims: dict[int, list[Any]] = {}
    held = Affiliation.objects.filter(on(today), member__in=found).select_related("org").prefetch_related(
        Prefetch("org__states", OrganizationState.objects.filter(on(today)).select_related("superior"), "present")
    )  # fmt: skip
    for claim in held:
        claims.setdefault(claim.member_id, []).append((claim.org, next(iter(claim.org.present), None)))
    return [
        {"member": one, "orgs": claims.get(one.pk, []), "standing": KINDS["standing"].get(standings.get(one.pk, ""), "—"),
         "full": standings.get(one.pk) == "full"}
        for one in found
    ]  # fmt: skip


@may("members.edit")
@require_GET
def orgs(request: HttpRequest) -> HttpResponse:
    """Organizations of my places whose name holds the text, for the field that asks for one."""
    text = request.GET.get("org_name", "").strip()
    found = request.scope.narrow(Organization.objects.filter(name__icontains=text))[:20] if text else []
    return render(request, "reports/_orgs.html", {"orgs": found})
