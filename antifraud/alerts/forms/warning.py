"""The form that takes a warning down after a call."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel import clock
from tongshan_portal.people.fields import AreaField
from tongshan_portal.ui.forms import ActionForm, moment_input

from ..enums import Grade
from ..models import FraudType


def _now() -> Any:
    return timezone.localtime(clock.now()).replace(second=0, microsecond=0)


class WarningForm(ActionForm):
    """Who is warned of what; `key` makes a warning that is sent twice one."""

    phone = forms.CharField(
        label=_("Phone of the warned person"), max_length=20, widget=forms.TextInput({"type": "tel", "autocomplete": "off"})
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=60, widget=forms.TextInput({"autocomplete": "off"}))
    address = forms.CharField(
        label=_("Address"), required=False, max_length=200, widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Only if the caller said it. The place is found by the number where it is registered."),
    )  # fmt: skip
    area_code = AreaField(label=_("Grid, village or town"), required=False)
    type = forms.ModelChoiceField(
        label=_("Type of fraud"), queryset=FraudType.objects.filter(in_use=True), to_field_name="code", empty_label=_("Choose …")
    )
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices)
    amount = forms.DecimalField(label=_("Amount at risk, yuan"), required=False, min_value=0, max_digits=12, decimal_places=2)
    claimed = forms.CharField(
        label=_("Claimed sender or site"), required=False, max_length=120, widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Who the fraud pretends to be, or where it leads: alerts of one wave have it in common."),
    )  # fmt: skip
    happened_at = forms.DateTimeField(label=_("When it happened"), widget=moment_input(), initial=_now)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
