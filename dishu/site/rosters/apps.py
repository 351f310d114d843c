"""How Django knows the app `rosters`."""

from django.apps import AppConfig


class RostersConfig(AppConfig):
    """See the package."""

    name = "dishu.site.rosters"
    label = "rosters"
    verbose_name = "名册上传"
