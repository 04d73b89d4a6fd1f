"""What the evaluation looks at, as the reader chooses it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.models import Department
from tongshan_portal.evaluation.forms import PeriodForm
from tongshan_portal.evaluation.periods import Period

from ..models import Category
from .filters import NONE
from .indicators import BY_NAME
from .queries import By


class EvaluationForm(PeriodForm):
    """Period, division, category, department. Without a department's choice for those who see their own alone."""

    periods = tuple(one for one in Period if one not in (Period.DAY, Period.WEEK, Period.LAST_WEEK))

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
