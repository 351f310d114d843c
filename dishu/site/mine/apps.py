"""How Django knows the app `mine`."""

from django.apps import AppConfig


class MineConfig(AppConfig):
    """A member's own record, and what they say is wrong in it."""

    name = "dishu.site.mine"
    label = "mine"
    verbose_name = "我的登记"
