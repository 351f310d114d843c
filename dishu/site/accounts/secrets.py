"""Passwords and second factors of others: the security administrator's part. Nobody reads a secret, one is only made new."""

from __future__ import annotations

import secrets
from datetime import timedelta

from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from django.contrib.sites.shortcuts import get_current_site
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site.accounts.models import User
from dishu.site.territory.actions import Impossible
from dishu.site.trail import lines as trail
from dishu.site.trail.models import TrailLine

TEMPORARY_HOURS = 24
LOCK_MINUTES = 10
#: Read aloud and typed without mistakes: no 0 o, 1 l i.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
FACTORS = {"totp": lazy("动态口令"), "webauthn": lazy("通行密钥"), "recovery_codes": lazy("备用码")}


def give_temporary(user: User) -> str:
    """Set a password for one day, shown once; its owner must change it at the first log-in."""
    word = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    user.set_password(word)
    user.temporary_until = timezone.now() + timedelta(hours=TEMPORARY_HOURS)
    user.save(update_fields=["password", "temporary_until"])
    return word


@trail.action()
def void_temporary(user: User) -> None:
    """Somebody whom the house's own accounts let in needs no temporary password, nor a change of it: it is worth nothing."""
    user.set_unusable_password()
    user.temporary_until = None
    user.save(update_fields=["password", "temporary_until"])
    trail.write(by=user, verb="changed", subject=user, details={"what": "password"})


@trail.action()
def reset_password(*, by: User, user: User, reason: str) -> str:
    """A temporary password; all sessions of the user end."""
    _not_oneself(by, user)
    word = give_temporary(user)
    trail.write(by=by, verb="reset", subject=user, reason=reason, details={"what": "password"})
    return word


@trail.action()
def reset_factors(*, by: User, user: User, reason: str) -> int:
    """Take away the user's second factors (a lost phone, a broken key); they set up new ones. Returns how many."""
    _not_oneself(by, user)
    count, _ = Authenticator.objects.filter(user=user).delete()
    trail.write(by=by, verb="reset", subject=user, reason=reason, details={"what": "factors", "count": count})
    return count


@trail.action()
def unlock(*, by: User, user: User, request: HttpRequest, reason: str) -> None:
    """Let the user try again at once after too many wrong passwords."""
    _not_oneself(by, user)
    key = f"{get_current_site(request).domain}:{user.username.lower()}"
    ratelimit.clear(request, app="allauth.account", action="login_failed", key=key)
    trail.write(by=by, verb="unlocked", subject=user, reason=reason)


def failures(users: QuerySet[User]) -> dict[int, int]:
    """Wrong passwords of the last minutes, by user."""
    since = timezone.now() - timedelta(minutes=LOCK_MINUTES)
    recent = TrailLine.objects.filter(at__gte=since, verb="login_failed", subject_type="accounts.user")
    count: dict[int, int] = {}
    for key in recent.filter(subject_id__in=users.values("pk")).values_list("subject_id", flat=True):
        count[key] = count.get(key, 0) + 1
    return count


def _not_oneself(by: User, user: User) -> None:
    if by.pk == user.pk:
        raise Impossible(_("不能重置或解锁自己的账号，请由另一位安全管理员办理。"))
