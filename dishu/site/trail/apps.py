"""How Django knows the app `trail`."""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    """What was done and looked at."""

    name = "dishu.site.trail"
    label = "trail"
    verbose_name = "操作记录"
