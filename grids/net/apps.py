from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetConfig(AppConfig):
    name = "grids.net"
    verbose_name = _("The net")

    def ready(self):
        from tongshan_portal.accounts import policy

        from .policies import ACTIONS

        policy.register(ACTIONS)
