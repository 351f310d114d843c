"""The list of members: asked by name, end of the phone, standing, where membership lies, whether identity is shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site.membership.models import Affiliation, Employment, Member, Participation, Shown, Standing
from dishu.site.records.choose import below
from dishu.site.records.lists import Column, Filter, Listing, Row, by_key, names
from dishu.site.registry.fresh import fresh
from dishu.site.registry.models import CHANNELS
from dishu.site.territory.models import on
from dishu.site.ui.words import KINDS

STANDINGS = KINDS["standing"]
LIES = {
    "held": lazy("已确认"),
    "claimed": lazy("名册上有、未确认"),
    "contradicting": lazy("几处相互矛盾"),
    "unknown": lazy("不明"),
}
SHOWN = {"yes": lazy("已亮"), "no": lazy("不亮"), "unknown": lazy("没有登记")}
COLUMNS = (
    Column("name", lazy("姓名")),
    Column("sex", lazy("性别")),
    Column("birth", lazy("出生日期"), usual=False, kind="day"),
    Column("citizen_id", lazy("身份证号"), usual=False),
    Column("phone", lazy("手机号码")),
    Column("place", lazy("所在地")),
    Column("standing", lazy("党员类别")),
    Column("units", lazy("工作单位")),
    Column("lies", lazy("组织关系")),
    Column("orgs", lazy("组织关系所在党组织")),
    Column("takes_part", lazy("参加活动的党组织"), usual=False),
    Column("shown", lazy("亮身份"), usual=False),
    Column("channel", lazy("核实方式"), usual=False),
    Column("verified_on", lazy("核实日期"), usual=False, kind="day"),
)
FILTERS = (
    Filter("place", lazy("区域"), {}),
    Filter("standing", lazy("党员类别"), STANDINGS | {"left": lazy("已离开")}),
    Filter("lies", lazy("组织关系"), LIES),
    Filter("shown", lazy("亮身份"), SHOWN),
    Filter("verified", lazy("已核实"), {"yes": lazy("是"), "no": lazy("否")}),
)


def find(request: HttpRequest) -> QuerySet[Member]:
    """The members asked for; those who left only when they are."""
    asked = request.GET
    found = request.scope.narrow(Member.objects.matching(asked.get("q", ""))).select_related("place")
    now = Standing.objects.filter(on(timezone.localdate()), member=OuterRef("pk"))
    if asked.get("standing") == "left":
        found = found.filter(~Exists(now))
    else:
        says = Q(standing=asked["standing"]) if asked.get("standing") in STANDINGS else Q()
        found = found.filter(Exists(now.filter(says)))
        sure = Exists(now.filter(fresh(timezone.localdate())))
        found = found.filter(*{"yes": [sure], "no": [~sure]}.get(asked.get("verified", ""), []))
    return _by_shown(_by_lies(below(found, request), asked.get("lies")), asked.get("shown"))


def _by_lies(found: QuerySet[Member], answer: str | None) -> QuerySet[Member]:
    if answer not in LIES:
        return found
    claims = Affiliation.objects.filter(on(timezone.localdate()), member=OuterRef("pk"))
    held = claims.filter(held=True)
    if answer == "held":
        return found.filter(Exists(held))
    if answer == "unknown":
        return found.filter(~Exists(claims))
    others = Affiliation.objects.filter(on(timezone.localdate()), member=OuterRef("member"), org__gt=OuterRef("org"))
    several = claims.annotate(contradicted=Exists(others)).filter(contradicted=True)
    if answer == "contradicting":
        return found.filter(Exists(several), ~Exists(held))
    return found.filter(Exists(claims), ~Exists(several), ~Exists(held))


def _by_shown(found: QuerySet[Member], answer: str | None) -> QuerySet[Member]:
    if answer not in SHOWN:
        return found
    said = Shown.objects.filter(on(timezone.localdate()), member=OuterRef("pk"))
    return (
        found.filter(~Exists(said)) if answer == "unknown" else found.filter(Exists(said.filter(shown=answer == "yes")))
    )


def rows(members: list[Member], day: date | None = None) -> list[Row]:
    """The members with their standing, work, and where membership lies, today or on a day."""
    mine = Q(on(day or timezone.localdate()), member__in=[member.pk for member in members])
    ties = {
        "standings": by_key(Standing.objects.filter(mine), "member_id"),
        "jobs": by_key(Employment.objects.filter(mine).select_related("unit"), "member_id"),
        "claims": by_key(Affiliation.objects.filter(mine).select_related("org"), "member_id"),
        "parts": by_key(Participation.objects.filter(mine).select_related("org"), "member_id"),
        "shown": by_key(Shown.objects.filter(mine), "member_id"),
    }
    return [_row(member, {name: found.get(member.pk, []) for name, found in ties.items()}) for member in members]


def _row(member: Member, ties: dict[str, list[Any]]) -> Row:
    standing = ties["standings"][0] if ties["standings"] else None
    shown = ties["shown"][0].shown if ties["shown"] else None
    return {
        "pk": member.pk, "name": member.name, "sex": member.get_sex_display(), "birth": member.birth,
        "citizen_id": member.masked_citizen_id, "phone": member.masked_phone, "place": member.place.name,
        "standing": standing.get_standing_display() if standing else _("已离开"),
        "units": names(job.unit for job in ties["jobs"]), "lies": LIES[lies(ties["claims"])],
        "orgs": names(claim.org for claim in settled(ties["claims"])), "takes_part": names(p.org for p in ties["parts"]),
        "shown": "" if shown is None else _("已亮") if shown else _("不亮"),
        "channel": CHANNELS.get(standing.channel or "", "") if standing else "",
        "verified_on": standing.verified_on if standing else None,
    }  # fmt: skip


def settled(claims: list[Affiliation]) -> list[Affiliation]:
    """The affiliation that is held, or else all that is claimed."""
    return [claim for claim in claims if claim.held] or claims


def lies(claims: list[Affiliation]) -> str:
    """Where membership lies: held, claimed by one, contradicting, or unknown."""
    if any(claim.held for claim in claims):
        return "held"
    several = len({claim.org_id for claim in claims})
    return "unknown" if not several else "claimed" if several == 1 else "contradicting"


LISTING = Listing(
    "members",
    lazy("党员"),
    "members.read",
    "member",
    lazy("姓名、拼音首字母或手机后四位"),
    COLUMNS,
    FILTERS,
    find,
    rows,
    table="membership_member",
)
