"""A member's own log-in: an officer hands over a code, the member opens the log-in with it. Nobody registers themselves."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.site import crypto
from dishu.site.accounts.models import User
from dishu.site.membership.models import Member
from dishu.site.mine.models import Activation
from dishu.site.territory.actions import Impossible
from dishu.site.trail import lines as trail

DAYS = 7
#: Read aloud and typed without mistakes: no 0 o, 1 l i. Sixteen of 31 cannot be guessed.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@trail.action()
def invite(*, by: User, member: Member, reason: str) -> str:
    """A code for this member, shown once and good for a week; codes given before open nothing any more."""
    if not reason.strip():
        raise Impossible(_("请写明怎样核对了本人，例如“本人持身份证到所办理”。"), "reason")
    Activation.objects.filter(member=member, used_at__isnull=True).update(until=timezone.now())
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    Activation.objects.create(member=member, code=_trace(code), until=timezone.now() + timedelta(days=DAYS), by=by)
    trail.write(by=by, verb="invited", subject=member, place=member.place, reason=reason)
    return code


def asked(code: str) -> Activation:
    """The code's invitation; `Impossible` where it opens nothing, without saying why."""
    found = Activation.objects.select_related("member__place").filter(code=_trace(code)).first()
    if found is None or not found.good:
        raise Impossible(_("激活码不对、已用过或已过期。请核对，或请党组织重新开一个。"), "code")
    return found


@trail.action()
def activate(*, code: str, name: str, username: str, password: str) -> User:
    """The member's log-in opened, or its password made new: the code is used up. The name must be the member's."""
    invitation = asked(code)
    member = invitation.member
    if "".join(name.split()) != "".join(member.name.split()):
        raise Impossible(_("激活码不对、已用过或已过期。请核对，或请党组织重新开一个。"), "code")
    user = member.users.order_by("pk").first()
    if User.objects.filter(username=username).exclude(pk=user.pk if user else None).exists():
        raise Impossible(_("登录名 {username} 已被使用，请换一个。").format(username=username), "username")
    user = user or User(member=member)
    user.username, user.name, user.is_active = username, member.name, True
    user.set_password(password)
    user.save()
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    trail.write(by=user, verb="activated", subject=member, place=member.place)
    return user


@trail.action()
def close(*, by: User, member: Member, reason: str) -> None:
    """The member's log-in opens nothing any more, until a new code is given."""
    if not reason.strip():
        raise Impossible(_("请写明停用的理由，例如“本人要求”“手机遗失”。"), "reason")
    Activation.objects.filter(member=member, used_at__isnull=True).update(until=timezone.now())
    for user in member.users.filter(is_active=True):
        user.is_active = False
        user.save(update_fields=["is_active"])
        trail.write(by=by, verb="changed", subject=member, place=member.place, reason=reason, details={"log_in": False})


def _trace(code: str) -> str:
    return crypto.trace("activation " + "".join(c for c in code.lower() if c.isalnum()))
