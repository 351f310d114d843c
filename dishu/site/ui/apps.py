"""How Django knows the app `ui`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Pages' common parts."""

    name = "dishu.site.ui"
    label = "ui"

    def ready(self) -> None:
        """Problems of forms are told in our words."""
        from dishu.site.ui import problems

        problems.speak()
