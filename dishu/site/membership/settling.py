"""Settling where a membership lies, where rosters contradict each other or say nothing."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from dishu.site.membership.models import Affiliation, Member, Organization
from dishu.site.registry import changing
from dishu.site.trail import lines as trail


class Impossible(changing.Impossible):
    """It cannot be settled so; nothing was done. `field`: where the screen shows why."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@trail.action()
def settle_affiliation(
    *, by: trail.Actor, member: Member, org: Organization, since: date, reason: str, seen: int | None = None
) -> Affiliation:
    """From that day on the membership lies with this organization and no other.

    What rosters claim beside it ends on that day and stays in the history. `seen`: the version of the member that the
    decision was made on; another one means that somebody else has changed it meanwhile.
    """
    member = Member.objects.select_for_update(of=("self",)).select_related("place").get(pk=member.pk)
    if seen is not None and seen != member.version:
        raise Impossible(_("这名党员的资料刚被别人改过，请看过现在的记载后再定。"))
    if not reason.strip():
        raise Impossible(_("请写明依据，例如介绍信编号、核对的党组织和经手人。"), "reason")
    claims = list(member.affiliations.select_for_update().filter(Q(until__isnull=True) | Q(until__gt=since)))
    later = max((claim.since for claim in claims if claim.since > since), default=None)
    if later:
        raise Impossible(_("已有从 {later} 起的记载，核定日期不能早于它。").format(later=later), "since")
    ended = [_end(claim, since) for claim in claims if not (claim.since == since and claim.org_id == org.pk)]
    same = next((claim for claim in claims if claim.since == since and claim.org_id == org.pk), None)
    held = same or Affiliation(member=member, org=org, since=since)
    held.held, held.until, held.source = True, None, "核定"  # as written, whoever reads it
    held.save()
    Member.objects.filter(pk=member.pk).update(version=member.version + 1)
    trail.write(
        by=by, verb="changed", subject=member, place=member.place, reason=reason,
        details={"affiliation": org.pk, "since": str(since), "ended": ended},
    )  # fmt: skip
    return held


def _end(claim: Affiliation, day: date) -> int:
    """The claim ends on that day and stays in the history."""
    if claim.since == day:
        raise Impossible(
            _("另有从 {day} 当天起的记载（{org}），请把核定日期定在它之后。").format(day=day, org=claim.org), "since"
        )
    claim.until = day
    claim.save(update_fields=["until"])
    return claim.org_id
