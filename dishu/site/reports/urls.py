"""Pages of figures: /figures/<place>/, its indicators, their rows."""

from django.urls import path

from dishu.site.reports import rows, views

urlpatterns = [
    path("", views.start, name="my_figures"),
    path("<str:code>/", views.figures, name="figures"),
    path("<str:code>/six", views.six, name="six"),
    path("<str:code>/<str:name>/", views.indicator, name="indicator"),
    path("<str:code>/<str:name>/trend", views.trend, name="trend"),
    path("<str:code>/<str:name>/<str:part>/", rows.rows, name="rows"),
    path("<str:code>/<str:name>/<str:part>/export", rows.export, name="rows_export"),
]
