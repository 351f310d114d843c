"""Opening accounts and giving roles."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from dishu.site.accounts.models import Appointment, User
from dishu.site.accounts.roles import APART, ROLES
from dishu.site.territory.models import Place, on
from dishu.site.trail import lines as trail


class Impossible(ValueError):
    """The appointment contradicts the rules of the house; nothing was done."""


@transaction.atomic
def open_account(*, by: User | None, username: str, name: str, password: str | None = None) -> User:
    """A new account; it can do nothing until it is appointed."""
    if User.objects.filter(username=username).exists():
        raise Impossible(f"登录名 {username} 已被使用，请换一个。")
    user = User.objects.create_user(username, password, name=name)
    trail.write(by=by, verb="created", subject=user)
    return user


@transaction.atomic
def appoint(*, by: User | None, user: User, role: str, place: Place, since: date) -> Appointment:
    """Give a user a role at a place from a day on."""
    kind = ROLES[role]
    if kind.at and place.level not in kind.at:
        raise Impossible(f"{kind.title}不能设在{place.get_level_display()}一级，请选择对应层级的区域。")
    held = set(user.appointments.filter(on(since)).values_list("role", flat=True))
    if (role in APART and held - {role}) or (role not in APART and held & APART):
        raise Impossible("系统、安全、审计三类管理员必须由不同的人担任，也不能兼任业务角色。")
    one, made = Appointment.objects.get_or_create(
        user=user, role=role, place=place, until=None, defaults={"since": since, "by": by}
    )
    if made:
        trail.write(by=by, verb="appointed", subject=user, place=place, details={"role": role, "since": str(since)})
    return one


@transaction.atomic
def release(*, by: User | None, appointment: Appointment, until: date) -> None:
    """End an appointment; what was done under it stays."""
    if until <= appointment.since:
        raise Impossible(f"免去日期应在任命日期 {appointment.since} 之后。")
    appointment.until = until
    appointment.save(update_fields=["until"])
    trail.write(
        by=by, verb="released", subject=appointment.user, place=appointment.place,
        details={"role": appointment.role, "until": str(until)},
    )  # fmt: skip
