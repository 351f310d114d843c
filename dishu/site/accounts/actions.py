"""Opening and closing accounts, giving and ending roles: the system administrator's part."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from dishu.site.accounts import secrets
from dishu.site.accounts.models import Appointment, User
from dishu.site.accounts.roles import APART, ROLES
from dishu.site.territory.actions import Impossible
from dishu.site.territory.models import Place, on
from dishu.site.trail import lines as trail

__all__ = ["Impossible", "appoint", "close_account", "open_account", "open_with_role", "release"]


@trail.action()
def open_account(*, by: User | None, username: str, name: str, password: str | None = None) -> User:
    """A new account; it can do nothing until it is appointed."""
    if User.objects.filter(username=username).exists():
        raise Impossible(_("登录名 {username} 已被使用，请换一个。").format(username=username), "username")
    user = User.objects.create_user(username, password, name=name)
    trail.write(by=by, verb="created", subject=user)
    return user


@trail.action()
def open_with_role(
    *, by: User, username: str, name: str, role: str, place: Place, since: date
) -> tuple[User, str]:  # fmt: skip
    """A new account with its first role and a password for one day, which its owner must change."""
    user = open_account(by=by, username=username, name=name)
    appoint(by=by, user=user, role=role, place=place, since=since)
    return user, secrets.give_temporary(user)


@trail.action()
def appoint(*, by: User | None, user: User, role: str, place: Place, since: date) -> Appointment:
    """Give a user a role at a place from a day on."""
    kind = ROLES[role]
    if by is not None and by.pk == user.pk:
        raise Impossible(_("不能给自己任命角色，请由另一位系统管理员办理。"), "role")
    if kind.at and place.level not in kind.at:
        raise Impossible(
            _("{title}不能设在{level}一级，请选择对应层级的区域。").format(
                title=kind.title, level=place.get_level_display()
            ),
            "place",
        )
    held = set(user.appointments.filter(on(since)).values_list("role", flat=True))
    if (role in APART and held - {role}) or (role not in APART and held & APART):
        raise Impossible(_("系统、安全、审计三类管理员必须由不同的人担任，也不能兼任业务角色。"), "role")
    if not kind.appointed or user.member_id is not None:
        raise Impossible(_("党员本人的账号由党组织在党员记录上开通，不能任职；工作请另开账号。"), "role")
    one, made = Appointment.objects.get_or_create(
        user=user, role=role, place=place, until=None, defaults={"since": since, "by": by}
    )
    if made:
        trail.write(by=by, verb="appointed", subject=user, place=place, details={"role": role, "since": str(since)})
    return one


@trail.action()
def release(*, by: User | None, appointment: Appointment, until: date) -> None:
    """End an appointment; what was done under it stays."""
    if until <= appointment.since:
        raise Impossible(_("免去日期应在任命日期 {since} 之后。").format(since=appointment.since), "until")
    appointment.until = until
    appointment.save(update_fields=["until"])
    trail.write(
        by=by, verb="released", subject=appointment.user, place=appointment.place,
        details={"role": appointment.role, "until": str(until)},
    )  # fmt: skip


@trail.action()
def close_account(*, by: User, user: User, reason: str, active: bool = False) -> None:
    """Nobody logs in with it any more, or again with `active`; what was done with it stays under its name."""
    if user.pk == by.pk:
        raise Impossible(_("不能停用自己的账号。"))
    user.is_active = active
    user.save(update_fields=["is_active"])
    trail.write(by=by, verb="changed", subject=user, reason=reason, details={"active": active})
