"""The filters of the list of registrations."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel.sealed import matching
from tongshan_portal.people.filters import AreaFilter

from .enums import State
from .models import Registration


class RegistrationFilter(django_filters.FilterSet):
    """The whole number by its blind index, area with all below it, state, point."""

    phone = django_filters.CharFilter(label=_("Phone, whole"), method="with_phone", widget=forms.TextInput(attrs={"type": "tel"}))
    area = AreaFilter(label=_("Area"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices, empty_label=_("All"))
    point = django_filters.CharFilter(label=_("Registration point"), field_name="point__code", lookup_expr="iexact")

    def with_phone(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(matching(Registration, "phone", value))
