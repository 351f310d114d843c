"""One line for each write, each look at a person's data, each log-in; chained by hashes the database itself makes."""

from __future__ import annotations

from django.conf import settings
from django.db import models

VERBS = {
    "logged_in": "登录", "logged_out": "退出", "login_failed": "登录失败", "looked": "查看", "revealed": "查看完整号码",
    "searched": "查找", "exported": "导出", "founded": "新设", "renamed": "更名", "moved": "划转", "merged": "并入",
    "took_in": "接收并入", "split": "拆分", "closed": "撤销", "loaded": "装入", "appointed": "任命", "released": "免去",
    "created": "新增", "changed": "修改", "uploaded": "上传", "mapped": "改定栏目", "committed": "入库", "undone": "撤回", "decided": "裁定",
    "sealed": "封存", "refused": "拒绝", "unlocked": "解锁", "reset": "重置", "proved": "校验操作记录",
    "asked": "申请更正", "answered": "答复更正", "invited": "开出激活码", "activated": "开通本人登录",
}  # fmt: skip
#: A look at somebody's data, which they may ask about.
LOOKS = ("looked", "revealed", "exported")


def verbs() -> list[tuple[str, str]]:
    """The verbs, asked when needed: a new one is no change of the table."""
    return list(VERBS.items())


class TrailLine(models.Model):
    """What one person did to one thing at one moment. Lines are only ever added: a trigger refuses the rest."""

    at = models.DateTimeField("时间", null=True)  # set by the database when the line is added
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+", verbose_name="谁"
    )
    verb = models.CharField("做了什么", max_length=20, choices=verbs)
    subject_type = models.CharField("对象", max_length=40, blank=True)
    subject_id = models.BigIntegerField("对象编号", null=True)
    place_id = models.BigIntegerField("区域", null=True)
    reason = models.TextField("理由或依据", blank=True)
    details = models.JSONField("内容", default=dict)
    previous = models.BinaryField("上一行的摘要", null=True)
    digest = models.BinaryField("本行的摘要", null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "操作记录"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="trail_subject"),
            models.Index(fields=["by", "-id"], name="trail_by"),
            models.Index(fields=["place_id", "-id"], name="trail_place"),
            models.Index(fields=["verb", "-id"], name="trail_verb"),
            models.Index(fields=["at"], name="trail_at"),  # a day becomes a span of numbers
        ]
