"""A member says what is wrong; an officer writes it with the evidence, or says why not; the member sees the answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site import crypto
from dishu.site.accounts.models import User
from dishu.site.membership import actions as membership
from dishu.site.membership.models import Member
from dishu.site.mine.models import AT_ONCE, FIELDS, NUMBERS, Correction
from dishu.site.registry.changing import Impossible
from dishu.site.trail import lines as trail
from dishu.site.trail.models import TrailLine
from dishu.site.ui.words import KINDS, said
from dishu.standards import ids

CODES = {"sex": {"male": lazy("男"), "female": lazy("女")}, "standing": KINDS["standing"]}
#: Lines of the trail that show something was done to a record.
_DONE = ("changed", "moved", "closed")


def stands(member: Member, field: str) -> str:
    """What is held now, as far as the member's page shows it in one word."""
    if field == "standing":
        last = member.standings.order_by("-since").first()
        return last.standing if last else ""
    if field in NUMBERS:
        return str(getattr(member, f"masked_{field}"))
    return str(getattr(member, field, "") or "")


def word(field: str, value: str) -> str:
    """A value as pages say it."""
    return CODES.get(field, {}).get(value, value)


def masked(field: str, value: str) -> str:
    """A wished number as screens show it."""
    return {"citizen_id": ids.mask_citizen_id, "phone": ids.mask_phone}.get(field, str)(value)


@trail.action()
def ask(*, by: User, member: Member, field: str, wish: str, note: str = "") -> Correction:
    """The member asks for one field to be put right; one open question per field."""
    wish = _sound(field, wish.strip())
    try:
        with transaction.atomic():
            made = Correction.objects.create(
                member=member, field=field, stood=crypto.hide(stands(member, field)), wish=crypto.hide(wish),
                note=note.strip(),
            )  # fmt: skip
    except IntegrityError as twice:
        raise Impossible(
            _("“{field}”已有一件更正申请在等待答复，可以先撤回再提。").format(field=FIELDS[field])
        ) from twice
    trail.write(by=by, verb="asked", subject=member, place=member.place, details={"field": field})
    return made


def _sound(field: str, wish: str) -> str:
    """The wish in order; what no officer could write is said at once."""
    if field not in FIELDS:
        raise Impossible(_("请选择哪一项不对。"))
    if not wish:
        raise Impossible(_("请写明应当是什么。"))
    if field in NUMBERS:
        verdict = (ids.citizen_id if field == "citizen_id" else ids.phone)(wish)
        if not verdict.ok:
            raise Impossible(_("{reason}。").format(reason=said(verdict.reason)))
        return verdict.value or ""
    if field == "birth":
        try:
            return str(date.fromisoformat(wish))
        except ValueError as why:
            raise Impossible(_("出生日期请写成 1980-01-31。")) from why
    if field in CODES and wish not in CODES[field]:
        raise Impossible(_("请从列出的几项中选。"))
    return wish


@trail.action()
def withdraw(*, by: User, correction: Correction) -> None:
    """The member takes the question back."""
    if Correction.objects.filter(pk=correction.pk, state="open").update(state="withdrawn"):
        trail.write(by=by, verb="answered", subject=correction.member, place=correction.member.place,
                    details={"field": correction.field, "state": "withdrawn"})  # fmt: skip


@trail.action()
def accept(*, by: User, correction: Correction, version: int, day: date, reason: str) -> None:
    """Put right what the member said, by the same action as any other change, with the evidence.

    Fields that one word does not settle (work, affiliation) are changed on the record's page first; this then answers.
    """
    correction, member = _open(correction)
    if correction.field in AT_ONCE:
        _write(by, member, correction, {"version": version, "day": day, "reason": reason})
    else:
        since = TrailLine.objects.filter(subject_type="membership.member", subject_id=member.pk, verb__in=_DONE)
        if not since.filter(at__gt=correction.at).exists():
            raise Impossible(_("申请以后这名党员的记录还没有改过：请先在记录页办理，再回来答复。"))
    _answer(by, correction, "accepted", reason)


def _write(by: User, member: Member, correction: Correction, how: dict[str, Any]) -> None:
    said: Any = correction.said
    if correction.field == "standing":
        membership.set_standing(by=by, member=member, standing=said, **how)
        return
    if correction.field == "birth":
        said = date.fromisoformat(said)
    membership.correct_member(by=by, member=member, **how, **{correction.field: said})


@trail.action()
def decline(*, by: User, correction: Correction, reason: str) -> None:
    """Nothing is changed; the reason is for the member to read."""
    correction, _member = _open(correction)
    if not reason.strip():
        raise Impossible(_("请写明不更正的理由，本人会看到。"))
    _answer(by, correction, "declined", reason)


def _open(correction: Correction) -> tuple[Correction, Member]:
    now = Correction.objects.select_for_update(of=("self",)).select_related("member__place").get(pk=correction.pk)
    if now.state != "open":
        raise Impossible(_("这件申请{state}，不用再答复。").format(state=now.get_state_display()))
    return now, now.member


def _answer(by: User, correction: Correction, state: str, text: str) -> None:
    if not text.strip():
        raise Impossible(_("请写明依据，例如“核对了本人身份证”。"))
    Correction.objects.filter(pk=correction.pk).update(
        state=state, answer=text.strip(), answered_by=by, answered_at=timezone.now()
    )
    trail.write(by=by, verb="answered", subject=correction.member, place=correction.member.place, reason=text.strip(),
                details={"field": correction.field, "state": state})  # fmt: skip
