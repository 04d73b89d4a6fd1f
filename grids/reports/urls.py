"""Addresses of case reports."""

from django.urls import path

from .evaluation import views as evaluation
from .views import filing, matter, steps, worklist

app_name = "reports"

urlpatterns = [
    path("", worklist.index, name="index"),
    path("evaluation/", evaluation.evaluation, name="evaluation"),
    path("file/", filing.file_report, name="file"),
    path("<slug:code>/", matter.show, name="show"),
    path("<slug:code>/<slug:verb>/", steps.step, name="step"),
]
