"""A member's record in plain words: what is held, what of it others see, what the dues go by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site import crypto
from dishu.site.membership.models import Member
from dishu.site.records import export, history
from dishu.site.records.lists import Column, Row
from dishu.standards import dues, law

#: What identity shown means, and what is never shown.
PUBLIC = (lazy("姓名"), lazy("党员身份"), lazy("所在党支部"), lazy("工作单位"))
NEVER = (lazy("身份证号"), lazy("手机号码"), lazy("出生日期"))


def told(member: Member, day: date) -> dict[str, Any]:
    """What the member's page says of a day."""
    found = history.of_member(member, day)
    found["jobs_now"] = [job for job in found["jobs"] if job.holds]
    found["parts_now"] = [part for part in found["parts"] if part.holds]
    shown = found["shown_now"]
    return found | {"public": PUBLIC if shown and shown.shown else (), "never": NEVER, "dues": basis(found, day)}


def basis(found: dict[str, Any], day: date) -> dict[str, Any]:
    """By what the member's dues are reckoned: by their work, with the brackets and the law of the day."""
    owner = any(job.role == "owner" for job in found["jobs_now"])
    kind: dues.Kind = "individual" if owner else "wage"
    rules = law.at(day)
    brackets, lower = [], 0
    for upto, rate in rules.value("dues_wage")["brackets"]:
        brackets.append((lower, upto, f"{rate * 100:g}%"))
        lower = upto
    return {"kind": kind, "title": dues.KINDS[kind], "brackets": brackets, "source": rules.reading("dues_wage").source}


def reckoned(kind: str, income: str, day: date) -> dict[str, Any]:
    """A month's dues for an income the member types in; nothing of it is kept. ValueError with what is wrong."""
    if kind not in ("wage", "individual"):
        raise ValueError(_("请选择按工资还是按经营收入计算。"))
    base = dues.quarter_base(income) if kind == "individual" else income
    found = dues.monthly("individual" if kind == "individual" else "wage", day, base)
    return {
        "amount": dues.money.written(found.amount),
        "rate": f"{float(found.rate or 0) * 100:g}%",
        "base": found.base,
    }


_PAPER = (Column("what", lazy("项目")), Column("says", lazy("内容")), Column("since", lazy("起"), kind="day"),
          Column("until", lazy("止"), kind="day"), Column("source", lazy("来源")))  # fmt: skip
_TRAIL = (
    Column("at", lazy("时间")),
    Column("who", lazy("谁")),
    Column("verb", lazy("做了什么")),
    Column("reason", lazy("理由或依据")),
)
_ASKED = (Column("at", lazy("申请时间")), Column("field", lazy("项目")), Column("wish", lazy("应当是")), Column("state", lazy("进度")),
          Column("answer", lazy("答复")))  # fmt: skip


def book(member: Member, day: date) -> Any:
    """All that is held of a member as one workbook: their own numbers whole, the history, who looked, what they asked."""
    sheets = [
        (_("我的登记"), _PAPER, _held(member, day)), (_("谁看过改过"), _TRAIL, _looks(member)), (_("更正申请"), _ASKED, _asked(member)),
    ]  # fmt: skip
    return export.as_book(sheets)[0]


def _held(member: Member, day: date) -> Iterator[Row]:
    own = (
        (_("姓名"), member.name), (_("性别"), member.get_sex_display()), (_("出生日期"), str(member.birth or "")),
        (_("身份证号"), crypto.show(member.citizen_id) if member.citizen_id else ""),
        (_("手机号码"), crypto.show(member.phone) if member.phone else ""), (_("所在地"), member.place.name),
    )  # fmt: skip
    for what, says in own:
        yield {"what": what, "says": says, "since": None, "until": None, "source": ""}
    found = history.of_member(member, day)
    ties = (
        (_("党员类别"), "standings", lambda t: t.get_standing_display()), (_("工作单位"), "jobs", lambda t: _("{unit}（{role}）").format(unit=t.unit, role=t.get_role_display())),
        (_("组织关系"), "claims", lambda t: _("{org}（{how}）").format(org=t.org, how=_("已确认") if t.held else _("名册所说"))),
        (_("参加活动"), "parts", lambda t: str(t.org)), (_("亮身份"), "shown", lambda t: _("已亮") if t.shown else _("不亮")),
    )  # fmt: skip
    for what, key, says in ties:
        for tie in found[key]:
            source = tie.upload.name if tie.upload else _("人工登记")
            yield {"what": what, "says": says(tie), "since": tie.since, "until": tie.until, "source": source}


def _looks(member: Member) -> Iterator[Row]:
    for look in history.looks(member, 10_000):
        yield {"at": f"{look.line.at:%Y-%m-%d %H:%M}", "who": look.who, "verb": look.verb, "reason": look.line.reason}


def _asked(member: Member) -> Iterator[Row]:
    for one in member.corrections.all():
        yield {"at": f"{one.at:%Y-%m-%d %H:%M}", "field": one.get_field_display(), "wish": one.said,
               "state": one.get_state_display(), "answer": one.answer}  # fmt: skip
