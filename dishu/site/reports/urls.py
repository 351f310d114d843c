"""Pages of figures: /figures/<place>/, its indicators, their rows."""

from django.urls import path

from dishu.site.reports import views

urlpatterns = [
    path("<str:code>/", views.figures, name="figures"),
    path("<str:code>/<str:name>/", views.indicator, name="indicator"),
    path("<str:code>/<str:name>/<str:part>/", views.rows, name="rows"),
]
