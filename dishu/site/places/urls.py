"""Pages of places: /places/; of Party organizations: /places/organizations/."""

from django.urls import path

from dishu.site.places import changing, organizations, views

urlpatterns = [
    path("", views.tree, name="places"),
    path("suggest/", views.suggest, name="place_suggest"),
    path("organizations/", organizations.tree, name="organization_tree"),
    path("organizations/<int:pk>/below/", organizations.below, name="organization_below"),
    path("<str:code>/", views.place, name="place"),
    path("<str:code>/below/", views.below, name="place_below"),
    path("<str:code>/<str:what>/", changing.change, name="place_change"),
]
