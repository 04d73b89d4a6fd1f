"""The forms of a notice."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongshan_portal.people.fields import AreaField
from tongshan_portal.ui.forms import ActionForm, day_input, moment_input

from ..enums import Channel, Urgency
from ..models import Advice, FraudNotice
from ..settings import LONGEST, SMS_LENGTH


class AreasField(forms.CharField):
    """Answers area codes: one line each, a code or a name that only one area has."""

    def __init__(self, **given: Any):
        super().__init__(widget=forms.Textarea({"rows": 3, "spellcheck": "false"}), **given)
        self._one = AreaField()

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().clean(value)
        codes: list[str] = []
        for line in text.replace("，", "\n").replace("、", "\n").replace(",", "\n").splitlines():
            if line.strip():
                try:
                    codes.append(self._one.clean(line.strip()))
                except ValidationError as error:
                    raise ValidationError(f"{line.strip()}: {error.messages[0]}") from None
        return codes


class NoticeForm(ActionForm):
    """What the desk writes."""

    advice = forms.ModelChoiceField(Advice.objects.none(), label=_("Type of fraud"), empty_label=None)
    urgency = forms.ChoiceField(label=_("How urgent"), choices=Urgency.choices)
    areas = AreasField(
        label=_("Areas"), help_text=_("One line each: a code, or a name that only one area has. What lies below is included.")
    )
    title_zh = forms.CharField(label=_("Title, Chinese"), max_length=60)
    text_zh = forms.CharField(label=_("Text, Chinese"), max_length=1000, widget=forms.Textarea({"rows": 5}))
    title_en = forms.CharField(label=_("Title, English"), max_length=120, required=False)
    text_en = forms.CharField(
        label=_("Text, English"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Empty: English readers get what is said of the type in general."),
    )
    to_residents = forms.BooleanField(
        label=_("Residents"), required=False, help_text=_("On the public page, and in the feed for other systems.")
    )
    to_staff = forms.BooleanField(label=_("Staff desks"), required=False, help_text=_("In the bell of everybody who serves in the areas."))
    to_followers = forms.BooleanField(
        label=_("Registered followers"), required=False, help_text=_("A short message to those who agreed to notices, and nobody else.")
    )
    sms_text = forms.CharField(
        label=_("Short message"),
        max_length=SMS_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Chinese, without links: fraudsters send links."),
    )
    valid_until = forms.DateTimeField(
        label=_("Valid until"), widget=moment_input(), help_text=_("At most %(days)d days.") % {"days": LONGEST.days}
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["advice"].queryset = Advice.objects.filter(in_use=True, text__isnull=False).select_related("text")  # type: ignore[attr-defined]


def initial_of(row: FraudNotice, codes: list[str]) -> dict[str, Any]:
    """A notice as its form shows it."""
    names = [name for name in NoticeForm.base_fields if name != "areas"]
    return {**{name: getattr(row, name) for name in names}, "areas": "\n".join(codes)}


class ReasonForm(ActionForm):
    """A step that says why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class NothingForm(ActionForm):
    """A step that needs nothing but the button."""


class BroadcastForm(ActionForm):
    """How it was made known."""

    area = forms.ChoiceField(label=_("Area"))
    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices, widget=forms.RadioSelect)
    on = forms.DateField(label=_("Day"), widget=day_input())
    place = forms.CharField(label=_("Where"), max_length=120, help_text=_("The loudspeaker of group 3, the notice board at the market …"))
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput({"accept": "image/*"}),
        help_text=_("Not needed. Without faces, please; place and device are taken out of it."),
    )

    def __init__(self, *args: Any, areas: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]
