"""The filters of the ledger."""

from datetime import datetime, time, timedelta

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level, is_area_code
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ledger.public import all_verbs


def within(area_code: str) -> Q:
    """Entries of an area and below: one equality on an indexed column, narrowed further inside one village."""
    placed = ~Q(area_code="")
    match Level(len(area_code)):
        case Level.DISTRICT:
            return placed & Q(area_code__startswith=area_code)
        case Level.TOWN:
            return placed & Q(town_code=area_code)
        case Level.VILLAGE:
            return placed & Q(village_code=area_code)
        case _:
            return placed & Q(village_code=area_code[:12]) & Q(area_code__startswith=area_code)


def _verb_choices():
    return [("", _("any")), *sorted(((verb.name, verb.label) for verb in all_verbs()), key=lambda pair: str(pair[1]))]


class LedgerFilter(forms.Form):
    """What an auditor asks. Each filter stands on an index of its own; all are exact, so that a page costs the same in any ledger."""

    since = forms.DateField(label=_("since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    who = forms.CharField(label=_("who (full name)"), required=False, max_length=120)
    verb = forms.ChoiceField(label=_("what"), required=False, choices=_verb_choices)
    object_type = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    object_id = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    area = forms.CharField(label=_("area code"), required=False, max_length=18)
    reasoned = forms.BooleanField(label=_("with a reason"), required=False)

    def clean_area(self) -> str:
        code = self.cleaned_data["area"].strip()
        if code and not is_area_code(code):
            raise forms.ValidationError(_("An area code has 6, 9, 12, 15 or 18 digits."))
        return code

    def apply(self, entries: "QuerySet[LedgerEntry]") -> "QuerySet[LedgerEntry]":
        """The entries that the filter leaves; none while it is not valid."""
        if not self.is_valid():
            return entries.none()
        chosen = self.cleaned_data
        condition = Q()
        if chosen["since"]:
            condition &= Q(at__gte=timezone.make_aware(datetime.combine(chosen["since"], time.min)))
        if chosen["until"]:
            condition &= Q(at__lt=timezone.make_aware(datetime.combine(chosen["until"] + timedelta(days=1), time.min)))
        if chosen["who"].strip():
            condition &= Q(actor_label=chosen["who"].strip())
        if chosen["verb"]:
            condition &= Q(verb=chosen["verb"])
        if chosen["object_type"]:
            condition &= Q(object_type=chosen["object_type"])
            condition &= Q(object_id=chosen["object_id"]) if chosen["object_id"] else Q()
        if chosen["area"]:
            condition &= within(chosen["area"])
        if chosen["reasoned"]:
            condition &= ~Q(reason="")
        return entries.filter(condition)


class RevealForm(forms.Form):
    """Why somebody opens a sealed field."""

    reason = forms.CharField(label=_("Why do you need to see this?"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))
