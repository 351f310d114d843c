"""How Django knows the app `reports`."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """See the package."""

    name = "dishu.site.reports"
    label = "reports"
    verbose_name = "数字与版次"
