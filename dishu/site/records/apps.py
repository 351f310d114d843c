"""How Django knows the app `records`."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Lists, record pages, editing, print."""

    name = "dishu.site.records"
    label = "records"
    verbose_name = "台账"
