"""The filters of the worklist."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongshan_portal.people.filters import AreaFilter

from .enums import ReportState, Urgency
from .models import Category
from .search import with_words


def _categories(_request: object) -> QuerySet[Category]:
    return Category.objects.filter(in_use=True)


class ReportFilter(django_filters.FilterSet):
    """Words, area with all below it, state, category, urgency."""

    q = django_filters.CharFilter(label=_("Words or code"), method="with_words", widget=forms.TextInput(attrs={"type": "search"}))
    area = AreaFilter(label=_("Area"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=ReportState.choices, empty_label=_("All"))
    category = django_filters.ModelChoiceFilter(label=_("Category"), queryset=_categories, empty_label=_("All"))
    urgency = django_filters.ChoiceFilter(label=_("Urgency"), choices=Urgency.choices, empty_label=_("All"))

    def with_words(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return with_words(rows, value)
