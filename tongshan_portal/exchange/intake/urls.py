"""Addresses of the intake from other systems."""

from django.urls import path

from . import views

app_name = "intake"

urlpatterns = [
    path("openapi.json", views.describe, name="openapi"),
    path("<path:path>", views.take, name="take"),
]
