"""The rows behind a figure, for the list of reports: what a number of the evaluation leads to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise

from ..models import Category
from .figures import FIGURES, behind

NONE = "none"
"""Stands for rows without a category, or on no department's desk."""


def _number_or_none(value: str) -> int | None:
    return None if value == NONE else int(value)


@dataclass(frozen=True, slots=True)
class Behind:
    """Of which figure and which days the rows of a list are."""

    label: str | Promise
    begin: date
    end: date


class FigureFilter(django_filters.FilterSet):
    """`figure` of the days `begin` to `end`; `kind` a category itself, `under` one with all below, `department`, `here` an area itself.

    All hidden: they come from a link, and the list says so above its rows.
    """

    figure = django_filters.ChoiceFilter(choices=[(name, name) for name in FIGURES], method="behind_figure", widget=forms.HiddenInput)
    begin = django_filters.DateFilter(method="ignored", widget=forms.HiddenInput)
    end = django_filters.DateFilter(method="ignored", widget=forms.HiddenInput)
    kind = django_filters.CharFilter(method="of_kind", widget=forms.HiddenInput)
    under = django_filters.NumberFilter(method="under_kind", widget=forms.HiddenInput)
    department = django_filters.CharFilter(method="of_department", widget=forms.HiddenInput)
    here = django_filters.CharFilter(field_name="area_code", widget=forms.HiddenInput)

    @property
    def behind(self) -> Behind | None:
        """What the rows are, in words, where they are those behind a figure."""
        given = self.form.cleaned_data if self.is_bound and self.form.is_valid() else {}
        name, begin, end = given.get("figure"), given.get("begin"), given.get("end")
        return Behind(FIGURES[name].label, begin, end) if name and begin and end else None

    def behind_figure(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        begin, end = self.form.cleaned_data.get("begin"), self.form.cleaned_data.get("end")
        return rows.filter(behind(value, begin, end)) if begin and end else rows.none()

    def ignored(self, rows: QuerySet, _name: str, _value: Any) -> QuerySet:
        """The days belong to the figure."""
        return rows

    def of_kind(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(category_id=_number_or_none(value)) if value == NONE or value.isdecimal() else rows.none()

    def under_kind(self, rows: QuerySet, _name: str, value: Any) -> QuerySet:
        return rows.filter(category_id__in=with_those_below(int(value)))

    def of_department(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(department_id=_number_or_none(value)) if value == NONE or value.isdecimal() else rows.none()


def with_those_below(category_id: int) -> list[int]:
    """A category's key and those of all below it."""
    links = list(Category.objects.values_list("pk", "parent_id"))
    found, waiting = {category_id}, [category_id]
    while waiting:
        above = waiting.pop()
        new = [pk for pk, parent in links if parent == above and pk not in found]
        found.update(new)
        waiting.extend(new)
    return sorted(found)
