"""The forms of sign-in, with allauth's checks behind them and ours in front."""

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel import clock

from . import lockout, records
from .adapters import wait_sentence
from .records import Refusal


class SignInForm(LoginForm):
    """Name and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Name you sign in with")
        self.fields["login"].widget = forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": 150}
        )
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""


class PasswordChangeForm(ChangePasswordForm):
    """The present password and the new one, twice. A wrong present password counts like a failed sign-in."""

    field_order = ["oldpassword", "password1", "password2"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": _("Present password"), "password1": _("New password"), "password2": _("New password again")}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)

    def clean_oldpassword(self):
        attempt = _reserve("password", self.user)
        try:
            value = super().clean_oldpassword()
        except ValidationError:
            _refuse(self.user, Refusal.WRONG_PASSWORD, attempt)
            raise
        lockout.succeeded(attempt, now=clock.now())
        return value


class _Code(forms.Form):
    """A code of an authenticator app, or a recovery code: six guesses are locked out, and no code works twice."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "maxlength": 12, "spellcheck": "false"}
        )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        attempt = _reserve("code", self.user)
        for authenticator in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN).order_by("-type"):
            if _fits(authenticator, code):
                authenticator.user = self.user
                self.authenticator = authenticator
                lockout.succeeded(attempt, now=clock.now())
                return code
        _refuse(self.user, Refusal.WRONG_CODE, attempt)
        raise ValidationError(_("This code is not right, or was used before. Wait for the next one."), code="incorrect_code")


class CodeForm(_Code, AuthenticateForm):
    """At sign-in."""


class CodeAgainForm(_Code, ReauthenticateForm):
    """Before something sensitive."""


class ActivateCodeForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Six digits that the app shows")
        self.fields["code"].widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 8, "spellcheck": "false"}
        )

    def clean_code(self) -> str:
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())
        return super().clean_code()


def _fits(authenticator: Authenticator, code: str) -> bool:
    """Whether a code is right and fresh. The mark "used" is a row of the database, so it holds without a cache."""
    if authenticator.type == Authenticator.Type.TOTP:
        right = validate_totp_code(decrypt(authenticator.data["secret"]), code)
        return right and lockout.spend(authenticator.user_id, code, now=clock.now())
    return authenticator.wrap().validate_code(code)


def _reserve(what: str, user) -> lockout.Attempt:
    """A place in the budget of second proofs of one person, apart from that of sign-in."""
    request = context.request
    attempt = lockout.reserve(f"{what}:{user.username}", records.address_of(request), now=clock.now())
    if attempt.wait_until:
        records.session_refused(request, Refusal.WAITING, user=user)
        raise ValidationError(wait_sentence(attempt.wait_until), code="locked")
    return attempt


def _refuse(user, why: Refusal, attempt: lockout.Attempt) -> None:
    request = context.request
    with transaction.atomic():
        records.session_refused(request, why, user=user)
        if attempt.locks_until:
            records.sign_in_locked(request, user=user, until=attempt.locks_until)
    if attempt.locks_until:
        raise ValidationError(wait_sentence(attempt.locks_until), code="locked")
