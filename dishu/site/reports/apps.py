"""The app's name for Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """See the package."""

    name = "dishu.site.reports"
    label = "reports"
    verbose_name = "数字与版次"
