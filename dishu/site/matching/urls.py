"""Pages of the matching desk: /matching/."""

from django.urls import path

from dishu.site.matching import views

urlpatterns = [
    path("", views.pairs, name="pairs"),
    path("next/", views.first, name="pair_next"),
    path("<int:pk>/", views.pair, name="pair"),
    path("<int:pk>/decide/", views.decide, name="pair_decide"),
    path("<int:pk>/split/", views.split, name="pair_split"),
    path("<int:pk>/undo/", views.undo, name="pair_undo"),
]
