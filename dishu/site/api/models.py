"""Tokens, by which a machine acts for a person with less than that person's rights; answers kept for repeated calls."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as lazy

from dishu.site.accounts.models import roles
from dishu.site.territory.models import Place


class Token(models.Model):
    """One token. Of its secret only the SHA-256 is kept: 256 random bits are not guessed from it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens", verbose_name=lazy("所有人")
    )
    name = models.CharField(lazy("用途"), max_length=80)
    role = models.CharField(lazy("角色"), max_length=40, choices=roles)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=lazy("区域"))
    writes = models.BooleanField(lazy("可以修改"), default=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    begins = models.CharField(lazy("开头"), max_length=12, editable=False)
    created_at = models.DateTimeField(lazy("生成时间"), auto_now_add=True)
    expires_at = models.DateTimeField(lazy("有效至"))
    revoked_at = models.DateTimeField(lazy("撤销时间"), null=True, editable=False)
    last_used_at = models.DateTimeField(lazy("最近使用"), null=True, editable=False)
    #: The minute in which it was last used, and how often in it.
    minute = models.BigIntegerField(default=0, editable=False)
    calls = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = lazy("访问令牌")

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """What a call with an idempotency key was answered; the answer is encrypted, it may name people."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=100)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = lazy("接口应答")
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="answer_once")]
        indexes = [models.Index(fields=["at"], name="answer_at")]
