"""Pages of the register."""

from django.urls import path

from dishu.site.registry import views

urlpatterns = [path("", views.units, name="units"), path("<int:pk>/", views.unit, name="unit")]
