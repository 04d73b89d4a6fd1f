"""Addresses of case reports."""

from django.urls import path

from .evaluation import views as evaluation
from .views import filing, filing_help, matter, photos, steps, worklist

app_name = "reports"

urlpatterns = [
    path("", worklist.index, name="index"),
    path("evaluation/", evaluation.evaluation, name="evaluation"),
    path("file/", filing.file_report, name="file"),
    path("file/hints/", filing_help.hints, name="hints"),
    path("file/places/", filing_help.places, name="places"),
    path("file/draft/", filing_help.draft, name="draft"),
    path("file/draft/drop/", filing_help.drop_draft, name="drop_draft"),
    path("file/offline/", filing_help.offline, name="offline"),
    path("file/worker.js", filing_help.worker, name="worker"),
    path("<slug:code>/filed/", filing.filed, name="filed"),
    path("<slug:code>/photos/", photos.add, name="add_photo"),
    path("<slug:code>/photos/<int:pk>/", photos.photo, name="photo"),
    path("<slug:code>/photos/<int:pk>/remove/", photos.remove, name="remove_photo"),
    path("<slug:code>/", matter.show, name="show"),
    path("<slug:code>/<slug:verb>/", steps.step, name="step"),
]
