"""Pages of records: /units/, /members/, /organizations/; each record by its number, each way of changing it by its name."""

from django.urls import path

from dishu.site.records import bulk_views, edit_views, list_views, print_views, record_views

urlpatterns = [
    path("units/", list_views.unit_list, name="units"),
    path("units/verify/", list_views.verify, name="verify"),
    path("units/assign/", bulk_views.assign, name="assign"),
    path("members/settle/", bulk_views.settle, name="settle_many"),
    path("organizations/under/", bulk_views.under, name="under"),
    path("units/<int:pk>/", record_views.unit, name="unit"),
    path("members/", list_views.member_list, name="members"),
    path("members/<int:pk>/", record_views.member, name="member"),
    path("members/<int:pk>/reveal/", record_views.reveal, name="reveal"),
    path("organizations/", list_views.organization_list, name="organizations"),
    path("organizations/<int:pk>/", record_views.organization, name="organization"),
    path("units/new/", edit_views.unit_new, name="unit_new"),
    path("units/<int:pk>/change/<str:name>/", edit_views.unit, name="unit_act"),
    path("units/<int:pk>/coverage/<str:name>/", edit_views.coverage, name="coverage_act"),
    path("members/new/", edit_views.member_new, name="member_new"),
    path("members/<int:pk>/change/<str:name>/", edit_views.member, name="member_act"),
    path("organizations/new/", edit_views.organization_new, name="organization_new"),
    path("organizations/<int:pk>/change/<str:name>/", edit_views.organization, name="organization_act"),
    path("units/<int:pk>/stalls/", record_views.stalls_of, name="stalls"),
    path("units/<int:pk>/form/", print_views.unit_form, name="unit_form"),
    path("ledger/<str:code>/", print_views.ledger, name="ledger"),
    path("database/<str:code>/", print_views.database, name="database"),
    path("offered/", list_views.offered, name="offered"),
]
