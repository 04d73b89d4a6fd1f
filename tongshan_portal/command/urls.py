"""Addresses of the command center."""

from django.urls import include, path

from . import views

parts = [
    path("board/", views.board, name="board"),
    path("ticker/", views.ticker, name="ticker"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("command/", include((parts, "command"))),
]
