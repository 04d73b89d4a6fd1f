"""The forms of the resident's side: they read what was typed, the actions decide."""

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel.pictures import Picture
from tongshan_portal.kernel.sealed import Purpose
from tongshan_portal.kernel.sealed.masks import normal
from tongshan_portal.ui.forms import ActionForm

from ..enums import Satisfaction
from ..forms.photos import ACCEPT, PhotosField, PhotosInput
from . import queries

MOST_PHOTOS = 3

NARROW = {
    "hx-post": reverse_lazy("reports_public:file"),
    "hx-select": "#place",
    "hx-target": "#place",
    "hx-swap": "outerHTML",
    "hx-params": "not photos",
    "hx-vals": '{"narrow": "area"}',
}
"""With scripts a choice brings the next one at once; without them a button does."""


def phone_typed(text: str) -> str:
    """The number as it was typed, when it can be one. Raises ValidationError."""
    if text and not re.fullmatch(r"\d{7,15}", normal(Purpose.PHONE, text)):
        raise ValidationError(_("This is no phone number: write 7 to 15 digits."))
    return text


class ContactFields(ActionForm):
    """A name and a phone, as the browser of one's own device knows them."""

    contact = forms.CharField(label=_("Your name"), required=False, max_length=60, widget=forms.TextInput({"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Your phone"), required=False, max_length=30, widget=forms.TextInput({"type": "tel", "autocomplete": "tel"})
    )

    def clean_phone(self) -> str:
        return phone_typed(self.cleaned_data["phone"])

    def forget_typed(self) -> None:
        """On a device that many share the browser neither keeps nor offers what somebody typed."""
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class ReportForm(ContactFields):
    """One sentence and a place; everything else may stay empty. `website` is the trap for machines, `key` makes two sendings one report.

    A browser gives back no file that was chosen: with scripts only the page around the photos is exchanged when something is refused.
    """

    title = forms.CharField(label=_("What happened, in one sentence"), max_length=120)
    text = forms.CharField(label=_("Details"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3}))
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        widget=PhotosInput({"accept": ACCEPT, "multiple": True, "hx-preserve": "true"}),
        help_text=_("At most three. Place and device are taken out."),
    )
    town = forms.ChoiceField(label=_("Town or street"), required=False, widget=forms.Select(NARROW))
    village = forms.ChoiceField(label=_("Village or community"), required=False, widget=forms.Select(NARROW))
    grid = forms.ChoiceField(label=_("Grid"), required=False)
    address = forms.CharField(
        label=_("Address, or how to find it"), required=False, max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    consent = forms.BooleanField(label=_("I have read this and agree that my name and phone are used for this report."), required=False)
    website = forms.CharField(
        label=_("Leave this empty"), required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"})
    )
    sum = forms.CharField(
        label=_("So that no machine sends this"), max_length=20, widget=forms.TextInput({"autocomplete": "off", "inputmode": "text"})
    )
    challenge = forms.CharField(max_length=400, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._drop_stale()
        for name, above in (("town", settings.DISTRICT_CODE), ("village", self._typed("town")), ("grid", self._typed("village"))):
            offered = queries.children_of(above) if above else []
            self.fields[name].choices = [("", _("– choose –")), *offered]  # type: ignore[attr-defined]
            if not offered:
                self.fields[name].widget = forms.HiddenInput()

    def _typed(self, name: str) -> str:
        given = (self.data.get(name) if self.is_bound else self.initial.get(name)) or ""
        return given if re.fullmatch(r"[0-9]{9,15}", given) else ""

    def _drop_stale(self) -> None:
        """Another town was chosen: the village and grid of the one before are forgotten, not refused."""
        kept = {"village": self._typed("town"), "grid": self._typed("village")}
        stale = {name: "" for name, above in kept.items() if not above or not self._typed(name).startswith(above)}
        if "village" in stale:
            stale["grid"] = ""
        if self.is_bound:
            self.data = self.data.copy()
        held = self.data if self.is_bound else self.initial
        for name in stale:
            held[name] = ""

    def clean_photos(self) -> list[Picture]:
        if len(self.cleaned_data["photos"]) > MOST_PHOTOS:
            raise ValidationError(_("At most three photos: leave some out."))
        pictures: list[Picture] = self.cleaned_data["photos"]
        return pictures

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("contact") or given.get("phone")) and not given.get("consent"):
            self.add_error("consent", _("Tick this when you leave a name or phone, or leave both out: the report is taken all the same."))
        if (given.get("lon") is None) != (given.get("lat") is None):
            given["lon"] = given["lat"] = None
        return given

    @property
    def area_code(self) -> str:
        """The most exact area that was chosen; empty when none was."""
        return self.cleaned_data["grid"] or self.cleaned_data["village"] or self.cleaned_data["town"]


class EnterForm(ActionForm):
    """Code and key as they stand on the slip, in any way of writing them."""

    code = forms.CharField(
        label=_("Case code"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    key = forms.CharField(
        label=_("Follow key"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class RateForm(ActionForm):
    """What she says of the outcome; `only_not_solved`: she has said it already, and only that it is not solved after all is left."""

    satisfaction = forms.ChoiceField(label=_("Was it solved?"), choices=Satisfaction.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("What you want to add"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, only_not_solved: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if only_not_solved:
            self.fields["satisfaction"].choices = [(Satisfaction.NOT_SOLVED, Satisfaction.NOT_SOLVED.label)]  # type: ignore[attr-defined]


class SupplementForm(ActionForm):
    text = forms.CharField(label=_("What you want to add"), max_length=1000, widget=forms.Textarea({"rows": 4}))


class WithdrawForm(ActionForm):
    """Nothing to fill in: why is the resident's own business."""


class ContactForm(ContactFields):
    """What takes the place of the name and the phone that are kept; empty leaves it as it is."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contact"].label, self.fields["phone"].label = _("New name"), _("New phone")


class EraseForm(ActionForm):
    what = forms.ChoiceField(choices=[("all", _("both")), ("contact", _("name")), ("phone", _("phone"))])
