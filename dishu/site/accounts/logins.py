"""Log-ins, log-outs and failed log-ins written into the trail."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import signals
from django.dispatch import receiver

from dishu.site.accounts.models import User
from dishu.site.trail import lines as trail


@receiver(signals.user_logged_in)
def _in(user: User, **_: Any) -> None:
    trail.write(by=user, verb="logged_in", subject=user)


@receiver(signals.user_logged_out)
def _out(user: User | None, **_: Any) -> None:
    if user is not None:
        trail.write(by=user, verb="logged_out", subject=user)


@receiver(signals.user_login_failed)
def _failed(credentials: dict[str, Any], **_: Any) -> None:
    user = User.objects.filter(username=credentials.get("username", "")).first()
    trail.write(by=None, verb="login_failed", subject=user)
