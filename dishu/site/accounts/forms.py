"""What the pages of accounts ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site.accounts.roles import ROLES
from dishu.site.accounts.scope import Scope
from dishu.site.territory.models import Place

LOGIN = RegexValidator(r"^[a-z0-9][a-z0-9._-]{2,39}$", lazy("登录名由小写字母、数字、点、横线组成，3 至 40 位。"))


def styled(form: forms.Form) -> None:
    """The kit's classes on the form's fields."""
    for field in form.fields.values():
        field.widget.attrs["class"] = "form-select" if isinstance(field.widget, forms.Select) else "form-control"


def day_field(label: str) -> forms.DateField:
    """A day, today unless said otherwise."""
    return forms.DateField(
        label=label, initial=timezone.localdate, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


class Post(forms.Form):
    """A role at a place of the scope from a day on."""

    role = forms.ChoiceField(
        label=lazy("角色"),
        choices=lambda: [
            (code, _("{title}：{does}").format(title=role.title, does=role.does))
            for code, role in ROLES.items()
            if role.appointed
        ],
    )
    place = forms.CharField(label=lazy("区域"), help_text=lazy("辖区内区域的代码或名称；该角色管到它和它的下级。"))
    since = day_field(lazy("任职日期"))

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        self.scope = scope
        styled(self)

    def clean_place(self) -> Place:
        """The place meant, inside the administrator's own scope."""
        text = self.cleaned_data["place"].split()[0]
        among = self.scope.places().open()
        found = list(among.filter(code=text)[:1]) or list(among.filter(name=text)[:2])
        if len(found) != 1:
            problem = _("有几个区域叫这个名称，请填代码") if found else _("您的辖区内没有这个代码或名称的区域")
            raise forms.ValidationError(_("{problem}：{text}。").format(problem=problem, text=text))
        return found[0]


class Opening(Post):
    """A new account with its first role."""

    username = forms.CharField(
        label=lazy("登录名"), max_length=40, validators=[LOGIN], widget=forms.TextInput({"autocomplete": "off"})
    )
    name = forms.CharField(label=lazy("姓名"), max_length=40, widget=forms.TextInput({"autocomplete": "off"}))
    field_order = ["username", "name"]


class Release(forms.Form):
    """The day a role ends."""

    until = day_field(lazy("免去日期"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        styled(self)


class Reason(forms.Form):
    """Why; it stands in the trail."""

    reason = forms.CharField(
        label=lazy("理由"), max_length=200, help_text=lazy("写明谁在什么时候以什么方式提出；留在操作记录里。")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        styled(self)
