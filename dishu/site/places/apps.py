"""How Django knows the app `places`."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Pages of the two dated trees."""

    name = "dishu.site.places"
    label = "places"
    verbose_name = "区域与党组织"
