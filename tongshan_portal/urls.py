"""All addresses of the portal. Each app keeps its own `urls.py`; this file gives each its place."""

from django.contrib import admin
from django.urls import include, path

handler400 = "tongshan_portal.ui.views.bad_request"
handler403 = "tongshan_portal.ui.views.forbidden"
handler404 = "tongshan_portal.ui.views.not_found"
handler500 = "tongshan_portal.ui.views.server_error"

urlpatterns = [
    path("", include("tongshan_portal.ui.urls")),
    path("", include("tongshan_portal.operations.urls")),
    path("", include("tongshan_portal.command.urls")),
    path("", include("tongshan_portal.live.urls")),
    path("exchange/", include("tongshan_portal.exchange.urls")),
    path("api/", include("tongshan_portal.exchange.intake.urls")),
    path("", include("tongshan_portal.people.urls")),
    path("", include("grids.net.urls")),
    path("elements/", include("grids.elements.urls")),
    path("reports/", include("grids.reports.urls")),
    path("registrations/", include("antifraud.registrations.urls")),
    path("bell/", include("antifraud.registrations.public_urls")),
    path("", include("grids.reports.public_pages.urls")),
    path("antifraud/alerts/", include("antifraud.alerts.urls")),
    path("antifraud/publicity/", include("antifraud.publicity.urls")),
    path("antifraud/", include("antifraud.publicity.public_urls")),
    path("boundaries/", include("grids.boundaries.urls")),
    path("audit/", include("tongshan_portal.audit.urls")),
    path("account/", include("tongshan_portal.signin.urls")),
    path("admin/", admin.site.urls),
]
