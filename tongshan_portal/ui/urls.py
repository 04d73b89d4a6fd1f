"""Addresses of the shell."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("favicon.ico", views.favicon, name="favicon"),
    path("preferences/", views.set_preference, name="set_preference"),
    path("language/", include("django.conf.urls.i18n")),
    path("banners/", views.banners, name="banners"),
    path("banners/new/", views.post_banner, name="banner_post"),
    path("banners/<int:pk>/", views.change_banner, name="banner_change"),
    path("banners/<int:pk>/end/", views.end_banner, name="banner_end"),
    path("ui/", views.component_gallery, name="gallery"),
]
