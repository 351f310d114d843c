"""The rows behind one number: fifty at a time on screen, all of them as a table; the same rows the number counts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.csv as pa_csv
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as lazy

from dishu.engine import backends, labels
from dishu.engine import figures as engine
from dishu.engine.baseline.lists import SHOWN, SITUATION, Register, harmless, listed
from dishu.engine.indicators import BY_CODE, Indicator
from dishu.engine.profile import FLAGS
from dishu.site import bulk
from dishu.site.accounts.guard import may
from dishu.site.membership.models import Member, Organization, OrganizationState, Standing
from dishu.site.registry.models import Instructor, Unit, UnitState
from dishu.site.reports.asked import SLICES, Asked, asked
from dishu.site.reports.soon import patient
from dishu.site.reports.trouble import BY_LIST, Trouble, allowed
from dishu.site.reports.views import frame
from dishu.site.territory.models import on
from dishu.site.trail import lines as trail
from dishu.site.ui import numbers
from dishu.site.ui.templatetags.ui import number
from dishu.site.ui.words import said, words

PAGE = 50
SUBJECTS = {"unit": Unit, "member": Member, "org": Organization, "instructor": Instructor}
#: The dated state whose row of a roster stands for the subject, and the name of its page.
STATES = {"unit": (UnitState, "unit"), "member": (Standing, "member"), "org": (OrganizationState, "organization")}
SITUATIONS = {"total": lazy("全部"), **words(SITUATION)}
#: The same words where what is counted is trouble.
OF_TROUBLE = {"total": lazy("全部"), "held": lazy("有此情形"), "failed": lazy("没有"), "unknown": lazy("不明")}
#: What one must be allowed to see to see the rows' names.
NAMES = {"unit": "units.read", "member": "members.read", "org": "figures.read", "instructor": "units.read"}
#: The same of their pages: an organization's shows its members.
PAGES = NAMES | {"org": "members.read"}


def behind(question: Asked, one: Indicator, part: str) -> Any:
    """The rows behind one number of a question, as a table on DuckDB."""
    link = backends.duckdb()
    state = SLICES[question.part].of(question.edition.states(link, question.day, one.subject))
    return engine.rows({one.subject: state}, question.tree, one.code, question.place.code, part)


def _asked(request: HttpRequest, code: str, name: str, part: str) -> tuple[Asked, Indicator]:
    if name not in BY_CODE or part not in SITUATIONS:
        raise Http404
    question, one = asked(request, code), BY_CODE[name]
    if not question.there:
        raise Http404
    return question, one


@may("figures.read")
@patient
def rows(request: HttpRequest, code: str, name: str, part: str) -> HttpResponse:
    """The rows behind one number, fifty at a time."""
    question, one = _asked(request, code, name, part)
    page = numbers.page(request.GET.get("page", ""))
    table = behind(question, one, part).order_by("place", one.subject)
    found = table.limit(PAGE + 1, offset=(page - 1) * PAGE).to_pyarrow().to_pylist()
    figure = question.of([code]).get(code, {}).get(name)
    return render(
        request, "reports/rows.html",
        {**frame(request, question), "indicator": one, "figure": figure, "part": part,
         "titles": [(said(labels.column(title)), title not in FLAGS[one.subject]) for title in SHOWN[one.subject]],
         "lines": _lines(request, question, one, found[:PAGE]), "situations": OF_TROUBLE if one.bad else SITUATIONS, "page": page,
         "more": len(found) > PAGE, "trouble": _trouble(request, name, part), "may_export": request.scope.allows("export")},
    )  # fmt: skip


def _trouble(request: HttpRequest, name: str, part: str) -> Trouble | None:
    """What to do about these rows, where they are a list of trouble; without the button where one may not."""
    one = BY_LIST.get((name, part))
    return allowed(request, one) if one else None


def _lines(request: HttpRequest, question: Asked, one: Indicator, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with names, where they lie, what is known, and the row of the roster they come from."""
    keys = [row[one.subject] for row in found]
    visible = request.scope.allows(NAMES[one.subject])
    things = named(request, one.subject, keys) if visible else {}
    sources = _sources(one.subject, keys, question) if things else {}
    if one.subject == "member":
        trail.looked(by=request.user, at=things.values())
    return [
        {"key": row[one.subject], "name": things.get(row[one.subject]), "address": address(request, one.subject, row[one.subject], things),
         "place": question.tree.now.get(question.tree.node(row["place"]) or ""), "outcome": (OF_TROUBLE if one.bad else SITUATIONS)[row["outcome"]],
         "cells": [(said(labels.column(title)), *_cell(one.subject, title, row[title])) for title in SHOWN[one.subject]],
         "source": sources.get(row[one.subject])}
        for row in found
    ]  # fmt: skip


def named(request: HttpRequest, subject: str, keys: list[int]) -> dict[int, Any]:
    """Those of the subjects that lie in the scope."""
    things = SUBJECTS[subject].objects.filter(pk__in=keys).select_related("place")
    inside = request.scope.narrow(things)
    return {thing.pk: thing for thing in inside}


def _sources(subject: str, keys: list[int], question: Asked) -> dict[int, Any]:
    if subject not in STATES:
        return {}
    model, _ = STATES[subject]
    field = "unit_id" if subject == "unit" else f"{subject}_id"
    states = model.objects.filter(on(question.day), **{f"{field}__in": keys}, upload__isnull=False)
    return {getattr(state, field): state for state in states.select_related("upload")}


def address(request: HttpRequest, subject: str, key: int, things: dict[int, Any]) -> str:
    """The record's own page, where there is one and the reader may open it."""
    if key not in things or subject not in STATES or not request.scope.allows(PAGES[subject]):
        return ""
    try:
        return reverse(STATES[subject][1], args=[key])
    except NoReverseMatch:
        return ""


def _cell(subject: str, title: str, value: Any) -> tuple[str, bool]:
    """What is known, in words, and whether it is a number."""
    return (said(labels.value(value)), False) if title in FLAGS[subject] else (number(value), True)


@may("export")
@patient
def export(request: HttpRequest, code: str, name: str, part: str) -> HttpResponse:
    """All rows behind a number as CSV; who took them away stands in the trail."""
    question, one = _asked(request, code, name, part)
    if not request.scope.allows(NAMES[one.subject]):
        raise Http404
    found = behind(question, one, part).to_pyarrow()
    names = register(one.subject, found[one.subject].to_pylist(), question)
    table = listed(found, one.subject, question.tree, names)
    trail.write(
        by=request.user, verb="exported", subject=question.place, place=question.place,
        details={"indicator": name, "part": part, "day": str(question.day), "rows": table.num_rows},
    )  # fmt: skip
    sink = pa.BufferOutputStream()
    pa_csv.write_csv(harmless(table), sink)
    content = b"\xef\xbb\xbf" + sink.getvalue().to_pybytes()  # the mark by which Excel knows UTF-8
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    named = f"{said(one.name)}-{question.place.name}-{SITUATIONS[part]}-{question.day}.csv"
    response.headers["Content-Disposition"] = _attachment(named)
    return response


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"


_REGISTER = {
    "unit": "SELECT t.id, coalesce(t.code, ''), t.name, up.name, s.sheet, s.row FROM registry_unit t"
    " JOIN registry_unitstate s ON s.unit_id = t.id AND {holds} LEFT JOIN intake_upload up ON up.id = s.upload_id",
    "member": "SELECT t.id, '', t.name, up.name, s.sheet, s.row FROM membership_member t"
    " JOIN membership_standing s ON s.member_id = t.id AND {holds} LEFT JOIN intake_upload up ON up.id = s.upload_id",
    "org": "SELECT t.id, '', t.name, up.name, s.sheet, s.row FROM membership_organization t"
    " JOIN membership_organizationstate s ON s.org_id = t.id AND {holds} LEFT JOIN intake_upload up ON up.id = s.upload_id",
}  # fmt: skip


def register(subject: str, keys: list[int], question: Asked) -> Register:
    """The names of some subjects as far as one may see them, for lists to take away."""
    if subject not in _REGISTER:
        return Register({})
    fields = [(subject, pa.int64()), ("code", pa.string()), ("name", pa.string()), ("source_file", pa.string()),
              ("source_sheet", pa.string()), ("source_row", pa.int64())]  # fmt: skip
    day = f"DATE '{question.day.isoformat()}'"
    holds = f"s.since <= {day} AND (s.until IS NULL OR s.until > {day})"
    query = f"{_REGISTER[subject].format(holds=holds)} WHERE t.id = ANY (%s)"
    return Register({subject: bulk.fetch(query, pa.schema(fields), [keys])})
