"""Forms of case reports: filing, and one for each verb, made from what the table asks for."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.people.fields import AreaField
from tongshan_portal.ui.forms import ActionForm
from tongshan_portal.workflow.transitions import Need, Transition

from .enums import Urgency
from .models import Category, Report
from .routing import recipients_for


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


class StepForm(ActionForm):
    """What a verb needs."""

    def __init__(self, *args: Any, transition: Transition, row: Report, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if transition.verb == "merge":
            self.fields["recipient"] = forms.CharField(label=_("Code of the other report"), max_length=20)
        elif Need.RECIPIENT in transition.needs:
            self.fields["recipient"] = forms.ChoiceField(label=_("To whom"), choices=recipients_for(row))
        if Need.AREA in transition.needs:
            self.fields["area"] = AreaField(label=_("Grid, village or town"))
        if Need.CATEGORY in transition.needs:
            self.fields["category"] = forms.ModelChoiceField(
                label=_("Category"), queryset=Category.objects.filter(in_use=True), initial=row.category_id
            )
            self.fields["urgency"] = forms.ChoiceField(
                label=_("Urgency"), required=False, choices=[("", _("as the category says")), *Urgency.choices]
            )
        if transition.verb == "ask_extension":
            self.fields["amount"] = forms.IntegerField(label=_("How much more, in the unit of the time limit"), min_value=1, max_value=365)
        if Need.RESULT in transition.needs:
            self.fields["result"] = forms.CharField(label=_("What was done"), max_length=4000, widget=forms.Textarea({"rows": 4}))
        if Need.REASON in transition.needs:
            self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))
