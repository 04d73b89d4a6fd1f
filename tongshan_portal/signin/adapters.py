"""How django-allauth behaves here: no registration, our lock-out, the ledger, sealed secrets."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongshan_portal.kernel import clock
from tongshan_portal.kernel.sealed import open_secret, seal_secret

from . import factors, lockout, records
from .records import Refusal

SECRETS = "mfa.authenticator.secret"  # what the seal of a second factor is bound to


def whom_to_call() -> str:
    """The end of every sentence that leaves somebody outside."""
    if settings.HELP_CONTACT:
        return _("If you need in at once, call %(contact)s.") % {"contact": settings.HELP_CONTACT}
    return _("If you need in at once, call the security administrator.")


def wait_sentence(until) -> str:
    """How long to wait, and whom to call."""
    minutes = max(1, -int(-(until - clock.now()).total_seconds() // 60))
    wait = ngettext(
        "Too many failed attempts. Wait %(minutes)d minute, until %(time)s.",
        "Too many failed attempts. Wait %(minutes)d minutes, until %(time)s.",
        minutes,
    ) % {"minutes": minutes, "time": time_format(timezone.localtime(until), "H:i")}
    return f"{wait} {whom_to_call()}"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by name and password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("The name or the password is not right."),
        "incorrect_password": gettext_lazy("The password is not right."),
        "enter_current_password": gettext_lazy("This is not your present password."),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of this very host are returned to."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure())

    def get_client_ip(self, request) -> str:
        return records.address_of(request)

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("signin_account")

    def add_message(self, request, level, message_template=None, *arguments, **keywords):
        """Signing in or out needs no message: the page that follows says it."""
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *arguments, **keywords)

    def is_reauthentication_required(self, *, app: str, **keywords) -> bool:
        """Whoever has just signed in is not asked for the password again."""
        own = get_authentication_records(self.request, self.request.user)
        fresh = clock.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        if any(entry["method"] in {"password", "mfa"} and entry["at"] > fresh for entry in own):
            return False
        return super().is_reauthentication_required(app=app, **keywords)

    def authenticate(self, request, **credentials):
        """The person of a name and a password, or None. Counts the attempt before it looks at the password."""
        name = credentials.get("username", "")
        attempt = lockout.reserve(name, records.address_of(request), now=clock.now())
        if attempt.wait_until:
            records.session_refused(request, Refusal.WAITING, user=_user_called(name), name=name)
            raise ValidationError(wait_sentence(attempt.wait_until), code="locked")
        user = super().authenticate(request, **credentials)
        if user is not None:
            lockout.succeeded(attempt, now=clock.now())
            return user
        self._refuse(request, name, attempt)
        return None

    def _refuse(self, request, name: str, attempt: lockout.Attempt) -> None:
        user = _user_called(name)
        with transaction.atomic():
            records.session_refused(request, Refusal.WRONG_PASSWORD if user else Refusal.UNKNOWN_NAME, user=user, name=name)
            if attempt.locks_until:
                records.sign_in_locked(request, user=user, name=name, until=attempt.locks_until)
        if attempt.locks_until:
            raise ValidationError(wait_sentence(attempt.locks_until), code="locked")

    def pre_login(self, request, user, **keywords):
        if not user.is_active:
            records.session_refused(request, Refusal.DISABLED, user=user)
        return super().pre_login(request, user, **keywords)


def _user_called(name: str):
    return get_user_model().objects.filter(username__iexact=name.strip()).first() if name else None


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets sealed, the name of the portal in an authenticator app, and a last factor that some may not drop."""

    def encrypt(self, text: str) -> str:
        return seal_secret(text, SECRETS)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text, SECRETS)

    def get_totp_issuer(self) -> str:
        return _("Tongshan governance portal")

    def get_totp_label(self, user) -> str:
        return user.username

    def _get_site_name(self) -> str:
        return _("Tongshan governance portal")

    def can_delete_authenticator(self, authenticator) -> bool:
        """A person whose role needs a second factor may replace the last one, not drop it."""
        if authenticator.type not in factors.FACTORS or not factors.is_required(context.request.actor.scope.roles):
            return True
        return authenticator.user.authenticator_set.filter(type__in=factors.FACTORS).count() > 1


class OidcAdapter(DefaultSocialAccountAdapter):
    """Sign-in through the district's provider: it confirms people whom the portal knows, and creates none."""

    def is_open_for_signup(self, request, sociallogin) -> bool:
        return False

    def is_auto_signup_allowed(self, request, sociallogin) -> bool:
        return False

    def pre_social_login(self, request, sociallogin) -> None:
        """Link a subject seen for the first time to the active account of its `preferred_username`, or refuse."""
        user = sociallogin.user if sociallogin.is_existing else _account_for(sociallogin)
        if user is None or not user.is_active:
            self._refuse(request, user, sociallogin)
        if not sociallogin.is_existing:
            sociallogin.connect(request, user)

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None) -> None:
        records.session_refused(request, Refusal.PROVIDER_FAILED)
        messages.error(request, _("The unified sign-in did not confirm you. Try again, or sign in with name and password."))
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))

    def _refuse(self, request, user, sociallogin) -> None:
        why = Refusal.DISABLED if user is not None else Refusal.PROVIDER_UNKNOWN
        records.session_refused(request, why, user=user, name=_claimed_name(sociallogin))
        text = _("The unified sign-in knows you, but the portal has no active account for you.")
        messages.error(request, f"{text} {whom_to_call()}")
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))


def _claimed_name(sociallogin) -> str:
    """The `preferred_username` of the signed token."""
    claims = sociallogin.account.extra_data or {}
    return str((claims.get("id_token") or claims).get("preferred_username") or "")


def _account_for(sociallogin):
    """The account a new subject is linked to: of the same name, and not linked with another subject of this provider already."""
    name = _claimed_name(sociallogin)
    if not name or not settings.OIDC_LINK_BY_USERNAME:
        return None
    user = get_user_model().objects.filter(username=name).first()
    if user is None or user.socialaccount_set.filter(provider=sociallogin.account.provider).exists():
        return None
    return user
