"""How Django knows the app `api`."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """See the package."""

    name = "dishu.site.api"
    label = "api"
    verbose_name = "接口"
