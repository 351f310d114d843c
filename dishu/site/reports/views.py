"""The figures of a place, one indicator of it, and the rows behind each number."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from dishu.engine import figures as engine
from dishu.engine.indicators import ALL, BY_CODE
from dishu.engine.indicators.six import SIX
from dishu.site.accounts.guard import may
from dishu.site.membership.models import Member, Organization
from dishu.site.registry.models import Instructor, Unit
from dishu.site.reports.asked import PARTS, Asked, asked
from dishu.site.trail import lines as trail
from dishu.standards import law

PAGE = 50
SUBJECTS = {"unit": Unit, "member": Member, "org": Organization, "instructor": Instructor}
SITUATIONS = {"total": "全部", "held": "达到", "failed": "未达到", "unknown": "情况不明"}


def _frame(question: Asked) -> dict[str, Any]:
    """What every page of figures shows around its own: the way up, the pickers."""
    tree = question.tree
    path = [tree.now[code] for code in reversed(tree.path(question.place.code))]
    return {"asked": question, "place": question.place, "path": path, "parts": PARTS}


@may("figures.read")
def figures(request: HttpRequest, code: str) -> HttpResponse:
    """The six 100 % of a place, its children compared, and all other indicators."""
    question = asked(request, code)
    found = question.of(code)
    groups: dict[str, list[Any]] = {}
    for indicator in ALL:
        if indicator.code in found and indicator not in SIX:
            groups.setdefault(indicator.group, []).append((indicator, found[indicator.code]))
    six = [(indicator, found.get(indicator.code)) for indicator in SIX]
    children = [code for code, place in question.tree.now.items() if place.parent == question.place.code]
    rows = [(question.tree.now[child], question.of(child)) for child in sorted(children)]
    return render(
        request, "reports/figures.html",
        {**_frame(question), "six": six, "groups": groups, "children": rows, "codes": [i.code for i in SIX], "SIX": SIX},
    )  # fmt: skip


@may("figures.read")
def indicator(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One indicator: what it counts, by which rule, its parts, the places below."""
    if name not in BY_CODE:
        raise Http404
    question = asked(request, code)
    one = BY_CODE[name]
    return render(
        request, "reports/indicator.html",
        {**_frame(question), "indicator": one, "figure": question.of(code).get(name), "below": question.below(name),
         "rules": _rules(one, question)},
    )  # fmt: skip


def _rules(one: Any, question: Asked) -> list[law.Reading]:
    rules = law.at(question.day)
    for name in one.rules:
        try:
            rules.value(name)
        except law.OutsideDates:
            continue
    return list(rules.read)


@may("figures.read")
def rows(request: HttpRequest, code: str, name: str, part: str) -> HttpResponse:
    """The rows behind one number, fifty at a time."""
    if name not in BY_CODE or part not in SITUATIONS:
        raise Http404
    question = asked(request, code)
    one = BY_CODE[name]
    page = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdigit() else 1
    states = engine.states_at(question.edition.facts(), question.day)
    table = engine.rows(states, question.tree, name, code, part).order_by(one.subject)
    found = table.limit(PAGE + 1, offset=(page - 1) * PAGE).to_pyarrow().to_pylist()
    names = SUBJECTS[one.subject].objects.in_bulk([row[one.subject] for row in found[:PAGE]])
    if one.subject == "member":
        trail.looked(by=request.user, at=names.values())
    lines = [
        (row, names.get(row[one.subject]), question.tree.now.get(question.tree.node(row["place"]) or ""))
        for row in found[:PAGE]
    ]
    return render(
        request, "reports/rows.html",
        {**_frame(question), "indicator": one, "figure": question.of(code).get(name), "part": part, "lines": lines,
         "situations": SITUATIONS, "page": page, "more": len(found) > PAGE},
    )  # fmt: skip
