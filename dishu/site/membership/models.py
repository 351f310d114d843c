"""Members and organizations with their dated ties: standing, work, affiliation, taking part, coverage."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as lazy

from dishu.site import crypto
from dishu.site.intake.models import Sourced
from dishu.site.registry import finding, search
from dishu.site.registry.models import CHANNELS, Unit
from dishu.site.territory.models import Place, no_overlap, ordered
from dishu.site.ui.words import KINDS
from dishu.standards import ids


class Organization(models.Model):
    """A Party organization. One that a roster only names has no state yet: nobody has said what it is."""

    name = models.CharField(lazy("党组织名称"), max_length=200)
    plain = models.CharField(lazy("比较用名称"), max_length=200, unique=True, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", verbose_name=lazy("所在地"))

    class Meta:
        ordering = ["name"]
        verbose_name = lazy("党组织")

    def __str__(self) -> str:
        return self.name


class OrganizationState(Sourced):
    """What kind of organization it was for a time, in which system, under whom."""

    org = models.ForeignKey(Organization, models.CASCADE, related_name="states")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    kind = models.CharField(lazy("类别"), max_length=20, choices=KINDS["org_kind"])
    system = models.CharField(lazy("隶属"), max_length=20, choices=KINDS["org_system"])
    superior = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="juniors")

    class Meta:
        constraints = [no_overlap("org_state_once", "org_id"), ordered("org_state_ordered")]


class MemberQuery(models.QuerySet["Member"]):
    """What screens ask of members."""

    def matching(self, text: str) -> MemberQuery:
        """Whose name holds the text, whose initials do, or whose telephone ends with these four digits."""
        plain = "".join(text.split())
        if not plain:
            return self
        if plain.isdecimal():
            return self.filter(phone_end=crypto.trace(plain[-4:]))
        if (keys := finding.found("membership_member", plain)) is not None:
            return self.filter(pk__in=keys)
        found = Q(grams__contains=search.asked(plain), name__icontains=plain)
        if plain.isascii():
            found |= Q(grams__contains=search.asked(plain), initials__contains=plain.lower())
        return self.filter(found)


class Member(models.Model):
    """A Party member working in the sector. Numbers are encrypted; what is shown is masked."""

    name = models.CharField(lazy("姓名"), max_length=60)
    sex = models.CharField(lazy("性别"), max_length=6, choices=KINDS["sex"], blank=True)
    birth = models.DateField(lazy("出生日期"), null=True, blank=True)
    citizen_id = models.BinaryField(lazy("身份证号"), null=True, editable=False)
    citizen_trace = models.CharField(max_length=40, null=True, unique=True, editable=False)
    phone = models.BinaryField(lazy("手机号码"), null=True, editable=False)
    phone_trace = models.CharField(max_length=40, blank=True, db_index=True, editable=False)
    phone_end = models.CharField(max_length=40, blank=True, db_index=True, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=lazy("所在地"))
    initials = models.CharField(max_length=60, editable=False)
    grams = ArrayField(models.CharField(max_length=2), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MemberQuery.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = lazy("党员")
        indexes = [
            GinIndex(fields=["grams"], name="member_grams"), models.Index(fields=["place", "id"], name="member_place"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep what the name is found by beside the name."""
        self.found_by()
        super().save(*args, **kwargs)

    def found_by(self) -> None:
        """Set what the name is found by."""
        self.initials, self.grams = search.initials(self.name), search.grams(self.name)

    def identify(self, citizen_id: str | None, phone: str | None) -> None:
        """Set the numbers: encrypted, with the traces they are found by."""
        if citizen_id:
            self.citizen_id, self.citizen_trace = crypto.hide(citizen_id), crypto.trace(citizen_id)
        if phone:
            self.phone, self.phone_trace = crypto.hide(phone), crypto.trace(phone)
            self.phone_end = crypto.trace(phone[-4:])

    @property
    def masked_citizen_id(self) -> str:
        """The citizen number as screens show it."""
        return ids.mask_citizen_id(crypto.show(self.citizen_id)) if self.citizen_id else ""

    @property
    def masked_phone(self) -> str:
        """The telephone number as screens show it."""
        return ids.mask_phone(crypto.show(self.phone)) if self.phone else ""


class Standing(Sourced):
    """Full or probationary, for a time, here."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="standings")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    standing = models.CharField(lazy("党员类别"), max_length=14, choices=KINDS["standing"])
    verified_on = models.DateField(lazy("核实日期"), null=True, blank=True)
    channel = models.CharField(lazy("核实方式"), max_length=10, choices=CHANNELS, null=True, blank=True)

    class Meta:
        constraints = [no_overlap("standing_once", "member_id"), ordered("standing_ordered")]


class Employment(Sourced):
    """Where a member works, or what they own."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="employments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="employments")
    role = models.CharField(lazy("职务身份"), max_length=10, choices=KINDS["role"])

    class Meta:
        constraints = [no_overlap("employment_once", "member_id", "unit_id"), ordered("employment_ordered")]


class Affiliation(Sourced):
    """Where the membership lies. `held`: so settled, one at a time; else what a roster claims, beside it."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="affiliations")
    org = models.ForeignKey(Organization, models.PROTECT, related_name="affiliations")
    source = models.CharField(lazy("来源"), max_length=200)
    held = models.BooleanField(lazy("已确认"), default=False)

    class Meta:
        constraints = [
            ordered("affiliation_ordered"),
            no_overlap("affiliation_claim_once", "member_id", "org_id"),
            no_overlap("affiliation_held_once", "member_id", where=Q(held=True)),
        ]


class Participation(Sourced):
    """Where a member takes part in organizational life; may be another organization than the one that holds them."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="participations")
    org = models.ForeignKey(Organization, models.PROTECT, related_name="participations")

    class Meta:
        constraints = [no_overlap("participation_once", "member_id", "org_id"), ordered("participation_ordered")]


class Shown(Sourced):
    """Whether the member shows their identity: their own act, with its day."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="shown")
    shown = models.BooleanField(lazy("亮身份"))

    class Meta:
        constraints = [no_overlap("shown_once", "member_id"), ordered("shown_ordered")]


class Coverage(Sourced):
    """Which organization covers a unit, and how."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="coverages")
    org = models.ForeignKey(Organization, models.PROTECT, related_name="coverages")
    mode = models.CharField(lazy("组建方式"), max_length=12, choices=KINDS["coverage_mode"])

    class Meta:
        constraints = [no_overlap("coverage_once", "unit_id", "org_id"), ordered("coverage_ordered")]


class Planned(Sourced):
    """A unit in a formation plan: `since` is the day the plan was frozen."""

    plan = models.CharField(lazy("计划"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="planned")
    deadline = models.DateField(lazy("完成期限"), null=True, blank=True)


class Judgement(models.Model):
    """What all rosters of a place, judged together, said last; encrypted. The next roster is compared with it."""

    place = models.OneToOneField(Place, models.PROTECT, related_name="+")
    content = models.BinaryField()
