"""What residents fill in: little, in large fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.names import name_of
from tongshan_portal.ui.forms import ActionForm

from ..models import Relation
from ..settings import CODE_DIGITS

TELLS_FAMILY = _("In an emergency, the family members who confirmed may get a message that only asks them to call me")
"""A consent of its own (个人信息保护法 23)."""


def _phone_field(label: Any, **fields: Any) -> forms.CharField:
    widget = forms.TextInput({"type": "tel", "inputmode": "numeric", "autocomplete": "tel-national"})
    return forms.CharField(label=label, max_length=20, widget=widget, **fields)


class PlaceForm(forms.Form):
    """A position that the device gave when its button was pressed, in degrees."""

    lon = forms.FloatField(min_value=-180, max_value=180)
    lat = forms.FloatField(min_value=-90, max_value=90)


class PhoneForm(ActionForm):
    """The number that is to be proved."""

    phone = _phone_field(_("Mobile number"))


class RegisterForm(ActionForm):
    """Number, consent to the version that was shown, and what is voluntary: notices and a name."""

    phone = _phone_field(_("Mobile number"), help_text=_("A code is sent to it, to make sure that it is yours."))
    name = forms.CharField(
        label=_("Name"), max_length=40, required=False, widget=forms.TextInput({"autocomplete": "name"}),
        help_text=_("How an officer may address you."),
    )  # fmt: skip
    agreed = forms.BooleanField(label=_("I have read this and agree that my number is used for it"))
    follows = forms.BooleanField(label=_("I also want notices about new kinds of fraud"), required=False)
    tells_family = forms.BooleanField(label=TELLS_FAMILY, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class CodeForm(ActionForm):
    """The code of the message."""

    code = forms.CharField(
        label=_("Code from the message"), max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": rf"[0-9\s]{{{CODE_DIGITS},}}"}),
    )  # fmt: skip


class MemberForm(ActionForm):
    """A family member who is to be asked."""

    phone = _phone_field(_("Their mobile number"), help_text=_("They get a message, and are protected only when they say yes themselves."))
    relation = forms.ModelChoiceField(label=_("Relation"), queryset=Relation.objects.filter(in_use=True), empty_label="–")
    is_child = forms.BooleanField(label=_("This is a child under 14"), required=False)
    guardian = forms.BooleanField(label=_("I am the guardian and consent for the child"), required=False)


class CorrectForm(ActionForm):
    """Community, name and notices of one's own registration."""

    area = forms.ChoiceField(label=_("Village or community"))
    name = forms.CharField(label=_("Name"), max_length=40, required=False, widget=forms.TextInput({"autocomplete": "name"}))
    follows = forms.BooleanField(label=_("I want notices about new kinds of fraud"), required=False)
    tells_family = forms.BooleanField(label=TELLS_FAMILY, required=False)

    def __init__(self, *args: Any, communities: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        towns: dict[str, list[tuple[str, str]]] = {}
        for code in communities:
            towns.setdefault(name_of(code[: Level.TOWN]), []).append((code, name_of(code)))
        self.fields["area"].choices = list(towns.items())  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class SureForm(ActionForm):
    """A step that is asked twice."""

    sure = forms.BooleanField(label=_("Yes, I am sure"))
