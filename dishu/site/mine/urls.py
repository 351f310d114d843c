"""Pages of members' own records: /mine/."""

from django.urls import path

from dishu.site.mine import office, views

urlpatterns = [
    path("", views.mine, name="mine"),
    path("looks/", views.looks, name="mine_looks"),
    path("show/", views.show, name="mine_show"),
    path("correct/", views.correct, name="mine_correct"),
    path("correct/<int:pk>/withdraw/", views.withdraw, name="mine_withdraw"),
    path("dues/", views.reckon, name="mine_dues"),
    path("take/", views.take, name="mine_take"),
    path("activate/", office.activate, name="activate"),
    path("asked/", office.corrections_asked, name="corrections"),
    path("asked/<int:pk>/", office.correction, name="correction"),
    path("open/<int:pk>/", office.invite, name="invite"),
]
