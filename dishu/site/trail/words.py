"""What stands in a line of the trail, as the auditor reads it: keys become words, digests become short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

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
}  # fmt: skip
#: A digest is told apart by its beginning; the whole of it stays in the line.
DIGESTS = ("sha256", "contents", "manifest")


def told(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a line says besides, in words: what is nothing (no rows refused, nothing broken) is left out.

    >>> told({"sha256": "6a67bdac39d9", "refused": 0, "rows": 12})
    [('文件摘要', '6a67bdac…'), ('行数', '12')]
    """
    return [(str(WORDS.get(key, key)), _value(key, value)) for key, value in details.items() if value or value is False]


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(str(one) for one in value)
    if isinstance(value, Mapping):
        return _("、").join(f"{WORDS.get(name, name)} {_value(name, one)}" for name, one in value.items())
    return (
        f"{value[:8]}…" if key in DIGESTS else f"{value:,}" if isinstance(value, int) and key != "row" else str(value)
    )
