"""What the forms of every app have in common: they read what was typed, the actions decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel.errors import DomainError

from .models import Severity


def day_input() -> forms.DateInput:
    """A day, picked in the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def moment_input() -> forms.DateTimeInput:
    """A day and an hour in the district's time, picked in the browser's own calendar."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ActionForm(forms.Form):
    """A form whose submission is one action: what the rules refuse stands beside its field."""

    def refuse(self, error: DomainError) -> None:
        """Put the sentence of a refusal beside the field it is about, or above the form."""
        self.add_error(error.field if error.field in self.fields else None, str(error.message))


class BannerForm(ActionForm):
    """A sentence in both languages, how urgent, from when until when."""

    text_zh = forms.CharField(label=_("Chinese text"), max_length=200)
    text_en = forms.CharField(label=_("English text"), max_length=300)
    severity = forms.ChoiceField(label=_("How urgent"), choices=Severity.choices)
    starts_at = forms.DateTimeField(label=_("From"), widget=moment_input())
    ends_at = forms.DateTimeField(label=_("Until"), widget=moment_input())
