"""Addresses of publicity for officers."""

from django.urls import path

from .views import advice, broadcasts, desk

app_name = "publicity"

urlpatterns = [
    path("", desk.index, name="index"),
    path("new/", desk.new, name="new"),
    path("advice/", advice.index, name="advice"),
    path("advice/new/", advice.new, name="new_advice"),
    path("advice/unit/", advice.unit, name="unit"),
    path("advice/<slug:code>/", advice.write, name="write_advice"),
    path("advice/<slug:code>/<int:number>/", advice.version, name="version"),
    path("<slug:number>/", desk.show, name="show"),
    path("<slug:number>/correct/", desk.correct, name="correct"),
    path("<slug:number>/broadcast/", broadcasts.record, name="broadcast"),
    path("<slug:number>/photos/<int:pk>/", broadcasts.photo, name="photo"),
    path("<slug:number>/<slug:verb>/", desk.step, name="step"),
]
