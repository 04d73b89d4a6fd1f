"""What must never be started: a production installation that offers demo people."""

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from tongshan_portal.accounts.enums import Role


@checks.register(checks.Tags.security)
def demo_outside_production(app_configs, **_):
    if settings.DEMO_MODE and settings.PRODUCTION:
        return [checks.Error("DEMO_MODE is on with production settings: anybody could sign in as anybody.", id="signin.E001")]
    return []


@checks.register(checks.Tags.security)
def roles_of_second_factor(app_configs, **_):
    unknown = sorted(settings.MFA_REQUIRED_ROLES - set(Role.values))
    if unknown:
        return [checks.Error(f"PORTAL_MFA_ROLES names roles that do not exist: {', '.join(unknown)}.", id="signin.E002")]
    return []


def refuse_demo_in_production() -> None:
    """The same as the check, for servers, which run none."""
    if settings.DEMO_MODE and settings.PRODUCTION:
        raise ImproperlyConfigured("DEMO_MODE is on with production settings: anybody could sign in as anybody.")
