"""Units of the register and their dated states; markets are units with a place of their own."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as lazy

from dishu.site.intake.models import Sourced, Upload
from dishu.site.registry import finding, search
from dishu.site.territory.models import Place, no_overlap, ordered
from dishu.site.ui.words import KINDS

UNIT_KINDS = {"enterprise": lazy("企业"), "individual_business": lazy("个体工商户"), "market": lazy("市场")}
CONTROLS = KINDS["control"]
SURVEYED = {"known": lazy("已摸清"), "unclear": lazy("不清")}
CHANNELS = {"reported": lazy("上报"), "phoned": lazy("电话"), "visited": lazy("上门"), "confirmed": lazy("确认")}


class UnitQuery(models.QuerySet["Unit"]):
    """What screens ask of units."""

    def open(self) -> UnitQuery:
        """Not closed."""
        return self.filter(closed_on__isnull=True)

    def matching(self, text: str) -> UnitQuery:
        """Whose name holds the text, whose pinyin initials do, or whose code begins or ends with it."""
        plain = "".join(text.split())
        if not plain:
            return self
        if (keys := finding.found("registry_unit", plain)) is not None:
            return self.filter(pk__in=keys)
        by_name = Q(grams__contains=search.asked(plain), name__icontains=plain)
        if not plain.isascii():
            return self.filter(by_name)
        by_letters = Q(grams__contains=search.asked(plain), initials__contains=plain.lower())
        by_code = Q(code__startswith=plain.upper()) | Q(edoc__startswith=plain.upper()[::-1])
        return self.annotate(edoc=Reverse("code")).filter(by_name | by_letters | by_code)


class Unit(models.Model):
    """An enterprise, an individual business or a market. Place and end are those of its last state."""

    kind = models.CharField(lazy("类型"), max_length=20, choices=UNIT_KINDS)
    code = models.CharField(lazy("统一社会信用代码/注册号"), max_length=18, null=True, blank=True, unique=True)
    name = models.CharField(lazy("名称"), max_length=200)
    address = models.CharField(lazy("经营地址"), max_length=300, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="+", verbose_name=lazy("所在地"), db_index=False
    )  # unit_place begins with it
    opened_on = models.DateField(lazy("成立日期"), null=True, blank=True)
    closed_on = models.DateField(lazy("注销日期"), null=True, blank=True)
    initials = models.CharField(max_length=200, editable=False)
    grams = ArrayField(models.CharField(max_length=2), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = UnitQuery.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = lazy("单位")
        indexes = [
            GinIndex(fields=["grams"], name="unit_grams"),
            models.Index(fields=["place", "id"], name="unit_place"),
            models.Index(OpClass(Reverse("code"), "text_pattern_ops"), name="unit_code_suffix"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep what the name is found by beside the name."""
        self.initials, self.grams = search.initials(self.name), search.grams(self.name)
        super().save(*args, **kwargs)


class Joined(models.Model):
    """A unit that was joined to another by a person's word: its old key, and by what it is known again.

    `apart`: it was split off again; rows that came meanwhile in its name are its own.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="joined")
    was = models.BigIntegerField(unique=True)
    code = models.CharField(max_length=18, null=True)
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    apart = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["code"], name="joined_code")]


class UnitState(Sourced):
    """What was known of a unit for a time, where it was read, and how it was verified."""

    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # unit_state_source begins with it
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="states")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    control = models.CharField(lazy("控股类型"), max_length=20, null=True, blank=True)
    industry = models.CharField(lazy("行业"), max_length=4, null=True, blank=True)
    employees = models.BigIntegerField(lazy("从业人员"), null=True, blank=True)
    assets = models.BigIntegerField(lazy("资产总额（元）"), null=True, blank=True)
    turnover = models.BigIntegerField(lazy("营业收入（元）"), null=True, blank=True)
    legal_rep_member = models.BooleanField(lazy("法定代表人是否党员"), null=True, blank=True)
    legal_rep_secretary = models.BooleanField(lazy("是否兼任党组织书记"), null=True, blank=True)
    surveyed = models.CharField(lazy("摸底情况"), max_length=10, choices=SURVEYED, null=True, blank=True)
    verified_on = models.DateField(lazy("核实日期"), null=True, blank=True)
    channel = models.CharField(lazy("核实方式"), max_length=10, choices=CHANNELS, null=True, blank=True)

    class Meta:
        ordering = ["unit", "since"]
        constraints = [no_overlap("unit_state_once", "unit_id"), ordered("unit_state_ordered")]
        indexes = [
            models.Index(fields=["upload", "row"], name="unit_state_source"),
            models.Index(
                fields=["place", "unit"],
                include=["industry", "surveyed", "verified_on"],
                condition=models.Q(until__isnull=True),
                name="unit_state_present",
            ),
        ]


class Instructor(models.Model):
    """Somebody posted to units to help them along."""

    name = models.CharField(lazy("姓名"), max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")


class Posting(Sourced):
    """An instructor's post at a unit."""

    instructor = models.ForeignKey(Instructor, models.CASCADE, related_name="postings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")

    class Meta:
        constraints = [no_overlap("posting_once", "instructor_id", "unit_id"), ordered("posting_ordered")]


class Work(models.Model):
    """Party work that reached a unit on a day."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="work")
    kind = models.CharField(lazy("类别"), max_length=10)
    on = models.DateField(lazy("日期"))
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "on"], name="work_once")]
