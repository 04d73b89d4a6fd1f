"""The form of a verb: what the table asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.people.fields import AreaField
from tongshan_portal.ui.forms import ActionForm, moment_input
from tongshan_portal.workflow.calendar import local
from tongshan_portal.workflow.transitions import Need, Transition

from ..desks import recipients_for
from ..enums import OPEN, EscalationTo, Grade, MoneyWent, Outcome
from ..models import FraudAlert
from ..money import warned_at

WENT = [("", _("no money went")), *MoneyWent.choices]
YES_NO = [("", _("not asked")), ("yes", _("yes")), ("no", _("no"))]


def _amount(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, min_value=0, max_digits=14, decimal_places=2, **more)


def same_person(actor: Actor, row: FraudAlert) -> list[tuple[str, str]]:
    """The open alerts of the same person that the reader sees, as choices."""
    rows = FraudAlert.objects.visible_to(actor.scope).of_person(row).filter(state__in=OPEN).select_related("type").order_by("-received_at")
    return [(other.code, f"{other.code} · {other.type}") for other in rows[:20]]


class StepForm(ActionForm):
    """What a verb needs."""

    def __init__(self, *args: Any, transition: Transition, row: FraudAlert, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fill = getattr(self, f"_for_{transition.verb}", None)
        if fill is not None:
            fill(row, actor)
        if Need.AREA in transition.needs:
            self.fields["area"] = AreaField(label=_("Grid, village or town"))
        if Need.UNTIL in transition.needs:
            self.fields["until"] = forms.DateTimeField(label=_("Until"), widget=moment_input())
        if Need.REASON in transition.needs:
            self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))

    def _for_assign(self, row: FraudAlert, _actor: Actor) -> None:
        self.fields["recipient"] = forms.ChoiceField(label=_("Who goes"), choices=recipients_for(row))

    def _for_regrade(self, row: FraudAlert, _actor: Actor) -> None:
        choices = [choice for choice in Grade.choices if choice[0] != row.grade]
        self.fields["grade"] = forms.ChoiceField(
            label=_("New grade"),
            choices=choices,
            widget=forms.RadioSelect,
            help_text=_("The running clock gets the minutes of the new grade, from its own start. Who goes is changed by assigning."),
        )

    def _for_escalate(self, _row: FraudAlert, _actor: Actor) -> None:
        self.fields["recipient"] = forms.ChoiceField(label=_("To whom"), choices=EscalationTo.choices)

    def _for_merge(self, row: FraudAlert, actor: Actor) -> None:
        self.fields["recipient"] = forms.ChoiceField(
            label=_("Which alert of the same person"),
            choices=same_person(actor, row),
            help_text=_("Empty: the person has no other open alert."),
        )

    def _for_record_outcome(self, row: FraudAlert, _actor: Actor) -> None:
        choices = [choice for choice in Outcome.choices if choice[0] != Outcome.UNREACHABLE]
        self.fields["result"] = forms.ChoiceField(label=_("Outcome"), choices=choices, widget=forms.RadioSelect)
        self.fields["at_risk"] = _amount(_("Amount at risk, yuan"), initial=row.amount_at_risk)
        self.fields["transferred"] = _amount(_("Amount transferred, yuan"), initial=row.amount_transferred)
        self._ask_when(row)
        self.fields["stopped"] = _amount(
            _("Amount stopped, yuan"),
            initial=row.amount_stopped,
            help_text=_("By a payment stop, or never sent because somebody spoke to the person."),
        )
        self.fields["notes"] = forms.CharField(label=_("Notes"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))

    def _ask_when(self, row: FraudAlert) -> None:
        """When the money went; what was said before an outcome was sent back stands there again."""
        asked = _("The warning came in at %(warned)s. If money went several times: the last time.")
        self.fields["money_went"] = forms.ChoiceField(
            label=_("When the money went"),
            choices=WENT,
            required=False,
            widget=forms.RadioSelect,
            initial=row.money_went,
            help_text=asked % {"warned": f"{local(warned_at(row)):%m-%d %H:%M}"},
        )
        self.fields["money_went_at"] = forms.DateTimeField(
            label=_("Time of the transfer"),
            required=False,
            widget=moment_input(),
            initial=row.money_went_at,
            help_text=_("As far as it is known; the answer above follows from it."),
        )

    def _for_check_outcome(self, row: FraudAlert, _actor: Actor) -> None:
        if row.amount_stopped:
            self.fields["loss_avoided"] = _amount(
                _("Counts as avoided, yuan"),
                initial=row.amount_stopped,
                help_text=_("At most what was stopped; less where you found less."),
            )

    def _for_make_return_call(self, _row: FraudAlert, _actor: Actor) -> None:
        self.fields["reached"] = forms.BooleanField(label=_("The person was reached"), required=False)
        self.fields["is_safe"] = forms.ChoiceField(label=_("The outcome holds"), choices=YES_NO, required=False)
        self.fields["notes"] = forms.CharField(label=_("Notes"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))
