"""From a record back to the cell: the row of the roster as it was sent, with the columns of other people withheld."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.engine.intake import FileRefused, Limits
from dishu.engine.intake.files import Mapped, sheets
from dishu.engine.intake.grid import Grid
from dishu.engine.intake.header import Head
from dishu.site.accounts.guard import everyone
from dishu.site.intake.actions import PERSONAL
from dishu.site.intake.models import Sourced
from dishu.site.membership import models as membership
from dishu.site.registry import models as registry
from dishu.site.trail import lines as trail
from dishu.standards import ids

#: What can be asked for: the model, the way to the place that says who may see it, and the right.
KINDS: dict[str, tuple[type[Sourced], str, str]] = {
    "unitstate": (registry.UnitState, "unit__place", "units.read"),
    "posting": (registry.Posting, "unit__place", "units.read"),
    "coverage": (membership.Coverage, "unit__place", "units.read"),
    "planned": (membership.Planned, "unit__place", "units.read"),
    "organizationstate": (membership.OrganizationState, "place", "figures.read"),
    **{
        name: (model, "member__place", "members.read")
        for name, model in (
            ("standing", membership.Standing), ("employment", membership.Employment),
            ("affiliation", membership.Affiliation), ("participation", membership.Participation),
            ("shown", membership.Shown),
        )
    },
}  # fmt: skip
#: Fields whose content is about one person and is shown masked.
MASKS = {"citizen_id": ids.mask_citizen_id, "phone": ids.mask_phone}
WITHHELD = lazy("（不显示）")


@dataclass(frozen=True)
class Cell:
    """One cell of the row: where it stands, what it is called, what stood in it."""

    at: str
    title: str
    text: str
    withheld: bool


def cells(path: Path, layout: str, sheet: str, row: int, mapping: Mapped | None = None) -> list[Cell]:
    """The cells of one row of a file. Columns that no field claims may hold anything and are withheld too."""
    for grid, head in sheets(path, layout or None, mapping, Limits(), []):
        if head is not None and (not sheet or grid.name in (sheet, "")):
            return _cells(head, _row(grid, row))
    raise Http404


def _row(grid: Grid, row: int) -> list[str | None]:
    for block in grid.blocks():
        if block.first <= row < block.first + block.cells.num_rows:
            return [column[row - block.first].as_py() for column in block.cells.columns]
    raise Http404


def _cells(head: Head, written: list[str | None]) -> list[Cell]:
    found = []
    for at, (title, field) in enumerate(zip(head.titles, head.fields, strict=True)):
        if not title:
            continue
        text = written[at] if at < len(written) else None
        hidden = field is None or field.name in PERSONAL
        if text and not hidden and field is not None and field.name in MASKS:
            text = MASKS[field.name](text)
        found.append(Cell(_letters(at), title, WITHHELD if hidden and text else text or "", hidden))
    return found


def _letters(at: int) -> str:
    """The name of a column as a table program shows it.

    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(65 + rest) + text
    return text


@everyone
def source(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The row of the roster a record was read from."""
    if kind not in KINDS:
        raise Http404
    model, place, right = KINDS[kind]
    if not request.scope.allows(right):
        raise Http404
    whose = place.split("__")[0]
    related = ["upload", "upload__by", whose] + ([place] if "__" in place else [])
    records = model.objects.filter(upload__isnull=False, row__isnull=False).select_related(*related)
    record: Any = get_object_or_404(request.scope.narrow(records, place), pk=pk)
    subject = getattr(record, "unit", None) or getattr(record, "member", None) or getattr(record, "org", None)
    lies = getattr(subject, "place", None) or getattr(record, "place", None)
    trail.write(
        by=request.user, verb="looked", subject=subject, place=lies,
        details={"upload": record.upload_id, "sheet": record.sheet, "row": record.row},
    )  # fmt: skip
    problem, found = "", []
    try:
        found = cells(
            Path(record.upload.file.path), record.upload.layout, record.sheet, record.row, record.upload.mapping
        )
    except FileRefused as refused:
        problem = f"{refused.text}。{refused.mend}"
    except (FileNotFoundError, ValueError):  # Django's word for an upload without a file
        problem = _("原文件已不在服务器上，请联系系统管理员从备份中找回。")
    return render(
        request, "reports/source.html",
        {"record": record, "subject": subject, "back": reverse(str(subject._meta.model_name), args=[subject.pk]),
         "cells": found, "problem": problem, "upload": record.upload},
    )  # fmt: skip
