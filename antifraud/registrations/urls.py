"""Addresses of registrations for officers."""

from django.urls import path

from .views import staff

app_name = "registrations"

urlpatterns = [
    path("", staff.registration_list, name="index"),
    path("counts/", staff.counts, name="counts"),
    path("points/", staff.point_list, name="points"),
    path("points/new/", staff.new_point, name="new_point"),
    path("points/<slug:code>/", staff.poster, name="poster"),
    path("points/<slug:code>/code.svg", staff.picture, name="picture"),
    path("points/<slug:code>/open/", staff.switch_point, {"word": "open"}, name="open_point"),
    path("points/<slug:code>/close/", staff.switch_point, {"word": "close"}, name="close_point"),
    path("<slug:number>/", staff.show, name="show"),
    path("<slug:number>/withdraw/", staff.withdraw, name="withdraw"),
]
