"""Addresses of the shell."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("preferences/", views.set_preference, name="set_preference"),
    path("language/", include("django.conf.urls.i18n")),
    path("ui/", views.component_gallery, name="gallery"),
]
