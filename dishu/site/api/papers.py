"""The forms of the pages as bodies of calls: the same fields, the same checks, the same values for the actions."""

from datetime import date
from typing import Any, Literal

from django import forms
from django.conf import settings
from django.utils.translation import override
from pydantic import Field, create_model

from dishu.site.api.calls import invalid
from dishu.site.api.errors import Refusal
from dishu.site.api.writes import Body
from dishu.site.records.forms import Pick

#: Whose choices hang on the record: the form itself checks them.
LOOSE = ("industry", "level")


@override(settings.LANGUAGE_CODE)  # whoever comes first, the document is the same
def body_of(name: str, fields: dict[str, forms.Field], base: type[Body] = Body) -> type[Body]:
    """A body with the fields of a form. What is left out stays as it is, or unknown."""
    known = {key: _typed(key, one) for key, one in fields.items() if key not in base.model_fields}
    return create_model(name, __base__=base, **known)  # type: ignore[call-overload, no-any-return]


def _typed(key: str, one: forms.Field) -> tuple[Any, Any]:
    kind, more = _kind(key, one)
    more["description"] = f"{one.label}　{one.help_text}".strip("　")
    return (kind, Field(**more)) if one.required else (kind | None, Field(None, **more))


def _kind(key: str, one: forms.Field) -> tuple[Any, dict[str, Any]]:
    """The type of a field's value and what limits it."""
    if isinstance(one, Pick) and one.what != "place":
        return int, {"ge": 1, "lt": 2**62}
    if isinstance(one, forms.BooleanField):
        return bool, {}
    if isinstance(one, forms.IntegerField):
        return int, {"ge": 0, "lt": 2**62}
    if isinstance(one, forms.DateField):
        return date, {}
    if isinstance(one, forms.ChoiceField) and key not in LOOSE:
        values = [value for value, _ in one.choices if value != ""]
        return (bool, {}) if values == ["True", "False"] else (Literal[*values], {})
    limit = getattr(one, "max_length", None) or 200
    return str, {"max_length": limit} | ({"min_length": 1} if one.required else {})


def data(fields: dict[str, forms.Field], starts: dict[str, Any], body: Body) -> dict[str, str]:
    """What a browser would send: the present values, and those of the body over them."""
    sent = body.model_dump(exclude_unset=True)
    found = {key: plain(value) for key, value in starts.items()}
    for key, value in sent.items():
        picked = key in fields and isinstance(fields[key], Pick) and isinstance(value, int)
        found[key] = f"#{value}" if picked else plain(value)
    return found


def plain(value: Any) -> str:
    """A value as a browser would send it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def checked(form: Any) -> Any:
    """The form, in order; `Refusal` with every problem where it is not."""
    if not form.is_valid():
        raise problems(form)
    return form


def problems(form: Any) -> Refusal:
    """What the form says is wrong."""
    return invalid([
        ("" if name == "__all__" else name, str(text)) for name, texts in form.errors.items() for text in texts
    ])  # fmt: skip
