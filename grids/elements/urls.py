"""Addresses of the elements."""

from django.urls import path

from . import views

app_name = "elements"

urlpatterns = [
    path("", views.first, name="first"),
    path("corrections/", views.correction_list, name="corrections"),
    path("corrections/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("corrections/<int:pk>/reject/", views.reject, name="reject"),
    path("<slug:kind>/", views.element_list, name="list"),
    path("<slug:kind>/new/", views.record_new, name="record"),
    path("<slug:kind>/<int:pk>/", views.element, name="element"),
    path("<slug:kind>/<int:pk>/correct/", views.correct, name="correct"),
]
