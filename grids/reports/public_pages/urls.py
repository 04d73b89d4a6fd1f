"""Addresses of the resident's side. A case's own address is its code and its follow key; whoever holds both may read it."""

from django.urls import path

from . import views

app_name = "reports_public"

urlpatterns = [
    path("kiosk/", views.filing.start, name="start"),
    path("report/", views.filing.file_report, name="file"),
    path("r/", views.following.enter, name="enter"),
    path("r/<str:code>/<str:key>/", views.following.follow, name="follow"),
    path("r/<str:code>/<str:key>/slip/", views.following.slip, name="slip"),
    path("r/<str:code>/<str:key>/photos/<int:pk>/", views.following.photo, name="photo"),
    path("r/<str:code>/<str:key>/rate/", views.answering.rate, name="rate"),
    path("r/<str:code>/<str:key>/add/", views.answering.supplement, name="supplement"),
    path("r/<str:code>/<str:key>/withdraw/", views.answering.withdraw, name="withdraw"),
    path("r/<str:code>/<str:key>/contact/", views.contact.change, name="contact"),
    path("r/<str:code>/<str:key>/contact/show/", views.contact.show, name="show_contact"),
    path("r/<str:code>/<str:key>/contact/erase/", views.contact.erase, name="erase"),
]
