"""System checks of an installation."""

from django.conf import settings
from django.core.checks import Error, register


@register()
def demo_mode_is_for_one_machine(app_configs, **kwargs):
    """Demo people have known passwords: no server may have them."""
    if settings.DEMO_MODE and settings.PRODUCTION:
        return [Error("Demo mode is on with the production settings.", hint="Unset PORTAL_DEMO.", id="operations.E001")]
    return []
