"""What the figures are of, as the reader chooses it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import Grade
from ..models import FraudType
from .indicators import BY_NAME
from .periods import Days, Period, days_of, parts_of
from .queries import TRUNCATED, By

LONGEST = 366 * 5
"""Days of a free period."""
MOST_PARTS = 100
"""Lines into which time is divided."""


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class FiguresForm(forms.Form):
    """Period, division, type, grade, source, and which indicator is drawn."""

    area = forms.CharField(required=False, widget=forms.HiddenInput)
    period = forms.ChoiceField(label=_("Period"), choices=Period.choices, required=False)
    begin = forms.DateField(label=_("First day"), required=False, widget=_day())
    end = forms.DateField(label=_("Last day"), required=False, widget=_day())
    by = forms.ChoiceField(label=_("Divided"), choices=By.choices, required=False)
    type = forms.ModelChoiceField(label=_("Type"), queryset=FraudType.objects.all(), required=False, empty_label=_("All"))
    grade = forms.ChoiceField(label=_("Grade"), choices=[("", _("All")), *Grade.choices], required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    chart = forms.ChoiceField(label=_("Drawn"), choices=[(name, one.indicator.label) for name, one in BY_NAME.items()], required=False)

    def __init__(self, *args: Any, sources: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [("", _("All")), *sources]  # type: ignore[attr-defined]

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

    def division(self, days: Days) -> str:
        """Into what the figures are divided; too many parts of time are refused in a sentence, and areas stand instead."""
        by = self.cleaned_data.get("by") or By.AREA.value
        if by in TRUNCATED and len(parts_of(by, days)) > MOST_PARTS:
            self.add_error(
                "by", _("These are more than %(number)d lines. Choose a shorter period, or longer parts.") % {"number": MOST_PARTS}
            )
            return By.AREA.value
        return str(by)
