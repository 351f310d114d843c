"""What a form says of a field that is wrong: in words of the office, not of those who write programs."""

from __future__ import annotations

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as lazy

#: Kind of field, what is wrong, what to do. Django's own texts speak of fields and valid values.
SAID = (
    (forms.Field, "required", lazy("请填写这一项。")),
    (forms.ChoiceField, "required", lazy("请选择一项。")),
    (forms.ChoiceField, "invalid_choice", lazy("“%(value)s”不在可选的几项里，请重新选择。")),
    (forms.DateField, "invalid", lazy("请填写日期，例如 2026-06-30。")),
    (forms.IntegerField, "invalid", lazy("请填写整数。")),
)


def speak() -> None:
    """From now on every form says it so."""
    for kind, what, text in SAID:
        kind.default_error_messages = kind.default_error_messages | {what: text}
    MinValueValidator.message = lazy("不能小于 %(limit_value)s。")
    MaxValueValidator.message = lazy("不能大于 %(limit_value)s。")
