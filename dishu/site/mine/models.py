"""What a member's own part keeps: codes that open a log-in, and corrections asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from dishu.site import crypto
from dishu.site.membership.models import Member

#: What a member may find wrong.
FIELDS = {
    "name": "姓名", "sex": "性别", "birth": "出生日期", "citizen_id": "身份证号", "phone": "手机号码", "standing": "党员类别",
    "work": "工作单位", "lies": "组织关系", "takes_part": "在哪里参加活动", "other": "其他",
}  # fmt: skip
#: What an officer's yes writes at once; the rest is done on the record's page first.
AT_ONCE = ("name", "sex", "birth", "citizen_id", "phone", "standing")
NUMBERS = ("citizen_id", "phone")
STATES = {"open": "等待答复", "accepted": "已更正", "declined": "没有更正", "withdrawn": "已撤回"}


class Activation(models.Model):
    """A code, handed over in person, with which a member opens their own log-in. Only its trace is kept."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    until = models.DateTimeField("有效至")
    used_at = models.DateTimeField("使用时间", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "激活码"

    @property
    def good(self) -> bool:
        """Whether it still opens something."""
        return self.used_at is None and self.until > timezone.now()


class Correction(models.Model):
    """What a member says is wrong, what it should be, and the answer. What stood and what is wished are encrypted."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="corrections")
    field = models.CharField("项目", max_length=12, choices=FIELDS)
    stood = models.BinaryField("当时的登记")
    wish = models.BinaryField("应当是")
    note = models.CharField("说明", max_length=300, blank=True)
    at = models.DateTimeField("申请时间", auto_now_add=True)
    state = models.CharField("进度", max_length=10, choices=STATES, default="open")
    answer = models.CharField("答复", max_length=300, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "更正申请"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "field"], condition=models.Q(state="open"), name="correction_open_once"
            )
        ]

    @property
    def said(self) -> str:
        """What the member says is right."""
        return crypto.show(self.wish)

    @property
    def before(self) -> str:
        """What stood there when they asked."""
        return crypto.show(self.stood)
