"""The filters of the worklist."""

from datetime import date, datetime, time, timedelta

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock
from tongshan_portal.people.filters import AreaFilter

from .enums import ReportState, Source, Urgency
from .evaluation.filters import FigureFilter
from .models import Category
from .narrowing import Only, narrowed
from .search import with_words


def _categories(_request: object) -> QuerySet[Category]:
    return Category.objects.filter(in_use=True)


def _departments() -> list[tuple[str, str]]:
    """One query in one go: a model's choice field opens a cursor for a dozen rows."""
    return list(Department.objects.values_list("code", "name"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReportFilter(FigureFilter):
    """Words, area and category with all below them, desk, state, urgency, source, days of filing; and the rows behind a figure."""

    q = django_filters.CharFilter(label=_("Words or code"), method="with_words", widget=forms.TextInput(attrs={"type": "search"}))
    area = AreaFilter(label=_("Area"))
    category = django_filters.ModelChoiceFilter(label=_("Category"), queryset=_categories, method="of_category", empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=ReportState.choices, empty_label=_("All"))
    urgency = django_filters.ChoiceFilter(label=_("Urgency"), choices=Urgency.choices, empty_label=_("All"))
    only = django_filters.ChoiceFilter(label=_("Only"), choices=Only.choices, method="narrow", empty_label=_("All"))
    department = django_filters.ChoiceFilter(
        label=_("Department"), field_name="department__code", choices=_departments, empty_label=_("All departments")
    )
    source = django_filters.ChoiceFilter(label=_("Source"), choices=Source.choices, empty_label=_("All"))
    filed_from = django_filters.DateFilter(label=_("Filed from"), method="since", widget=_day())
    filed_to = django_filters.DateFilter(label=_("Filed until"), method="until", widget=_day())

    def with_words(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return with_words(rows, value)

    def narrow(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(narrowed(value, clock.now()))

    def of_category(self, rows: QuerySet, _name: str, value: Category) -> QuerySet:
        below = Category.objects.filter(Q(pk=value.pk) | Q(parent=value) | Q(parent__parent=value))
        return rows.filter(category__in=below.order_by())

    def since(self, rows: QuerySet, _name: str, value: date) -> QuerySet:
        return rows.filter(filed_at__gte=_midnight(value))

    def until(self, rows: QuerySet, _name: str, value: date) -> QuerySet:
        return rows.filter(filed_at__lt=_midnight(value + timedelta(days=1)))
