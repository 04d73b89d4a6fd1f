"""Forms of the desk: one deed for many reports, a saved view."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.models import Department
from tongshan_portal.ui.forms import ActionForm
from tongshan_portal.ui.lists import COUNT_CAP
from tongshan_portal.workflow.transitions import Need, Transition

from ..actions.in_bulk import DEEDS
from ..enums import Digest, Urgency
from ..models import Category
from ..workflow import STEPS

TRANSITIONS: dict[str, Transition] = {item.verb: item for item in STEPS.transitions if item.verb in DEEDS}
LEVELS = [
    ("level:9", _("the desk of each one's town")),
    ("level:12", _("the desk of each one's village")),
    ("level:15", _("the grid worker of each one's grid")),
]


def bulk_choices(actor: Actor) -> list[tuple[str, str | Promise]]:
    """The verbs that this person may do to many at once, by right."""
    return [(verb, TRANSITIONS[verb].label) for verb in DEEDS if actor.scope.reaches_for(TRANSITIONS[verb].action)]


class BulkForm(ActionForm):
    """What a verb needs, once for all rows."""

    def __init__(self, *args: Any, transition: Transition, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if Need.RECIPIENT in transition.needs:
            departments = [(f"department:{pk}", name) for pk, name in Department.objects.values_list("pk", "name")]
            self.fields["recipient"] = forms.ChoiceField(label=_("To whom"), choices=[*LEVELS, *departments])
        if Need.CATEGORY in transition.needs:
            self.fields["category"] = forms.ModelChoiceField(label=_("Category"), queryset=Category.objects.filter(in_use=True))
            self.fields["urgency"] = forms.ChoiceField(
                label=_("Urgency"), required=False, choices=[("", _("as the category says")), *Urgency.choices]
            )
        if Need.REASON in transition.needs:
            self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class SavedViewForm(ActionForm):
    """A name, and when the view tells its owner."""

    name = forms.CharField(label=_("Name"), max_length=40)
    digest = forms.ChoiceField(label=_("Tell me the numbers"), choices=Digest.choices, required=False)
    threshold = forms.IntegerField(
        label=_("Tell me when it holds so many or more"),
        required=False,
        min_value=1,
        max_value=COUNT_CAP,
        help_text=_("Once each time the number is reached from below. Empty: never."),
    )

    def clean_digest(self) -> str:
        return self.cleaned_data["digest"] or Digest.NONE
