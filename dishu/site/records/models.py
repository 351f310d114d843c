"""What a user keeps of the lists: the columns they chose."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as lazy


class Columns(models.Model):
    """The columns a user last chose for a list; the usual ones where there is no such row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    listing = models.CharField(max_length=20)
    chosen = ArrayField(models.CharField(max_length=30))

    class Meta:
        verbose_name = lazy("显示的列")
        constraints = [models.UniqueConstraint(fields=["user", "listing"], name="columns_once")]
