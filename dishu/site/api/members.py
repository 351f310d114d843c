"""Calls that read members and organizations; numbers are masked, the whole ones are shown with a reason that is kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Field, Query, Schema

from dishu.site import crypto
from dishu.site.api.calls import call
from dishu.site.api.lists import Page, Paging, listed, of_list
from dishu.site.api.places import my_place
from dishu.site.membership.models import Affiliation, Employment, Member, Participation, Shown, Standing
from dishu.site.records import members as pages
from dishu.site.records.lists import by_key
from dishu.site.records.record_views import my_member
from dishu.site.registry.models import CHANNELS
from dishu.site.territory.models import on
from dishu.site.trail import lines as trail
from dishu.site.ui.words import KINDS

Standings = Literal[*KINDS["standing"]]  # type: ignore[valid-type]
#: A member's ties: the model and what it says beside its days.
TIES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "standings": (Standing, ("standing", "verified_on", "channel")),
    "employments": (Employment, ("unit_id", "role")),
    "affiliations": (Affiliation, ("org_id", "held", "source")),
    "participations": (Participation, ("org_id",)),
    "shown": (Shown, ("shown",)),
}


class MemberRow(Schema):
    """A member as of today; `standing` is empty for one who left."""

    id: int
    name: str
    sex: str
    birth: date | None
    citizen_id: str = Field(description="Masked")
    phone: str = Field(description="Masked")
    place: str
    standing: Standings | None
    lies: Literal[*pages.LIES]  # type: ignore[valid-type]
    affiliations: list[int] = Field(description="The organization that holds the membership, or else all claimed")
    employments: list[int] = Field(description="Units")
    participations: list[int] = Field(description="Organizations")
    shown: bool | None
    verified_on: date | None
    channel: Literal[*CHANNELS] | None  # type: ignore[valid-type]
    version: int


class MemberQuery(Paging):
    """What may be asked of members; as on the page."""

    q: str = Field("", max_length=100, description="Part of the name, initials, or the last four digits of the phone")
    place: str | None = None
    standing: Literal[*KINDS["standing"], "left"] | None = None  # type: ignore[valid-type]
    lies: Literal[*pages.LIES] | None = None  # type: ignore[valid-type]
    shown: Literal[*pages.SHOWN] | None = None  # type: ignore[valid-type]
    verified: Literal["yes", "no"] | None = None


@call("GET", "/members", "members.read", Page[MemberRow], csv=True)
def members(request: HttpRequest, query: Query[MemberQuery]) -> HttpResponse:
    """Members of the token's place."""
    if query.place:
        my_place(request, query.place)
    source = of_list(pages.LISTING, request, MemberRow, rows, searched=True)
    return listed(request, query, source)


def rows(found: Sequence[Member]) -> list[dict[str, Any]]:
    """Members as rows."""
    mine = Q(on(timezone.localdate()), member__in=[member.pk for member in found])
    ties = {name: by_key(model.objects.filter(mine), "member_id") for name, (model, _) in TIES.items()}
    return [_row(member, {name: tie.get(member.pk, []) for name, tie in ties.items()}) for member in found]


def _row(member: Member, ties: dict[str, list[Any]]) -> dict[str, Any]:
    standing = next(iter(ties["standings"]), None)
    return {
        "id": member.pk, "name": member.name, "sex": member.sex, "birth": member.birth,
        "citizen_id": member.masked_citizen_id, "phone": member.masked_phone, "place": member.place.code,
        "standing": standing.standing if standing else None, "lies": pages.lies(ties["affiliations"]),
        "affiliations": sorted({claim.org_id for claim in pages.settled(ties["affiliations"])}),
        "employments": sorted({job.unit_id for job in ties["employments"]}),
        "participations": sorted({part.org_id for part in ties["participations"]}),
        "shown": next((one.shown for one in ties["shown"]), None), "version": member.version,
        "verified_on": standing.verified_on if standing else None,
        "channel": standing.channel if standing else None,
    }  # fmt: skip


class MemberWhole(MemberRow):
    """A member with all ties of all days: each with its number, days and the row it was read from."""

    ties: dict[str, list[dict[str, Any]]]


@call("GET", "/members/{int:member}", "members.read", MemberWhole)
def member(request: HttpRequest, member: int) -> Any:
    """One member, numbers masked; the look is written down."""
    one = my_member(request, member)
    trail.write(by=request.user, verb="looked", subject=one, place=one.place)
    return rows([one])[0] | {
        "ties": {
            name: [
                {"id": tie.pk, "since": tie.since, "until": tie.until, "upload": tie.upload_id, "sheet": tie.sheet,
                 "row": tie.row} | {said.removesuffix("_id"): getattr(tie, said) for said in says}
                for tie in model.objects.filter(member=one).order_by("since", "pk")
            ]
            for name, (model, says) in TIES.items()
        }
    }  # fmt: skip


class Reason(Schema):
    """Why the whole numbers are looked at; kept in the trail."""

    reason: str = Field(min_length=1, max_length=500, pattern=r"\S")


class Numbers(Schema):
    """The whole numbers; empty where none is known."""

    citizen_id: str
    phone: str


@call("POST", "/members/{int:member}/reveal", "members.reveal", Numbers, tag="members")
def reveal(request: HttpRequest, member: int, body: Reason) -> Any:
    """The whole numbers of one member, in this answer only; the reason stands in the trail, the numbers do not."""
    one = my_member(request, member)
    trail.write(by=request.user, verb="revealed", subject=one, place=one.place, reason=body.reason.strip())
    answer = JsonResponse({
        "citizen_id": crypto.show(one.citizen_id) if one.citizen_id else "",
        "phone": crypto.show(one.phone) if one.phone else "",
    })  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer
