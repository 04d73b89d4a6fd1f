"""The forms of people and postings: they read what was typed, the actions decide."""

from datetime import datetime, time, timedelta

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock
from tongshan_portal.ui.forms import ActionForm, day_input

from .fields import AreaField


class PostingForm(ActionForm):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    area = AreaField(label=_("Area"))
    department = forms.ModelChoiceField(label=_("Department"), queryset=Department.objects.all(), required=False, empty_label=_("None"))
    starts_on = forms.DateField(label=_("First day"), widget=day_input(), initial=clock.today)
    ends_on = forms.DateField(label=_("Last day"), widget=day_input(), required=False, help_text=_("Empty: until it is ended."))


class ReasonForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class EndPostingForm(ReasonForm):
    last_day = forms.DateField(label=_("Last day"), widget=day_input(), required=False, help_text=_("Empty: at once."))
    field_order = ["last_day", "reason"]


class PersonForm(ActionForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        help_text=_("Kept sealed. Empty: it stays as it is."),
        widget=forms.TextInput({"type": "tel"}),
    )


class NewPersonForm(PersonForm):
    username = forms.CharField(label=_("Sign-in name"), max_length=60)
    field_order = ["username", "name", "phone"]

    def clean_username(self) -> str:
        username = self.cleaned_data["username"].strip()
        if not all(letter.isalnum() or letter in "@.+-_" for letter in username):
            raise forms.ValidationError(_("Letters, digits and @ . + - _ only."))
        return username


class PasswordForm(ActionForm):
    password = forms.CharField(
        label=_("First password"),
        help_text=_("It has to be changed at the first sign-in."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], self.person)
        return self.cleaned_data["password"]


class GrantForm(ReasonForm):
    on = forms.CharField(label=_("Whose postings may be seen"), help_text=_("The sign-in name of that person."), max_length=60)
    last_day = forms.DateField(label=_("Last day"), widget=day_input())
    field_order = ["on", "last_day", "reason"]

    def expires_at(self) -> datetime:
        """The end of the last day, in the district's time."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["last_day"] + timedelta(days=1), time.min))
