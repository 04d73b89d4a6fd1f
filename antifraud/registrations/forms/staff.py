"""What officers fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tongshan_portal.people.fields import AreaField
from tongshan_portal.ui.forms import ActionForm


class PointForm(ActionForm):
    """Whose code it is, and where it hangs."""

    label = forms.CharField(label=_("Officer or unit"), max_length=80, help_text=_("As residents know them; it is printed on the poster."))
    area = AreaField(label=_("Area"))


class ReasonForm(ActionForm):
    """Why a registration is withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}), help_text=_("How the person asked."))
