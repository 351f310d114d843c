"""The app's name for Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Pages' common parts."""

    name = "dishu.site.ui"
    label = "ui"
