"""A roster file on its way: received, read, matched, committed, perhaps undone. Its rows lie beside it as Parquet."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as lazy

from dishu.site.territory.models import Dated, Place

STAGES = {
    "received": lazy("已收到"), "reading": lazy("正在读取"), "matching": lazy("正在比对"), "previewed": lazy("待确认"), "committing": lazy("正在入库"),
    "committed": lazy("已入库"), "undone": lazy("已撤回"), "refused": lazy("不能读取"),
}  # fmt: skip
#: What a row would do to the register.
OUTCOMES = {
    "new": lazy("新增"), "changed": lazy("有变化"), "moved": lazy("迁移"), "closed": lazy("注销"), "same": lazy("无变化"), "doubtful": lazy("疑似相同，待裁定"),
    "repeated": lazy("本批重复"), "outside": lazy("不在辖区"), "refused": lazy("退回"),
}  # fmt: skip


class Upload(models.Model):
    """One file as it arrived.

    `day`: what day the roster describes; `counts`: rows by outcome; `columns`: title -> field ("": not used) where a
    person said otherwise than the layout."""

    file = models.FileField(lazy("文件"), upload_to="uploads/%Y/%m/")
    name = models.CharField(lazy("文件名"), max_length=200)
    sha256 = models.CharField(lazy("摘要"), max_length=64, db_index=True)
    size = models.BigIntegerField(lazy("大小"))
    layout = models.CharField(lazy("版式"), max_length=20, blank=True)
    columns = models.JSONField(lazy("改定的栏目"), default=dict, blank=True)
    day = models.DateField(lazy("名册日期"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=lazy("区域"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(lazy("上传时间"), auto_now_add=True)
    stage = models.CharField(lazy("进度"), max_length=12, choices=STAGES, default="received")
    done = models.PositiveSmallIntegerField(lazy("完成百分比"), default=0)
    problem = models.TextField(lazy("未能完成的原因"), blank=True)
    counts = models.JSONField(lazy("计数"), default=dict)
    committed_at = models.DateTimeField(lazy("入库时间"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = lazy("名册")

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where what was read from the file lies: rows, problems, preview."""
        return settings.MEDIA_ROOT / "read" / str(self.pk)

    @property
    def mapping(self) -> dict[str, str | None]:
        """The columns as a person corrected them, as the reader wants them."""
        return {title: field or None for title, field in self.columns.items()}

    @property
    def busy(self) -> bool:
        """Whether the worker is at it."""
        return self.stage in ("received", "reading", "matching", "committing")


class Sourced(Dated):
    """A dated tie, with the row of the roster it was read from."""

    upload = models.ForeignKey(Upload, models.PROTECT, null=True, blank=True, related_name="+")
    row = models.PositiveIntegerField(lazy("来源行号"), null=True, blank=True)
    sheet = models.CharField(lazy("来源工作表"), max_length=80, blank=True)

    class Meta:
        abstract = True
