"""The work desk: what waits for me, at which places, in which role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.site.accounts.guard import everyone, members_too
from dishu.site.accounts.models import Appointment, User
from dishu.site.accounts.roles import APART, ROLES
from dishu.site.doubts.models import Pair
from dishu.site.intake.models import Upload
from dishu.site.membership.models import Member, Organization, Standing
from dishu.site.mine.models import Correction
from dishu.site.registry.fresh import fresh
from dishu.site.registry.models import Unit, UnitState
from dishu.site.reports.models import Sealed
from dishu.site.territory.models import on
from dishu.site.trail.models import TrailLine

#: More than this is not counted on the desk: "1000+" says enough.
MOST = 1000
#: Where none of these is, nothing is registered yet.
REGISTERED = (Unit, Member, Organization)


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: how many, of what, what to do, and where; `urgent` ones first."""

    number: int
    title: str
    text: str
    address: str
    button: str
    urgent: bool = False

    @property
    def shown(self) -> str:
        """The number, or that it is large."""
        return f"{MOST}+" if self.number > MOST else f"{self.number:,}"


@everyone
@members_too
def desk(request: HttpRequest) -> HttpResponse:
    """The first page after logging in; a member's own record for a member."""
    scope = request.scope
    if scope.member is not None:
        return redirect("mine")
    found = [one for right, ask in ASKED if scope.allows(right) for one in ask(request) if one.number]
    tops = scope.held
    first = None if found else _first(request)
    return render(
        request, "ui/desk.html",
        {"tops": tops, "top": tops[0] if tops else None, "roles": [ROLES[code] for code in sorted(scope.codes)],
         "waiting": sorted(found, key=lambda one: not one.urgent), "figures": scope.allows("figures.read"),
         "first": first, "trouble": scope.allows("members.read"), "sealed": _sealed(request) if scope.allows("figures.read") else None,
         "seals": scope.allows("editions.seal")},
    )  # fmt: skip


def _first(request: HttpRequest) -> dict[str, str] | None:
    """Where nothing is there yet: the one thing to begin with, as an empty state says it."""
    scope = request.scope
    if scope.allows("users.edit"):
        if scope.narrow(Appointment.objects.filter(on(timezone.localdate()))).exclude(role__in=APART).exists():
            return None
        return {
            "title": _("先开设工作人员的账号"), "text": _("给省、市、县的工作人员各开一个账号；他们上传名册，数字随之出来。"),
            "address": _address("user_open"), "button": _("开设账号"),
        }  # fmt: skip
    if not scope.allows("units.read") or any(scope.narrow(kind.objects.all()).exists() for kind in REGISTERED):
        return None
    if not scope.allows("intake.upload"):
        return {"title": _("这里还没有登记单位和党员"), "text": _("县、市的工作人员上传名册并入库后，数字就在这里。")}
    return {
        "title": _("从登记名册开始"), "address": _address("uploads"), "button": _("上传名册"),
        "text": _("先传市场主体登记系统导出的名册，再传党员名册和党组织名册。每份先预览，确认后入库，六个100%就在这里。"),
    }  # fmt: skip


def _sealed(request: HttpRequest) -> Sealed | None:
    return request.scope.narrow(Sealed.objects.select_related("place")).first()


def _few(rows: Any) -> int:
    """How many, as far as it matters; in no order, or all of them would be sorted before the first is counted."""
    return len(rows.order_by().values_list("pk", flat=True)[: MOST + 1])


def _address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _uploads(request: HttpRequest) -> list[Waiting]:
    recent = timezone.now() - timedelta(days=14)
    busy = Q(stage__in=("received", "reading", "matching", "committing"))
    mine = request.scope.narrow(Upload.objects.all()).aggregate(
        ready=Count("pk", filter=Q(stage="previewed")), first=Min("pk", filter=Q(stage="previewed")), busy=Count("pk", filter=busy),
        refused=Count("pk", filter=Q(stage="refused", at__gt=recent)),
    )  # fmt: skip
    first = _address("upload", mine["first"]) if mine["first"] else ""
    rosters = _address("uploads")
    return [
        Waiting(mine["ready"], _("份名册待确认"), _("预览已经算好，确认后才入库。"), first, _("去确认"), True),
        Waiting(mine["refused"], _("份名册不能读取"), _("看看原因，改好后重新上传。"), rosters, _("看原因"), True),
        Waiting(mine["busy"], _("份名册正在处理"), _("后台正在读取、比对或入库。"), rosters, _("看进度")),
    ]


def _pairs(request: HttpRequest) -> list[Waiting]:
    """Doubtful pairs, not counting those put aside."""
    waiting = _few(request.scope.narrow(Pair.objects.filter(state="open")))
    return [
        Waiting(
            waiting,
            _("对待核对"),
            _("名册里疑似相同的记录，逐对裁定是同一个还是两个。"),
            _address("pair_next"),
            _("去核对"),
        )
    ]


def _corrections(request: HttpRequest) -> list[Waiting]:
    """What members ask to be put right."""
    open_ones = request.scope.narrow(Correction.objects.filter(state="open"), "member__place")
    return [
        Waiting(
            _few(open_ones),
            _("件党员更正申请"),
            _("核对依据后更正，或说明理由；本人会看到答复。"),
            _address("corrections"),
            _("去办理"),
            True,
        )
    ]


def _unclear(request: HttpRequest) -> list[Waiting]:
    """Units to ask or visit, for those who go there; above a county the figures say how many."""
    if any(top.level in ("province", "prefecture") for top in request.scope.held):
        return []
    states = request.scope.narrow(UnitState.objects.filter(on(timezone.localdate()), unit__closed_on__isnull=True))
    never, unclear = states.filter(surveyed__isnull=True), states.filter(surveyed="unclear")
    stale = states.filter(~fresh(timezone.localdate()), surveyed="known")
    units = _address("units")
    return [
        Waiting(
            _few(unclear),
            _("户情况不清"),
            _("电话或上门问清有无党员、有几名。"),
            f"{units}?surveyed=unclear",
            _("看单位"),
        ),
        Waiting(
            _few(never), _("户还没有摸底"), _("以登记名册为依据，逐户上门。"), f"{units}?surveyed=none", _("看单位")
        ),
        Waiting(
            _few(stale),
            _("户要再核实"),
            _("已经摸清，但没有核实或上次核实已过有效期：电话或上门再问一次。"),
            f"{units}?surveyed=known&verified=no",
            _("看单位"),
        ),
    ]


def _people(request: HttpRequest) -> list[Waiting]:
    """Members to ask, for those near them."""
    if any(top.level in ("province", "prefecture") for top in request.scope.held):
        return []
    today = timezone.localdate()
    stale = request.scope.narrow(Standing.objects.filter(~fresh(today), on(today)), "member__place")
    return [
        Waiting(
            _few(stale),
            _("名党员要核实"),
            _("没有向本人核实，或者核实已过有效期：问过后在名单里选中，可以多人一次登记。"),
            f"{_address('members')}?verified=no",
            _("看党员"),
        )
    ]


def _accounts(request: HttpRequest) -> list[Waiting]:
    held = Appointment.objects.filter(on(timezone.localdate())).values("user")
    idle = User.objects.filter(is_active=True).exclude(pk__in=held)
    soon = timezone.localdate() + timedelta(days=30)
    ending = Appointment.objects.filter(until__gt=timezone.localdate(), until__lte=soon)
    where = _address("users")
    return [
        Waiting(_few(idle), _("个账号没有任职"), _("登录后什么也做不了：任命，或者停用。"), where, _("看账号")),
        Waiting(_few(ending), _("项任职一个月内到期"), _("续任或交接。"), where, _("看账号")),
    ]


def _locks(request: HttpRequest) -> list[Waiting]:
    failed = TrailLine.objects.filter(verb="login_failed", at__gt=timezone.now() - timedelta(days=1))
    return [
        Waiting(
            _few(failed),
            _("次登录失败（24小时内）"),
            _("同一账号连续失败的，先联系本人再解锁。"),
            _address("locks"),
            _("去查看"),
            True,
        )
    ]


def _trail(request: HttpRequest) -> list[Waiting]:
    """Each count opens the lines it counts, as far as days go."""
    since = timezone.now() - timedelta(days=1)
    day = TrailLine.objects.filter(at__gt=since)
    where = f"{_address('trail')}?since={timezone.localdate(since)}"
    revealed, exported = (_few(day.filter(verb=verb)) for verb in ("revealed", "exported"))
    look = _("看记录")
    return [
        Waiting(
            revealed, _("次查看完整号码（24小时内）"), _("逐条看理由是否成立。"), f"{where}&verb=revealed", look, True
        ),
        Waiting(exported, _("次导出（24小时内）"), _("看谁导出了什么。"), f"{where}&verb=exported", look),
        Waiting(_few(day), _("条操作记录（24小时内）"), _("点“校验全部记录”，看有没有一条被改动或抽走。"), where, look),
    ]


#: Who may do this is told what waits there.
ASKED: tuple[tuple[str, Callable[[HttpRequest], list[Waiting]]], ...] = (
    ("intake.upload", _uploads), ("match.decide", _pairs), ("members.edit", _corrections), ("units.edit", _unclear), ("members.edit", _people), ("users.edit", _accounts),
    ("users.secure", _locks), ("trail.read", _trail),
)  # fmt: skip
