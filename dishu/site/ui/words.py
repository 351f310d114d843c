"""The engine's words in the reader's language: its catalogues stay Chinese, and the site translates them at its border."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as lazy

from dishu.standards import codes, problems
from dishu.standards.codes.industry import industries


def said(text: object) -> str:
    """A text of a catalogue (an indicator's name, a judge's reason) as this reader is told it; empty stays empty."""
    return gettext(str(text)) if text else ""


def judged(text: str) -> str:
    """Why two records may be the same: the judgement in the reader's language, the names and digits as they are."""
    what, of, digits = text.partition("（尾号")
    if of:
        return gettext("{what}（尾号{digits}）").format(what=gettext(what), digits=digits[:-1])
    what, colon, names = text.partition("：")
    return gettext(what) + (gettext("：") + names if colon else "")


def differing(reason: str) -> str:
    """Why a row stands elsewhere in a later edition: `摸底：不清→已摸清；…` in the reader's language, codes as they are."""
    return gettext("；").join(_differing(part) for part in reason.split("；"))


def _differing(part: str) -> str:
    what, _, sides = part.partition("：")
    was, arrow, now = sides.partition("→")
    return f"{gettext(what)}{gettext('：')}{said(was)}→{said(now)}" if arrow else gettext(part)


def retold(text: str) -> str:
    """A problem of a file or a row as this reader is told it: it was kept in Chinese, its facts are found in it again."""
    if not text or str(get_language()).startswith("zh"):
        return text
    for pattern, template in _templates():
        if found := pattern.fullmatch(text):
            facts = {name: fact if name == "value" else retold(fact) for name, fact in found.groupdict().items()}
            return gettext(template).format(**facts)
    parts = [part for part in text.split("。") if part]
    return ". ".join(map(retold, parts)) if len(parts) > 1 else ", ".join(map(said, text.split("、")))


@cache
def _templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The texts of the catalogue of problems, those with most words of their own first."""
    texts = {text for one in problems.catalogue().values() for text in (one.text, one.mend)} | {problems.ROW}
    own = {text: "".join(word for word, *_ in Formatter().parse(text)) for text in texts}
    return tuple((_pattern(text), text) for text in sorted(texts, key=lambda text: (-len(own[text]), text)))


def _pattern(template: str) -> re.Pattern[str]:
    pieces = (re.escape(word) + (f"(?P<{name}>.*)" if name else "") for word, name, *_ in Formatter().parse(template))
    return re.compile("".join(pieces), re.S)


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
