"""What the figures are of, as the reader chooses it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.evaluation.forms import PeriodForm
from tongshan_portal.evaluation.periods import Days, Period, parts_of

from ..enums import Grade
from ..models import FraudType
from .indicators import BY_NAME
from .queries import TRUNCATED, By

MOST_PARTS = 100
"""Lines into which time is divided."""


class FiguresForm(PeriodForm):
    """Period, division, type, grade, source, and which indicator is drawn."""

    periods = tuple(one for one in Period if one != Period.LAST_YEAR)

    by = forms.ChoiceField(label=_("Divided"), choices=By.choices, required=False)
    type = forms.ModelChoiceField(label=_("Type"), queryset=FraudType.objects.all(), required=False, empty_label=_("All"))
    grade = forms.ChoiceField(label=_("Grade"), choices=[("", _("All")), *Grade.choices], required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    chart = forms.ChoiceField(label=_("Drawn"), choices=[(name, one.indicator.label) for name, one in BY_NAME.items()], required=False)

    def __init__(self, *args: Any, sources: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [("", _("All")), *sources]  # type: ignore[attr-defined]

    def division(self, days: Days) -> str:
        """Into what the figures are divided; too many parts of time are refused in a sentence, and areas stand instead."""
        by = self.cleaned_data.get("by") or By.AREA.value
        if by in TRUNCATED and len(parts_of(by, days)) > MOST_PARTS:
            self.add_error(
                "by", _("These are more than %(number)d lines. Choose a shorter period, or longer parts.") % {"number": MOST_PARTS}
            )
            return By.AREA.value
        return str(by)
