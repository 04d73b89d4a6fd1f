"""All addresses of the portal. Each app keeps its own `urls.py`; this file gives each its place."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("tongshan_portal.operations.urls")),
    path("", include("tongshan_portal.command.urls")),
    path("", include("tongshan_portal.live.urls")),
    path("exchange/", include("tongshan_portal.exchange.urls")),
    path("audit/", include("tongshan_portal.audit.urls")),
    path("account/", include("tongshan_portal.signin.urls")),
    path("admin/", admin.site.urls),
]
