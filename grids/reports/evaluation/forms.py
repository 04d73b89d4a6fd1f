"""What the evaluation looks at, as the reader chooses it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.models import Department

from ..models import Category
from .filters import NONE
from .indicators import BY_NAME
from .periods import Days, Period, days_of
from .queries import By

LONGEST = 366 * 5
"""Days of a free period."""


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class EvaluationForm(forms.Form):
    """Period, division, category, department. Without a department's choice for those who see their own alone."""

    area = forms.CharField(required=False, widget=forms.HiddenInput)
    period = forms.ChoiceField(label=_("Period"), choices=Period.choices, required=False)
    begin = forms.DateField(label=_("First day"), required=False, widget=_day())
    end = forms.DateField(label=_("Last day"), required=False, widget=_day())
    by = forms.ChoiceField(label=_("Divided"), choices=By.choices, required=False)
    under = forms.ModelChoiceField(label=_("Category"), queryset=Category.objects.order_by("code"), required=False, empty_label=_("All"))
    department = forms.ChoiceField(label=_("Department"), required=False)
    chart = forms.ChoiceField(
        label=_("Drawn"), choices=[(name, one.indicator.label) for name, one in BY_NAME.items()], required=False
    )  # fmt: skip

    def __init__(self, *args: Any, with_departments: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if with_departments:
            listed = [(str(row.pk), str(row)) for row in Department.objects.order_by("code")]
            self.fields["department"].choices = [("", _("All")), *listed, (NONE, _("no department"))]  # type: ignore[attr-defined]
        else:
            del self.fields["department"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("period") == Period.FREE:
            begin, end = given.get("begin"), given.get("end")
            if not begin or not end:
                self.add_error("begin", _("Say from which day to which."))
            elif begin > end:
                self.add_error("end", _("The last day lies before the first."))
            elif (end - begin).days > LONGEST:
                self.add_error("end", _("A period of more than five years is not added up."))
        return given

    def days(self, today: Any) -> Days:
        """The period that was chosen; this month where none, or a wrong one, was."""
        given = self.cleaned_data
        period = given.get("period") or Period.MONTH
        if period != Period.FREE:
            return days_of(period, today)
        if self.errors or not given.get("begin") or not given.get("end"):
            return days_of(Period.MONTH, today)
        return Days(given["begin"], given["end"])
