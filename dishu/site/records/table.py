"""The rows of a list as they stand in its table; drawn here, because the template language takes ten times as long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dishu.site.records.lists import Asked, Column
from dishu.site.ui.templatetags.ui import number

#: A word of fewer characters is not broken.
SHORT = 9


def body(asked: Asked, ticks: bool) -> SafeString:
    """A page of rows: a box to tick where something can be done with many, then a cell for each column."""
    cells = [(column.key, _cell(column, asked.listing.record)) for column in asked.chosen]
    drawn = [
        f"<tr>{_tick(row) if ticks else ''}{''.join(cell(row[key], row['pk']) for key, cell in cells)}</tr>\n"
        for row in asked.rows
    ]
    return mark_safe("".join(drawn))  # every value of a row went through escape


def _tick(row: dict[str, Any]) -> str:
    spoken = escape(_("选中 %(row)s") % {"row": row["name"]})
    return f'<td class="tick"><input class="form-check-input" type="checkbox" name="pk" value="{row["pk"]}" aria-label="{spoken}"></td>'


def _cell(column: Column, record: str) -> Callable[[Any, int], str]:
    """How a column draws one value of the row with that key."""
    if column.key == "name":
        before, _pk, after = reverse(record, args=[0]).rpartition("0")
        return lambda value, pk: (
            f'<th scope="row" class="fw-normal{" text-nowrap" if len(value) < SHORT else ""}"><a class="linked" href="{before}{pk}{after}">{escape(value)}</a></th>'
        )
    label = f'data-label="{escape(column.title)}"'
    if column.kind == "int":
        return lambda value, _pk: f'<td class="num" {label}>{number(value)}</td>'
    if column.kind == "day":
        return lambda value, _pk: f'<td class="text-nowrap" {label}>{_day(value)}</td>'
    return lambda value, _pk: _text(str(value or ""), label)


def _day(value: date | None) -> str:
    return value.isoformat() if value else "—"


def _text(value: str, label: str) -> str:
    return f"<td {label}{' class="text-nowrap"' if len(value) < SHORT else ''}>{escape(value or '—')}</td>"
