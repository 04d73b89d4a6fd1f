"""The form that files a report."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.people.fields import AreaField
from tongshan_portal.ui.forms import ActionForm

from ..enums import Urgency
from ..models import Category


class FileForm(ActionForm):
    """One sentence, a place, a category; `key` makes a report that is sent twice one."""

    title = forms.CharField(label=_("What happened, in one sentence"), max_length=120)
    area = AreaField(label=_("Grid, village or town"), required=False, help_text=_("Empty: found by the point."))
    lon = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90)
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    category = forms.ModelChoiceField(
        label=_("Category"), required=False, queryset=Category.objects.filter(in_use=True), empty_label=_("suggested from the words")
    )
    urgency = forms.ChoiceField(label=_("Urgency"), required=False, choices=[("", _("as the category says")), *Urgency.choices])
    text = forms.CharField(label=_("Details"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3}))
    contact = forms.CharField(
        label=_("Who raised it"), required=False, max_length=60, help_text=_("Only when somebody waits for an answer; sealed.")
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=20, widget=forms.TextInput({"type": "tel"}))
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("area") and (given.get("lon") is None or given.get("lat") is None) and not self.errors:
            self.add_error("area", forms.ValidationError(_("Say where: an area, or a point.")))
        return given

    @property
    def sent_key(self) -> UUID:
        return self.cleaned_data["key"]
