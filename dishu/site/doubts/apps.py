"""How Django knows the app `doubts`."""

from django.apps import AppConfig


class DoubtsConfig(AppConfig):
    """Doubtful pairs and decisions."""

    name = "dishu.site.doubts"
    label = "doubts"
    verbose_name = "疑似相同的记录"
