"""Pages of the audit administrator: the trail of my scope, looked through; and the proof that none of it was changed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.site.accounts.guard import may
from dishu.site.accounts.models import User
from dishu.site.accounts.roles import ROLES
from dishu.site.territory.models import Place
from dishu.site.trail import chain
from dishu.site.trail import lines as trails
from dishu.site.trail.models import VERBS, TrailLine
from dishu.site.trail.words import told
from dishu.site.ui.numbers import LAST, number

PAGE = 50
#: What lines are about; other tables of the house stand in none.
SUBJECTS = (
    "membership.member", "registry.unit", "membership.organization", "territory.place", "intake.upload", "doubts.pair",
    "reports.sealed", "accounts.user", "api.token",
)  # fmt: skip
ASKED = ("who", "verb", "thing", "number", "place", "since", "until")


@may("trail.read")
def trail(request: HttpRequest) -> HttpResponse:
    """Lines by who, what, which thing, where, when: the latest first, fifty before a number."""
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    lines, problems = found(request, asked)
    before = number(request.GET.get("after", "")) or LAST
    rows = list(lines.filter(pk__lt=before).select_related("by")[: PAGE + 1])
    context = {
        "lines": _told(rows[:PAGE]), "more": rows[PAGE - 1].pk if len(rows) > PAGE else None, "verbs": VERBS,
        "things": _things(), "problems": problems, **asked,
    }  # fmt: skip
    return render(request, "accounts/trail.html", context)


def found(request: HttpRequest, asked: dict[str, str]) -> tuple[QuerySet[TrailLine], list[str]]:
    """The lines asked for, and what of the question could not be understood."""
    problems: list[str] = []
    rows = TrailLine.objects.all()
    if asked["who"]:
        users = list(User.objects.filter(username=asked["who"])[:1]) or list(
            User.objects.filter(name=asked["who"])[:20]
        )
        rows = rows.filter(by__in=[user.pk for user in users])
        problems += [] if users else [_("没有登录名或姓名是“{who}”的账号。").format(who=asked["who"])]
    if asked["verb"] in VERBS:
        rows = rows.filter(verb=asked["verb"])
    if asked["thing"] in dict(_things()):
        rows = rows.filter(subject_type=asked["thing"])
        if (one := number(asked["number"])) is not None:
            rows = rows.filter(subject_id=one)
    if asked["place"]:
        place = request.scope.places().filter(code=asked["place"]).first()
        rows = rows.filter(place_id__in=place.reaches.values("place")) if place else rows.none()
        problems += [] if place else [_("辖区内没有代码是“{place}”的区域。").format(place=asked["place"])]
    elif not request.scope.whole:
        rows = request.scope.narrow(rows, "place_id")
    return _between(rows, asked, problems), problems


def _between(found: QuerySet[TrailLine], asked: dict[str, str], problems: list[str]) -> QuerySet[TrailLine]:
    """Lines of some days, as a span of numbers: lines are numbered in the order of their moments."""
    for name, step in (("since", 0), ("until", 1)):
        if not asked[name]:
            continue
        try:
            day = date.fromisoformat(asked[name]) + timedelta(days=step)
        except ValueError:
            problems.append(_("日期“{asked}”看不懂，请写成 2026-01-31。").format(asked=asked[name]))
            continue
        moment = timezone.make_aware(datetime.combine(day, time.min))
        first = TrailLine.objects.filter(at__gte=moment).order_by("at").values_list("pk", flat=True).first()
        if name == "since":
            found = found.filter(pk__gte=first) if first else found.none()
        elif first:
            found = found.filter(pk__lt=first)
    return found


def _things() -> list[tuple[str, str]]:
    """What a line can be about, as people call it."""
    return [(label, str(apps.get_model(label)._meta.verbose_name)) for label in SUBJECTS]


def _told(rows: list[TrailLine]) -> list[dict[str, Any]]:
    """Lines with the places and accounts they name; members stay numbers, the reader sees none."""
    places = Place.objects.in_bulk({row.place_id for row in rows if row.place_id})
    accounts = User.objects.in_bulk({row.subject_id for row in rows if row.subject_type == "accounts.user"})
    names = dict(_things())
    return [
        {
            "line": row, "place": places.get(row.place_id or 0), "thing": names.get(row.subject_type, row.subject_type),
            "name": accounts.get(row.subject_id or 0) if row.subject_type == "accounts.user" else None,
            "details": told(row.details | _role(row.details)),
        }
        for row in rows
    ]  # fmt: skip


def _role(details: dict[str, Any]) -> dict[str, str]:
    """The role a line names by its code, as people call it."""
    role = ROLES.get(details.get("role", ""))
    return {"role": str(role.title)} if role else {}


@may("trail.read")
def proof(request: HttpRequest) -> HttpResponse:
    """Prove the trail slice by slice: the page asks for the next one until the end or the first broken line."""
    after, done = (number(request.GET.get(n, "")) or 0 for n in ("after", "done"))
    found = chain.prove(after)
    if not found.more or found.broken is not None:
        details = {"lines": done + found.lines, "last": found.last, "broken": found.broken}
        trails.write(by=request.user, verb="proved", subject=request.user, details=details)
    return render(request, "accounts/_proof.html", {"proof": found, "done": done + found.lines})
