"""Addresses of notices. The stream itself, /live/stream, is answered before Django (see stream)."""

from django.urls import path

from . import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_all, name="notices_read_all"),
    path("notices/announce/", views.announce, name="notices_announce"),
    path("notices/<int:delivery_id>/", views.read, name="notice_read"),
    path("live/bell/", views.bell, name="notices_bell"),
]
