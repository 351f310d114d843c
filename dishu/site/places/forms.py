"""What each change of a place asks for, checked field by field; the change itself is an action of `territory`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site.accounts.models import User
from dishu.site.accounts.scope import Scope
from dishu.site.territory import actions
from dishu.site.territory.models import KINDS, LEVELS, Place

CODE = RegexValidator(r"^[0-9A-Z]{2,24}$", lazy("代码由数字和大写字母组成，2 至 24 位。"))
NEW_PARTS = range(1, 5)


class PlaceField(forms.CharField):
    """A place of the scope, by its code or its name where only one has it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.among = Place.objects.none()

    def clean(self, value: Any) -> Place | None:
        """The place meant."""
        text = (super().clean(value) or "").split()
        if not text:
            return None
        found = list(self.among.filter(code=text[0])[:1]) or list(self.among.filter(name=text[0])[:2])
        if len(found) != 1:
            problem = _("辖区内没有这个代码或名称的区域") if not found else _("有几个区域叫这个名称，请填代码")
            raise forms.ValidationError(_("{problem}：{text}。").format(problem=problem, text=text[0]))
        return found[0]


class Change(forms.Form):
    """A day and a document, which every change has."""

    title, does = "", ""
    day = forms.DateField(
        label=lazy("生效日期"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=lazy("自这一天起；此前的数字不变。"),
    )
    document = forms.CharField(label=lazy("文件依据"), max_length=200, help_text=lazy("文号，如 鄂民政〔2009〕1号。"))

    def __init__(self, *args: Any, scope: Scope, place: Place, **more: Any) -> None:
        super().__init__(*args, **more)
        self.scope, self.place = scope, place
        self.fields["day"].initial = timezone.localdate()
        for field in self.fields.values():
            if isinstance(field, PlaceField):
                field.among = scope.places().open()
                field.widget.attrs |= {
                    "list": "places", "autocomplete": "off", "hx-get": reverse("place_suggest"),
                    "hx-trigger": "input changed delay:250ms", "hx-target": "#places",
                }  # fmt: skip
            chosen = isinstance(field.widget, forms.Select)
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "form-select" if chosen else "form-control"
            else:
                field.widget.attrs["class"] = "form-check-input"

    def clean_day(self) -> Any:
        """Changes are entered when they have happened: everybody's scope follows the borders of today."""
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("生效日期还没有到，请到期再登记。"))
        return day

    def told(self) -> list[tuple[str, str]]:
        """What was filled in, in words, for the page that asks whether it is meant."""
        words = []
        for name, value in self.cleaned_data.items():
            field = self.fields[name]
            if isinstance(value, Place):
                value = _("{value}（{code}）").format(value=value.name, code=value.code)
            elif isinstance(field, forms.ChoiceField):
                value = dict(field.choices).get(value) if value else ""
            elif isinstance(value, bool):
                value = _("是") if value else _("否")
            if value:
                words.append((str(field.label), str(value)))
        return words

    def act(self, by: User) -> Place:
        """Do it."""
        raise NotImplementedError

    def given(self, by: User) -> dict[str, Any]:
        """What every action wants."""
        return {"by": by, "day": self.cleaned_data["day"], "document": self.cleaned_data["document"]}


class Rename(Change):
    """Another name."""

    title, does = lazy("更名"), lazy("自生效日期起使用新名称。")
    name = forms.CharField(label=lazy("新名称"), max_length=80)
    field_order = ["name"]

    def act(self, by: User) -> Place:
        return actions.rename(place=self.place, name=self.cleaned_data["name"], **self.given(by))


class Move(Change):
    """Another parent."""

    title, does = lazy("划转"), lazy("自生效日期起划归另一个上级，它的下级随同划转。")
    parent = PlaceField(label=lazy("划归"), help_text=lazy("上级区域的名称或代码。"))
    field_order = ["parent"]

    def act(self, by: User) -> Place:
        return actions.move(place=self.place, parent=self.cleaned_data["parent"], **self.given(by))


class Merge(Change):
    """Into another of the same level."""

    title, does = lazy("并入"), lazy("自生效日期起并入同级的另一个区域，下级和名单随同并入，本区域撤销。")
    into = PlaceField(label=lazy("并入"), help_text=lazy("同级区域的名称或代码。"))
    field_order = ["into"]

    def act(self, by: User) -> Place:
        return actions.merge(places=[self.place], into=self.cleaned_data["into"], **self.given(by))


class Split(Change):
    """Into parts, with the children told apart."""

    title, does = lazy("拆分"), lazy("自生效日期起分出新的区域；逐个指定下级归哪一个。")
    close = forms.BooleanField(label=lazy("原区域撤销（不勾选则保留，只分出一部分）"), required=False, initial=True)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        plain = {"class": "form-control"}
        for n in NEW_PARTS:
            self.fields[f"code{n}"] = forms.CharField(
                label=_("新区域{n}代码").format(n=n),
                max_length=24,
                required=n == 1,
                validators=[CODE],
                widget=forms.TextInput(plain),
            )
            self.fields[f"name{n}"] = forms.CharField(
                label=_("新区域{n}名称").format(n=n), max_length=80, required=n == 1, widget=forms.TextInput(plain)
            )
        choices = [("", _("不指定")), *((str(n), _("新区域{n}").format(n=n)) for n in NEW_PARTS)]
        self.inside = list(self.place.children.open().order_by("code"))
        for child in self.inside:
            self.fields[f"child{child.pk}"] = forms.ChoiceField(
                label=child.name, choices=choices, required=False, widget=forms.Select({"class": "form-select"})
            )

    def clean(self) -> dict[str, Any]:
        """A code has its name, a name its code, and what is assigned goes to a part that is there."""
        data = super().clean() or {}
        for n in NEW_PARTS:
            if bool(data.get(f"code{n}")) != bool(data.get(f"name{n}")) and not {f"code{n}", f"name{n}"} & set(
                self.errors
            ):
                missing = f"name{n}" if data.get(f"code{n}") else f"code{n}"
                self.add_error(missing, _("代码和名称要一起填写。"))
        for child in self.inside:
            if data.get(f"child{child.pk}") and not data.get(f"code{data[f'child{child.pk}']}"):
                self.add_error(f"child{child.pk}", _("这个新区域没有填写。"))
        return data

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Code and name of each part, for the page."""
        return [(self[f"code{n}"], self[f"name{n}"]) for n in NEW_PARTS]

    def assigned(self) -> list[forms.BoundField]:
        """Which part each child goes to, for the page."""
        return [self[f"child{child.pk}"] for child in self.inside]

    def common(self) -> list[forms.BoundField]:
        """What every change asks for, for the page."""
        return [self["day"], self["document"]]

    def parts(self) -> list[actions.Part]:
        """The parts that were filled in, each with its children."""
        data = self.cleaned_data
        return [
            actions.Part(
                data[f"code{n}"], data[f"name{n}"],
                tuple(child for child in self.inside if data.get(f"child{child.pk}") == str(n)),
            )
            for n in NEW_PARTS
            if data.get(f"code{n}")
        ]  # fmt: skip

    def act(self, by: User) -> Place:
        actions.split(place=self.place, parts=self.parts(), close=self.cleaned_data["close"], **self.given(by))
        return self.place


class Close(Change):
    """An end."""

    title, does = lazy("撤销"), lazy("自生效日期起不再存在；它的名单此后计入接续的区域，不填则计入上级。")
    into = PlaceField(label=lazy("接续的区域"), required=False, help_text=lazy("可不填。"))
    field_order = ["into"]

    def act(self, by: User) -> Place:
        return actions.close(place=self.place, successor=self.cleaned_data["into"], **self.given(by))


class Found(Change):
    """A new place in this one."""

    title, does = lazy("新设下级"), lazy("在这里新设一个区域：乡镇街道、村社区、园区、市场、市场监管所或协会分会。")
    kind = forms.ChoiceField(label=lazy("类型"), choices=list(KINDS.items()), required=False)
    level = forms.ChoiceField(label=lazy("层级"))
    code = forms.CharField(label=lazy("代码"), max_length=24, validators=[CODE])
    name = forms.CharField(label=lazy("名称"), max_length=80)
    field_order = ["kind", "level", "code", "name"]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        levels = list(LEVELS)
        lower = levels[levels.index(self.place.level) + 1 :]
        self.fields["level"].choices = [(level, LEVELS[level]) for level in lower]
        self.fields["code"].widget.attrs["placeholder"] = self.place.code

    def act(self, by: User) -> Place:
        data = self.cleaned_data
        return actions.found(
            code=data["code"],
            name=data["name"],
            level=data["level"],
            kind=data["kind"],
            parent=self.place,
            **self.given(by),
        )


WAYS: dict[str, type[Change]] = {
    "found": Found, "rename": Rename, "move": Move, "merge": Merge, "split": Split, "close": Close,
}  # fmt: skip
