"""The rows behind a figure, for the list of reports: what a number of the evaluation leads to."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from tongshan_portal.evaluation.filters import RowsBehind

from ..models import Category
from .figures import FIGURES, behind

NONE = "none"
"""Stands for rows without a category, or on no department's desk."""


def _number_or_none(value: str) -> int | None:
    return None if value == NONE else int(value)


class FigureFilter(RowsBehind):
    """`kind` a category itself, `under` one with all below it; `stood_with` a department, `here` an area itself."""

    figures = FIGURES

    kind = django_filters.CharFilter(method="of_kind", widget=forms.HiddenInput)
    under = django_filters.NumberFilter(method="under_kind", widget=forms.HiddenInput)
    stood_with = django_filters.CharFilter(method="of_department", widget=forms.HiddenInput)
    here = django_filters.CharFilter(field_name="area_code", widget=forms.HiddenInput)

    def rows_behind(self, rows: QuerySet, name: str, begin: date, end: date) -> QuerySet:
        return rows.filter(behind(name, begin, end))

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
