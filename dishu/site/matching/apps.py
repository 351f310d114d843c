"""How Django knows the app `matching`."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """The matching desk."""

    name = "dishu.site.matching"
    label = "matching"
    verbose_name = "核对"
