"""The engine's words in the reader's language: its catalogues stay Chinese, and the site translates them at its border."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as lazy

from dishu.standards import codes
from dishu.standards.codes.industry import industries


def said(text: object) -> str:
    """A text of a catalogue (an indicator's name, a judge's reason) as this reader is told it; empty stays empty."""
    return gettext(str(text)) if text else ""


def words(catalogue: Mapping[str, str]) -> dict[str, Any]:
    """A list of codes with what they are called, each said when it is shown."""
    return {code: lazy(text) for code, text in catalogue.items()}


#: The short lists of the engine: list, code, word.
KINDS = {name: words(catalogue) for name, catalogue in codes.KINDS.items()}
#: The industries' letters with their names.
INDUSTRIES = {
    one.letter: format_lazy("{letter} {name}", letter=one.letter, name=lazy(one.name))
    for one in industries()
    if one.klass is None
}
