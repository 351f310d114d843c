"""The app's name for Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """See the package."""

    name = "dishu.site.intake"
    label = "intake"
    verbose_name = "名册"
