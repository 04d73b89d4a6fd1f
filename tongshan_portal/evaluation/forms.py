"""A period, as the reader of figures chooses it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .periods import Days, Period, days_of

LONGEST = 366 * 5
"""Days of a free period."""


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class PeriodForm(forms.Form):
    """An area, and a period of those that the app offers; a free one says its first and its last day."""

    periods: Sequence[Period] = tuple(Period)

    area = forms.CharField(required=False, widget=forms.HiddenInput)
    period = forms.ChoiceField(label=_("Period"), required=False)
    begin = forms.DateField(label=_("First day"), required=False, widget=_day())
    end = forms.DateField(label=_("Last day"), required=False, widget=_day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(one.value, one.label) for one in self.periods]  # type: ignore[attr-defined]

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

    def days(self, today: date) -> Days:
        """The period that was chosen; this month where none, or a wrong one, was."""
        given = self.cleaned_data
        period = given.get("period") or Period.MONTH
        if period != Period.FREE:
            return days_of(period, today)
        if self.errors or not given.get("begin") or not given.get("end"):
            return days_of(Period.MONTH, today)
        return Days(given["begin"], given["end"])
