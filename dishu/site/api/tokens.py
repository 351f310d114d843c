"""Making, finding and revoking tokens: each at one role and place of its owner, for a time, never more than the owner has."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.site.accounts import roles
from dishu.site.accounts.models import Appointment, User
from dishu.site.accounts.scope import Scope
from dishu.site.api.models import Token
from dishu.site.territory.actions import Impossible
from dishu.site.territory.models import Place, on
from dishu.site.trail import lines as trail

#: No token lives longer; a forgotten one ends by itself.
MOST_DAYS = 180
#: Tokens one person may have at a time: more are not looked after.
MOST_TOKENS = 20
PREFIX = "dishu_"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@trail.action()
def make(*, by: User, name: str, role: str, place: Place, days: int, writes: bool) -> tuple[Token, str]:
    """A token of one's own; its secret is returned this once and kept nowhere."""
    if not 1 <= days <= MOST_DAYS:
        raise Impossible(_("有效期为 1 至 {MOST_DAYS} 天。").format(MOST_DAYS=MOST_DAYS), "days")
    if not covering(by, role, place, timezone.localdate()).exists():
        raise Impossible(_("令牌的角色和区域不能超出您本人现有的任职。"), "place")
    if live(by).count() >= MOST_TOKENS:
        raise Impossible(_("每人最多 {MOST_TOKENS} 个有效令牌，请先撤销不用的。").format(MOST_TOKENS=MOST_TOKENS))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        owner=by, name=name, role=role, place=place, writes=writes, digest=_digest(secret),
        begins=secret[:12], expires_at=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    details = {"name": name, "role": role, "writes": writes, "until": token.expires_at.isoformat()}
    trail.write(by=by, verb="created", subject=token, place=place, details=details)
    return token, secret


@trail.action()
def revoke(*, by: User, token: Token) -> None:
    """End a token at once."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        trail.write(by=by, verb="closed", subject=token, place=token.place, details={"name": token.name})


def live(user: User) -> QuerySet[Token]:
    """The tokens of a person that neither ran out nor were revoked."""
    return Token.objects.filter(owner=user, revoked_at__isnull=True, expires_at__gt=timezone.now())


def covering(user: User, role: str, place: Place, day: date) -> QuerySet[Appointment]:
    """The person's appointments on a day to that role at the place or above it."""
    above = Q(place__reaches__place=place)
    return Appointment.objects.filter(on(day), above, user=user, role=role)


def found(secret: str) -> Token | None:
    """The token with this secret, whatever state it is in."""
    if not secret.startswith(PREFIX):
        return None
    return Token.objects.filter(digest=_digest(secret)).select_related("owner", "place").first()


def scope(token: Token) -> Scope | None:
    """What the token reaches today; None where its owner no longer holds as much."""
    if (
        token.role not in roles.ROLES
        or not covering(token.owner, token.role, token.place, timezone.localdate()).exists()
    ):
        return None
    codes = frozenset({token.role})
    return Scope(token.owner, (token.place_id,), codes, roles.may(codes), token.place.parent_id is None)


def count(token: Token) -> int:
    """Note that the token is used now; returns how often in this minute."""
    now = timezone.now()
    minute = int(now.timestamp() // 60)
    calls = Case(When(minute=minute, then=F("calls") + 1), default=Value(1))
    Token.objects.filter(pk=token.pk).update(calls=calls, minute=minute, last_used_at=now)
    return int(Token.objects.values_list("calls", flat=True).get(pk=token.pk))
