"""The form that files a report."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.elements.models import Address
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.people.fields import AreaField
from tongshan_portal.ui.forms import ActionForm

from ..enums import Urgency
from ..models import Category
from .photos import ACCEPT, PhotosField, PhotosInput


class FileForm(ActionForm):
    """One sentence, a place, a category, photos; `key` makes a report that is sent twice one.

    The place is an address of the list, else an area, else a point.
    """

    photos = PhotosField(label=_("Photo"), required=False, widget=PhotosInput({"accept": ACCEPT, "capture": "environment"}))
    title = forms.CharField(
        label=_("What happened, in one sentence"),
        max_length=120,
        widget=forms.Textarea({"rows": 2, "enterkeyhint": "done", "autocomplete": "off"}),
    )
    place = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)
    area = AreaField(label=_("Grid, village or town"), required=False, help_text=_("Empty: found by the point."))
    lon = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    address = forms.CharField(label=_("Address"), required=False, max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    category = forms.ModelChoiceField(label=_("Category"), required=False, queryset=None, empty_label=_("suggested from the words"))
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, choices=[("", _("as the category says")), *Urgency.choices])
    text = forms.CharField(label=_("Details"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3}))
    contact = forms.CharField(
        label=_("Who raised it"), required=False, max_length=60, help_text=_("Only when somebody waits for an answer; sealed."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    phone = forms.CharField(label=_("Phone"), required=False, max_length=20, widget=forms.TextInput({"type": "tel", "autocomplete": "off"}))
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = Address.objects.visible_to(scope)  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.filter(in_use=True).select_related("parent")  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        """One line: an address bar or a phone's keyboard may bring line breaks."""
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        nowhere = not given.get("area") and not given.get("place") and (given.get("lon") is None or given.get("lat") is None)
        if nowhere and not {"area", "place", "lon", "lat"} & set(self.errors):
            self.add_error("area", forms.ValidationError(_("Say where: an area, or a point.")))
        return given
