"""Addresses of the import of boundaries."""

from django.urls import path

from . import views

app_name = "boundaries"

urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:run_id>/", views.show, name="show"),
    path("<uuid:run_id>/start/", views.start, name="start"),
    path("<uuid:run_id>/stop/", views.stop, name="stop"),
    path("<uuid:run_id>/sketch/", views.sketch, name="sketch"),
    path("<uuid:run_id>/findings.csv", views.findings, name="findings"),
]
