"""The second factor: who must have one, and who has."""

from allauth.mfa.models import Authenticator
from django.conf import settings

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required(roles: frozenset[str]) -> bool:
    """Whether one of the roles is named by `MFA_REQUIRED_ROLES`."""
    return not settings.MFA_REQUIRED_ROLES.isdisjoint(roles)


def has_one(user) -> bool:
    """Whether the person has set one up (recovery codes alone are none)."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def kinds_of(user) -> frozenset[str]:
    """The kinds of authenticator a person has."""
    return frozenset(Authenticator.objects.filter(user=user).values_list("type", flat=True))
