"""Calls that change units, members and organizations: one for each way of changing that the pages have."""

from datetime import date
from inspect import Parameter, Signature
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import override
from ninja import Field, Query

from dishu.site.api import papers
from dishu.site.api.calls import call
from dishu.site.api.errors import Refusal
from dishu.site.api.writes import Body, Done, Outcome, Trying, written
from dishu.site.membership import settling
from dishu.site.membership.models import Organization
from dishu.site.records import choose
from dishu.site.records.acts import COVERAGE, MEMBER, NEW, ORGANIZATION, UNIT, Act
from dishu.site.records.record_views import my_member, my_organization, my_unit, version
from dishu.site.registry import actions as registry
from dishu.site.registry.changing import Stale
from dishu.site.registry.models import CHANNELS, Unit
from dishu.site.trail import lines as trail

MINE = {"unit": my_unit, "member": my_member, "organization": my_organization}
REASON = Field(min_length=1, max_length=500, pattern=r"\S", description="Why, or by what document")
MOST_AT_ONCE = 200

#: What a form carries beside its questions; a call has a body of its own for it, or no use.
OF_THE_PAGE = ("version", "opened", "tie", "sure")


class Changing(Body):
    """What every change is told beside its own fields."""

    version: int = Field(ge=0, lt=2**31, description="Of the record as it was read; another one means 409")
    sure: bool = Field(False, description="Meant in spite of what soft rules warn of")


class Ending(Changing):
    """The end of a tie, which is told by its number."""

    tie: int = Field(ge=0, lt=2**62)


class Adding(Body):
    """What every new record is told beside its own fields."""

    sure: bool = False


def _changes(kind: str, right: str, acts: dict[str, Act]) -> None:
    for name, act in acts.items():
        _change(kind, right, name, act)


@override(settings.LANGUAGE_CODE)  # whoever comes first, the document is the same
def _change(kind: str, right: str, name: str, act: Act) -> None:
    """Register one way of changing a kind of record."""
    fields = act.form(scope=None).fields
    plain = {key: one for key, one in fields.items() if key not in OF_THE_PAGE}
    body_type = papers.body_of(f"{kind}_{name}".title().replace("_", ""), plain, Ending if act.tie else Changing)
    if act.starts.__name__ != "_nothing":  # what is left out stays as it is
        body_type = _partly(body_type, plain)

    def view(request: HttpRequest, body: Any, query: Trying, **path: int) -> HttpResponse:
        subject = MINE[kind](request, path[kind])
        if kind == "member":
            trail.looked(by=request.user, at=[subject])
        return written(request, lambda: _do(request, kind, act, subject, body, query.dry_run), query.dry_run)

    view.__name__, view.__doc__ = f"{kind}_{name}", str(act.title)
    view.__signature__ = _signature(body_type, kind)  # type: ignore[attr-defined]
    call("POST", f"/{kind}s/{{int:{kind}}}/{name}", right, Done)(view)


def _signature(body_type: type[Body], *path: str) -> Signature:
    """What the call is told by: numbers in its path, its body, its query."""
    keyword = Parameter.KEYWORD_ONLY
    return Signature([
        Parameter("request", Parameter.POSITIONAL_OR_KEYWORD),
        *(Parameter(name, keyword, annotation=int) for name in path),
        Parameter("body", keyword, annotation=body_type), Parameter("query", keyword, annotation=Query[Trying]),
    ])  # fmt: skip


def _partly(body_type: type[Body], plain: dict[str, Any]) -> type[Body]:
    """The same body with nothing wanted but the day and the reason."""
    for key in plain:
        if key not in ("day", "reason") and body_type.model_fields[key].is_required():
            body_type.model_fields[key].default = None
    body_type.model_rebuild(force=True)
    return body_type


def _do(request: HttpRequest, kind: str, act: Act, subject: Any, body: Any, dry_run: bool) -> Outcome:
    called = "org" if kind == "organization" else kind
    fields = act.form(scope=request.scope).fields
    starts = act.starts(subject)
    paper = papers.checked(act.form(papers.data(fields, starts, body), initial=starts, scope=request.scope))
    told = {called: subject, "version": body.version} | paper.values()
    if act.tie:
        told[act.tie[0]] = get_object_or_404(act.tie[1], pk=body.tie, **{called: subject})
    concerns = _concerns(act, subject, told, body.sure or dry_run)
    try:
        act.run(by=request.user, **told)
    except Stale as stale:
        raise _conflict(act, stale.now, body) from stale
    subject.refresh_from_db()
    now = None if kind == "organization" else version(subject)  # an organization's is known once its line is written
    return Outcome(id=subject.pk, version=now, concerns=concerns)


def _concerns(act: Act, subject: Any, told: dict[str, Any], sure: bool) -> list[str]:
    found = act.concerns(subject, told)
    if found and not sure:
        raise Refusal("concerns", what="；".join(found), details=found)
    return found


def _conflict(act: Act, now: Any, body: Any) -> Refusal:
    """Both values of what differs, and the version to send with next time."""
    theirs = act.starts(now)
    mine = body.model_dump(exclude_unset=True, mode="json")
    differing = [
        {"field": key, "theirs": papers.plain(theirs[key]), "yours": papers.plain(value)} for key, value in mine.items()
        if key in theirs and papers.plain(theirs[key]) != papers.plain(value)
    ]  # fmt: skip
    return Refusal("version_conflict", details={"version": version(now), "fields": differing})


@override(settings.LANGUAGE_CODE)  # whoever comes first, the document is the same
def _addition(kind: str, right: str) -> None:
    """Register the call that adds a kind of record."""
    act = NEW[kind]
    fields = act.form(scope=None).fields
    plain = {key: one for key, one in fields.items() if key not in OF_THE_PAGE}
    body_type = papers.body_of(f"New{kind.title()}", plain, Adding)

    def view(request: HttpRequest, body: Any, query: Trying) -> HttpResponse:
        return written(request, lambda: _add(request, kind, body, query.dry_run), query.dry_run, status=201)

    view.__name__, view.__doc__ = f"add_{kind}", str(act.title)
    view.__signature__ = _signature(body_type)  # type: ignore[attr-defined]
    call("POST", f"/{kind}s", right, Done, status=201, dry=True)(view)


def _add(request: HttpRequest, kind: str, body: Any, dry_run: bool) -> Outcome:
    act = NEW[kind]
    fields = act.form(scope=request.scope).fields
    paper = papers.checked(act.form(papers.data(fields, {}, body), scope=request.scope))
    values = {
        key: "" if value is None and key in ("code", "address") else value for key, value in paper.values().items()
    }
    made = act.run(by=request.user, **values)
    return Outcome(id=made.pk, version=getattr(made, "version", None), made=True)


_changes("unit", "units.edit", UNIT)
_changes("unit", "members.edit", COVERAGE)
_changes("member", "members.edit", MEMBER)
_changes("organization", "members.edit", ORGANIZATION)
_addition("unit", "units.edit")
_addition("member", "members.edit")
_addition("organization", "members.edit")


class Settling(Changing):
    """Where a membership lies from a day on."""

    organization: int = Field(ge=1, lt=2**62)
    since: date
    reason: str = REASON


@call("POST", "/members/{int:member}/settle", "members.edit", Done)
def settle(request: HttpRequest, member: int, body: Settling, query: Query[Trying]) -> HttpResponse:
    """Settle where a membership lies; what rosters claim beside it ends on that day."""
    one = my_member(request, member)
    trail.looked(by=request.user, at=[one])
    org: Organization = get_object_or_404(choose.organizations(request.scope), pk=body.organization)

    def do() -> Outcome:
        one.refresh_from_db()
        if one.version != body.version:
            raise Refusal("version_conflict", details={"version": one.version, "fields": []})
        settling.settle_affiliation(
            by=request.user, member=one, org=org, since=body.since, reason=body.reason, seen=body.version
        )
        return Outcome(id=one.pk, version=one.version + 1)

    return written(request, do, query.dry_run)


class Verifying(Body):
    """Units that somebody looked at."""

    units: list[int] = Field(min_length=1, max_length=MOST_AT_ONCE)
    channel: Literal[*CHANNELS]  # type: ignore[valid-type]
    day: date
    reason: str = REASON


@call("POST", "/units/verify", "units.edit", Done)
def verify_units(request: HttpRequest, body: Verifying, query: Query[Trying]) -> HttpResponse:
    """Mark units verified on a day by a channel; `concerns` says why some could not be."""
    mine = request.scope.narrow(Unit.objects.filter(pk__in=body.units))
    if len(mine) < len(set(body.units)):
        raise Refusal("not_found", field="units")

    def do() -> Outcome:
        done, refused = registry.verify(
            by=request.user, units=mine, channel=body.channel, day=body.day, reason=body.reason
        )
        return Outcome(counts={"verified": done, "refused": len(refused)}, concerns=refused)

    return written(request, do, query.dry_run)
