"""Sealed editions: what was reported, kept as it was. The files lie in a folder; their hash stands here."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site.territory.models import Place


class Sealed(models.Model):
    """One sealed edition. Rows are only ever added: a trigger refuses the rest."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=lazy("区域"))
    day = models.DateField(lazy("数据截至"))
    moment = models.DateTimeField(lazy("封存时间"))
    contents = models.CharField(lazy("内容摘要"), max_length=64)
    manifest = models.CharField(lazy("清单摘要"), max_length=64)
    name = models.CharField(lazy("文件夹"), max_length=80, unique=True)
    line = models.BigIntegerField(lazy("含至操作记录"))
    note = models.CharField(lazy("说明"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=lazy("封存人"))

    class Meta:
        ordering = ["-id"]
        verbose_name = lazy("封存版次")
        constraints = [models.UniqueConstraint(fields=["place", "day", "contents"], name="sealed_once")]

    def __str__(self) -> str:
        return _("{place}{day}版次{contents}").format(place=self.place, day=self.day, contents=self.contents[:8])

    @property
    def folder(self) -> Path:
        """Where the edition lies."""
        return Path(settings.HOME) / "editions" / "sealed" / self.name
