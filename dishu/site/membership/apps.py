"""How Django knows the app `membership`."""

from django.apps import AppConfig


class MembershipConfig(AppConfig):
    """See the package."""

    name = "dishu.site.membership"
    label = "membership"
    verbose_name = "党员与党组织"
