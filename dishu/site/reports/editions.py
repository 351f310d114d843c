"""Sealed editions on screen: list, one with its check, two compared row by row, reports to take away."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from dishu.engine import backends
from dishu.engine.baseline import outputs
from dishu.engine.baseline.lists import SITUATION, Register
from dishu.engine.comparing import compare
from dishu.engine.indicators import BY_CODE
from dishu.engine.indicators.six import SIX
from dishu.engine.report import excel, word
from dishu.site.accounts.guard import may
from dishu.site.reports import sealing
from dishu.site.reports.asked import by_place
from dishu.site.reports.models import Sealed
from dishu.site.reports.rows import NAMES, address, named
from dishu.site.reports.soon import Computing, patient, soon
from dishu.site.trail import lines as trail
from dishu.site.ui import numbers
from dishu.site.ui.numbers import LAST, number
from dishu.site.ui.words import differing, words

PAGE = 50
CHANGES = {"entered": lazy("进入"), "left": lazy("移出"), "changed": lazy("改变")}
WRITERS = {"xlsx": excel.write, "docx": word.write}


def _proved(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nothing is compared or reported from files that are not those that were sealed: the edition's page says so."""

    @wraps(view)
    def proving(request: HttpRequest, pk: int, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, pk, *args, **kwargs)
        except sealing.Changed as why:
            messages.error(request, _("文件已不是封存时的样子，没有照办：{why}").format(why=why))
            return redirect("edition", pk)

    return proving


def seen(request: HttpRequest) -> Any:
    """Sealed editions of the scope."""
    return request.scope.narrow(Sealed.objects.select_related("place", "by"))


@may("figures.read")
def editions(request: HttpRequest) -> HttpResponse:
    """What was sealed at my places, the latest first; and sealing."""
    before = number(request.GET.get("after", "")) or LAST
    page = list(seen(request).filter(pk__lt=before)[: PAGE + 1])
    tops = request.scope.tops().filter(level__in=sealing.LEVELS)
    return render(
        request, "reports/editions.html",
        {"editions": page[:PAGE], "more": page[PAGE - 1].pk if len(page) > PAGE else None, "today": timezone.localdate(),
         "tops": tops if request.scope.allows("editions.seal") else []},
    )  # fmt: skip


@may("editions.seal")
@require_POST
def seal(request: HttpRequest) -> HttpResponse:
    """Seal a place as of a day."""
    begun = timezone.now()
    place = get_object_or_404(request.scope.places(), code=request.POST.get("place"))
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
        made = sealing.seal(by=request.user, place=place, day=day, note=request.POST.get("note", "")[:200])
    except Computing:
        return _not_sealed(request, _("刚有较多记录入库，数字正在重算，请过一会儿再封存。"))
    except ValueError as why:
        text = str(why) if isinstance(why, sealing.Impossible) else _("请填写日期，例如 2011-12-31。")
        return _not_sealed(request, text)
    if made.moment < begun:
        messages.info(request, _("这一天的记录与早先封存的这一版完全相同，没有另封一版。"))
    else:
        messages.success(request, _("已封存：版次 {contents}。此后不能修改。").format(contents=made.contents[:8]))
    return redirect("edition", made.pk)


def _not_sealed(request: HttpRequest, why: str) -> HttpResponse:
    """Back to the list with the reason, and with all that was filled in."""
    messages.warning(request, why)
    typed = {name: request.POST.get(name, "") for name in ("place", "day", "note")}
    return redirect(f"{reverse('editions')}?{urlencode(typed)}")


@may("figures.read")
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """One sealed edition: its six as sealed, whether its files still are what they were, what to do with it."""
    one = get_object_or_404(seen(request), pk=pk)
    problem, six = "", []
    try:
        figures = by_place(sealing.opened(one).sealed_figures(), [one.place.code]).get(one.place.code, {})
        six = [(indicator, figures.get(indicator.code)) for indicator in SIX]
    except sealing.Changed as why:
        problem = str(why)
    others = seen(request).filter(place=one.place).exclude(pk=pk)[:20]
    return render(request, "reports/edition.html", {"edition": one, "six": six, "problem": problem, "others": others})


@may("figures.read")
@patient
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything proved: hashes, keys, rules, and the figures computed again."""
    one = get_object_or_404(seen(request), pk=pk)
    findings = soon(("check", one.manifest, timezone.now().strftime("%Y%m%d%H%M")), lambda: sealing.examine(one))
    return render(request, "reports/_check.html", {"edition": one, "findings": findings})


@may("figures.read")
@patient
@_proved
def compared(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Which rows entered, left or changed between two editions of a place, and why."""
    after = get_object_or_404(seen(request), pk=pk)
    before = get_object_or_404(seen(request).filter(place=after.place), pk=other)
    if (before.day, before.pk) > (after.day, after.pk):
        return redirect("compared", other, pk)
    table = soon(("compared", before.manifest, after.manifest), lambda: told_apart(before, after))
    counts = Counter(zip(table["indicator"].to_pylist(), table["change"].to_pylist(), strict=True))
    summary = [
        (one, [counts.get((one.code, change), 0) for change in CHANGES])
        for one in BY_CODE.values() if any(counts.get((one.code, change)) for change in CHANGES)
    ]  # fmt: skip
    chosen = BY_CODE.get(request.GET.get("of", "")) or (summary[0][0] if summary else None)
    mine, change = table, request.GET.get("change", "")
    if chosen:
        mine = mine.filter(pc.equal(mine["indicator"], chosen.code))
    if change in CHANGES:
        mine = mine.filter(pc.equal(mine["change"], change))
    page = numbers.page(request.GET.get("page", ""))
    return render(
        request, "reports/compared.html",
        {"before": before, "after": after, "summary": summary, "of": chosen, "changes": CHANGES, "page": page,
         "lines": _lines(request, chosen, mine.slice((page - 1) * PAGE, PAGE).to_pylist()),
         "more": mine.num_rows > page * PAGE, "change": change,
         "kinds": [(key, CHANGES[key], counts[chosen.code, key]) for key in CHANGES] if chosen else []},
    )  # fmt: skip


def told_apart(before: Sealed, after: Sealed) -> pa.Table:
    """Rows below the place that are not the same in both."""
    first, second = sealing.opened(before), sealing.opened(after)
    table = compare(first, second)
    inside = set()
    for one in (first, second):
        inside |= set(one.tree().under(after.place.code, table["place"].unique().to_pylist()))
    return table.filter(pc.is_in(table["place"], pa.array(sorted(inside), pa.string())))


def _lines(request: HttpRequest, one: Any, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the names one may see, each leading to its record."""
    if one is None:
        return []
    names = named(request, one.subject, [r["key"] for r in rows]) if request.scope.allows(NAMES[one.subject]) else {}
    if one.subject == "member":
        trail.looked(by=request.user, at=names.values())
    text = words(SITUATION) | {None: _("不在其中")}
    return [
        {**row, "name": names.get(row["key"]), "address": address(request, one.subject, row["key"], names),
         "was": text[row["before"]], "now": text[row["after"]],
         "reason": differing(row["reason"])}
        for row in rows
    ]  # fmt: skip


@may("figures.read")
@patient
@_proved
def report(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The report of a sealed edition as Word or Excel: counts only, no names."""
    one = get_object_or_404(seen(request), pk=pk)
    if kind not in WRITERS:
        raise Http404
    file = soon(("report", one.manifest, kind), lambda: _report(one, kind))
    if not file.exists():
        file = _report(one, kind)
    trail.write(by=request.user, verb="exported", subject=one, place=one.place, details={"report": kind})
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=_("{place}{day}底数情况报告-{contents}.{kind}").format(
            place=one.place.name, day=one.day, contents=one.contents[:8], kind=kind
        ),
    )


def _report(one: Sealed, kind: str) -> Path:
    """Written once beside the editions; the edition is proved first."""
    folder = Path(settings.HOME) / "editions" / "reports" / one.manifest
    file = folder / f"report.{kind}"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"draft.{kind}"
        found = outputs.Outputs(sealing.opened(one), Register({}), backends.duckdb(), one.place.code)
        WRITERS[kind](outputs.content(found, {}), draft)
        shutil.move(draft, file)
    return file
