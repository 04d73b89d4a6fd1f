"""Forms of the desk: one deed for many alerts, the note of a hand-over."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.ui.forms import ActionForm, moment_input
from tongshan_portal.workflow.transitions import Need, Transition

from ..actions.in_bulk import DEEDS, EACH_OWN
from ..desks import recipients_at
from ..enums import Goes
from ..matching import shared_area
from ..workflow import STEPS

TRANSITIONS: dict[str, Transition] = {item.verb: item for item in STEPS.transitions if item.verb in DEEDS}
LABELS = {"assign": _("Assign, change who goes"), "merge": _("Merge duplicates")}
"""What a deed is called where it is done to many; else as in the table."""
BULK_ACTION = "alerts.assign"
"""Who assigns works on waves; each deed asks for its own right besides."""


def label_of(verb: str) -> str | Promise:
    """The word on the button of a deed."""
    return LABELS.get(verb, TRANSITIONS[verb].label)


def bulk_choices(actor: Actor) -> list[tuple[str, str | Promise]]:
    """The verbs that this person may do to many at once, by right; nothing for who only works on her own alerts."""
    if not actor.scope.reaches_for(BULK_ACTION):
        return []
    return [(verb, label_of(verb)) for verb in DEEDS if actor.scope.reaches_for(TRANSITIONS[verb].action)]


class BulkForm(ActionForm):
    """What a verb needs, once for all rows. `area_codes` are those of the rows: who can be asked for all of them is offered by name."""

    def __init__(self, *args: Any, transition: Transition, area_codes: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        if transition.verb == "assign":
            each = [(f"{EACH_OWN}{goes}", format_lazy(_("of each place: {desk}"), desk=Goes(goes).label)) for goes in Goes.values]
            shared = shared_area(area_codes) if area_codes else ""
            shared = shared or (area_codes[0][:6] if area_codes else "")
            self.fields["recipient"] = forms.ChoiceField(label=_("Who goes"), choices=[*each, *(recipients_at(shared) if shared else [])])
        if Need.UNTIL in transition.needs:
            self.fields["until"] = forms.DateTimeField(label=_("Until"), widget=moment_input())
        if Need.REASON in transition.needs:
            self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class HandoverForm(ActionForm):
    """The note of who leaves. What stands open is written down by the portal."""

    note = forms.CharField(
        label=_("Note for the next shift"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What the list does not say. No names, no numbers of residents."),
    )
