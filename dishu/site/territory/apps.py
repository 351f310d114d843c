"""How Django knows the app `territory`."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """Places and their history."""

    name = "dishu.site.territory"
    label = "territory"
    verbose_name = "区域"
