"""Sealed editions: /editions/."""

from django.urls import path

from dishu.site.reports import editions

urlpatterns = [
    path("", editions.editions, name="editions"),
    path("seal", editions.seal, name="seal"),
    path("<int:pk>/", editions.edition, name="edition"),
    path("<int:pk>/check", editions.check, name="check_edition"),
    path("<int:pk>/against/<int:other>/", editions.compared, name="compared"),
    path("<int:pk>/report.<str:kind>", editions.report, name="report"),
]
