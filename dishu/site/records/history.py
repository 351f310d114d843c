"""What a record page shows: the record as of a day, all that was ever known with its source, and who looked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.site.accounts.models import User
from dishu.site.membership.models import Affiliation, Member, Organization, OrganizationState, Standing
from dishu.site.registry.fresh import is_fresh, why_not
from dishu.site.registry.models import Unit
from dishu.site.territory.models import Place, on
from dishu.site.trail.models import TrailLine
from dishu.site.trail.words import changes

LOOKS = ("looked", "revealed")
NEAR = 100  # relations shown on a page; the list shows them all


@dataclass(frozen=True)
class Look:
    """A line of the trail about one record, in words; or the last of several `times` that say the same."""

    line: TrailLine
    who: str
    verb: str
    changes: list[tuple[str, str, str]]
    times: int = 1


def day_of(request: HttpRequest) -> date:
    """The day the page is asked for; today where none is said."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate()


def holds(tie: Any, day: date) -> bool:
    """Whether a dated tie holds on that day."""
    return bool(tie.since <= day and (tie.until is None or tie.until > day))


def split(ties: list[Any], day: date) -> list[Any]:
    """The ties, those of the day first, each marked whether it holds."""
    for tie in ties:
        tie.holds = holds(tie, day)
    return sorted(ties, key=lambda tie: (not tie.holds, -tie.since.toordinal()))


def looks(subject: Model, most: int = 20, before: int | None = None) -> list[Look]:
    """The last lines about a record: who changed it, who looked; those before a number, where one is said."""
    lines = TrailLine.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    lines = lines.filter(pk__lt=before) if before else lines
    named = User.objects.filter(pk=OuterRef("by_id")).values("name")
    lines = lines.annotate(who=Subquery(named)).order_by("-id")[:most]
    return [Look(line, line.who or _("系统"), line.done, changes(line.details)) for line in lines]


def together(found: list[Look]) -> list[Look]:
    """Looks that follow each other, by the same person for the same reason, as one that says how often."""

    def same(look: Look) -> tuple[Any, ...]:
        line = look.line
        return (line.by_id, line.verb, line.reason) if line.verb in LOOKS else (line.pk,)

    runs = [list(run) for _, run in groupby(found, same)]
    return [replace(run[0], times=len(run)) for run in runs]


def of_unit(unit: Unit, day: date) -> dict[str, Any]:
    """A unit's states, its members, who covers it, instructor, plan, and the work that reached it."""
    states = split(list(unit.states.select_related("place", "upload")), day)
    standing = Standing.objects.filter(on(day), member=OuterRef("member")).values("standing")[:1]
    jobs = (
        unit.employments.select_related("member", "upload")
        .annotate(standing=Subquery(standing))
        .order_by("-since")[:NEAR]
    )
    now = next((s for s in states if s.holds), None)
    return {
        "states": states, "now": now, "fresh": is_fresh(now, day), "why_not": why_not(now, day), "jobs": split(list(jobs), day),
        "covers": split(list(unit.coverages.select_related("org", "upload")), day),
        "posts": split(list(unit.postings.select_related("instructor", "upload")), day),
        "plans": split(list(unit.planned.select_related("upload")), day),
        "work": list(unit.work.filter(on__lte=day).order_by("-on")[:10]),
    }  # fmt: skip


def of_member(member: Member, day: date) -> dict[str, Any]:
    """A member's standings, jobs, where membership lies and where they take part, identity shown."""
    claims = split(list(member.affiliations.select_related("org", "upload")), day)
    now = [claim for claim in claims if claim.holds]
    held = [claim for claim in now if claim.held]
    standings = split(list(member.standings.select_related("place", "upload")), day)
    shown = split(list(member.shown.select_related("upload")), day)
    present = next((s for s in standings if s.holds), None)
    return {
        "standings": standings, "now": present, "fresh": is_fresh(present, day), "why_not": why_not(present, day),
        "jobs": split(list(member.employments.select_related("unit", "upload")), day), "claims": claims, "held": held,
        "contradicting": not held and len({claim.org_id for claim in now}) > 1, "claimed": now,
        "parts": split(list(member.participations.select_related("org", "upload")), day), "shown": shown,
        "shown_now": next((s for s in shown if s.holds), None),
    }  # fmt: skip


def of_organization(org: Organization, day: date, scope: Any) -> dict[str, Any]:
    """An organization's states, its members, what it covers, its juniors."""
    states = split(list(org.states.select_related("place", "superior", "upload")), day)
    mine: QuerySet[Affiliation] = scope.narrow(org.affiliations.filter(on(day)), "member__place")
    standing = Standing.objects.filter(on(day), member=OuterRef("member")).values("standing")[:1]
    covers = scope.narrow(org.coverages.select_related("unit", "upload"), "unit__place")
    juniors = OrganizationState.objects.filter(on(day), superior=org).select_related("org")
    return {
        "states": states, "now": next((s for s in states if s.holds), None),
        "members": list(mine.select_related("member").annotate(standing=Subquery(standing)).order_by("-held", "member")[:NEAR]),
        "parts": list(scope.narrow(org.participations.filter(on(day)), "member__place").select_related("member")[:NEAR]),
        "covers": split(list(covers[:NEAR]), day), "responsible": responsible(org), "juniors": list(juniors[:NEAR]),
    }  # fmt: skip


def responsible(org: Organization) -> QuerySet[Place]:
    """The market-regulation offices and association branches whose part of the country an organization lies in."""
    near = Q(reaches__place=org.place) | Q(parent=org.place)
    return Place.objects.open().filter(near, kind__in=("office", "branch")).distinct()
