"""How Django knows the app `registry`."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """See the package."""

    name = "dishu.site.registry"
    label = "registry"
    verbose_name = "登记"
