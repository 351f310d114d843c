"""Lists of trouble: /trouble/<place>/, and the pages where one is settled."""

from django.urls import path

from dishu.site.reports import trouble

urlpatterns = [
    path("", trouble.mine, name="my_trouble"),
    path("orgs", trouble.orgs, name="orgs_named"),
    path("settle/<int:pk>/", trouble.settle, name="settle"),
    path("cover/<int:pk>/", trouble.cover, name="cover"),
    path("split/<int:pk>/", trouble.split, name="split"),
    path("<str:code>/", trouble.overview, name="trouble"),
    path("<str:code>/counts", trouble.counts, name="trouble_counts"),
]
