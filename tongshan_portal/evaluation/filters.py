"""The rows behind a figure, for a list: what a number leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise

from .figures import Figure


@dataclass(frozen=True, slots=True)
class Behind:
    """Of which figure and which days the rows of a list are."""

    label: str | Promise
    begin: date
    end: date


class RowsBehind(django_filters.FilterSet):
    """`figure` of the days `begin` to `end`. Each app has its `figures`, and says how the rows behind one are found.

    All hidden: they come from a link, and the list says so above its rows.
    """

    figures: ClassVar[Mapping[str, Figure]]

    figure = django_filters.ChoiceFilter(method="behind_figure", widget=forms.HiddenInput)
    begin = django_filters.DateFilter(method="ignored", widget=forms.HiddenInput)
    end = django_filters.DateFilter(method="ignored", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["figure"].extra["choices"] = [(name, name) for name in self.figures]

    @property
    def behind(self) -> Behind | None:
        """What the rows are, in words, where they are those behind a figure."""
        given = self.form.cleaned_data if self.is_bound and self.form.is_valid() else {}
        name, begin, end = given.get("figure"), given.get("begin"), given.get("end")
        return Behind(self.figures[name].label, begin, end) if name and begin and end else None

    def rows_behind(self, rows: QuerySet, name: str, begin: date, end: date) -> QuerySet:
        """The rows behind a figure of a period."""
        raise NotImplementedError

    def behind_figure(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        begin, end = self.form.cleaned_data.get("begin"), self.form.cleaned_data.get("end")
        return self.rows_behind(rows, value, begin, end) if begin and end else rows.none()

    def ignored(self, rows: QuerySet, _name: str, _value: Any) -> QuerySet:
        """The days belong to the figure."""
        return rows
