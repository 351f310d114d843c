"""Log-ins, log-outs, failed log-ins and changes of one's own secrets written into the trail."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals
from django.dispatch import receiver

from dishu.site.accounts.models import User
from dishu.site.territory.models import Place
from dishu.site.trail import lines as trail


def _place(user: User) -> Place | None:
    """Where the user works, so that the trail's readers of that place find the line."""
    if user.member_id is not None:
        return Place(pk=user.member.place_id)
    held = user.appointments.select_related("place").order_by("since").first()
    return held.place if held else None


@receiver(signals.user_logged_in)
def _in(user: User, **_: Any) -> None:
    trail.write(by=user, verb="logged_in", subject=user, place=_place(user))


@receiver(signals.user_logged_out)
def _out(user: User | None, **_: Any) -> None:
    if user is not None:
        trail.write(by=user, verb="logged_out", subject=user, place=_place(user))


@receiver(signals.user_login_failed)
def _failed(credentials: dict[str, Any], **_: Any) -> None:
    user = User.objects.filter(username=credentials.get("username", "")).first()
    trail.write(by=None, verb="login_failed", subject=user, place=_place(user) if user else None)


@receiver([account.password_changed, account.password_set, account.password_reset])
def _password(user: User, **_: Any) -> None:
    User.objects.filter(pk=user.pk).update(temporary_until=None)
    user.temporary_until = None
    trail.write(by=user, verb="changed", subject=user, place=_place(user), details={"what": "password"})


@receiver([mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset])
def _factor(user: User, authenticator: Any, **_: Any) -> None:
    details = {"what": "factors", "type": authenticator.type}
    trail.write(by=user, verb="changed", subject=user, place=_place(user), details=details)
