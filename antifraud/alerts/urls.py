"""Addresses of fraud alerts."""

from django.urls import path

from .views import figures, matter, queue, shift, steps, waves

app_name = "alerts"

urlpatterns = [
    path("", queue.index, name="index"),
    path("next/", queue.next_one, name="next"),
    path("new/", queue.new, name="new"),
    path("release/", queue.release, name="release"),
    path("bulk/", waves.in_bulk, name="bulk"),
    path("waves/<slug:code>/", waves.wave, name="wave"),
    path("shift/", shift.handovers, name="handovers"),
    path("shift/<int:pk>/", shift.handover, name="handover"),
    path("shift/<int:pk>/take/", shift.take, name="take_over"),
    path("figures/", figures.figures, name="figures"),
    path("figures/table.csv", figures.table, name="figures_table"),
    path("<slug:code>/", matter.show, name="show"),
    path("<slug:code>/attempt/", matter.attempt, name="attempt"),
    path("<slug:code>/<slug:verb>/", steps.step, name="step"),
]
