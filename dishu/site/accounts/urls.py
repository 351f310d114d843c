"""Pages of accounts and of the trail: /people/."""

from django.urls import path

from dishu.site.accounts import history, locks, own, users

urlpatterns = [
    path("", users.users, name="users"),
    path("open/", users.open_account, name="user_open"),
    path("me/", own.own, name="own"),
    path("me/here/", own.here, name="here"),
    path("locks/", locks.locks, name="locks"),
    path("locks/<int:pk>/", locks.lock, name="lock"),
    path("trail/", history.trail, name="trail"),
    path("trail/proof/", history.proof, name="trail_proof"),
    path("<int:pk>/", users.user, name="user"),
    path("<int:pk>/appoint/", users.appoint, name="user_appoint"),
    path("<int:pk>/active/", users.active, name="user_active"),
    path("appointments/<int:pk>/release/", users.release, name="user_release"),
]
