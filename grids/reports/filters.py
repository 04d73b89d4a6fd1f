"""The filters of the worklist."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel import clock
from tongshan_portal.people.filters import AreaFilter

from .enums import ReportState, Urgency
from .evaluation.filters import FigureFilter
from .models import Category
from .narrowing import Only, narrowed
from .search import with_words


def _categories(_request: object) -> QuerySet[Category]:
    return Category.objects.filter(in_use=True)


class ReportFilter(FigureFilter):
    """Words, area with all below it, state, category, urgency, what needs somebody; and the rows behind a figure of the evaluation."""

    q = django_filters.CharFilter(label=_("Words or code"), method="with_words", widget=forms.TextInput(attrs={"type": "search"}))
    area = AreaFilter(label=_("Area"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=ReportState.choices, empty_label=_("All"))
    category = django_filters.ModelChoiceFilter(label=_("Category"), queryset=_categories, empty_label=_("All"))
    urgency = django_filters.ChoiceFilter(label=_("Urgency"), choices=Urgency.choices, empty_label=_("All"))
    only = django_filters.ChoiceFilter(label=_("Only"), choices=Only.choices, method="narrow", empty_label=_("All"))

    def with_words(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return with_words(rows, value)

    def narrow(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(narrowed(value, clock.now()))
