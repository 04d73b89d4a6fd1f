"""The forms of elements: they read what was typed, the actions decide."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.identity import credit_code
from tongshan_portal.people.fields import AreaField
from tongshan_portal.ui.forms import ActionForm, day_input

from .dictionary import choices
from .enums import Dictionary


class WhereForm(ActionForm):
    """Where it stands."""

    area = AreaField(label=_("Grid or micro-grid"))
    address = forms.CharField(label=_("Address"), max_length=200, help_text=_("Down to the room; without province, city and district."))


class HouseholdForm(WhereForm):
    contact = forms.CharField(label=_("Contact"), max_length=60, required=False, help_text=_("Kept sealed."))
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput({"type": "tel"}), help_text=_("Kept sealed.")
    )
    size = forms.IntegerField(label=_("People"), min_value=1, max_value=99, required=False)
    needs = forms.MultipleChoiceField(label=_("Service needs"), widget=forms.CheckboxSelectMultiple, required=False)
    needs_agreed_on = forms.DateField(
        label=_("Agreed to on"), widget=day_input(), required=False, help_text=_("Needs are kept only when the household agreed to it.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["needs"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices(Dictionary.NEED)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("needs") and not given.get("needs_agreed_on"):
            self.add_error("needs_agreed_on", _("Say on which day the household agreed, or leave the needs out."))
        return given


class NamedForm(WhereForm):
    """What places, facilities and organisations share."""

    dictionary: Dictionary
    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"))
    field_order = ["name", "kind", "area", "address"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices(self.dictionary)


class PlaceForm(NamedForm):
    dictionary = Dictionary.PLACE_KIND


class FacilityForm(NamedForm):
    dictionary = Dictionary.FACILITY_KIND
    sensor_id = forms.CharField(label=_("Sensor"), max_length=60, required=False)

    def clean_sensor_id(self) -> str | None:
        return self.cleaned_data["sensor_id"].strip() or None


class OrganisationForm(NamedForm):
    dictionary = Dictionary.ORGANISATION_KIND
    credit_code = forms.CharField(label=_("Credit code"), max_length=30, required=False)

    def clean_credit_code(self) -> str | None:
        text = self.cleaned_data["credit_code"].strip()
        try:
            return credit_code(text) if text else None
        except DomainError as error:
            raise ValidationError(str(error)) from error


class RejectForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


FORMS: dict[str, type[WhereForm]] = {
    "household": HouseholdForm,
    "place": PlaceForm,
    "facility": FacilityForm,
    "organisation": OrganisationForm,
}


def correcting(kind: str) -> type[WhereForm]:
    """The form of a kind with the reason of a correction."""
    reason = forms.CharField(label=_("Why it has to be corrected"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)
    return type("CorrectionForm", (FORMS[kind],), {"reason": reason})
