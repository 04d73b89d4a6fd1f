"""Addresses of people, postings and the page that explains access."""

from django.urls import path

from . import views, why

app_name = "people"
urlpatterns = [
    path("people/", views.directory, name="directory"),
    path("people/new/", views.create_person, name="create"),
    path("people/areas/", views.areas, name="areas"),
    path("people/switch/", views.switch_posting, name="switch"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/change/", views.change_person, name="change"),
    path("people/<int:pk>/password/", views.set_password, name="password"),
    path("people/<int:pk>/disable/", views.switch_account, {"way": "disable"}, name="disable"),
    path("people/<int:pk>/enable/", views.switch_account, {"way": "enable"}, name="enable"),
    path("people/<int:pk>/postings/new/", views.give_posting, name="give_posting"),
    path("people/<int:pk>/grants/new/", views.give_grant, name="give_grant"),
    path("people/postings/<int:pk>/end/", views.end_posting, name="end_posting"),
    path("people/grants/<str:label>/<int:pk>/take/", views.take_grant, name="take_grant"),
    path("why/", why.why, name="why"),
]
