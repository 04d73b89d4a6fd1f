"""The form of a verb: what the table asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.people.fields import AreaField
from tongshan_portal.ui.forms import ActionForm
from tongshan_portal.workflow.transitions import Need, Transition

from ..enums import Urgency
from ..models import Category, Report
from ..routing import recipients_for


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
