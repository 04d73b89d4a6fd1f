"""The filters of the lists of elements."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel.sealed import matching
from tongshan_portal.people.filters import AreaFilter

from .dictionary import choices
from .enums import Dictionary
from .models import Household
from .search import with_words


class ElementFilter(django_filters.FilterSet):
    """Address, area with all below it."""

    q = django_filters.CharFilter(label=_("Address"), method="at_address", widget=forms.TextInput(attrs={"type": "search"}))
    area = AreaFilter(label=_("Area"))

    def at_address(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return with_words(rows, value, "address__")


class HouseholdFilter(ElementFilter):
    """Also the exact phone number, by its blind index, and a service need."""

    phone = django_filters.CharFilter(label=_("Phone, whole"), method="with_phone", widget=forms.TextInput(attrs={"type": "tel"}))
    need = django_filters.ChoiceFilter(
        label=_("Service need"), choices=lambda: choices(Dictionary.NEED), method="with_need", empty_label=_("All")
    )

    def with_phone(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(matching(Household, "phone", value))

    def with_need(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(needs__contains=[value])


class NamedFilter(ElementFilter):
    """Also a part of the name."""

    name = django_filters.CharFilter(label=_("Name"), field_name="name", lookup_expr="icontains")


FILTERS = {"household": HouseholdFilter, "place": NamedFilter, "facility": NamedFilter, "organisation": NamedFilter}
