"""One line per app."""

from django.urls import include, path
from django.views.i18n import set_language

from dishu.site.accounts import own
from dishu.site.desk import desk
from dishu.site.reports.source import source

urlpatterns = [
    path("", desk, name="desk"),
    path("figures/", include("dishu.site.reports.urls")),
    path("editions/", include("dishu.site.reports.edition_urls")),
    path("trouble/", include("dishu.site.reports.trouble_urls")),
    path("source/<str:kind>/<int:pk>/", source, name="source"),
    path("rosters/", include("dishu.site.rosters.urls")),
    path("matching/", include("dishu.site.matching.urls")),
    path("", include("dishu.site.records.urls")),
    path("mine/", include("dishu.site.mine.urls")),
    path("places/", include("dishu.site.places.urls")),
    path("people/me/tokens/", include("dishu.site.api.token_urls")),
    path("people/", include("dishu.site.accounts.urls")),
    path("accounts/password/reset/", own.forgotten, name="account_reset_password"),
    path("accounts/email/", own.to_own, name="account_email"),
    path("accounts/3rdparty/", own.to_own, name="socialaccount_connections"),
    path("api/", include("dishu.site.api.urls")),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
]
