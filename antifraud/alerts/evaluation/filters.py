"""The rows behind a figure, for the list of alerts: what a number leads to who needs to know the people."""

from datetime import date

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongshan_portal.evaluation.filters import RowsBehind

from .figures import FIGURES, behind


class FigureFilter(RowsBehind):
    """`here` an area itself; `source`; `practice`: `no` leaves out what is simulated."""

    figures = FIGURES

    here = django_filters.CharFilter(field_name="area_code", widget=forms.HiddenInput)
    source = django_filters.CharFilter(field_name="source", widget=forms.HiddenInput)
    practice = django_filters.ChoiceFilter(choices=[("no", _("no")), ("yes", _("yes"))], method="of_practice", widget=forms.HiddenInput)

    def rows_behind(self, rows: QuerySet, name: str, begin: date, end: date) -> QuerySet:
        return behind(rows, name, begin, end)

    def of_practice(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(is_simulated=value == "yes")
