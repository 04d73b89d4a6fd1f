"""Addresses of the audit."""

from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("<int:pk>/", views.entry, name="entry"),
    path("chain/", views.chain, name="chain"),
    path("reveals/", views.reveals, name="reveals"),
    path("reveal/<str:model>/<str:pk>/<str:field>/", views.reveal_field, name="reveal"),
]
