"""Pages of rosters."""

from django.urls import path

from dishu.site.rosters import columns, views

urlpatterns = [
    path("", views.uploads, name="uploads"),
    path("send/", views.send, name="send"),
    path("<int:pk>/", views.upload, name="upload"),
    path("<int:pk>/columns/", columns.columns, name="columns"),
    path("<int:pk>/commit/", views.commit, name="commit"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/rejected/", views.rejected, name="rejected"),
]
