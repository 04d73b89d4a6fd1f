from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "tongshan_portal.operations"
    verbose_name = _("Operations")

    def ready(self):
        from tongshan_portal import celery  # noqa: F401 - shared tasks find their application
        from tongshan_portal.accounts import policy

        from . import policies

        policy.register(policies.ACTIONS)
