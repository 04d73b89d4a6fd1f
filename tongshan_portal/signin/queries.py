"""What the account pages show."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import Promise

from grids.areas.models import Area
from tongshan_portal.accounts.enums import Role

from . import devices, factors, passwords


@dataclass(frozen=True, slots=True)
class PostingLine:
    role: str | Promise
    area: str
    area_code: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """My account. Times are aware; `password_due` is None where passwords do not age."""

    name: str
    username: str
    postings: tuple[PostingLine, ...]
    has_password: bool
    password_set: datetime
    password_due: datetime | None
    factor_required: bool
    has_app: bool
    keys: int
    codes_left: int | None
    sessions: int
    provider: str | Promise | None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session; `id` is what a revocation names, never the key."""

    id: int
    browser: str
    system: str
    is_phone: bool
    address: str
    opened: datetime
    seen: datetime
    is_current: bool


def account_of(user, scope) -> AccountView:
    """Five queries, whatever the number of postings."""
    names = dict(Area.objects.filter(code__in=[reach.area_code for reach in scope.reaches]).values_list("code", "name"))
    postings = tuple(PostingLine(Role(r.role).label, names.get(r.area_code, r.area_code), r.area_code) for r in scope.reaches)
    own = list(Authenticator.objects.filter(user=user))
    kinds = [authenticator.type for authenticator in own]
    recovery = next((item for item in own if item.type == Authenticator.Type.RECOVERY_CODES), None)
    return AccountView(
        name=user.name,
        username=user.username,
        postings=postings,
        has_password=user.has_usable_password(),
        password_set=passwords.set_at(user),
        password_due=passwords.expires_at(user),
        factor_required=factors.is_required(scope.roles),
        has_app=Authenticator.Type.TOTP in kinds,
        keys=kinds.count(Authenticator.Type.WEBAUTHN),
        codes_left=len(recovery.wrap().get_unused_codes()) if recovery else None,
        sessions=UserSession.objects.filter(user=user).count(),
        provider=provider_name() if SocialAccount.objects.filter(user=user).exists() else None,
    )


def sessions_of(user, *, current: str | None) -> list[SessionLine]:
    """The sessions of a person that still exist, the present one first, then the last seen."""
    rows = UserSession.objects.purge_and_list(user)
    lines = [
        SessionLine(
            row.pk,
            devices.browser_of(row.user_agent),
            devices.system_of(row.user_agent),
            devices.is_phone(row.user_agent),
            row.ip,
            row.created_at,
            row.last_seen_at,
            row.session_key == current,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (not line.is_current, -line.seen.timestamp()))


def provider_name() -> str | Promise | None:
    """What the unified sign-in is called here, or None where there is none."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return apps[0]["name"] if apps else None


def password_rules() -> list[str]:
    """The rules of a new password, one sentence each."""
    return password_validators_help_texts()
