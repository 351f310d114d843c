"""What a member's own part keeps: codes that open a log-in, and corrections asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from dishu.site import crypto
from dishu.site.membership.models import Member

#: What a member may find wrong.
FIELDS = {
    "name": lazy("姓名"), "sex": lazy("性别"), "birth": lazy("出生日期"), "citizen_id": lazy("身份证号"), "phone": lazy("手机号码"), "standing": lazy("党员类别"),
    "work": lazy("工作单位"), "lies": lazy("组织关系"), "takes_part": lazy("在哪里参加活动"), "other": lazy("其他"),
}  # fmt: skip
#: What an officer's yes writes at once; the rest is done on the record's page first.
AT_ONCE = ("name", "sex", "birth", "citizen_id", "phone", "standing")
NUMBERS = ("citizen_id", "phone")
STATES = {
    "open": lazy("等待答复"),
    "accepted": lazy("已更正"),
    "declined": lazy("没有更正"),
    "withdrawn": lazy("已撤回"),
}


class Activation(models.Model):
    """A code, handed over in person, with which a member opens their own log-in. Only its trace is kept."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    until = models.DateTimeField(lazy("有效至"))
    used_at = models.DateTimeField(lazy("使用时间"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = lazy("激活码")

    @property
    def good(self) -> bool:
        """Whether it still opens something."""
        return self.used_at is None and self.until > timezone.now()


class Correction(models.Model):
    """What a member says is wrong, what it should be, and the answer. What stood and what is wished are encrypted."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="corrections")
    field = models.CharField(lazy("项目"), max_length=12, choices=FIELDS)
    stood = models.BinaryField(lazy("当时的登记"))
    wish = models.BinaryField(lazy("应当是"))
    note = models.CharField(lazy("说明"), max_length=300, blank=True)
    at = models.DateTimeField(lazy("申请时间"), auto_now_add=True)
    state = models.CharField(lazy("进度"), max_length=10, choices=STATES, default="open")
    answer = models.CharField(lazy("答复"), max_length=300, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(lazy("答复时间"), null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = lazy("更正申请")
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
