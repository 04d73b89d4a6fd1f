"""The filters of the list of postings."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.kernel import clock

from .fields import AreaField

STATES = [("in_force", _("in force")), ("future", _("not begun")), ("ended", _("ended"))]


def _departments() -> list[tuple[str, str]]:
    """One query in one go: a model's choice field opens a cursor for a dozen rows."""
    return list(Department.objects.values_list("code", "name"))


class AreaFilter(django_filters.CharFilter):
    field_class = AreaField

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return qs.filter(found_under(value)) if value else qs


class PostingFilter(django_filters.FilterSet):
    """Text, role, area (with all below it), department, state."""

    q = django_filters.CharFilter(label=_("Name"), method="named", widget=forms.TextInput(attrs={"type": "search"}))
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices, empty_label=_("All roles"))
    area = AreaFilter(label=_("Area"))
    department = django_filters.ChoiceFilter(
        label=_("Department"), field_name="department__code", choices=_departments, empty_label=_("All departments")
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state", empty_label=_("All states"))

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(Q(user__name__icontains=value) | Q(user__username__icontains=value))

    def in_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        today = clock.today()
        if value == "in_force":
            return rows.in_force(today)  # type: ignore[attr-defined]
        return rows.not_begun(today) if value == "future" else rows.ended(today)  # type: ignore[attr-defined]
