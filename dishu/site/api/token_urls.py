"""Paths of my access tokens: /people/me/tokens/."""

from django.urls import path

from dishu.site.api import own

urlpatterns = [
    path("", own.own, name="tokens"),
    path("<int:pk>/revoke/", own.revoke, name="token_revoke"),
]
