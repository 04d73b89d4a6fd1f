"""Rules of passwords, and how old one may grow."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from tongshan_portal.kernel import clock

from .models import FormerPassword


class LengthValidator(MinimumLengthValidator):
    """At least `PASSWORD_MIN_LENGTH` characters."""

    def __init__(self):
        super().__init__(settings.PASSWORD_MIN_LENGTH)


class CharacterKindsValidator:
    """At least `PASSWORD_CHARACTER_KINDS` of: small letters, capitals, digits, anything else."""

    def validate(self, password: str, user=None) -> None:
        tests = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isascii() or not sign.isalnum())
        kinds = sum(any(test(sign) for sign in password) for test in tests)
        if kinds < settings.PASSWORD_CHARACTER_KINDS:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        number = settings.PASSWORD_CHARACTER_KINDS
        return ngettext(
            "Use at least %(number)d kind of characters: small letters, capitals, digits, signs.",
            "Use at least %(number)d kinds of characters: small letters, capitals, digits, signs.",
            number,
        ) % {"number": number}


class HistoryValidator:
    """None of the last `PASSWORD_HISTORY` passwords. Django tells it of every change, wherever it is made."""

    def validate(self, password: str, user=None) -> None:
        if user is None or user.pk is None:
            return
        hashes = user.former_passwords.order_by("-set_at", "-pk").values_list("hash", flat=True)[: settings.PASSWORD_HISTORY]
        present = [user.password] if settings.PASSWORD_HISTORY else []  # a first password, given with the account, has no record
        if any(check_password(password, encoded) for encoded in dict.fromkeys([*present, *hashes])):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def password_changed(self, password: str, user=None) -> None:
        if user is None or not user.has_usable_password():
            return
        FormerPassword.objects.create(user=user, hash=user.password, set_at=clock.now())
        kept = user.former_passwords.order_by("-set_at", "-pk").values("pk")[: max(settings.PASSWORD_HISTORY, 1)]
        user.former_passwords.exclude(pk__in=kept).delete()

    def get_help_text(self) -> str:
        number = settings.PASSWORD_HISTORY
        return ngettext(
            "Take another one than your last %(number)d password.",
            "Take another one than your last %(number)d passwords.",
            number,
        ) % {"number": number}


def set_at(user) -> datetime:
    """Since when the present password holds; for an account without a record, since it exists."""
    latest = user.former_passwords.order_by("-set_at").values_list("set_at", flat=True).first()
    return latest or user.date_joined


def expires_at(user) -> datetime | None:
    """When the password must be changed, or None when passwords do not age here or the person has none."""
    if not settings.PASSWORD_MAX_AGE_DAYS or not user.has_usable_password():
        return None
    return set_at(user) + timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)
