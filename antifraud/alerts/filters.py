"""The filters of the queue. A number is not among them: an address with a number in it would stay in logs."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongshan_portal.people.filters import AreaFilter

from .enums import AlertState, Grade
from .evaluation.filters import FigureFilter
from .models import FraudType


def _types(_request: object) -> QuerySet[FraudType]:
    return FraudType.objects.all()


class AlertFilter(FigureFilter):
    """Code, grade, type, area with all below it, state; and the rows behind a figure."""

    code = django_filters.CharFilter(label=_("Code"), method="with_code", widget=forms.TextInput(attrs={"type": "search"}))
    grade = django_filters.ChoiceFilter(label=_("Grade"), choices=Grade.choices, empty_label=_("All"))
    type = django_filters.ModelChoiceFilter(label=_("Type"), queryset=_types, empty_label=_("All"))
    area = AreaFilter(label=_("Area"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=AlertState.choices, empty_label=_("All"))

    def with_code(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(code__startswith=value.strip().upper()[:20])
