"""What stands in a line of the trail, as the auditor reads it: keys become words, digests become short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.engine.indicators import BY_CODE
from dishu.site.ui.words import KINDS

#: Columns of a record, as its page and the trail call them.
TITLES = {
    "name": lazy("名称"), "code": lazy("代码"), "address": lazy("地址"), "opened_on": lazy("成立日期"), "closed_on": lazy("注销日期"), "control": lazy("控股类型"),
    "industry": lazy("行业"), "employees": lazy("从业人员"), "assets": lazy("资产总额"), "turnover": lazy("营业收入"), "legal_rep_member": lazy("法定代表人是否党员"),
    "legal_rep_secretary": lazy("是否兼任书记"), "surveyed": lazy("摸底情况"), "verified_on": lazy("核实日期"), "channel": lazy("核实方式"), "place": lazy("所在地"),
    "standing": lazy("党员类别"), "kind": lazy("类别"), "system": lazy("隶属"), "superior": lazy("上级党组织"), "shown": lazy("亮身份"),
    "sex": lazy("性别"), "birth": lazy("出生日期"), "citizen_id": lazy("身份证号"), "phone": lazy("手机号码"), "members": lazy("党员"), "orgs": lazy("党组织"),
    "units": lazy("单位"), "lies": lazy("组织关系"), "takes_part": lazy("参加活动的党组织"), "since": lazy("起"), "work": lazy("工作单位"), "other": lazy("其他"),
}  # fmt: skip
WORDS = {
    "day": lazy("日期"), "since": lazy("起"), "until": lazy("止"), "ended": lazy("终止"), "from": lazy("原区域"), "to": lazy("新区域"),
    "name": lazy("名称"), "sha256": lazy("文件摘要"), "new": lazy("新增"), "changed": lazy("有变化"), "moved": lazy("迁移"), "closed": lazy("注销"),
    "same": lazy("无变化"), "refused": lazy("退回"), "repeated": lazy("本批重复"), "doubtful": lazy("疑似相同，待裁定"), "written": lazy("写入记录"),
    "changes": lazy("变化"), "affiliation": lazy("党组织"), "into": lazy("归入"), "other": lazy("另一条"), "pair": lazy("核对"), "pairs": lazy("核对"),
    "left": lazy("左边"), "right": lazy("右边"), "kind": lazy("种类"), "asked": lazy("条件"), "shown": lazy("显示行数"), "rows": lazy("行数"),
    "row": lazy("行"), "sheet": lazy("工作表"), "upload": lazy("名册"), "list": lazy("名单"), "as": lazy("格式"), "columns": lazy("栏目"),
    "form": lazy("一企一表"), "report": lazy("报告"), "indicator": lazy("指标"), "part": lazy("情况"), "contents": lazy("内容摘要"),
    "manifest": lazy("清单摘要"), "places": lazy("区域"), "role": lazy("角色"), "active": lazy("启用"), "log_in": lazy("本人登录"), "what": lazy("内容"),
    "count": lazy("个数"), "type": lazy("类型"), "lines": lazy("行数"), "last": lazy("最后一行"), "broken": lazy("断开处"), "field": lazy("栏目"),
    "state": lazy("状态"), "writes": lazy("可以修改"), "token": lazy("访问令牌"),
    "paper": lazy("材料"), "fields": lazy("栏目"), "employed": lazy("登记工作的单位"), "left_unit": lazy("离开的单位"), "takes_part": lazy("参加活动的党组织"),
    "took_part": lazy("不再参加活动的党组织"), "identity": lazy("亮身份"), "given_way": lazy("让位的记录"),
    "q": lazy("查找"),
}  # fmt: skip
#: Codes that stand as values, by their key.
VALUES: dict[str, dict[str, Any]] = {
    "list": {"units": lazy("单位"), "members": lazy("党员"), "organizations": lazy("党组织"), "ledger": lazy("台账"), "database": lazy("数据库")},
    "what": {"password": lazy("密码"), "factors": lazy("两步验证")},
    "type": {"totp": lazy("动态口令"), "webauthn": lazy("通行密钥"), "recovery_codes": lazy("恢复码")},
    "part": {"held": lazy("达到"), "failed": lazy("未达到"), "unknown": lazy("未知")},
    "state": {"accepted": lazy("已更正"), "declined": lazy("没有更正"), "withdrawn": lazy("已撤回")},
    "kind": {"unit": lazy("单位"), "member": lazy("党员")} | KINDS["unit_kind"] | KINDS["org_kind"],
    "indicator": {code: lazy(one.name) for code, one in BY_CODE.items()},
    **dict.fromkeys(("field", "fields", "columns"), TITLES),
}  # fmt: skip
#: Codes of a record's columns.
CODES = {name: KINDS[name] for name in ("control", "surveyed", "channel", "standing")} | {
    "kind": KINDS["org_kind"], "system": KINDS["org_system"]
}  # fmt: skip
#: Numbers that name a record or a line are written as they are looked for.
NUMBERS = (
    "row", "into", "other", "pair", "pairs", "left", "right", "affiliation", "employed", "takes_part", "took_part", "upload",
    "last", "broken",
)  # fmt: skip
#: A digest is told apart by its beginning; the whole of it stays in the line.
DIGESTS = ("sha256", "contents", "manifest")


def told(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a line says besides, in words: what is nothing (no rows refused, nothing broken) is left out.

    >>> told({"sha256": "6a67bdac39d9", "refused": 0, "rows": 12})
    [('文件摘要', '6a67bdac…'), ('行数', '12')]
    """
    found = (
        (_key(key, value, details), _value(key, value)) for key, value in details.items() if value or value is False
    )
    return [(str(WORDS.get(key, key)), words) for key, words in found if words]


def changes(details: Any) -> list[tuple[str, str, str]]:
    """What a line says was changed: the column, what stood there, what stands there now.

    >>> changes({"changes": {"surveyed": ["known", ""]}})
    [('摸底情况', '已摸清', '空')]
    """
    found = details.get("changes") if isinstance(details, Mapping) else None
    if not isinstance(found, Mapping):
        return []
    return [(str(TITLES.get(key, key)), _code(key, was), _code(key, now)) for key, (was, now) in found.items()]


def _code(key: str, value: str) -> str:
    """What stands in a column, as the pages say it."""
    if value in ("True", "False"):
        return _("是") if value == "True" else _("否")
    return str(CODES.get(key, {}).get(value, value)) or _("空")


def _key(key: str, value: Any, details: Mapping[str, Any]) -> str:
    """Two keys were given two meanings: a pair has a left side, a member leaves a unit; rows are shown, and who one is."""
    if key == "left" and "right" not in details:
        return "left_unit"
    return "identity" if key == "shown" and isinstance(value, bool) else key


def _value(key: str, value: Any) -> str:
    if key == "changes":
        return _("，").join(
            _("{title} {was}→{now}").format(title=title, was=was, now=now) for title, was, now in changes({key: value})
        )
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(_value(key, one) for one in value)
    if isinstance(value, Mapping):
        return _("、").join(
            f"{WORDS.get(name, TITLES.get(name, name))} {_value(name, one)}" for name, one in value.items()
        )
    if isinstance(value, int) and key not in NUMBERS:
        return f"{value:,}"
    return f"{value[:8]}…" if key in DIGESTS else str((VALUES.get(key) or CODES.get(key, {})).get(value, value))
