"""Addresses of the net: the map, the pages of areas, open data."""

from django.urls import path, register_converter

from . import views


class AreaCode:
    """An area code in an address."""

    regex = r"\d{6}(?:\d{3}){0,4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(AreaCode, "area_code")
app_name = "net"

urlpatterns = [
    path("map/", views.map_page, name="map"),
    path("map/layers/<slug:level>/", views.layer, name="layer"),
    path("map/measures/<slug:name>/<slug:level>/", views.measure, name="measure"),
    path("map/points/<slug:name>/", views.points, name="points"),
    path("areas/", views.own_area, name="own_area"),
    path("areas/<area_code:code>/", views.area, name="area"),
    path("areas/<area_code:code>/rename/", views.rename, name="rename"),
    path("areas/<area_code:code>/retire/", views.retire, name="retire"),
    path("areas/<area_code:code>/merge/", views.merge, name="merge"),
    path("areas/<area_code:code>/split/", views.split, name="split"),
    path("areas/<area_code:code>/move/", views.move, name="move"),
    path("open/areas/<slug:level>.geojson", views.open_areas, name="open_areas"),
]
