"""The app's name for Django."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """Places and their history."""

    name = "dishu.site.territory"
    label = "territory"
    verbose_name = "区域"
