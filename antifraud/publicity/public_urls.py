"""Addresses of publicity for everybody: on posters and in the feeds of other systems, so they stay."""

from django.urls import path

from .views import feed, public

app_name = "fraud_public"

urlpatterns = [
    path("types/", public.types, name="types"),
    path("types/<slug:code>/", public.show_type, name="type"),
    path("types/<slug:code>/poster/", public.poster, name="poster"),
    path("notices/", public.notices, name="notices"),
    path("notices/feed.xml", feed.index, name="feed"),
    path("notices/cap/<slug:identifier>.xml", feed.message, name="message"),
    path("notices/<slug:number>/", public.notice, name="notice"),
]
