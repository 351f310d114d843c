"""Which column of a roster is which: proposed with sample values, corrected column by column, read anew."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dishu.engine.intake.header import is_ignored, key
from dishu.site.accounts.guard import may
from dishu.site.intake import actions
from dishu.site.intake.models import Upload
from dishu.site.rosters import work
from dishu.site.rosters.views import mine
from dishu.site.ui.words import said
from dishu.standards import forms

_DIGITS = re.compile(r"(?<!\d)(\d{3})\d{6,}([\dXx]{2})(?!\d)")


@dataclass(frozen=True)
class Line:
    """One column: its title, some of its values, the field it is taken for."""

    title: str
    samples: list[str]
    field: str
    corrected: bool


@dataclass(frozen=True)
class Sheet:
    """One sheet: what it is taken for, its columns, what may be chosen, what is lacking."""

    name: str
    layout: forms.Layout
    lines: list[Line]
    missing: tuple[str, ...]


@may("intake.upload")
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal, sheet by sheet; a correction has the roster read and previewed anew."""
    upload = mine(request, pk)
    if upload.stage not in ("previewed", "refused"):
        raise Http404
    sheets = _sheets(upload)
    if request.method == "POST":
        layout = request.POST.get("layout", "")
        layout = layout if layout in forms.names() else ""
        actions.correct(upload, by=request.user, layout=layout, columns=_said(request, upload, sheets, layout))
        transaction.on_commit(lambda: work.prepare.enqueue(upload.pk))
        return redirect("upload", upload.pk)
    return render(request, "rosters/columns.html", {"upload": upload, "sheets": sheets, "layouts": forms.layouts()})


def _sheets(upload: Upload) -> list[Sheet]:
    return [
        Sheet(one.sheet, forms.layout(one.layout), [
            Line(column.title, [shown(text, column.field) for text in column.samples], column.field or "",
                 column.title in upload.columns)
            for column in one.columns if column.title and not is_ignored(column.title)
        ], tuple(said(title) for title in one.missing))
        for one in actions.proposed(upload)
    ]  # fmt: skip


def shown(text: str, field: str | None) -> str:
    """A sample with its numbers masked; of people who may be no members only what tells that it is a name.

    >>> shown("13900001111", "phone"), shown("张三", "owner"), shown("12", "employees")
    ('139******11', '张*', '12')
    """
    if field in actions.PERSONAL and not any(sign.isdecimal() for sign in text):
        return text[:1] + "*" * (len(text) - 1)
    return _DIGITS.sub(lambda found: found[1] + "*" * (len(found[0]) - 5) + found[2], text)


def _said(request: HttpRequest, upload: Upload, sheets: list[Sheet], layout: str) -> dict[str, str]:
    """title -> field, where a person says otherwise than the names of the columns do. Another layout begins anew."""
    if any(layout not in ("", sheet.layout.name) for sheet in sheets):
        return {}
    found = dict(upload.columns)
    for number, sheet in enumerate(sheets):
        known = {field.name for field in sheet.layout.fields}
        for place, line in enumerate(sheet.lines):
            field = request.POST.get(f"column-{number}-{place}")
            if field is not None and field != line.field and (field in known or not field):
                found[line.title] = field
    return {title: field for title, field in found.items() if key(title)}
