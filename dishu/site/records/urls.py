"""Pages of records: /units/, /members/, /organizations/; each record by its number, each way of changing it by its name."""

from django.urls import path

from dishu.site.records import bulk_views, edit_views, list_views, print_views, record_views

urlpatterns = [
    path("units/", list_views.unit_list, name="units"),
    path("units/verify/", list_views.verify, name="verify"),
    path("units/assign/", bulk_views.units, {"name": "assign"}, name="assign"),
    path("units/close/", bulk_views.units, {"name": "close_many"}, name="close_many"),
    path("members/settle/", bulk_views.members, {"name": "settle_many"}, name="settle_many"),
    path("members/take-part/", bulk_views.members, {"name": "take_part_many"}, name="take_part_many"),
    path("members/verify/", bulk_views.members, {"name": "verify_many"}, name="verify_many"),
    path("members/standing/", bulk_views.members, {"name": "standing_many"}, name="standing_many"),
    path("members/leave/", bulk_views.members, {"name": "leave_many"}, name="leave_many"),
    path("organizations/under/", bulk_views.organizations, {"name": "under"}, name="under"),
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
