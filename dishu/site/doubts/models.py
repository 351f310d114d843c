"""Two records that the matching could not tell apart, with its reasons, and what a person decided."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site.intake.models import Upload
from dishu.site.territory.models import Place

KINDS = {"member": lazy("党员"), "unit": lazy("单位")}
STATES = {"open": lazy("待核对"), "unsure": lazy("先放着"), "same": lazy("同一个"), "different": lazy("不是同一个")}
#: What waits for somebody, and what somebody has settled.
WAITING, SETTLED = ("open", "unsure"), ("same", "different")


class PairQuery(models.QuerySet["Pair"]):
    """What screens ask of pairs."""

    def waiting(self) -> PairQuery:
        """Not settled."""
        return self.filter(state__in=WAITING)

    def settled(self) -> PairQuery:
        """One and the same, or not."""
        return self.filter(state__in=SETTLED)


class Pair(models.Model):
    """Two records in doubt, the one with the smaller key on the left.

    Keys of records stand here plain, because a record that was joined to another is no longer there. `marks_…` tell the
    rows of rosters that speak of each side, so that the next roster with the same rows is not asked about again.
    """

    kind = models.CharField(lazy("种类"), max_length=6, choices=KINDS)
    left = models.BigIntegerField(lazy("左"))
    right = models.BigIntegerField(lazy("右"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=lazy("所在地"))
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+", verbose_name=lazy("来自名册"))
    reasons = models.TextField(lazy("理由"))
    probability = models.FloatField(lazy("可能性"))
    model = models.CharField(lazy("比对模型"), max_length=40)
    state = models.CharField(lazy("裁定"), max_length=10, choices=STATES, default="open")
    found_at = models.DateTimeField(lazy("发现时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=lazy("裁定人")
    )
    decided_at = models.DateTimeField(lazy("裁定时间"), null=True)
    marks_left = ArrayField(models.CharField(max_length=40), default=list)
    marks_right = ArrayField(models.CharField(max_length=40), default=list)
    #: What a decision can be taken back with; encrypted.
    before = models.BinaryField(null=True)

    objects = PairQuery.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = lazy("疑似相同的记录")
        constraints = [
            models.UniqueConstraint(fields=["kind", "left", "right"], name="pair_once"),
            models.CheckConstraint(name="pair_ordered", condition=Q(left__lt=F("right"))),
        ]
        indexes = [
            models.Index(fields=["state", "place", "id"], name="pair_state"),
            models.Index(fields=["by", "-decided_at"], name="pair_by"),
            models.Index(fields=["kind", "right"], name="pair_right"),
            GinIndex(fields=["marks_left"], name="pair_marks_left"),
            GinIndex(fields=["marks_right"], name="pair_marks_right"),
        ]

    def __str__(self) -> str:
        return _("第{pk}对").format(pk=self.pk)

    @property
    def why(self) -> list[str]:
        """The reasons one by one."""
        return [one for one in self.reasons.split("；") if one]


def today() -> datetime:
    """When today began."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
