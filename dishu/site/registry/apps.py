"""The app's name for Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """See the package."""

    name = "dishu.site.registry"
    label = "registry"
    verbose_name = "登记"
