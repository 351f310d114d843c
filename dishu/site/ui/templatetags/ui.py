"""Small words of the templates: icons, numbers, shares."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from dishu.site.ui.words import judged, retold, said
from dishu.standards.codes.industry import industries

register = template.Library()
register.filter(retold)


@register.simple_tag
@lru_cache(maxsize=1024)  # a page has dozens, the site a few hundred
def icon(name: str, label: str = "") -> str:
    """An icon; with a label it is read out, without one it is only decoration."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" {} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
        ' stroke-linejoin="round"><use href="{}#i-{}"/></svg>',
        spoken, static("vendor/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def options(choices: Mapping[str, Any], chosen: Any = "") -> SafeString:
    """The answers of a select, the chosen one marked."""
    drawn = (f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(text)}</option>'
             for key, text in choices.items())  # fmt: skip
    return mark_safe("".join(drawn))  # both went through escape


@register.filter
def number(value: Any) -> str:
    """A number with its thousands apart; nothing as a dash."""
    return "—" if value in (None, "") else f"{value:,}"


@register.filter
def share(value: float | str | None) -> str:
    """A share in percent; what is not whole is never rounded up to 100 %."""
    if value is None or isinstance(value, str):
        return "—"
    text = f"{value:.1%}"
    return "99.9%" if text == "100.0%" and value < 1 else "100%" if value == 1 else text


@register.filter
def control(field: Any) -> str:
    """A form's field in the kit's clothes, for forms that are not ours."""
    kind = {"checkbox": "form-check-input", "select": "form-select"}.get(field.widget_type, "form-control")
    return field.as_widget(attrs={"class": kind, "placeholder": ""})


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """The value of a key."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter(name="in")
def word_in(code: Any, words: Any) -> str:
    """What a list calls a code; nothing as a dash, a code it does not know as it is."""
    return str(words.get(code, code)) if code not in (None, "") else "—"


@register.filter
def industry(code: str | None) -> str:
    """An industry's letter or number with its name; both may stand together (C13)."""
    plain = (code or "")[1:] or code
    name = next((one.name for one in industries() if plain == (one.klass or one.letter) or code == one.klass), "")
    return f"{code} {said(name)}".strip() if code else "—"


@register.filter(name="judged")
def in_judgement(text: str) -> str:
    """A reason of the matching in the reader's language."""
    return judged(text)


@register.filter(name="said")
def in_words(text: Any) -> str:
    """A text of the engine's catalogues in the reader's language."""
    return said(text)


@register.filter
def allows(scope: Any, what: str) -> bool:
    """Whether the scope may do this."""
    return bool(scope and scope.allows(what))


@register.simple_tag(takes_context=True)
def link(context: dict[str, Any], **changes: Any) -> str:
    """This page's address with some of its questions changed; empty takes one away."""
    request: HttpRequest = context["request"]
    asked = request.GET.dict() | changes
    return "?" + urlencode({key: value for key, value in asked.items() if value not in (None, "")})


@register.filter
def split(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


@register.filter
def kind(thing: Any) -> str:
    """What kind of record it is, as addresses name it."""
    return str(thing._meta.model_name)
