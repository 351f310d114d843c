"""The figures of a place, and one indicator of it: definition, rule of the day, denominators, places below, trend."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.engine.indicators import ALL, BY_CODE, Indicator
from dishu.engine.indicators.six import SIX
from dishu.site.accounts.guard import may
from dishu.site.intake.models import Upload
from dishu.site.reports import history
from dishu.site.reports.asked import BORDERS, PARTS, Asked, Figure, asked
from dishu.site.reports.soon import patient
from dishu.site.territory.models import Reach
from dishu.site.ui.words import said
from dishu.standards import calendar, law

#: What a drawing says; it comes with the numbers, so that no script speaks a language of its own.
DRAWN = {"held": lazy("达到"), "failed": lazy("未达到"), "unknown": lazy("情况不明"), "goal": lazy("目标")}
VIEWS = {"table": lazy("表"), "bars": lazy("条形"), "tiles": lazy("方块")}
#: The group of plain counts and sums: nothing to reach, so one number and not four.
SUM = BY_CODE["units"].group
#: The same question with several honest denominators, side by side (docs/explanation/three-denominators.md).
BESIDE = (
    ("plan_progress", "plan_progress_qualifying", "plan_progress_all"),
    ("org_coverage", "org_coverage_with_members", "org_coverage_due"),
    ("single_formed", "single_formed_present"),
)


def frame(request: HttpRequest, question: Asked) -> dict[str, Any]:
    """What every page of figures shows around its own: the way up as far as one may go, the pickers."""
    path = [question.tree.now[code] for code in reversed(question.tree.path(question.place.code))]
    mine = set(request.scope.places().filter(code__in=[p.place for p in path]).values_list("code", flat=True))
    return {
        "asked": question, "place": question.place, "path": [p for p in path if p.place in mine], "parts": PARTS,
        "borders": BORDERS, "days": _days(request, question),
    }  # fmt: skip


def _days(request: HttpRequest, question: Asked) -> list[tuple[str, date]]:
    """Days somebody may well want: today, the last rosters', the ends of the last quarter and year."""
    today = question.today
    here = Reach.objects.filter
    touching = Q(place__in=here(node=question.place).values("place")) | Q(
        place__in=here(place=question.place).values("node")
    )
    rosters = Upload.objects.filter(touching, stage="committed").order_by("-day")  # days only, of whoever sent them
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    found = [(_("今天"), today)]
    found += [(_("最近名册"), day) for day in rosters.values_list("day", flat=True).distinct()[:2]]
    found += [
        (_("上季末"), calendar.month_end(calendar.add_months(quarter, -1))),
        (_("上年末"), date(today.year - 1, 12, 31)),
    ]
    return list({day: (text, day) for text, day in reversed(found)}.values())[::-1]


@may("figures.read")
def start(request: HttpRequest) -> HttpResponse:
    """The figures of my own place."""
    top = request.scope.tops().first()
    if top is None:
        raise Http404
    return redirect("figures", top.code)


@may("figures.read")
@patient
def figures(request: HttpRequest, code: str) -> HttpResponse:
    """The six 100 % of a place, its children compared, and all other indicators."""
    question = asked(request, code)
    if not question.there:
        return render(request, "reports/gone.html", _gone(request, question))
    found = question.of([code, *(child.place for child in question.children)])
    mine = found.get(code, {})
    groups: dict[str, list[tuple[Indicator, Figure]]] = {}
    for one in ALL:
        if one.code in mine and one not in SIX:
            group = _("六个100%的其他口径") if one.group == SIX[0].group else said(one.group)
            groups.setdefault(group, []).append((one, mine[one.code]))
    six = [(one, mine.get(one.code), question.small.get(one.code)) for one in SIX]
    chosen = BY_CODE.get(request.GET.get("of", ""), SIX[0])
    return render(
        request, "reports/figures.html",
        {**frame(request, question), "six": six, "bare": bare(mine), "groups": groups, "SIX": SIX, "deadline": deadline(question), "sums": {said(SUM)},
         "children": [(child, found.get(child.place, {})) for child in question.children],
         **_compared(request, question, chosen if chosen in SIX else SIX[0], found)},
    )  # fmt: skip


def bare(mine: dict[str, Figure]) -> bool:
    """Whether nothing at all is registered there: nothing to count is not the same as nothing wrong."""
    return not any(figure["total"] or figure["held"] for figure in mine.values())


def _gone(request: HttpRequest, question: Asked) -> dict[str, Any]:
    """Where the place does not exist on the day: what it is part of, and when it did."""
    states = question.place.states.order_by("since")
    node = question.tree.node(question.place.code)
    mine = request.scope.places().filter(code=node).first() if node else None
    now = question.borders == "then" and question.place.code in question.edition.tree(question.today).now
    closed = question.place.closed_on
    last = closed - timedelta(days=1) if closed and closed <= question.day else None
    return {**frame(request, question), "states": states, "successor": mine, "now": now, "last": last}


def deadline(question: Asked) -> dict[str, Any] | None:
    """The day by which the six are to be reached, as the rules of the asked day say; None where none was set yet."""
    until = law.at(question.day).find("six_100_deadline")
    if until is None:
        return None
    left = (until - question.day).days
    return {"day": until, "left": left, "long": how_long(abs(left))}


def how_long(days: int) -> str:
    """So many days as somebody would say it."""
    if days < 60:
        return _("{days} 天").format(days=days)
    return _("{months} 个月").format(months=days // 30) if days < 730 else _("{years} 年多").format(years=days // 365)


def _compared(
    request: HttpRequest, question: Asked, one: Indicator, found: dict[str, dict[str, Figure]]
) -> dict[str, Any]:
    """The places below, as a table or drawn; a drawing is of one indicator."""
    plain = one.group == SUM
    view = "table" if plain else request.GET.get("view", "table")
    names = {child.place: child.name for child in question.children}
    below = [
        {**found[place][one.code], "name": name, "colour": _colour(found[place][one.code]["share"], one.bad)}
        for place, name in names.items() if one.code in found.get(place, {})
    ]  # fmt: skip
    below.sort(key=lambda figure: (-figure["gap"], figure["place"]))
    return {
        "plain": plain, "views": VIEWS, "view": view if view in VIEWS else "table", "of": one, "below": below,
        "drawn": {"kind": "bars", "rows": below, "goal": one.goal, "words": DRAWN},
    }  # fmt: skip


#: From all to none, each dark enough for white text to be read on it (contrast 4.5 and more).
_SHADES = ("#256b42", "#4d6b2a", "#6d6318", "#8a5a0c", "#a34a0a", "#a8330b", "#9b1c1c")


def _colour(share: float | None, bad: bool) -> str:
    """The tile of a place: green only where everything is reached, the darker the red the larger the gap."""
    if share is None:
        return "#57606a"
    gap = share if bad else 1 - share
    return _SHADES[0] if gap == 0 else _SHADES[1 + min(5, int(gap * 6))]


@may("figures.read")
@patient
def indicator(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One indicator: what it counts, by which rule, its parts, the places below."""
    if name not in BY_CODE:
        raise Http404
    question, one = asked(request, code), BY_CODE[name]
    if not question.there:
        return render(request, "reports/gone.html", _gone(request, question))
    found = question.of([code, *(child.place for child in question.children)])
    mine = found.get(code, {})
    beside = next((names for names in BESIDE if name in names), ())
    return render(
        request, "reports/indicator.html",
        {**frame(request, question), "indicator": one, "figure": mine.get(name), "small": question.small.get(name),
         "beside": [(BY_CODE[other], mine.get(other)) for other in beside], "rules": rules(one, question.day),
         "deadline": deadline(question) if "six_100_deadline" in one.rules else None,
         **_compared(request, question, one, found)},
    )  # fmt: skip


def rules(one: Indicator, day: date) -> list[dict[str, Any]]:
    """The rules an indicator rests on, as they stood on the day; those not yet in force are said to be so."""
    read = law.at(day)
    found = []
    for name in one.rules:
        try:
            found.append({"title": said(law.rule(name).title), "reading": read.reading(name)})
        except law.OutsideDates:
            found.append({"title": said(law.rule(name).title), "reading": None})
    return found


@may("figures.read")
@patient
def trend(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """The piece of the indicator's page with the trend over two years; it comes when it is ready."""
    if name not in BY_CODE:
        raise Http404
    question, one = asked(request, code), BY_CODE[name]
    day = min(question.day, timezone.localdate())
    found = history.trend(question.edition, question.tree, code, name, day)
    return render(
        request, "reports/_trend.html",
        {"trend": found, "indicator": one, "asked": question, "place": question.place,
         "drawn": {"kind": "trend", "rows": found.points, "goal": one.goal, "words": DRAWN}},
    )  # fmt: skip


@may("figures.read")
@patient
def six(request: HttpRequest, code: str) -> HttpResponse:
    """The six in small, for the work desk."""
    question = asked(request, code)
    mine = question.of([code]).get(code, {}) if question.there else {}
    return render(
        request, "reports/_six.html",
        {"place": question.place, "asked": question, "six": [(one, mine.get(one.code)) for one in SIX],
         "deadline": deadline(question)},
    )  # fmt: skip
