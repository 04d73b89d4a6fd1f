"""Addresses of case reports."""

from django.urls import path

from . import views

app_name = "reports"

urlpatterns = [
    path("", views.index, name="index"),
    path("file/", views.file_report, name="file"),
    path("<slug:code>/", views.show, name="show"),
    path("<slug:code>/<slug:verb>/", views.step, name="step"),
]
