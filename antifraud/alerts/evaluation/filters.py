"""The rows behind a figure, for the list of alerts: what a number leads to who needs to know the people."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .figures import FIGURES, behind


@dataclass(frozen=True, slots=True)
class Behind:
    """Of which figure and which days the rows of a list are."""

    label: str | Promise
    begin: date
    end: date


class FigureFilter(django_filters.FilterSet):
    """`figure` of the days `begin` to `end`; `here` an area itself; `source`; `practice`: `no` leaves out what is simulated.

    All hidden: they come from a link, and the list says so above its rows.
    """

    figure = django_filters.ChoiceFilter(choices=[(name, name) for name in FIGURES], method="behind_figure", widget=forms.HiddenInput)
    begin = django_filters.DateFilter(method="ignored", widget=forms.HiddenInput)
    end = django_filters.DateFilter(method="ignored", widget=forms.HiddenInput)
    here = django_filters.CharFilter(field_name="area_code", widget=forms.HiddenInput)
    source = django_filters.CharFilter(field_name="source", widget=forms.HiddenInput)
    practice = django_filters.ChoiceFilter(choices=[("no", _("no")), ("yes", _("yes"))], method="of_practice", widget=forms.HiddenInput)

    @property
    def behind(self) -> Behind | None:
        """What the rows are, in words, where they are those behind a figure."""
        given = self.form.cleaned_data if self.is_bound and self.form.is_valid() else {}
        name, begin, end = given.get("figure"), given.get("begin"), given.get("end")
        return Behind(FIGURES[name].label, begin, end) if name and begin and end else None

    def behind_figure(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        begin, end = self.form.cleaned_data.get("begin"), self.form.cleaned_data.get("end")
        return behind(rows, value, begin, end) if begin and end else rows.none()

    def ignored(self, rows: QuerySet, _name: str, _value: Any) -> QuerySet:
        """The days belong to the figure."""
        return rows

    def of_practice(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(is_simulated=value == "yes")
