from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationsConfig(AppConfig):
    name = "antifraud.registrations"
    label = "registrations"
    verbose_name = _("Registrations for fraud protection")

    def ready(self) -> None:
        # Apps load before models.
        from tongshan_portal.accounts import policy

        from .policies import ACTIONS

        policy.register(ACTIONS)
