from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "tongshan_portal.ui"
    verbose_name = _("Interface")

    def ready(self):
        from tongshan_portal.accounts import policy

        from .policies import ACTIONS

        policy.register(ACTIONS)
