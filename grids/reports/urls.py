"""Addresses of case reports."""

from django.urls import path

from .views import filing, in_bulk, matter, queue, saved, steps, worklist

app_name = "reports"

urlpatterns = [
    path("", worklist.index, name="index"),
    path("file/", filing.file_report, name="file"),
    path("columns/", worklist.columns, name="columns"),
    path("map/", worklist.map_page, name="map"),
    path("points/", worklist.points, name="points"),
    path("bulk/", in_bulk.in_bulk, name="bulk"),
    path("next/", queue.take_next, name="next"),
    path("release/", queue.release, name="release"),
    path("views/save/", saved.save, name="save_view"),
    path("views/<int:pk>/", saved.change, name="view"),
    path("views/<int:pk>/delete/", saved.delete, name="delete_view"),
    path("<slug:code>/", matter.show, name="show"),
    path("<slug:code>/presence/", matter.presence_of, name="presence"),
    path("<slug:code>/<slug:verb>/", steps.step, name="step"),
]
