"""People who log in, and the roles they hold at places for a time."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as lazy

from dishu.site.accounts.roles import ROLES
from dishu.site.territory.models import Dated, Place, ordered


def roles() -> list[tuple[str, str]]:
    """The roles, asked when needed: a new one is no change of the table."""
    return [(code, role.title) for code, role in ROLES.items()]


class Users(BaseUserManager["User"]):
    """Making users; roles are given by `actions.appoint`."""

    def create_user(self, username: str, password: str | None = None, **more: Any) -> User:
        """A user with a log-in name; without a password nobody can log in yet."""
        user = self.model(username=username, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who logs in. What they may do stands in their appointments, nowhere else."""

    username = models.CharField(lazy("登录名"), max_length=40, unique=True)
    name = models.CharField(lazy("姓名"), max_length=40)
    email = models.EmailField(lazy("邮箱"), blank=True)
    is_active = models.BooleanField(lazy("启用"), default=True)
    created_at = models.DateTimeField(lazy("开设时间"), auto_now_add=True)
    #: Whose own log-in this is; only the key is known here, what a member is lies above.
    member = models.ForeignKey(
        "membership.Member", models.PROTECT, null=True, blank=True, editable=False, related_name="users"
    )
    temporary_until = models.DateTimeField(lazy("临时密码有效至"), null=True, blank=True, editable=False)

    objects = Users()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["username"]
        verbose_name = lazy("账号")

    def __str__(self) -> str:
        return self.name or self.username


class Appointment(Dated):
    """A role held at a place for a time."""

    user = models.ForeignKey(User, models.CASCADE, related_name="appointments")
    role = models.CharField(lazy("角色"), max_length=40, choices=roles)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["user", "since"]
        verbose_name = lazy("任职")
        constraints = [ordered("appointment_ordered")]
