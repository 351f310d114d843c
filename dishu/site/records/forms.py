"""The forms of changes: few fields, in the order they are asked for; each ends with the day and the reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site.records import choose
from dishu.site.records.units import INDUSTRIES
from dishu.site.registry import fresh
from dishu.site.registry.models import CHANNELS, CONTROLS, SURVEYED, UNIT_KINDS
from dishu.site.ui.templatetags.ui import industry
from dishu.site.ui.words import KINDS

#: Ways of finding out oneself; what was only reported is not verified.
LOOKED = {key: CHANNELS[key] for key in fresh.LOOKED}
YES = {"": lazy("不明"), "True": lazy("是"), "False": lazy("否")}


class Pick(forms.CharField):
    """A place, unit or organization picked by typing."""

    def __init__(self, what: str, label: str, **more: Any) -> None:
        super().__init__(label=label, **more)
        self.what = what


class Paper(forms.Form):
    """A change: what differs, from which day, why. `version` and `opened` are the record as it was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened = forms.JSONField(widget=forms.HiddenInput, required=False)
    tie = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sure = forms.BooleanField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, scope: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope
        self.fields["day"] = forms.DateField(label=self.day_label, initial=timezone.localdate)
        self.fields["reason"] = forms.CharField(
            label=_("理由或依据"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500
        )
        for name, field in self.fields.items():
            self._dress(name, field)

    day_label = lazy("从哪一天起")

    @staticmethod
    def _dress(name: str, field: forms.Field) -> None:
        if isinstance(field, Pick):
            field.widget.attrs |= {
                "list": f"id_{name}-offered", "autocomplete": "off", "placeholder": _("输入名称或代码后选择"),
                "hx-get": format_lazy("{}?what={}", reverse_lazy("offered"), field.what), "hx-trigger": "input changed delay:300ms",
                "hx-target": f"#id_{name}-offered", "hx-swap": "innerHTML", "hx-push-url": "false",
            }  # fmt: skip
        if isinstance(field, forms.DateField):
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        field.widget.attrs["class"] = "form-select" if isinstance(field.widget, forms.Select) else "form-control"

    def clean(self) -> dict[str, Any]:
        """What was picked, found; numbers that are negative, named."""
        data = super().clean() or {}
        for name, field in self.fields.items():
            if isinstance(field, Pick) and data.get(name):
                try:
                    data[name] = choose.picked(field.what, self.scope, data[name])
                except LookupError as problem:
                    self.add_error(name, ValidationError(str(problem)))
        return data

    def values(self) -> dict[str, Any]:
        """What the action is told: empty is unknown."""
        mine = {
            key: value for key, value in self.cleaned_data.items() if key not in ("version", "opened", "tie", "sure")
        }
        picks = {key for key, field in self.fields.items() if isinstance(field, Pick | forms.TypedChoiceField)}
        return {key: None if key in picks and value == "" else value for key, value in mine.items()}


def _choice(label: str, words: dict[str, str], required: bool = True) -> forms.TypedChoiceField:
    choices = [("", lazy("请选择") if required else lazy("不明")), *words.items()]
    return forms.TypedChoiceField(label=label, choices=choices, required=required, empty_value=None)


def _yes(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=list(YES.items()), required=False, coerce=lambda v: v == "True", empty_value=None
    )


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, required=False)


class UnitPaper(Paper):
    """What is known of a unit."""

    name = forms.CharField(label=lazy("名称"), max_length=200)
    code = forms.CharField(
        label=lazy("代码"), required=False, help_text=lazy("18位统一社会信用代码或15位注册号"), max_length=30
    )
    address = forms.CharField(label=lazy("经营地址"), required=False, max_length=300)
    opened_on = forms.DateField(label=lazy("成立日期"), required=False)
    control = _choice(lazy("控股类型"), CONTROLS, False)
    industry = _choice(lazy("行业"), INDUSTRIES, False)
    employees = _number(lazy("从业人员"))
    assets = _number(lazy("资产总额（元）"))
    turnover = _number(lazy("营业收入（元）"))
    legal_rep_member = _yes(lazy("法定代表人是否党员"))
    legal_rep_secretary = _yes(lazy("是否兼任党组织书记"))
    surveyed = _choice(lazy("摸底情况"), SURVEYED, False)
    verified_on = forms.DateField(label=lazy("核实日期"), required=False)
    channel = _choice(lazy("核实方式"), CHANNELS, False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = (self.initial or {}).get("industry")
        if known and known not in INDUSTRIES:
            self.fields["industry"].choices = [*self.fields["industry"].choices, (known, industry(known))]


class NewUnit(Paper):
    """A unit met: eleven answers, most may wait."""

    day_label = lazy("发现日期")
    kind = _choice(lazy("类型"), {k: v for k, v in UNIT_KINDS.items() if k != "market"})
    name = forms.CharField(label=lazy("名称"), max_length=200)
    code = forms.CharField(
        label=lazy("代码"), required=False, help_text=lazy("18位统一社会信用代码或15位注册号"), max_length=30
    )
    place = Pick("place", lazy("所在地"))
    address = forms.CharField(label=lazy("经营地址"), required=False, max_length=300)
    opened_on = forms.DateField(label=lazy("成立日期"), required=False)
    industry = _choice(lazy("行业"), INDUSTRIES, False)
    employees = _number(lazy("从业人员"))
    surveyed = _choice(lazy("摸底情况"), SURVEYED, False)


class MovePaper(Paper):
    """Another place."""

    place = Pick("place", lazy("迁到哪里"))


class MemberPaper(Paper):
    """What was written wrong of a member."""

    day_label = lazy("更正日期")
    name = forms.CharField(label=lazy("姓名"), max_length=60)
    sex = forms.ChoiceField(label=lazy("性别"), choices=[("", lazy("不明")), *KINDS["sex"].items()], required=False)
    birth = forms.DateField(label=lazy("出生日期"), required=False)
    citizen_id = forms.CharField(label=lazy("身份证号"), required=False, help_text=lazy("不改就留空"), max_length=30)
    phone = forms.CharField(label=lazy("手机号码"), required=False, help_text=lazy("不改就留空"), max_length=30)


class NewMember(MemberPaper):
    """A member no roster named."""

    day_label = lazy("从哪一天起在这里")
    standing = _choice(lazy("党员类别"), KINDS["standing"])
    place = Pick("place", lazy("所在地"))
    unit = Pick("unit", lazy("工作单位"), required=False)
    role = _choice(lazy("身份"), KINDS["role"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("citizen_id", "phone"):
            self.fields[name].help_text = ""


class OnlyStandingPaper(Paper):
    """Full or probationary."""

    standing = _choice(lazy("党员类别"), KINDS["standing"])


class StandingPaper(OnlyStandingPaper):
    """Full or probationary, and where."""

    place = Pick("place", lazy("所在地"), required=False, help_text=lazy("没有变就留空"))


class ReturnPaper(StandingPaper):
    """Somebody who had left is here again."""

    day_label = lazy("从哪一天起又在这里")


class VerifyPaper(Paper):
    """That somebody asked, and how."""

    day_label = lazy("核实日期")
    channel = _choice(lazy("核实方式"), LOOKED)


class PartPaper(Paper):
    """Where a member takes part."""

    org = Pick("organization", lazy("参加活动的党组织"))


class JobPaper(Paper):
    """Work at a unit."""

    unit = Pick("unit", lazy("工作单位"))
    role = _choice(lazy("身份"), KINDS["role"])


class ShowPaper(Paper):
    """The member's own act, as the paper they signed says."""

    day_label = lazy("本人签字日期")
    shown = forms.TypedChoiceField(
        label=lazy("本人意愿"),
        choices=[("", lazy("请选择")), ("True", lazy("亮身份")), ("False", lazy("不亮身份"))],
        coerce=lambda v: v == "True",
    )
    paper = forms.CharField(
        label=lazy("本人签字材料的名称和编号"),
        max_length=200,
        help_text=lazy("亮不亮由党员本人决定，这里只登记本人签了字的材料"),
    )


class OrganizationPaper(Paper):
    """Kind, system, superior."""

    kind = _choice(lazy("类别"), KINDS["org_kind"])
    system = _choice(lazy("隶属"), KINDS["org_system"])
    superior = Pick("organization", lazy("上级党组织"), required=False)


class UnderPaper(Paper):
    """Another superior."""

    superior = Pick("organization", lazy("上级党组织"))


class SettlePaper(Paper):
    """Where the membership lies, as checked."""

    org = Pick("organization", lazy("组织关系所在党组织"))


class NewOrganization(OrganizationPaper):
    """An organization founded."""

    day_label = lazy("成立日期")
    name = forms.CharField(label=lazy("党组织名称"), max_length=200)
    place = Pick("place", lazy("所在地"))
    field_order = ("name", "place", "kind", "system", "superior")


class CoverPaper(Paper):
    """Which organization, and how."""

    org = Pick("organization", lazy("党组织"))
    mode = _choice(lazy("组建方式"), KINDS["coverage_mode"])
