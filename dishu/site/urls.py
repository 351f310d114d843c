"""One line per app."""

from django.urls import include, path

from dishu.site.desk import desk

urlpatterns = [
    path("", desk, name="desk"),
    path("accounts/", include("allauth.urls")),
]
