"""How Django knows the app `ui`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Pages' common parts."""

    name = "dishu.site.ui"
    label = "ui"
