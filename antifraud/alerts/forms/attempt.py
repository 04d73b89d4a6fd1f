"""The form of an attempt, for a phone and one hand: the way is chosen already, what came of it is the button."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.ui.forms import ActionForm, moment_input

from ..enums import TRIED, Channel


class AttemptForm(ActionForm):
    """How, what was heard, and (as the button that sends it) what came of it. Without a time it was now."""

    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices)
    identity_checked = forms.BooleanField(label=_("Identity checked"), required=False)
    notes = forms.CharField(label=_("Notes"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))
    at = forms.DateTimeField(label=_("When, if not now"), required=False, widget=moment_input())
    beyond_limits = forms.CharField(label=_("Why outside the limits"), required=False, max_length=500)
    reached = forms.ChoiceField(choices=[(one.value, one.label) for one in TRIED], widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, asks_why: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not asks_why and "beyond_limits" not in (self.data or {}):
            self.fields["beyond_limits"].widget = forms.HiddenInput()

    def refuse(self, error: Any) -> None:
        """A limit that stands in the way asks for its reason."""
        if error.field == "beyond_limits":
            self.fields["beyond_limits"].widget = forms.TextInput()
        super().refuse(error)
