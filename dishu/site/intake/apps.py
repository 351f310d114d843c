"""How Django knows the app `intake`."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """See the package."""

    name = "dishu.site.intake"
    label = "intake"
    verbose_name = "名册"
