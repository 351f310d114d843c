"""`dishu manage open_account`: the first administrators of a new site, whom nobody in it could appoint."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dishu.site.accounts import actions, secrets
from dishu.site.accounts.roles import ROLES
from dishu.site.territory.models import Place


class Command(BaseCommand):
    """Prints the temporary password."""

    help = "开设账号并任命。例：dishu manage open_account xitong 张三 system_administrator 4213"

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, as what, where."""
        parser.add_argument("username", help="登录名")
        parser.add_argument("name", help="姓名")
        parser.add_argument("role", choices=ROLES, help="角色")
        parser.add_argument("place", help="区域代码")

    def handle(self, *_: Any, username: str, name: str, role: str, place: str, **__: Any) -> None:
        """Open the account."""
        where = Place.objects.filter(code=place).first()
        if where is None:
            raise CommandError(f"没有代码是 {place} 的区域；请先装入区划。")
        try:
            user = actions.open_account(by=None, username=username, name=name)
            actions.appoint(by=None, user=user, role=role, place=where, since=timezone.localdate())
        except actions.Impossible as why:
            raise CommandError(str(why)) from None
        word = secrets.give_temporary(user)
        self.stdout.write(
            f"已开设：{name}（{username}），{ROLES[role].title}，{where.name}。临时密码 {word}，24 小时内登录并修改。"
        )
