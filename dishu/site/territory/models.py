"""Places of all levels with their history: divisions, markets, parks, association branches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

LEVELS = {
    "province": lazy("省"), "prefecture": lazy("市（地）"), "county": lazy("县（市、区）"), "township": lazy("乡镇（街道）"),
    "village": lazy("村（社区）"), "market": lazy("市场"),
}  # fmt: skip
#: What stands beside the administrative levels: they lie under a place like a township or a village does.
KINDS = {
    "": lazy("行政区划"),
    "park": lazy("园区"),
    "market": lazy("市场"),
    "branch": lazy("协会分会"),
    "office": lazy("市场监管所"),
}


def no_overlap(name: str, *keys: str, where: Q | None = None) -> ExclusionConstraint:
    """No two rows of the same keys at the same time, without any extension of the server.

    Keys are numbers: each is compared as a range of one number, because a plain `=` would need an extension.
    """
    same: Iterable[tuple[Any, str]] = [
        (Func(F(key), F(key), Value("[]"), function="int8range"), RangeOperators.OVERLAPS) for key in keys
    ]
    period = Func(F("since"), F("until"), function="daterange", output_field=DateRangeField())
    return ExclusionConstraint(
        name=name, expressions=[*same, (period, RangeOperators.OVERLAPS)], condition=where,
        violation_error_message=_("时间段重叠"),
    )  # fmt: skip


def ordered(name: str) -> models.CheckConstraint:
    """A period ends after it began."""
    return models.CheckConstraint(
        name=name,
        condition=Q(until__isnull=True) | Q(until__gt=F("since")),
        violation_error_message=_("结束日期应在开始日期之后"),
    )


class Dated(models.Model):
    """True from `since` (inclusive) until `until` (exclusive; empty = still)."""

    since = models.DateField(lazy("起"))
    until = models.DateField(lazy("止"), null=True, blank=True)

    class Meta:
        abstract = True


def on(day: date, prefix: str = "") -> Q:
    """The rows of a dated model that hold on that day."""
    until = f"{prefix}until"
    return Q(**{f"{prefix}since__lte": day}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": day}))


class PlaceQuery(models.QuerySet["Place"]):
    """What screens ask of places."""

    def under(self, node: Place) -> PlaceQuery:
        """The node and all that lies, or lay before it became something else, below it."""
        return self.filter(reached__node=node)

    def open(self) -> PlaceQuery:
        """Places that still exist."""
        return self.filter(closed_on__isnull=True)


class Place(models.Model):
    """A place through its whole life. Its name, level and parent are those of its last state; see `PlaceState`."""

    code = models.CharField(lazy("代码"), max_length=24, unique=True)
    name = models.CharField(lazy("名称"), max_length=80)
    level = models.CharField(lazy("层级"), max_length=12, choices=LEVELS)
    kind = models.CharField(lazy("类型"), max_length=12, choices=KINDS, blank=True, default="")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    closed_on = models.DateField(lazy("撤销日期"), null=True, blank=True)
    closed_by = models.CharField(lazy("撤销依据"), max_length=200, blank=True, default="")

    objects = PlaceQuery.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = lazy("区域")

    def __str__(self) -> str:
        return self.name


class PlaceState(Dated):
    """What a place was called and where it lay for a time, and the document that says so."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="states")
    name = models.CharField(lazy("名称"), max_length=80)
    level = models.CharField(lazy("层级"), max_length=12, choices=LEVELS)
    parent = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.CharField(lazy("文件依据"), max_length=200, blank=True)

    class Meta:
        ordering = ["place", "since"]
        constraints = [no_overlap("place_state_once", "place_id"), ordered("place_state_ordered")]


class Reach(models.Model):
    """Which places a node reaches with the borders of now; closed places lie where their successors lie.

    Made from the states by `actions.reach_again`; scope and its wall in the database read nothing else.
    """

    node = models.ForeignKey(Place, models.CASCADE, related_name="reaches")
    place = models.ForeignKey(Place, models.CASCADE, related_name="reached")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "place"], name="reach_once")]
