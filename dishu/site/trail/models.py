"""One line for each write, each look at a person's data, each log-in; chained by hashes the database itself makes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as lazy

VERBS = {
    "logged_in": lazy("登录"), "logged_out": lazy("退出"), "login_failed": lazy("登录失败"), "looked": lazy("查看"), "revealed": lazy("查看完整号码"),
    "searched": lazy("查找"), "exported": lazy("导出"), "founded": lazy("新设"), "renamed": lazy("更名"), "moved": lazy("划转"), "merged": lazy("并入"),
    "took_in": lazy("接收并入"), "split": lazy("拆分"), "closed": lazy("撤销"), "loaded": lazy("装入"), "appointed": lazy("任命"), "released": lazy("免去"),
    "created": lazy("新增"), "changed": lazy("修改"), "uploaded": lazy("上传"), "mapped": lazy("改定栏目"), "committed": lazy("入库"), "undone": lazy("撤回"), "decided": lazy("裁定"),
    "sealed": lazy("封存"), "refused": lazy("拒绝"), "unlocked": lazy("解锁"), "reset": lazy("重置"), "proved": lazy("校验操作记录"),
    "asked": lazy("申请更正"), "answered": lazy("答复更正"), "invited": lazy("开出激活码"), "activated": lazy("开通本人登录"),
}  # fmt: skip
#: What ends is called otherwise where it is a person or a unit.
_ENDED = {"membership.member": lazy("离开"), "registry.unit": lazy("注销")}
#: A look at somebody's data, which they may ask about.
LOOKS = ("looked", "revealed", "exported")


def verbs() -> list[tuple[str, str]]:
    """The verbs, asked when needed: a new one is no change of the table."""
    return list(VERBS.items())


class TrailLine(models.Model):
    """What one person did to one thing at one moment. Lines are only ever added: a trigger refuses the rest."""

    at = models.DateTimeField(lazy("时间"), null=True)  # set by the database when the line is added
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=lazy("谁"),
    )
    verb = models.CharField(lazy("做了什么"), max_length=20, choices=verbs)
    subject_type = models.CharField(lazy("对象"), max_length=40, blank=True)
    subject_id = models.BigIntegerField(lazy("对象编号"), null=True)
    place_id = models.BigIntegerField(lazy("区域"), null=True)
    reason = models.TextField(lazy("理由或依据"), blank=True)
    details = models.JSONField(lazy("内容"), default=dict)
    previous = models.BinaryField(lazy("上一行的摘要"), null=True)
    digest = models.BinaryField(lazy("本行的摘要"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = lazy("操作记录")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="trail_subject"),
            models.Index(fields=["by", "-id"], name="trail_by"),
            models.Index(fields=["place_id", "-id"], name="trail_place"),
            models.Index(fields=["verb", "-id"], name="trail_verb"),
            models.Index(fields=["at"], name="trail_at"),  # a day becomes a span of numbers
        ]

    @property
    def done(self) -> str:
        """What was done, in the word used of such a thing."""
        ended = _ENDED.get(self.subject_type) if self.verb == "closed" else None
        return str(ended or VERBS.get(self.verb, self.verb))
