"""Where somebody was faster: what they wrote beside what I wrote, and what I left alone as they have it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dishu.site.records import history
from dishu.site.records.acts import Act
from dishu.site.records.forms import Paper
from dishu.site.registry.changing import Stale

Line = tuple[str, str, str | None]


def opened(doing: Act, subject: Any) -> dict[str, Any]:
    """What a form of a record starts from; it also carries this along, to tell later what was changed in it."""
    starts = doing.starts(subject)
    return starts | {"opened": {name: _plain(value) for name, value in starts.items()}}


def told(doing: Act, stale: Stale, paper: Paper, version: int) -> dict[str, Any]:
    """For the page: both values where they differ, who changed the record last, and the form as it can be sent again."""
    theirs = doing.form(initial=opened(doing, stale.now), scope=paper.scope)
    lines, again = _together(theirs, paper)
    again |= {"version": version, "opened": theirs["opened"].value()}
    page = doing.form(paper.data.dict() | again, initial=paper.initial, scope=paper.scope)
    page.add_error(None, str(stale))
    changed = (look for look in history.looks(stale.now, 50) if look.line.verb not in history.LOOKS)
    return {"paper": page, "theirs": lines, "last": next(changed, None)}


def _together(theirs: Paper, paper: Paper) -> tuple[list[Line], dict[str, Any]]:
    """What differs, as (title, theirs, mine or None where I left it alone); and the values that are taken from them."""
    lines, taken = [], {}
    carried = paper.cleaned_data.get("opened")
    before = carried if isinstance(carried, dict) else {}
    for field in paper.visible_fields():
        if field.name not in theirs.initial:
            continue
        now, mine = theirs[field.name].value(), field.value()
        if _plain(now) == _plain(mine):
            continue
        untouched = before.get(field.name) == _plain(mine)
        lines.append((str(field.label), _said(field, now), None if untouched else _said(field, mine)))
        if untouched:
            taken[field.name] = _plain(now)
    return lines, taken


def _plain(value: Any) -> str:
    """A value as a form sends it."""
    return "" if value is None else str(value)


def _said(field: Any, value: Any) -> str:
    """A value in the words of its field."""
    choices = dict(getattr(field.field, "choices", []))
    return str(choices.get(str(value), _("空") if value in (None, "") else value))
