"""A doubtful pair decided by a person, put aside, or a decision taken back; each leaves its line in the trail."""

from __future__ import annotations

import pickle
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.site import crypto
from dishu.site.doubts.models import STATES, Pair
from dishu.site.intake import kept
from dishu.site.matching.sides import MODELS
from dishu.site.membership import joining, joining_units, splitting
from dishu.site.registry.changing import Impossible
from dishu.site.trail import lines as trail

JOINS = {"member": joining, "unit": joining_units}
SPLITS = {"member": splitting.members, "unit": splitting.of_units}
_COLUMNS = ("left", "right", "marks_left", "marks_right", "reasons", "place_id")


@trail.action()
def decide(*, by: trail.Actor, pair: Pair, decision: str, reason: str = "") -> Pair:
    """Say what two records are: "same" makes them one, "different" keeps them apart for good, "unsure" puts them aside.

    Deciding the same again does nothing. Raises `Impossible` where somebody has settled it otherwise, or where the
    records cannot become one.
    """
    if decision not in STATES or decision == "open":
        raise ValueError(decision)
    with kept.outside_walls():
        if decision == "same":
            _alone()
        pair = Pair.objects.select_for_update(of=("self",)).select_related("place", "by").get(pk=pair.pk)
        if pair.state == decision:
            return pair
        if pair.state not in ("open", "unsure"):
            raise Impossible(
                _("%(who)s已裁定为“%(what)s”。要改，请先撤销。") % {"who": pair.by, "what": STATES[pair.state]}
            )
        earlier = bytes(pair.before) if pair.before else None
        before: dict[str, Any] = {
            "state": pair.state, "by_id": pair.by_id, "decided_at": pair.decided_at, "before": earlier,
        }  # fmt: skip
        if decision == "same":
            before |= _join(by, pair, reason)
        pair.before = crypto.hide_bytes(pickle.dumps(before))
        pair.state, pair.by_id, pair.decided_at = decision, by.pk, timezone.now()
        pair.save(update_fields=["state", "by", "decided_at", "before"])
        _told(by, "decided", pair, reason, {"decision": decision})
    return pair


@trail.action()
def undo(*, by: trail.Actor, pair: Pair, reason: str = "") -> Pair:
    """Take a decision back: all is exactly as before it. Raises `Impossible` where something rests on it by now."""
    with kept.outside_walls():
        pair = Pair.objects.select_for_update(of=("self",)).select_related("place", "by").get(pk=pair.pk)
        if pair.before is None:
            raise Impossible(_("这一对还没有裁定，不需要撤销。"))
        taken_back = pair.state
        before = pickle.loads(crypto.show_bytes(pair.before))  # ours alone: encrypted with the site's key
        if taken_back == "same":
            _alone()
            _part(by, pair, before, reason)
        pair.state, pair.by_id, pair.decided_at = before["state"], before["by_id"], before["decided_at"]
        pair.before = before["before"]
        pair.save(update_fields=["state", "by", "decided_at", "before"])
        _told(by, "undone", pair, reason, {"decision": taken_back})
    return pair


@trail.action()
def split(*, by: trail.Actor, pair: Pair, reason: str) -> Pair:
    """What was joined is two again and stays two, also after later writes. Raises `Impossible` where it cannot be."""
    if not reason.strip():
        raise Impossible(_("请写明为什么要拆开。"))
    with kept.outside_walls():
        _alone()
        pair = Pair.objects.select_for_update(of=("self",)).select_related("place", "by").get(pk=pair.pk)
        if pair.state != "same" or pair.before is None:
            raise Impossible(_("这一对没有合并，不需要拆开。"))
        before = pickle.loads(crypto.show_bytes(pair.before))  # ours alone: encrypted with the site's key
        _since(pair, before)
        fresh = {"state": "open", "by_id": None, "decided_at": None, "before": None}
        pair.state, pair.by_id, pair.decided_at = "different", by.pk, timezone.now()
        pair.before = crypto.hide_bytes(pickle.dumps(fresh))
        pair.save(update_fields=["state", "by", "decided_at", "before"])
        SPLITS[pair.kind](kept.circle(pair.place), pair.left, pair.right, before["parts"])
        _parted(by, pair, reason)
        _told(by, "decided", pair, reason, {"decision": "different"})
    return pair


def _alone() -> None:
    """No roster is being committed meanwhile; whoever decides does not wait for a large one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [kept.LOCK])
        if not cursor.fetchone()[0]:
            raise Impossible(_("正有名册入库，合并要等它完成。请先看别的，过一会儿再裁定这一对。"))


def _join(by: trail.Actor, pair: Pair, reason: str) -> dict[str, Any]:
    """The right record becomes part of the left one."""
    model = MODELS[pair.kind]
    both = {
        one.pk: one for one in model._default_manager.select_related("place").filter(pk__in=(pair.left, pair.right))
    }
    if len(both) < 2:
        raise Impossible(_("其中一条记录已经不在了（名册已撤回，或已与别的记录合并）。"))
    _no_contradiction(pair)
    parts = JOINS[pair.kind].join(kept.circle(pair.place), pair.left, pair.right)
    first, other = both[pair.left], both[pair.right]
    trail.write(
        by=by,
        verb="merged",
        subject=other,
        place=other.place,
        reason=reason,
        details={"into": first.pk, "pair": pair.pk},
    )
    trail.write(
        by=by, verb="took_in", subject=first, place=first.place, reason=reason,
        details={"other": other.pk, "pair": pair.pk, "given_way": parts.given_way},
    )  # fmt: skip
    return {"parts": parts, "others": _follow(pair)}


def _no_contradiction(pair: Pair) -> None:
    """Somebody may have said that a part of the one is not a part of the other."""
    left, right = pair.marks_left, pair.marks_right
    crossing = Q(marks_left__overlap=left, marks_right__overlap=right) | Q(
        marks_left__overlap=right, marks_right__overlap=left
    )
    other = Pair.objects.filter(crossing, kind=pair.kind, state="different").exclude(pk=pair.pk).first()
    if other is not None:
        raise Impossible(
            _("这两条记录中的一部分此前已裁定为不是同一个（%(pair)s）。请先撤销那次裁定。") % {"pair": other}
        )


def _follow(pair: Pair) -> list[dict[str, Any]]:
    """Other doubts about the record that is no more are about the one it became. Returns them as they were."""
    waiting = Pair.objects.waiting().filter(Q(left=pair.right) | Q(right=pair.right), kind=pair.kind)
    before = []
    for one in waiting.exclude(pk=pair.pk):
        before.append({"id": one.pk, **{name: getattr(one, name) for name in _COLUMNS}})
        third, marks = (one.left, one.marks_left) if one.right == pair.right else (one.right, one.marks_right)
        mine = one.marks_right if one.right == pair.right else one.marks_left
        sides = sorted([(pair.left, mine), (third, marks)])
        taken = Pair.objects.filter(kind=pair.kind, left=sides[0][0], right=sides[1][0])
        if third == pair.left or taken.exists():
            before[-1]["row"] = Pair.objects.filter(pk=one.pk).values().get()
            one.delete()
        else:
            (one.left, one.marks_left), (one.right, one.marks_right) = sides
            one.save(update_fields=["left", "right", "marks_left", "marks_right"])
    return before


def _part(by: trail.Actor, pair: Pair, before: dict[str, Any], reason: str) -> None:
    """Both records again, and the doubts about each."""
    _since(pair, before)
    JOINS[pair.kind].part(kept.circle(pair.place), pair.left, pair.right, before["parts"])
    for one in before["others"]:
        row = one.pop("row", None)
        if row is None:
            Pair.objects.filter(pk=one.pop("id")).update(**one)
        else:
            Pair.objects.bulk_create([Pair(**row)], ignore_conflicts=True)
    _parted(by, pair, reason)


def _since(pair: Pair, before: dict[str, Any]) -> None:
    later = Pair.objects.settled().filter(pk__in=[one["id"] for one in before["others"]]).first()
    if later is not None:
        raise Impossible(_("后来又裁定了与它有关的%(pair)s。请先撤销那一对。") % {"pair": later})


def _parted(by: trail.Actor, pair: Pair, reason: str) -> None:
    for record in MODELS[pair.kind]._default_manager.select_related("place").filter(pk__in=(pair.left, pair.right)):
        trail.write(by=by, verb="split", subject=record, place=record.place, reason=reason, details={"pair": pair.pk})


def _told(by: trail.Actor, verb: str, pair: Pair, reason: str, details: dict[str, Any]) -> None:
    both = {"kind": pair.kind, "left": pair.left, "right": pair.right}
    trail.write(by=by, verb=verb, subject=pair, place=pair.place, reason=reason, details=both | details)
